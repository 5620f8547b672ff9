"""What every command shares: one-line errors, notes and progress on standard error."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from pipeline.errors import FaktenblattError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A bar that flashes by is noise; work shorter than this shows none.
PROGRESS_AFTER_SECONDS = 2.0
VERBS = {
    "translate": "translating",
    "compare": "comparing",
    "segment": "segmenting",
    "embed": "embedding",
}


@contextmanager
def reported_errors(*, debug: bool) -> Iterator[None]:
    """Errors of the block as one line and an exit code; with `debug` as they are."""
    try:
        yield
    except FaktenblattError as error:
        if debug:
            raise
        fail(str(error), error.exit_code)
    except BrokenPipeError:
        # The reader has gone (`| head`): not an error of ours.
        sys.stderr.close()
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        fail("stopped; run the same command again to go on where it was", 130)
    except typer.Exit:
        raise
    except Exception as error:
        if debug:
            raise
        name = type(error).__name__
        fail(f"unexpected {name}: {error}; this is a defect, --debug shows where", 1)


def fail(message: str, exit_code: int = 1) -> None:
    """One line on standard error, then the exit code."""
    note(f"error: {message}")
    raise typer.Exit(exit_code)


def note(message: str) -> None:
    """One line on standard error, control characters shown as escapes."""
    line = " ".join(message.splitlines())
    safe = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line)
    typer.echo(f"faktenblatt: {safe}", err=True)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A callback (stage, done, total) that draws bars on a terminal and is silent elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    started: dict[str, float] = {}
    tasks: dict[str, object] = {}

    def show(stage: str, done: int, total: int) -> None:
        begun = started.setdefault(stage, time.monotonic())
        elapsed = time.monotonic() - begun
        if elapsed < PROGRESS_AFTER_SECONDS and stage not in tasks:
            return
        rate = f"{done / elapsed:,.0f}/s" if elapsed else ""
        if stage not in tasks:
            tasks[stage] = bar.add_task(VERBS.get(stage, stage), total=total, rate=rate)
        bar.update(tasks[stage], completed=done, total=total, rate=rate)  # type: ignore[arg-type]

    with bar:
        yield show
