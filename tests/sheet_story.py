"""A sheet's content for tests: a gold story with its annotated facts in the place of the chain's.

What the annotation does not hold (where a clause stands in the English) is laid proportionally;
no test looks at that place.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.schemas import (
    ARTICLES,
    CLAUSE_TARGETS,
    CLAUSES,
    FACTS,
    MENTIONS,
    REJECTS,
    SEGMENTS,
    TRANSLATIONS,
)
from pipeline.sheet import SheetContent
from tests.eval.gold import GoldFact, GoldMention, GoldStory, gold_folder, load_gold_story

if TYPE_CHECKING:
    from collections.abc import Iterable

DATES = {"im Juni": "2024-06", "am 10. November": "2024-11-10", "am 11. November": "2024-11-11"}
DATES |= {"dem 24. Oktober": "2024-10-24", "seit August 2023": "2023-08"}


@cache
def build_content(name: str = "demo") -> SheetContent:
    """The gold story as content: annotated facts, the rest of its segments as single facts."""
    folder = gold_folder(name)
    assert folder is not None, name
    story = load_gold_story(folder)
    facts = _build_facts(story)
    covered = {mention.segment_id for fact in facts for mention in fact.mentions}
    singles = [
        GoldFact(
            f"s{position:03d}", "", (GoldMention(row["article_id"], row["segment_id"], *span),)
        )
        for position, row in enumerate(story.segments.iter_rows(named=True))
        if row["segment_id"] not in covered
        and row["kind"] in {"headline", "teaser", "sentence"}
        and (span := (row["start_char"], row["end_char"]))
    ]
    frame = build_facts(story, facts + singles)
    return SheetContent.build(
        story_id=name,
        articles=story.articles,
        segments=story.segments,
        facts=frame,
        mentions=_build_mentions(story, frame),
        rejects=REJECTS.build(
            [
                {
                    "stage": "articles",
                    "path": "seeds/leer.txt",
                    "reason": "empty",
                    "detail": "seeds/leer.txt: no text in it; delete it or fill it",
                }
            ]
        ),
        translations=story.translations,
        signature="faktenblatt 0.1.0 | facts:gold | engine:reference English",
    )


def build_facts(story: GoldStory, facts: Iterable[GoldFact]) -> pl.DataFrame:
    """Gold facts as a FACTS frame, with the gold conflicts between them."""
    rows = [_fact_row(story, fact) for fact in facts]
    by_segment: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        for mention in row["mentions"]:
            by_segment.setdefault(mention["segment_id"], []).append(row)
    for gold in story.conflicts:
        touched = {
            row["fact_id"]: (row, mention)
            for mention in gold.mentions
            for row in by_segment.get(mention.segment_id, [])
            if any(mention.overlaps(m["article_id"], m["start_char"], m["end_char"])
                   for m in row["mentions"])
        }  # fmt: skip
        if len(touched) < 2:
            continue
        conflict = {
            "kind": "number"
            if re.search(r"[Nn]umber|figure|soldiers in", gold.subject)
            else "denial",
            "fact_ids": sorted(touched),
            "values": [_value(story, touched[key][1]) for key in sorted(touched)],
        }
        for row, _ in touched.values():
            row["conflicts"].append(conflict)
    return FACTS.build(rows)


def _build_facts(story: GoldStory) -> list[GoldFact]:
    return [fact for fact in story.facts if len({m.article_id for m in fact.mentions}) > 1]


def _value(story: GoldStory, mention: GoldMention) -> str:
    """The figure the mention's translation states, or nothing."""
    target = _mention_row(story, mention)["segment_target_text"]
    found = re.search(
        r"(?:(?:at least|a minimum of|about|more than|some|around) )?\d[\d,]+(?: \w+)?", target
    )
    return found.group() if found else ""


