"""Dates a text names, as far as it names them: year, month, day, weekday, part of the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.language.date_forms import read_date
from pipeline.language.words import cut_tokens

_FIELDS = ("year", "month", "day", "weekday", "quarter", "season", "part", "decade")


@dataclass(frozen=True, slots=True)
class DateMention:
    """One date; fields the text does not give are None.

    `iso` is `2024-11-10`, `2024-11`, `2024`, `--11-10`, `--11`, `-W-3` (a weekday), `2024-Q2`,
    `--Q2`, `1998-spring`, `199X`, `day-1`, `year+1` (relative without a reference) or `T-evening`.
    """

    iso: str
    start: int
    end: int
    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    quarter: int | None = None
    season: str | None = None
    part: str | None = None
    decade: int | None = None
    relative: tuple[str, int] | None = None
    resolved_from: str | None = None  # what the reference filled in: "weekday", "day", "year", ...

    @property
    def is_resolved(self) -> bool:
        """The reference date filled in what the text left open."""
        return self.resolved_from is not None


@lru_cache(maxsize=65536)
def find_dates(
    text: str, language: str, reference: dt.date | None = None
) -> tuple[DateMention, ...]:
    """Dates in order of appearance; weekdays and `yesterday` are resolved by the reference."""
    if language not in ("en", "de"):
        return ()
    tokens = cut_tokens(text)
    found: list[DateMention] = []
    at = 0
    while at < len(tokens):
        fields, last = read_date(tokens, at, language)
        if last == at:
            at += 1
            continue
        start, end = tokens[at].start, tokens[last - 1].end
        mention = DateMention("", start, end, text[start:end], **fields)
        if reference is not None:
            mention = _resolve(mention, reference)
        found.append(replace(mention, iso=_format_iso(mention)))
        at = last
    return tuple(found)


def dates_agree(left: DateMention, right: DateMention) -> bool | None:
    """True: one refines the other; False: they contradict; None: nothing to compare."""
    if left.is_resolved or right.is_resolved:
        near = _resolved_agree(left, right)
        if near is not None:
            return near
    verdicts = [
        _fields_agree(left, right),
        _derived_agree(left, right),
        _derived_agree(right, left),
    ]
    if left.relative is not None and right.relative is not None:
        verdicts.append(left.relative == right.relative)
    if False in verdicts:
        return False
    return True if True in verdicts else None


def _fields_agree(left: DateMention, right: DateMention) -> bool | None:
    pairs = [(getattr(left, name), getattr(right, name)) for name in _FIELDS]
    shared = [a == b for a, b in pairs if a is not None and b is not None]
    return all(shared) if shared else None


def _derived_agree(one: DateMention, other: DateMention) -> bool | None:
    """What `one` says in words, checked against what follows from the other's figures."""
    checks = []
    weekday = _weekday_of(other)
    if one.weekday is not None and one.day is None and weekday is not None:
        checks.append(one.weekday == weekday)
    if one.quarter is not None and other.month is not None:
        checks.append((other.month - 1) // 3 + 1 == one.quarter)
    if one.decade is not None and other.year is not None:
        checks.append(other.year // 10 == one.decade)
    return all(checks) if checks else None


def _resolved_agree(left: DateMention, right: DateMention) -> bool | None:
    """A weekday may be the one before or after the article: a week off agrees."""
    days = [_day_of(mention) for mention in (left, right)]
    if days[0] is None or days[1] is None or (left.part and right.part and left.part != right.part):
        return None
    gap = abs((days[0] - days[1]).days)
    return gap == 0 or (gap == 7 and "weekday" in (left.resolved_from, right.resolved_from))


def _day_of(mention: DateMention) -> dt.date | None:
    if mention.year and mention.month and mention.day:
        try:
            return dt.date(mention.year, mention.month, mention.day)
        except ValueError:
            return None
    return None


def _weekday_of(mention: DateMention) -> int | None:
    if mention.weekday is not None:
        return mention.weekday
    day = _day_of(mention)
    return None if day is None else day.isoweekday()


def _resolve(mention: DateMention, reference: dt.date) -> DateMention:
    """The mention with year, month and day the reference fills in."""
    if mention.relative is not None:
        span, shift = mention.relative
        if span == "year":
            return replace(
                mention, year=reference.year + shift, relative=None, resolved_from="year"
            )
        if span == "month":
            months = reference.year * 12 + reference.month - 1 + shift
            year, month = divmod(months, 12)
            return replace(mention, year=year, month=month + 1, relative=None, resolved_from=span)
        if span == "day":
            return _on(mention, reference + dt.timedelta(days=shift), span)
    if mention.weekday is not None and mention.day is None:
        ahead = mention.relative is not None and mention.relative[1] > 0
        days = (mention.weekday - reference.isoweekday()) % 7
        shift = (days or 7) if ahead else days - 7 * (days > 0)
        return _on(mention, reference + dt.timedelta(days=shift), "weekday")
    return mention


def _on(mention: DateMention, day: dt.date, origin: str) -> DateMention:
    return replace(
        mention, year=day.year, month=day.month, day=day.day, weekday=day.isoweekday(),
        relative=None, resolved_from=origin,
    )  # fmt: skip


def _format_iso(mention: DateMention) -> str:  # noqa: PLR0911 - one form a line
    year = f"{mention.year:04d}" if mention.year else "-"
    if mention.month and mention.day:
        return f"{year}-{mention.month:02d}-{mention.day:02d}"
    if mention.month:
        return f"{year}-{mention.month:02d}"
    if mention.quarter:
        return f"{year}-Q{mention.quarter}"
    if mention.season:
        return f"{year}-{mention.season}"
    if mention.weekday:
        return f"-W-{mention.weekday}"
    if mention.year:
        return year
    if mention.decade:
        return f"{mention.decade}X"
    if mention.relative:
        return f"{mention.relative[0]}{mention.relative[1]:+d}"
    return f"T-{mention.part}"
