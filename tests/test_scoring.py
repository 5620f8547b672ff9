"""Similarity signals: their values, and that a story's own words and mean are taken out."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.embedding import WordVectors
from pipeline.pairs.scoring import SIGNALS, Story, measure_signals
from pipeline.pairs.wordings import cut_wording

WEEKS = ("one", "two", "three", "four", "five", "six", "seven", "eight")


def make_story(texts: list[str], vectors: list[list[float]] | None = None) -> Story:
    table = np.array(vectors or np.eye(len(texts)).tolist(), dtype=np.float64)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    count = len(texts)
    rows = np.arange(count)
    return Story(texts, table, rows, np.ones(count, dtype=np.bool_), rows, cut_words(texts))


def cut_words(texts: list[str]) -> list[WordVectors]:
    """Every word with a direction of its own."""
    cut = [tuple(text.lower().split()) for text in texts]
    known = sorted({word for words in cut for word in words})
    table = np.eye(len(known), dtype=np.float32)
    return [WordVectors(words, table[[known.index(w) for w in words]]) for words in cut]


def signals_of(story: Story, left: int = 0, right: int = 1) -> dict[str, float]:
    row = measure_signals(story, np.array([[left, right]]))[0]
    return dict(zip(SIGNALS, row.tolist(), strict=True))


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        ("word_jaccard", 1.0),
        ("bigram_jaccard", 1.0),
        ("char5_jaccard", 1.0),
        ("char5_containment", 1.0),
        ("weighted_jaccard", 1.0),
        ("story_containment", 1.0),
        ("name_overlap", 1.0),
        ("number_overlap", 1.0),
        ("length_ratio", 1.0),
        ("subsequence", 1.0),
        ("cosine", 1.0),
        ("centred_cosine", 1.0),
    ],
)
def test_measure_signals_of_equal_texts_are_full(signal: str, expected: float) -> None:
    text = "The court in Kiel fined 14 skippers."
    assert signals_of(make_story([text, text], [[1, 0], [1, 0]]))[signal] == expected


def test_measure_signals_counts_shared_words() -> None:
    found = signals_of(make_story(["Rain fell in Kiel", "Snow fell in Kiel"]))
    assert found["word_jaccard"] == pytest.approx(3 / 5, abs=1e-4)
    assert found["bigram_jaccard"] == pytest.approx(2 / 4, abs=1e-4)
    assert found["subsequence"] == pytest.approx(3 / 4, abs=1e-4)
    assert found["name_overlap"] == pytest.approx(1 / 2, abs=1e-4)


def test_measure_signals_without_company_leaves_the_cosine_as_it_is() -> None:
    found = signals_of(make_story(["a b", "c d"], [[1, 1], [1, 0]]))
    assert found["centred_cosine"] == found["cosine"] == pytest.approx(2**-0.5, abs=1e-4)
    assert found["context"] == 0.0
    assert found["scaled_cosine"] == 0.0


def test_measure_signals_takes_out_what_the_whole_story_shares() -> None:
    # All point along the first axis; only the first two share the second as well.
    shared = [[3.0, 1.0, 0.0], [3.0, 1.0, 0.1], *[[3.0, 0.0, (-1.0) ** i] for i in range(8)]]
    plain = float(np.dot(shared[0], shared[2]) / np.linalg.norm(shared[0]) / 10**0.5)
    assert plain > 0.85
    story = make_story([f"week {week}" for week in ("zero", "nil", *WEEKS)], shared)
    alike, unlike = signals_of(story, 0, 1), signals_of(story, 0, 2)
    lead = alike["cosine"] - unlike["cosine"]
    assert lead < 0.2
    assert alike["centred_cosine"] - unlike["centred_cosine"] > 2 * lead


def test_measure_signals_weighs_the_story_words_less() -> None:
    texts = ["strike harbour", "strike bishop", *[f"strike {week}" for week in WEEKS]]
    found = signals_of(make_story(texts))
    assert found["story_jaccard"] < 0.1 < found["word_jaccard"]


def test_measure_signals_leaves_a_clauses_own_sentence_out_of_the_story() -> None:
    texts = ["rain fell and snow fell", "rain fell", *[f"week {week}" for week in WEEKS]]
    vectors = np.eye(10)
    vectors[1] = vectors[0]
    segments = np.array([0, 0, *range(1, 9)])
    whole = np.array([True, False, *[True] * 8])
    story = Story(texts, vectors, segments, whole, segments, cut_words(texts))
    row = measure_signals(story, np.array([[1, 2]]))[0]
    # Its nearest others are strangers: the sentence it was cut from is not counted as crowd.
    assert dict(zip(SIGNALS, row, strict=True))["scaled_cosine"] == 0.0


def test_measure_signals_of_no_pairs_is_an_empty_table() -> None:
    table = measure_signals(make_story(["a", "b"]), np.zeros((0, 2), dtype=np.int64))
    assert table.shape == (0, len(SIGNALS))


@pytest.mark.parametrize(
    ("text", "words", "numbers", "names"),
    [
        ("In Kiel 3,000 fled.", ("in", "kiel", "3,000", "fled"), {"3,000"}, {"kiel"}),
        ("", (), set(), set()),
        ("—", (), set(), set()),
        ("EU-Gipfel: 1.5 %", ("eu", "gipfel", "1.5"), {"1.5"}, {"eu", "gipfel"}),
    ],
    ids=["sentence", "empty", "dash", "hyphen"],
)
def test_cut_wording(text: str, words: tuple[str, ...], numbers: set[str], names: set[str]) -> None:
    wording = cut_wording(text)
    assert wording.words == words
    assert wording.numbers == numbers
    assert wording.names == names


def test_measure_signals_stays_finite_for_wordless_texts() -> None:
    table = measure_signals(make_story(["", "—"], [[1, 0], [0, 1]]), np.array([[0, 1]]))
    assert np.isfinite(table).all()
