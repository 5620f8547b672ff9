"""Whether a text states a fact, a plan, a possibility, an expectation or a demand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.language.lexicon import load_table
from pipeline.language.words import cut_tokens

ModalityKind = Literal["planned", "possible", "expected", "demanded"]


@dataclass(frozen=True, slots=True)
class Modality:
    """One modal expression with its span."""

    kind: ModalityKind
    word: str
    start: int
    end: int


@lru_cache(maxsize=8)
def _phrases(language: str) -> dict[str, tuple[tuple[tuple[str, ...], ModalityKind], ...]]:
    """First word -> phrases with their kind, longest first."""
    by_first: dict[str, list[tuple[tuple[str, ...], ModalityKind]]] = {}
    for kind, phrases in load_table("modality").get(language, {}).items():
        for phrase in phrases:
            words = tuple(phrase.split())
            by_first.setdefault(words[0], []).append((words, kind))
    return {
        word: tuple(sorted(entries, key=lambda entry: -len(entry[0])))
        for word, entries in by_first.items()
    }


@lru_cache(maxsize=65536)
def find_modalities(text: str, language: str) -> tuple[Modality, ...]:
    """Modal expressions in order; none for a plain statement."""
    phrases = _phrases(language)
    tokens = cut_tokens(text)
    lowers = [token.lower for token in tokens]
    found = []
    at = 0
    while at < len(tokens):
        for words, kind in phrases.get(lowers[at], ()):
            last = at + len(words)
            if tuple(lowers[at:last]) != words:
                continue
            if lowers[at] == "may" and tokens[at].is_capital and at > 0:
                continue  # the month
            found.append(Modality(kind, " ".join(words), tokens[at].start, tokens[last - 1].end))
            at = last - 1
            break
        at += 1
    return tuple(found)
