"""The command line: help that teaches and is fast, exit codes, one-line errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from pipeline.cli import app

ROOT = Path(__file__).parent.parent


def faktenblatt(
    *arguments: str, home: Path, stdin: bytes = b""
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with its own home and no network libraries asked."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "FAKTENBLATT_HOME": str(home), "COLUMNS": "100"},
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def commands() -> list[tuple[str, ...]]:
    """Every command and subcommand, by its words."""
    group = typer.main.get_command(app)
    found: list[tuple[str, ...]] = []

    def walk(command: Any, words: tuple[str, ...]) -> None:
        children = getattr(command, "commands", None)
        if children is None:
            found.append(words)
            return
        for name, child in children.items():
            walk(child, (*words, name))

    walk(group, ())
    return found


COMMANDS = commands()


@pytest.mark.parametrize("words", COMMANDS, ids=[" ".join(words) for words in COMMANDS])
def test_every_command_has_help_for_itself_and_its_options(words: tuple[str, ...]) -> None:
    command: Any = typer.main.get_command(app)
    for word in words:
        command = command.commands[word]
    assert command.help
    bare = [
        p.name
        for p in command.params
        if getattr(p, "param_type_name", "") == "option" and not getattr(p, "help", None)
    ]
    assert bare == []


@pytest.mark.parametrize("words", COMMANDS, ids=[" ".join(words) for words in COMMANDS])
def test_every_command_stands_in_the_readme(words: tuple[str, ...]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"faktenblatt {' '.join(words)}" in readme


def test_help_is_fast() -> None:
    def best_of(arguments: list[str]) -> float:
        """Processor seconds of the fastest of three: wall time is the machine's load."""
        times = []
        for _ in range(3):
            before = os.times()
            subprocess.run(arguments, cwd=ROOT, check=True, capture_output=True)
            after = os.times()
            user = after.children_user - before.children_user
            times.append(user + after.children_system - before.children_system)
        return min(times)

    assert best_of([sys.executable, "-m", "pipeline", "--help"]) < 0.5
    assert best_of([sys.executable, "-c", "import pipeline"]) < 0.2


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys, pipeline.cli; "
        "print([m for m in ('polars','torch','numpy','ctranslate2','transformers') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (["run", "no-such-folder"], 1, "no-such-folder"),
        (["run"], 2, "Missing argument"),
        (["run", "seeds", "--threshold", "2"], 2, "less than or equal to 1"),
        (["run", "seeds", "--config", "none.toml"], 2, "none.toml: can't read"),
        (["dedup", "none.jsonl", "--out", "x.jsonl"], 1, "none.jsonl: can't read"),
        (["dedup", "none.txt", "--out", "x.jsonl"], 1, "none.txt: can't read .txt"),
        (["translate", "none.txt"], 1, "none.txt: can't read"),
        (["translate", "--from", "xx", "README.md"], 1, "faktenblatt models install xx"),
        (["nonsense"], 2, "No such command"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_errors_are_one_line_with_an_exit_code(
    tmp_path: Path, arguments: list[str], exit_code: int, message: str
) -> None:
    if arguments[0] == "run":
        arguments = [*arguments, "--out", str(tmp_path / "out")]
    done = faktenblatt(*arguments, home=tmp_path)
    assert done.returncode == exit_code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    if exit_code == 1:
        assert len(done.stderr.strip().splitlines()) == 1


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    done = faktenblatt("run", "no-such-folder", "--out", out, "--debug", home=tmp_path)
    assert "Traceback" in done.stderr


def test_dedup_writes_distinct_sentences_and_pairs(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "text": "The minister resigned on Friday.", "group": "1"},
        {"id": "b", "text": "The minister resigned on Friday.", "group": "2"},
        {"id": "c", "text": "A bridge over the river was closed to lorries.", "group": "2"},
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    out, pairs = tmp_path / "out.jsonl", tmp_path / "pairs.jsonl"
    done = faktenblatt(
        "dedup", str(source), "--out", str(out), "--pairs", str(pairs), home=tmp_path
    )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["duplicate_count"]) for row in found] == [("a", 1), ("c", 0)]
    assert found[0]["member_ids"] == ["a", "b"]
    verdicts = {
        (row["id_left"], row["id_right"]): row["verdict"]
        for row in map(json.loads, pairs.read_text(encoding="utf-8").splitlines())
    }
    assert verdicts["a", "b"] == "same"


def test_dedup_names_a_broken_line_and_a_missing_column(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": "a", "text": "x"}\n{"id": "b", "te\n', encoding="utf-8")
    done = faktenblatt("dedup", str(broken), "--out", str(tmp_path / "o.jsonl"), home=tmp_path)
    assert done.returncode == 1
    assert "broken.jsonl:2: broken JSON" in done.stderr
    table = tmp_path / "t.csv"
    table.write_text("id,sentence\na,x\n", encoding="utf-8")
    done = faktenblatt("dedup", str(table), "--out", str(tmp_path / "o.csv"), home=tmp_path)
    assert done.returncode == 1
    assert "no column 'text'" in done.stderr
    assert "id, sentence" in done.stderr


def test_run_shows_a_line_a_file_and_reason_for_what_was_left_out(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.txt").write_text(
        "---\noutlet: A\nlanguage: en\n---\nThe bridge over the Rottach was closed on Monday.\n",
        encoding="utf-8",
    )
    (source / "rows.jsonl").write_text('{"text": ""}\n' * 30, encoding="utf-8")
    done = faktenblatt("run", str(source), "--out", str(tmp_path / "out"), home=tmp_path)
    assert done.returncode == 0, done.stderr
    about_rows = [line for line in done.stderr.splitlines() if "rows.jsonl" in line]
    assert len(about_rows) == 1
    assert "29 more like it" in about_rows[0]
    assert all(len(line) <= 80 for line in done.stdout.splitlines()[:-1])


def test_translate_gives_a_line_for_a_line(tmp_path: Path, toy_package: Path) -> None:
    lines = "Der Hund schläft.\n\nEtwas ganz anderes 3.000 \x00 mit Zeichen.\r\nletzte Zeile"
    package = str(toy_package)
    done = faktenblatt(
        "translate", "-", "--package", package, home=tmp_path, stdin=lines.encode("utf-8")
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("\n")
    found = done.stdout.split("\n")[:-1]
    assert len(found) == 4
    assert found[1] == ""
    assert all(found[n] for n in (0, 2, 3))


def test_explain_says_why_in_words_and_in_json(tmp_path: Path) -> None:
    left = "The union says 3,200 workers walked out on Wednesday."
    right = "The union says 1,800 workers walked out on Wednesday."
    done = faktenblatt("explain", left, right, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "3200" in done.stdout.replace(",", "")
    as_json = json.loads(faktenblatt("explain", left, right, "--json", home=tmp_path).stdout)
    assert as_json["verdict"] == "differs"
    assert any(d["kind"] == "number" and not d["agrees"] for d in as_json["details"])
    missing = faktenblatt("explain", "f-1", "--out", str(tmp_path), home=tmp_path)
    assert missing.returncode == 1
    assert "no run here" in missing.stderr
    three = faktenblatt("explain", "a", "b", "c", home=tmp_path)
    assert three.returncode == 2
