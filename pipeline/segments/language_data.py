"""What the splitter, the kinds and the clauses know about a language.

One TOML file a language in `data/`; a language without one gets `generic.toml`. Word lists are
white-space separated, line lists stand one a line.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class LanguageData:
    """Tables of one language; sets of casefolded words unless the name says otherwise."""

    language: str
    ordinals: bool
    never: frozenset[str]
    before_number: frozenset[str]
    maybe: frozenset[str]
    without_vowels: frozenset[str]
    maybe_suffixes: tuple[str, ...]
    ordinal_nouns: frozenset[str]  # as written
    value_words: frozenset[str]
    date_words: frozenset[str]
    starters: frozenset[str]  # as written
    speech_verbs: frozenset[str]
    boilerplate_lines: frozenset[str]
    boilerplate_prefixes: tuple[str, ...]
    boilerplate_pattern: re.Pattern[str]
    byline_openers: tuple[str, ...]  # as written, longest first
    byline_pattern: re.Pattern[str]
    agencies: frozenset[str]
    dateline_places: frozenset[str]  # as written


def load_language(language: str) -> LanguageData:
    """Tables of the language; the generic ones when there is no file for it."""
    primary = language.casefold().replace("_", "-").split("-")[0]
    return _load(primary if primary in known_languages() else "generic")


@cache
def known_languages() -> frozenset[str]:
    """Languages with tables of their own."""
    names = (entry.name for entry in files("pipeline.segments").joinpath("data").iterdir())
    found = {name.removesuffix(".toml") for name in names if name.endswith(".toml")}
    return frozenset(found - {"generic"})


@cache
def _load(name: str) -> LanguageData:
    source = files("pipeline.segments").joinpath("data", f"{name}.toml")
    tables: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    sentences, kinds = tables["sentences"], tables["kinds"]
    return LanguageData(
        language=name,
        ordinals=sentences["ordinals"],
        never=_words(sentences["never"]),
        before_number=_words(sentences["before_number"]),
        maybe=_words(sentences["maybe"]),
        without_vowels=_words(sentences["without_vowels"]),
        maybe_suffixes=tuple(sentences["maybe_suffixes"]),
        ordinal_nouns=frozenset(sentences["ordinal_nouns"].split()),
        value_words=_words(sentences["value_words"]),
        date_words=_words(sentences["date_words"]),
        starters=frozenset(sentences["starters"].split()),
        speech_verbs=_words(tables["speech"]["verbs"]),
        boilerplate_lines=frozenset(_lines(kinds["boilerplate_lines"])),
        boilerplate_prefixes=tuple(_lines(kinds["boilerplate_prefixes"])),
        boilerplate_pattern=_pattern(kinds["boilerplate_patterns"]),
        byline_openers=_openers(kinds["byline_openers"]),
        byline_pattern=re.compile(kinds["byline_pattern"] or r"(?!)"),
        agencies=_words(kinds["agencies"]),
        dateline_places=frozenset(kinds["dateline_places"].split()),
    )


def _words(table: str) -> frozenset[str]:
    return frozenset(table.casefold().split())


def _lines(table: str) -> list[str]:
    return [line.casefold() for line in table.splitlines() if line]


def _openers(table: str) -> tuple[str, ...]:
    return tuple(sorted((line for line in table.splitlines() if line), key=len, reverse=True))


def _pattern(patterns: list[str]) -> re.Pattern[str]:
    """One pattern for all; one that never matches when there is none."""
    return re.compile("|".join(f"(?:{p})" for p in patterns) or r"(?!)", re.IGNORECASE)
