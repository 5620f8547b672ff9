"""Pairs made from frames with numbers, dates and names: what a small model must copy or reformat.

German and English write the same figure differently (`3.000`, `1,2 Milliarden`, `10. November`),
and a name is to be copied whatever it is. Parallel text of this size shows either too rarely.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

from models.training.normalise import normalise_text
from models.training.parts import read_words

if TYPE_CHECKING:
    from collections.abc import Callable

_HERE = Path(__file__).parent
_SLOT = re.compile(r"\{(\w+)\}")
_MONTHS = (
    ("Januar", "January"),
    ("Februar", "February"),
    ("März", "March"),
    ("April", "April"),
    ("Mai", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("August", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Dezember", "December"),
)
_WEEKDAYS = (
    ("Montag", "Monday"),
    ("Dienstag", "Tuesday"),
    ("Mittwoch", "Wednesday"),
    ("Donnerstag", "Thursday"),
    ("Freitag", "Friday"),
    ("Samstag", "Saturday"),
    ("Sonntag", "Sunday"),
)
_SCALES = (("Million", "Millionen", "million"), ("Milliarde", "Milliarden", "billion"))
_SYLLABLE = read_words()["syllable"]


def make_pairs(count: int, seed: int) -> list[tuple[str, str]]:
    """`count` normalised pairs; the same for the same seed."""
    frames = _read_rows("templates.tsv")
    places = _read_rows("exonyms.tsv")
    split = next(row for row, (german, _) in enumerate(places) if german == "Antwerpen")
    chance = random.Random(seed)  # noqa: S311 (repeatable, not secret)
    pairs = []
    for _ in range(count):
        frame = chance.choice(frames)
        values = {
            name: _fill_slot(name.rstrip("2"), chance, places[:split], places[split:])
            for name in dict.fromkeys(_SLOT.findall(frame[0]))
        }
        german, english = (_fill_frame(text, values, side) for side, text in enumerate(frame))
        pairs.append((german, english))
    return pairs


def _fill_frame(frame: str, values: dict[str, tuple[str, str]], side: int) -> str:
    text = normalise_text(_SLOT.sub(lambda hit: values[hit[1]][side], frame))
    return text[:1].upper() + text[1:].replace(".m..", ".m.")


def _read_rows(name: str) -> list[tuple[str, str]]:
    rows = []
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            german, english = line.split("\t")
            rows.append((german, english))
    return rows


def _fill_slot(
    name: str,
    chance: random.Random,
    countries: list[tuple[str, str]],
    cities: list[tuple[str, str]],
) -> tuple[str, str]:
    """One value in German and in English spelling.

    Raises:
        ValueError: templates.tsv uses a slot that nothing fills.
    """
    if name == "Country":
        return chance.choice(countries)
    if name == "City":
        # Half the places are unknown to anyone: they are copied.
        return chance.choice(cities) if chance.random() < 0.5 else _same(_make_word(chance))
    if name not in _FILLERS:
        raise ValueError(f"templates.tsv: nothing fills the slot {{{name}}}")
    return _FILLERS[name](chance)


def _write_decimal(chance: random.Random) -> tuple[str, str]:
    value = f"{chance.random() * chance.choice((5, 40, 100)):.{chance.choice((1, 1, 2))}f}"
    return value.replace(".", ","), value


def _write_day(chance: random.Random) -> tuple[str, str]:
    day = chance.randrange(1, 31)
    return f"{day}.", str(day)


def _write_clock(chance: random.Random) -> tuple[str, str]:
    hour, minute = chance.randrange(1, 24), chance.choice((0, 5, 10, 15, 20, 30, 40, 45, 50))
    half = "a.m." if hour < 12 else "p.m."
    english = f"{(hour - 1) % 12 + 1}:{minute:02d} {half}"
    return f"{hour}{chance.choice('.:')}{minute:02d}", english


def _write_count(chance: random.Random) -> tuple[str, str]:
    digits = chance.choice((3, 4, 4, 4, 5, 5, 6, 7))
    count = chance.randrange(10 ** (digits - 1), 10**digits)
    if chance.random() < 0.5:  # news rounds
        step = 10 ** (digits - 1 - chance.randrange(0, 2))
        count = max(step, count // step * step)
    english = f"{count:,}"
    if 1000 <= count < 10_000 and chance.random() < 0.15:
        return str(count), english
    return english.replace(",", "."), english


def _write_scaled(chance: random.Random) -> tuple[str, str]:
    singular, plural, english = chance.choice(_SCALES)
    value = chance.choice((f"{chance.randrange(2, 900)}", f"{chance.random() * 100 + 0.1:.1f}"))
    if value == "1.0":
        return f"eine {singular}", f"one {english}"
    return f"{value.replace('.', ',')} {plural}", f"{value} {english}"


def _make_date(chance: random.Random) -> tuple[str, str]:
    day = chance.randrange(1, 29)
    at = chance.randrange(12)
    german, english = _MONTHS[at]
    style = chance.random()
    if style < 0.3:
        return f"{day}. {german}", f"{english} {day}"
    if style < 0.5:
        return f"{day}. {german}", f"{day} {english}"
    year = chance.randrange(1945, 2035)
    if style < 0.7:
        return f"{day}. {german} {year}", f"{english} {day}, {year}"
    if style < 0.85:
        return f"{day}. {german} {year}", f"{day} {english} {year}"
    return f"{day:02d}.{at + 1:02d}.{year}", f"{english} {day}, {year}"


def _make_name(chance: random.Random) -> str:
    first, last = _make_word(chance), _make_word(chance)
    style = chance.random()
    if style < 0.1:
        last = f"{last}-{_make_word(chance)}"
    elif style < 0.15:
        return last
    elif style < 0.2:
        first = f"{first[0]}."
    return f"{first} {last}"


def _make_organisation(chance: random.Random) -> str:
    if chance.random() < 0.3:
        letters = "ABCDEFGHIKLMNOPRSTUVWZ"
        return "".join(chance.choice(letters) for _ in range(chance.randrange(2, 5)))
    return _make_word(chance)


def _make_word(chance: random.Random) -> str:
    syllables = chance.choice((1, 2, 2, 2, 3, 3))
    parts = [
        chance.choice(_SYLLABLE["onset"])
        + chance.choice(_SYLLABLE["nucleus"])
        + chance.choice(["", *_SYLLABLE["coda"]])
        for _ in range(syllables)
    ]
    return "".join(parts).capitalize()


def _same(text: str) -> tuple[str, str]:
    return text, text


_FILLERS: dict[str, Callable[[random.Random], tuple[str, str]]] = {
    "Name": lambda chance: _same(_make_name(chance)),
    "Org": lambda chance: _same(_make_organisation(chance)),
    "date": _make_date,
    "weekday": lambda chance: chance.choice(_WEEKDAYS),
    "month": lambda chance: chance.choice(_MONTHS),
    "n": _write_count,
    "big": _write_scaled,
    "dec": _write_decimal,
    "small": lambda chance: _same(str(chance.randrange(2, 60))),
    "age": lambda chance: _same(str(chance.randrange(15, 95))),
    "year": lambda chance: _same(str(chance.randrange(1900, 2040))),
    "day": _write_day,
    "clock": _write_clock,
}
