"""BERTScore of word vectors: equal texts full, a part held by the whole, weights counted."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.embedding import WordEmbedder, WordVectors, encode_words, load_embedder
from pipeline.pairs.bertscore import measure_bertscores
from tests.conftest import WordEmbedder as PlainEmbedder

KNOWN = "ferry runs aground near the island today".split()  # noqa: SIM905


def make_words(text: str) -> WordVectors:
    words = tuple(text.split())
    table = np.eye(len(KNOWN), dtype=np.float32)
    return WordVectors(words, table[[KNOWN.index(word) for word in words]])


def score(left: str, right: str, weights: dict[str, float] | None = None) -> tuple[float, float]:
    units = [make_words(left), make_words(right), make_words(" ".join(KNOWN))]
    weigh = (weights or {}).get
    row = measure_bertscores(
        units, np.array([False, False, True]), np.array([[0, 1]]), lambda word: weigh(word, 1.0)
    )[0]
    return float(row[0]), float(row[1])


def test_equal_texts_score_full() -> None:
    assert score("ferry runs aground", "ferry runs aground") == pytest.approx((1.0, 1.0), abs=1e-5)


def test_a_text_that_holds_the_other_is_full_in_one_direction_only() -> None:
    both, most = score("ferry runs", "ferry runs aground near the island")
    assert most == pytest.approx(1.0, abs=1e-5)
    assert both < 0.9


def test_rare_words_weigh_more() -> None:
    heavy = {"ferry": 5.0}
    assert score("ferry today", "ferry near", heavy)[0] > score("ferry today", "ferry near")[0]
    assert score("ferry today", "runs today", heavy)[0] < score("ferry today", "runs today")[0]


def test_the_shipped_embedder_gives_every_word_a_vector_in_its_sentence() -> None:
    embedder = load_embedder()
    assert isinstance(embedder, WordEmbedder)
    bank, river = encode_words(embedder, ["The bank lent money.", "They sat on the bank."])
    assert bank.words == ("the", "bank", "lent", "money")
    assert bank.vectors.shape == (4, 384)
    money, shore = bank.vectors[1], river.vectors[river.words.index("bank")]
    cosine = float(money @ shore / np.linalg.norm(money) / np.linalg.norm(shore))
    assert cosine < 0.95


def test_an_embedder_without_word_vectors_gives_those_of_lone_words() -> None:
    first, second = encode_words(PlainEmbedder(), ["Rain fell.", ""])
    assert first.words == ("rain", "fell")
    np.testing.assert_allclose(first.vectors, PlainEmbedder().encode(["rain", "fell"]))
    assert second.words == ()
