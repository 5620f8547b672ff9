"""Translations kept on disk, so that no sentence is translated twice.

One SQLite file in WAL mode: a killed process loses at most the batch it had not handed over, and
several processes read and write at once. The key is the route's digests, the decoding settings
and the source text.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

FILE_NAME = "translations.sqlite"
BUSY_SECONDS = 60.0
LOOKUP_SIZE = 500  # SQLite's parameters a statement, kept below the oldest default of 999
SCHEMA = """
CREATE TABLE IF NOT EXISTS translation (
    key BLOB PRIMARY KEY,
    target_text TEXT NOT NULL,
    score REAL NOT NULL,
    flags TEXT NOT NULL,
    route TEXT NOT NULL
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class CachedTranslation:
    """What is kept of a translation."""

    target_text: str
    score: float
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """What `cache info` prints."""

    file: Path
    size_bytes: int
    translation_count: int
    count_by_route: Mapping[str, int]


class TranslationCache:
    """The cache file, opened at first use; `with` closes it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """The file closed; the next use opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def find(self, route_key: str, texts: Sequence[str]) -> dict[str, CachedTranslation]:
        """The kept translations of these texts, by text."""
        text_of = {make_key(route_key, text): text for text in texts}
        keys = list(text_of)
        found: dict[str, CachedTranslation] = {}
        with self._reporting():
            for start in range(0, len(keys), LOOKUP_SIZE):
                part = keys[start : start + LOOKUP_SIZE]
                marks = ",".join("?" * len(part))
                rows = self._connect().execute(
                    "SELECT key, target_text, score, flags FROM translation "  # noqa: S608
                    f"WHERE key IN ({marks})",
                    part,
                )
                for key, target, score, flags in rows:
                    found[text_of[key]] = CachedTranslation(target, score, tuple(json.loads(flags)))
        return found

    def put(
        self,
        route_key: str,
        rows: Iterable[tuple[str, CachedTranslation]],
        *,
        route: str,
    ) -> None:
        """The rows (source text, translation) kept, all in one transaction."""
        values = [
            (
                make_key(route_key, text),
                kept.target_text,
                kept.score,
                json.dumps(kept.flags, ensure_ascii=False),
                route,
            )
            for text, kept in rows
        ]
        with self._reporting():
            connection = self._connect()
            with connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO translation VALUES (?, ?, ?, ?, ?)", values
                )

    def describe(self) -> CacheInfo:
        """File, size and counts; an absent file is an empty cache."""
        if not self.file.exists():
            return CacheInfo(self.file, 0, 0, {})
        with self._reporting():
            rows = self._connect().execute(
                "SELECT route, COUNT(*) FROM translation GROUP BY route ORDER BY route"
            )
            counts = dict(rows.fetchall())
        return CacheInfo(self.file, self.file.stat().st_size, sum(counts.values()), counts)

    def clear(self) -> int:
        """Everything forgotten; how many translations that were."""
        if not self.file.exists():
            return 0
        with self._reporting():
            connection = self._connect()
            with connection:
                count = connection.execute("DELETE FROM translation").rowcount
            connection.execute("VACUUM")
        return int(count)

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            # The chain may read from another thread than the one that opened it; never at once.
            connection = sqlite3.connect(self.file, timeout=BUSY_SECONDS, check_same_thread=False)
            _switch_to_wal(connection)
            # NORMAL survives kill -9; only a power cut can lose the newest batches.
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(SCHEMA)
            self._connection = connection
        return self._connection

    @contextlib.contextmanager
    def _reporting(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise OutputError(
                f"{self.file}: the translation cache can't be used ({error}); "
                "remove the file or set FAKTENBLATT_HOME to another folder"
            ) from error


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """WAL mode, waited for: SQLite does not wait itself when two processes make a new file."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def make_key(route_key: str, text: str) -> bytes:
    """The row's key: 16 bytes of a hash over both."""
    return hashlib.blake2b(
        f"{route_key}\0{text}".encode(errors="surrogatepass"), digest_size=16
    ).digest()


def open_cache(folder: Path) -> TranslationCache:
    """The cache in that folder."""
    return TranslationCache(folder / FILE_NAME)


def describe_cache(folder: Path) -> CacheInfo:
    """What lies in that folder's cache."""
    with open_cache(folder) as cache:
        return cache.describe()


def clear_cache(folder: Path) -> int:
    """That folder's cache emptied; how many translations were in it."""
    with open_cache(folder) as cache:
        return cache.clear()
