"""Package archives (`.argosmodel`: a zip with one folder) unpacked without trusting them.

A member that leaves its folder, a link, a bomb or a damaged archive is refused before anything of
it is seen under its final name: the archive is unpacked beside it and renamed when complete.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.errors import PackageError

if TYPE_CHECKING:
    from collections.abc import Iterator

# The largest package of Argos' index unpacks to 0.4 GB; a ratio above 200 is no model's.
MAX_BYTES = 4 * 1024**3
MAX_MEMBERS = 10_000
MAX_RATIO = 200
# Small files may shrink further without harm.
RATIO_FREE_BYTES = 16 * 1024**2


def unpack_archive(file: Path, into: Path, *, name: str | None = None) -> Path:
    """The archive's folder inside `into`, complete, replacing an older one of that name.

    Raises:
        PackageError: no zip, damaged, more than one folder, or a member that is refused.
    """
    into.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=into))
    try:
        with zipfile.ZipFile(file) as archive:
            members = list(_check_members(file, archive))
            for member in members:
                _write_member(archive, member, scratch)
        folder = _find_package_folder(file, scratch)
        return place_folder(folder, into / (name or _folder_name(file, folder, scratch)))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise PackageError(
            f"{file}: not an intact .argosmodel archive ({error}); fetch it again"
        ) from error
    except RuntimeError as error:  # zipfile's error for an encrypted member
        raise PackageError(f"{file}: can't be unpacked ({error}); fetch it again") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise PackageError(f"{file}: can't be unpacked into {into} ({reason})") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def place_folder(folder: Path, final: Path) -> Path:
    """The folder under its final name by renaming; what stood there goes when the new one stands.

    Both must lie on one file system.
    """
    old = None
    if final.exists():
        old = Path(tempfile.mkdtemp(prefix=".removing-", dir=final.parent))
        final.rename(old / final.name)
    try:
        folder.rename(final)
    except OSError:
        if final.is_dir():  # another process was faster; its content is the same archive's
            return final
        raise
    finally:
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)
    return final


def _check_members(file: Path, archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise PackageError(f"{file}: refused, {len(members)} members; a package has a few dozen")
    total = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if total > MAX_BYTES or (total > RATIO_FREE_BYTES and total / packed > MAX_RATIO):
        raise PackageError(f"{file}: refused, it would unpack to {total:,} bytes; no package does")
    for member in members:
        reason = _find_fault(member)
        if reason:
            raise PackageError(f"{file}: refused, member {member.filename!r} {reason}")
        yield member


def _find_fault(member: zipfile.ZipInfo) -> str | None:
    path = PurePosixPath(member.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in member.filename:
        return "leaves the package's folder"
    if any(":" in part or "\0" in part for part in path.parts):
        return "has a name that is no plain file name"
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "is a link or a device"
    return None


def _write_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, scratch: Path) -> None:
    target = scratch / member.filename
    if member.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("xb") as out:
        shutil.copyfileobj(source, out, 1 << 20)
        if out.tell() != member.file_size:
            raise zipfile.BadZipFile(f"{member.filename} has another size than announced")
        out.flush()
        os.fsync(out.fileno())


def _find_package_folder(file: Path, scratch: Path) -> Path:
    found = [p for p in (scratch, *sorted(scratch.iterdir())) if (p / "metadata.json").is_file()]
    if len(found) != 1:
        count = "no" if not found else "more than one"
        raise PackageError(f"{file}: {count} metadata.json in it; it is not one Argos package")
    return found[0]


def _folder_name(file: Path, folder: Path, scratch: Path) -> str:
    return file.name.removesuffix(".argosmodel") if folder == scratch else folder.name
