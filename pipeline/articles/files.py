"""One file to drafts: text with front matter, HTML, or a table of articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.articles.decoding import decode_bytes
from pipeline.articles.drafts import Draft, check_draft
from pipeline.articles.front_matter import read_front_matter
from pipeline.articles.metadata import Metadata, read_metadata
from pipeline.articles.pages import find_charset, looks_like_html, read_page
from pipeline.articles.rejects import Reject
from pipeline.articles.sources import HTML_SUFFIXES, TABLE_SUFFIXES, Source
from pipeline.articles.tables import looks_like_jsonl, read_csv, read_jsonl, read_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator

# A character takes at most four bytes; front matter and markup come on top.
_BYTES_PER_CHAR = 4
_MARKUP_BYTES = 20_000_000


def read_source(source: Source, max_chars: int, notes: list[str]) -> Iterator[Draft | Reject]:
    """Every article of the file or the reason why not; notes on encodings are added."""
    suffix = source.path.suffix.casefold()
    try:
        if not source.path.is_file():
            detail = f"{source.shown}: not a regular file; name a file or a folder"
            yield Reject(source.shown, "unreadable", detail)
            return
        size = source.path.stat().st_size
        if suffix not in TABLE_SUFFIXES and size > max_chars * _BYTES_PER_CHAR + _MARKUP_BYTES:
            detail = f"{source.shown}: {size:,} bytes are no article; split it"
            yield Reject(source.shown, "too_large", detail)
            return
        data = b"" if suffix == ".parquet" else source.path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        detail = f"{source.shown}: can't be read ({reason}); check permissions"
        yield Reject(source.shown, "unreadable", detail)
        return
    found = read_parquet(source) if suffix == ".parquet" else read_data(source, data, notes)
    for thing in found:
        yield thing if isinstance(thing, Reject) else check_draft(thing, max_chars) or thing


def read_data(source: Source, data: bytes, notes: list[str]) -> Iterator[Draft | Reject]:
    """The file's bytes as drafts, by its suffix; without one, by what it looks like."""
    is_page = source.path.suffix.casefold() in HTML_SUFFIXES
    decoded = decode_bytes(data, declared=find_charset(data) if is_page else None)
    if decoded.text is None:
        detail = f"{source.shown}: binary data, not text; save it as .txt or .html"
        yield Reject(source.shown, "binary", detail)
        return
    if decoded.encoding is not None:
        notes.append(f"{source.shown}: not UTF-8, read as {decoded.encoding}")
    yield from _read_text(source, decoded.text)


def _read_text(source: Source, text: str) -> Iterator[Draft | Reject]:
    suffix = source.path.suffix.casefold()
    guessing = source.shown == "-"
    if suffix in (".csv", ".tsv"):
        yield from read_csv(source, text)
    elif suffix in (".jsonl", ".ndjson") or (guessing and looks_like_jsonl(text)):
        yield from read_jsonl(source, text)
    elif suffix in HTML_SUFFIXES or (guessing and looks_like_html(text)):
        yield read_page(source, text)
    else:
        yield _read_plain(source, text)


def _read_plain(source: Source, text: str) -> Draft | Reject:
    matter = read_front_matter(text)
    if matter.problem is not None:
        detail = (
            f"{source.shown}: the front matter is not YAML ({matter.problem}); "
            "write 'name: value' lines and quote values with special characters"
        )
        return Reject(source.shown, "bad_front_matter", detail)
    metadata = read_metadata(matter.values) if matter.values else Metadata()
    body = text[matter.text_start :]
    return Draft(source.shown, source.name, source.folder, None, metadata, body)
