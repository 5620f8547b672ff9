"""Which kind of segment every part of an article is.

The layout decides first (a line without a full stop between paragraphs is a heading), then the
language's tables (site furniture, bylines, agencies). Sentences are cut last, in running text only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.segments.datelines import find_agency_mark, find_dateline, is_byline
from pipeline.segments.language_data import LanguageData, load_language
from pipeline.segments.lines import Line, find_lines
from pipeline.segments.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_HEADLINE_CHARS = 220
_MAX_SUBHEADING_CHARS = 130
_MAX_TEASER_CHARS = 360
_MAX_QUESTION_CHARS = 90  # a longer line that ends in ? or ! is a paragraph
_MAX_FURNITURE_CHARS = 160
_ENDS_SENTENCE = re.compile(r"[.…;,][“”\"’»«)\]]*$|[!?][“”\"’»«)]*$")
_ASKS = re.compile(r"[!?][“”\"’»«)]*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment before it has an id."""

    kind: str
    start_char: int
    end_char: int


def cut_article(
    text: str, language: str, *, title: str | None = None, furniture: frozenset[str] = frozenset()
) -> list[Piece]:
    """The article's segments in order; `furniture` holds casefolded lines known to be site text."""
    data = load_language(language)
    lines = find_lines(text)
    kinds = _line_kinds(text, lines, data, title=title, furniture=furniture)
    pieces: list[Piece] = []
    for line, kind in zip(lines, kinds, strict=True):
        if line.mark_end > line.start_char:
            pieces.append(Piece("boilerplate", line.start_char, line.mark_end))
        if line.end_char > line.text_start:
            pieces += _cut_line(text, line, kind, data, language)
    return pieces


def _line_kinds(
    text: str,
    lines: list[Line],
    data: LanguageData,
    *,
    title: str | None,
    furniture: frozenset[str],
) -> list[str]:
    """One kind a line; running text is `sentence`, cut further later."""
    kinds = [""] * len(lines)
    content = []
    for number, line in enumerate(lines):
        words = text[line.text_start : line.end_char]
        if _is_site_text(words, furniture, data):
            kinds[number] = "boilerplate"
        elif is_byline(words, data):
            kinds[number] = "byline"
        else:
            content.append(number)
    texts = {number: text[lines[number].text_start : lines[number].end_char] for number in content}
    body = _mark_top(content, texts, kinds, data, title)
    for place, number in enumerate(body):
        following = body[place + 1] if place + 1 < len(body) else None
        if following is not None and _is_heading(texts[number], _MAX_SUBHEADING_CHARS):
            kinds[number] = "subheading"
        else:
            kinds[number] = "sentence"
    return kinds


def _is_site_text(words: str, furniture: frozenset[str], data: LanguageData) -> bool:
    return is_furniture(words, data) or words.casefold() in furniture or not _has_letters(words)


def _has_letters(words: str) -> bool:
    return any(letter.isalnum() for letter in words)


def _mark_top(
    content: list[int],
    texts: dict[int, str],
    kinds: list[str],
    data: LanguageData,
    title: str | None,
) -> list[int]:
    """Sets headline and teaser among `kinds`; what is left is the body."""
    body = list(content)
    if not body or not _is_headline(texts[body[0]], title, alone=len(body) == 1):
        return body
    kinds[body.pop(0)] = "headline"
    if len(body) > 1 and _is_teaser(texts[body[0]], texts[body[1]], data):
        kinds[body.pop(0)] = "teaser"
    return body


def _same(words: str, title: str) -> bool:
    return words.casefold().strip() == title.casefold().strip()


def _is_headline(words: str, title: str | None, *, alone: bool) -> bool:
    if title is not None and _same(words, title):
        return True
    return not alone and _is_heading(words, _MAX_HEADLINE_CHARS)


def _is_heading(words: str, max_chars: int) -> bool:
    """Whether the line reads like a heading: short, opens like one, no full stop."""
    if len(words) > max_chars or _continues(words):
        return False
    if _ASKS.search(words):
        return len(words) <= _MAX_QUESTION_CHARS
    return _ENDS_SENTENCE.search(words) is None


def _continues(words: str) -> bool:
    return words[:1].islower()


def _is_teaser(words: str, following: str, data: LanguageData) -> bool:
    if len(words) > _MAX_TEASER_CHARS or find_dateline(words, data) > 0:
        return False
    if find_dateline(following, data) > 0:
        return True
    return not _is_heading(words, _MAX_SUBHEADING_CHARS) and len(words) < len(following)


def is_furniture(words: str, data: LanguageData) -> bool:
    """Whether the line is the site's, not the article's: newsletter box, credit, share row."""
    if len(words) > _MAX_FURNITURE_CHARS:
        return False
    bare = words.casefold().strip(" .:!…»«>→|*-–[]")
    return (
        bare in data.boilerplate_lines
        or words.casefold().startswith(data.boilerplate_prefixes)
        or data.boilerplate_pattern.fullmatch(words) is not None
    )


def _cut_line(
    text: str, line: Line, kind: str, data: LanguageData, language: str
) -> Iterator[Piece]:
    if kind not in ("sentence", "teaser"):
        yield Piece(kind, line.text_start, line.end_char)
        return
    start, end = line.text_start, line.end_char
    dateline = find_dateline(text[start:end], data) if kind == "sentence" else 0
    if dateline:
        yield Piece("dateline", start, start + len(text[start : start + dateline].rstrip()))
        start += dateline
    mark = find_agency_mark(text[start:end], data)
    stop = start + mark if mark else end
    for left, right in split_sentences(text[start:stop], language):
        yield Piece(kind, start + left, start + right)
    if mark:
        first = start + mark
        yield Piece("byline", first + len(text[first:end]) - len(text[first:end].lstrip()), end)
