"""Numbers of a source that its translation lacks, however each language writes them.

`3.000` is there as `3,000`, `three thousand` or `3 thousand`; `18 Uhr` as `6 p.m.`; `10.11.` as
`10 November`. Only a number the source writes in digits, or a quantity in words above one, is
asked for: `ein` and `eine` are articles.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pipeline.language.dates import dates_agree, find_dates
from pipeline.language.numerals import parse_ordinal
from pipeline.language.quantities import find_quantities, quantities_agree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from pipeline.language.dates import DateMention
from pipeline.language.quantities import Quantity

# 3.000 and 1,2 and 18:30; a stop or comma at the end belongs to the sentence
NUMBER = re.compile(r"\d+(?:[.,:\u00a0\u202f’']\d+)*")
WORDS = {
    "de": re.compile(
        r"\b(?:zwei|drei|vier|fünf|sechs|sieb|acht|neun|zehn|elf|zwölf|zwanzig|hundert|tausend)"
        r"|zig\b|hundert|tausend|million|milliard|billion|dutzend",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twent|thirt|fort|fift)"
        r"|teen|ty\b|hundred|thousand|illion|dozen",
        re.IGNORECASE,
    ),
}
ZEROS = re.compile(r"(?:[.,:]0+)?$")


def find_missing_numbers(source: str, target: str, *, languages: tuple[str, str]) -> list[str]:
    """Numbers as the source writes them that the target has in no form.

    The digits are compared first; the sentences are read for amounts and dates only when that
    leaves a number open, which is one sentence in twenty.
    """
    given = {key for number in NUMBER.findall(target) for key in _keys(number)}
    digits = [(m.group(), m.start(), m.end()) for m in NUMBER.finditer(source)]
    asked = [found for found in digits if given.isdisjoint(_keys(found[0]))]
    words = WORDS.get(languages[0])
    if words is not None and words.search(source):
        asked += _find_amounts_in_words(source, languages[0], digits)
    if not asked:
        return []
    amounts = find_quantities(target, languages[1])
    dates = find_dates(target, languages[1])
    missing = []
    for text, start, end in asked:
        here = (start, end)
        there = (
            _has_amount(find_quantities(source, languages[0]), here, amounts, given)
            or _has_date(find_dates(source, languages[0]), here, dates)
            or _is_clock(text, given)
        )
        if not there:
            missing.append(text)
    return list(dict.fromkeys(missing))


def _find_amounts_in_words(
    source: str, language: str, digits: list[tuple[str, int, int]]
) -> Iterator[tuple[str, int, int]]:
    """Whole amounts above one, no ordinals and nothing vague."""
    for quantity in find_quantities(source, language):
        free = not any(quantity.start < end and start < quantity.end for _, start, end in digits)
        whole = quantity.stated > 1 and quantity.stated == int(quantity.stated)
        ordinal = parse_ordinal(quantity.text.casefold(), language) is not None
        if free and whole and not ordinal and not quantity.is_vague:
            yield quantity.text, quantity.start, quantity.end


def _keys(number: str) -> set[str]:
    """The digits in ASCII without separators, and without zeros after the last separator."""
    plain = "".join(
        str(unicodedata.digit(c)) if unicodedata.digit(c, None) is not None else c for c in number
    )
    forms = {plain, ZEROS.sub("", plain)}
    return {re.sub(r"\D", "", form).lstrip("0") or "0" for form in forms}


def _has_amount(
    source: tuple[Quantity, ...],
    here: tuple[int, int],
    target: tuple[Quantity, ...],
    given: set[str],
) -> bool:
    """True when the quantity around the number agrees with one of the target's."""
    for quantity in source:
        if quantity.start < here[1] and here[0] < quantity.end:
            if any(
                quantities_agree(quantity, other) or quantity.stated == other.stated
                for other in target
            ):
                return True
            digits = f"{quantity.stated.normalize():f}".replace(".", "")
            if digits in given or _without_zeros(quantity.stated) in given:
                return True
    return False


def _without_zeros(value: Decimal) -> str:
    """1200000000 as `12`: 1,2 Milliarden is 1.2 billion in digits too."""
    return "".join(str(digit) for digit in value.normalize().as_tuple().digits)


def _has_date(
    source: tuple[DateMention, ...], here: tuple[int, int], target: tuple[DateMention, ...]
) -> bool:
    return any(
        date.start < here[1] and here[0] < date.end and any(dates_agree(date, o) for o in target)
        for date in source
    )


def _is_clock(number: str, given: set[str]) -> bool:
    """True when 18 Uhr or 18.30 Uhr stands as 6 p.m. or 6:30 p.m. in the target."""
    hour, _, minutes = re.sub(r"[:,]", ".", number).partition(".")
    if not hour.isdecimal() or len(hour) > 2 or int(hour) > 24 or len(minutes) not in {0, 2}:
        return False
    half_day = str(int(hour) % 12 or 12)
    return half_day in given or (minutes != "" and half_day + minutes in given)
