"""Candidate pairs: complete in small stories, linear in large ones, the same in any order."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipeline.config import MatchingConfig
from pipeline.pairs.candidates import (
    MAX_BUCKET_UNITS,
    find_band_pairs,
    find_candidate_pairs,
    find_neighbour_pairs,
    shingle_characters,
    shingle_words,
    sign_texts,
)
from pipeline.schemas import CANDIDATES, UNITS
from tests.conftest import WordEmbedder

SMALL = replace(MatchingConfig(), least_cosine=-1.0)
LARGE = replace(SMALL, all_pairs_units=0, neighbours=3)


def make_units(texts: list[str], story: str = "s") -> pl.DataFrame:
    return UNITS.build(
        [
            {
                "unit_id": f"{story}-a{n}#0000",
                "segment_id": f"{story}-a{n}#0000",
                "article_id": f"{story}-a{n}",
                "story_id": story,
                "outlet": f"outlet {n}",
                "kind": "sentence",
                "start_char": 0,
                "end_char": len(text),
                "source_language": "en",
                "source_text": text,
                "target_start_char": 0,
                "target_end_char": len(text),
                "target_text": text,
            }
            for n, text in enumerate(texts)
        ]
    )


def make_news(count: int, seed: int = 1) -> list[str]:
    """Sentences of random words; each third is an earlier one with a word changed."""
    chance = random.Random(seed)
    letters = "abcdefghijklmnoprstuvw"
    words = ["".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(2_000)]
    texts: list[str] = []
    for number in range(count):
        if number % 3 == 2:
            copied = texts[number - 2].split()
            copied[chance.randrange(len(copied))] = chance.choice(words)
            texts.append(" ".join(copied))
        else:
            texts.append(" ".join(chance.choices(words, k=14)))
    return texts


def read_pairs(candidates: pl.DataFrame) -> set[tuple[str, str]]:
    return set(candidates.select("unit_left", "unit_right").iter_rows())


def test_find_candidate_pairs_gives_every_pair_of_a_small_story(
    word_embedder: WordEmbedder,
) -> None:
    units = pl.concat([make_units(make_news(5), "s"), make_units(make_news(4, 2), "t")])
    found = find_candidate_pairs(units, SMALL, embedder=word_embedder)
    assert found.schema == CANDIDATES.dtypes
    assert found.group_by("story_id").len().sort("story_id")["len"].to_list() == [10, 6]
    assert all(left < right for left, right in read_pairs(found))
    assert found["jaccard"].is_between(0, 1).all()
    assert found["cosine"].is_between(-1, 1).all()


def test_find_candidate_pairs_passes_over_what_shares_nothing(
    word_embedder: WordEmbedder,
) -> None:
    units = make_units(["alpha beta gamma", "alpha beta delta", "omega psi chi"])
    found = find_candidate_pairs(units, MatchingConfig(), embedder=word_embedder)
    assert read_pairs(found) == {("s-a0#0000", "s-a1#0000")}


def test_find_candidate_pairs_never_joins_a_sentence_and_its_clause(
    word_embedder: WordEmbedder,
) -> None:
    units = make_units(["one two three four, five six seven eight"])
    text = units["source_text"][0]
    border = text.index(",")
    clauses = [
        {**units.row(0, named=True), "unit_id": f"s-a0#0000/{n}", "kind": "clause"}
        | {"start_char": start, "end_char": end, "target_text": text[start:end]}
        for n, (start, end) in enumerate([(0, border), (border + 2, len(text))])
    ]
    units = pl.concat([units, UNITS.build(clauses)])
    found = find_candidate_pairs(units, SMALL, embedder=word_embedder)
    assert read_pairs(found) == {("s-a0#0000/0", "s-a0#0000/1")}


@pytest.mark.parametrize("config", [SMALL, LARGE], ids=["small", "large"])
def test_find_candidate_pairs_ignores_the_order_of_units(
    config: MatchingConfig, word_embedder: WordEmbedder
) -> None:
    units = make_units(make_news(60))
    expected = find_candidate_pairs(units, config, embedder=word_embedder)
    shuffled = units.sample(fraction=1.0, shuffle=True, seed=7)
    assert find_candidate_pairs(shuffled, config, embedder=word_embedder).equals(expected)


def test_find_candidate_pairs_finds_near_copies_in_a_large_story(
    word_embedder: WordEmbedder,
) -> None:
    found = read_pairs(
        find_candidate_pairs(make_units(make_news(300)), LARGE, embedder=word_embedder)
    )
    copies = {(f"s-a{n - 2}#0000", f"s-a{n}#0000") for n in range(2, 300, 3)}
    missing = {pair for pair in copies if tuple(sorted(pair)) not in found}
    assert missing == set()


def test_find_candidate_pairs_grows_about_linearly(word_embedder: WordEmbedder) -> None:
    counts = [
        len(find_candidate_pairs(make_units(make_news(size)), LARGE, embedder=word_embedder))
        for size in (300, 1200)
    ]
    assert counts[1] < 6 * counts[0]


def test_find_candidate_pairs_without_neighbours_embeds_only_paired_texts() -> None:
    class Counting(WordEmbedder):
        seen = 0

        def encode(self, texts):  # type: ignore[no-untyped-def]
            self.seen += len(texts)
            return super().encode(texts)

    embedder = Counting()
    config = replace(LARGE, neighbour_units=0)
    texts = [*make_news(2), "the same words twice over", "the same words twice over"]
    found = find_candidate_pairs(make_units(texts), config, embedder=embedder)
    assert read_pairs(found) == {("s-a2#0000", "s-a3#0000")}
    assert found["jaccard"].to_list() == [1.0]
    assert embedder.seen == 2


def test_find_candidate_pairs_takes_an_empty_frame(word_embedder: WordEmbedder) -> None:
    assert find_candidate_pairs(UNITS.empty(), SMALL, embedder=word_embedder).is_empty()


def test_sign_texts_estimates_jaccard() -> None:
    left, right = "3,000 soldiers arrived in Kursk on Monday", "3,000 soldiers came to Kursk Monday"
    signatures = sign_texts([left, right], shingle_characters)
    one, other = shingle_characters(left), shingle_characters(right)
    exact = len(one & other) / len(one | other)
    # 128 permutations: standard error 0.04.
    assert abs(float((signatures[0] == signatures[1]).mean()) - exact) < 0.13


def test_find_band_pairs_chains_an_overfull_bucket() -> None:
    copies = MAX_BUCKET_UNITS + 6
    signatures = sign_texts(["breaking news"] * copies, shingle_words)
    pairs = find_band_pairs(signatures, 4)
    assert pairs.tolist() == [[n, n + 1] for n in range(copies - 1)]


def test_find_neighbour_pairs_gives_the_nearest() -> None:
    angles = np.array([0.0, 0.1, 1.5, 1.6])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert find_neighbour_pairs(vectors, 1).tolist() == [[0, 1], [2, 3]]
    assert find_neighbour_pairs(vectors[:1], 1).tolist() == []
