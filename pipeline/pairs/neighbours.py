"""Units of a story in, how far two of them have the same nearest neighbours out.

A fact that many outlets report has many wordings. Two of them that share few words still are
near the same others, and two sentences that share a topic only are not (shared nearest
neighbours; Jarvis and Patrick 1973).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.pairs.vectors import CENTRE_SHARE, normalise, weigh_words
from pipeline.pairs.wordings import cut_wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# A fifth of the story's segments, so that in a small story not everything is near everything.
LEAST_NEIGHBOURS, MOST_NEIGHBOURS = 2, 10
SHARE = 0.2
# The figure of n segments counts n / (n + 20): among few, strangers have the same neighbours too.
PRIOR = 20
BLOCK_ROWS = 1024
# Likeness depends on the batch by 1e-7; ranks must not.
DECIMALS = 5


def measure_shared_neighbours(
    texts: Sequence[str],
    vectors: NDArray[np.float64],
    segments: NDArray[np.int64],
    is_whole: NDArray[np.bool_],
    pairs: NDArray[np.int64],
) -> NDArray[np.float64]:
    """0..1 a pair: cosine of the two units' likeness to their nearest segments, shrunk by PRIOR.

    Args:
        texts: of the story's units.
        vectors: of the units, unit length, shape (units, dimension).
        segments: number of each unit's segment; a unit's own segment is no neighbour of it.
        is_whole: whether a unit is a whole segment; clauses repeat their sentence.
        pairs: rows of the units, shape (pairs, 2).
    """
    from scipy.sparse import csr_array, vstack

    whole = np.flatnonzero(is_whole)
    centred = normalise(vectors - CENTRE_SHARE * vectors[whole].mean(axis=0))
    words = weigh_words([cut_wording(text).stems for text in texts])
    count = min(len(whole), MOST_NEIGHBOURS, max(LEAST_NEIGHBOURS, round(SHARE * len(whole))))
    blocks = []
    for start in range(0, len(texts), BLOCK_ROWS):
        rows = np.arange(start, min(start + BLOCK_ROWS, len(texts)))
        likeness = centred[rows] @ centred[whole].T + (words[rows] @ words[whole].T).toarray()
        likeness = np.round(likeness, DECIMALS)
        likeness[segments[rows][:, None] == segments[whole][None, :]] = 0.0
        least = -np.partition(-likeness, count - 1, axis=1)[:, count - 1, None]
        near = np.where((likeness >= least) & (likeness > 0.0), likeness, 0.0)
        blocks.append(csr_array(normalise(near)))
    table = vstack(blocks).tocsr()
    shared = table[pairs[:, 0]].multiply(table[pairs[:, 1]]).sum(axis=1)
    shrink = len(whole) / (len(whole) + PRIOR)
    return shrink * np.asarray(shared, dtype=np.float64).reshape(len(pairs))
