"""The files as other programs read them: the one-line examples of the README, run as they stand."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.facts import build_sentences
from pipeline.schemas import MENTIONS, SENTENCES
from pipeline.sheet import facts_jsonl, frame_jsonl, parquet_bytes
from tests.sheet_story import build_content

LINES = (Path(__file__).parent / "data" / "sheet" / "one_liners.sh").read_text("utf-8").splitlines()
# "# name: what it shows", then the line itself.
ONE_LINERS = {
    title.removeprefix("# ").split(":")[0]: line
    for title, line in zip(LINES[::2], LINES[1::2], strict=True)
}
EXPECTED = {
    "polars": ("target_text", "outlets", "shape: (17, 2)"),
    "DuckDB": ("outlet_count", "target_text", "17 rows"),
    "pandas": ("Chronik", "Hintergrund", "Überblick"),
    "Hugging Face datasets": ("num_rows: 50", "source_text", "target_text"),
    "jq": ("at least 3,000", "about 1,500"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an outputs/ as a run leaves it."""
    content = build_content()
    sentences = build_sentences(content.facts)
    outputs = tmp_path_factory.mktemp("files") / "outputs"
    outputs.mkdir()
    (outputs / "facts.jsonl").write_text(facts_jsonl(content.facts), encoding="utf-8")
    (outputs / "sentences.jsonl").write_text(frame_jsonl(sentences), encoding="utf-8")
    (outputs / "sentences.parquet").write_bytes(parquet_bytes(sentences, SENTENCES))
    (outputs / "mentions.parquet").write_bytes(parquet_bytes(content.mentions, MENTIONS))
    return outputs.parent


@pytest.mark.parametrize("name", EXPECTED)
def test_one_liner_reads_the_files(name: str, folder: Path) -> None:
    program, *arguments = shlex.split(ONE_LINERS[name])
    if program == "python":
        program = sys.executable
    elif shutil.which(program) is None:
        pytest.skip(f"{program} is not on this machine; apt-get install {program}")
    ended = subprocess.run(
        [program, *arguments],
        cwd=folder,
        env={**os.environ, "HF_HOME": str(folder / "hf"), "HF_HUB_OFFLINE": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    for word in EXPECTED[name]:
        assert word in ended.stdout


def test_every_one_liner_is_run() -> None:
    assert set(ONE_LINERS) == set(EXPECTED)
