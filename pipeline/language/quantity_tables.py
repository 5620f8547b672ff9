"""Units, bounds, rates and multipliers as tables, and what a quantity is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from pipeline.language.lexicon import load_table
from pipeline.language.words import cut_tokens

Bound = Literal["exact", "about", "at_least", "more_than", "at_most", "less_than"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One stated amount; `high` is the upper end of a range, `noun` what is counted."""

    value: Decimal
    high: Decimal | None
    unit: str | None
    bound: Bound
    noun: str | None
    start: int
    end: int
    text: str
    stated: Decimal  # before conversion into the base unit
    stated_unit: str | None  # the unit's word as it stands
    is_vague: bool = False  # "thousands", "dozens"


PER = frozenset({"a", "an", "per", "pro", "je", "/", "every", "each", "die", "im", "am"})
RATE = {"second": 1, "sekunde": 1, "s": 1, "minute": 60, "hour": 3600, "stunde": 3600, "h": 3600,
         "day": 86400, "tag": 86400, "week": 604800, "woche": 604800, "month": 2629800,
         "monat": 2629800, "year": 31557600, "jahr": 31557600}  # fmt: skip
RATE_ADVERBS = {
    "daily": "day", "weekly": "week", "monthly": "month", "annually": "year", "yearly": "year",
    "hourly": "hour", "täglich": "day", "wöchentlich": "week", "monatlich": "month",
    "jährlich": "year", "stündlich": "hour",
}  # fmt: skip
TIME = frozenset({"s"})
SUMS = frozenset({"add", "adds", "added", "adding", "sum", "sums", "amount", "amounts", "came"})
CURRENCY_SIGNS = frozenset({"$", "€", "£", "¥", "₹"})
# After digits only, glued or after a currency sign: $3m, 2.5bn, 10k
SHORT_MULTIPLIERS = {"m": 10**6, "bn": 10**9, "b": 10**9, "k": 1000, "tn": 10**12, "mn": 10**6}
MAX_UNIT_TOKENS = 3


@lru_cache(maxsize=8)
def unit_forms(language: str) -> dict[str, tuple[str, Decimal]]:
    del language  # one list serves both: forms do not clash
    return {
        form: (unit["base"], Decimal(unit["factor"]))
        for unit in load_table("units")["unit"]
        for form in unit["forms"]
    }


@lru_cache(maxsize=8)
def bound_phrases(language: str) -> tuple[tuple[tuple[str, ...], Bound], ...]:
    """Phrases as token tuples with their bound, longest first."""
    pairs: list[tuple[tuple[str, ...], Bound]] = [
        (tuple(token.lower for token in cut_tokens(phrase)), bound)
        for bound, phrases in load_table("numbers")[language]["bound"].items()
        for phrase in phrases
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


_FRACTION_STARTS = frozenset(
    {"a", "an", "one", "ein", "einem", "eines", "half", "hälfte", "noon", "midday", "midnight"}
    | {"mitternacht", "quarter", "viertel", "halb"}
)
_GERMAN_NUMBER = re.compile(
    "null|ein|zwei|zwo|drei|vier|fünf|sechs|sieb|acht|neun|zehn|elf|zwölf|zig|dreißig|hundert|"
    "tausend|mio|million|milliarde|billion|dutzend|halb|hälfte|drittel|viertel|tel|erst|zweit|dritt"
)


@lru_cache(maxsize=65536)
def may_begin(word: str, language: str) -> bool:
    """A quantity can begin with this word: asked first, nine words in ten are none."""
    numbers = load_table("numbers")[language]
    keys = ("small", "multiplier", "plural", "ordinal", "fraction")
    if word in _FRACTION_STARTS or any(word in numbers[key] for key in keys):
        return True
    if language == "en":
        return word in {"tens", "hundreds"}
    return _GERMAN_NUMBER.search(word) is not None


def german_stem(form: str) -> str:
    """`48-stündigen` -> stündig."""
    for stem in ("sekündig", "minütig", "stündig", "tägig", "wöchig", "monatig", "jährig"):
        if stem in form and len(form.partition(stem)[2]) <= 2:
            return stem
    return form
