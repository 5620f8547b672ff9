"""Options that several commands share, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="TOML file with settings.")
]
Package = Annotated[
    Path | None,
    typer.Option(
        "--package", metavar="FILE|DIR", help="Argos package (.argosmodel) to translate with."
    ),
]
Memory = Annotated[
    list[Path] | None,
    typer.Option(
        "--memory",
        metavar="FILE",
        help="Translation memory (TMX 1.4) used before any package; may be repeated.",
    ),
]
Terms = Annotated[
    list[Path] | None,
    typer.Option(
        "--terms", metavar="FILE", help="Termbase (CSV: source,target,note); may be repeated."
    ),
]
Embedder = Annotated[
    str | None,
    typer.Option(
        "--embedder",
        metavar="NAME|DIR",
        help="Sentence-transformers model, by name or folder [default: all-MiniLM-L6-v2].",
    ),
]
Threshold = Annotated[
    float | None,
    typer.Option(
        "--threshold",
        min=0.0,
        max=1.0,
        help="Probability from which two sentences count as the same fact.",
    ),
]
Device = Annotated[
    str | None,
    typer.Option("--device", metavar="cpu|cuda|auto", help="Where to translate [default: cpu]."),
]
