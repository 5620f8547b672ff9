"""How dates are written: which fields a run of tokens gives, and where it ends."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.language.lexicon import load_table, load_words

if TYPE_CHECKING:
    from pipeline.language.words import Token

_GERMAN_ENDING = re.compile(r"(?:e|en|er|es|em)$")
_QUARTER_WORDS = frozenset({"quarter", "quartal", "quartals"})
_RANKS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1": 1, "2": 2, "3": 3, "4": 4,
          "erst": 1, "zweit": 2, "dritt": 3, "viert": 4}  # fmt: skip
_VERBS_IN_S = frozenset({"was", "is", "has", "as", "his", "its", "this", "does"})
_UNINFLECTED = frozenset({"people", "men", "women", "children", "police", "km", "feet", "kg"})

Fields = dict[str, Any]
Reading = tuple[Fields, int]


def read_date(tokens: tuple[Token, ...], at: int, language: str) -> Reading:
    """Fields of the date that begins at a token, and the index after it."""
    token = tokens[at]
    if not (token.is_number or _may_begin(token.lower, language)):
        return {}, at
    for read in (_read_holiday, _read_day_month, _read_shifted, _read_weekday, _read_single):
        fields, last = read(tokens, at, language)
        if last > at:
            return _read_part(tokens, last, language, fields)
    return {}, at


@lru_cache(maxsize=65536)
def _may_begin(word: str, language: str) -> bool:
    """A date can begin with this word: asked first, nine words in ten are none."""
    keys = ("month", "month_short", "weekday", "season", "relative", "shift")
    holidays = {name.split()[0].split("'")[0] for name in _table(language, "holiday")}
    return (
        any(word in _table(language, key) for key in keys)
        or _shift_of(word, language) is not None
        or _GERMAN_ENDING.sub("", word) in _RANKS
        or word in _RANKS
        or word == "day"
        or re.split("['’]", word)[0] in holidays
        or re.fullmatch("q[1-4]", word) is not None
        or any(word.startswith(day) for day in _table(language, "weekday"))
    )


def _table(language: str, key: str) -> dict[str, Any]:
    table: dict[str, Any] = load_table("dates")[language][key]
    return table


def _lower(tokens: tuple[Token, ...], at: int) -> str:
    return tokens[at].lower if 0 <= at < len(tokens) else ""


def _read_holiday(tokens: tuple[Token, ...], at: int, language: str) -> Reading:
    holidays = _table(language, "holiday")
    for length in (4, 3, 2, 1):
        words = " ".join(_lower(tokens, at + k) for k in range(length)).replace(" '", "'")
        if words.replace("’", "'") in holidays:
            month, day = holidays[words.replace("’", "'")].split("-")
            return {"month": int(month), "day": int(day)}, at + length
    return {}, at


def _month_at(tokens: tuple[Token, ...], at: int, language: str) -> tuple[int | None, int]:
    """The month named at a token, and the index after it (an abbreviation's full stop too)."""
    if not 0 <= at < len(tokens) or not tokens[at].is_capital:
        return None, at
    word = tokens[at].lower
    month = _table(language, "month").get(word)
    if month is not None:
        return month, at + 1
    month = _table(language, "month_short").get(word)
    if month is None:
        return None, at
    dotted = _lower(tokens, at + 1) == "."
    last = at + (2 if dotted else 1)
    beside = last < len(tokens) and tokens[last].is_number
    before = at > 0 and (tokens[at - 1].is_number or _lower(tokens, at - 1) == ".")
    return (month, last) if beside or before else (None, at)


def _day_at(tokens: tuple[Token, ...], at: int, language: str) -> tuple[int | None, int]:
    """`10`, `10.`, `10th`, and the index after it."""
    if not 0 <= at < len(tokens) or not re.fullmatch(r"[0-3]?\d", tokens[at].text):
        return None, at
    day = int(tokens[at].text)
    if not 1 <= day <= 31:
        return None, at
    last = at + 1
    if (
        _lower(tokens, last) in ({"."} if language == "de" else {"th", "st", "nd", "rd"})
        and tokens[last].start == tokens[at].end
    ):
        last += 1
    return day, last


def _year_at(tokens: tuple[Token, ...], at: int) -> int | None:
    if 0 <= at < len(tokens) and re.fullmatch(r"1\d{3}|20\d{2}", tokens[at].text):
        return int(tokens[at].text)
    return None


def _read_day_month(tokens: tuple[Token, ...], at: int, language: str) -> Reading:
    """`10. November 2024`, `November 10, 2024`, `Sept. 30`, `November 2024`, `10.11.2024`."""
    numeric = _read_numeric(tokens, at, language)
    if numeric[1] > at:
        return numeric
    day, after_day = _day_at(tokens, at, language)
    if day is not None:
        at_month = after_day + (1 if _lower(tokens, after_day) == "of" else 0)
        month, last = _month_at(tokens, at_month, language)
        if month is None:
            return {}, at
        fields: Fields = {"day": day, "month": month}
    else:
        month, last = _month_at(tokens, at, language)
        if month is None:
            return {}, at
        fields = {"month": month}
        day, after_day = _day_at(tokens, last, language)
        follows = _lower(tokens, after_day)
        if day is not None and language == "en" and follows not in {"percent", "%", "people"}:
            fields["day"], last = day, after_day
        elif (
            language == "en" and tokens[at].lower in {"may", "march"} and not _is_month(tokens, at)
        ):
            return {}, at
    at_year = last + (1 if _lower(tokens, last) == "," else 0)
    year = _year_at(tokens, at_year)
    if year is not None and ("day" in fields or at_year == last):
        fields["year"], last = year, at_year + 1
    return fields, last


def _is_month(tokens: tuple[Token, ...], at: int) -> bool:
    """`May` or `March` inside a sentence and capital: after a preposition, or before a year."""
    before = {"in", "since", "until", "till", "by", "from", "to", "of", "last", "next", "this"}
    return (
        _lower(tokens, at - 1) in before | {"before", "after", "during", "early", "late", "mid"}
        or _year_at(tokens, at + 1) is not None
    )


def _read_numeric(tokens: tuple[Token, ...], at: int, language: str) -> Reading:
    """`10.11.2024`, `10.11.` (German), `2024-11-10`."""
    text = tokens[at].text
    if _lower(tokens, at + 1) == "/" == _lower(tokens, at + 3):
        day, month, last = text, _lower(tokens, at + 2), _year_at(tokens, at + 4)
        if day.isdigit() and month.isdigit() and last is not None and int(day) > 12:
            return _checked(last, int(month), int(day)), at + 5  # 12/31 and 31/12 only if plain
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    if match:
        return _checked(int(match[3]), int(match[2]), int(match[1])), at + 1
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})", text)
    dotted = _lower(tokens, at + 1) == "." and at + 1 < len(tokens)
    if match and language == "de" and dotted and tokens[at + 1].start == tokens[at].end:
        if _lower(tokens, at - 1) in {"am", "vom", "zum", "dem", "bis", "seit", "ab"}:
            fields = _checked(None, int(match[2]), int(match[1]))
            return fields, at + 2 if fields else at
        return {}, at
    year = _year_at(tokens, at)
    if year is not None and _lower(tokens, at + 1) == "-" == _lower(tokens, at + 3):
        month, day = _lower(tokens, at + 2), _lower(tokens, at + 4)
        if month.isdecimal() and day.isdecimal():
            fields = _checked(year, int(month), int(day))
            return fields, at + 5 if fields else at
    return {}, at


