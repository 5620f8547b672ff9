"""Clusters in, further mentions out: a sentence that states two facts is a mention of both.

Clusters part the units, so a sentence that says what two facts say stands in one of them, and the
other fact misses an outlet that states it. Likeness alone proves nothing here: on the four gold
stories 12 of 22 units that match another fact's wording as well don't state it. So the second fact
needs words that the first leaves over, on one side or the other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from pipeline.config import MatchingConfig

# A pair less probable than this speaks of two things.
CLEARLY_UNRELATED = 0.1
HEADINGS = ("headline", "subheading")


@dataclass(frozen=True, slots=True)
class Links:
    """Scores of compared pairs, and which of them are `same` or differ, from both sides."""

    scores: Mapping[str, dict[str, float]]
    same: Mapping[str, set[str]]
    differs: Mapping[str, set[str]]


def find_further_mentions(
    members: Mapping[str, Sequence[str]],
    pairs: pl.DataFrame,
    units: Mapping[str, dict[str, Any]],
    config: MatchingConfig,
) -> dict[str, list[str]]:
    """Canonical unit -> units that state its fact as well, sorted; `members` are its own.

    Of an article that has no mention of the fact yet, the unit most surely the same: one that is
    `same` as half of the members at least, unlike none, and has words to spare or matches the whole
    sentence that a member is a clause of.
    """
    sharing = _Sharing(members, _read_links(pairs, config.threshold), units)
    found = {shown: sharing.find_sharers(shown) for shown in sorted(members)}
    return {shown: sharers for shown, sharers in found.items() if sharers}


class _Sharing:
    """Where each unit stands, and what stands nowhere."""

    def __init__(
        self,
        members: Mapping[str, Sequence[str]],
        links: Links,
        units: Mapping[str, dict[str, Any]],
    ) -> None:
        self.members = members
        self.links = links
        self.units = units
        self.home_of = {unit: shown for shown, own in members.items() for unit in own}
        self.whole_of = {u["segment_id"]: key for key, u in units.items() if u["kind"] != "clause"}
        self.clauses_of: defaultdict[str, list[str]] = defaultdict(list)
        for key, unit in units.items():
            if unit["kind"] == "clause":
                self.clauses_of[unit["segment_id"]].append(key)

    def find_sharers(self, shown: str) -> list[str]:
        """Units that state the fact of `shown` besides another."""
        own = self.members[shown]
        if self._is_heading(shown):
            return []
        stating = [u for u in own if not self._is_heading(u)]
        present = {self.units[u]["article_id"] for u in stating}
        best: dict[str, tuple[float, int, str]] = {}
        for member in stating:
            for unit in self.links.same.get(member, ()):
                row = self.units[unit]
                if row["article_id"] in present or self._is_heading(unit):
                    continue
                if not self._fits(unit, stating) or not self._states_more(unit, member):
                    continue
                length = row["end_char"] - row["start_char"]
                key = (-self.links.scores[member][unit], length, unit)
                best[row["article_id"]] = min(best.get(row["article_id"], key), key)
        return sorted(unit for *_, unit in best.values())

    def _fits(self, unit: str, own: Sequence[str]) -> bool:
        """The unit differs from no member, is `same` as half of them and unlike none."""
        if not self.links.differs.get(unit, set()).isdisjoint(own):
            return False
        agreeing = self.links.same.get(unit, set()).intersection(own)
        known = [self.links.scores[unit][m] for m in own if m in self.links.scores[unit]]
        return len(agreeing) * 2 >= len(own) and min(known) >= CLEARLY_UNRELATED

    def _states_more(self, unit: str, member: str) -> bool:
        """The unit has words that no other fact accounts for, or matches all that `member` is of.

        A clause whose sentence stands as a whole has; so has a sentence one of whose clauses no
        other outlet states. A unit with a fact of its own must be liker the whole sentence.
        """
        if unit in self.home_of:
            whole = self.whole_of[self.units[member]["segment_id"]]
            scores = self.links.scores[unit]
            same = self.links.same.get(unit, set())
            return whole != member and whole in same and scores[whole] >= scores[member]
        if self.units[unit]["kind"] == "clause":
            return True
        clauses = self.clauses_of[self.units[unit]["segment_id"]]
        homes = {self.home_of[clause] for clause in clauses if clause in self.home_of}
        return any(self._count_articles(home) == 1 for home in homes)

    def _count_articles(self, shown: str) -> int:
        return len({self.units[unit]["article_id"] for unit in self.members[shown]})

    def _is_heading(self, unit: str) -> bool:
        whole = self.whole_of[self.units[unit]["segment_id"]]
        return self.units[whole]["kind"] in HEADINGS


def _read_links(pairs: pl.DataFrame, threshold: float) -> Links:
    scores: defaultdict[str, dict[str, float]] = defaultdict(dict)
    same: defaultdict[str, set[str]] = defaultdict(set)
    differs: defaultdict[str, set[str]] = defaultdict(set)
    columns = pairs.select("unit_left", "unit_right", "score", "verdict")
    for left, right, score, verdict in columns.iter_rows():
        scores[left][right] = scores[right][left] = score
        if verdict == "differs" or (verdict == "same" and score >= threshold):
            kind = differs if verdict == "differs" else same
            kind[left].add(right)
            kind[right].add(left)
    return Links(scores, same, differs)
