"""Coordinations: where an "und" joins two verb phrases, so that each states a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.segments.pieces import Piece, is_reported, set_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.segments.clause_data import ClauseData
    from pipeline.segments.words import Word

_MAX_WORDS_BEFORE_VERB = 6
_COORDINATED = frozenset({"main", "relative", "adverbial", "purpose"})
_HANGING = frozenset({"relative", "adverbial"})


def cut_coordination(piece: Piece, data: ClauseData) -> Iterator[Piece]:
    """The piece, parted at every "und" that joins two verb phrases."""
    if piece.kind not in _COORDINATED or is_reported(piece, data):
        yield piece  # what is only reported stays with who reports it
        return
    for place in range(2, len(piece.words) - 2):
        if piece.words[place].text not in data.conjunctions:
            continue
        left = Piece(piece.border, piece.words[:place])
        right = Piece("und", piece.words[place:])
        set_kind(left, data)
        set_kind(right, data)
        if _resumes_after_list(piece, left, right):
            left.kind, right.kind = "none", piece.kind
        elif _joins_verb_phrases(piece, left, right, data):
            left.kind = right.kind = piece.kind
        else:
            continue
        yield left
        yield from cut_coordination(right, data)
        return
    yield piece


def _resumes_after_list(piece: Piece, left: Piece, right: Piece) -> bool:
    """Whether a list ends before a verb: "Er liebt Pferde, Ziegen und Höfe und hat Hühner"."""
    listed = piece.border == "," and piece.kind == "main" and not left.finite
    return listed and bool(right.finite) and right.finite[0] == 1


def _joins_verb_phrases(piece: Piece, left: Piece, right: Piece, data: ClauseData) -> bool:
    ends = left.words[-1], right.words[-1]
    if piece.kind in _HANGING:
        return bool(left.finite or right.finite) and all(_is_verb_form(w, data) for w in ends)
    if not left.finite:
        return False
    if right.finite and right.finite[0] < len(right.words) - 1:
        return _joins_main_clauses(left, right, data)
    governed = any(word.folded in data.modals for word in left.words)
    return governed and all(_is_infinitive(word, data) for word in ends)


def _is_infinitive(word: Word, data: ClauseData) -> bool:
    """Whether the closing word looks like one: "wehren", "abstimmen", not "Staaten", "neben"."""
    closed = word.folded in data.prepositions or word.folded in data.determiners
    return not word.is_capital and word.folded.endswith(("en", "ern", "eln")) and not closed


def _joins_main_clauses(left: Piece, right: Piece, data: ClauseData) -> bool:
    """Whether "und" opens a clause rather than going on with an enumeration before its verb."""
    verb = right.finite[0]
    if verb > _MAX_WORDS_BEFORE_VERB:
        return False
    if verb == 1:
        return True
    if any(word.folded in data.coordinators for word in right.words[1:verb]):
        return False
    last = left.finite[-1]
    return not any(word.folded in data.coordinators for word in left.words[last:])


def _is_verb_form(word: Word, data: ClauseData) -> bool:
    if word.is_capital or word.folded in data.prepositions:
        return False
    known = (data.verbs, data.ambiguous_verbs, data.auxiliaries, data.modals)
    return any(word.folded in forms for forms in known) or word.folded.endswith(("t", "te", "ten"))
