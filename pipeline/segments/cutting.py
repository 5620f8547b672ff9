"""Articles to segments."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pipeline.schemas import ARTICLES, SEGMENTS
from pipeline.segments.kinds import Piece, cut_article
from pipeline.segments.lines import find_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    """Outlet -> short lines without a full stop that return between differing paragraphs.

    One article's copy or update repeats its headings among the same paragraphs; a newsletter box
    stands among others each time. In one outlet one differing neighbour is enough, across outlets
    both must differ. An article's first line, its headline, is left out.
    """
    places: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for number, (outlet, text) in enumerate(articles.select("outlet", "text").iter_rows()):
        lines = [text[line.text_start : line.end_char] for line in find_lines(text)]
        for before, line, after in zip(lines, lines[1:], [*lines[2:], f"\n{number}"], strict=False):
            if len(line) <= _MAX_REPEATED_CHARS and not line.endswith((".", "“")):
                places[line.casefold()].append((outlet, before, after))
    found: dict[str, set[str]] = defaultdict(set)
    for line, seen in places.items():
        for outlet in _outlets_repeating(seen) if len(seen) > 1 else ():
            found[outlet].add(line)
    return {outlet: frozenset(lines) for outlet, lines in found.items()}


def _outlets_repeating(seen: list[tuple[str, str, str]]) -> Iterator[str]:
    """Outlets for which a line seen at these places is furniture."""
    everywhere = all(len({place[side] for place in seen}) == len(seen) for side in (1, 2))
    for outlet in {place[0] for place in seen}:
        own = [place for place in seen if place[0] == outlet]
        neighbours = max(len({place[side] for place in own}) for side in (1, 2))
        if everywhere or (len(own) > 1 and neighbours > 1):
            yield outlet
