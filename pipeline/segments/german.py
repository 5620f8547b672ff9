"""German clauses: where a sentence may be cut so that each part still states something true.

German commas mark clause borders, so the sentence is cut at punctuation and at coordinations with
a verb on both sides, and pieces are joined again that can't stand alone:

- a piece without a verb stays with its neighbour, unless it gives a figure of its own ("laut
  südkoreanischen Informationen etwa 1.500 Soldaten") or is a participial clause ("verteilt auf
  zwei Stufen");
- who says it stays with what is said ("..., sagte X", "X sagte, ...", "wie X berichtete");
- content clauses (dass, ob, zu + infinitive) and conditions (wenn, falls) stay with the clause
  they hang on, for without it they are not claimed;
- an event named before the verb ("Nach der Ankunft neuer Truppen | rechnet die Stadt ...") is cut
  off;
- relative, causal, temporal and other adverbial clauses are cut off. A relative clause inside its
  main clause takes the noun before it along ("Das Dokument, das den Titel trägt, | hatten ..."):
  spans are contiguous, and the rest stands alone only when it has at least four words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.segments.clause_data import ClauseData, load_german
from pipeline.segments.coordination import cut_coordination
from pipeline.segments.openings import OPENING, cut_opening
from pipeline.segments.pieces import Piece, find_pieces, has_figure, is_reported, says
from pipeline.segments.verbs import has_infinitive_with_zu

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.segments.words import Word

_MIN_REMAINDER_WORDS = 4
_MAX_SPEAKER_WORDS = 6
_MIN_PURPOSE_WORDS = 5
_BOUND = frozenset({"complement", "condition", "attribution", "none"})
_VERB_LAST = frozenset({"complement", "condition"})
_COMPLETE = frozenset({"relative", "adverbial", "figure", "participial"})
_HANGING = frozenset({"relative", "adverbial"})


def cut_german(text: str, *, min_words: int, heading: bool = False) -> list[tuple[int, int]]:
    """Spans of the sentence's clauses, in order; punctuation between them left out."""
    data = load_german()
    pieces = find_pieces(text, data, heading=heading)
    if not heading and text.rstrip().endswith("?"):
        pieces = _join_after_colon(pieces)
    else:
        pieces = [part for piece in pieces for part in cut_coordination(piece, data)]
    if not pieces:
        return []
    if not heading:
        pieces = [*cut_opening(pieces[0], data), *pieces[1:]]
    groups: list[list[Piece]] = [[pieces[0]]]
    for number in range(1, len(pieces)):
        if _is_open(groups[-1]):
            groups[-1].append(pieces[number])
            continue
        by_layout = heading and pieces[number].border in ":-–—?!."
        if by_layout or _is_cut(pieces, number, groups, data):
            groups.append([])
        groups[-1].append(pieces[number])
    groups = _join_short(groups, min_words)
    starts = [_start_of(text, group[0].words[0].start) for group in groups]
    return [
        trim_clause(text, start, stop)
        for start, stop in zip([0, *starts[1:]], [*starts[1:], len(text)], strict=True)
    ]


def _is_open(group: Sequence[Piece]) -> bool:
    """Whether a "dass" or "wenn" in the group still waits for its verb: an insertion broke it."""
    opener = next((n for n, piece in enumerate(group) if piece.kind in _VERB_LAST), None)
    if opener is None or has_infinitive_with_zu(group[opener].words):
        return False
    carriers = [group[opener], *(p for p in group[opener + 1 :] if p.kind in ("main", "none"))]
    return not any(piece.finite and piece.finite[-1] > 0 for piece in carriers)


def _start_of(text: str, start: int) -> int:
    """The word's start, or that of the quotation mark or bracket right before it."""
    while start > 0 and text[start - 1] in "„“\"»«‚‘'(":
        start -= 1
    return start


