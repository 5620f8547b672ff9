"""Texts cut into pieces a sentence model can take, and their translations put together again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Sentence models are trained on less; a longer text is translated in pieces.
MAX_PIECE_CHARS = 600
PIECE_BORDER = re.compile(r"(?<=[.!?;:,–—])\s+")
INNER_MARKS = set(",;:–—")
END_MARK = re.compile(r"[.!?:;…\"'“”«»)\]–—-]\s*$")
WORD = re.compile(r"\w+", re.UNICODE)


def cut_pieces(text: str, limit: int) -> list[str]:
    """The text in pieces of about `limit` characters at sentence and clause borders.

    Nothing is lost: what has no border is cut at white space, then anywhere.
    """
    if len(text) <= limit:
        return [text]
    pieces: list[str] = []
    for part in PIECE_BORDER.split(text):
        if pieces and (len(pieces[-1]) + len(part) < limit or not WORD.search(part)):
            pieces[-1] = f"{pieces[-1]} {part}"
        elif part:
            pieces += _cut_hard(part) if len(part) > 2 * MAX_PIECE_CHARS else [part]
    return pieces or [text]


def join_pieces(sources: Sequence[str], targets: Sequence[str]) -> str:
    """The pieces' translations as one text: inner marks and small letters as in the source."""
    joined = [
        _fit(source, target, first=place == 0, last=place == len(sources) - 1)
        for place, (source, target) in enumerate(zip(sources, targets, strict=True))
    ]
    return " ".join(filter(None, joined))


def _fit(source: str, target: str, *, first: bool, last: bool) -> str:
    mark = source[-1:]
    if not last and target and mark in INNER_MARKS:
        target = target.rstrip(".,;:–— ") + (" " if mark in "–—" else "") + mark
    opening = WORD.match(target)
    names = {"I", *WORD.findall(source)}
    if not first and source[:1].islower() and opening and opening.group() not in names:
        target = target[:1].lower() + target[1:]
    return target


def _cut_hard(text: str) -> list[str]:
    pieces = []
    while len(text) > MAX_PIECE_CHARS:
        border = text.rfind(" ", MAX_PIECE_CHARS // 2, MAX_PIECE_CHARS)
        border = border if border > 0 else MAX_PIECE_CHARS
        pieces.append(text[:border])
        text = text[border:].lstrip()
    return [*pieces, text] if text else pieces


def write_as_sentence(text: str) -> str:
    """The text as a sentence: closed by a full stop, and not all in capitals."""
    shouted = text.upper() == text and len(text.split()) > 2
    calm = " ".join(word.capitalize() for word in text.split(" ")) if shouted else text
    return calm if END_MARK.search(calm) else f"{calm}."


def drop_full_stop(source: str, target: str) -> str:
    """The target without the full stop that `write_as_sentence` gave its source."""
    return target if END_MARK.search(source) else target.removesuffix(".")
