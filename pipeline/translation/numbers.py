"""Numbers of a source that its translation lacks, however each language writes them."""

from __future__ import annotations

import re

# 3.000 and 1,2 and 20.000,50; a stop or comma at the end belongs to the sentence
NUMBER = re.compile(r"\d+(?:[.,:\u00a0\u202f’']\d+)*")
SEPARATORS = re.compile(r"[.,:\u00a0\u202f’' ]")
SMALL = (
    ("null", "zero"), ("ein", "one"), ("zwei", "two"), ("drei", "three"), ("vier", "four"),
    ("fünf", "five"), ("sechs", "six"), ("sieben", "seven"), ("acht", "eight"), ("neun", "nine"),
    ("zehn", "ten"), ("elf", "eleven"), ("zwölf", "twelve"),
)  # fmt: skip


def find_missing_numbers(source: str, target: str, *, languages: tuple[str, str]) -> list[str]:
    """Numbers as the source writes them that the target has in no form."""
    del languages
    given = {SEPARATORS.sub("", number) for number in NUMBER.findall(target)}
    given |= {str(n) for n, names in enumerate(SMALL) if any(x in target.casefold() for x in names)}
    missing = []
    for number in dict.fromkeys(NUMBER.findall(source)):
        digits = SEPARATORS.sub("", number)
        if digits not in given and digits.lstrip("0") not in given and not _is_time(digits, given):
            missing.append(number)
    return missing


def _is_time(digits: str, given: set[str]) -> bool:
    """True when 18 Uhr or 6.00 Uhr stands as 6 p.m. or 6 a.m. in the target."""
    hour = digits.removesuffix("00") if len(digits) > 2 else digits
    return hour.isdigit() and hour != "" and str(int(hour) % 12 or 12) in given
