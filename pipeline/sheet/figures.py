"""Where the numbers and dates of a text stand, for emphasis only; comparison has its own room."""

from __future__ import annotations

import re

from pipeline.language.dates import find_dates
from pipeline.language.lexicon import LANGUAGES
from pipeline.language.quantities import find_quantities

# In a language whose number words are not known, digits still are.
DIGITS = re.compile(r"(?<![\w.,])\d+(?:[.,’']\d+)*%?(?!\w)")
# A number in the middle of 100,000 characters needs no emphasis, and finding it takes time.
MAX_READ_CHARS = 20_000


def find_figures(text: str, language: str) -> tuple[tuple[int, int, str], ...]:
    """(start, end, "number" | "date") spans in order of the text, not overlapping."""
    if len(text) > MAX_READ_CHARS:
        return ()
    if language not in LANGUAGES:
        return tuple((found.start(), found.end(), "number") for found in DIGITS.finditer(text))
    dates = [(date.start, date.end, "date") for date in find_dates(text, language)]
    numbers = [(number.start, number.end, "number") for number in find_quantities(text, language)]
    spans: list[tuple[int, int, str]] = []
    for span in sorted(dates + numbers, key=lambda span: (span[0], -span[1])):
        if not spans or span[0] >= spans[-1][1]:
            spans.append(span)
    return tuple(spans)
