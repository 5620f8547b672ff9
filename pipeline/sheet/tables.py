"""Frames as files for programs: CSV, JSON lines and Parquet, each with the contract's columns."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from pipeline.schemas import FrameSchema

SCHEMAS = ("facts", "sentences", "mentions", "pairs", "run")
# A cell that starts with one of these is run as a formula by Excel, LibreOffice or Google Sheets
# (OWASP, CSV injection); the full-width forms are what some locales fold to the same.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "|", "%")
CSV_COLUMNS = (
    "fact_id", "kind", "target_text", "source_text", "outlets", "outlet_count", "source_count",
    "first_published", "event_dates", "disagreements", "doubts", "places",
)  # fmt: skip


def facts_jsonl(facts: pl.DataFrame) -> str:
    """One fact a line, the contract's columns in order, dates as ISO, text as UTF-8."""
    return frame_jsonl(facts)


def frame_jsonl(frame: pl.DataFrame) -> str:
    """One row a line, in the frame's order; dates as ISO, text as UTF-8, nulls as null."""
    return "".join(
        json.dumps(row, ensure_ascii=False, default=str) + "\n"
        for row in frame.iter_rows(named=True)
    )


def parquet_bytes(frame: pl.DataFrame, schema: FrameSchema) -> bytes:
    """The frame as Parquet; its metadata says what every column holds.

    `faktenblatt.frame` is the schema's name, `faktenblatt.key` its key columns and
    `faktenblatt.columns` a JSON object of column notes.
    """
    buffer = io.BytesIO()
    schema.check(frame).write_parquet(
        buffer,
        compression="zstd",
        metadata={
            "faktenblatt.frame": schema.name,
            "faktenblatt.key": json.dumps(list(schema.key)),
            "faktenblatt.columns": json.dumps(schema.notes, ensure_ascii=False),
        },
    )
    return buffer.getvalue()


def render_csv(facts: pl.DataFrame) -> str:
    """One fact a row for a spreadsheet; no cell can be read as a formula.

    Starts with a byte order mark, because Excel takes a file without one for Latin-1.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for row in facts.iter_rows(named=True):
        writer.writerow([guard_cell(value) for value in _csv_cells(row)])
    return "\ufeff" + buffer.getvalue()


def guard_cell(value: object) -> str:
    """The value as a cell's text, with an apostrophe before what would start a formula."""
    text = "" if value is None else str(value)
    if isinstance(value, int):
        return text
    # White space before the sign does not stop a spreadsheet that trims its cells.
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA_STARTS) else text


@cache
def load_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one row of `name` (see SCHEMAS), as shipped with the package."""
    file = resources.files("pipeline.sheet") / "schemas" / f"{name}.schema.json"
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def _csv_cells(row: dict[str, Any]) -> list[object]:
    mentions = row["mentions"]
    doubts = {flag for mention in mentions for flag in mention["flags"] or ()}
    places = [
        f"{mention['outlet']}: {mention['article_id']} {mention['start_char']}-"
        f"{mention['end_char']}"
        for mention in mentions
    ]
    disagreements = [
        f"{conflict['kind']}: {' / '.join(value or '' for value in conflict['values'])}"
        for conflict in row["conflicts"] or ()
    ]
    return [
        row["fact_id"],
        row["kind"],
        row["target_text"],
        row["source_text"],
        "; ".join(row["outlets"]),
        row["outlet_count"],
        row["source_count"],
        row["first_published"],
        "; ".join(row["event_dates"] or ()),
        "; ".join(disagreements),
        "; ".join(sorted(doubts)),
        "; ".join(places),
    ]
