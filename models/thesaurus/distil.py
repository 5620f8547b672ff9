"""Distils WordNet 3.0's database files into `pipeline/language/data/thesaurus.txt.xz`.

Usage: python models/thesaurus/distil.py WORDNET_FOLDER OUT (Debian's `wordnet-base` has the files
in /usr/share/wordnet). One line a word: senses by class, most frequent first; antonyms;
derivations. After an empty line: the direct hypernyms (adjectives: similar senses) of each sense.
"""

from __future__ import annotations

import lzma
import re
import sys
from collections import defaultdict
from pathlib import Path

CLASSES = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
# Rare senses make everything a synonym of everything.
MAX_SENSES = {"noun": 4, "verb": 6, "adj": 4, "adv": 3}
PARTICLES = frozenset(
    [
        "up",
        "off",
        "out",
        "down",
        "away",
        "back",
        "on",
        "over",
        "in",
        "through",
        "apart",
        "about",
        "by",
        "along",
    ]
)


def read_lines(folder: Path, name: str) -> list[str]:
    """Lines of a database file without its licence header."""
    lines = (folder / name).read_text(encoding="latin-1").splitlines()
    return [line for line in lines if not line.startswith("  ")]


def is_kept(lemma: str) -> bool:
    """Single words, and verbs with a particle (`call_off`)."""
    verb, _, particle = lemma.partition("_")
    return bool(re.fullmatch(r"[a-z][a-z-]+", verb)) and (not particle or particle in PARTICLES)


def distil(folder: Path) -> str:  # noqa: C901, PLR0912 - one pass a file
    """The thesaurus as text."""
    words: dict[str, list[str]] = {}
    above: dict[str, list[str]] = defaultdict(list)
    antonyms: dict[str, set[str]] = defaultdict(set)
    derivations: dict[str, set[str]] = defaultdict(set)
    lexical = []
    for name, letter in CLASSES.items():
        for line in read_lines(folder, f"data.{name}"):
            fields = line.split(" | ")[0].split()
            count = int(fields[3], 16)
            sense = letter + fields[0]
            words[sense] = [re.sub(r"\(.*\)$", "", fields[4 + 2 * k]).lower() for k in range(count)]
            at = 4 + 2 * count
            for k in range(int(fields[at])):
                symbol, offset, pos, ends = fields[at + 1 + 4 * k : at + 5 + 4 * k]
                other = {"s": "a"}.get(pos, pos) + offset
                if ends == "0000":
                    if symbol in "@&":
                        above[sense].append(other)
                else:
                    lexical.append((sense, symbol, other, *divmod(int(ends, 16), 256)))
    for sense, symbol, other, first, second in lexical:
        a, b = words[sense][first - 1], words[other][second - 1]
        if is_kept(a) and is_kept(b):
            if symbol == "!":
                antonyms[a].add(b)
            elif symbol in "+\\" and a != b:
                derivations[a].add(b)
    numbers: dict[str, int] = {}
    senses: dict[str, list[str]] = defaultdict(list)
    for name, letter in CLASSES.items():
        for line in read_lines(folder, f"index.{name}"):
            fields = line.split()
            if is_kept(fields[0]):
                kept = fields[6 + int(fields[3]) :][: MAX_SENSES[name]]
                ids = [numbers.setdefault(letter + offset, len(numbers)) for offset in kept]
                senses[fields[0]].append(letter + ",".join(f"{i:x}" for i in ids))
    lines = [
        "\t".join(
            (lemma, ";".join(senses[lemma]), ",".join(sorted(antonyms[lemma])),
             ",".join(sorted(derivations[lemma])))
        )
        for lemma in sorted(senses)
    ]  # fmt: skip
    hypernyms = []
    for sense, number in numbers.items():
        known = [f"{numbers[o]:x}" for o in above[sense] if o in numbers]
        if known:
            hypernyms.append(f"{number:x} {','.join(known)}")
    return "\n".join(lines) + "\n\n" + "\n".join(hypernyms) + "\n"


if __name__ == "__main__":
    text = distil(Path(sys.argv[1]))
    Path(sys.argv[2]).write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{text.count(chr(10))} lines")
