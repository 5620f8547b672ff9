"""A German sentence's pieces between punctuation, and what kind of clause each one is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.segments.verbs import find_finite, has_infinitive_with_zu
from pipeline.segments.words import Word, find_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.segments.clause_data import ClauseData

_BORDER = re.compile(r"[,;:](?=[“”\"’»«]?(?:\s|$))[“”\"»«]?|(?<=\s)[–—-](?=\s)|[([]|[)\]]")
_HEADING_BORDER = re.compile(r"[:;,](?=\s)|(?<=\s)[–—-](?=\s)|[?!.][“”\"»«]?(?=\s)")
_PARTICIPLE = re.compile(
    r"(?:[a-zäöü]{2,9})?ge[a-zäöüß]{2,}(?:t|en)|(?:be|emp|ent|er|ge|miss|ver|zer|unter|über|hinter)"
    r"[a-zäöüß]{3,}(?:t|en)|[a-zäöüß]{3,}iert"
)
_MIN_PARTICIPIAL_WORDS = 4


@dataclass(slots=True)
class Piece:
    """Words between two borders; `border` is the punctuation before it, `und` for a coordination.

    Kinds: none (no verb), main, relative, adverbial, condition, complement, attribution, purpose,
    figure, participial.
    """

    border: str
    words: list[Word]
    kind: str = "none"
    finite: list[int] = field(default_factory=list)

    @property
    def lead(self) -> int:
        """Position of the first word that is no coordinator."""
        return 1 if self.border_word else 0

    @property
    def border_word(self) -> bool:
        """Whether the piece opens with a coordinator."""
        return bool(self.words) and self.words[0].folded in _COORDINATORS and len(self.words) > 1

    @property
    def verb_first(self) -> bool:
        """Whether the finite verb is the first word after a coordinator."""
        return bool(self.finite) and self.finite[0] == self.lead


_COORDINATORS = frozenset({"und", "oder", "aber", "doch", "denn", "sondern", "sowie"})


def find_pieces(text: str, data: ClauseData, *, heading: bool) -> list[Piece]:
    """The sentence's pieces in order, kinds set."""
    words = find_words(text)
    pieces = [
        Piece(border, [word for word in words if start <= word.start < end])
        for border, start, end in _cut_at_borders(text, heading=heading)
    ]
    pieces = _join_listings([piece for piece in pieces if piece.words], data)
    for number, piece in enumerate(pieces):
        set_kind(piece, data, first=number == 0)
    return pieces


def _join_listings(pieces: list[Piece], data: ClauseData) -> list[Piece]:
    """Pieces with "darunter Raketen, Granaten und 3.000 Minen" as one."""
    joined: list[Piece] = []
    for piece in pieces:
        listing = bool(joined) and joined[-1].words[0].folded in data.listings
        if listing and piece.border == "," and not find_finite(piece.words, data):
            joined[-1].words += piece.words
        else:
            joined.append(piece)
    return joined


def _cut_at_borders(text: str, *, heading: bool) -> Iterator[tuple[str, int, int]]:
    """Border and span of every piece; what stands in brackets stays with what is before it."""
    start, border, depth = 0, "", 0
    for found in (_HEADING_BORDER if heading else _BORDER).finditer(text):
        mark = found[0][0]
        if mark in "([":
            depth += 1
        elif mark in ")]":
            depth = max(0, depth - 1)
        elif depth == 0:
            yield border, start, found.start()
            start, border = found.end(), mark
    yield border, start, len(text)


def set_kind(piece: Piece, data: ClauseData, *, first: bool = False) -> None:
    """Sets the piece's finite verbs and kind."""
    piece.finite = find_finite(piece.words, data)
    piece.kind = _kind(piece, data, first=first)


def _kind(piece: Piece, data: ClauseData, *, first: bool) -> str:  # noqa: PLR0911 - a ladder
    words = piece.words[piece.lead :]
    finite = [place - piece.lead for place in piece.finite]
    opener = words[0].folded
    if opener in data.complements:
        return "complement"
    if opener in data.conditions and len(words) > 1:
        return "condition"
    if not finite and has_infinitive_with_zu(words):
        return "purpose" if opener in data.infinitives else "complement"
    subordinate = _subordinate_kind(words, finite, data, first=first)
    if subordinate is not None:
        return subordinate
    if not first and finite in ([], [0]) and _is_participial(words, data):
        return "participial"
    if finite:
        return "main"
    if piece.border == "," and _states_figure(words, data):
        return "figure"
    return "none"


