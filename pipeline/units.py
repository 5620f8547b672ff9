"""Segments, clauses and translations in, units out: the spans that are compared.

Every matched segment is a unit; a segment of two clauses or more adds one unit a clause, so that
a fact inside a longer sentence can be found on its own.
"""

from __future__ import annotations

import polars as pl

from pipeline.schemas import (
    ARTICLES,
    CLAUSE_TARGETS,
    CLAUSES,
    MATCHED_KINDS,
    SEGMENTS,
    TRANSLATIONS,
    UNITS,
)


def build_units(
    segments: pl.DataFrame,
    clauses: pl.DataFrame,
    translations: pl.DataFrame,
    clause_targets: pl.DataFrame,
    articles: pl.DataFrame,
) -> pl.DataFrame:
    """Units (schemas.UNITS) sorted by unit_id, with an empty story_id until stories are known.

    A clause whose target span is not known, or whose segment has no second clause, is no unit:
    its segment stands for it. A segment without a translation is no unit either.
    """
    whole = _join_translations(SEGMENTS.check(segments), translations, articles)
    by_segment = pl.len().over("segment_id")
    parts = (
        CLAUSES.check(clauses)
        .filter(by_segment > 1)
        .join(CLAUSE_TARGETS.check(clause_targets), on="clause_id", how="inner")
        .filter(pl.col("target_end_char") > pl.col("target_start_char"))
        .join(whole.drop("source_text", "start_char", "end_char", "kind"), on="segment_id")
        .with_columns(
            unit_id="clause_id",
            kind=pl.lit("clause"),
            target_text=_slice_target(),
        )
    )
    columns = list(UNITS.columns)
    whole_units = whole.with_columns(
        unit_id="segment_id",
        target_start_char=pl.lit(0, pl.Int64),
        target_end_char=pl.col("target_text").str.len_chars().cast(pl.Int64),
    )
    units = pl.concat([whole_units.select(columns), parts.select(columns)])
    return UNITS.check(units.sort("unit_id"))


def assign_stories(units: pl.DataFrame, stories: pl.DataFrame) -> pl.DataFrame:
    """The units with the story_id of their article; `stories` has article_id and story_id."""
    known = stories.select("article_id", "story_id")
    return UNITS.check(units.drop("story_id").join(known, on="article_id").sort("unit_id"))


def _join_translations(
    segments: pl.DataFrame, translations: pl.DataFrame, articles: pl.DataFrame
) -> pl.DataFrame:
    translated = TRANSLATIONS.check(translations).select("segment_id", "target_text")
    about = ARTICLES.check(articles).select(
        "article_id", "outlet", "published", source_language="language"
    )
    return (
        segments.filter(pl.col("kind").is_in(MATCHED_KINDS))
        .join(translated, on="segment_id")
        .join(about, on="article_id")
        .with_columns(story_id=pl.lit(""))
    )


def _slice_target() -> pl.Expr:
    start = pl.col("target_start_char")
    return pl.col("target_text").str.slice(start, pl.col("target_end_char") - start)
