"""Corpus candidates: what they find, that they are the same whatever the order, and their form."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.pairs import corpus
from pipeline.schemas import CANDIDATES

WORDS = "harbour strike minister treaty river flood signed workers union talks vote".split()  # noqa: SIM905
MORE_WORDS = "court ruling police goal bridge school budget storm train border shells".split()  # noqa: SIM905


class WordEmbedder:
    """Sums of fixed random vectors, one a word: cosine follows shared words."""

    name = "words"
    digest = "0"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), 32), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                rows[row] += np.random.default_rng(sum(map(ord, word))).normal(size=32)
        norms = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return np.asarray(rows / norms, dtype=np.float32)


def make_units(count: int) -> pl.DataFrame:
    rng = random.Random(7)
    texts = [" ".join(rng.choices(WORDS + MORE_WORDS, k=12)) + f" case{n}" for n in range(count)]
    repeats = [text.replace("strike", "walkout", 1) + " again" for text in texts[: count // 10]]
    return pl.DataFrame({"target_text": texts + repeats}).select(
        "target_text",
        unit_id=pl.format("u{}", pl.int_range(pl.len()).cast(pl.String).str.zfill(5)),
        story_id=pl.lit(""),
    )


def test_find_corpus_candidates_finds_reworded_repeats() -> None:
    count = 400
    units = make_units(count)
    candidates = corpus.find_corpus_candidates(units, embedder=WordEmbedder())
    CANDIDATES.check(candidates)
    found = set(candidates.select("unit_left", "unit_right").iter_rows())
    wanted = {(f"u{n:05}", f"u{count + n:05}") for n in range(count // 10)}
    assert len(wanted & found) == len(wanted)
    assert len(found) < count * 10
    assert all(left < right for left, right in found)


def test_find_corpus_candidates_does_not_depend_on_the_order_of_units() -> None:
    units = make_units(300)
    shuffled = units.sample(fraction=1.0, shuffle=True, seed=3)
    left = corpus.join_bands(corpus.hash_texts(units["target_text"].to_list()))
    assert left.height > 0
    one = corpus.find_corpus_candidates(units, embedder=WordEmbedder())
    two = corpus.find_corpus_candidates(shuffled, embedder=WordEmbedder())
    assert one.height > 0
    assert one.equals(two)


def test_hash_texts_estimates_the_overlap_of_word_sets() -> None:
    texts = ["a b c d e f g h", "a b c d e f x y", "q r s t"]
    signatures = corpus.hash_texts(texts)
    same = (signatures[0] == signatures[1]).mean()
    assert abs(same - 6 / 10) < 0.15
    assert (signatures[0] == signatures[2]).mean() == 0


def test_find_corpus_candidates_of_nothing_and_of_one() -> None:
    for count in (0, 1):
        units = make_units(count)
        assert corpus.find_corpus_candidates(units, embedder=WordEmbedder()).height == 0
