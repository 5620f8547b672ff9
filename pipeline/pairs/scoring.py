"""Candidate pairs and units in, one row of similarity signals a pair out.

Every signal is a plain number between two wordings, or between two wordings seen against their
story: inside one story every sentence resembles every other, so what all of them share is taken
out (the story's mean vector, the story's own frequent words). Signals are rounded: an embedding
depends on its batch by about 1e-7, and a score must not.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.pairs.bertscore import BERTSCORE_SIGNALS, measure_bertscores
from pipeline.pairs.events import measure_event_leanings
from pipeline.pairs.neighbours import measure_shared_neighbours
from pipeline.pairs.vectors import CENTRE_SHARE
from pipeline.pairs.wordings import (
    WORDING_SIGNALS,
    compare_wordings,
    cut_wording,
    weigh_generally,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from pipeline.embedding import WordVectors

# Those that need company; 0 for two sentences without it.
STORY_SIGNALS = (
    "scaled_cosine",
    "same_event",
    "other_event",
    "shared_neighbours",
    *BERTSCORE_SIGNALS,
)
SIGNALS = (
    "cosine",
    "centred_cosine",
    *STORY_SIGNALS,
    *WORDING_SIGNALS,
    "context",
)
DECIMALS = 4
# The mean of n other units counts n / (n + 5): two sentences alone have no story to take out.
CENTRE_PRIOR = 5.0
NEIGHBOURS = 5
# What `context` says of a pair's story: none, whole sentences only, sentences and their clauses.
LONE, AMONG_SENTENCES, AMONG_CLAUSES = 0.0, 1.0, 2.0
BLOCK_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Story:
    """The units of one story: texts, unit vectors, and which of them the story is measured by.

    A clause repeats its sentence, so only whole segments count for what the story has in common.
    """

    texts: Sequence[str]
    vectors: NDArray[np.float64]
    segments: NDArray[np.int64]  # units of one segment carry one number
    is_whole: NDArray[np.bool_]
    articles: NDArray[np.int64]  # number of each unit's article, from 0
    words: Sequence[WordVectors] = ()  # of every unit; without them BERTScore is 0

    @property
    def has_context(self) -> bool:
        """Whether there are units enough to see a pair against."""
        return has_company(self.is_whole)

    @property
    def context(self) -> float:
        """LONE, or what company a pair of the story has."""
        if not self.has_context:
            return LONE
        return AMONG_SENTENCES if self.is_whole.all() else AMONG_CLAUSES


def has_company(is_whole: NDArray[np.bool_]) -> bool:
    """Whether a story of these units is more than the pair itself and its like."""
    return int(is_whole.sum()) >= NEIGHBOURS + 2


def measure_signals(story: Story, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """The signals of SIGNALS, one row a pair of rows of the story, rounded to DECIMALS."""
    cosines = np.concatenate(
        [np.zeros((0, 2)), *(_measure_cosines(story, block) for block in _cut_blocks(pairs))]
    )
    weigh = _make_story_weight(story) if story.has_context else weigh_generally
    wordings = [cut_wording(text) for text in story.texts]
    overlaps = [
        compare_wordings(wordings[left], wordings[right], weigh) for left, right in pairs.tolist()
    ]
    table = np.array(overlaps, dtype=np.float64).reshape(len(pairs), len(WORDING_SIGNALS))
    seen = _measure_against_story(story, pairs, cosines[:, 0])
    context = np.full(len(pairs), story.context)
    return np.round(np.column_stack([cosines, seen, table, context]), DECIMALS)


def _measure_against_story(
    story: Story, pairs: NDArray[np.int64], cosine: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The signals of STORY_SIGNALS."""
    if not story.has_context:
        return np.zeros((len(pairs), len(STORY_SIGNALS)))
    leanings = measure_event_leanings(story.texts, story.vectors, story.articles, story.is_whole)
    affinity = leanings[story.articles[pairs]].prod(axis=1)
    shared = measure_shared_neighbours(
        story.texts, story.vectors, story.segments, story.is_whole, pairs
    )
    return np.column_stack(
        [
            cosine - _measure_crowding(story)[pairs].mean(axis=1),
            np.maximum(affinity, 0.0),
            np.maximum(-affinity, 0.0),
            shared,
            _measure_words(story, pairs),
        ]
    )


def _measure_words(story: Story, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    if not story.words:
        return np.zeros((len(pairs), len(BERTSCORE_SIGNALS)))
    return measure_bertscores(story.words, story.is_whole, pairs, _make_word_weight(story))


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


def _make_word_weight(story: Story) -> Callable[[str], float]:
    """Inverse frequency of a word among the story's whole segments."""
    whole = [
        unit.words for unit, is_whole in zip(story.words, story.is_whole, strict=True) if is_whole
    ]
    frequency = Counter(word for words in whole for word in set(words))
    return lambda word: max(0.05, math.log((len(whole) + 1.0) / (frequency[word] + 0.5)))


def _make_story_weight(story: Story) -> Callable[[str], float]:
    """Inverse frequency of a stem among the story's whole segments."""
    texts = [text for text, whole in zip(story.texts, story.is_whole, strict=True) if whole]
    frequency = Counter(stem for text in texts for stem in cut_wording(text).stems)
    return lambda stem: max(0.05, math.log((len(texts) + 1.0) / (frequency[stem] + 0.5)))
