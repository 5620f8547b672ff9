"""What the clause cutters know: German function words and verb forms, English connectives."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class ClauseData:
    """Casefolded word sets; attribution nouns as written."""

    relatives: frozenset[str]
    prepositions: frozenset[str]
    adverbials: frozenset[str]
    conditions: frozenset[str]
    complements: frozenset[str]
    questions: frozenset[str]
    infinitives: frozenset[str]
    coordinators: frozenset[str]
    conjunctions: frozenset[str]
    conditional_verbs: frozenset[str]
    attributions: frozenset[str]
    attribution_nouns: frozenset[str]
    event_openers: frozenset[str]
    event_endings: frozenset[str]
    not_events: frozenset[str]
    event_adjuncts: frozenset[str]
    figures: frozenset[str]
    figure_openers: frozenset[str]
    listings: frozenset[str]
    modals: frozenset[str]
    auxiliaries: frozenset[str]
    brackets: frozenset[str]
    reported: frozenset[str]
    personal: frozenset[str]
    pronouns: frozenset[str]
    determiners: frozenset[str]
    not_comparative: frozenset[str]
    speech_verbs: frozenset[str]
    verbs: frozenset[str]
    ambiguous_verbs: frozenset[str]


@dataclass(frozen=True, slots=True)
class EnglishData:
    """Casefolded word sets."""

    connectives: frozenset[str]
    also_prepositions: frozenset[str]
    says: frozenset[str]
    verbs: frozenset[str]


@cache
def load_english() -> EnglishData:
    """The English tables."""
    tables = {name: _words(words) for name, words in _tables("en")["clauses"].items()}
    return EnglishData(**tables, verbs=_forms("en_verbs.txt"))


def _tables(language: str) -> dict[str, Any]:
    source = files("pipeline.segments").joinpath("data", f"{language}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def load_german() -> ClauseData:
    """The German tables."""
    tables = _tables("de")
    clauses = {
        name: frozenset(words.split()) if name == "attribution_nouns" else _words(words)
        for name, words in tables["clauses"].items()
    }
    return ClauseData(
        **clauses,
        speech_verbs=_words(tables["speech"]["verbs"]),
        verbs=_forms("de_verbs.txt"),
        ambiguous_verbs=_forms("de_verbs_ambiguous.txt"),
    )


def _words(table: str) -> frozenset[str]:
    return frozenset(table.casefold().split())


def _forms(name: str) -> frozenset[str]:
    source = files("pipeline.segments").joinpath("data", name).read_text(encoding="utf-8")
    return _words(" ".join(line for line in source.splitlines() if not line.startswith("#")))
