"""The quality gate of segments and clauses against the annotated stories."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

import polars as pl
import pytest

from pipeline.config import SegmentConfig
from pipeline.segments import segment_articles
from tests.eval.gold import GoldStory, gold_folder, load_gold_story
from tests.eval.segmentation import FLOORS, STORIES, score_clauses, score_segments

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(params=STORIES, scope="module")
def story(request: pytest.FixtureRequest) -> GoldStory:
    folder = gold_folder(request.param)
    if folder is None:
        pytest.skip("the two original articles lie beside the project, in ../shared, not in it")
    return load_gold_story(folder)


def test_segment_articles_agrees_with_the_annotation(story: GoldStory) -> None:
    scores = score_segments(story)
    floor = FLOORS[story.name][0]
    assert scores.cut == scores.gold
    assert scores.same_kind / scores.gold >= floor


def test_cut_clauses_covers_the_annotated_mentions(story: GoldStory) -> None:
    scores = score_clauses(story)
    assert scores.mean_iou >= FLOORS[story.name][1]
    assert scores.mean_iou > scores.sentence_iou + 0.05


def wrap(text: str) -> str:
    """The text as a wire would send it: 72 characters a line, an empty line after a paragraph."""
    paragraphs = (line for line in text.splitlines() if line.strip())
    return "\n\n".join(
        textwrap.fill(line, 72, break_on_hyphens=False, break_long_words=False)
        for line in paragraphs
    )


LAYOUTS: dict[str, Callable[[str], str]] = {
    "empty lines": lambda text: re.sub(r"\n+", "\n\n", text),
    "no empty lines": lambda text: re.sub(r"\n+", "\n", text),
    "windows": lambda text: text.replace("\n", "\r\n"),
    "indented": lambda text: "\n".join(f"   {line}  " for line in text.splitlines()),
    "no-break spaces": lambda text: text.replace("z. B.", "z.\u00a0B.").replace(
        "d. h.", "d.\u00a0h."
    ),
    "wrapped": wrap,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_segment_articles_agrees_whatever_the_layout(story: GoldStory, layout: str) -> None:
    laid_out = [LAYOUTS[layout](text) for text in story.articles["text"]]
    articles = story.articles.with_columns(text=pl.Series(laid_out))
    segments = segment_articles(articles, SegmentConfig())
    columns = ["article_id", "position", "kind", "source_text"]
    plain = pl.col("source_text").str.replace_all(r"\s+", " ")
    got, wanted = (
        frame.select(columns).with_columns(plain) for frame in (segments, story.segments)
    )
    assert got.sort(columns).rows() == wanted.sort(columns).rows()
