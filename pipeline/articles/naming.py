"""Drafts to the articles frame: ids, default outlets, languages, exact duplicates."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from pipeline.articles.detection import detect_languages
from pipeline.articles.rejects import Reject
from pipeline.schemas import ARTICLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from pipeline.articles.drafts import Draft
    from pipeline.config import ReadConfig


def name_articles(drafts: Sequence[Draft], config: ReadConfig) -> tuple[pl.DataFrame, list[Reject]]:
    """The articles frame, ordered by id; drafts that repeat an outlet's text as rejects."""
    drafts = sorted(drafts, key=lambda draft: (draft.name, draft.shown, draft.line or 0))
    ids = _ids(drafts)
    outlets = [_outlet(draft, config) for draft in drafts]
    known = [draft.metadata.language or config.language for draft in drafts]
    languages = detect_languages([draft.text for draft in drafts], known)
    rows: list[dict[str, Any]] = []
    duplicates: list[Reject] = []
    first: dict[tuple[str, str], str] = {}
    for draft, article_id, outlet, language in zip(drafts, ids, outlets, languages, strict=True):
        key = (outlet, " ".join(draft.text.split()))
        if key in first:
            duplicates.append(_duplicate(draft, article_id, first[key]))
            continue
        first[key] = article_id
        rows.append(_row(draft, article_id, outlet, language))
    return ARTICLES.build(sorted(rows, key=lambda row: str(row["article_id"]))), duplicates


def _row(draft: Draft, article_id: str, outlet: str, language: str) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "outlet": outlet,
        "title": draft.metadata.title,
        "published": draft.metadata.published,
        "language": language,
        "url": draft.metadata.url,
        "path": draft.shown,
        "text": draft.text,
    }


def _duplicate(draft: Draft, article_id: str, first: str) -> Reject:
    place = draft.shown if draft.line is None else f"{draft.shown}:{draft.line}"
    detail = f"{place}: same outlet and text as article {first!r}; one of them is enough"
    return Reject(draft.shown, "duplicate", detail, draft.line, article_id)


def _outlet(draft: Draft, config: ReadConfig) -> str:
    """Named by the article, else the configuration, else its folder, else its file's stem."""
    given = draft.metadata.outlet or config.outlet or draft.folder
    return given or PurePosixPath(draft.name).stem


def _ids(drafts: Sequence[Draft]) -> list[str]:
    """Stable ids: the path without suffix, or the row's id; where two agree, the fuller name.

    Files of one stem (a.txt, a.html) keep their suffix, files of one name in two inputs their
    path; what still agrees gets ~2, ~3 in order.
    """
    fuller = [_wanted(draft) for draft in drafts]
    for names in ([draft.name for draft in drafts], [draft.shown for draft in drafts]):
        counts = Counter(fuller)
        fuller = [
            name if counts[wanted] > 1 and draft.line is None else wanted
            for draft, name, wanted in zip(drafts, names, fuller, strict=True)
        ]
    used: set[str] = set()
    ids = []
    for name in fuller:
        number, unique = 1, name
        while unique in used:
            number += 1
            unique = f"{name}~{number}"
        used.add(unique)
        ids.append(unique)
    return ids


def _wanted(draft: Draft) -> str:
    if draft.metadata.id is not None:
        return draft.metadata.id
    stem = str(PurePosixPath(draft.name).with_suffix(""))
    return stem if draft.line is None else f"{stem}:{draft.line}"
