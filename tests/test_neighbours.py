"""Shared nearest neighbours: high between wordings of one fact, low elsewhere, shrunk among few."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.pairs.neighbours import PRIOR, measure_shared_neighbours

WORDS = ("harbour", "bridge", "school", "tunnel", "market", "castle")


def measure(copies: int, pairs: list[list[int]], *, clauses: int = 0) -> list[float]:
    """`copies` wordings of each of six facts; the last `clauses` units are clauses."""
    texts = [f"{word} closes number{copy}" for word in WORDS for copy in range(copies)]
    vectors = np.repeat(np.eye(len(WORDS)), copies, axis=0)
    texts += texts[:clauses]
    vectors = np.vstack([vectors, vectors[:clauses]])
    whole = np.arange(len(texts)) < len(WORDS) * copies
    segments = np.concatenate([np.arange(whole.sum()), np.arange(clauses)])
    found = measure_shared_neighbours(texts, vectors, segments, whole, np.array(pairs))
    return [float(value) for value in found]


def test_wordings_of_one_fact_share_their_neighbours() -> None:
    same, other = measure(5, [[0, 1], [0, 7]])
    assert same > 0.3
    assert other < 0.1


def test_few_segments_prove_little() -> None:
    few, many = measure(3, [[0, 1]])[0], measure(9, [[0, 1]])[0]
    assert few < many
    assert few <= 18 / (18 + PRIOR)


def test_a_clause_has_the_neighbours_of_its_segment_and_not_the_segment_itself() -> None:
    segment, clause = measure(5, [[0, 1], [30, 1]], clauses=1)
    assert clause == pytest.approx(segment, abs=0.02)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [[0, 1], [0, 7], [13, 14], [28, 29]]
    whole = measure(5, pairs)
    monkeypatch.setattr("pipeline.pairs.neighbours.BLOCK_ROWS", 7)
    assert measure(5, pairs) == pytest.approx(whole)
