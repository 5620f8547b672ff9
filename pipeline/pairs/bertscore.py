"""Pairs of texts and their words' vectors in, BERTScore of each pair out.

Every word is held against its likest in the other text (Zhang et al. 2020, BERTScore: greedy
matching of contextual vectors, weighted by inverse document frequency). As with whole sentences,
what the words of a story have in common is taken out first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.pairs.vectors import CENTRE_SHARE, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from pipeline.embedding import WordVectors

BERTSCORE_SIGNALS = ("bertscore", "bertscore_most")


@dataclass(frozen=True, slots=True)
class _Weighted:
    vectors: NDArray[np.float32]  # unit length, shape (words, dimension)
    weights: NDArray[np.float64]  # of sum 1


def measure_bertscores(
    words: Sequence[WordVectors],
    is_whole: NDArray[np.bool_],
    pairs: NDArray[np.int64],
    weigh: Callable[[str], float],
) -> NDArray[np.float64]:
    """Two figures a pair: F1 of both directions, and the better direction (one holds the other).

    Args:
        words: of each unit of the story, in its order.
        is_whole: whether a unit is a whole segment; the story's mean is taken over these.
        pairs: rows of the units, shape (pairs, 2).
        weigh: weight of a word in lower case.
    """
    known = [words[row].vectors for row in np.flatnonzero(is_whole).tolist()]
    centre = CENTRE_SHARE * np.concatenate(known).mean(axis=0)
    units = [_weigh(unit, centre, weigh) for unit in words]
    scores = np.zeros((len(pairs), len(BERTSCORE_SIGNALS)))
    for row, (left, right) in enumerate(pairs.tolist()):
        a, b = units[left], units[right]
        if not len(a.weights) or not len(b.weights):
            continue
        likeness = a.vectors @ b.vectors.T
        there = float(likeness.max(axis=1) @ a.weights)
        back = float(likeness.max(axis=0) @ b.weights)
        scores[row] = 2 * there * back / max(there + back, 1e-6), max(there, back)
    return scores


def _weigh(
    unit: WordVectors, centre: NDArray[np.float32], weigh: Callable[[str], float]
) -> _Weighted:
    weights = np.array([weigh(word) for word in unit.words], dtype=np.float64)
    return _Weighted(
        normalise(unit.vectors - centre).astype(np.float32), weights / max(weights.sum(), 1e-9)
    )
