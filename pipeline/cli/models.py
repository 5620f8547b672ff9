"""`faktenblatt models`: translation packages of this machine."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from pipeline.cli import options
from pipeline.cli.console import fail, note, progress_bar, reported_errors

app = typer.Typer(
    help="List, install, check and remove translation packages.", no_args_is_help=True
)

Name = Annotated[
    str, typer.Argument(metavar="PACKAGE", help="Name (de_en), .argosmodel file or folder.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(
    *, package: options.Package = None, as_json: AsJson = False, debug: options.Debug = False
) -> None:
    """List the packages a run would consider, the preferred first."""
    with reported_errors(debug=debug):
        from pipeline.packages import list_installed

        packages = list_installed(package)
        if as_json:
            typer.echo(_as_json([asdict(info) for info in packages]))
            return
        if not packages:
            note("no translation package here; install one: faktenblatt models install de")
        for info in packages:
            typer.echo(
                f"{info.from_code} -> {info.to_code}  {info.name} {info.version}  "
                f"{info.size_bytes / 1e6:.0f} MB  {info.origin}  {info.folder}"
            )


@app.command("info")
def info(package: Name, *, as_json: AsJson = False, debug: options.Debug = False) -> None:
    """Show a package's languages, version, size, digest and read-me."""
    with reported_errors(debug=debug):
        from pipeline.packages import describe_package

        found = asdict(describe_package(package))
        if as_json:
            typer.echo(_as_json(found))
            return
        readme = found.pop("readme")
        for name, value in found.items():
            typer.echo(f"{name:<14} {value}")
        if readme:
            typer.echo(f"\n{readme.rstrip()}")


@app.command("install")
def install(
    source: Annotated[
        str,
        typer.Argument(
            metavar="LANGUAGE|URL|FILE|DIR",
            help="de, de_en, an http(s) address, an .argosmodel file or a folder.",
        ),
    ],
    *,
    to: Annotated[
        str, typer.Option("--to", metavar="CODE", help="Language to translate into.")
    ] = "en",
    sha256: Annotated[
        str | None, typer.Option("--sha256", metavar="HEX", help="Digest the file must have.")
    ] = None,
    debug: options.Debug = False,
) -> None:
    """Install a package; the only command that may use the network, and only for LANGUAGE or URL.

    A language is looked up in Argos' package index; a pair without a package of its own gets the
    two through English.
    """
    with reported_errors(debug=debug), progress_bar() as progress:
        from pipeline.packages import install_package

        installed = install_package(
            source,
            to=to,
            sha256=sha256,
            progress=lambda done, total: progress("download", done, total or done),
        )
        for info in installed:
            typer.echo(f"installed {info.name} {info.version} in {info.folder}")


@app.command("remove")
def remove(package: Name, *, debug: options.Debug = False) -> None:
    """Remove a package that Faktenblatt installed; Argos' own folder is never touched."""
    with reported_errors(debug=debug):
        from pipeline.packages import remove_package

        removed = remove_package(package)
        typer.echo(f"removed {removed.name} {removed.version} from {removed.folder}")


@app.command("verify")
def verify(package: Name, *, device: options.Device = None, debug: options.Debug = False) -> None:
    """Load a package and translate a probe; exit code 1 when it does not work."""
    with reported_errors(debug=debug):
        from pipeline.packages import verify_package

        result = verify_package(package, device=device or "cpu")
        typer.echo(f"{result.package.name} {result.package.version}  {result.package.digest}")
        typer.echo(f"{result.probe} -> {result.translation}")
        if result.problem:
            fail(f"{result.package.folder}: {result.problem}")


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)
