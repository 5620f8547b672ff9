"""Reported statements: found in their frames, and compared by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.config import MatchingConfig
from pipeline.pairs.candidates import find_candidate_pairs
from pipeline.pairs.reports import find_reported, verify_reports
from pipeline.pairs.verification import verify_pairs
from tests.test_verification import STORY, BagEmbedder, make_units

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIG = MatchingConfig(least_cosine=-1.0)


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        (
            "There is growing fear that the dam will not hold another week.",
            "the dam will not hold another week.",
        ),
        (
            "The union announced that the drivers would strike again on Monday.",
            "the drivers would strike again on Monday.",
        ),
        ("Critics accuse the firm of selling bad seeds.", "the firm selling bad seeds."),
        ("The firm has long been accused of selling bad seeds.", "The firm selling bad seeds."),
        ("The minister denied that the ministry had sold the barracks.", None),
        ("It is unclear whether the bridge will reopen before May.", None),
        ("The police doubt that the man acted alone that night.", None),
        ("Nobody said that the bridge would have to close again.", None),
        ("The report that cost the editor his job came out in May.", None),
        ("The car that hit the boy was driving far too fast.", None),
        ("He was so tired that he fell asleep at the wheel.", None),
        ("The bank is not accused of hiding losses.", None),
        ("The mayor was accused of fraud.", None),
    ],
)
def test_find_reported(text: str, reported: str | None) -> None:
    assert find_reported(text) == reported


FRAMED = "There is growing concern that the dam near Torva broke on Monday after heavy rain."


def read_story(texts: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs that are all called unrelated, and what becomes of them."""
    units = make_units(texts)
    candidates = find_candidate_pairs(units, CONFIG, embedder=BagEmbedder())
    pairs = verify_pairs(candidates, units, CONFIG, embedder=BagEmbedder()).with_columns(
        score=pl.lit(0.2), verdict=pl.lit("unrelated")
    )
    return pairs, verify_reports(pairs, units, CONFIG, embedder=BagEmbedder())


def test_verify_reports_compares_what_is_reported() -> None:
    same = "The dam near Torva broke on Monday after heavy rain."
    pairs, read = read_story([same, *STORY[3:], FRAMED])
    pair = (pl.col("unit_left") == "s00") & (pl.col("unit_right") == "s07")
    found = read.filter(pair).row(0, named=True)
    assert found["verdict"] == "same"
    assert found["score"] >= CONFIG.threshold
    assert found["reason"].startswith("as reported: ")
    assert_frame_equal(pairs.filter(~pair), read.filter(~pair))


def test_verify_reports_changes_nothing_where_nothing_is_reported() -> None:
    pairs, read = read_story(STORY)
    assert_frame_equal(pairs, read)
