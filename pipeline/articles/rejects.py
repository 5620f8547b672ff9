"""What could not become an article, and why: losses are data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.schemas import REJECTS

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Reject:
    """One file or row left out; `line` is 1-based, None for a whole file."""

    path: str
    reason: str
    detail: str
    line: int | None = None
    article_id: str | None = None


def build_rejects(rejects: list[Reject]) -> pl.DataFrame:
    """Rejects as a frame, by path and line."""
    ordered = sorted(rejects, key=lambda r: (r.path, r.line or 0, r.reason, r.article_id or ""))
    return REJECTS.build(
        [
            {
                "stage": "articles",
                "path": reject.path,
                "line": reject.line,
                "article_id": reject.article_id,
                "reason": reject.reason,
                "detail": reject.detail,
            }
            for reject in ordered
        ]
    )
