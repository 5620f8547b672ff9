"""Word translations for aligning two texts: what a word of one language mostly is in another.

`data/words-SOURCE-TARGET.tsv.gz` was counted from parallel text by `models/lexicon`. Where there is
none for a pair, names, figures and words that look alike carry the alignment alone.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA = Path(__file__).parent / "data"
# What German puts between the parts of a compound.
JOINTS = ("", "s", "es", "n", "en", "e", "er")
MIN_PART_CHARS = 4
# Letters that differ by spelling habit: Pjöngjang and Pyongyang, Wladimir and Vladimir.
SOUNDS = (
    ("tsch", "c"), ("sch", "s"), ("sh", "s"), ("ch", "k"), ("ck", "k"), ("ph", "f"), ("th", "t"),
    ("ß", "s"), ("ss", "s"), ("qu", "kv"), ("w", "v"), ("j", "y"), ("i", "y"), ("c", "k"),
    ("z", "s"), ("x", "ks"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WordLexicon:
    """Lowercase source word -> lowercase target words with their probability."""

    words: Mapping[str, Mapping[str, float]]

    def translate(self, word: str) -> Mapping[str, float]:
        """The word's translations; a compound's are those of its parts. Empty when unknown."""
        found = self.words.get(word)
        return found if found is not None else self._translate_parts(word)

    def _translate_parts(self, word: str) -> Mapping[str, float]:
        if "-" in word:
            parts = [part for part in word.split("-") if part]
        else:
            parts = self._cut_compound(word)
        found: dict[str, float] = {}
        for part in parts:
            for target, probability in self.words.get(part, {}).items():
                found[target] = max(found.get(target, 0.0), 0.8 * probability)
        return found

    def _cut_compound(self, word: str) -> list[str]:
        """Two known parts, the longer head the better; else the known head alone."""
        head: list[str] = []
        for border in range(MIN_PART_CHARS, len(word) - MIN_PART_CHARS + 1):
            if word[border:] not in self.words:
                continue
            head = head or [word[border:]]
            for joint in JOINTS:
                front = word[:border].removesuffix(joint)
                if word[:border].endswith(joint) and front in self.words and len(front) > 2:
                    return [front, word[border:]]
        return head


@lru_cache(maxsize=8)
def load_lexicon(source: str, target: str) -> WordLexicon:
    """The pair's lexicon; an empty one where there is no data."""
    file = DATA / f"words-{source}-{target}.tsv.gz"
    words: dict[str, dict[str, float]] = {}
    if file.is_file():
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                word, _, rest = line.rstrip("\n").partition("\t")
                fields = rest.split(" ")
                words[word] = dict(zip(fields[::2], map(float, fields[1::2]), strict=True))
    return WordLexicon(words)


@lru_cache(maxsize=65536)
def fold_sound(word: str) -> str:
    """The word as it roughly sounds, to compare names across spellings."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for written, sound in SOUNDS:
        plain = plain.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", plain)
