"""The README is run: its first example, its one-liners, and its tables of commands and files."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pipeline.config import load_config

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str, having: str) -> list[str]:
    """The README's code blocks in that language that contain the text."""
    return [code for name, code in BLOCK.findall(README) if name == language and having in code]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with seeds/ and the outputs/ that the README's first example makes."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "run", "seeds", "--out", "outputs"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "FAKTENBLATT_HOME": str(folder / "home"),
            "COLUMNS": "80",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (folder / "stdout.txt").write_text(done.stdout, encoding="utf-8")
    return folder


def test_the_first_example_prints_what_the_readme_shows(workplace: Path) -> None:
    printed = (workplace / "stdout.txt").read_text(encoding="utf-8").strip()
    assert printed in README


def test_every_file_of_a_run_stands_in_the_readme(workplace: Path) -> None:
    for file in (workplace / "outputs").iterdir():
        assert f"`{file.name}`" in README


def test_the_one_liners_that_are_run_stand_in_the_readme() -> None:
    run = (ROOT / "tests" / "data" / "sheet" / "one_liners.sh").read_text(encoding="utf-8")
    assert run.strip() in README


def test_the_python_example_runs(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = blocks("python", "from pipeline import")
    monkeypatch.chdir(workplace)
    monkeypatch.setenv("FAKTENBLATT_HOME", str(workplace / "home"))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert "Pyongyang" in printed.getvalue()


def test_the_configuration_example_is_valid(tmp_path: Path) -> None:
    (code,) = blocks("toml", "[matching]")
    file = tmp_path / "f.toml"
    file.write_text(code, encoding="utf-8")
    assert set(tomllib.loads(code)) == {"read", "translation", "matching", "sheet"}
    load_config(file)


def test_pictures_and_links_inside_the_project_exist() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if "://" not in target:
            assert (ROOT / target).exists(), target
