"""Sentences already in one language in, one row a distinct sentence-fact out.

Up to SMALL_LIMIT sentences the whole matching runs, as for a fact sheet. A corpus goes a cheaper
way with bounded memory: exact repeats first, candidates from LSH bands and static vectors, and a
verification on signals that need no transformer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from pipeline.config import Config
from pipeline.dedup.corpus import match_corpus
from pipeline.dedup.files import check_suffix, frame_bytes, read_sentences
from pipeline.errors import InputError
from pipeline.schemas import ARTICLES, PAIRS, UNITS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.embedding import Embedder

    Progress = Callable[[str, int, int], None]

# Above it the transformer would need minutes where the static vectors need seconds.
SMALL_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class DedupResult:
    """What `deduplicate` found.

    `sentences` has id, text, group, cluster_id, duplicate_count (members but the one shown) and
    member_ids (the one shown first), in the order of the input. `pairs` has id_left, id_right,
    jaccard, cosine, score, verdict, reason.
    """

    sentences: pl.DataFrame
    pairs: pl.DataFrame
    notes: tuple[str, ...]
    sentence_count: int


def deduplicate(
    sentences: pl.DataFrame,
    config: Config | None = None,
    *,
    text_column: str = "text",
    id_column: str = "id",
    group_column: str = "group",
    story_column: str | None = None,
    progress: Progress | None = None,
) -> DedupResult:
    """Sentences that state the same fact, found and put together; see DedupResult.

    Only `text_column` must be there: ids default to row numbers, groups to none. With a story
    column, pairs are sought inside one story only; without one, the groups are put into stories.

    Raises:
        InputError: a named column is missing, or an id stands twice.
    """
    config = config or Config()
    say = progress or (lambda _stage, _done, _total: None)
    rows, notes = _normalise_columns(sentences, text_column, id_column, group_column, story_column)
    usable = rows.filter(pl.col("text").str.strip_chars().str.len_chars() > 0)
    if usable.height < rows.height:
        left_out = rows.join(usable, on="id", how="anti")["id"].to_list()
        shown = ", ".join(left_out[:5]) + (", …" if len(left_out) > 5 else "")
        notes.append(f"left out {len(left_out)} of {rows.height} rows without text: {shown}")
    if usable.height <= SMALL_LIMIT:
        pairs, clusters = _match_small(usable, config, story_column is not None, say)
    else:
        pairs, clusters = match_corpus(_build_units(usable), config, say)
    return DedupResult(
        sentences=_assemble(usable, clusters),
        pairs=pairs.select(
            "jaccard", "cosine", "score", "verdict", "reason",
            id_left="unit_left", id_right="unit_right",
        ).select("id_left", "id_right", "jaccard", "cosine", "score", "verdict", "reason"),
        notes=tuple(notes),
        sentence_count=usable.height,
    )  # fmt: skip


def deduplicate_file(
    source: Path,
    out: Path,
    config: Config | None = None,
    *,
    pairs_path: Path | None = None,
    text_column: str = "text",
    id_column: str = "id",
    group_column: str = "group",
    story_column: str | None = None,
    progress: Progress | None = None,
) -> DedupResult:
    """`deduplicate` from a file to a file (.jsonl, .csv or .parquet, told by the suffix)."""
    from pipeline.store import check_writable, write_file

    targets = [out] if pairs_path is None else [out, pairs_path]
    for target in targets:
        check_suffix(target, "write")
        check_writable(target.parent)
    result = deduplicate(
        read_sentences(source),
        config,
        text_column=text_column,
        id_column=id_column,
        group_column=group_column,
        story_column=story_column,
        progress=progress,
    )
    write_file(out, frame_bytes(result.sentences, out.suffix))
    if pairs_path is not None:
        write_file(pairs_path, frame_bytes(result.pairs, pairs_path.suffix))
    return result


def _normalise_columns(
    sentences: pl.DataFrame, text: str, id_: str, group: str, story: str | None
) -> tuple[pl.DataFrame, list[str]]:
    """Columns id, text, group, story as strings, and notes on what was filled in."""
    found = ", ".join(sentences.columns) or "none"
    if text not in sentences.columns:
        raise InputError(f"no column {text!r} with the sentence; found {found}; use --text-column")
    if story is not None and story not in sentences.columns:
        raise InputError(f"no column {story!r} with the story; found {found}; use --story-column")
    notes = []
    if id_ not in sentences.columns:
        notes.append(f"no column {id_!r}: rows are numbered from 0")
        sentences = sentences.with_row_index(id_)
    empty = pl.lit(None, pl.String)
    rows = sentences.select(
        id=pl.col(id_).cast(pl.String),
        text=pl.col(text).cast(pl.String).fill_null(""),
        group=pl.col(group).cast(pl.String) if group in sentences.columns else empty,
        story=pl.col(story).cast(pl.String).fill_null("") if story else pl.lit(""),
    )
    missing = rows["id"].null_count()
    if missing:
        raise InputError(f"{missing} rows have no {id_!r}; fill it or choose another --id-column")
    repeated = rows.filter(pl.len().over("id") > 1)["id"]
    if repeated.len():
        raise InputError(f"{id_!r} must be unique; {repeated[0]!r} stands more than once")
    return rows, notes


def _match_small(
    rows: pl.DataFrame, config: Config, has_stories: bool, say: Progress
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs and clusters (unit_id, cluster_id) by the whole matching."""
    from pipeline.clusters import cluster_units
    from pipeline.embedding import load_embedder
    from pipeline.pairs.candidates import find_candidate_pairs
    from pipeline.pairs.model import load_same_fact_model
    from pipeline.pairs.verification import verify_pairs

    embedder = load_embedder(config.matching.embedder)
    units = _build_units(rows)
    if not has_stories and rows["group"].null_count() < rows.height:
        units = _find_stories(units, rows, config, embedder)
    embedder.encode(units["target_text"].to_list())  # all at once: batches of equal length
    candidates = find_candidate_pairs(units, config.matching, embedder=embedder)
    say("compare", 0, candidates.height)
    pairs = verify_pairs(
        candidates, units, config.matching, embedder=embedder, model=load_same_fact_model()
    )
    say("compare", candidates.height, candidates.height)
    return PAIRS.check(pairs), cluster_units(pairs, units, config.matching)


