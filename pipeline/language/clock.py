"""Times of the day: `6 a.m.`, `six o'clock in the evening`, `18.30 Uhr`, `noon`.

What is said of the time before it widens it: `gegen sieben` is a quarter of an hour either way,
`shortly after seven` half an hour on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.language.numerals import parse_numeral

if TYPE_CHECKING:
    from pipeline.language.words import Token

_NAMED = {"noon": 720, "midnight": 0, "mitternacht": 0}
_SPOKEN = {
    "half past": 30, "quarter past": 15, "quarter to": -15, "viertel nach": 15, "viertel vor": -15,
}  # fmt: skip
_MORNING = frozenset({"a.m.", "am"})
_AFTERNOON = frozenset({"p.m.", "pm"})
_LATER = frozenset({"afternoon", "evening", "nachmittags", "abends", "abend", "nachmittag"})
_DAYTIMES = frozenset({"morning", "afternoon", "evening"})
_PAST = {"past": 1, "after": 1, "to": -1, "before": -1, "nach": 1, "vor": -1}
_MINUTES = frozenset({"minute", "minutes", "minuten"})
_ABOUT = {
    "en": frozenset({"around", "about", "towards", "toward", "roughly", "approximately"}),
    "de": frozenset({"gegen", "etwa", "circa", "ca", "rund", "ungefähr"}),
}
_SHORTLY = frozenset({"shortly", "just", "kurz"})
ABOUT_MINUTES, SHORTLY_MINUTES = 15, 30
_HOUR = re.compile(r"([01]?\d|2[0-4])(?:[.:]([0-5]\d))?")


def parse_clock(  # noqa: PLR0911 - one way of telling the time a line
    tokens: tuple[Token, ...], at: int, language: str
) -> tuple[int, int] | None:
    """Minutes after midnight and the index after the time; None when no time begins here."""
    word = tokens[at].lower
    if word in _NAMED:
        return _NAMED[word], at + 1
    spoken = _read_spoken(tokens, at, language) or _read_minutes(tokens, at, language)
    if spoken is not None:
        return spoken
    minutes, last = _read_hour(tokens, at, language)
    if minutes is None or last >= len(tokens):
        return None
    mark = tokens[last].lower.replace("’", "'")
    words = [token.lower for token in tokens[last : last + 3]]
    if language == "en" and words[:2] == ["in", "the"] and words[2:] and words[2] in _DAYTIMES:
        late = 720 if words[2] in _LATER and minutes < 720 else 0
        return (minutes + late) % 1440, last + 3
    if mark in _MORNING and language == "en":
        return (minutes - 720 if minutes >= 720 else minutes), last + 1
    if mark in _AFTERNOON and language == "en":
        return (minutes if minutes >= 720 else minutes + 720), last + 1
    if mark not in {"uhr", "o'clock"}:
        return None
    last += 1
    if language == "de" and last < len(tokens) and re.fullmatch(r"[0-5]?\d", tokens[last].text):
        minutes, last = minutes + int(tokens[last].text), last + 1  # 18 Uhr 30
    around = {token.lower for token in tokens[last : last + 4]}
    if around & _LATER and minutes < 720:
        minutes += 720
    return minutes % 1440, last


def widen_clock(tokens: tuple[Token, ...], at: int, minutes: int, language: str) -> tuple[int, int]:
    """The earliest and latest minute that the words before the time allow."""
    words = [token.lower for token in tokens[max(0, at - 2) : at] if token.is_word]
    if words and words[-1] in _ABOUT.get(language, ()):
        return minutes - ABOUT_MINUTES, minutes + ABOUT_MINUTES
    if len(words) == 2 and words[0] in _SHORTLY and words[1] in _PAST:
        later = _PAST[words[1]] > 0
        return (
            (minutes, minutes + SHORTLY_MINUTES) if later else (minutes - SHORTLY_MINUTES, minutes)
        )
    return minutes, minutes


def _read_minutes(tokens: tuple[Token, ...], at: int, language: str) -> tuple[int, int] | None:
    """`twelve minutes past seven`, `zwölf Minuten nach sieben`."""
    numeral = parse_numeral(tokens, at, language)
    if numeral is None or not 1 <= numeral.value < 60 or numeral.last + 2 >= len(tokens):
        return None
    unit, past = (token.lower for token in tokens[numeral.last : numeral.last + 2])
    if unit not in _MINUTES or past not in _PAST:
        return None
    hour, last = _read_hour(tokens, numeral.last + 2, language)
    if hour is None or hour > 720 or hour % 60:
        return None
    return (hour + _PAST[past] * int(numeral.value)) % 1440, last


def _read_spoken(tokens: tuple[Token, ...], at: int, language: str) -> tuple[int, int] | None:
    """`half past nine`, `quarter to six`, `Viertel nach acht`; `halb neun` is half past eight."""
    words = [token.lower for token in tokens[at : at + 2]]
    shift, hour_at = _SPOKEN.get(" ".join(words)), at + 2
    if shift is None and language == "de" and words[:1] == ["halb"]:
        shift, hour_at = -30, at + 1
    if shift is None or hour_at >= len(tokens):
        return None
    minutes, last = _read_hour(tokens, hour_at, language)
    if minutes is None or minutes > 720:
        return None
    around = {token.lower for token in tokens[last : last + 4]}
    late = 720 if around & (_LATER | _AFTERNOON) and minutes < 720 else 0
    return (minutes + shift + late) % 1440, last


def _read_hour(tokens: tuple[Token, ...], at: int, language: str) -> tuple[int | None, int]:
    text = tokens[at].text
    match = _HOUR.fullmatch(text)
    if match:
        last, minutes = at + 1, int(match[2] or 0)
        colon = last + 1 < len(tokens) and tokens[last].text == ":"
        if colon and re.fullmatch(r"[0-5]\d", tokens[last + 1].text) and match[2] is None:
            minutes, last = int(tokens[last + 1].text), last + 2
        return int(match[1]) * 60 + minutes, last
    numeral = parse_numeral(tokens, at, language) if tokens[at].is_word else None
    if language == "de" and text.lower() in {"ein", "eins"}:
        return 60, at + 1
    if numeral is None or not 1 <= numeral.value <= 24 or numeral.value % 1:
        return None, at
    return int(numeral.value) * 60, numeral.last
