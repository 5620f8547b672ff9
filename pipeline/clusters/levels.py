"""Groups of units in, clusters out: each sentence stands as a whole or as its clauses.

A sentence and its clauses are matched side by side. Where the sentence as a whole matches and no
clause says more, the sentence is the mention. Where a clause matches something its sentence does
not, the clause is the mention, and what remains of the sentence stands as a fact of its own, so
that nothing is lost and nothing is said twice.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pipeline.clusters.growth import PairGraph

# A remainder shorter than this ("sagte sie der Zeitung") goes with the clause beside it.
MIN_REMAINDER_WORDS = 4
# A heading that says less than a sentence of its own article still goes with it.
HEADING_SHARE = 0.5
HEADINGS = ("headline", "teaser", "subheading")


@dataclass(frozen=True, slots=True)
class Cut:
    """A segment's unit and its clauses' units in order (none when it has only one clause)."""

    whole: str
    clauses: tuple[str, ...]
    word_counts: tuple[int, ...]


def read_cuts(units: pl.DataFrame) -> dict[str, Cut]:
    """Segment id -> its cut, in order of the segment ids."""
    ordered = units.sort("segment_id", "start_char", "unit_id")
    clauses: dict[str, list[tuple[str, int]]] = defaultdict(list)
    wholes: dict[str, str] = {}
    columns = ordered.select("unit_id", "segment_id", "kind", "source_text")
    for unit, segment, kind, text in columns.iter_rows():
        if kind == "clause":
            clauses[segment].append((unit, len(text.split())))
        else:
            wholes[segment] = unit
    return {
        segment: Cut(
            whole,
            tuple(unit for unit, _ in clauses[segment]),
            tuple(count for _, count in clauses[segment]),
        )
        for segment, whole in wholes.items()
    }


def choose_levels(
    groups: Iterable[Collection[str]], graph: PairGraph, cuts: Mapping[str, Cut]
) -> list[tuple[str, ...]]:
    """Clusters of units, each sorted; every segment's words stand in one of them."""
    segment_of = {unit: key for key, cut in cuts.items() for unit in (cut.whole, *cut.clauses)}
    group_of: dict[str, int] = {}
    for number, group in enumerate(groups):
        if len({segment_of[unit] for unit in group}) > 1:
            group_of.update(dict.fromkeys(group, number))
    members: dict[int, list[str]] = defaultdict(list)
    for number, group in enumerate(groups):
        members[number].extend(group)
    clusters: dict[int, list[str]] = defaultdict(list)
    alone: list[tuple[str, ...]] = []
    for cut in cuts.values():
        kept, rest = _choose_units(cut, graph, group_of, members)
        for unit, number in kept.items():
            clusters[number].append(unit)
        alone.extend(rest)
    return sorted([*(tuple(sorted(found)) for found in clusters.values()), *alone])


def _choose_units(
    cut: Cut,
    graph: PairGraph,
    group_of: Mapping[str, int],
    members: Mapping[int, Sequence[str]],
) -> tuple[dict[str, int], list[tuple[str, ...]]]:
    """Units that stand in a group, and units that stand alone (runs of clauses together)."""
    clauses = set(cut.clauses)
    matched = {clause: group_of[clause] for clause in cut.clauses if clause in group_of}
    disputed = {c for c in cut.clauses if not clauses.isdisjoint(graph.differs.get(c, ()))}
    own = group_of.get(cut.whole)
    if not disputed and set(matched.values()) <= {own}:
        return ({cut.whole: own}, []) if own is not None else ({}, [(cut.whole,)])
    if own is not None and own not in matched.values():
        free = clauses - set(matched)
        stand_in = _find_stand_in(free, own, graph, members)
        if stand_in is None and not disputed:
            return {**matched, cut.whole: own}, []
        if stand_in is not None:
            matched[stand_in] = own
    return _divide_rest(cut, matched, disputed)


def _find_stand_in(
    free: Collection[str], group: int, graph: PairGraph, members: Mapping[int, Sequence[str]]
) -> str | None:
    """The clause that matches a member of the sentence's group best, if any matches."""
    found = [
        (score, clause)
        for clause in sorted(free)
        for other in members[group]
        if (score := graph.scores.get(clause, {}).get(other, 0.0)) > 0
        and other in graph.same.get(clause, ())
    ]
    return max(found)[1] if found else None


def _divide_rest(
    cut: Cut, matched: dict[str, int], disputed: Collection[str]
) -> tuple[dict[str, int], list[tuple[str, ...]]]:
    """Unmatched clauses: short ones go with their neighbour, runs of others stand together."""
    placed = dict(matched)
    runs: list[list[str]] = []
    open_run = False
    for position, clause in enumerate(cut.clauses):
        if clause in matched:
            open_run = False
            continue
        neighbours = [
            placed[other]
            for other in (*cut.clauses[max(0, position - 1) : position],
                          *cut.clauses[position + 1 : position + 2])
            if other in placed
        ]  # fmt: skip
        short = cut.word_counts[position] < MIN_REMAINDER_WORDS
        if short and neighbours and clause not in disputed:
            placed[clause] = neighbours[0]
        elif open_run and clause not in disputed:
            runs[-1].append(clause)
        else:
            runs.append([clause])
            open_run = True
    return placed, [tuple(run) for run in runs]


def attach_headings(
    clusters: Sequence[tuple[str, ...]], graph: PairGraph, units: pl.DataFrame, threshold: float
) -> list[tuple[str, ...]]:
    """Clusters in which a heading that stood alone joins the sentence of its article it sums up."""
    articles = dict(units.select("unit_id", "article_id").iter_rows())
    headings = set(units.filter(pl.col("kind").is_in(HEADINGS))["unit_id"])
    place_of = {unit: place for place, members in enumerate(clusters) for unit in members}
    joined = [list(members) for members in clusters]
    for place, members in enumerate(clusters):
        if len(members) > 1 or members[0] not in headings:
            continue
        best = max(
            (
                (score, unit)
                for unit, score in graph.scores.get(members[0], {}).items()
                if unit in place_of
                and unit not in headings
                and articles[unit] == articles[members[0]]
                and score >= threshold * HEADING_SHARE
            ),
            default=None,
        )
        if best is not None:
            joined[place_of[best[1]]].append(members[0])
            joined[place] = []
    return sorted(tuple(sorted(members)) for members in joined if members)
