"""Verified pairs in, clusters out: which units state one fact, and which of them is shown.

`growth` joins units by verified pairs, `levels` lets each sentence stand as a whole or as its
clauses, `headings` adds each heading to what it sums up, `canonical` chooses the wording shown.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pipeline.clusters.canonical import choose_canonical
from pipeline.clusters.growth import connect_components, grow_clusters, part_siblings, read_pairs
from pipeline.clusters.headings import attach_headings
from pipeline.clusters.levels import choose_levels, read_cuts
from pipeline.schemas import CLUSTERS, UNITS

if TYPE_CHECKING:
    from collections.abc import Collection

    import polars as pl

    from pipeline.clusters.growth import PairGraph
    from pipeline.clusters.levels import Cut
    from pipeline.config import MatchingConfig

__all__ = ["cluster_units"]


def cluster_units(
    pairs: pl.DataFrame,
    units: pl.DataFrame,
    config: MatchingConfig,
    *,
    doubtful: Collection[str] = frozenset(),
) -> pl.DataFrame:
    """Clusters (schemas.CLUSTERS) sorted by unit_id; every sentence stands in at least one.

    A unit that matches nothing is a cluster of its own. Clauses of a sentence that stands as a
    whole have no row, nor has a sentence that stands as its clauses, nor a heading that states
    none of its article's facts. `doubtful` names segments
    whose translation is flagged: another member is shown where there is one.
    """
    cuts = read_cuts(UNITS.check(units))
    graph = read_pairs(part_siblings(pairs, units), config.threshold)
    articles = dict(units.select("unit_id", "article_id").iter_rows())
    clusters = choose_levels(_grow_groups(graph, cuts, _name_voices(units)), graph, cuts)
    texts = dict(units.select("unit_id", "target_text").iter_rows())
    clusters = attach_headings(clusters, graph, cuts, articles, texts)
    rows: list[dict[str, object]] = []
    headings = {segment for segment, cut in cuts.items() if cut.is_heading}
    unit_of = {row["unit_id"]: row for row in units.iter_rows(named=True)}
    for members in clusters:
        shown = choose_canonical(
            [unit_of[unit] for unit in members], graph.same, headings=headings, doubtful=doubtful
        )
        rows.extend(
            {"unit_id": unit, "cluster_id": shown, "is_canonical": unit == shown}
            for unit in members
        )
    return CLUSTERS.check(CLUSTERS.build(rows).sort("unit_id"))


def _name_voices(units: pl.DataFrame) -> dict[str, str]:
    """Who says nothing twice: an article's body, and apart from it its teaser, which repeats it."""
    rows = units.select("unit_id", "article_id", "segment_id", "kind").to_dicts()
    teasers = {row["segment_id"] for row in rows if row["kind"] == "teaser"}
    return {
        row["unit_id"]: row["article_id"] + " teaser" * (row["segment_id"] in teasers)
        for row in rows
    }


def _grow_groups(
    graph: PairGraph, cuts: dict[str, Cut], articles: dict[str, str]
) -> list[tuple[str, ...]]:
    """Groups of matching units; headings are left out, they come last."""
    overlaps: dict[str, set[str]] = defaultdict(set)
    headings: set[str] = set()
    for cut in cuts.values():
        if cut.is_heading:
            headings.update((cut.whole, *cut.clauses))
        for clause in cut.clauses:
            overlaps[cut.whole].add(clause)
            overlaps[clause].add(cut.whole)
    same = {unit: others - headings for unit, others in graph.same.items() if unit not in headings}
    return [
        group
        for component in connect_components(same)
        for group in grow_clusters(component, graph, overlaps, articles)
    ]
