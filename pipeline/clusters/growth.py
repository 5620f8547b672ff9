"""Verified pairs in, groups of units out: average linkage that never drifts.

Only pairs with verdict `same` connect. The best pair of groups is joined first, and only while
the whole still fits one centre: some member is `same` with every other member, and no two
members differ. So a chain a-b, b-c never joins a and c that don't match, and the result does not
depend on the order of the input.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from pipeline.schemas import PAIRS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


# Two groups whose pairs are less alike than this on average are held together by few of them.
# With a centre that all fit, .35 joins six gold pairs more than .4 at the same precision.
LEAST_AVERAGE = 0.35


@dataclass(frozen=True, slots=True)
class PairGraph:
    """Verified pairs, readable from both sides."""

    scores: Mapping[str, dict[str, float]]  # pairs that don't differ
    same: Mapping[str, set[str]]
    differs: Mapping[str, set[str]]


def read_pairs(pairs: pl.DataFrame, threshold: float) -> PairGraph:
    """What connects (verdict `same` at or above the threshold) and what forbids (`differs`)."""
    scores: defaultdict[str, dict[str, float]] = defaultdict(dict)
    same: defaultdict[str, set[str]] = defaultdict(set)
    differs: defaultdict[str, set[str]] = defaultdict(set)
    columns = PAIRS.check(pairs).select("unit_left", "unit_right", "score", "verdict")
    for left, right, score, verdict in columns.iter_rows():
        if verdict == "differs":
            differs[left].add(right)
            differs[right].add(left)
            continue
        scores[left][right] = scores[right][left] = score
        if verdict == "same" and score >= threshold:
            same[left].add(right)
            same[right].add(left)
    return PairGraph(scores, same, differs)


def part_siblings(pairs: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """The pairs without those of one sentence's clauses that are alike; those that differ stay.

    A sentence does not say one thing twice: two clauses that look the same ("which began at six,
    and ends at six on Friday") would keep each other from the facts they state.
    """
    segment = units.select("unit_id", "segment_id")
    sides = pairs.join(segment, left_on="unit_left", right_on="unit_id", maintain_order="left")
    sides = sides.join(
        segment, left_on="unit_right", right_on="unit_id", suffix="_right", maintain_order="left"
    )
    beside = pl.col("segment_id") == pl.col("segment_id_right")
    return sides.filter(~beside | (pl.col("verdict") == "differs")).select(pairs.columns)


def connect_components(same: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Connected components of the `same` pairs, each sorted, in order of their first member."""
    seen: set[str] = set()
    components = []
    for start in sorted(same):
        if start in seen:
            continue
        seen.add(start)
        component, waiting = [start], [start]
        while waiting:
            new = set(same[waiting.pop()]) - seen
            seen |= new
            component.extend(new)
            waiting.extend(new)
        components.append(sorted(component))
    return components


def grow_clusters(
    component: Collection[str],
    graph: PairGraph,
    overlaps: Mapping[str, Collection[str]],
    articles: Mapping[str, str],
) -> list[tuple[str, ...]]:
    """The component's units in groups, each sorted, in order of their first member.

    `overlaps` names the units cut from the same words (a sentence and its clauses): they are
    never compared, so they need not match each other. `articles` is by unit: a newspaper seldom
    says one thing twice, so two units of one article share a group only when they match.
    """
    growth = _Growth(component, graph, overlaps, articles)
    growth.run()
    return sorted(tuple(sorted(members)) for members in growth.groups.values())


class _Growth:
    """Groups by number while they grow; a joined group gets a new number."""

    def __init__(
        self,
        component: Collection[str],
        graph: PairGraph,
        overlaps: Mapping[str, Collection[str]],
        articles: Mapping[str, str],
    ) -> None:
        self.graph = graph
        self.overlaps = overlaps
        self.articles = articles
        ordered = sorted(component)
        self.groups: dict[int, frozenset[str]] = {
            number: frozenset([unit]) for number, unit in enumerate(ordered)
        }
        number_of = {unit: number for number, unit in enumerate(ordered)}
        self.links: dict[int, set[int]] = {
            number: {number_of[other] for other in graph.same[unit] if other in number_of}
            for unit, number in number_of.items()
        }
        self.next_number = len(ordered)
        self.queue: list[tuple[float, str, str, int, int]] = []
        for left, others in self.links.items():
            for right in others:
                if left < right:
                    self._offer(left, right)

    def run(self) -> None:
        """Join groups, the closest first, while they fit."""
        while self.queue:
            *_, left, right = heapq.heappop(self.queue)
            if left in self.groups and right in self.groups:
                self._join(left, right)

    def _join(self, left: int, right: int) -> None:
        number, self.next_number = self.next_number, self.next_number + 1
        self.groups[number] = self.groups.pop(left) | self.groups.pop(right)
        linked = (self.links.pop(left) | self.links.pop(right)) - {left, right}
        self.links[number] = linked
        for other in sorted(linked):
            self.links[other] -= {left, right}
            self.links[other].add(number)
            self._offer(other, number)

    def _offer(self, left: int, right: int) -> None:
        """Queue the two groups if together they fit; groups only grow, so a misfit stays one."""
        first, second = sorted((self.groups[left], self.groups[right]), key=min)
        if self._fits(first, second):
            average = self._average(first, second)
            heapq.heappush(self.queue, (-round(average, 9), min(first), min(second), left, right))

    def _fits(self, first: frozenset[str], second: frozenset[str]) -> bool:
        if any(not second.isdisjoint(self.graph.differs.get(unit, ())) for unit in first):
            return False
        if not all(self._agree(one, other) for one in first for other in second):
            return False
        if self._average(first, second) < LEAST_AVERAGE:
            return False
        together = first | second
        return any(
            together - {unit} <= self.graph.same[unit] | set(self.overlaps.get(unit, ()))
            for unit in together
        )

    def _agree(self, one: str, other: str) -> bool:
        """False for two units of one article that don't match."""
        return (
            self.articles[one] != self.articles[other]
            or other in self.graph.same[one]
            or other in self.overlaps.get(one, ())
        )

    def _average(self, first: frozenset[str], second: frozenset[str]) -> float:
        """Mean score of the compared pairs across; in large stories not all are compared."""
        scores = [
            self.graph.scores[one][other]
            for one in first
            for other in second
            if other in self.graph.scores[one]
        ]
        # Summed in order of size: the same scores give the same bits, whatever the set's order.
        return sum(sorted(scores)) / len(scores)
