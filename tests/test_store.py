"""Results reach the disk whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pipeline import store
from pipeline.errors import OutputError


def test_write_file_replaces_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "a.txt"
    store.write_file(target, "eins")
    store.write_file(target, "zwei ä")
    assert target.read_text(encoding="utf-8") == "zwei ä"
    assert [p.name for p in target.parent.iterdir()] == ["a.txt"]


def test_write_file_keeps_the_old_file_when_renaming_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.txt"
    store.write_file(target, "old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OutputError, match="No space left on device"):
        store.write_file(target, "new")
    assert target.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_check_writable_names_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="can't write"):
        store.check_writable(tmp_path / "file")


def test_write_outputs_removes_what_an_earlier_run_listed(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    store.write_outputs(tmp_path, {"a/x.md": "1", "index.md": "2"}, {"version": "1"})
    store.write_outputs(tmp_path, {"x.md": "1"}, {"version": "1"})
    left = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*"))
    assert left == ["notes.txt", "run.json", "x.md"]
    assert set(json.loads((tmp_path / "run.json").read_text())["files"]) == {"x.md"}


def test_write_outputs_does_not_follow_a_manifest_out_of_its_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("keep", encoding="utf-8")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "run.json").write_text('{"files": {"../outside.txt": "x"}}', encoding="utf-8")
    store.write_outputs(folder, {"a.md": "1"}, {})
    assert outside.exists()


def test_home_folder_follows_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKTENBLATT_HOME", str(tmp_path))
    assert store.home_folder() == tmp_path
    assert store.cache_folder() == tmp_path / "cache"
    monkeypatch.delenv("FAKTENBLATT_HOME")
    assert store.home_folder().name == "faktenblatt"
