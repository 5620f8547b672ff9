"""German clauses: where a sentence may be cut so that each part still states something true.

German commas mark clause borders, so the sentence is cut at punctuation and at coordinations with
a verb on both sides, and pieces are joined again that can't stand alone:

- a piece without a verb stays with its neighbour, unless it gives a figure of its own ("laut
  südkoreanischen Informationen etwa 1.500 Soldaten") or is a participial clause ("verteilt auf
  zwei Stufen");
- who says it stays with what is said ("..., sagte X", "X sagte, ...", "wie X berichtete");
- content clauses (dass, ob, zu + infinitive) and conditions (wenn, falls) stay with the clause
  they hang on, for without it they are not claimed;
- relative, causal, temporal and other adverbial clauses are cut off. A relative clause inside its
  main clause takes the noun before it along ("Das Dokument, das den Titel trägt, | hatten ..."):
  spans are contiguous, and the rest stands alone only when it has at least five words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.segments.clause_data import ClauseData, load_german
from pipeline.segments.pieces import Piece, find_pieces, set_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.segments.words import Word

_MIN_REMAINDER_WORDS = 5
_MIN_PURPOSE_WORDS = 5
_BOUND = frozenset({"complement", "condition", "attribution", "none"})
_HANGING = frozenset({"relative", "adverbial"})


def cut_german(text: str, *, min_words: int, heading: bool = False) -> list[tuple[int, int]]:
    """Spans of the sentence's clauses, in order; punctuation between them left out."""
    data = load_german()
    pieces = find_pieces(text, data, heading=heading)
    if not heading and text.rstrip().endswith("?"):
        pieces = _join_after_colon(pieces)
    pieces = [part for piece in pieces for part in _cut_coordination(piece, data)]
    if not pieces:
        return []
    groups: list[list[Piece]] = [[pieces[0]]]
    for number in range(1, len(pieces)):
        by_layout = heading and pieces[number].border in ":-–—?!."
        if by_layout or _is_cut(pieces, number, groups, data):
            groups.append([])
        groups[-1].append(pieces[number])
    groups = _join_short(groups, min_words)
    starts = [group[0].words[0].start for group in groups]
    return [
        trim_clause(text, start, stop)
        for start, stop in zip([0, *starts[1:]], [*starts[1:], len(text)], strict=True)
    ]


def trim_clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space and without the punctuation that parts it from the next."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(" \t\r\n\u00a0"))
    right = len(piece.rstrip(' \t\r\n\u00a0„«»"(–—-,;:' if end < len(text) else " \t\r\n\u00a0"))
    while text[start + right - 1 : start + right] in (",", ";", ":", " ", "–", "—"):
        right -= 1
    return start + left, start + max(right, left)


