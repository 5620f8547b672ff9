"""Candidate pairs and units in, one row of similarity signals a pair out.

Every signal is a plain number between two wordings, or between two wordings seen against their
story: inside one story every sentence resembles every other, so what all of them share is taken
out (the story's mean vector, the story's own frequent words). Signals are rounded: an embedding
depends on its batch by about 1e-7, and a score must not.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidfuzz.distance import LCSseq

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

SIGNALS = (
    "cosine",
    "centred_cosine",
    "scaled_cosine",
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
    "context",
)
DECIMALS = 4
# 0.8 of the story's mean: measured best on ECB+ between 0.5 (too little) and 1.0.
CENTRE_SHARE = 0.8
# The mean of n other units counts n / (n + 5): two sentences alone have no story to take out.
CENTRE_PRIOR = 5.0
NEIGHBOURS = 5
BLOCK_ROWS = 1024

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


@dataclass(frozen=True, slots=True)
class Story:
    """The units of one story: texts, unit vectors, and which of them the story is measured by.

    A clause repeats its sentence, so only whole segments count for what the story has in common.
    """

    texts: Sequence[str]
    vectors: NDArray[np.float64]
    segments: NDArray[np.int64]  # units of one segment carry one number
    is_whole: NDArray[np.bool_]


def measure_signals(story: Story, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """The signals of SIGNALS, one row a pair of rows of the story, rounded to DECIMALS."""
    has_context = int(story.is_whole.sum()) >= NEIGHBOURS + 2
    cosines = np.concatenate(
        [np.zeros((0, 2)), *(_measure_cosines(story, block) for block in _cut_blocks(pairs))]
    )
    crowding = _measure_crowding(story) if has_context else np.zeros(len(story.texts))
    scaled = cosines[:, 0] - crowding[pairs].mean(axis=1) if has_context else 0 * cosines[:, 0]
    weigh = _make_story_weight(story) if has_context else _weigh_generally
    wordings = [cut_wording(text) for text in story.texts]
    overlaps = [
        _compare_wordings(wordings[left], wordings[right], weigh) for left, right in pairs.tolist()
    ]
    width = len(SIGNALS) - 4  # the cosines, `scaled_cosine` and `context` stand around them
    table = np.array(overlaps, dtype=np.float64).reshape(len(pairs), width)
    context = np.full(len(pairs), float(has_context))
    return np.round(np.column_stack([cosines, scaled, table, context]), DECIMALS)


def _cut_blocks(pairs: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return [pairs[start : start + BLOCK_ROWS] for start in range(0, len(pairs), BLOCK_ROWS)]


def _measure_cosines(story: Story, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Cosine, and cosine off the mean of the story's other whole segments."""
    a, b = story.vectors[pairs[:, 0]], story.vectors[pairs[:, 1]]
    whole_a, whole_b = (story.is_whole[pairs[:, side]][:, None] for side in (0, 1))
    total = story.vectors[story.is_whole].sum(axis=0)
    others = story.is_whole.sum() - whole_a.astype(np.int64) - whole_b
    mean = (total - a * whole_a - b * whole_b) / np.maximum(others, 1)
    centre = CENTRE_SHARE * others / (others + CENTRE_PRIOR) * mean
    x, y = a - centre, b - centre
    norms = np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
    return np.column_stack([(a * b).sum(axis=1), (x * y).sum(axis=1) / np.maximum(norms, 1e-9)])


def _measure_crowding(story: Story) -> NDArray[np.float64]:
    """Each unit's mean cosine to its nearest whole segments, the very best one left out."""
    whole = np.flatnonzero(story.is_whole)
    crowding = np.zeros(len(story.texts))
    for start in range(0, len(story.texts), BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        similarity = story.vectors[rows] @ story.vectors[whole].T
        own = story.segments[rows][:, None] == story.segments[whole][None, :]
        similarity[own] = -1.0
        best = -np.partition(-similarity, NEIGHBOURS, axis=1)[:, : NEIGHBOURS + 1]
        crowding[rows] = np.sort(best, axis=1)[:, :NEIGHBOURS].mean(axis=1)
    return crowding


def _make_story_weight(story: Story) -> Callable[[str], float]:
    """Inverse frequency of a stem among the story's whole segments."""
    texts = [text for text, whole in zip(story.texts, story.is_whole, strict=True) if whole]
    frequency = Counter(stem for text in texts for stem in cut_wording(text).stems)
    return lambda stem: max(0.05, math.log((len(texts) + 1.0) / (frequency[stem] + 0.5)))


def _weigh_generally(stem: str) -> float:
    """Function words count little, long words most."""
    return 0.15 if stem in _FUNCTION_WORDS else min(1.0, 0.4 + 0.1 * len(stem))


def _compare_wordings(a: Wording, b: Wording, weigh: Callable[[str], float]) -> list[float]:
    """The signals between `scaled_cosine` and `context`."""
    short, long = sorted((len(a.words), len(b.words)))
    return [
        _jaccard(a.stems, b.stems),
        _jaccard(a.bigrams, b.bigrams),
        _jaccard(a.trigrams, b.trigrams),
        _jaccard(a.chars, b.chars),
        _containment(a.chars, b.chars),
        _containment(a.stems, b.stems),
        *_weighted_overlap(a.stems, b.stems, _weigh_generally),
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