def trim_clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space and, inside the text, without the punctuation after it."""
    while start < end and text[start].isspace():
        start += 1
    rest = text[end:].strip()
    while end > start and (text[end - 1].isspace() or (rest and text[end - 1] in ",;:–—-(")):
        end -= 1
    return start, end


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


def _is_cut(  # noqa: PLR0911 - a ladder of rules, first match decides
    pieces: Sequence[Piece], number: int, groups: Sequence[Sequence[Piece]], data: ClauseData
) -> bool:
    """Whether a new clause begins with this piece."""
    piece, before, group = pieces[number], pieces[number - 1], groups[-1]
    if piece.border == OPENING:
        return True
    if piece.kind == "none" and (piece.border in ":;" or piece.border_word):
        return _main_clause_follows(pieces, number) and not says(before, data)
    if piece.kind in _BOUND:
        return False
    if not any(member.finite or member.kind in _COMPLETE for member in group):
        return False
    if piece.border == "und":
        return True
    if piece.kind == "main":
        return _opens_main_clause(piece, before, group, data)
    if piece.kind in _HANGING:
        return not _interrupts(pieces, number, data) and not _compares(piece, before, data)
    if piece.kind == "purpose":
        return len(piece.words) >= _MIN_PURPOSE_WORDS and before.kind != "complement"
    return True


def _main_clause_follows(pieces: Sequence[Piece], number: int) -> bool:
    """Whether the verbless piece opens a main clause whose verb comes after an insertion."""
    for piece in pieces[number + 1 :]:
        if piece.border in ":;":
            return False
        if piece.kind == "main":
            return piece.verb_first
    return False


def _opens_main_clause(
    piece: Piece, before: Piece, group: Sequence[Piece], data: ClauseData
) -> bool:
    if piece.border in ":;" and not (piece.border == ":" and says(before, data)):
        return True
    if piece.verb_first and not piece.border_word:
        return _resumes_main_clause(piece, group, data)
    if group[0].kind == group[-1].kind == "condition" or _closes_bracket(piece, group, data):
        return False
    if piece.border in ",:" and before.kind == "main" and says(before, data):
        return not is_reported(piece, data) and not _only_says(before, group, data)
    return not (piece.border == "," and is_reported(piece, data))


def _resumes_main_clause(piece: Piece, group: Sequence[Piece], data: ClauseData) -> bool:
    """For a piece that begins with its verb: whether it can stand without what is before it."""
    opening = group[0].kind
    if opening in ("adverbial", "purpose"):
        return not says(piece, data) and not _refers_back(piece, data)
    interrupted = all(m.kind == "none" or m.kind in _HANGING for m in group)
    if opening == "none" and interrupted and group[-1].kind in _HANGING:
        return len(piece.words) >= _MIN_REMAINDER_WORDS
    if opening != "main" or group[0].verb_first or says(piece, data):
        return False  # "Wird eines angegriffen, muss das andere helfen", "..., sagte er"
    return _goes_on(piece, data)


def _goes_on(piece: Piece, data: ClauseData) -> bool:
    """Whether it is a second verb of the same subject: "..., konnten aber zurückkehren".

    With a subject after it ("..., würde sich das Land beteiligen") it is a condition.
    """
    verb, *rest = piece.words[piece.finite[0] :]
    if len(rest) < _MIN_REMAINDER_WORDS or verb.folded in data.conditional_verbs:
        return False
    following = rest[0]
    return following.folded in data.prepositions or following.folded in data.coordinators


def _refers_back(piece: Piece, data: ClauseData) -> bool:
    """Whether its subject is a pronoun: "Als Putin reiste, setzten er und Kim ..." is one fact."""
    subject = piece.words[piece.finite[0] + 1 : piece.finite[0] + 2]
    return bool(subject) and subject[0].folded in data.personal


def _only_says(piece: Piece, group: Sequence[Piece], data: ClauseData) -> bool:
    """Whether the piece names a speaker and nothing else: "sagte Lloyd Austin"."""
    return len(group) == 1 and len(piece.words) <= _MAX_SPEAKER_WORDS and not (
        has_figure(piece.words, data)
    )  # fmt: skip


def _interrupts(pieces: Sequence[Piece], number: int, data: ClauseData) -> bool:
    """Whether the main clause's verb bracket closes only after this piece: nothing to cut then."""
    if number + 1 >= len(pieces):
        return False
    after, before = pieces[number + 1], pieces[number - 1]
    if after.kind != "none" or before.kind != "main" or after.border != ",":
        return False
    return _has_open_bracket(before, data) and _is_nonfinite(after.words[-1])


def _has_open_bracket(piece: Piece, data: ClauseData) -> bool:
    """Whether "hat", "wird", "soll" in it still wait for their participle or infinitive."""
    opens = any(
        piece.words[place].folded in data.modals or piece.words[place].folded in data.brackets
        for place in piece.finite
    )
    return opens and not _is_nonfinite(piece.words[-1])


def _is_nonfinite(word: Word) -> bool:
    return not word.is_capital and word.folded.endswith(("t", "en"))


def _closes_bracket(piece: Piece, group: Sequence[Piece], data: ClauseData) -> bool:
    """Whether the verb's other half comes first: "Er hat den Brief, den ..., gelesen"."""
    opening = next((member for member in group if member.kind == "main"), None)
    if opening is None or not _has_open_bracket(opening, data):
        return False
    if piece.border != ",":
        return False
    at_the_end = piece.finite[-1] == len(piece.words) - 1
    before = piece.words[: piece.finite[0]]
    if at_the_end and _is_nonfinite(piece.words[-1]):
        return True  # "wird ein Mangel an Waffen, Munition und Soldaten vermutet"
    return any(_is_nonfinite(word) for word in before[-2:])


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
