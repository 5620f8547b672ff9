"""Clusters and headings in, clusters with headings out.

A heading says less than a sentence and resembles many, so headings come last: they neither found
a cluster nor keep others from it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pipeline.clusters.growth import PairGraph
    from pipeline.clusters.levels import Cut

# A heading that says less than a sentence of its own article still goes with it.
HEADING_FLOOR = 0.3
# `What the row is about`, `How it goes on`: announces a subject and states nothing.
ASKS = re.compile(
    r"\s*(?:what|how|why|who|whom|whose|where|when|which|whether)\b|.*\?\W*$",
    re.IGNORECASE | re.DOTALL,
)


def attach_headings(
    clusters: Sequence[tuple[str, ...]],
    graph: PairGraph,
    cuts: Mapping[str, Cut],
    articles: Mapping[str, str],
    texts: Mapping[str, str],
) -> list[tuple[str, ...]]:
    """The clusters with each heading in the one it sums up; `articles` and `texts` are by unit.

    Both parts of `Dam overflows – 1,400 leave their homes` may go to different facts. A heading
    that asks or fits none ("What the dispute is about") is in no cluster, unless its article has
    nothing else.
    """
    joined = [list(members) for members in clusters]
    stated = {articles[unit] for members in clusters for unit in members}
    centres = [find_centre(members, graph) for members in clusters]
    for cut in cuts.values():
        if not cut.is_heading:
            continue
        homes = {
            unit: None
            if ASKS.match(texts[unit])
            else _find_home(unit, clusters, centres, graph, articles)
            for unit in cut.clauses
        }
        if not any(home is not None for home in homes.values()) and not ASKS.match(
            texts[cut.whole]
        ):
            homes = {cut.whole: _find_home(cut.whole, clusters, centres, graph, articles)}
        for unit, home in homes.items():
            if home is not None:
                joined[home].append(unit)
        if articles[cut.whole] not in stated:
            joined.append([cut.whole])
    return sorted(tuple(sorted(members)) for members in joined)


def find_centre(members: Collection[str], graph: PairGraph) -> str:
    """The member that most others match, then the one they match best."""
    own = set(members)

    def rank(unit: str) -> tuple[int, float, str]:
        scores = graph.scores.get(unit, {})
        known = sorted(scores[other] for other in own if other in scores)
        return (-len(own & set(graph.same.get(unit, ()))), -round(sum(known), 9), unit)

    return min(members, key=rank)


def _find_home(
    unit: str,
    clusters: Sequence[tuple[str, ...]],
    centres: Sequence[str],
    graph: PairGraph,
    articles: Mapping[str, str],
) -> int | None:
    """Place of the cluster the heading fits best, by mean score with the members.

    It must be `same` as the member at its centre and differ from none; what one other article says
    is not made a repeated fact by a heading. Failing that, it may go with what only its own article
    says, if it resembles that enough: no outlet is counted for a vague heading.
    """
    scores, same = graph.scores.get(unit, {}), graph.same.get(unit, set())
    differs = graph.differs.get(unit, set())
    fits: list[tuple[bool, float, int]] = []
    for place, members in enumerate(clusters):
        known = sorted(scores[member] for member in members if member in scores)
        if not known or not differs.isdisjoint(members):
            continue
        own = all(articles[member] == articles[unit] for member in members)
        outlets = {articles[member] for member in members}
        matches = centres[place] in same and (len(outlets) > 1 or articles[unit] in outlets)
        if matches or (own and known[-1] >= HEADING_FLOOR):
            fits.append((matches, sum(known) / len(known), -place))
    return -max(fits)[2] if fits else None
