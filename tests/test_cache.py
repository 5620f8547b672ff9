"""The translation cache: kept across processes, shared by two at once, cleared on request."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from pipeline.errors import OutputError
from pipeline.translation import clear_cache, describe_cache, open_cache
from pipeline.translation.cache import CachedTranslation


def make_rows(count: int, mark: str = "") -> list[tuple[str, CachedTranslation]]:
    return [
        (f"{mark}{n}", CachedTranslation(f"t{n}", -0.5, ("number 3 missing",)))
        for n in range(count)
    ]


def test_find_gives_back_what_was_put(tmp_path: Path) -> None:
    with open_cache(tmp_path) as cache:
        cache.put("route", make_rows(1200), route="toy")
        found = cache.find("route", ["0", "1199", "1200"])
    assert found == {
        "0": make_rows(1)[0][1],
        "1199": CachedTranslation("t1199", -0.5, ("number 3 missing",)),
    }


def test_find_keeps_routes_apart(tmp_path: Path) -> None:
    with open_cache(tmp_path) as cache:
        cache.put("one", make_rows(1), route="toy")
        assert cache.find("two", ["0"]) == {}


def test_describe_and_clear_count(tmp_path: Path) -> None:
    assert describe_cache(tmp_path).translation_count == 0
    with open_cache(tmp_path) as cache:
        cache.put("one", make_rows(3), route="toy 1.0")
        cache.put("two", make_rows(2), route="toy 2.0")
    info = describe_cache(tmp_path)
    assert dict(info.count_by_route) == {"toy 1.0": 3, "toy 2.0": 2}
    assert info.size_bytes > 0
    assert clear_cache(tmp_path) == 5
    assert describe_cache(tmp_path).translation_count == 0


def fill(folder: Path, mark: str) -> None:
    with open_cache(folder) as cache:
        for start in range(20):
            cache.put("route", make_rows(20, f"{mark}{start}-"), route="toy")


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=fill, args=(tmp_path, mark)) for mark in "ab"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert describe_cache(tmp_path).translation_count == 800


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "translations.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(OutputError, match=r"can't be used .* remove the file"):
        describe_cache(tmp_path)