def _checked(year: int | None, month: int, day: int) -> Fields:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return {}
    fields: Fields = {"month": month, "day": day}
    return fields if year is None else {"year": year, **fields}


def _shift_of(word: str, language: str) -> int | None:
    shifts = _table(language, "shift")
    return shifts.get(_GERMAN_ENDING.sub("", word) if language == "de" else word)


def _read_shifted(tokens: tuple[Token, ...], at: int, language: str) -> Reading:
    """`last year`, `nächste Woche`, `next Tuesday`, `this spring`."""
    shift = _shift_of(tokens[at].lower, language)
    if shift is None or at + 1 >= len(tokens):
        return {}, at
    word = tokens[at + 1].lower
    found = {key: _table(language, key).get(word) for key in ("span", "weekday", "season", "part")}
    month = _table(language, "month").get(word) if tokens[at + 1].is_capital else None
    fields: Fields = {}
    if found["span"] is not None:
        fields = {"relative": (found["span"], shift)}
    elif month is not None:
        fields = {"month": month}
    elif found["part"] is not None and language == "en":
        fields = {"part": found["part"], "relative": ("day", min(shift, 0))}
    else:
        for key in ("weekday", "season"):
            if found[key] is not None:
                fields = {key: found[key], "relative": (key, shift)}
    return (fields, at + 2) if fields else ({}, at)


def _read_weekday(tokens: tuple[Token, ...], at: int, language: str) -> Reading:
    """`Wednesday`, `Mittwoch`, `Mittwochabend`, and a date that follows (`, November 10`)."""
    word = tokens[at].lower
    if not tokens[at].is_capital:
        return {}, at
    weekdays = _table(language, "weekday")
    fields: Fields = {}
    if word in weekdays:
        fields["weekday"] = weekdays[word]
    elif word.endswith("s") and word[:-1] in weekdays:
        fields["weekday"] = weekdays[word[:-1]]
    elif language == "de":
        for name, number in weekdays.items():
            part = _table("de", "part").get(word.removeprefix(name))
            if word.startswith(name) and part is not None:
                fields = {"weekday": number, "part": part}
    if not fields:
        return {}, at
    last = at + 1
    for gap in ((",",), (",", "dem"), (",", "den"), ("dem",), ("den",), ()):
        if tuple(_lower(tokens, last + k) for k in range(len(gap))) == gap:
            day_fields, end = (
                _read_day_month(tokens, last + len(gap), language)
                if (last + len(gap) < len(tokens))
                else ({}, 0)
            )
            if "day" in day_fields:
                return {**fields, **day_fields}, end
    return fields, last


