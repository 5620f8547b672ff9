"""Tables of articles (JSONL, CSV, Parquet) to drafts, row by row."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from pipeline.articles.drafts import Draft
from pipeline.articles.metadata import find_columns, read_metadata
from pipeline.articles.rejects import Reject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.articles.sources import Source

NO_TEXT = "no_text_column"
_MAX_FIELD_CHARS = 100_000_000  # the csv module's own limit of 131,072 cuts long articles off


def looks_like_jsonl(text: str) -> bool:
    """Whether the first line is a JSON object."""
    first = text.lstrip().split("\n", 1)[0]
    return first.startswith("{") and isinstance(_parse(first), dict)


def _parse(line: str) -> Any:
    """The line's JSON value; the parser's message as a ValueError's text when broken."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        return error


def read_jsonl(source: Source, text: str) -> Iterator[Draft | Reject]:
    """One draft or reject for every line that is not blank; one for all if none has a text."""
    waiting: list[Reject] | None = []  # rows without a text column, until one has it
    names: dict[str, None] = {}
    rows = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        rows += 1
        thing = _read_line(source, number, line)
        if waiting is not None and isinstance(thing, Reject) and thing.reason == NO_TEXT:
            waiting.append(thing)
            names |= dict.fromkeys(_parse(line))
            continue
        if waiting and isinstance(thing, Draft):
            yield from waiting
            waiting = None
        yield thing
    if rows == 0:
        yield _empty(source)
    elif waiting:
        yield _no_text(source, list(names)) if len(waiting) == rows else waiting[0]
        yield from waiting[1:] if len(waiting) < rows else []


def _read_line(source: Source, number: int, line: str) -> Draft | Reject:
    values = _parse(line)
    if isinstance(values, dict):
        return _read_row(source, number, values, find_columns(values))
    found = str(values) if isinstance(values, Exception) else "not an object"
    detail = f"{source.shown}:{number}: broken JSON line ({found}); repair or remove it"
    return Reject(source.shown, "broken_row", detail, number)


def _empty(source: Source) -> Reject:
    detail = f"{source.shown}: the file is empty; leave it out or fill it"
    return Reject(source.shown, "empty", detail)


def read_csv(source: Source, text: str) -> Iterator[Draft | Reject]:
    """One draft or reject for every record; the delimiter is taken from the header."""
    if not text.strip():
        yield _empty(source)
        return
    csv.field_size_limit(_MAX_FIELD_CHARS)
    text, delimiter = _find_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    columns: dict[str, str] = {}
    line, rows = 1, 0
    while True:
        try:
            record = next(reader, None)
        except csv.Error as error:
            detail = f"{source.shown}:{line}: broken CSV record ({error}); repair the quotes"
            yield Reject(source.shown, "broken_row", detail, line)
            return
        if record is None:
            if rows == 0:
                yield _empty(source)
            return
        if header is None:
            if not any(record):
                line = reader.line_num + 1
                continue
            header = [name.strip() for name in record]
            columns = find_columns(header)
            if "text" not in columns:
                yield _no_text(source, header)
                return
        elif any(record):
            rows += 1
            yield _read_record(source, line, header, columns, record)
        line = reader.line_num + 1


def _find_delimiter(text: str) -> tuple[str, str]:
    """The text without Excel's "sep=;" line, and the delimiter the header uses most."""
    told = re.match(r"sep=(.)\r?\n", text)
    if told is not None:
        return text[told.end() :], told[1]
    header = text.lstrip("\r\n").split("\n", 1)[0]
    return text, max(",;\t|", key=header.count)


def _read_record(
    source: Source, line: int, header: Sequence[str], columns: Mapping[str, str], record: list[str]
) -> Draft | Reject:
    if len(record) != len(header):
        detail = (
            f"{source.shown}:{line}: {len(record)} fields, the header has {len(header)}; "
            "quote fields that hold the delimiter"
        )
        return Reject(source.shown, "broken_row", detail, line)
    return _read_row(source, line, dict(zip(header, record, strict=True)), columns)


def _no_text(source: Source, names: Sequence[str], line: int | None = None) -> Reject:
    place = source.shown if line is None else f"{source.shown}:{line}"
    found = ", ".join(names) or "none"
    detail = f"{place}: no text column; name it 'text' (columns found: {found})"
    return Reject(source.shown, NO_TEXT, detail, line)


def read_parquet(source: Source) -> Iterator[Draft | Reject]:
    """One draft or reject a row."""
    import polars as pl

    try:
        frame = pl.read_parquet(source.path)
    except (pl.exceptions.PolarsError, OSError) as error:
        found = " ".join(str(error).split())
        detail = f"{source.shown}: not a readable Parquet file ({found}); write it again"
        yield Reject(source.shown, "unreadable", detail)
        return
    columns = find_columns(frame.columns)
    if "text" not in columns:
        yield _no_text(source, frame.columns)
        return
    if frame.is_empty():
        yield _empty(source)
    for number, values in enumerate(frame.iter_rows(named=True), start=1):
        yield _read_row(source, number, values, columns)


def _read_row(
    source: Source, line: int, values: Mapping[str, Any], columns: Mapping[str, str]
) -> Draft | Reject:
    if "text" not in columns:
        return _no_text(source, [str(name) for name in values], line)
    text = values[columns["text"]]
    if text is not None and not isinstance(text, str):
        detail = f"{source.shown}:{line}: the text is a {type(text).__name__}; write a string"
        return Reject(source.shown, "broken_row", detail, line)
    return Draft(
        source.shown,
        source.name,
        source.folder,
        line,
        read_metadata(values, columns),
        unicodedata.normalize("NFC", text or ""),
    )
