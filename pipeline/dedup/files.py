"""Sentence files in and out: .jsonl, .csv, .parquet."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import polars as pl

from pipeline.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = (".jsonl", ".csv", ".parquet")


def read_sentences(source: Path) -> pl.DataFrame:
    """The file as a frame.

    Raises:
        InputError: it can't be read; a broken JSONL line is named with its number.
    """
    check_suffix(source, "read")
    try:
        if source.suffix == ".parquet":
            return pl.read_parquet(source)
        if source.suffix == ".csv":
            return pl.read_csv(source, infer_schema=False)
        if source.stat().st_size == 0:
            return pl.DataFrame()
        return _read_jsonl(source)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{source}: can't read ({reason}); check the path") from error
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{source}: not a readable {source.suffix} file ({reason})") from error


def _read_jsonl(source: Path) -> pl.DataFrame:
    try:
        return pl.read_ndjson(source, infer_schema_length=None)
    except pl.exceptions.PolarsError:
        # Slow, but only to say where the file is broken or to read what polars won't mix.
        rows = []
        with source.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise InputError(
                        f"{source}:{number}: broken JSON ({error}); mend or delete the line"
                    ) from error
                if not isinstance(row, dict):
                    raise InputError(
                        f"{source}:{number}: a JSON object is expected, not {type(row).__name__}"
                    ) from None
                rows.append({key: None if v is None else str(v) for key, v in row.items()})
        return pl.DataFrame(rows, infer_schema_length=None)
    except UnicodeDecodeError as error:
        raise InputError(f"{source}: not UTF-8 ({error.reason}); convert it first") from error


def check_suffix(path: Path, verb: str) -> None:
    """Nothing when the suffix is one of SUFFIXES, else an InputError."""
    if path.suffix not in SUFFIXES:
        raise InputError(f"{path}: can't {verb} {path.suffix or 'a file without suffix'}; "
                         f"use {', '.join(SUFFIXES)}")  # fmt: skip


def frame_bytes(frame: pl.DataFrame, suffix: str) -> bytes:
    """The frame in the suffix's format; lists are joined by a space in CSV."""
    buffer = io.BytesIO()
    if suffix == ".parquet":
        frame.write_parquet(buffer)
    elif suffix == ".jsonl":
        frame.write_ndjson(buffer)
    else:
        lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
        frame.with_columns(pl.col(lists).list.join(" ")).write_csv(buffer)
    return buffer.getvalue()