def _read_single(tokens: tuple[Token, ...], at: int, language: str) -> Reading:
    """`yesterday`, a year, `1990s`, `Q2`, `second quarter`, `spring of 1998`."""
    word = tokens[at].lower
    phrase = " ".join(_lower(tokens, at + k) for k in range(3))
    if phrase in {"day after tomorrow", "day before yesterday"}:
        return {"relative": ("day", 2 if phrase.endswith("tomorrow") else -2)}, at + 3
    if word in _table(language, "relative") and not (word == "morgen" and tokens[at].is_capital):
        part = {"part": "evening"} if word == "tonight" else {}
        return {"relative": ("day", _table(language, "relative")[word]), **part}, at + 1
    for read in (_read_quarter, _read_season, _read_year):
        fields, last = read(tokens, at, language)
        if fields:
            return fields, last
    return {}, at


def _read_season(tokens: tuple[Token, ...], at: int, language: str) -> Reading:
    word = tokens[at].lower
    season = _table(language, "season").get(word)
    if season is None or (language == "de" and not tokens[at].is_capital):
        return {}, at
    last = at + (2 if _lower(tokens, at + 1) in {"of", "des"} else 1)
    year = _year_at(tokens, last)
    if year is not None:
        return {"season": season, "year": year}, last + 1
    # "spring" and "fall" are verbs as well
    is_noun = _lower(tokens, at - 1) in {"in", "the", "this", "by"}
    if word in {"spring", "fall"} and not is_noun:
        return {}, at
    return {"season": season}, at + 1


def _read_quarter(tokens: tuple[Token, ...], at: int, language: str) -> Reading:
    word = tokens[at].lower
    quarter = int(word[1]) if re.fullmatch(r"q[1-4]", word) else None
    last = at + 1
    if quarter is None:
        stem = _GERMAN_ENDING.sub("", word) if language == "de" else word
        last = at + (2 if _lower(tokens, at + 1) == "." else 1)
        if stem not in _RANKS or _lower(tokens, last) not in _QUARTER_WORDS:
            return {}, at
        quarter, last = _RANKS[stem], last + 1
    year_at = last + (1 if _lower(tokens, last) in {"of", "des", "jahres"} else 0)
    year = _year_at(tokens, year_at)
    if year is not None:
        return {"quarter": quarter, "year": year}, year_at + 1
    return {"quarter": quarter}, last


def _read_year(tokens: tuple[Token, ...], at: int, language: str) -> Reading:
    year = _year_at(tokens, at)
    if year is None:
        return {}, at
    following = _lower(tokens, at + 1)
    if following in {"s", "er", "ern"} and tokens[at + 1].start == tokens[at].end:
        return {"decade": year // 10}, at + 2
    before = _lower(tokens, at - 1)
    if before in {"$", "€", "£"} or following in {"%", "°", "€", "$"}:
        return {}, at
    if _counts_something(tokens, at, language) and before not in {"the", "jahr", "jahre", "year"}:
        return {}, at
    is_year = year >= 1500 and (
        before in load_words("dates", "before_year", language)
        or not _lower(tokens, at + 1).isalpha()
    )
    is_year = is_year or (before in {"in", "im", "since", "seit", "jahr", "year"} and year >= 1000)
    is_year = is_year or year >= 1900
    return ({"year": year}, at + 1) if is_year else ({}, at)


def _counts_something(tokens: tuple[Token, ...], at: int, language: str) -> bool:
    """The digits stand before a plural noun or a unit: `1500 people`, `2000 Soldaten`."""
    if at + 1 >= len(tokens) or not tokens[at + 1].is_word:
        return False
    following = tokens[at + 1]
    if language == "de":
        weekday_or_month = following.lower in _table("de", "month") | _table("de", "weekday")
        before = _lower(tokens, at - 1)
        return following.is_capital and not weekday_or_month and before not in {"jahr", "jahre"}
    word = following.lower
    is_plural = word.endswith("s") and not word.endswith("ss") and word not in _VERBS_IN_S
    return word in _UNINFLECTED or (is_plural and not following.is_capital)


def _read_part(tokens: tuple[Token, ...], last: int, language: str, fields: Fields) -> Reading:
    """A part of the day right after the date: `Friday morning`, `gestern Abend`."""
    part = _table(language, "part").get(_lower(tokens, last))
    if part is not None and "part" not in fields and {"weekday", "relative", "day"} & set(fields):
        return {**fields, "part": part}, last + 1
    return fields, last
