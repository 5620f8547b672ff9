"""The application object: global options and the commands, each from its own module."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli import cache, compare, models, run, text

app = typer.Typer(
    name="faktenblatt",
    help="Many outlets' articles on one story in, one deduplicated bilingual fact sheet out, "
    "offline.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    rich_markup_mode=None,
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"faktenblatt {__version__}")
        raise typer.Exit


@app.callback()
def common(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and stop."
        ),
    ] = False,
) -> None:
    """Many outlets' articles on one story in, one deduplicated bilingual fact sheet out, offline.

    \b
    Start with:   faktenblatt run FOLDER
    Look why:     faktenblatt explain FACT_ID
    Packages:     faktenblatt models list
    """


app.command("run")(run.run)
app.command("dedup")(compare.dedup)
app.command("translate")(text.translate)
app.command("explain")(compare.explain)
app.add_typer(models.app, name="models")
app.add_typer(cache.app, name="cache")


def main() -> None:
    """Entry point of the command `faktenblatt`."""
    app()
