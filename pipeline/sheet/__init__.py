"""Facts in, the sheet and its files out: what people read and what programs read.

Pure functions from frames to text or bytes; `run` and `store` decide where they are written.
"""

from pipeline.sheet.content import SheetContent
from pipeline.sheet.html import render_html
from pipeline.sheet.index import render_index_html, render_index_markdown
from pipeline.sheet.markdown import render_markdown
from pipeline.sheet.tables import (
    SCHEMAS,
    facts_jsonl,
    frame_jsonl,
    load_schema,
    parquet_bytes,
    render_csv,
)
from pipeline.sheet.word import render_docx

__all__ = [
    "SCHEMAS",
    "SheetContent",
    "facts_jsonl",
    "frame_jsonl",
    "load_schema",
    "parquet_bytes",
    "render_csv",
    "render_docx",
    "render_html",
    "render_index_html",
    "render_index_markdown",
    "render_markdown",
]
