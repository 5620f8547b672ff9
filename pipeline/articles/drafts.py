"""An article before it has its id, its default outlet and its detected language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.articles.rejects import Reject

if TYPE_CHECKING:
    from pipeline.articles.metadata import Metadata


@dataclass(frozen=True, slots=True)
class Draft:
    """Text and metadata as read; `name` is the file's path relative to the input."""

    shown: str
    name: str
    folder: str | None
    line: int | None
    metadata: Metadata
    text: str


def check_draft(draft: Draft, max_chars: int) -> Reject | None:
    """Why the draft can't be an article; None when it can."""
    place = draft.shown if draft.line is None else f"{draft.shown}:{draft.line}"
    if not draft.text.strip():
        detail = f"{place}: no text in it; leave it out or fill it"
        return Reject(draft.shown, "empty", detail, draft.line)
    if len(draft.text) > max_chars:
        detail = (
            f"{place}: {len(draft.text):,} characters, more than {max_chars:,}; "
            "split it or raise --max-article-chars"
        )
        return Reject(draft.shown, "too_large", detail, draft.line)
    if draft.metadata.bad_date is not None:
        detail = f"{place}: {draft.metadata.bad_date!r} is no date; write it as 2024-10-24"
        return Reject(draft.shown, "bad_date", detail, draft.line)
    return None
