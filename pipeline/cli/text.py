"""`faktenblatt translate`: one line in, one line out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import options
from pipeline.cli.console import note, progress_bar, reported_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO


def translate(
    source: Annotated[
        str, typer.Argument(metavar="[INPUT|-]", help="Text file, or - for standard input.")
    ] = "-",
    *,
    from_: Annotated[
        str, typer.Option("--from", metavar="CODE", help="Language of the lines.")
    ] = "de",
    to: Annotated[str, typer.Option("--to", metavar="CODE", help="Language wanted.")] = "en",
    package: options.Package = None,
    memory: options.Memory = None,
    terms: options.Terms = None,
    device: options.Device = None,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Translate lines of text offline: one line in, one line out, order kept.

    Standard input and output are streamed, so a file of a million lines needs no more memory
    than a page of text.
    """
    with reported_errors(debug=debug), progress_bar() as progress:
        from pipeline.config import load_config
        from pipeline.run import translate as translate_lines

        settings = load_config(
            config,
            translation={
                "to": to,
                "package": package,
                "memory": tuple(memory) if memory else None,
                "terms": tuple(terms) if terms else None,
                "device": device,
            },
        )
        lines = translate_lines(
            _read_lines(_open_input(source)),
            from_,
            settings.translation,
            progress=lambda done, total: progress("translate", done, total),
            on_doubt=lambda line, reasons: note(f"line {line}: doubtful: {'; '.join(reasons)}"),
        )
        for line in lines:
            sys.stdout.write(line + "\n")
        sys.stdout.flush()


def _open_input(source: str) -> BinaryIO:
    from pathlib import Path

    from pipeline.errors import InputError

    if source == "-":
        return sys.stdin.buffer
    try:
        return Path(source).open("rb")
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{source}: can't read ({reason}); give a text file or -") from error


def _read_lines(handle: BinaryIO) -> Iterator[str]:
    """Lines without their ends; undecodable bytes become U+FFFD rather than a lost line."""
    for raw in handle:
        yield raw.rstrip(b"\r\n").decode("utf-8", errors="replace")
