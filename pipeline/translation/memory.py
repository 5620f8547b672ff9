"""The translation memory: sentences people have translated already.

Exact matches (after normalising white space, quotes, dashes and Unicode form) are used; similar
ones are only suggested, with their similarity.
"""

from __future__ import annotations

import re
import unicodedata
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
SPACE = re.compile(r"\s+")
FUZZY_FLOOR = 0.7


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

        keys = list(self.units)
        found = []
        for text in texts:
            near = process.extract(
                normalise(text), keys, scorer=fuzz.ratio, limit=limit, score_cutoff=100 * floor
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
            units.setdefault(normalise(unit.source_text), match)
    return TranslationMemory(source, target, units, tuple(path.name for path in paths))


def write_memory(
    rows: Iterable[tuple[str, str, str]], *, source: str, target: str, version: str
) -> str:
    """TMX of rows (id, source text, target text); no clock in it, so a rerun is byte-equal."""
    return write_tmx(rows, source=source, target=target, version=version)


def normalise(text: str) -> str:
    """The text as memory keys are compared: NFC, plain quotes and dashes, single spaces."""
    folded = unicodedata.normalize("NFC", text).translate(FOLDED)
    return SPACE.sub(" ", folded).strip()


def _with_similarity(match: MemoryMatch, score: float) -> MemoryMatch:
    return MemoryMatch(match.source_text, match.target_text, match.memory, round(score / 100, 3))
