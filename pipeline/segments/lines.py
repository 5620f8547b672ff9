"""An article's lines: what the layout says before any sentence is looked at.

A newline ends a paragraph, unless the text was wrapped at a fixed width (mail, wire copy): then
only an empty line does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_MARK = re.compile(r"(?:#{1,6}(?=\s)|[-*+•·▪◦–—>](?=\s)|[-*_=]{3,}\s*$|[•·▪◦]|\*{1,3}$)\s*")
_MARKS = "-*•·–—_="
_WRAP_CHARS = range(40, 121)


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph's span, white space trimmed; `mark_end` is where its text begins.

    `start_char` .. `mark_end` is a list or heading mark such as `#` or `•`, empty when none.
    """

    start_char: int
    mark_end: int
    text_start: int
    end_char: int
    after_blank: bool


def find_lines(text: str) -> list[Line]:
    """The article's paragraphs in order."""
    lines: list[Line] = []
    block: list[tuple[int, int]] = []
    previous_end = 0
    for found in _LINE.finditer(text):
        span = _trim(text, found.start(), found.end())
        if span is None:
            continue
        blank = text.count("\n", previous_end, span[0]) > 1 or (
            "\n" not in text and text.count("\r", previous_end, span[0]) > 1
        )
        if blank and block:
            lines += _lines_of(text, block)
            block = []
        block.append(span)
        previous_end = span[1]
    return lines + _lines_of(text, block)


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    stop = start + len(piece.rstrip())
    return (start + left, stop) if stop > start + left else None


def _lines_of(text: str, block: list[tuple[int, int]]) -> list[Line]:
    if _is_wrapped(text, block):
        block = [(block[0][0], block[-1][1])]
    return [_line(text, start, end, first=number == 0) for number, (start, end) in enumerate(block)]


def _line(text: str, start: int, end: int, *, first: bool) -> Line:
    mark = _MARK.match(text, start, end)
    if mark is None or text[end - 1] in _MARKS:  # "- Anzeige -", "* * *" are whole
        return Line(start, start, start, end, first)
    mark_end = start + len(mark[0].rstrip())
    return Line(start, mark_end, mark.end(), end, first)


def _is_wrapped(text: str, block: list[tuple[int, int]]) -> bool:
    """Whether the block's lines were broken at a fixed width.

    A greedy wrap leaves no line that would have held the next one's first word, and breaks inside
    sentences.
    """
    if len(block) < 2:
        return False
    width = max(end - start for start, end in block)
    if width not in _WRAP_CHARS:
        return False
    inside = 0
    for (start, end), (after, stop) in pairwise(block):
        if end - start + 1 + len(text[after:stop].split(maxsplit=1)[0]) <= width:
            return False
        inside += text[end - 1] not in '.!?:“”"»«…)'
    lower = any(text[start].islower() for start, _ in block[1:])
    return inside * 2 > len(block) - 1 and lower
