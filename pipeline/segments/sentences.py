"""Where one line's sentences begin and end.

A candidate is final punctuation, closing quotes and brackets after it, then white space. Each is
kept or refused by rules over the word before and the word after; when in doubt it is refused, so
that a fact is never torn apart. Spans are half-open; only white space lies between them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.segments.language_data import LanguageData, load_language

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENERS = "„“\"‚'‘»«‹›([{"
CLOSERS = "“”\"’‘'»«›‹)]}"

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
_WORD_BEFORE = re.compile(r"[^\s(\[{„“\"»«‚‘]+$")
_QUOTE_OPENS = re.compile(r"(?<=\w)\s+(?=„[A-ZÄÖÜ]|“[A-Z])")
_LOOK_BACK_CHARS = 48


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
    for candidate in _CANDIDATE.finditer(text):
        if _is_boundary(text, start, candidate, data):
            start = candidate.end()
            ends.append(start)
    if _may_be_glued(text):
        ends = sorted({*ends, *_glued_ends(text, data)})
    return ends


def _may_be_glued(text: str) -> bool:
    return _GLUED.search(text) is not None


def _glued_ends(text: str, data: LanguageData) -> Iterator[int]:
    for found in _GLUED.finditer(text):
        after = _NEXT.match(text, found.end())
        if after is not None and after[2] in data.starters:
            yield found.end()


def _is_boundary(text: str, start: int, candidate: re.Match[str], data: LanguageData) -> bool:
    mark = candidate[0]
    after = _NEXT.match(text, candidate.end())
    if after is None:
        return True
    opener, word = after[1], after[2]
    if _continues(word):
        return False
    starts = word in data.starters or (opener != "" and opener[0] in '„“»«"')
    before = text[max(start, candidate.start() - _LOOK_BACK_CHARS) : candidate.start()]
    if mark.startswith(".") and not mark.startswith(".."):
        return _dot_ends(before, word, text, candidate, start, starts=starts, data=data)
    if mark[0] in "…." and before[-1:].isspace():
        return starts  # "Er sagte ... Bremen": an omission, not an end
    return _closing_ends(text, start, candidate, starts=starts)


def _continues(word: str) -> bool:
    """Whether the next word is lower case, as no sentence's first is (iPhone and eBay are)."""
    return word[:1].islower() and not word[1:2].isupper()


def _closing_ends(text: str, start: int, candidate: re.Match[str], *, starts: bool) -> bool:
    """For ! ? … and closed quotes: a bracket or a short title inside a sentence ends nothing."""
    mark = candidate[0]
    if starts or mark[-1] in ".!?…":
        return True
    if mark[-1] in ")]}":
        return text[start : candidate.start()].lstrip()[:1] in ("(", "[", "{")
    quote = max(text.rfind(q, start, candidate.start()) for q in '„»«“"‚‘')
    if (
        quote <= start
        or text[:quote].rstrip().endswith((":", ","))
        or not text[start:quote].strip()
    ):
        return True
    return len(text[quote : candidate.start()].split()) > 5  # titles: „Mamma Mia!“, „Wer ist da?“


def _dot_ends(  # noqa: PLR0911 - a ladder of rules
    before: str,
    word: str,
    text: str,
    candidate: re.Match[str],
    start: int,
    *,
    starts: bool,
    data: LanguageData,
) -> bool:
    if candidate[0] != ".":
        return _closing_ends(text, start, candidate, starts=starts)
    found = _WORD_BEFORE.search(before)
    token = found[0] if found else ""
    if not token:
        return True
    if token[-1].isdigit():
        return not data.ordinals or _number_ends(before, token, word, starts=starts, data=data)
    short = _SINGLE_LETTERS.search(before)
    folded = (re.sub(r"\s", "", short[1]) if short else token).casefold()
    if folded in data.never:
        return False
    if folded in data.before_number and word[:1].isdigit():
        return False
    if _may_go_on(folded, token, short is not None, data):
        return starts
    return True


def _may_go_on(folded: str, token: str, single_letters: bool, data: LanguageData) -> bool:
    """Whether the dot may belong to an abbreviation, an initial or a Roman number."""
    if single_letters or folded in data.maybe:
        return True
    if _ROMAN.fullmatch(token) is not None:
        return True
    if folded.endswith(data.maybe_suffixes) and data.maybe_suffixes:
        return True
    if token.isupper() or folded in data.without_vowels:
        return False
    return _NO_VOWEL.fullmatch(token) is not None


def _number_ends(before: str, token: str, word: str, *, starts: bool, data: LanguageData) -> bool:
    """Whether "3." closes a sentence rather than being an ordinal or a list number."""
    if _NUMBER.fullmatch(token.lstrip("-–")) is None:
        return True  # 2022. 3.000. 4,1. 18:30.
    if word in data.ordinal_nouns:
        return False
    previous = before[: len(before) - len(token)].split()
    if not previous:
        return False  # "3. Bremen": a list number, or an ordinal that opens the line
    if starts:
        return True
    last = previous[-1].casefold()
    if word[:1].isdigit():  # "am 3. 10. 1990" is a date, "auf Platz 3. 20 Menschen" is not
        return last not in data.date_words and _ORDINAL.fullmatch(last) is None
    return last in data.value_words or (
        previous[-1][:1].isupper() and previous[-1] not in data.starters
    )


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
