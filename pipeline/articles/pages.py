"""HTML pages to drafts with trafilatura, offline."""

from __future__ import annotations

import logging
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.articles.drafts import Draft
from pipeline.articles.metadata import Metadata, parse_date, parse_language
from pipeline.articles.rejects import Reject

if TYPE_CHECKING:
    from pipeline.articles.sources import Source

_LOOKS = re.compile(
    r"\s*(?:<!--.*?-->\s*)?(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_LANGUAGE = re.compile(r"<html[^>]*?\slang\s*=\s*[\"']?([A-Za-z-]+)", re.IGNORECASE)


def find_charset(data: bytes) -> str | None:
    """The charset the page's head declares."""
    found = _CHARSET.search(data[:4096])
    return found[1].decode("ascii") if found is not None else None


def looks_like_html(text: str) -> bool:
    """Whether the text opens as a page."""
    return _LOOKS.match(text) is not None


def read_page(source: Source, markup: str) -> Draft | Reject:
    """The page's article.

    The text is what trafilatura takes for the article, one paragraph a line. The headline stands
    above it as its first line when the page shows it elsewhere.
    """
    document = _extract(markup)
    text = unicodedata.normalize("NFC", document.text or "") if document is not None else ""
    if document is None or not text.strip():
        detail = f"{source.shown}: no article text found in the page; save it as .txt"
        return Reject(source.shown, "empty", detail)
    title = " ".join((document.title or "").split()) or None
    if title is not None:
        title = unicodedata.normalize("NFC", title)
        if not text.lstrip().casefold().startswith(title.casefold()):
            text = f"{title}\n{text}"
    return Draft(
        source.shown, source.name, source.folder, None, _metadata(document, title, markup), text
    )


def _extract(markup: str) -> Any:
    """trafilatura's document; a second try that prefers recall for short pages; None if nothing."""
    from trafilatura import bare_extraction

    _keep_quiet()
    for recall in (False, True):
        document = bare_extraction(
            markup,
            with_metadata=True,
            include_comments=False,
            favor_recall=recall,
            # the day it appeared, not the last update; no guessing from dates in the text
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
        if document is not None and document.text:
            return document
    return None


@cache
def _keep_quiet() -> None:
    """Gives the library's loggers a handler: without one Python prints their errors to stderr."""
    for name in ("trafilatura", "htmldate", "justext", "courlan"):
        logging.getLogger(name).addHandler(logging.NullHandler())


def _metadata(document: Any, title: str | None, markup: str) -> Metadata:
    published, _ = parse_date(document.date)
    found = _LANGUAGE.search(markup)
    host = document.hostname or urlsplit(document.url or "").hostname
    return Metadata(
        outlet=document.sitename or host,
        title=title,
        published=published,
        language=parse_language(found[1] if found else document.language),
        url=document.url,
    )