def _find_stories(
    units: pl.DataFrame, rows: pl.DataFrame, config: Config, embedder: Embedder
) -> pl.DataFrame:
    """Units with stories found by treating each group as an article."""
    from pipeline.stories import group_articles
    from pipeline.units import assign_stories

    articles = ARTICLES.check(
        rows.with_columns(article_id=pl.coalesce("group", "id"))
        .group_by("article_id", maintain_order=True)
        .agg(text=pl.col("text").str.join("\n"))
        .select(
            "article_id",
            outlet="article_id",
            title=pl.lit(None, pl.String),
            published=pl.lit(None, pl.Date),
            language=pl.lit("en"),
            url=pl.lit(None, pl.String),
            path=pl.lit("-"),
            text="text",
        )
    )
    stories = group_articles(articles, units, config.matching, embedder=embedder)
    return assign_stories(units, stories)


def _build_units(rows: pl.DataFrame) -> pl.DataFrame:
    """One unit a row; an absent group makes the row an article of its own."""
    own = pl.coalesce("group", "id")
    return UNITS.check(
        rows.select(
            unit_id="id",
            segment_id="id",
            article_id=own,
            story_id="story",
            outlet=own,
            published=pl.lit(None, pl.Date),
            kind=pl.lit("sentence"),
            start_char=pl.lit(0, pl.Int64),
            end_char=pl.col("text").str.len_chars().cast(pl.Int64),
            source_language=pl.lit("en"),
            source_text="text",
            target_start_char=pl.lit(0, pl.Int64),
            target_end_char=pl.col("text").str.len_chars().cast(pl.Int64),
            target_text="text",
        ).sort("unit_id")
    )


def _assemble(rows: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
    """One row a cluster, that of its canonical member, in input order."""
    members = (
        rows.select("id")
        .with_row_index("order")
        .join(clusters.select(id="unit_id", cluster_id="cluster_id"), on="id")
        .with_columns(is_shown=pl.col("id") == pl.col("cluster_id"))
        .sort("cluster_id", pl.col("is_shown").not_(), "order")
        .group_by("cluster_id", maintain_order=True)
        .agg(member_ids="id")
    )
    return (
        rows.with_row_index("order")
        .join(members, left_on="id", right_on="cluster_id")
        .sort("order")
        .select(
            "id",
            "text",
            "group",
            cluster_id="id",
            duplicate_count=pl.col("member_ids").list.len().cast(pl.Int64) - 1,
            member_ids="member_ids",
        )
    )
