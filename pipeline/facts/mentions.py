"""Cluster members in, mentions out: spans that quote the article, with their English."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

HEADINGS = ("headline", "teaser", "subheading")


@dataclass(frozen=True, slots=True)
class Mention:
    """One span that states a fact; `units` are the sentence or the adjacent clauses it covers."""

    units: tuple[str, ...]
    fields: dict[str, Any]  # as schemas.MENTION

    @property
    def is_heading(self) -> bool:
        """True for a headline, teaser or subheading."""
        return self.fields["kind"] in HEADINGS

    @property
    def order(self) -> tuple[bool, str, str, str, int]:
        """Published (unknown last), outlet, article, place."""
        fields = self.fields
        published = fields["published"]
        return (
            published is None,
            str(published),
            fields["outlet"],
            fields["article_id"],
            fields["start_char"],
        )


class MentionReader:
    """Makes mentions from units; holds what a mention quotes."""

    def __init__(
        self, units: pl.DataFrame, segments: pl.DataFrame, translations: pl.DataFrame
    ) -> None:
        self.units = {row["unit_id"]: row for row in units.iter_rows(named=True)}
        self.segments = {row["segment_id"]: row for row in segments.iter_rows(named=True)}
        self.translations = {row["segment_id"]: row for row in translations.iter_rows(named=True)}
        self.positions: dict[str, int] = {}
        counts: dict[str, int] = defaultdict(int)
        ordered = units.sort("segment_id", "start_char", "unit_id")
        for unit, segment, kind in ordered.select("unit_id", "segment_id", "kind").iter_rows():
            if kind == "clause":
                self.positions[unit] = counts[segment]
                counts[segment] += 1

    def read_mentions(
        self, members: Iterable[str], similarity: Mapping[str, float]
    ) -> list[Mention]:
        """Mentions of one cluster: adjacent clauses of a segment are one span."""
        by_segment: dict[str, list[str]] = defaultdict(list)
        for unit in members:
            by_segment[self.units[unit]["segment_id"]].append(unit)
        return [
            self._make_mention(run, similarity)
            for units in by_segment.values()
            for run in self._join_adjacent(units)
        ]

    def _join_adjacent(self, units: Sequence[str]) -> list[list[str]]:
        runs: list[list[str]] = []
        for unit in sorted(units, key=lambda u: (self.units[u]["start_char"], u)):
            position = self.positions.get(unit)
            if runs and position is not None and self.positions.get(runs[-1][-1]) == position - 1:
                runs[-1].append(unit)
            else:
                runs.append([unit])
        return runs

    def _make_mention(self, run: Sequence[str], similarity: Mapping[str, float]) -> Mention:
        rows = [self.units[unit] for unit in run]
        first = rows[0]
        segment = self.segments[first["segment_id"]]
        translation = self.translations[first["segment_id"]]
        start, end = first["start_char"], max(row["end_char"] for row in rows)
        target_start = min(row["target_start_char"] for row in rows)
        target_end = max(row["target_end_char"] for row in rows)
        offset = segment["start_char"]
        scores = [similarity[unit] for unit in run if unit in similarity]
        fields = {
            "article_id": first["article_id"],
            "outlet": first["outlet"],
            "segment_id": first["segment_id"],
            "start_char": start,
            "end_char": end,
            "source_text": segment["source_text"][start - offset : end - offset],
            "target_text": translation["target_text"][target_start:target_end],
            "engine": translation["engine"],
            "score": translation["score"],
            "unit_id": first["unit_id"],
            "published": first["published"],
            "kind": first["kind"],
            "segment_start_char": segment["start_char"],
            "segment_end_char": segment["end_char"],
            "segment_source_text": segment["source_text"],
            "segment_target_text": translation["target_text"],
            "target_start_char": target_start,
            "target_end_char": target_end,
            "flags": translation["flags"] or [],
            "agency": None,
            "similarity": max(scores) if scores else None,
        }
        return Mention(tuple(run), fields)
