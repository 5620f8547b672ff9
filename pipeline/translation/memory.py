"""The translation memory: sentences people have translated already.

Exact matches (after normalising white space, quotes, dashes and Unicode form) are used; similar
ones are only suggested, with their similarity.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.translation.tmx import read_tmx, write_tmx

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

# Typographic variants that make no other sentence.
FOLDED = str.maketrans(
    {
        **dict.fromkeys("„“”«»‟〝〞", '"'),
        **dict.fromkeys("‚‘’‹›‛`´", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "\u00ad": "",
        "\u200b": "",
        "\ufeff": "",
    }
)
VARIANT = re.compile("[" + "".join(map(chr, FOLDED)) + "]")
FUZZY_FLOOR = 0.7
# A small memory is compared unit by unit; in a large one only units that share rarer words are.
COMPARED_WHOLE = 5_000
COMMON_WORD = 2_000
CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class MemoryMatch:
    """A unit of the memory for a sentence; similarity 1.0 is an exact match."""

    source_text: str
    target_text: str
    memory: str
    similarity: float


@dataclass(frozen=True, slots=True)
class TranslationMemory:
    """Units by normalised source; the first file that has a sentence wins."""

    source: str
    target: str
    units: Mapping[str, MemoryMatch] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.units)

    def find_exact(self, text: str) -> MemoryMatch | None:
        """The unit with this very sentence, None when there is none."""
        return self.units.get(normalise(text))

    def find_similar(
        self, texts: Sequence[str], *, limit: int = 3, floor: float = FUZZY_FLOOR
    ) -> list[list[MemoryMatch]]:
        """For each text the most similar units, best first; similarity is in 0..1."""
        from rapidfuzz import fuzz, process

        index = _index_words(self.units) if len(self.units) > COMPARED_WHOLE else None
        found = []
        for text in texts:
            key = normalise(text)
            keys = list(self.units) if index is None else _pick_candidates(key, index)
            near = process.extract(
                key, keys, scorer=fuzz.ratio, limit=limit, score_cutoff=100 * floor
            )
            found.append([_with_similarity(self.units[key], score) for key, score, _ in near])
        return found


def load_memory(paths: Sequence[Path], source: str, target: str) -> TranslationMemory:
    """The memories' units from source into target language, earlier files first.

    Raises:
        MemoryFileError: a file can't be read or is refused.
    """
    units: dict[str, MemoryMatch] = {}
    for path in paths:
        for unit in read_tmx(path, source, target):
            match = MemoryMatch(unit.source_text, unit.target_text, path.name, 1.0)
            key = normalise(unit.source_text)
            # One string for both where they are equal: half the memory of a large file.
            units.setdefault(unit.source_text if key == unit.source_text else key, match)
    return TranslationMemory(source, target, units, tuple(path.name for path in paths))


def write_memory(
    rows: Iterable[tuple[str, str, str]], *, source: str, target: str, version: str
) -> str:
    """TMX of rows (id, source text, target text); no clock in it, so a rerun is byte-equal."""
    return write_tmx(rows, source=source, target=target, version=version)


def normalise(text: str) -> str:
    """The text as memory keys are compared: NFC, plain quotes and dashes, single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if VARIANT.search(text):  # translate() walks every character in Python
            text = text.translate(FOLDED)
    else:
        text = text.replace("`", "'")
    return " ".join(text.split())


def _index_words(keys: Iterable[str]) -> dict[str, list[str]]:
    """Keys by each of their rarer words."""
    index: dict[str, list[str]] = {}
    for key in keys:
        for word in set(key.split(" ")):
            if len(word) > 3:
                index.setdefault(word, []).append(key)
    return {word: holders for word, holders in index.items() if len(holders) <= COMMON_WORD}


def _pick_candidates(key: str, index: Mapping[str, list[str]]) -> list[str]:
    """The units that share most of the text's rarer words."""
    shared = Counter(holder for word in set(key.split(" ")) for holder in index.get(word, ()))
    best = sorted(shared.items(), key=lambda item: (-item[1], item[0]))
    return [holder for holder, _ in best[:CANDIDATES]]


def _with_similarity(match: MemoryMatch, score: float) -> MemoryMatch:
    return MemoryMatch(match.source_text, match.target_text, match.memory, round(score / 100, 3))
