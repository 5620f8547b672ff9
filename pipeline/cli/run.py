"""`faktenblatt run`: articles to fact sheets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import options
from pipeline.cli.console import note, progress_bar, reported_errors

if TYPE_CHECKING:
    import polars as pl

    from pipeline.run import FactSheetResult

TOP_FACTS = 3
SHOWN_REJECTS = 10
WIDTH = 80


def run(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Files, folders, globs or - : .txt .md .html .jsonl .csv .parquet",
        ),
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the results.")
    ] = Path("outputs"),
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="CODE", help="Language to translate into [default: en]."),
    ] = None,
    package: options.Package = None,
    memory: options.Memory = None,
    terms: options.Terms = None,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="Articles' language; else detected."),
    ] = None,
    outlet: Annotated[
        str | None, typer.Option("--outlet", help="Outlet of articles that do not name one.")
    ] = None,
    max_article_chars: Annotated[
        int | None,
        typer.Option("--max-article-chars", min=1, help="Longer articles are left out."),
    ] = None,
    threshold: options.Threshold = None,
    embedder: options.Embedder = None,
    device: options.Device = None,
    config: options.ConfigFile = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="An input that must be left out is an error.")
    ] = False,
    debug: options.Debug = False,
) -> None:
    """Turn articles on one story (or several) into a bilingual fact sheet.

    Reads every outlet's article, translates offline, finds facts that several outlets report,
    and writes factsheet.html, .md and .docx with facts.jsonl, sentences.parquet and more.
    A memory.tmx or terms.csv in an input folder is used and announced.
    """
    with reported_errors(debug=debug), progress_bar() as progress:
        from pipeline.config import load_config
        from pipeline.run import run_to_folder

        settings = load_config(
            config,
            read={
                "language": language,
                "outlet": outlet,
                "max_article_chars": max_article_chars,
            },
            translation={
                "to": to,
                "package": package,
                "memory": tuple(memory) if memory else None,
                "terms": tuple(terms) if terms else None,
                "device": device,
            },
            matching={"threshold": threshold, "embedder": embedder},
        )
        result = run_to_folder(
            inputs, out, settings, strict=strict, stdin=sys.stdin.buffer, progress=progress
        )
    for line in result.notes:
        note(line)
    for line in reject_lines(result.rejects):
        note(line)
    for line in summary_lines(result, out):
        typer.echo(line)


def summary_lines(result: FactSheetResult, out: Path) -> list[str]:
    """The run in a few lines of at most 80 columns (paths excepted)."""
    from pipeline.sheet.arrange import group_conflicts

    facts = result.facts
    repeated = facts.filter(facts["kind"] == "repeated")
    points = _count(len(group_conflicts(facts.to_dicts())), "point")
    stories = len(result.story_ids)
    counts = (
        f"{_count(result.articles.height, 'article')} from "
        f"{_count(result.articles['outlet'].n_unique(), 'outlet')}, "
        f"{_count(stories, 'story', 'stories')}, {_count(facts.height, 'fact')}: "
        f"{repeated.height} reported by several outlets, "
        f"{facts.height - repeated.height} by one only; outlets disagree on {points}."
    )
    lines = _wrapped(counts)
    top = repeated.sort(["outlet_count", "fact_id"], descending=[True, False]).head(TOP_FACTS)
    for row in top.iter_rows(named=True):
        lines.append(_cut(f"  {row['outlet_count']} outlets  {_printable(row['target_text'])}"))
    sheet = out / ("factsheet.html" if stories == 1 else "index.html")
    lines.append(f"Open {sheet}")
    return lines


def reject_lines(rejects: pl.DataFrame) -> list[str]:
    """One line a file and reason, the first row's detail shown; at most SHOWN_REJECTS lines."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for reject in rejects.iter_rows(named=True):
        kinds.setdefault((reject["path"], reject["reason"]), []).append(reject["detail"])
    lines = []
    for (path, _), details in kinds.items():
        first = details[0] if details[0].startswith(path) else f"{path}: {details[0]}"
        more = f" (and {len(details) - 1} more like it)" if len(details) > 1 else ""
        lines.append(f"left out {first}{more}")
    hidden = len(lines) - SHOWN_REJECTS
    if hidden > 0:
        lines[SHOWN_REJECTS:] = [f"left out {hidden} more; all are listed in run.json"]
    return lines


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _wrapped(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, WIDTH)


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1].rstrip() + "…"
