"""Bytes onto disk, whole or not at all, and Faktenblatt's own folders.

Files are written under a temporary name beside their place, flushed to the disk and renamed, so
that a killed run leaves either the old file or the new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANIFEST = "run.json"


def home_folder() -> Path:
    """Own folder for packages and models: FAKTENBLATT_HOME, else the platform's data folder."""
    given = os.environ.get("FAKTENBLATT_HOME")
    if given:
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path("faktenblatt", appauthor=False)


def cache_folder() -> Path:
    """Folder for what can be made again: FAKTENBLATT_HOME/cache, else the platform's cache."""
    given = os.environ.get("FAKTENBLATT_HOME")
    if given:
        return Path(given) / "cache"
    from platformdirs import user_cache_path

    return user_cache_path("faktenblatt", appauthor=False)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def write_file(path: Path, content: str | bytes) -> None:
    """The content at `path`, written aside and renamed.

    Raises:
        OutputError: the folder can't be made or the file can't be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    with _reported(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
            # mkstemp makes 0600; results are as readable as any file the user makes.
            umask = os.umask(0)
            os.umask(umask)
            Path(temporary).chmod(0o666 & ~umask)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def check_writable(folder: Path) -> None:
    """Nothing when files can be written into the folder (made if absent).

    Asked before the work starts, so that an hour of translation is not lost at its end.

    Raises:
        OutputError: it can't.
    """
    with _reported(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def write_outputs(folder: Path, files: Mapping[str, str | bytes], manifest: dict[str, Any]) -> None:
    """All files under `folder`, then the manifest that lists them.

    Files that an earlier manifest lists and this run does not make are removed, so that the
    folder never mixes two runs. Files Faktenblatt did not write are not touched.
    """
    previous = _listed_files(folder)
    for name in sorted(files):
        write_file(folder / name, files[name])
    for name in sorted(previous - set(files)):
        _remove_listed(folder, name)
    listed = {name: _content_digest(files[name]) for name in sorted(files)}
    document = {**manifest, "files": listed}
    write_file(folder / MANIFEST, json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _content_digest(content: str | bytes) -> str:
    data = content.encode("utf-8") if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()


def _listed_files(folder: Path) -> set[str]:
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    files = document.get("files") if isinstance(document, dict) else None
    return {name for name in files if isinstance(name, str)} if isinstance(files, dict) else set()


def _remove_listed(folder: Path, name: str) -> None:
    path = folder / name
    # A manifest is data: a name that leaves the folder is not followed.
    if not path.resolve().is_relative_to(folder.resolve()):
        return
    with _reported(path):
        path.unlink(missing_ok=True)
        parent = path.parent
        if parent != folder and parent.is_dir() and not any(parent.iterdir()):
            shutil.rmtree(parent)


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{path}: can't write ({reason}); choose another --out") from error