def _join_after_colon(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces of a question: it claims nothing, so only a colon parts it."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and piece.border != ":":
            joined[-1].words += piece.words
            joined[-1].finite = joined[-1].finite or piece.finite
        else:
            joined.append(piece)
    return joined


def _cut_coordination(piece: Piece, data: ClauseData) -> Iterator[Piece]:
    """The piece, parted at every "und" that joins two verb phrases."""
    if piece.kind not in ("main", "relative", "adverbial", "purpose"):
        yield piece
        return
    for place in range(2, len(piece.words) - 2):
        if piece.words[place].folded not in data.coordinators or piece.words[place].is_capital:
            continue
        left = Piece(piece.border, piece.words[:place])
        right = Piece("und", piece.words[place:])
        set_kind(left, data)
        set_kind(right, data)
        if _joins_verb_phrases(piece, left, right, data):
            left.kind = right.kind = piece.kind
            yield left
            yield from _cut_coordination(right, data)
            return
    yield piece


def _joins_verb_phrases(piece: Piece, left: Piece, right: Piece, data: ClauseData) -> bool:
    ends = left.words[-1], right.words[-1]
    if piece.kind in _HANGING:
        return bool(left.finite or right.finite) and all(_is_verb_form(w, data) for w in ends)
    if not left.finite:
        return False
    if right.finite and right.finite[0] < len(right.words) - 1:
        return right.finite[0] <= 6
    governed = any(word.folded in data.modals for word in left.words)
    return governed and all(_is_verb_form(w, data) and w.folded.endswith("n") for w in ends)


def _is_verb_form(word: Word, data: ClauseData) -> bool:
    if word.is_capital or word.folded in data.prepositions:
        return False
    known = (data.verbs, data.ambiguous_verbs, data.auxiliaries, data.modals)
    return any(word.folded in forms for forms in known) or word.folded.endswith(("t", "te", "ten"))


def _is_cut(  # noqa: PLR0911 - a ladder of rules, first match decides
    pieces: Sequence[Piece], number: int, groups: Sequence[Sequence[Piece]], data: ClauseData
) -> bool:
    """Whether a new clause begins with this piece."""
    piece, before, group = pieces[number], pieces[number - 1], groups[-1]
    if piece.kind in _BOUND:
        return False
    has_verb = any(member.finite or member.kind in ("relative", "adverbial") for member in group)
    if not has_verb:
        return piece.kind == "figure" and any(member.kind == "figure" for member in group)
    if piece.border == "und":
        return True
    if piece.kind == "main":
        return _opens_main_clause(piece, before, group, data)
    if piece.kind in _HANGING:
        return not _interrupts(pieces, number, data) and not _compares(piece, before, data)
    if piece.kind == "purpose":
        return len(piece.words) >= _MIN_PURPOSE_WORDS and before.kind != "complement"
    return True


def _opens_main_clause(  # noqa: PLR0911 - a ladder of rules, first match decides
    piece: Piece, before: Piece, group: Sequence[Piece], data: ClauseData
) -> bool:
    if piece.verb_first and not piece.border_word:
        if piece.border in ":;":
            return True
        if group[0].kind == "condition" or group[0].verb_first:
            return False  # "Wird eines angegriffen, muss das andere helfen"
        if _says(piece, data):
            return False
        if group[0].kind == "adverbial" or group[0].kind == "purpose":
            return True
        interrupted = group[0].kind == "none" and any(m.kind == "relative" for m in group)
        return interrupted and len(piece.words) >= _MIN_REMAINDER_WORDS
    if piece.border == ";":
        return True
    if _says(before, data) and before.kind == "main" and len(group) == 1:
        return False
    if _says(before, data) and before.kind == "main" and piece.border == ":":
        return False
    if any(piece.words[place].folded in data.reported for place in piece.finite):
        speaks = any(word.folded in ("ich", "wir") for word in piece.words)
        if not speaks and piece.border == ",":
            return False
    return not group[0].kind == group[-1].kind == "condition"


def _says(piece: Piece, data: ClauseData) -> bool:
    return any(piece.words[place].folded in data.speech_verbs for place in piece.finite)


def _interrupts(pieces: Sequence[Piece], number: int, data: ClauseData) -> bool:
    """Whether the main clause's verb bracket closes only after this piece: nothing to cut then."""
    if number + 1 >= len(pieces):
        return False
    after, before = pieces[number + 1], pieces[number - 1]
    if after.kind != "none" or before.kind != "main" or after.border != ",":
        return False
    opens = any(
        before.words[place].folded in data.auxiliaries or before.words[place].folded in data.modals
        for place in before.finite
    )
    last = after.words[-1]
    return opens and not last.is_capital and last.folded.endswith(("t", "en"))


def _compares(piece: Piece, before: Piece, data: ClauseData) -> bool:
    """Whether "als ..." belongs to a comparative before it: "größer, als viele denken"."""
    if piece.words[0].folded != "als":
        return False
    return any(_is_comparative(word, data) for word in before.words)


def _is_comparative(word: Word, data: ClauseData) -> bool:
    if word.folded in ("mehr", "weniger", "anders", "lieber"):
        return True
    ends = word.folded.endswith(("er", "ere", "eren", "erem", "erer", "eres"))
    return ends and not word.is_capital and word.folded not in data.not_comparative


def _join_short(groups: list[list[Piece]], min_words: int) -> list[list[Piece]]:
    """Groups with at least `min_words` words, coordinators not counted."""
    joined: list[list[Piece]] = []
    for group in groups:
        if joined and (_word_count(group) < min_words or _word_count(joined[-1]) < min_words):
            joined[-1] += group
        else:
            joined.append(group)
    return joined


def _word_count(group: Sequence[Piece]) -> int:
    return sum(len(piece.words) for piece in group) - group[0].lead
