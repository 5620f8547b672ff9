"""Names of metadata columns, dates and languages as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Canonical name -> other names, in order of preference; compared casefolded, without _ and spaces.
_ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id", "articleid", "docid", "guid", "uuid"),
    "outlet": (
        *("outlet", "source", "publisher", "medium", "quelle", "zeitung", "newspaper", "site"),
        *("sitename", "domain", "hostname", "media"),
    ),
    "title": ("title", "headline", "titel", "überschrift", "schlagzeile"),
    "published": (
        *("published", "date", "datum", "publishedat", "publicationdate", "datepublished"),
        *("datepublish", "pubdate", "publishdate", "publisheddate", "veröffentlicht"),
        *("erschienen", "timestamp", "time", "datetime"),
    ),
    "language": ("language", "lang", "sprache"),
    "url": ("url", "link", "canonical", "href", "uri"),
    "text": (
        *("text", "body", "content", "maintext", "articletext", "fulltext", "articlebody"),
        *("inhalt", "artikel", "volltext", "rawtext"),
    ),
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan januar january jänner", "feb februar february feber", "mär mrz märz mar march"),
            *("apr april", "mai may", "jun juni june", "jul juli july", "aug august"),
            *("sep sept september", "okt oct oktober october", "nov november"),
            "dez dec dezember december",
        ),
        start=1,
    )
    for name in names.split()
}
_NO_DATE = frozenset({"-", "n/a", "na", "nan", "none", "null", "unknown", "unbekannt", "?"})
_NUMERIC = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})\b")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?([^\W\d_]+)\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?")
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?", re.DOTALL)
_LANGUAGES = {
    "deutsch": "de", "german": "de", "deu": "de", "ger": "de", "englisch": "en", "english": "en",
    "eng": "en", "french": "fr", "französisch": "fr", "français": "fr", "fra": "fr", "fre": "fr",
    "spanish": "es", "spanisch": "es", "español": "es", "spa": "es", "russian": "ru",
    "russisch": "ru", "rus": "ru", "ukrainian": "uk", "ukrainisch": "uk", "ukr": "uk",
    "italian": "it", "italienisch": "it", "ita": "it", "polish": "pl", "polnisch": "pl",
    "pol": "pl", "dutch": "nl", "niederländisch": "nl", "nld": "nl", "turkish": "tr",
    "türkisch": "tr", "tur": "tr", "portuguese": "pt", "portugiesisch": "pt", "por": "pt",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file or row says of itself; `bad_date` holds a date nobody can read."""

    id: str | None = None
    outlet: str | None = None
    title: str | None = None
    published: date | None = None
    language: str | None = None
    url: str | None = None
    bad_date: str | None = None


def find_columns(names: Iterable[str]) -> dict[str, str]:
    """Canonical name -> the column that holds it, for those there are."""
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(re.sub(r"[\s_-]", "", str(name).casefold()), name)
    found = {}
    for canonical, aliases in _ALIASES.items():
        alias = next((alias for alias in aliases if alias in folded), None)
        if alias is not None:
            found[canonical] = folded[alias]
    return found


def read_metadata(values: Mapping[str, Any], columns: Mapping[str, str] | None = None) -> Metadata:
    """The values as metadata; unknown keys are passed over."""
    columns = find_columns(values) if columns is None else columns
    given = {canonical: values.get(column) for canonical, column in columns.items()}
    published, bad_date = parse_date(given.get("published"))
    return Metadata(
        id=_text(given.get("id")),
        outlet=_text(given.get("outlet")),
        title=_text(given.get("title")),
        published=published,
        language=parse_language(given.get("language")),
        url=_text(given.get("url")),
        bad_date=bad_date,
    )


def _text(value: object) -> str | None:
    """One trimmed line; None when there is nothing in it."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (list, tuple)):
        value = ", ".join(str(part) for part in value)
    if isinstance(value, dict):  # JSON-LD: {"name": "Chronik"}
        value = value.get("name") or value.get("title") or ""
    return " ".join(str(value).split()) or None


def parse_language(value: object) -> str | None:
    """ISO 639-1 code of `de-DE`, `deutsch`, `deu`; None when it is not one."""
    code = (_text(value) or "").casefold()
    if code in _LANGUAGES:
        return _LANGUAGES[code]
    primary = re.split(r"[-_]", code, maxsplit=1)[0]
    if primary in _LANGUAGES:
        return _LANGUAGES[primary]
    return primary if re.fullmatch(r"[a-z]{2}", primary) else None


def parse_date(value: object) -> tuple[date | None, str | None]:
    """The day it names, or the text that is no date. Nothing given: (None, None)."""
    if isinstance(value, datetime):
        return value.date(), None
    if isinstance(value, date):
        return value, None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    text = _text(value)
    if text is None or text.casefold() in _NO_DATE:
        return None, None
    day = _from_words(text)
    return (day, None) if day is not None else (None, text)


def _from_number(value: float) -> tuple[date | None, str | None]:
    """Seconds or milliseconds since 1970, or 20241024."""
    text = _text(value) or ""
    if 10_000_000 <= value < 100_000_000:
        day = _from_words(text)
        return (day, None) if day is not None else (None, text)
    seconds = value / 1000 if value >= 1e11 else value
    if 1e8 <= seconds < 1e10:
        return datetime.fromtimestamp(seconds, tz=UTC).date(), None
    return None, text


def _from_words(text: str) -> date | None:
    found = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is not None:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    found = _NUMERIC.search(text)
    if found is not None:
        return _numeric(found, text)
    for pattern, day, month in ((_DAY_FIRST, 1, 2), (_MONTH_FIRST, 2, 1)):
        found = pattern.search(text)
        number = _MONTHS.get(found[month].casefold()) if found is not None else None
        if found is not None and number is not None:
            return _day(int(found[3]), number, int(found[day]))
    return _from_mail(text)


def _numeric(found: re.Match[str], text: str) -> date | None:
    """24.10.2024 is day first; 10/11/2024 could be either and is refused."""
    first, second = int(found[1]), int(found[2])
    year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
    if "/" not in text[found.start() : found.end()] or first > 12:
        return _day(year, second, first)
    return _day(year, first, second) if second > 12 or first == second else None


def _from_mail(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date()
    except ValueError:
        return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