def _fact_row(story: GoldStory, fact: GoldFact) -> dict[str, Any]:
    mentions = [_mention_row(story, mention) for mention in fact.mentions]
    outlets = sorted({mention["outlet"] for mention in mentions})
    first = mentions[0]
    dates = [iso for words, iso in DATES.items() if words in first["source_text"]]
    return {
        "fact_id": f"f-{fact.fact_id.lower()}",
        "story_id": story.name,
        "kind": "repeated" if len(outlets) > 1 else "single",
        "source_text": first["source_text"],
        "target_text": first["target_text"],
        "outlets": outlets,
        "outlet_count": len(outlets),
        "mentions": mentions,
        "conflicts": [],
        "source_count": len(outlets),
        "first_published": min((m["published"] for m in mentions if m["published"]), default=None),
        "event_dates": dates,
        "source_language": "de",
    }


def _mention_row(story: GoldStory, mention: GoldMention) -> dict[str, Any]:
    article = story.articles.row(
        by_predicate=pl.col("article_id") == mention.article_id, named=True
    )
    segment = story.segments.row(
        by_predicate=pl.col("segment_id") == mention.segment_id, named=True
    )
    target = story.translations.row(
        by_predicate=pl.col("segment_id") == mention.segment_id, named=True
    )["target_text"]
    start, end = _proportional(segment, mention, target)
    return {
        "article_id": mention.article_id,
        "outlet": article["outlet"],
        "segment_id": mention.segment_id,
        "start_char": mention.start_char,
        "end_char": mention.end_char,
        "source_text": article["text"][mention.start_char : mention.end_char],
        "target_text": target[start:end],
        "engine": "reference English",
        "published": article["published"],
        "kind": segment["kind"],
        "segment_start_char": segment["start_char"],
        "segment_end_char": segment["end_char"],
        "segment_source_text": segment["source_text"],
        "segment_target_text": target,
        "target_start_char": start,
        "target_end_char": end,
        "flags": [],
    }


def _proportional(segment: dict[str, Any], mention: GoldMention, target: str) -> tuple[int, int]:
    length = segment["end_char"] - segment["start_char"]
    start = round((mention.start_char - segment["start_char"]) / length * len(target))
    end = round((mention.end_char - segment["start_char"]) / length * len(target))
    while start > 0 and target[start - 1] != " ":
        start -= 1
    while end < len(target) and target[end] != " ":
        end += 1
    return start, end


def _build_mentions(story: GoldStory, facts: pl.DataFrame) -> pl.DataFrame:
    """Every segment with the first fact it states, or none."""
    fact_of = {
        mention["segment_id"]: row["fact_id"]
        for row in facts.iter_rows(named=True)
        for mention in row["mentions"]
    }
    outlets = dict(story.articles.select("article_id", "outlet").iter_rows())
    return MENTIONS.build(
        [
            {
                **row,
                "fact_id": fact_of.get(row["segment_id"]),
                "story_id": story.name,
                "outlet": outlets[row["article_id"]],
                "flags": [],
                "is_canonical": False,
            }
            for row in story.segments.drop("position").iter_rows(named=True)
        ]
    )


# Each as an article's whole sentence; every one must come out as text.
HOSTILE = (
    "<script>alert('x')</script> sagte der Minister.",
    '<img src=x onerror="alert(1)"> meldete die Agentur.',
    "=cmd|' /C calc'!A0 stand in der Tabelle.",
    "[Klick](javascript:alert(1)) und <javascript:alert(2)> schrieb er.",
    "Der Betrag \u202e000.01\u202c Euro wurde umgedreht.",
    "\x1b[31mRot\x1b[0m blinkte das Terminal, \x00 dann nichts.",
    "| Spalte | **fett** | _kursiv_ | `code` | $x^2$ | @person | ~~weg~~ |",
    "</style></title></textarea></svg><svg onload=alert(1)> war zu lesen.",
    "{{ 7 * 7 }} {% include 'x' %} ${7*7} blieb stehen.",
    "&lt;b&gt; &amp; &#x3c;script&#x3e; sind Zeichen.",
    "Die Zeile " + "sehr " * 20_000 + "lang.",
    "\u05e9\u05dc\u05d5\u05dd sagte die Sprecherin \u0645\u0631\u062d\u0628\u0627.",
)


