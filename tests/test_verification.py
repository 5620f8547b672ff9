"""Verified pairs: vetoes, order, verdicts and reasons; the model as one more signal."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.config import MatchingConfig
from pipeline.pairs.measurement import COMPARISON_SIGNALS, measure_likeness
from pipeline.pairs.scoring import AMONG_CLAUSES
from pipeline.pairs.verification import (
    ASKED_BELOW,
    ASKED_FROM,
    COMPLETE,
    find_vetoes,
    judge_pair,
    verify_pairs,
)
from pipeline.schemas import CANDIDATES, PAIRS, UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

STORY = (
    "The dam near Torva broke on Monday after three days of rain.",
    "On Monday the dam near Torva broke after three days of rain.",
    "The dam near Torva broke on Monday after five days of rain.",
    "The mayor thanked the volunteers in the evening.",
    "Insurers put the damage at 40 million euros.",
    "A school gym serves as emergency shelter.",
    "Trains between Torva and Melin are cancelled.",
    "Drinking water is brought in by truck.",
    "The army sent two helicopters.",
)


class BagEmbedder:
    """Texts as normalised counts of hashed words."""

    name = "bag"
    digest = "0" * 64

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.full((len(texts), 64), 0.01, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().strip(".").split():
                rows[row, sum(word.encode()) % 64] += 1
        result: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return result


class ConstantModel:
    """Says the same of every pair, and counts what it was asked."""

    digest = "1" * 64
    heads: tuple[str, ...] = ("event", "paraphrase", "strict", "similarity")

    def __init__(self, logit: float) -> None:
        self.logit = logit
        self.asked = 0

    def read_pairs(
        self, lefts: Sequence[str], rights: Sequence[str], *, both_orders: bool = True
    ) -> NDArray[np.float64]:
        assert len(lefts) == len(rights)
        self.asked += len(lefts) * (1 + both_orders)
        return np.full((len(lefts), len(self.heads)), self.logit)


def make_units(texts: Sequence[str], story: str = "s") -> pl.DataFrame:
    return UNITS.build(
        [
            {
                "unit_id": f"{story}{number:02d}",
                "segment_id": f"{story}{number:02d}",
                "article_id": f"{story}{number:02d}",
                "story_id": story,
                "outlet": f"outlet {number}",
                "kind": "sentence",
                "start_char": 0,
                "end_char": len(text),
                "source_language": "en",
                "source_text": text,
                "target_start_char": 0,
                "target_end_char": len(text),
                "target_text": text,
            }
            for number, text in enumerate(texts)
        ]
    )


def make_candidates(units: pl.DataFrame) -> pl.DataFrame:
    ids = units["unit_id"].to_list()
    return CANDIDATES.build(
        [
            {
                "story_id": units["story_id"][0],
                "unit_left": a,
                "unit_right": b,
                "jaccard": 0.0,
                "cosine": 0.0,
            }
            for n, a in enumerate(ids)
            for b in ids[n + 1 :]
        ]
    )


def verify(texts: Sequence[str], model: ConstantModel | None = None) -> pl.DataFrame:
    units = make_units(texts)
    return verify_pairs(
        make_candidates(units), units, MatchingConfig(), embedder=BagEmbedder(), model=model
    )


def test_verify_pairs_merges_a_reordered_sentence_and_no_other() -> None:
    pairs = verify(STORY)
    same = pairs.filter(pl.col("verdict") == "same").select("unit_left", "unit_right").rows()
    assert same == [("s00", "s01")]


def test_verify_pairs_keeps_another_number_apart_and_says_why() -> None:
    pair = verify(STORY).row(by_predicate=(pl.col("unit_left") == "s00")
                             & (pl.col("unit_right") == "s02"), named=True)  # fmt: skip
    assert pair["verdict"] == "differs"
    assert "number" in pair["reason"]
    assert pair["score"] < MatchingConfig().threshold


def test_verify_pairs_scores_lie_between_nought_and_one_and_match_the_verdict() -> None:
    pairs = verify(STORY)
    assert pairs["score"].is_between(0, 1).all()
    same = pairs["verdict"] == "same"
    assert pairs.filter(same)["score"].min() >= MatchingConfig().threshold  # type: ignore[operator]
    assert pairs.filter(~same)["score"].max() < MatchingConfig().threshold  # type: ignore[operator]


def test_verify_pairs_gives_every_pair_a_reason() -> None:
    assert verify(STORY)["reason"].str.len_chars().min() > 0  # type: ignore[operator]


@pytest.mark.parametrize("seed", range(3))
def test_verify_pairs_does_not_depend_on_the_order_of_its_input(seed: int) -> None:
    units = make_units(STORY)
    candidates = make_candidates(units)
    rows = list(range(len(candidates)))
    random.Random(seed).shuffle(rows)
    shuffled = verify_pairs(
        candidates[rows], units.reverse(), MatchingConfig(), embedder=BagEmbedder()
    )
    assert_frame_equal(
        shuffled, verify_pairs(candidates, units, MatchingConfig(), embedder=BagEmbedder())
    )


def test_verify_pairs_judges_two_sentences_without_company() -> None:
    pairs = verify(STORY[:2])
    assert pairs["verdict"].to_list() == ["same"]


def test_verify_pairs_of_nothing_is_an_empty_frame() -> None:
    units = make_units(STORY)
    pairs = verify_pairs(CANDIDATES.empty(), units, MatchingConfig(), embedder=BagEmbedder())
    assert_frame_equal(pairs, PAIRS.empty())


@pytest.mark.parametrize(
    ("kind", "context", "differing_stems", "vetoed"),
    [
        ("number", 1.0, 30.0, True),
        ("modality", 1.0, 30.0, True),
        ("modality", 0.0, 2.0, True),
        ("modality", 0.0, 12.0, False),
        (None, 1.0, 2.0, False),
    ],
    ids=["story", "story soft", "alone minimal", "alone loose", "none"],
)
def test_find_vetoes(
    kind: str | None, context: float, differing_stems: float, vetoed: bool
) -> None:
    row = dict.fromkeys(COMPARISON_SIGNALS, 0.0)
    row |= {"context": context, "differing_stems": differing_stems}
    row |= {f"vetoes_{kind}": 0.9} if kind else {}
    assert find_vetoes(pl.DataFrame([row])).tolist() == [vetoed]


@pytest.mark.parametrize(
    ("probability", "subject", "vetoed", "verdict"),
    [
        (0.5, 0.5, False, "same"),
        (0.49, 0.9, False, "unrelated"),
        (0.9, 0.9, True, "differs"),
        (0.1, 0.3, True, "differs"),
        (0.1, 0.29, True, "unrelated"),
    ],
)
def test_judge_pair(probability: float, subject: float, vetoed: bool, verdict: str) -> None:
    config = MatchingConfig(threshold=0.5, differs_threshold=0.3)
    assert judge_pair(probability, subject, vetoed, config) == verdict


def test_verify_pairs_does_not_ask_the_model_inside_a_story() -> None:
    model = ConstantModel(0.0)
    verify(STORY, model)
    assert model.asked == 0


def test_verify_pairs_listens_to_the_model_on_two_lone_sentences() -> None:
    doubtful = ("The mayor of Torva has resigned.", "Torva's mayor steps down.")
    low, high = (verify(doubtful, ConstantModel(logit))["score"][0] for logit in (-5.0, 5.0))
    assert low < 0.5 < high


def test_measure_likeness_among_clauses_measures_words_only_if_asked() -> None:
    units = make_units(STORY).with_columns(
        kind=pl.when(pl.col("unit_id") == "s08").then(pl.lit("clause")).otherwise("kind")
    )
    candidates = make_candidates(units)
    plain = measure_likeness(candidates, units, embedder=BagEmbedder())
    every = measure_likeness(candidates, units, embedder=BagEmbedder(), every=True)
    assert plain["context"].unique().to_list() == [AMONG_CLAUSES]
    assert plain["bertscore"].max() == 0.0
    assert every["bertscore"].max() > 0.9  # type: ignore[operator]
    assert_frame_equal(plain.drop("bertscore", "bertscore_most"),
                       every.drop("bertscore", "bertscore_most"))  # fmt: skip


class StoryModel(ConstantModel):
    """As the model for stories; a high logit says one fact, a low one says none."""

    heads = ("event", "conflict")


def verify_among_clauses(model: StoryModel | None) -> pl.DataFrame:
    units = make_units((*STORY[:8], "They came on Monday.")).with_columns(
        kind=pl.when(pl.col("unit_id") == "s08").then(pl.lit("clause")).otherwise("kind")
    )
    return verify_pairs(
        make_candidates(units), units, MatchingConfig(), embedder=BagEmbedder(), story_model=model
    )


def test_verify_pairs_asks_the_story_model_of_what_is_open_among_clauses() -> None:
    units = make_units(STORY)
    sentences, clauses = StoryModel(0.0), StoryModel(0.0)
    verify_pairs(
        make_candidates(units), units, MatchingConfig(), embedder=BagEmbedder(),
        story_model=sentences,
    )  # fmt: skip
    plain = verify_among_clauses(None)
    verify_among_clauses(clauses)
    assert sentences.asked == 0
    # A pair that a detail forbids does not show its probability.
    open_yet = pl.col("score").is_between(ASKED_FROM, ASKED_BELOW, closed="left")
    shown = plain.filter(open_yet & (pl.col("verdict") != "differs")).height
    assert 0 < shown <= clauses.asked < len(plain)


def test_verify_pairs_listens_to_the_story_model() -> None:
    low, high = (verify_among_clauses(StoryModel(logit))["score"] for logit in (-5.0, 5.0))
    assert (low <= high).all()
    assert (low < high).any()


def test_verify_pairs_takes_a_complete_agreement_for_one_fact() -> None:
    texts = (
        "The storm destroyed four barns near Kiel.",
        "Four barns near Kiel were destroyed by the storm.",
    )
    assert verify(texts, ConstantModel(-3.0))["score"][0] >= COMPLETE
