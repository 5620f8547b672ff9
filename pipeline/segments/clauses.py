"""Segments to clauses: the parts of a sentence that can carry a fact of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.schemas import ARTICLES, CLAUSES, MATCHED_KINDS, SEGMENTS
from pipeline.segments.german import cut_german
from pipeline.segments.plain import cut_plain

if TYPE_CHECKING:
    import polars as pl

    from pipeline.config import SegmentConfig

_HEADINGS = ("headline", "subheading")
_MIN_CLAUSE_WORDS = 3
_MAX_SENTENCE_CHARS = 3000  # longer, it is a table or a list: nothing a clause rule is right about
_STOPS = ".!?…"
_AFTER_STOP = '“”"’»«)]'


def cut_clauses(
    segments: pl.DataFrame, articles: pl.DataFrame, config: SegmentConfig
) -> pl.DataFrame:
    """Clauses of all segments that state facts, in text order; a segment without cuts has one."""
    languages = dict(ARTICLES.check(articles).select("article_id", "language").iter_rows())
    rows: list[dict[str, Any]] = []
    for segment in SEGMENTS.check(segments).iter_rows(named=True):
        if segment["kind"] not in MATCHED_KINDS:
            continue
        spans = cut_text_clauses(
            segment["source_text"],
            languages[segment["article_id"]],
            min_words=config.min_clause_words,
            heading=segment["kind"] in _HEADINGS,
        )
        rows += [_clause(segment, position, span) for position, span in enumerate(spans)]
    return CLAUSES.build(rows)


def _clause(segment: dict[str, Any], position: int, span: tuple[int, int]) -> dict[str, Any]:
    start, end = span
    return {
        "clause_id": f"{segment['segment_id']}/{position}",
        "segment_id": segment["segment_id"],
        "position": position,
        "start_char": segment["start_char"] + start,
        "end_char": segment["start_char"] + end,
        "source_text": segment["source_text"][start:end],
    }


def cut_text_clauses(
    text: str, language: str, *, min_words: int = _MIN_CLAUSE_WORDS, heading: bool | None = None
) -> list[tuple[int, int]]:
    """Spans of one sentence's clauses, in order, not overlapping.

    Headings are cut at dashes and colons even where a side has no verb; a text without a full stop
    is taken for one when `heading` is not given.
    """
    if not text.strip():
        return []
    if len(text) > _MAX_SENTENCE_CHARS:
        return [_whole(text)]
    if heading is None:
        heading = text.rstrip(_AFTER_STOP + " \t\r\n")[-1:] not in _STOPS
    if language.casefold().split("-")[0] == "de":
        spans = cut_german(text, min_words=min_words, heading=heading)
    else:
        spans = cut_plain(text, language.casefold().split("-")[0], min_words=min_words)
    return spans or [_whole(text)]


def _whole(text: str) -> tuple[int, int]:
    start = len(text) - len(text.lstrip())
    return start, len(text.rstrip())
