"""Which packages are here, and what is in each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import PackageError
from pipeline.translation import find_packages_folder, list_packages, open_package

if TYPE_CHECKING:
    from pipeline.translation import Package


@dataclass(frozen=True, slots=True)
class PackageInfo:
    """What `models list` and `models info` print of a package."""

    name: str
    from_code: str
    to_code: str
    from_name: str
    to_name: str
    version: str
    tokenizer: str
    target_prefix: str
    origin: str  # given | installed | argos | bundled
    folder: Path
    size_bytes: int
    digest: str
    readme: str | None


def list_installed(given: Path | None = None) -> list[PackageInfo]:
    """Every package a run would consider, in its order of preference."""
    return [inspect_package(package) for package in list_packages(given)]


def describe_package(name: str) -> PackageInfo:
    """The package of that name (`translate-de_en`, `de_en`), file or folder.

    Raises:
        PackageError: there is none.
    """
    return inspect_package(find_package(name))


def find_package(name: str) -> Package:
    """The package of that name, file or folder, read but not loaded."""
    if Path(name).exists():
        return open_package(Path(name))
    known = list_packages()
    wanted = name.removeprefix("translate-").replace("-", "_")
    for package in known:
        if wanted in {f"{package.from_code}_{package.to_code}", package.folder.name}:
            return package
    names = ", ".join(sorted({package.name for package in known})) or "none"
    raise PackageError(
        f"no package {name!r} in {find_packages_folder()} or Argos' folders (here: {names}); "
        "see faktenblatt models list"
    )


def inspect_package(package: Package) -> PackageInfo:
    """Size, digest and read-me beside what the metadata says."""
    readme = package.folder / "README.md"
    return PackageInfo(
        name=package.name,
        from_code=package.from_code,
        to_code=package.to_code,
        from_name=package.from_name,
        to_name=package.to_name,
        version=package.version,
        tokenizer=package.tokenizer,
        target_prefix=package.target_prefix,
        origin=package.origin,
        folder=package.folder,
        size_bytes=sum(f.stat().st_size for f in package.folder.rglob("*") if f.is_file()),
        digest=package.digest,
        readme=readme.read_text(encoding="utf-8", errors="replace") if readme.is_file() else None,
    )
