"""Units: every matched segment, and its clauses where there are two or more."""

from __future__ import annotations

import polars as pl

from pipeline.schemas import ARTICLES, CLAUSE_TARGETS, CLAUSES, SEGMENTS, TRANSLATIONS
from pipeline.units import assign_stories, build_units

TEXT = "Es regnet, weil Wolken da sind. Ende."


def make_units() -> pl.DataFrame:
    articles = ARTICLES.build(
        [{"article_id": "a", "outlet": "A", "language": "de", "path": "a.txt", "text": TEXT}]
    )
    rows = [("sentence", 0, 31), ("byline", 32, 37)]
    segments = SEGMENTS.build(
        [
            {
                "segment_id": f"a#000{n}",
                "article_id": "a",
                "position": n,
                "kind": kind,
                "start_char": start,
                "end_char": end,
                "source_text": TEXT[start:end],
            }
            for n, (kind, start, end) in enumerate(rows)
        ]
    )
    clauses = CLAUSES.build(
        [
            {
                "clause_id": f"a#000{segment}/{n}",
                "segment_id": f"a#000{segment}",
                "position": n,
                "start_char": start,
                "end_char": end,
                "source_text": TEXT[start:end],
            }
            for segment, n, start, end in [(0, 0, 0, 10), (0, 1, 11, 31), (1, 0, 32, 37)]
        ]
    )
    translations = TRANSLATIONS.build(
        [
            {
                "segment_id": "a#0000",
                "target_text": "It rains because there are clouds.",
                "engine": "m",
                "flags": [],
            },
            {"segment_id": "a#0001", "target_text": "End.", "engine": "m", "flags": []},
        ]
    )
    targets = CLAUSE_TARGETS.build(
        [
            {"clause_id": "a#0000/0", "target_start_char": 0, "target_end_char": 8},
            {"clause_id": "a#0000/1"},
        ]
    )
    return build_units(segments, clauses, translations, targets, articles)


def test_build_units_gives_segments_and_aligned_clauses() -> None:
    units = make_units()
    assert units["unit_id"].to_list() == ["a#0000", "a#0000/0"]
    assert units["kind"].to_list() == ["sentence", "clause"]
    assert units["target_text"].to_list() == ["It rains because there are clouds.", "It rains"]
    for start, end, quoted in units.select("start_char", "end_char", "source_text").iter_rows():
        assert TEXT[start:end] == quoted


def test_assign_stories_sets_the_article_s_story() -> None:
    stories = pl.DataFrame({"article_id": ["a"], "story_id": ["rain"]})
    assert assign_stories(make_units(), stories)["story_id"].to_list() == ["rain", "rain"]
