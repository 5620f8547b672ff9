"""Where one line's sentences begin and end.

A candidate is final punctuation, closing quotes and brackets after it, then white space. Each is
kept or refused by rules over the word before and the word after; when in doubt it is refused, so
that a fact is never torn apart. Spans are half-open; only white space lies between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.segments.language_data import LanguageData, load_language

if TYPE_CHECKING:
    from collections.abc import Iterator

# Possessive and guarded at the left, so a million dots take linear time.
_CANDIDATE = re.compile(
    r"""(?:(?<![.!?…])[.!?…]++[“”"’‘'»«›‹)\]}]*+(?=\s)|[。！？｡]++[”’」』）]*+|[؟।॥]++["”»)]*+(?=\s))"""
)
# "Ende.Der": the space between two sentences was lost.
_GLUED = re.compile(r"(?<=[a-zäöüß]{3})[.!?][“”\"»«]?(?=[„»«“\"]?[A-ZÄÖÜ][a-zäöüß]+[ ,])")
_NEXT = re.compile(r"\s*+([„“\"‚'‘»«‹›(\[{–—-]*+\s?)([^\s.,;:!?…“”\"’»«)\]]*)")
_NUMBER = re.compile(r"(?:\d{1,3}\.?(?:[/–-]|-? ?und ))?\d{1,3}")
_ORDINAL = re.compile(r"\d{1,2}\.")
_ROMAN = re.compile(r"[IVX]+")
_SINGLE_LETTERS = re.compile(r"(?:^|[\s(„\"»])((?:[^\W\d_]\.\s?)*[^\W\d_])$")
_NO_VOWEL = re.compile(r"[^\W\d_aeiouyäöüаеёиоуыэюяєії]{2,4}", re.IGNORECASE)
_OPENING_QUOTES = frozenset('„“»«"')
_MAX_TITLE_WORDS = 5  # „Mamma Mia!“, „Wer ist da?“ stand inside a sentence
_LOOK_BACK_CHARS = 48
_SENTENCE_CHARS = 1000  # a bound, so that text without a sentence end stays linear


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Spans of the line's sentences, in order, white space trimmed."""
    return list(_spans(text, load_language(language)))


def _spans(text: str, data: LanguageData) -> Iterator[tuple[int, int]]:
    start = _skip_space(text, 0)
    for end in _boundaries(text, data):
        if end > start:
            yield from _cut_forgotten_colon(text, start, end, data)
            start = _skip_space(text, end)
    end = len(text.rstrip())
    if end > start:
        yield from _cut_forgotten_colon(text, start, end, data)


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _boundaries(text: str, data: LanguageData) -> list[int]:
    """Ends of sentences, ascending; the end of the text is not among them."""
    start = 0
    ends = []
    for found in _CANDIDATE.finditer(text):
        if _is_boundary(text, start, found, data):
            start = found.end()
            ends.append(start)
    if _GLUED.search(text) is not None:
        ends = sorted({*ends, *_glued_ends(text, data)})
    return ends


def _glued_ends(text: str, data: LanguageData) -> Iterator[int]:
    for found in _GLUED.finditer(text):
        after = _NEXT.match(text, found.end())
        if after is not None and after[2] in data.starters:
            yield found.end()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Final punctuation, the sentence before it and the word after it."""

    mark: str  # the punctuation with the quotes and brackets that close after it
    sentence: str  # from the sentence's start to the mark, its last 1,000 characters
    word: str  # the next word
    starts: bool  # whether that word, or a quotation mark before it, usually opens a sentence


def _is_boundary(text: str, start: int, found: re.Match[str], data: LanguageData) -> bool:
    after = _NEXT.match(text, found.end())
    if after is None:
        return True
    opener, word = after[1], after[2]
    if _continues(word):
        return False
    starts = word in data.starters or opener[:1] in _OPENING_QUOTES
    candidate = Candidate(
        found[0], text[max(start, found.start() - _SENTENCE_CHARS) : found.start()], word, starts
    )
    if candidate.mark == ".":
        return _dot_ends(candidate, data)
    if candidate.mark[0] in "….":
        omission = candidate.sentence[-1:].isspace()  # "Er sagte ... Bremen": no end
        return candidate.starts if omission else _closing_ends(candidate)
    return _closing_ends(candidate)


def _continues(word: str) -> bool:
    """Whether the next word is lower case, as no sentence's first is (iPhone and eBay are)."""
    return word[:1].islower() and not word[1:2].isupper()


