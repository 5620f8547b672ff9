"""Openings: an event named before the verb, which states a fact of its own.

"Nach der Ankunft neuer Truppen im Hafen rechnet die Stadt mit ..." says that troops came. Only
nouns made of a verb say so, and only with the one behind them that it happened to; "nach der
Einschätzung der Stadt" says who says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.segments.pieces import Piece, set_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.segments.clause_data import ClauseData
    from pipeline.segments.words import Word

OPENING = "opening"  # border of what follows the event
_MIN_EVENT_WORDS = 5
_MIN_REMAINDER_WORDS = 4
_ARTICLES = frozenset({"der", "dem", "des"})
_OF = frozenset({"der", "des", "von", "vom"})


def cut_opening(piece: Piece, data: ClauseData) -> list[Piece]:
    """The sentence's first piece, parted where an event before its verb ends."""
    if piece.kind != "main" or not piece.finite:
        return [piece]
    words = piece.words[: piece.finite[0]]
    head = _find_event(words, data)
    if head is None:
        return [piece]
    end = _find_adjunct(words, head + 2, data)
    if end < _MIN_EVENT_WORDS or len(piece.words) - end < _MIN_REMAINDER_WORDS:
        return [piece]
    event = Piece(piece.border, piece.words[:end], kind="event")
    rest = Piece(OPENING, piece.words[end:])
    set_kind(rest, data)
    return [event, rest] if rest.kind == "main" else [piece]


def _find_event(words: Sequence[Word], data: ClauseData) -> int | None:
    """Place of the noun in "Nach der (späten) Ankunft neuer Truppen", "Trotz der Absage des"."""
    if len(words) < _MIN_EVENT_WORDS or words[0].folded not in data.event_openers:
        return None
    if words[1].folded not in _ARTICLES:
        return None
    head = next((n for n in range(2, len(words)) if words[n].is_capital), None)
    if head is None or any(not w.folded.endswith("en") for w in words[2:head]):
        return None
    noun = words[head]
    named = noun.folded.endswith(tuple(sorted(data.event_endings)))
    if not named or noun.text in data.attribution_nouns or noun.folded in data.not_events:
        return None
    return head if _names_whose(words[head + 1 :]) else None


def _names_whose(words: Sequence[Word]) -> bool:
    """Whether "der Truppen", "von Truppen" or "neuer Truppen" follows."""
    if len(words) < 2:
        return False
    opener, following = words[0], words[1]
    genitive = not opener.is_capital and opener.folded.endswith("er") and following.is_capital
    return opener.folded in _OF or genitive


def _find_adjunct(words: Sequence[Word], start: int, data: ClauseData) -> int:
    """Where "im Rahmen von ..." begins, which is not the event's own; else the end."""
    for place in range(start, len(words) - 1):
        if words[place].folded == "im" and words[place + 1].folded in data.event_adjuncts:
            return place
    return len(words)
