"""The parts of the parallel text: table in, `Part` rows and their German-English lines out."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = Path(__file__).with_name("parts.toml")
WORDS = Path(__file__).with_name("words.toml")
# Order is the order of the packed ids; `made` holds our own templates, `noisy` the changed copies.
DOMAINS = ("news", "challenge", "short", "wiki", "web", "docs", "made", "noisy")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of parallel text and what is done with it."""

    name: str
    domain: str
    licence: str
    decision: str
    reason: str = ""
    fan_out: int = 1
    skeleton: int = 0  # 0: no limit
    prose: bool = False

    def __post_init__(self) -> None:
        """Refuse a row that the recipe would silently misread.

        Raises:
            ValueError: unknown domain or decision, or a drop without its reason.
        """
        if self.domain not in DOMAINS:
            raise ValueError(f"{self.name}: unknown domain {self.domain!r}; one of {DOMAINS}")
        if self.decision not in {"use", "drop"}:
            raise ValueError(f"{self.name}: decision is use or drop, not {self.decision!r}")
        if self.decision == "drop" and not self.reason:
            raise ValueError(f"{self.name}: a dropped part needs its reason")


def read_table(path: Path = TABLE) -> list[Part]:
    """Rows of the table, in file order (earlier parts win when lines repeat across parts)."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["part"]
    return [Part(**row) for row in rows]


def read_words(path: Path = WORDS) -> dict[str, dict[str, list[str]]]:
    """The word lists, by table and name."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        table: {name: text.split() for name, text in lists.items()}
        for table, lists in tables.items()
    }


def find_file(folder: Path, name: str) -> Path | None:
    """The part's file, compressed or plain; None when it is not in the folder."""
    for suffix in (".tsv.zst", ".tsv"):
        path = folder / f"{name}{suffix}"
        if path.exists():
            return path
    return None


def read_pairs(path: Path) -> Iterator[tuple[str, str]]:
    """German and English side of each line; lines without exactly one tab are left out."""
    with _open_text(path) as lines:
        for line in lines:
            sides = line.rstrip("\n").split("\t")
            if len(sides) == 2:
                yield sides[0], sides[1]


def digest_file(path: Path) -> str:
    """SHA-256 of the file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _open_text(path: Path) -> io.TextIOBase:
    if path.suffix != ".zst":
        return path.open(encoding="utf-8", newline="\n")
    try:
        import zstandard
    except ModuleNotFoundError:
        return _open_with_zstd(path)
    # The files use a 128 MiB window, above the library's default limit.
    reader = zstandard.ZstdDecompressor(max_window_size=2**27)
    stream = reader.stream_reader(path.open("rb"), closefd=True)
    return io.TextIOWrapper(stream, encoding="utf-8", newline="\n")


def _open_with_zstd(path: Path) -> io.TextIOBase:
    if shutil.which("zstd") is None:
        raise RuntimeError(f"{path}: install the zstandard package or the zstd command to read it")
    command = ["zstd", "-dc", "--long=27", str(path)]
    done = subprocess.run(command, check=True, capture_output=True)
    return io.StringIO(done.stdout.decode("utf-8"), newline="\n")
