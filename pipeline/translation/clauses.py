"""Clauses in, clause targets out: each clause's span in its segment's translation.

Segments a package translated are aligned with that package's own attention on top of the lexicon;
translations out of a memory with the lexicon alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.schemas import ARTICLES, CLAUSE_TARGETS, CLAUSES, SEGMENTS, TRANSLATIONS
from pipeline.translation.alignment import align_spans, cut_words
from pipeline.translation.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

    from pipeline.translation.alignment import Span, Word
    from pipeline.translation.engine import Attention
    from pipeline.translation.package import Route

AS_IS = "as is"
# How much the attention counts beside the lexicon's links, which are at most 1. The last layer's
# attention is one word off now and then; the lexicon, where it knows a word, is not.
ATTENTION_WEIGHT = 0.5
ATTENTION_BATCH = 256


def align_clauses(
    clauses: pl.DataFrame,
    segments: pl.DataFrame,
    translations: pl.DataFrame,
    articles: pl.DataFrame,
    *,
    to: str = "en",
    routes: Sequence[Route] = (),
    device: str = "cpu",
) -> pl.DataFrame:
    """Clause targets (schemas.CLAUSE_TARGETS), one row a clause, null spans where none is found.

    `routes` are those of the TranslationResult: a route of one package lends its attention to the
    segments it translated.
    """
    CLAUSES.check(clauses)
    rows = (
        SEGMENTS.check(segments)
        .select("segment_id", "article_id", "start_char", segment_text="source_text")
        .join(TRANSLATIONS.check(translations), on="segment_id", how="inner")
        .join(ARTICLES.check(articles).select("article_id", "language"), on="article_id")
    )
    known = {row["segment_id"]: row for row in rows.iter_rows(named=True)}
    parts: dict[str, list[dict[str, Any]]] = {}
    for clause in clauses.sort("segment_id", "start_char").iter_rows(named=True):
        parts.setdefault(clause["segment_id"], []).append(clause)
    attentions = _find_attentions([known[key] for key in parts if key in known], routes, device)
    found: dict[str, Span | None] = {}
    for segment_id, members in parts.items():
        row = known.get(segment_id)
        if row is not None:
            spans = _align_segment(row, members, to, attentions.get(segment_id))
            found |= {m["clause_id"]: s for m, s in zip(members, spans, strict=True)}
    return CLAUSE_TARGETS.check(
        CLAUSE_TARGETS.build([_make_row(key, found.get(key)) for key in clauses["clause_id"]])
    )


def _make_row(clause_id: str, span: Span | None) -> dict[str, object]:
    start, end = span if span is not None else (None, None)
    return {"clause_id": clause_id, "target_start_char": start, "target_end_char": end}


def _align_segment(
    row: dict[str, Any],
    members: Sequence[dict[str, Any]],
    to: str,
    attention: NDArray[np.float64] | None,
) -> Sequence[Span | None]:
    offset = row["start_char"]
    spans = [(m["start_char"] - offset, m["end_char"] - offset) for m in members]
    if row["engine"] == AS_IS:
        return spans
    if len(spans) == 1 and not _leaves_words(row["segment_text"], spans[0]):
        return [(0, len(row["target_text"]))]
    return align_spans(
        row["segment_text"],
        row["target_text"],
        spans,
        languages=(row["language"].partition("-")[0], to),
        attention=attention,
    )


def _leaves_words(text: str, span: Span) -> bool:
    return bool(cut_words(text[: span[0]]) or cut_words(text[span[1] :]))


def _find_attentions(
    rows: Sequence[dict[str, Any]], routes: Sequence[Route], device: str
) -> dict[str, NDArray[np.float64]]:
    """Word-to-word attention of the segments that a route of one package translated."""
    found: dict[str, NDArray[np.float64]] = {}
    for route in routes:
        if len(route.packages) != 1:
            continue
        mine = [row for row in rows if row["engine"] == route.label and row["target_text"].strip()]
        mine.sort(key=lambda row: (-len(row["segment_text"]), row["segment_id"]))
        engine = Engine(route.packages[0], device=device) if mine else None
        for start in range(0, len(mine), ATTENTION_BATCH):
            batch = mine[start : start + ATTENTION_BATCH]
            pairs = [(row["segment_text"], row["target_text"]) for row in batch]
            for row, attention in zip(batch, engine.attend(pairs) if engine else (), strict=True):
                words = cut_words(row["segment_text"]), cut_words(row["target_text"])
                found[row["segment_id"]] = ATTENTION_WEIGHT * gather_words(attention, *words)
    return found


def gather_words(
    attention: Attention, source: Sequence[Word], target: Sequence[Word]
) -> NDArray[np.float64]:
    """Attention between words: rows target words, columns source words, a row sums to 1 at most."""
    result = np.zeros((len(target), len(source)))
    rows = _word_of_pieces(attention.target_spans, target)
    columns = _word_of_pieces(attention.source_spans, source)
    for row, weights in zip(rows, attention.weights, strict=False):
        if row is None:
            continue
        for column, weight in zip(columns, weights, strict=False):
            if column is not None:
                result[row, column] += weight
    total = result.sum(axis=1, keepdims=True)
    shared: NDArray[np.float64] = result / np.maximum(total, 1.0)
    return shared


def _word_of_pieces(spans: Sequence[Span], words: Sequence[Word]) -> list[int | None]:
    """The word each piece lies in, None for punctuation and white space."""
    found: list[int | None] = []
    at = 0
    for start, end in spans:
        while at < len(words) and words[at].end <= start:
            at += 1
        inside = at < len(words) and words[at].start < end
        found.append(at if inside else None)
    return found