def _subordinate_kind(  # noqa: PLR0911 - a ladder of rules
    words: Sequence[Word], finite: list[int], data: ClauseData, *, first: bool
) -> str | None:
    """Kind of a piece that opens with a subordinating word and keeps its verb for the end."""
    if len(words) < 2 or not _ends_with_verb(words, finite, data) or 1 in finite[:-1]:
        return None
    if finite == [1] and len(words) > 2:
        return None  # "das ist falsch", "da mischt sich der Senat nicht ein": a main clause
    opener = words[0].folded
    if opener == "wie":
        said = any(word.folded in data.speech_verbs for word in words)
        return "attribution" if said else "complement"
    if not first and _opens_with_relative(words, data):
        return "relative"
    if opener == "als" and (words[1].folded == "ob" or 1 in finite):
        return "complement"  # "als hätte er es gewusst"
    if opener in data.adverbials:
        return "adverbial"
    return "complement" if opener in data.questions else None


def _opens_with_relative(words: Sequence[Word], data: ClauseData) -> bool:
    """For "den X unterzeichnete", "von dem sie lebt"; not for "mit der Unterbringung ..."."""
    opener, following = words[0].folded, words[1].folded
    if opener in data.relatives:
        return True
    if opener not in data.prepositions or following not in data.relatives or len(words) < 3:
        return False
    return not words[2].is_capital or following in ("denen", "deren", "dessen")


def _ends_with_verb(words: Sequence[Word], finite: list[int], data: ClauseData) -> bool:
    last = words[-1]
    if finite and finite[-1] == len(words) - 1:
        return True
    if last.is_capital or last.is_number or last.folded in data.prepositions:
        return False
    if finite:
        # "haben verlassen müssen", "hat bezahlen wollen": the auxiliary stands before infinitives
        return finite[-1] >= len(words) - 3 and last.folded in data.modals
    if _PARTICIPLE.fullmatch(last.folded) is not None:
        return False  # "dem Vertrag zugestimmt": the verb of the clause before
    return last.folded.endswith(("t", "te", "ten", "en")) and last.folded not in ("nicht", "erst")


def has_figure(words: Sequence[Word], data: ClauseData) -> bool:
    """Whether a number stands in the words, in digits or letters."""
    return any(word.is_number or word.folded in data.figures for word in words)


def names_source(words: Sequence[Word], data: ClauseData) -> bool:
    """Whether the words say whose claim it is: "laut X", "nach Angaben der", "X zufolge"."""
    return any(
        word.folded in data.attributions or word.text in data.attribution_nouns for word in words
    )


def _states_figure(words: Sequence[Word], data: ClauseData) -> bool:
    if not has_figure(words, data):
        return False
    opener = words[0].folded
    if opener in data.figure_openers or opener in data.listings:
        return len(words) > 2
    return names_source(words[:4], data) and len(words) > 3


def _is_participial(words: Sequence[Word], data: ClauseData) -> bool:
    """Whether it is a clause without its "ist": "verteilt auf zwei Stufen"."""
    if len(words) < _MIN_PARTICIPIAL_WORDS or words[0].is_capital:
        return False
    form, following = words[0].folded, words[1].folded
    return (
        _PARTICIPLE.fullmatch(form) is not None
        and following in data.prepositions
        and form not in data.speech_verbs
    )


def says(piece: Piece, data: ClauseData) -> bool:
    """Whether its verb is one of saying."""
    return any(piece.words[place].folded in data.speech_verbs for place in piece.finite)


def is_reported(piece: Piece, data: ClauseData) -> bool:
    """Whether the piece is indirect speech: a subjunctive, and nobody speaks of himself."""
    if any(word.folded in ("ich", "wir") for word in piece.words):
        return False
    return any(_is_subjunctive(piece.words[place].folded, data) for place in piece.finite)


def _is_subjunctive(form: str, data: ClauseData) -> bool:
    if form in data.reported:
        return True
    return form.endswith("e") and not form.endswith("te") and form not in data.auxiliaries