@cache
def build_hostile_content() -> SheetContent:
    """A story whose articles, outlets, titles and addresses try to break out of the page."""
    texts = ("Überschrift <b>fett</b>", *HOSTILE)
    outlets = ('Blatt "A" <i>', "=Blatt B", "Blatt\u202eC")
    articles = ARTICLES.build(
        [
            {
                "article_id": f"a{number}/<x>",
                "outlet": outlet,
                "title": f"<script>document.title='{number}'</script>",
                "published": date(2024, 1, 1 + number),
                "language": "de",
                "url": ("javascript:alert(1)", "https://example.org/?a=1&b='\"<>", None)[number],
                "path": f"a{number}.txt",
                "text": "\n".join(texts),
            }
            for number, outlet in enumerate(outlets)
        ]
    )
    segments = SEGMENTS.build(
        [
            {
                "segment_id": f"{article['article_id']}#{position:04d}",
                "article_id": article["article_id"],
                "position": position,
                "kind": "headline" if position == 0 else "sentence",
                "start_char": article["text"].index(text),
                "end_char": article["text"].index(text) + len(text),
                "source_text": text,
            }
            for article in articles.iter_rows(named=True)
            for position, text in enumerate(texts)
        ]
    )
    translations = TRANSLATIONS.build(
        [
            {
                "segment_id": row["segment_id"],
                "target_text": row["source_text"].replace("sagte", "said"),
                "engine": "<script>engine</script>",
                "score": -0.5,
                "flags": ["number <b>3</b> missing"] if row["position"] == 1 else [],
            }
            for row in segments.iter_rows(named=True)
        ]
    )
    story = GoldStory(
        "hostile",
        articles,
        segments,
        CLAUSES.empty(),
        translations,
        CLAUSE_TARGETS.empty(),
        (),
        (),
        (),
    )
    spans = segments.partition_by("position", maintain_order=True)
    # Every second sentence is shared by all three outlets, the others are one outlet's own.
    facts = [
        GoldFact(
            f"<x {position}>",
            "",
            tuple(
                GoldMention(
                    row["article_id"], row["segment_id"], row["start_char"], row["end_char"]
                )
                for row in (rows.to_dicts() if position % 2 else rows.head(1).to_dicts())
            ),
        )
        for position, rows in enumerate(spans)
    ]
    frame = build_facts(story, facts)
    flagged = [
        {
            **row,
            "mentions": [
                {**mention, "flags": ["number <b>3</b> missing"]} for mention in row["mentions"]
            ],
            "conflicts": [
                {
                    "kind": "number",
                    "fact_ids": [frame["fact_id"][1], frame["fact_id"][2]],
                    "values": ["<b>3</b>", "=4"],
                }
            ]
            if place in {1, 2}
            else [],
        }
        for place, row in enumerate(frame.to_dicts())
    ]
    return SheetContent.build(
        story_id="hostile",
        articles=articles,
        segments=segments,
        facts=FACTS.build(flagged),
        mentions=_build_mentions(story, frame),
        rejects=REJECTS.build(
            [
                {
                    "stage": "articles",
                    "path": "<b>`x`</b>|\x1b.txt",
                    "line": 3,
                    "reason": "binary",
                    "detail": "<script>alert(3)</script>",
                }
            ]
        ),
        translations=translations,
        notes=("<script>alert(4)</script>",),
        signature="faktenblatt | <script>alert(5)</script>",
    )


@cache
def build_large_content(fact_count: int) -> SheetContent:
    """The demonstration story with its facts repeated under new ids until there are that many."""
    content = build_content()
    rows = content.facts.to_dicts()
    copies = [
        {
            **row,
            "fact_id": f"{row['fact_id']}-{copy}",
            "target_text": f"{row['target_text']} ({copy})",
            "conflicts": [
                {
                    **conflict,
                    "fact_ids": [f"{fact_id}-{copy}" for fact_id in conflict["fact_ids"]],
                }
                for conflict in row["conflicts"]
            ],
        }
        for copy in range(fact_count // len(rows) + 1)
        for row in rows
    ]
    kept = {row["fact_id"] for row in copies[:fact_count]}
    facts = [
        {**row, "conflicts": [c for c in row["conflicts"] if set(c["fact_ids"]) <= kept]}
        for row in copies[:fact_count]
    ]
    return dataclasses.replace(content, facts=FACTS.build(facts))
