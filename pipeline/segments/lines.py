"""An article's lines: what the layout says before any sentence is looked at.

A newline ends a paragraph, unless the text was wrapped at a fixed width (mail, wire copy): then
only an empty line does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

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


Block = list[tuple[int, int]]


def find_lines(text: str) -> list[Line]:
    """The article's paragraphs in order."""
    blocks = list(_find_blocks(text))
    width = max((_width(block) for block in blocks if _is_wrapped(text, block)), default=0)
    lines: list[Line] = []
    for block in blocks:
        if len(block) > 1 and _fills(text, block, width):
            block = [(block[0][0], block[-1][1])]  # noqa: PLW2901 - one paragraph now
        lines += [_line(text, *span, first=number == 0) for number, span in enumerate(block)]
    return lines


def _find_blocks(text: str) -> Iterator[Block]:
    """Spans of lines, white space trimmed, that no empty line parts."""
    block: Block = []
    previous_end = 0
    newline = "\n" if "\n" in text else "\r"
    for found in _LINE.finditer(text):
        span = _trim(text, found.start(), found.end())
        if span is None:
            continue
        if block and text.count(newline, previous_end, span[0]) > 1:
            yield block
            block = []
        block.append(span)
        previous_end = span[1]
    if block:
        yield block


def _width(block: Block) -> int:
    return max(end - start for start, end in block)


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    stop = start + len(piece.rstrip())
    return (start + left, stop) if stop > start + left else None


def _line(text: str, start: int, end: int, *, first: bool) -> Line:
    mark = _MARK.match(text, start, end)
    if mark is None or text[end - 1] in _MARKS:  # "- Anzeige -", "* * *" are whole
        return Line(start, start, start, end, first)
    mark_end = start + len(mark[0].rstrip())
    return Line(start, mark_end, mark.end(), end, first)


def _is_wrapped(text: str, block: Block) -> bool:
    """Whether the block's lines were plainly broken at a fixed width: inside sentences."""
    if len(block) < 2 or not _fills(text, block, _width(block)):
        return False
    inside = sum(text[end - 1] not in '.!?:“”"»«…)' for _, end in block[:-1])
    lower = any(text[start].islower() for start, _ in block[1:])
    return inside * 2 > len(block) - 1 and lower


def _fills(text: str, block: Block, width: int) -> bool:
    """Whether no line would have held the next one's first word, as a greedy wrap leaves them."""
    if width not in _WRAP_CHARS or _width(block) > width:
        return False
    return all(
        end - start + 1 + len(text[after:stop].split(maxsplit=1)[0]) > width
        for (start, end), (after, stop) in pairwise(block)
    )
