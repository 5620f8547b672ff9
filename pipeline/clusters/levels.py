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

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import polars as pl

    from pipeline.clusters.growth import PairGraph

# A remainder shorter than this ("sagte sie der Zeitung") goes with the clause beside it.
MIN_REMAINDER_WORDS = 4
# A heading that says less than a sentence of its own article still goes with it.
HEADING_FLOOR = 0.3
HEADINGS = ("headline", "subheading")


@dataclass(frozen=True, slots=True)
class Cut:
    """A segment's unit and its clauses' units in order (none when it has only one clause)."""

    whole: str
    clauses: tuple[str, ...]
    word_counts: tuple[int, ...]
    is_heading: bool


def read_cuts(units: pl.DataFrame) -> dict[str, Cut]:
    """Segment id -> its cut, in order of the segment ids."""
    ordered = units.sort("segment_id", "start_char", "unit_id")
    clauses: dict[str, list[tuple[str, int]]] = defaultdict(list)
    wholes: dict[str, tuple[str, bool]] = {}
    columns = ordered.select("unit_id", "segment_id", "kind", "source_text")
    for unit, segment, kind, text in columns.iter_rows():
        if kind == "clause":
            clauses[segment].append((unit, len(text.split())))
        else:
            wholes[segment] = (unit, kind in HEADINGS)
    return {
        segment: Cut(
            whole,
            tuple(unit for unit, _ in clauses[segment]),
            tuple(count for _, count in clauses[segment]),
            is_heading,
        )
        for segment, (whole, is_heading) in wholes.items()
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
        if cut.is_heading:
            continue
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
    clusters: Sequence[tuple[str, ...]],
    graph: PairGraph,
    cuts: Mapping[str, Cut],
    articles: Mapping[str, str],
) -> list[tuple[str, ...]]:
    """The clusters with each heading in the one it sums up; `articles` is by unit.

    A heading says less than a sentence and resembles many, so headings come last: they neither
    found a cluster nor keep others from it. Both parts of `Dam overflows – 1,400 leave their
    homes` may go to different facts. A heading that fits none ("What the dispute is about") is
    in no cluster, unless its article has nothing else.
    """
    joined = [list(members) for members in clusters]
    stated = {articles[unit] for members in clusters for unit in members}
    for cut in cuts.values():
        if not cut.is_heading:
            continue
        homes = {unit: _find_home(unit, clusters, graph, articles) for unit in cut.clauses}
        if not any(home is not None for home in homes.values()):
            homes = {cut.whole: _find_home(cut.whole, clusters, graph, articles)}
        for unit, home in homes.items():
            if home is not None:
                joined[home].append(unit)
        if articles[cut.whole] not in stated:
            joined.append([cut.whole])
    return sorted(tuple(sorted(members)) for members in joined)


def _find_home(
    unit: str,
    clusters: Sequence[tuple[str, ...]],
    graph: PairGraph,
    articles: Mapping[str, str],
) -> int | None:
    """Place of the cluster the heading fits best, by mean score with the members.

    It must be `same` as one and differ from none. Failing that, it may go with what only its own
    article says, if it resembles that enough: no outlet is counted for a vague heading.
    """
    scores, same = graph.scores.get(unit, {}), graph.same.get(unit, set())
    differs = graph.differs.get(unit, set())
    fits: list[tuple[bool, float, int]] = []
    for place, members in enumerate(clusters):
        known = sorted(scores[member] for member in members if member in scores)
        if not known or not differs.isdisjoint(members):
            continue
        fit = sum(known) / len(known)
        own = all(articles[member] == articles[unit] for member in members)
        matches = not same.isdisjoint(members)
        if matches or (own and known[-1] >= HEADING_FLOOR):
            fits.append((matches, fit, -place))
    return -max(fits)[2] if fits else None
