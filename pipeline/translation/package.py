"""Translation packages on this machine, and the way through them from one language to another.

An Argos package is a folder: `metadata.json`, a CTranslate2 model in `model/`, and
`sentencepiece.model` or `bpe.model`. Here they are found, read and chosen; nothing is loaded.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.errors import PackageError
from pipeline.translation import homes
from pipeline.translation.archive import unpack_archive

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

TOKENIZERS = ("sentencepiece.model", "bpe.model")
CODE = re.compile(r"[a-z]{2,3}([_-][A-Za-z0-9]{2,8})?")
PIVOT = "en"  # nearly every package of Argos' index has English on one side


@dataclass(frozen=True, slots=True)
class Package:
    """One package folder, read but not loaded."""

    folder: Path
    from_code: str
    to_code: str
    version: str
    from_name: str
    to_name: str
    target_prefix: str
    tokenizer: str  # sentencepiece | bpe
    origin: str  # given | installed | argos | bundled

    @property
    def name(self) -> str:
        """`translate-de_en`, as Argos names it."""
        return f"translate-{self.from_code}_{self.to_code}"

    @property
    def label(self) -> str:
        """The engine named beside a translation, e.g. `argos translate-de_en 1.3`."""
        return f"argos {self.name} {self.version}".rstrip()

    @property
    def digest(self) -> str:
        """SHA-256 over everything that can change a translation."""
        return digest_package(self.folder)


@dataclass(frozen=True, slots=True)
class Route:
    """Packages to apply one after the other: one, or several through pivot languages."""

    packages: tuple[Package, ...] = field()

    @property
    def label(self) -> str:
        """The packages' labels, joined by ` + `."""
        return " + ".join(package.label for package in self.packages)


def read_package(folder: Path, *, origin: str = "installed") -> Package:
    """The package in that folder.

    Raises:
        PackageError: metadata, model or tokenizer is missing or broken.
    """
    metadata_file = folder / "metadata.json"
    try:
        metadata = json.loads(metadata_file.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise PackageError(f"{folder}: no Argos package, metadata.json: {reason}") from error
    except ValueError as error:
        raise PackageError(f"{metadata_file}: not JSON ({error}); install it again") from error
    if not isinstance(metadata, dict):
        raise PackageError(f"{metadata_file}: not a JSON object; install the package again")
    codes = [metadata.get(key) for key in ("from_code", "to_code")]
    for key, code in zip(("from_code", "to_code"), codes, strict=True):
        if not isinstance(code, str) or not CODE.fullmatch(code):
            raise PackageError(f"{metadata_file}: {key} is {code!r}, expected a language code")
    tokenizers = [name for name in TOKENIZERS if (folder / name).is_file()]
    if not tokenizers:
        raise PackageError(f"{folder}: neither {' nor '.join(TOKENIZERS)} in it; install it again")
    if not (folder / "model" / "model.bin").is_file():
        raise PackageError(f"{folder}: no model/model.bin in it; install the package again")
    return Package(
        folder=folder,
        from_code=str(codes[0]),
        to_code=str(codes[1]),
        version=str(metadata.get("package_version", "")),
        from_name=str(metadata.get("from_name") or codes[0]),
        to_name=str(metadata.get("to_name") or codes[1]),
        target_prefix=str(metadata.get("target_prefix") or ""),
        tokenizer=tokenizers[0].removesuffix(".model"),
        origin=origin,
    )


@lru_cache(maxsize=64)
def digest_package(folder: Path) -> str:
    """SHA-256 over metadata, tokenizer and model files with their names."""
    files = [folder / "metadata.json", *(folder / name for name in TOKENIZERS)]
    files += sorted(path for path in (folder / "model").rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for file in files:
        if file.is_file():
            with file.open("rb") as handle:
                content = hashlib.file_digest(handle, "sha256").hexdigest()
            digest.update(f"{file.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def open_package(path: Path) -> Package:
    """The package of a folder or an `.argosmodel` file (unpacked once into our cache).

    Raises:
        PackageError: the path is neither, or what it holds is broken.
    """
    if path.is_dir():
        return read_package(path, origin="given")
    if not path.is_file():
        raise PackageError(f"{path}: no such package; give an .argosmodel file or its folder")
    return read_package(_unpack_once(path), origin="given")


def list_packages(given: Path | None = None) -> list[Package]:
    """Every readable package in the order of preference: given, ours, Argos', bundled."""
    found = [open_package(given)] if given else []
    found += _read_folder(homes.find_packages_folder(), "installed")
    for folder in homes.find_argos_folders():
        found += _read_folder(folder, "argos")
    for archive in homes.find_bundled_archives():
        package = read_package(_unpack_once(archive))
        found.append(_with_origin(package, "bundled"))
    return found


def find_route(source: str, target: str, packages: Sequence[Package]) -> Route | None:
    """The fewest packages from source to target, None when they don't meet.

    Among equally short ways the one through English is taken, then the package that stands
    first in `packages`, then the pivot's code.
    """
    best: dict[str, Package] = {}
    for package in packages:
        best.setdefault(f"{package.from_code}>{package.to_code}", package)
    ways: list[tuple[Package, ...]] = [()]
    seen = {source}
    while ways:
        complete = [way for way in ways if way and way[-1].to_code == target]
        if complete:
            return Route(min(complete, key=lambda way: _rank(way, packages)))
        longer = [
            (*way, package)
            for way in ways
            for package in best.values()
            if package.from_code == (way[-1].to_code if way else source)
            and package.to_code not in seen
        ]
        seen |= {way[-1].to_code for way in longer}
        ways = longer
    return None


def _rank(way: tuple[Package, ...], packages: Sequence[Package]) -> tuple[object, ...]:
    pivots = [package.to_code for package in way[:-1]]
    places = [packages.index(package) for package in way]
    return (any(pivot != PIVOT for pivot in pivots), max(places), pivots)


def _read_folder(folder: Path, origin: str) -> Iterable[Package]:
    """Packages below a folder, newest version of a pair first; what is no package is passed."""
    if not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not (path / "metadata.json").is_file():
            continue
        try:
            found.append(read_package(path, origin=origin))
        except PackageError:
            continue  # `models verify` names it; another run must not fail for it
    return sorted(found, key=_newest_first, reverse=True)


def _newest_first(package: Package) -> tuple[tuple[int, ...], str]:
    return tuple(int(number) for number in re.findall(r"\d+", package.version)), package.name


def _unpack_once(archive: Path) -> Path:
    with archive.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    folder = homes.find_cache_folder() / "unpacked" / digest[:16]
    if not (folder / "metadata.json").is_file():
        unpack_archive(archive, folder.parent, name=folder.name)
    return folder


def _with_origin(package: Package, origin: str) -> Package:
    from dataclasses import replace

    return replace(package, origin=origin)
