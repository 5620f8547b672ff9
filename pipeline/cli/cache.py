"""`faktenblatt cache`: the stored translations."""

from __future__ import annotations

import typer

from pipeline.cli import options
from pipeline.cli.console import reported_errors

app = typer.Typer(help="Show or clear the stored translations.", no_args_is_help=True)


@app.command("info")
def info(*, debug: options.Debug = False) -> None:
    """Show where translations are stored, how many there are and how much room they take."""
    with reported_errors(debug=debug):
        from pipeline.run import open_translation_cache

        with open_translation_cache() as cache:
            state = cache.describe()
        typer.echo(
            f"{state.file}: {state.translation_count} translations, {state.size_bytes / 1e6:.1f} MB"
        )
        for route, count in state.count_by_route.items():
            typer.echo(f"{count:>10}  {route}")


@app.command("clear")
def clear(*, debug: options.Debug = False) -> None:
    """Delete all stored translations; the next run translates anew."""
    with reported_errors(debug=debug):
        from pipeline.run import open_translation_cache

        with open_translation_cache() as cache:
            removed = cache.clear()
        typer.echo(f"{removed} translations deleted")
