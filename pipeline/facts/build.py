"""Clusters in, facts out (schemas.FACTS): the frame the sheet is made of."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.facts.agency import count_sources, credit_agencies, find_agencies, find_copies
from pipeline.facts.conflicts import (
    DENIAL,
    FIGURES,
    Conflict,
    Dispute,
    can_conflict,
    collect_disputes,
    extend_denials,
    group_disputes,
    keep_strongest,
)
from pipeline.facts.mentions import Mention, MentionReader
from pipeline.facts.sharing import find_further_mentions
from pipeline.facts.values import PICKED, describe_value, find_event_dates
from pipeline.language.names import name_others
from pipeline.schemas import ARTICLES, CLUSTERS, FACTS, PAIRS, SEGMENTS, TRANSLATIONS, UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.config import MatchingConfig

# Kinds of segments that carry an agency's credit rather than a statement.
CREDIT_KINDS = ("byline", "dateline")
ID_CHARS = 12


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact before it is numbered: canonical mention first.

    `further` are its units that state another fact as well.
    """

    story_id: str
    mentions: tuple[Mention, ...]
    further: frozenset[str] = frozenset()

    @property
    def outlets(self) -> list[str]:
        """Who says it, sorted."""
        return sorted({mention.fields["outlet"] for mention in self.mentions})


def build_facts(
    clusters: pl.DataFrame,
    pairs: pl.DataFrame,
    units: pl.DataFrame,
    segments: pl.DataFrame,
    articles: pl.DataFrame,
    translations: pl.DataFrame,
    config: MatchingConfig,
) -> pl.DataFrame:
    """Facts (schemas.FACTS): repeated before single, by outlets, then in order of first mention.

    A fact is `repeated` when two outlets state it; repetition inside one outlet is not. Outlets
    that print one agency's text count as one in `source_count`.
    """
    reader = MentionReader(
        UNITS.check(units), SEGMENTS.check(segments), TRANSLATIONS.check(translations)
    )
    drafts = _draft_facts(CLUSTERS.check(clusters), PAIRS.check(pairs), reader, config)
    names = _name_facts(drafts)
    conflicts = _find_conflicts(drafts, pairs, reader)
    credits_of = _read_credits(segments)
    language_of = dict(ARTICLES.check(articles).select("article_id", "language").iter_rows())
    rows = []
    for place, draft in enumerate(drafts):
        fields = [mention.fields for mention in draft.mentions]
        _credit(fields, credits_of)
        shown = fields[0]
        dates = [field["published"] for field in fields if field["published"] is not None]
        rows.append(
            {
                "fact_id": names[place],
                "story_id": draft.story_id,
                "kind": "repeated" if len(draft.outlets) > 1 else "single",
                "source_text": shown["source_text"],
                "target_text": shown["target_text"],
                "outlets": draft.outlets,
                "outlet_count": len(draft.outlets),
                "mentions": fields,
                "conflicts": [
                    _show_conflict(conflict, drafts, names, reader)
                    for conflict in conflicts
                    if place in conflict.facts
                ],
                "source_count": _count_sources(fields),
                "first_published": min(dates, default=None),
                "event_dates": find_event_dates(fields),
                "source_language": language_of[shown["article_id"]],
            }
        )
    return FACTS.check(FACTS.build(rows))


def _draft_facts(
    clusters: pl.DataFrame, pairs: pl.DataFrame, reader: MentionReader, config: MatchingConfig
) -> list[Draft]:
    """Facts in the order they are shown: by story, outlets (most first), first mention."""
    members: dict[str, list[str]] = defaultdict(list)
    for unit, cluster in clusters.select("unit_id", "cluster_id").iter_rows():
        members[cluster].append(unit)
    similarity = _read_similarity(pairs)
    further = find_further_mentions(members, pairs, reader.units, config)
    drafts = []
    for shown in sorted(members):
        stated = sorted([*members[shown], *further.get(shown, ())])
        mentions = reader.read_mentions(stated, {**similarity[shown], shown: 1.0})
        ordered = sorted(mentions, key=lambda m: (shown not in m.units, m.order))
        more = frozenset(further.get(shown, ()))
        drafts.append(Draft(reader.units[shown]["story_id"], tuple(ordered), more))
    return sorted(
        drafts, key=lambda d: (d.story_id, -len(d.outlets), min(m.order for m in d.mentions))
    )


