"""Groups of units in, clusters out: each sentence stands as a whole or as its clauses.

A sentence and its clauses are matched side by side. Where the sentence as a whole matches and no
clause says more, the sentence is the mention. Where a clause matches something its sentence does
not, the clause is the mention, and what remains of the sentence stands as a fact of its own, so
that nothing is lost and nothing is said twice.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import polars as pl

    from pipeline.clusters.growth import PairGraph

# A remainder shorter than this ("sagte sie der Zeitung") goes with the clause beside it.
MIN_REMAINDER_WORDS = 4
# A clause that matches a group nearly as well as its sentence is the mention.
CLAUSE_LEEWAY = 0.0
HEADINGS = ("headline", "subheading")


@dataclass(frozen=True, slots=True)
class Cut:
    """A segment's unit and its clauses' units in order (none when it has only one clause)."""

    whole: str
    clauses: tuple[str, ...]
    word_counts: tuple[int, ...]
    is_heading: bool


@dataclass(slots=True)
class Choice:
    """Where a segment's units stand: in a group, alone, or with the clause beside them."""

    kept: dict[str, int] = field(default_factory=dict)
    alone: list[tuple[str, ...]] = field(default_factory=list)
    absorbed: dict[str, str] = field(default_factory=dict)


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
    choices = [
        _choose_units(cut, graph, group_of, members) for cut in cuts.values() if not cut.is_heading
    ]
    found: dict[int, list[str]] = defaultdict(list)
    for choice in choices:
        for unit, number in choice.kept.items():
            found[number].append(unit)
    clusters = [set(settled) for units in found.values() for settled in _settle(units, graph)]
    place_of = {unit: place for place, units in enumerate(clusters) for unit in units}
    for choice in choices:
        for unit, beside in choice.absorbed.items():
            clusters[place_of[beside]].add(unit)
        clusters.extend(set(run) for run in choice.alone)
    return sorted(tuple(sorted(units)) for units in clusters)


def _settle(found: Collection[str], graph: PairGraph) -> list[tuple[str, ...]]:
    """The cluster around the unit that most others match; what doesn't match it, by itself.

    Sentences that gave way to their clauses may have been what held a group together.
    """
    settled = []
    rest = sorted(found)
    while rest:
        own = set(rest)
        centre = min(rest, key=lambda unit: (-len(own & set(graph.same.get(unit, ()))), unit))
        kept = {centre} | (own & set(graph.same.get(centre, ())))
        settled.append(tuple(sorted(kept)))
        rest = sorted(own - kept)
    return settled


def _choose_units(
    cut: Cut,
    graph: PairGraph,
    group_of: Mapping[str, int],
    members: Mapping[int, Sequence[str]],
) -> Choice:
    """The sentence, or its clauses, in their groups."""
    clauses = set(cut.clauses)
    matched = {clause: group_of[clause] for clause in cut.clauses if clause in group_of}
    disputed = {c for c in cut.clauses if not clauses.isdisjoint(graph.differs.get(c, ()))}
    own = group_of.get(cut.whole)
    if not disputed and set(matched.values()) <= {own}:
        if own is None:
            return Choice(alone=[(cut.whole,)])
        closer = _find_closer(cut, matched, graph, members[own])
        if not closer:
            return Choice(kept={cut.whole: own})
        matched = dict.fromkeys(closer, own)
    elif own is not None and own not in matched.values():
        stand_in = _find_stand_in(clauses - set(matched), own, graph, members)
        if stand_in is not None:
            matched[stand_in] = own
        elif not disputed:
            return Choice(kept={**matched, cut.whole: own})
    return _divide_rest(cut, matched, disputed)


def _find_closer(
    cut: Cut, matched: Collection[str], graph: PairGraph, members: Collection[str]
) -> list[str]:
    """Clauses that match the group as well as their sentence does: the rest says something else."""
    inside = {cut.whole, *cut.clauses}

    def fit(unit: str) -> float:
        scores = graph.scores.get(unit, {})
        known = sorted(scores[m] for m in members if m not in inside and m in scores)
        return sum(known) / len(known) if known else 0.0

    least = fit(cut.whole) - CLAUSE_LEEWAY
    return [clause for clause in cut.clauses if clause in matched and fit(clause) >= least]


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


def _divide_rest(cut: Cut, matched: dict[str, int], disputed: Collection[str]) -> Choice:
    """Unmatched clauses: short ones go with their neighbour, runs of others stand together."""
    choice = Choice(kept=dict(matched))
    open_run = False
    for position, clause in enumerate(cut.clauses):
        if clause in matched:
            open_run = False
            continue
        beside = [
            other
            for other in (*cut.clauses[max(0, position - 1) : position],
                          *cut.clauses[position + 1 : position + 2])
            if other in matched
        ]  # fmt: skip
        short = cut.word_counts[position] < MIN_REMAINDER_WORDS
        if short and beside and clause not in disputed:
            choice.absorbed[clause] = beside[0]
        elif open_run and clause not in disputed:
            choice.alone[-1] = (*choice.alone[-1], clause)
        else:
            choice.alone.append((clause,))
            open_run = True
    return choice
