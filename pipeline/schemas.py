"""Every frame's columns, once, in the order the data flows.

`articles -> segments -> clauses -> translations -> units -> candidates -> pairs -> clusters ->
facts`. Spans are half-open `start_char`/`end_char` into the untouched article text (or, where the
name says `target_`, into the segment's target text). A stage checks what it gets and what it gives
with `FrameSchema.check`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from pipeline.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class FrameSchema:
    """A frame's type: name, columns with dtype and note, key columns."""

    name: str
    columns: Mapping[str, tuple[pl.DataType, str]]
    key: tuple[str, ...]

    @property
    def dtypes(self) -> pl.Schema:
        """Column name -> polars dtype, in order."""
        return pl.Schema({column: dtype for column, (dtype, _) in self.columns.items()})

    @property
    def notes(self) -> dict[str, str]:
        """Column name -> what stands in it."""
        return {column: note for column, (_, note) in self.columns.items()}

    def empty(self) -> pl.DataFrame:
        """A frame of this type without rows."""
        return pl.DataFrame(schema=self.dtypes)

    def build(self, rows: list[dict[str, object]]) -> pl.DataFrame:
        """Rows as a frame of this type; absent keys become null."""
        return pl.DataFrame(rows, schema=self.dtypes, orient="row")

    def check(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with exactly these columns in this order.

        Raises:
            SchemaError: a column is missing or has another dtype.
        """
        expected = self.dtypes
        problems = [
            f"column {name!r} is missing" if name not in frame.columns
            else f"column {name!r} is {frame.schema[name]}, expected {dtype}"
            for name, dtype in expected.items()
            if frame.schema.get(name) != dtype
        ]  # fmt: skip
        if problems:
            raise SchemaError(f"frame {self.name!r}: {'; '.join(problems)}")
        return frame.select(list(expected))


STRING = pl.String()
INT = pl.Int64()
FLOAT = pl.Float64()
BOOL = pl.Boolean()
DATE = pl.Date()
STRINGS = pl.List(pl.String())

ARTICLES = FrameSchema(
    "articles",
    {
        "article_id": (STRING, "stable: from the path relative to the input, or the row's id"),
        "outlet": (STRING, "who published it; the folder's or file's name when not given"),
        "title": (STRING, "null when not given"),
        "published": (DATE, "null when not known"),
        "language": (STRING, "ISO 639-1, detected when not given"),
        "url": (STRING, "null when not given"),
        "path": (STRING, "where it was read from, as given; '-' for standard input"),
        "text": (STRING, "untouched but for Unicode NFC; spans point into it"),
    },
    ("article_id",),
)

REJECTS = FrameSchema(
    "rejects",
    {
        "stage": (STRING, "articles | segments | translation | ..."),
        "path": (STRING, "file the thing came from"),
        "line": (INT, "1-based line in the file, null when it is the whole file"),
        "article_id": (STRING, "null when it never became an article"),
        "reason": (STRING, "short code: empty, binary, too_large, unreadable, broken_row, ..."),
        "detail": (STRING, "one sentence: what was found and what to do"),
    },
    ("stage", "path", "line"),
)

SEGMENT_KINDS = (
    "headline",
    "teaser",
    "subheading",
    "sentence",
    "byline",
    "dateline",
    "boilerplate",
)
# Kinds that state facts; the others are kept in the frame and not matched.
MATCHED_KINDS = ("headline", "teaser", "subheading", "sentence")

SEGMENTS = FrameSchema(
    "segments",
    {
        "segment_id": (STRING, "article_id + '#' + position, four digits"),
        "article_id": (STRING, "key of articles"),
        "position": (INT, "0-based order inside the article"),
        "kind": (STRING, "one of SEGMENT_KINDS"),
        "start_char": (INT, "span into the article text"),
        "end_char": (INT, "exclusive"),
        "source_text": (STRING, "the span's text, as it stands"),
    },
    ("segment_id",),
)

CLAUSES = FrameSchema(
    "clauses",
    {
        "clause_id": (STRING, "segment_id + '/' + position, 0-based"),
        "segment_id": (STRING, "key of segments"),
        "position": (INT, "0-based order inside the segment"),
        "start_char": (INT, "span into the article text"),
        "end_char": (INT, "exclusive"),
        "source_text": (STRING, "the span's text"),
    },
    ("clause_id",),
)

TRANSLATIONS = FrameSchema(
    "translations",
    {
        "segment_id": (STRING, "key of segments"),
        "target_text": (STRING, "the translation; the source itself when already in the target"),
        "score": (FLOAT, "mean log-probability a token; null for memory and pass-through"),
        "engine": (STRING, "e.g. 'argos translate-de_en 1.3', 'memory memory.tmx', 'as is'"),
        "flags": (STRINGS, "reasons to doubt it, e.g. 'number 3000 missing'; empty when none"),
    },
    ("segment_id",),
)

SUGGESTIONS = FrameSchema(
    "suggestions",
    {
        "segment_id": (STRING, "a segment no memory unit matches exactly"),
        "memory_source_text": (STRING, "the similar unit's source"),
        "memory_target_text": (STRING, "its translation; listed, never used"),
        "memory": (STRING, "the memory's file name"),
        "similarity": (FLOAT, "share of equal characters in the best alignment, 0.7..1"),
    },
    ("segment_id", "memory_source_text"),
)

TERM_USES = FrameSchema(
    "term_uses",
    {
        "segment_id": (STRING, "key of segments"),
        "source_term": (STRING, "the termbase's source"),
        "source_form": (STRING, "as it stands in the segment, inflected or varied"),
        "target_term": (STRING, "the termbase's target"),
        "status": (STRING, "kept (the translation has it) | applied (put in) | missing"),
    },
    ("segment_id", "source_term", "source_form"),
)

CLAUSE_TARGETS = FrameSchema(
    "clause_targets",
    {
        "clause_id": (STRING, "key of clauses"),
        "target_start_char": (INT, "span into the segment's target text; null when not aligned"),
        "target_end_char": (INT, "exclusive"),
    },
    ("clause_id",),
)

UNITS = FrameSchema(
    "units",
    {
        "unit_id": (STRING, "segment_id for a whole segment, clause_id for a clause"),
        "segment_id": (STRING, "key of segments"),
        "article_id": (STRING, "key of articles"),
        "story_id": (STRING, "key of the story; pairs are sought inside one story"),
        "outlet": (STRING, "the article's outlet"),
        "published": (DATE, "the article's date, null when not known"),
        "kind": (STRING, "headline | teaser | subheading | sentence | clause"),
        "start_char": (INT, "span into the article text"),
        "end_char": (INT, "exclusive"),
        "source_language": (STRING, "ISO 639-1"),
        "source_text": (STRING, "the span's text"),
        "target_start_char": (INT, "span into the segment's target text"),
        "target_end_char": (INT, "exclusive"),
        "target_text": (STRING, "English of the unit"),
    },
    ("unit_id",),
)

CANDIDATES = FrameSchema(
    "candidates",
    {
        "story_id": (STRING, "both units' story"),
        "unit_left": (STRING, "the smaller unit_id of the two"),
        "unit_right": (STRING, "the larger unit_id"),
        "jaccard": (FLOAT, "MinHash estimate over target-text shingles, 0..1"),
        "cosine": (FLOAT, "cosine of the units' embeddings, -1..1"),
    },
    ("unit_left", "unit_right"),
)

VERDICTS = ("same", "differs", "unrelated")

PAIRS = FrameSchema(
    "pairs",
    {
        **CANDIDATES.columns,
        "score": (FLOAT, "calibrated probability that both state the same fact, 0..1"),
        "verdict": (STRING, "same | differs | unrelated"),
        "reason": (STRING, "in words, e.g. 'number 3000 != 10000', 'negated', 'attribution'"),
    },
    ("unit_left", "unit_right"),
)

CLUSTERS = FrameSchema(
    "clusters",
    {
        "unit_id": (STRING, "key of units"),
        "cluster_id": (STRING, "the canonical member's unit_id"),
        "is_canonical": (BOOL, "exactly one member a cluster"),
    },
    ("unit_id",),
)

MENTION = pl.Struct(
    {
        "article_id": pl.String(),
        "outlet": pl.String(),
        "segment_id": pl.String(),
        "start_char": pl.Int64(),
        "end_char": pl.Int64(),
        "source_text": pl.String(),
        "target_text": pl.String(),
        "engine": pl.String(),
        "score": pl.Float64(),
        # Beyond the contract: the unit (of joined clauses the first) and the whole segment
        # around the span, for the sheet's marks.
        "unit_id": pl.String(),
        "published": pl.Date(),
        "kind": pl.String(),
        "segment_start_char": pl.Int64(),
        "segment_end_char": pl.Int64(),
        "segment_source_text": pl.String(),
        "segment_target_text": pl.String(),
        "target_start_char": pl.Int64(),
        "target_end_char": pl.Int64(),
        "flags": pl.List(pl.String()),
        "agency": pl.String(),
        "similarity": pl.Float64(),
    }
)

CONFLICT = pl.Struct(
    {
        "kind": pl.String(),
        "fact_ids": pl.List(pl.String()),
        "values": pl.List(pl.String()),
    }
)

FACTS = FrameSchema(
    "facts",
    {
        "fact_id": (STRING, "stable while the fact's canonical wording is the same"),
        "story_id": (STRING, "key of the story"),
        "kind": (STRING, "repeated (two outlets or more) | single"),
        "source_text": (STRING, "the canonical mention's wording (clause or sentence)"),
        "target_text": (STRING, "its English"),
        "outlets": (STRINGS, "who says it, sorted"),
        "outlet_count": (INT, "how many outlets; one agency text counts once, see source_count"),
        "mentions": (pl.List(MENTION), "canonical first, then by published, outlet, position"),
        "conflicts": (pl.List(CONFLICT), "facts that differ on the same subject; values parallel"),
        "source_count": (INT, "independent sources: outlets printing the same agency copy are one"),
        "first_published": (DATE, "earliest mention's date, null when unknown"),
        "event_dates": (STRINGS, "dates the fact names, ISO (YYYY, YYYY-MM or YYYY-MM-DD)"),
        "source_language": (STRING, "language of source_text"),
    },
    ("fact_id",),
)

SENTENCES = FrameSchema(
    "sentences",
    {
        "sentence_id": (STRING, "unit_id of the sentence or clause kept"),
        "fact_id": (STRING, "key of facts"),
        "story_id": (STRING, "key of the story"),
        "article_id": (STRING, "article of the sentence kept"),
        "outlet": (STRING, "its outlet"),
        "published": (DATE, "its date, null when unknown"),
        "start_char": (INT, "span into the article text"),
        "end_char": (INT, "exclusive"),
        "source_language": (STRING, "ISO 639-1"),
        "source_text": (STRING, "the sentence kept"),
        "target_text": (STRING, "its English"),
        "duplicate_count": (INT, "mentions that say the same, this one not counted"),
        "outlets": (STRINGS, "who says it, sorted"),
    },
    ("sentence_id",),
)

MENTIONS = FrameSchema(
    "mentions",
    {
        "segment_id": (STRING, "key of segments; every segment stands here at least once"),
        "fact_id": (
            STRING,
            "null for a byline, dateline, boilerplate or a heading that states none",
        ),
        "story_id": (STRING, "key of the story"),
        "article_id": (STRING, "key of articles"),
        "outlet": (STRING, "the article's outlet"),
        "kind": (STRING, "one of SEGMENT_KINDS, or clause"),
        "start_char": (INT, "span of the mention into the article text"),
        "end_char": (INT, "exclusive"),
        "source_text": (STRING, "the span's text"),
        "target_text": (STRING, "its English; null when not translated"),
        "engine": (STRING, "who translated it; null when not translated"),
        "score": (FLOAT, "translation score; null for memory and pass-through"),
        "flags": (STRINGS, "reasons to doubt the translation"),
        "is_canonical": (BOOL, "the wording shown for its fact"),
    },
    ("segment_id", "start_char", "end_char", "fact_id"),
)
