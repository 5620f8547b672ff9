"""Writes the shipped JSON Schemas of the frames anew, after a column of `schemas.py` changed.

    python -m tests.write_schemas

Columns, types and notes come from the frames; what a type cannot say (which columns may be null,
which words are allowed) stands here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.schemas import (
    CONFLICT,
    FACTS,
    MENTION,
    MENTIONS,
    PAIRS,
    SEGMENT_KINDS,
    SENTENCES,
    VERDICTS,
    FrameSchema,
)

FOLDER = Path(__file__).parent.parent / "pipeline" / "sheet" / "schemas"
FRAMES = {"facts": FACTS, "sentences": SENTENCES, "mentions": MENTIONS, "pairs": PAIRS}
TITLES = {
    "facts": "A fact: what one or several outlets report, each once",
    "sentences": "A deduplicated bilingual sentence",
    "mentions": "A segment of an article with the fact it states",
    "pairs": "Two units that were compared",
}
NULLABLE = {
    "facts": {"first_published"},
    "sentences": {"published"},
    "mentions": {"fact_id", "target_text", "engine", "score"},
    "pairs": set[str](),
}
# Columns of a fact's mentions that are always there.
MENTION_CERTAIN = {"article_id", "outlet", "segment_id", "start_char", "end_char", "source_text"}
MENTION_NOTES = {
    "article_id": "key of articles",
    "outlet": "who prints it",
    "segment_id": "key of segments",
    "start_char": "span of the mentioned clause or sentence into the article text",
    "end_char": "exclusive",
    "source_text": "the span's text",
    "target_text": "its English",
    "engine": "who translated it",
    "score": "mean log-probability a token; null for memory and pass-through",
    "unit_id": "key of units: the clause or segment that was matched",
    "published": "the article's date, null when not known",
    "kind": "headline | teaser | subheading | sentence | clause",
    "segment_start_char": "span of the whole segment into the article text",
    "segment_end_char": "exclusive",
    "segment_source_text": "the whole segment",
    "segment_target_text": "its whole translation",
    "target_start_char": "span of the mention in the segment's translation, null when not known",
    "target_end_char": "exclusive",
    "flags": "reasons to doubt the translation",
    "agency": "news agency credited, null when none",
    "similarity": "score with the fact's canonical wording, null when not compared",
}
CONFLICT_NOTES = {
    "kind": "what differs: number, date, negation, ...",
    "fact_ids": "the facts that differ, this one included",
    "values": "what each of fact_ids says, in the same order",
}
WORDS = {
    ("facts", "kind"): ["repeated", "single"],
    ("pairs", "verdict"): list(VERDICTS),
    ("mentions", "kind"): [*SEGMENT_KINDS, "clause"],
}
SHARE = {"minimum": 0, "maximum": 1}
LIMITS: dict[tuple[str, str], dict[str, object]] = {
    ("facts", "outlet_count"): {"minimum": 1},
    ("facts", "outlets"): {"minItems": 1, "uniqueItems": True},
    ("facts", "mentions"): {"minItems": 1},
    ("sentences", "outlets"): {"minItems": 1, "uniqueItems": True},
    ("pairs", "score"): dict(SHARE),
    ("pairs", "jaccard"): dict(SHARE),
}
TYPES: dict[object, dict[str, Any]] = {
    pl.String(): {"type": "string"},
    pl.Int64(): {"type": "integer"},
    pl.Float64(): {"type": "number"},
    pl.Boolean(): {"type": "boolean"},
    pl.Date(): {"type": "string", "format": "date"},
}


def describe_frame(name: str) -> dict[str, Any]:
    """The JSON Schema of one row of the frame."""
    frame: FrameSchema = FRAMES[name]
    properties: dict[str, Any] = {}
    for column, (dtype, note) in frame.columns.items():
        described = _describe_type(dtype, nullable=column in NULLABLE[name])
        if (name, column) in WORDS:
            described = {"enum": WORDS[name, column]}
        if column.endswith(("_count", "start_char", "end_char")):
            described["minimum"] = 0
        described |= LIMITS.get((name, column), {})
        properties[column] = {"description": note, **described}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:faktenblatt:schema:{name}",
        "title": TITLES[name],
        **_close_object(properties),
    }


def _describe_type(dtype: object, *, nullable: bool = False) -> dict[str, Any]:
    if isinstance(dtype, pl.List):
        described: dict[str, Any] = {"type": "array", "items": _describe_type(dtype.inner)}
    elif dtype == MENTION:
        return _describe_struct(MENTION, MENTION_NOTES, MENTION_CERTAIN)
    elif dtype == CONFLICT:
        return _describe_struct(CONFLICT, CONFLICT_NOTES, set(CONFLICT_NOTES))
    else:
        described = dict(TYPES[dtype])
    return {**described, "type": [described["type"], "null"]} if nullable else described


def _describe_struct(dtype: pl.Struct, notes: dict[str, str], certain: set[str]) -> dict[str, Any]:
    return _close_object(
        {
            field.name: {
                "description": notes[field.name],
                **_describe_type(field.dtype, nullable=field.name not in certain),
            }
            for field in dtype.fields
        }
    )


def _close_object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


if __name__ == "__main__":
    for written in FRAMES:
        text = json.dumps(describe_frame(written), indent=2, ensure_ascii=False) + "\n"
        (FOLDER / f"{written}.schema.json").write_text(text, encoding="utf-8")
        print(FOLDER / f"{written}.schema.json")
