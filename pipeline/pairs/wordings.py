"""A wording's words, grams, names and numbers, and how far two wordings share them."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import LCSseq

if TYPE_CHECKING:
    from collections.abc import Callable

WORDING_SIGNALS = (
    "word_jaccard",
    "bigram_jaccard",
    "trigram_jaccard",
    "char5_jaccard",
    "char5_containment",
    "word_containment",
    "weighted_jaccard",
    "weighted_containment",
    "story_jaccard",
    "story_containment",
    "name_overlap",
    "name_jaccard",
    "number_overlap",
    "length_ratio",
    "short_length",
    "long_length",
    "subsequence",
    "differing_stems",
)
_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+", re.UNICODE)
_FUNCTION_WORDS = frozenset(
    """
    a about after all also an and any are as at be been before being between but by can could
    did do does during each for from had has have having he her here him his how i if in into is
    it its just may me might more most must my no nor not of on one only or other our out over
    own said same says she should so some such than that the their them then there these they
    this those through to too two under until up us very was we were what when where which while
    who whom why will with would you your s t
    """.split()  # noqa: SIM905 - ninety words are read more easily in a block
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A text's parts, computed once however many pairs it stands in."""

    words: tuple[str, ...]
    stems: frozenset[str]
    bigrams: frozenset[tuple[str, str]]
    trigrams: frozenset[tuple[str, ...]]
    chars: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]


@lru_cache(maxsize=65536)
def cut_wording(text: str) -> Wording:
    """The words, grams, names and numbers of a text."""
    found = _WORD.findall(text)
    words = tuple(word.lower() for word in found)
    stems = tuple(_stem(word) for word in words)
    plain = re.sub(r"\W+", " ", text.lower()).strip()
    # A sentence's first word says nothing by its capital, unless all words carry one.
    names = frozenset(
        word.lower() for i, word in enumerate(found) if word[0].isupper() and (i or len(word) > 1)
    )
    return Wording(
        words=words,
        stems=frozenset(stems),
        bigrams=frozenset(itertools.pairwise(stems)),
        trigrams=frozenset(zip(stems, stems[1:], stems[2:], strict=False)),
        chars=frozenset(plain[i : i + 5] for i in range(max(1, len(plain) - 4))),
        names=names - _FUNCTION_WORDS,
        numbers=frozenset(word for word in words if word[0].isdigit()),
    )


def _stem(word: str) -> str:
    """The word without the commonest English endings; enough to match `vote` and `voted`."""
    for ending in ("ing", "edly", "ed", "ies", "es", "s", "ly", "e", "’s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def weigh_generally(stem: str) -> float:
    """Function words count little, long words most."""
    return 0.15 if stem in _FUNCTION_WORDS else min(1.0, 0.4 + 0.1 * len(stem))


def compare_wordings(a: Wording, b: Wording, weigh: Callable[[str], float]) -> list[float]:
    """The signals of WORDING_SIGNALS, in their order."""
    short, long = sorted((len(a.words), len(b.words)))
    return [
        _jaccard(a.stems, b.stems),
        _jaccard(a.bigrams, b.bigrams),
        _jaccard(a.trigrams, b.trigrams),
        _jaccard(a.chars, b.chars),
        _containment(a.chars, b.chars),
        _containment(a.stems, b.stems),
        *_weighted_overlap(a.stems, b.stems, weigh_generally),
        *_weighted_overlap(a.stems, b.stems, weigh),
        _containment(a.names, b.names),
        _jaccard(a.names, b.names),
        _jaccard(a.numbers, b.numbers) if a.numbers or b.numbers else 0.5,
        short / max(1, long),
        math.log1p(short),
        math.log1p(long),
        LCSseq.normalized_similarity(a.words, b.words),
        float(len(a.stems ^ b.stems)),
    ]


def _weighted_overlap(
    a: frozenset[str], b: frozenset[str], weigh: Callable[[str], float]
) -> tuple[float, float]:
    """Jaccard and containment with words counted by their weight."""
    # Sorted, because a sum of floats depends on its order and a set's order on the hash seed.
    shared = sum(map(weigh, sorted(a & b)))
    left, right = sum(map(weigh, sorted(a - b))), sum(map(weigh, sorted(b - a)))
    return (
        shared / max(1e-9, shared + left + right),
        shared / max(1e-9, shared + min(left, right)),
    )


def _jaccard(a: frozenset[Any], b: frozenset[Any]) -> float:
    union = len(a | b)
    return len(a & b) / union if union else 0.0


def _containment(a: frozenset[Any], b: frozenset[Any]) -> float:
    small = min(len(a), len(b))
    return len(a & b) / small if small else 0.0
