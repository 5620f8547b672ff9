"""A corpus of sentences in, pairs and clusters out, in bounded memory and on all cores.

Exact repeats are put together first. Candidates come from LSH bands and static vectors; their
verification needs no transformer: the similarity signals with static cosines, and the explicit
comparison of numbers, names and negations. Without the same-fact model it is more careful.
"""

from __future__ import annotations

import multiprocessing
import os
import re
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl

from pipeline.schemas import CLUSTERS, PAIRS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.config import Config, MatchingConfig
    from pipeline.embedding import Embedder

    Progress = Callable[[str, int, int], None]

# Candidate pairs a worker takes at once: some 50 MB with their texts and signals.
CHUNK_PAIRS = 20_000
# Pairs inside a set of identical texts: all of them while it is small, then a star.
ALL_PAIRS_LIMIT = 20
SPACE = re.compile(r"\s+")


def match_corpus(
    units: pl.DataFrame, config: Config, say: Progress
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs (schemas.PAIRS) and clusters (schemas.CLUSTERS) of units of any number.

    A pair of two stories is no candidate; beyond that stories play no part.
    """
    from pipeline.clusters import cluster_units
    from pipeline.distillation import load_static_embedder
    from pipeline.embedding import load_embedder
    from pipeline.pairs.corpus import find_corpus_candidates

    distinct, repeats = fold_repeats(units)
    embedder = load_static_embedder(load_embedder(config.matching.embedder))
    candidates = find_corpus_candidates(
        distinct, embedder=embedder, progress=lambda done, total: say("find pairs", done, total)
    )
    pairs = pl.concat([PAIRS.empty(), *_verify_chunks(candidates, distinct, config.matching, say)])
    clusters = cluster_units(pairs, distinct, config.matching)
    return (
        PAIRS.check(pl.concat([pairs, pair_repeats(repeats)]).sort("unit_left", "unit_right")),
        CLUSTERS.check(pl.concat([clusters, _join_repeats(repeats, clusters)]).sort("unit_id")),
    )


def fold_repeats(units: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Units with distinct texts, and the others (unit_id, kept_id, story_id).

    Texts are the same when they are once white space is levelled; the smallest unit_id is kept.
    """
    level = pl.col("target_text").str.replace_all(SPACE.pattern, " ").str.strip_chars()
    marked = units.with_columns(
        kept_id=pl.col("unit_id").min().over("story_id", level),
    )
    is_kept = pl.col("unit_id") == pl.col("kept_id")
    return (
        marked.filter(is_kept).drop("kept_id"),
        marked.filter(is_kept.not_()).select("unit_id", "kept_id", "story_id").sort("unit_id"),
    )


def pair_repeats(repeats: pl.DataFrame) -> pl.DataFrame:
    """Pairs of identical texts, each with score 1: all of a small set, a star of a large one."""
    rows: list[dict[str, object]] = []
    for (kept, story), members in repeats.group_by("kept_id", "story_id", maintain_order=True):
        ids = sorted([str(kept), *members["unit_id"].to_list()])
        ties = (
            combinations(ids, 2)
            if len(ids) <= ALL_PAIRS_LIMIT
            else ((ids[0], other) for other in ids[1:])
        )
        rows += [
            {
                "story_id": story,
                "unit_left": left,
                "unit_right": right,
                "jaccard": 1.0,
                "cosine": 1.0,
                "score": 1.0,
                "verdict": "same",
                "reason": "identical text",
            }
            for left, right in ties
        ]
    return PAIRS.build(rows)


def _join_repeats(repeats: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
    """Repeats as members of the cluster of the unit kept for them."""
    return repeats.join(clusters, left_on="kept_id", right_on="unit_id").select(
        "unit_id", "cluster_id", is_canonical=pl.lit(value=False)
    )


def _verify_chunks(
    candidates: pl.DataFrame, units: pl.DataFrame, config: MatchingConfig, say: Progress
) -> Iterator[pl.DataFrame]:
    """Verified pairs chunk by chunk, in order, by as many processes as there are cores."""
    chunks = [
        candidates.slice(start, CHUNK_PAIRS) for start in range(0, candidates.height, CHUNK_PAIRS)
    ]
    verify = partial(_verify_chunk, config=config)
    tasks = ((chunk, _units_of(chunk, units)) for chunk in chunks)
    done = 0
    # Spawned: the parent's libraries hold threads that a fork would cut off.
    context = multiprocessing.get_context("spawn")
    workers = min(os.cpu_count() or 1, max(1, len(chunks)))
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting = []
        for task in tasks:
            waiting.append(pool.submit(verify, *task))
            # Never more than two chunks a worker in flight: memory stays bounded.
            if len(waiting) >= 2 * workers:
                result = waiting.pop(0).result()
                done += result.height
                say("compare", done, candidates.height)
                yield result
        for future in waiting:
            result = future.result()
            done += result.height
            say("compare", done, candidates.height)
            yield result


def _units_of(chunk: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    ids = pl.concat([chunk["unit_left"], chunk["unit_right"]]).unique()
    # As clauses: only whole segments make a story, and a corpus has no story to be measured by.
    return units.join(ids.to_frame("unit_id"), on="unit_id", how="semi").with_columns(
        kind=pl.lit("clause")
    )


def _verify_chunk(chunk: pl.DataFrame, units: pl.DataFrame, config: MatchingConfig) -> pl.DataFrame:
    from pipeline.pairs.verification import verify_pairs

    embedder = _load_static(config.embedder)
    return verify_pairs(chunk, units, config, embedder=embedder, model=None)


@lru_cache(maxsize=1)
def _load_static(name: str) -> Embedder:
    from pipeline.distillation import load_static_embedder
    from pipeline.embedding import load_embedder

    return load_static_embedder(load_embedder(name))
