"""Packages put in place: from Argos' index, a URL, a file or a folder, whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import PackageError
from pipeline.packages.download import check_digest, download_file, fetch_json
from pipeline.packages.inventory import PackageInfo, find_package, inspect_package
from pipeline.translation import find_cache_folder, find_packages_folder, read_package
from pipeline.translation.archive import place_folder, unpack_archive

if TYPE_CHECKING:
    from pipeline.packages.download import DownloadProgress

INDEX_URL = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/"
PAIR = re.compile(r"(?:translate-)?([a-z]{2,3})(?:[_-]([a-z]{2,3}))?")


def install_package(
    source: str,
    *,
    to: str = "en",
    sha256: str | None = None,
    progress: DownloadProgress | None = None,
) -> list[PackageInfo]:
    """The packages installed for a language (`de`, `de_en`), a URL, a file or a folder.

    A language pair without a package of its own gets the two through English.

    Raises:
        PackageError: nothing to install there, no network, or the package is refused.
    """
    if Path(source).is_dir():
        return [_install_folder(Path(source))]
    if Path(source).is_file():
        return [_install_archive(Path(source), sha256)]
    if "://" in source:
        return [_install_url(source, sha256, progress)]
    pair = PAIR.fullmatch(source)
    if pair is None:
        raise PackageError(
            f"{source}: no such file or folder, and no language; give e.g. de, de_en, a URL, "
            "an .argosmodel file or a package folder"
        )
    found = _choose_from_index(pair.group(1), pair.group(2) or to)
    if sha256 is not None and len(found) > 1:
        raise PackageError(f"{source}: needs {len(found)} packages; install each with its --sha256")
    return [_install_links(name, links, sha256, progress) for name, links in found]


def remove_package(name: str) -> PackageInfo:
    """What was removed; only packages in our own folder are.

    Raises:
        PackageError: no such package, or it lies in Argos' folder or came with us.
    """
    package = find_package(name)
    if package.folder.parent.resolve() != find_packages_folder().resolve():
        raise PackageError(
            f"{package.folder}: not ours to remove ({package.origin}); remove it with the program "
            "that installed it"
        )
    info = inspect_package(package)
    trash = Path(tempfile.mkdtemp(prefix=".removing-", dir=package.folder.parent))
    package.folder.rename(trash / package.folder.name)
    shutil.rmtree(trash)
    return info


def _install_archive(file: Path, sha256: str | None) -> PackageInfo:
    if sha256 is not None:
        check_digest(file, sha256)
    scratch = _make_scratch()
    try:
        return _place(unpack_archive(file, scratch))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _install_folder(folder: Path) -> PackageInfo:
    read_package(folder)
    scratch = _make_scratch()
    try:
        # A link inside would point out of the installed folder: its target is copied instead.
        return _place(Path(shutil.copytree(folder, scratch / folder.resolve().name)))
    except OSError as error:
        reason = error.strerror or str(error)
        raise PackageError(f"{folder}: can't be copied to {scratch.parent} ({reason})") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _install_url(url: str, sha256: str | None, progress: DownloadProgress | None) -> PackageInfo:
    file = download_file(url, find_cache_folder() / "downloads", progress=progress)
    try:
        return _install_archive(file, sha256)
    finally:
        file.unlink(missing_ok=True)


def _install_links(
    name: str, links: list[str], sha256: str | None, progress: DownloadProgress | None
) -> PackageInfo:
    problem: PackageError | None = None
    for link in links:
        try:
            return _install_url(link, sha256, progress)
        except PackageError as error:
            problem = problem or error
    raise problem or PackageError(f"{name}: the index has no http(s) link for it")


def _place(folder: Path) -> PackageInfo:
    """The checked folder moved among the installed ones, replacing the same name."""
    package = read_package(folder)
    version = re.sub(r"[^\w]+", "_", package.version)
    name = f"{package.name}-{version}".rstrip("-")
    return inspect_package(read_package(place_folder(folder, find_packages_folder() / name)))


def _make_scratch() -> Path:
    packages = find_packages_folder()
    try:
        packages.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".installing-", dir=packages))
    except OSError as error:
        reason = error.strerror or str(error)
        raise PackageError(
            f"{packages}: can't be written ({reason}); set FAKTENBLATT_HOME to another folder"
        ) from error


def _choose_from_index(source: str, target: str) -> list[tuple[str, list[str]]]:
    """Name and links of the newest package of the pair, or of the two through English."""
    base = os.environ.get("ARGOS_PACKAGE_INDEX") or INDEX_URL
    url = base if base.endswith(".json") else f"{base.rstrip('/')}/index.json"
    index = fetch_json(url)
    if not isinstance(index, list):
        raise PackageError(f"{url}: not Argos' index, expected a list")
    newest: dict[tuple[str, str], tuple[tuple[int, ...], str, list[str]]] = {}
    for row in filter(lambda entry: isinstance(entry, dict), index):
        pair = (str(row.get("from_code")), str(row.get("to_code")))
        links = [link for link in row.get("links") or [] if str(link).startswith("http")]
        version = tuple(int(n) for n in re.findall(r"\d+", str(row.get("package_version", ""))))
        if links and version >= newest.get(pair, ((), "", []))[0]:
            newest[pair] = (version, f"translate-{pair[0]}_{pair[1]}", links)
    for way in ([(source, target)], [(source, "en"), ("en", target)]):
        if all(pair in newest for pair in way):
            return [newest[pair][1:] for pair in way]
    raise PackageError(f"{url}: no package from {source} to {target}, nor through English")
