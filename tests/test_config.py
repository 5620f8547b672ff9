"""Settings: default < TOML < option, unknown keys refused with the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Config, load_config
from pipeline.errors import UsageError


def test_load_config_gives_the_defaults() -> None:
    assert load_config() == Config()


def test_load_config_puts_options_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "f.toml"
    file.write_text('[translation]\nbeam_size = 2\nmemory = ["a.tmx"]\n', encoding="utf-8")
    config = load_config(file, translation={"beam_size": 3, "package": None})
    assert config.translation.beam_size == 3
    assert config.translation.memory == (Path("a.tmx"),)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[translation]\nbeam_sise = 2\n", r"unknown key translation\.beam_sise; did you mean"),
        ("[translaton]\n", r"unknown section \[translaton\]; did you mean 'translation'"),
        ("[matching]\nthreshold = 'high'\n", r"matching\.threshold is 'high', expected float"),
        ("matching = 3\n", r"write \[matching\]"),
        ("[matching\n", "not a TOML file"),
    ],
    ids=["key", "section", "type", "not-a-table", "syntax"],
)
def test_load_config_names_what_is_wrong(tmp_path: Path, toml: str, message: str) -> None:
    file = tmp_path / "f.toml"
    file.write_text(toml, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        load_config(file)


def test_load_config_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't read the configuration"):
        load_config(tmp_path / "none.toml")
