"""Clauses in languages without clause tables, and in English: strong punctuation, connectives.

A comma alone is no border. Both sides must have a verb in English, and enough words elsewhere.
"""

from __future__ import annotations

import re

from pipeline.segments.clause_data import load_english
from pipeline.segments.german import trim_clause
from pipeline.segments.words import find_words

_STRONG = r"[;:](?=\s)|(?<=\s)[–—](?=\s)"
_BORDER = re.compile(_STRONG)
_ENGLISH_BORDER = re.compile(
    rf"{_STRONG}|(?:,|(?<=\s))\s?\b(?=(?:and|but|while|whereas|although|though|because|after|before|"
    r"since|so that|which|who|whose|where|according to)\b)|,(?=\s)",
    re.IGNORECASE,
)
_PAST = re.compile(r"[a-z]{3,}ed")
_MIN_PLAIN_WORDS = 3


def cut_plain(text: str, language: str, *, min_words: int) -> list[tuple[int, int]]:
    """Spans of the clauses, in order."""
    english = language == "en"
    borders = [found.end() for found in (_ENGLISH_BORDER if english else _BORDER).finditer(text)]
    spans: list[tuple[int, int]] = []
    start = 0
    for border in borders:
        if border <= start or not _may_cut(
            text[start:border], text[border:], min_words, english=english
        ):
            continue
        spans.append(trim_clause(text, start, border))
        start = border
    spans.append(trim_clause(text, start, len(text)))
    return [span for span in spans if span[1] > span[0]]


def _may_cut(  # noqa: PLR0911 - a ladder of rules
    left: str, right: str, min_words: int, *, english: bool
) -> bool:
    before, after = find_words(left), find_words(right)
    least = max(min_words, _MIN_PLAIN_WORDS)
    if len(before) < least or len(after) < least:
        return False
    if not english:
        return True
    if left.rstrip()[-1:] in ";:–—":
        return _has_verb(left) and _has_verb(right)
    data = load_english()
    opener = after[0].folded
    if opener not in data.connectives:
        return False
    if opener in data.also_prepositions and not _has_verb(right[:60]):
        return False
    if any(word.folded in data.says for word in before[-4:]):
        return False
    near = " ".join(word.text for word in after[:6])
    return _has_verb(left) and _has_verb(near)


def _has_verb(text: str) -> bool:
    verbs = load_english().verbs
    return any(
        word.folded in verbs or _PAST.fullmatch(word.text) is not None for word in find_words(text)
    )
