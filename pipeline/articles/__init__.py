"""Files, folders, globs and standard input in, the articles frame out.

Nothing is lost in silence: every file and row becomes an article, a memory, a termbase or a row of
`rejects` with its reason. The result does not depend on the order of inputs or files.

The text is the file's own after front matter: NFC, line ends as they are (spans count a CRLF as
two characters). A title given as metadata is not put into the text: spans quote what was
delivered. Only a page's headline, which trafilatura takes apart from its text, is its first line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pipeline.articles.drafts import Draft, check_draft
from pipeline.articles.files import read_data, read_source
from pipeline.articles.naming import name_articles
from pipeline.articles.rejects import Reject, build_rejects
from pipeline.articles.sources import Source, find_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from pipeline.config import ReadConfig

__all__ = ["ReadResult", "read_articles"]


@dataclass(frozen=True, slots=True)
class ReadResult:
    """Articles and rejects; memories and termbases found in input folders; notes for the user."""

    articles: pl.DataFrame
    rejects: pl.DataFrame
    notes: list[str]
    memories: list[Path]
    terms: list[Path]


def read_articles(
    inputs: Sequence[str], config: ReadConfig, *, stdin: BinaryIO | None = None
) -> ReadResult:
    """All articles of the inputs, by name; `-` reads `stdin` (text, HTML or JSONL)."""
    sources = find_sources(inputs)
    notes: list[str] = []
    drafts: list[Draft] = []
    rejects = list(sources.rejects)
    for source in sources.files:
        for thing in read_source(source, config.max_article_chars, notes):
            drafts.append(thing) if isinstance(thing, Draft) else rejects.append(thing)
    if sources.standard_input:
        for thing in _read_stdin(stdin, config.max_article_chars, notes):
            drafts.append(thing) if isinstance(thing, Draft) else rejects.append(thing)
    articles, duplicates = name_articles(drafts, config)
    return ReadResult(
        articles=articles,
        rejects=build_rejects([*rejects, *duplicates]),
        notes=sorted(notes),
        memories=sources.memories,
        terms=sources.terms,
    )


def _read_stdin(
    stdin: BinaryIO | None, max_chars: int, notes: list[str]
) -> Iterator[Draft | Reject]:
    if stdin is None:
        detail = "-: there is no standard input; pipe an article in or name a file"
        yield Reject("-", "unreadable", detail)
        return
    source = Source(Path("-"), "-", "stdin", None)
    for thing in read_data(source, stdin.read(), notes):
        yield thing if isinstance(thing, Reject) else check_draft(thing, max_chars) or thing
