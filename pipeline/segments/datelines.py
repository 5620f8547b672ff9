"""Datelines, bylines and agency marks: who wrote it, and from where.

`Moskau/ Pjöngjang – `, `BERLIN (dpa) - `, `Von Jonas Wiechert`, `(bg/dpa)`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.segments.sentences import split_sentences

if TYPE_CHECKING:
    from pipeline.segments.language_data import LanguageData

_NAME = r"[A-ZÄÖÜÉŁŠŽČА-ЯІЇЄ][\w'’.-]*"
_JOINER = r"(?:am|an|der|bei|im|in|ob|auf|de|la|do|of|the|and|und|/)"
_PLACE = rf"{_NAME}(?:[\s/]\s?{_NAME}){{0,2}}(?:\s{_JOINER}\s(?:der\s)?{_NAME})?"
_DATE = r",\s(?:den\s)?\d{1,2}\.(?:\s?\d{1,2}\.|\s[A-ZÄÖÜ]\w+)(?:\s?\d{4})?"
_SOURCE = r"\s?\([\w .,/&+-]{2,40}\)"
_OPENS_TEXT = r"(?=[„»«“\"'‚(]*[A-ZÄÖÜ0-9А-ЯІЇЄ])"
_PLACES = rf"(?P<place>{_PLACE}(?:\s?/\s?{_PLACE}){{0,3}}(?:,\s{_NAME})?)(?:{_DATE})?"
_DASHED = re.compile(
    rf"(?:{_PLACES}(?P<source>{_SOURCE})?|(?P<only>\([\w/,+ -]{{2,20}}\)))"
    rf"(?:\s?[.:])?\s*[–—-]{{1,2}}\s+{_OPENS_TEXT}"
)
_SOURCED = re.compile(rf"{_PLACES}\s?\((?P<source>[\w ./,+-]{{2,40}})\)[.:]?\s+{_OPENS_TEXT}")
_STOPPED = re.compile(r"(?P<place>[A-ZÄÖÜ][\w/ -]{1,40}?)[.:]\s+(?=[„»«“\"'‚]*[A-ZÄÖÜ0-9])")
_LATER_DASH = re.compile(r"\s[–—-]\s")
_MAX_DATELINE_CHARS = 70

_SHORTHAND = r"[\w.&-]{1,16}"
_MARK = re.compile(
    rf"[(\[]\s?({_SHORTHAND}(?:(?:\s?[/,;+]\s?|\s){_SHORTHAND}){{0,5}})\s?[)\]]\.?\s*$"
)
_BARE_MARK = re.compile(rf"\s({_SHORTHAND}(?:/{_SHORTHAND}){{0,4}})\s*$")
_MAX_MARK_CHARS = 60
_STOPS = frozenset('.!?…“”"»«)')
_WORDS = re.compile(r"[^\s/,;+]+")
_NAMED = re.compile(
    rf"{_NAME}(?:\s(?:von|van|de|der|den|di|al|bin)(?=\s))*(?:[\s,/&]+(?:(?:und|and|et|y)\s)?"
    rf"(?:(?:von|van|de|der|den|di|in|aus|für)\s)*{_NAME}){{0,9}}"
)


def find_dateline(words: str, data: LanguageData) -> int:
    """Length of the dateline the line opens with, white space after it included; 0 when none."""
    for pattern in (_DASHED, _SOURCED):
        found = pattern.match(words)
        if found is not None and found.end() <= _MAX_DATELINE_CHARS:
            return found.end() if _is_place(found, words, data) else 0
    found = _STOPPED.match(words)
    if found is None or len(words) == found.end():
        return 0
    place = found["place"]
    shouted = place.isupper() and len(place) > 3
    return found.end() if shouted or _known_place(place, data) else 0


def _is_place(found: re.Match[str], words: str, data: LanguageData) -> bool:
    """Whether what stands before the dash is a place rather than a sentence's subject."""
    source = found["source"]
    place = found["place"]
    if place is None:
        return _has_agency(found["only"], data)
    if source is not None and _has_agency(source, data):
        return True
    if found.re is _SOURCED:
        return False
    if place.split()[0] in data.starters:
        return False
    if place.isupper() or _known_place(place, data):
        return True
    sentences = split_sentences(words[found.end() :], data.language)
    first = words[found.end() :][: sentences[0][1]] if sentences else ""
    return _LATER_DASH.search(first) is None


def _known_place(place: str, data: LanguageData) -> bool:
    names = [name for name in re.split(r"\s?/\s?", place) if name]
    return bool(names) and all(name in data.dateline_places for name in names)


def _has_agency(source: str, data: LanguageData) -> bool:
    return any(word.casefold().strip("()") in data.agencies for word in _WORDS.findall(source))


def find_agency_mark(words: str, data: LanguageData) -> int:
    """Where the closing mark begins, `(bg/dpa)` or a bare `dpa/AFP`; 0 when there is none.

    The mark follows a full stop; one that names an agency may follow the bare sentence.
    """
    start = max(0, len(words) - _MAX_MARK_CHARS)
    found = _MARK.search(words, start) or _BARE_MARK.search(words, start)
    if found is None or found.start() == 0:
        return 0
    before = words[: found.start()].rstrip()
    stopped = before[-1:] in _STOPS
    if found.re is _BARE_MARK:
        return found.start(1) if stopped and is_byline(found[1], data) else 0
    if stopped:
        return found.start() if is_agency_mark(found[0], data) else 0
    return found.start() if "/" in found[0] and _has_agency(found[0], data) else 0


def is_agency_mark(words: str, data: LanguageData) -> bool:
    """Whether it is `(mk)`, `(dpa/lby)`, `[AFP]`: shorthand of authors and agencies only."""
    found = _MARK.fullmatch(words.strip())
    if found is None:
        return False
    parts = _WORDS.findall(found[1])
    if any(part.casefold() in data.agencies for part in parts):
        return True
    shorthand = all(re.fullmatch(r"[^\W\d_]{1,8}", part) and part.islower() for part in parts)
    return shorthand and not re.search(r"\s", found[1])


def is_byline(words: str, data: LanguageData) -> bool:
    """Whether the whole line says who wrote it."""
    if len(words) > 120:
        return False
    if is_agency_mark(words, data):
        return True
    parts = _WORDS.findall(words)
    if parts and all(part.casefold() in data.agencies or part.islower() for part in parts):
        slashed = len(parts) == 1 or "/" in words
        return slashed and any(part.casefold() in data.agencies for part in parts)
    found = data.byline_pattern.fullmatch(words)
    if found is not None:
        return _are_names(found["names"], data)
    for opener in data.byline_openers:
        if words.casefold().startswith(opener.casefold() + " "):
            return _are_names(words[len(opener) + 1 :], data)
    return False


def _are_names(words: str, data: LanguageData) -> bool:
    """Whether it is one name or several, with agencies among them: "Eva Klein, dpa"."""
    bare = re.sub(r"\s?[(\[][^)\]]*[)\]]\.?$", "", words).strip()
    kept = [part for part in re.split(r"[,/]\s?", bare) if part.casefold() not in data.agencies]
    return bool(kept) and _NAMED.fullmatch(", ".join(kept)) is not None