def _closing_ends(candidate: Candidate) -> bool:
    """For ! ? … and closed quotes: a bracket or a short title inside a sentence ends nothing."""
    mark, sentence = candidate.mark, candidate.sentence
    if candidate.starts or mark[-1] in ".!?…":
        return True
    if mark[-1] in ")]}":
        return sentence.lstrip()[:1] in ("(", "[", "{")
    quote = max(sentence.rfind(opener) for opener in '„»«“"‚‘')
    before = sentence[: max(quote, 0)].strip()
    if not before or before.endswith((":", ",")):
        return True
    return len(sentence[quote:].split()) > _MAX_TITLE_WORDS


def _dot_ends(candidate: Candidate, data: LanguageData) -> bool:
    before = candidate.sentence[-_LOOK_BACK_CHARS:]
    words = before.split()
    token = words[-1].lstrip('([{„“"»«‚‘') if words and not before[-1].isspace() else ""
    if not token:
        return True
    if token[-1].isdigit():
        return not data.ordinals or _number_ends(words[:-1], token, candidate, data)
    letters = _SINGLE_LETTERS.search(before) if len(token) == 1 or token[-2] == "." else None
    folded = (re.sub(r"\s", "", letters[1]) if letters else token).casefold()
    if folded in data.never or (folded in data.before_number and candidate.word[:1].isdigit()):
        return False
    may_go_on = letters is not None or _is_abbreviation(folded, token, data)
    return candidate.starts if may_go_on else True


def _is_abbreviation(folded: str, token: str, data: LanguageData) -> bool:
    """Whether the dot may belong to an abbreviation or a Roman number."""
    if folded in data.maybe or _ROMAN.fullmatch(token) is not None:
        return True
    if data.maybe_suffixes and folded.endswith(data.maybe_suffixes):
        return True
    if token.isupper() or folded in data.without_vowels:
        return False
    return _NO_VOWEL.fullmatch(token) is not None


def _number_ends(previous: list[str], token: str, candidate: Candidate, data: LanguageData) -> bool:
    """Whether "3." closes a sentence rather than being an ordinal or a list number."""
    if _NUMBER.fullmatch(token.lstrip("-–")) is None:
        return True  # 2022. 3.000. 4,1. 18:30.
    if candidate.word in data.ordinal_nouns or not previous:
        return False  # a list number, or an ordinal that opens the line
    if candidate.starts:
        return True
    last = previous[-1].casefold()
    if candidate.word[:1].isdigit():  # "am 3. 10. 1990" is a date, "auf Platz 3. 20 Gäste" is not
        return last not in data.date_words and _ORDINAL.fullmatch(last) is None
    noun = previous[-1][:1].isupper() and previous[-1] not in data.starters
    return noun or last in data.value_words


def _cut_forgotten_colon(
    text: str, start: int, end: int, data: LanguageData
) -> Iterator[tuple[int, int]]:
    """The span, cut where a quotation of several sentences follows a verb of saying unmarked.

    'schrieb er auf Telegram „Das ist nötig. Je weiter ...' : the colon was forgotten, and the
    quotation's first sentence would otherwise be glued to its introduction.
    """
    opened = text.find("„", start, end)
    if opened <= start or text.find("“", opened, end) != -1 or text.find("”", opened, end) != -1:
        yield start, end
        return
    head = text[start:opened].rstrip()
    words = head.casefold().split()
    if not head or head[-1] in ":,;–-(" or data.speech_verbs.isdisjoint(words):
        yield start, end
        return
    yield start, start + len(head)
    yield opened, end
