"""A text cut into pieces: the clause that states the fact, its numbers and dates, and every
character that would hide or reorder what stands there.

Pieces joined give the text back, but for invisible characters, which are replaced by something
that can be seen, and for the middle of very long texts, which is left out with a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

# A newspaper sentence has 60 to 400 characters; beyond this it is no sentence and only swamps
# the page. The whole text stays in the data files.
MAX_SHOWN_CHARS = 1500

# Control characters, zero-width and bidirectional overrides, tag characters, code points that are
# no characters (neither HTML nor Word's XML may hold them). Tab, line feed and
# carriage return are white space; joiners (U+200C, U+200D) belong to words and emoji.
NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane * 0x10000 + 0xFFFE) + chr(plane * 0x10000 + 0xFFFF) for plane in range(17)
)
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f" + NONCHARACTERS + "]"
)
WORD = re.compile(r"\w")
SPACE = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters that look alike.

    `kind` is "" (plain), "number", "date", "hidden" (an invisible character made visible) or
    "gap" (text left out); `note` says more: the code point, how much is missing.
    """

    text: str
    kind: str = ""
    clause: bool = False
    note: str = ""


def cut_pieces(
    text: str,
    *,
    figures: tuple[tuple[int, int, str], ...] = (),
    clause: tuple[int, int] | None = None,
) -> tuple[Piece, ...]:
    """The text as pieces; `figures` are (start, end, kind) spans in order, not overlapping.

    `clause` marks a part of the text; a clause that leaves out nothing but punctuation is no mark.
    """
    if clause is not None and not WORD.search(text[: clause[0]] + text[clause[1] :]):
        clause = None
    start, end = _shown_window(text, clause)
    borders = {start, end}
    borders.update(edge for left, right, _ in figures for edge in (left, right))
    borders.update(clause or ())
    ordered = sorted(edge for edge in borders if start <= edge <= end)
    kinds = {left: kind for left, _, kind in figures}
    ends = {left: right for left, right, _ in figures}
    pieces: list[Piece] = []
    if start:
        pieces.append(_gap(start))
    kind, kind_end = "", -1
    for left, right in pairwise(ordered):
        if left >= kind_end:
            kind, kind_end = kinds.get(left, ""), ends.get(left, -1)
        inside = clause is not None and clause[0] <= left and right <= clause[1]
        pieces.extend(_reveal(text[left:right], kind, clause=inside))
    if end < len(text):
        pieces.append(_gap(len(text) - end))
    return tuple(pieces)


def show_hidden(text: str) -> str:
    """The text on one line, with invisible characters as their symbol or code point."""
    return HIDDEN.sub(lambda found: _symbol(found.group()), SPACE.sub(" ", text)).strip()


def clip_text(text: str) -> str:
    """The text on one line with hidden characters shown, cut where it is very long."""
    shown = show_hidden(text)
    if len(shown) <= MAX_SHOWN_CHARS:
        return shown
    return shown[:MAX_SHOWN_CHARS] + _gap(len(shown) - MAX_SHOWN_CHARS).text.rstrip()


def _shown_window(text: str, clause: tuple[int, int] | None) -> tuple[int, int]:
    """The span that is shown: all of it, or the clause with what stands around it."""
    if len(text) <= MAX_SHOWN_CHARS:
        return 0, len(text)
    if clause is None:
        return 0, MAX_SHOWN_CHARS
    start = max(0, min(clause[0] - MAX_SHOWN_CHARS // 4, len(text) - MAX_SHOWN_CHARS))
    return start, start + MAX_SHOWN_CHARS


def _gap(missing_chars: int) -> Piece:
    return Piece(f" […{missing_chars:,} characters…] ", "gap", note="left out here")


def _reveal(text: str, kind: str, *, clause: bool) -> list[Piece]:
    pieces: list[Piece] = []
    position = 0
    for found in HIDDEN.finditer(text):
        if found.start() > position:
            pieces.append(Piece(text[position : found.start()], kind, clause))
        code = f"U+{ord(found.group()):04X}"
        pieces.append(Piece(_symbol(found.group()), "hidden", clause, code))
        position = found.end()
    if position < len(text):
        pieces.append(Piece(text[position:], kind, clause))
    return pieces


def _symbol(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"[U+{code:04X}]"