def _read_similarity(pairs: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Score of each unit with those it was compared with."""
    similarity: dict[str, dict[str, float]] = defaultdict(dict)
    for left, right, score in pairs.select("unit_left", "unit_right", "score").iter_rows():
        similarity[left][right] = similarity[right][left] = score
    return similarity


def _name_facts(drafts: Sequence[Draft]) -> list[str]:
    """A digest of each canonical wording; the same words a second time get a number."""
    counts: dict[str, int] = defaultdict(int)
    names = []
    for draft in drafts:
        wording = " ".join(draft.mentions[0].fields["source_text"].casefold().split())
        digest = hashlib.sha256(wording.encode()).hexdigest()[:ID_CHARS]
        counts[digest] += 1
        names.append(digest if counts[digest] == 1 else f"{digest}-{counts[digest]}")
    return names


def _find_conflicts(
    drafts: Sequence[Draft], pairs: pl.DataFrame, reader: MentionReader
) -> list[Conflict]:
    differing = pairs.filter(pl.col("verdict") == "differs")
    rows = differing.select("unit_left", "unit_right", "score", "reason").iter_rows()
    disputes = collect_disputes(rows, _place_units(drafts, reader))
    conflicting = [d for d in disputes if d.kind == DENIAL or _is_conflict(d, drafts, reader)]
    strongest = keep_strongest(conflicting)
    return group_disputes([*strongest, *extend_denials(strongest)])


def _place_units(drafts: Sequence[Draft], reader: MentionReader) -> dict[str, list[int]]:
    """Unit -> places of the facts its words stand in; of two, the one that it stands in first."""
    facts_of: dict[str, list[int]] = defaultdict(list)
    by_segment: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for place, draft in enumerate(drafts):
        for mention in draft.mentions:
            if not draft.further.isdisjoint(mention.units):
                continue
            by_segment[mention.fields["segment_id"]].append((place, mention.fields))
            for unit in mention.units:
                facts_of[unit].append(place)
    for unit, row in reader.units.items():
        if unit not in facts_of:
            facts_of[unit] = sorted(
                {
                    place
                    for place, fields in by_segment[row["segment_id"]]
                    if row["start_char"] < fields["end_char"]
                    and fields["start_char"] < row["end_char"]
                }
            )
    return facts_of


def _is_conflict(dispute: Dispute, drafts: Sequence[Draft], reader: MentionReader) -> bool:
    left, right = reader.units[dispute.unit_left], reader.units[dispute.unit_right]
    articles = [
        {mention.fields["article_id"] for mention in drafts[place].mentions}
        for place in (dispute.left, dispute.right)
    ]
    beside = left["segment_id"] == right["segment_id"]
    if dispute.kind == "date" and name_others(left["target_text"], right["target_text"], "en"):
        return False  # another day and other people or places: another event
    if dispute.kind not in FIGURES and not beside and articles[0] & articles[1]:
        return False  # an article that tells of two deeds or people means two
    # Clauses are cut in the source: there each holds its own speaker.
    column, language = ("source_text", left["source_language"]) if beside else ("target_text", "en")
    return can_conflict(
        left[column],
        right[column],
        articles[0] & articles[1],
        same_sentence=beside or dispute.is_set_against,
        language=language,
    )


def _show_conflict(
    conflict: Conflict, drafts: Sequence[Draft], names: Sequence[str], reader: MentionReader
) -> dict[str, Any]:
    values = []
    # A figure is read from the wording that differs; a denial is the fact itself.
    texts = [
        reader.units[unit]["target_text"]
        if conflict.kind in PICKED
        else drafts[place].mentions[0].fields["target_text"]
        for place, unit in zip(conflict.facts, conflict.units, strict=True)
    ]
    for number, place in enumerate(conflict.facts):
        others = [text for other, text in enumerate(texts) if other != number]
        values.append(describe_value(conflict.kind, texts[number], others, drafts[place].outlets))
    return {
        "kind": conflict.kind,
        "fact_ids": [names[place] for place in conflict.facts],
        "values": values,
    }


def _read_credits(segments: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """Article id -> agencies its byline, dateline or text credits."""
    found: dict[str, list[str]] = defaultdict(list)
    marked = segments.filter(pl.col("kind").is_in(CREDIT_KINDS)).sort("segment_id")
    for article, text in marked.select("article_id", "source_text").iter_rows():
        found[article].extend(name for name in find_agencies(text) if name not in found[article])
    return {article: tuple(names) for article, names in found.items()}


def _credit(fields: list[dict[str, Any]], credits_of: dict[str, tuple[str, ...]]) -> None:
    for field, agency in zip(fields, credit_agencies(fields, credits_of), strict=True):
        field["agency"] = agency


def _count_sources(fields: Sequence[Mapping[str, Any]]) -> int:
    texts = [field["source_text"] for field in fields]
    return count_sources([field["outlet"] for field in fields], find_copies(texts))
