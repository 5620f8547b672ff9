"""Files over HTTP, resumed where an earlier try broke off, never mixed of two versions."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

from pipeline.errors import PackageError
from pipeline.translation.archive import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    DownloadProgress = Callable[[int, int | None], None]
else:
    DownloadProgress = Any

TIMEOUT_SECONDS = 30.0
CHUNK_BYTES = 1 << 18
USER_AGENT = "faktenblatt"


def fetch_json(url: str) -> object:
    """The JSON document at that address.

    Raises:
        PackageError: the network or the document is not there.
    """
    try:
        with _open(url, {}) as response:
            return json.loads(response.read(MAX_BYTES))
    except ValueError as error:
        raise PackageError(f"{url}: not a JSON document ({error})") from error
    except (OSError, http.client.HTTPException) as error:
        raise PackageError(_explain(url, error)) from error


def download_file(url: str, folder: Path, *, progress: DownloadProgress | None = None) -> Path:
    """The file at that address, complete, in `folder`.

    What an interrupted download left (`NAME.part`) is continued when the server says that the
    file is still the same (ETag or Last-Modified), else fetched anew.

    Raises:
        PackageError: no network, no such file, or the connection broke; the part stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = os.path.basename(urllib.parse.urlsplit(url).path) or "package.argosmodel"  # noqa: PTH119
    part = folder / f"{hashlib.sha256(url.encode()).hexdigest()[:8]}-{name}.part"
    note = part.with_suffix(".json")
    try:
        with _open(url, _resume_headers(part, note)) as response:
            _receive(url, response, part, note, progress)
    except (OSError, http.client.HTTPException) as error:
        if (
            isinstance(error, urllib.error.HTTPError)
            and error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE
        ):
            part.unlink(missing_ok=True)
            note.unlink(missing_ok=True)
            return download_file(url, folder, progress=progress)
        raise PackageError(_explain(url, error)) from error
    final = part.with_suffix("")
    part.replace(final)
    note.unlink(missing_ok=True)
    return final


def check_digest(file: Path, sha256: str) -> None:
    """Nothing when the file is the expected one.

    Raises:
        PackageError: the file's SHA-256 is another one.
    """
    with file.open("rb") as handle:
        found = hashlib.file_digest(handle, "sha256").hexdigest()
    if found != sha256.strip().casefold():
        raise PackageError(f"{file}: refused, its sha256 is {found}, expected {sha256}")


def _open(url: str, headers: dict[str, str]) -> Any:
    if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
        raise PackageError(f"{url}: not an http(s) address; give a URL, a file or a folder")
    request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT, **headers})  # noqa: S310
    return urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)  # noqa: S310


def _resume_headers(part: Path, note: Path) -> dict[str, str]:
    if not part.is_file() or not note.is_file():
        return {}
    validator = json.loads(note.read_text(encoding="utf-8")).get("validator")
    size = part.stat().st_size
    return {"Range": f"bytes={size}-", "If-Range": validator} if validator and size else {}


def _receive(
    url: str, response: Any, part: Path, note: Path, progress: DownloadProgress | None
) -> None:
    resumed = response.status == http.client.PARTIAL_CONTENT
    done = part.stat().st_size if resumed else 0
    length = response.headers.get("Content-Length")
    total = done + int(length) if length and length.isdigit() else None
    if (total or 0) > MAX_BYTES:
        raise PackageError(f"{url}: refused, {total:,} bytes; no package is that large")
    etag = response.headers.get("ETag") or ""
    strong = etag if etag and not etag.startswith("W/") else None
    validator = strong or response.headers.get("Last-Modified")
    note.write_text(json.dumps({"url": url, "validator": validator}), encoding="utf-8")
    with part.open("ab" if resumed else "wb") as out:
        while chunk := response.read(CHUNK_BYTES):
            out.write(chunk)
            done += len(chunk)
            if done > MAX_BYTES:
                raise PackageError(f"{url}: refused, more than {MAX_BYTES:,} bytes")
            if progress is not None:
                progress(done, total)
    if total is not None and done != total:
        raise http.client.IncompleteRead(b"", total - done)


def _explain(url: str, error: Exception) -> str:
    host = urllib.parse.urlsplit(url).hostname
    if isinstance(error, urllib.error.HTTPError):
        return f"{url}: the server answers {error.code} {error.reason}; check the address"
    if isinstance(error, http.client.IncompleteRead):
        return f"{url}: the connection broke off; run the command again, it goes on from there"
    reason = getattr(error, "reason", None) or error
    return (
        f"{host}: can't be reached ({reason}); without a network fetch the .argosmodel file on "
        "another machine and run faktenblatt models install FILE"
    )
