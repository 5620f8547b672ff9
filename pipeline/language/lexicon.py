"""Word lists and tables from `data/`, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "de")


@cache
def load_table(name: str) -> dict[str, Any]:
    """The table `data/<name>.toml`."""
    return tomllib.loads(files(__package__).joinpath("data", f"{name}.toml").read_text("utf-8"))


@cache
def load_words(name: str, key: str, language: str) -> frozenset[str]:
    """The words under `[language] key` of a table; none for a language that has no list."""
    section = load_table(name).get(language, {})
    return frozenset(section.get(key, ()))
