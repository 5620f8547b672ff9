"""Articles to segments."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from pipeline.schemas import ARTICLES, SEGMENTS
from pipeline.segments.kinds import Piece, cut_article
from pipeline.segments.lines import find_lines

if TYPE_CHECKING:
    import polars as pl

    from pipeline.config import SegmentConfig

_MAX_REPEATED_CHARS = 80  # a longer line that returns is background, not furniture


def segment_articles(articles: pl.DataFrame, config: SegmentConfig) -> pl.DataFrame:
    """Segments of all articles, in article order, then in text order."""
    del config
    rows = ARTICLES.check(articles).select("article_id", "outlet", "language", "title", "text")
    repeated = _repeated_lines(rows)
    segments: list[dict[str, Any]] = []
    for row in rows.iter_rows(named=True):
        pieces = cut_article(
            row["text"],
            row["language"],
            title=row["title"],
            furniture=repeated.get(row["outlet"], frozenset()),
        )
        segments += [_segment(row, position, piece) for position, piece in enumerate(pieces)]
    return SEGMENTS.build(segments)


def _segment(article: dict[str, Any], position: int, piece: Piece) -> dict[str, Any]:
    return {
        "segment_id": f"{article['article_id']}#{position:04d}",
        "article_id": article["article_id"],
        "position": position,
        "kind": piece.kind,
        "start_char": piece.start_char,
        "end_char": piece.end_char,
        "source_text": article["text"][piece.start_char : piece.end_char],
    }


def _repeated_lines(articles: pl.DataFrame) -> dict[str, frozenset[str]]:
    """Outlet -> short lines without a full stop that stand in more than one of its articles.

    The first line of an article, its headline, is left out: an updated article repeats it.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for outlet, text in articles.select("outlet", "text").iter_rows():
        lines = {
            text[line.text_start : line.end_char]
            for line in find_lines(text)[1:]
            if line.end_char - line.text_start <= _MAX_REPEATED_CHARS
        }
        counts[outlet].update(line.casefold() for line in lines if not line.endswith((".", "“")))
    return {
        outlet: frozenset(line for line, count in lines.items() if count > 1)
        for outlet, lines in counts.items()
    }
