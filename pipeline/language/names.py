"""Names a text mentions, and whether two names can be one (spelling, initials, part of a name)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pipeline.language.dates import find_dates
from pipeline.language.lemmas import lemmatise_word, stop_words
from pipeline.language.words import Token, cut_tokens

_JOINTS = frozenset(
    {"of", "the", "de", "la", "von", "van", "der", "den", "del", "al", "bin", "da", "dos"}
)
_SENTENCE_END = frozenset({".", "!", "?", ":", "“", "„", '"', "”", "»", "«", "–", "-"})


@dataclass(frozen=True, slots=True)
class Name:
    """One name with its span; `key` is its folded form for comparison."""

    text: str
    key: str
    start: int
    end: int


@lru_cache(maxsize=65536)
def fold_name(text: str) -> str:
    """Lower case without marks, hyphens and the spellings transliteration varies."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    plain = plain.replace(".", "")
    return re.sub(r"[^\w]+", " ", plain).strip()


@lru_cache(maxsize=65536)
def find_names(text: str, language: str) -> tuple[Name, ...]:
    """Runs of capitalised words that are no sentence opener, weekday or month; in order.

    German capitalises every noun: there only words the lemmatiser does not know count.
    """
    tokens = cut_tokens(text)
    dates = [(d.start, d.end) for d in find_dates(text, language)]
    found: list[Name] = []
    at = 0
    while at < len(tokens):
        last = _read_name(tokens, at, language, dates)
        if last > at:
            start, end = tokens[at].start, tokens[last - 1].end
            found.append(Name(text[start:end], fold_name(text[start:end]), start, end))
        at = max(last, at + 1)
    return tuple(found)


def _read_name(
    tokens: tuple[Token, ...], at: int, language: str, dates: list[tuple[int, int]]
) -> int:
    """The index after the name that begins at a token; the same index when none begins."""
    if not _is_name_word(tokens, at, language, dates):
        return at
    last = at + 1
    while last < len(tokens):
        if _is_name_word(tokens, last, language, dates):
            last += 1
        elif (tokens[last].text == "-" and last + 1 < len(tokens) and tokens[last + 1].is_word) or (
            tokens[last].lower in _JOINTS
            and language == "en"
            and last + 1 < len(tokens)
            and _is_name_word(tokens, last + 1, language, dates)
            and tokens[last].lower in {"of", "de", "la", "von", "van", "al", "bin"}
        ):
            last += 2
        else:
            break
    return last


def _is_name_word(
    tokens: tuple[Token, ...], at: int, language: str, dates: list[tuple[int, int]]
) -> bool:
    token = tokens[at]
    if not (token.is_word and token.is_capital):
        return False
    if any(start <= token.start < end for start, end in dates):
        return False
    if token.lower in stop_words(language) and not (token.text.isupper() and len(token.text) > 1):
        return False
    opens = at == 0 or tokens[at - 1].text in _SENTENCE_END
    if language == "de":
        return _is_unknown_german(token)
    if opens and not token.text.isupper():
        return _is_unknown_english(token)
    return True


def _is_unknown_english(token: Token) -> bool:
    """A sentence opener is a name when the lemmatiser's English list does not know it."""
    import simplemma

    return not simplemma.is_known(token.lower, lang="en")


def _is_unknown_german(token: Token) -> bool:
    import simplemma

    if token.text.isupper() and len(token.text) > 1:
        return True
    return (
        not simplemma.is_known(token.text, lang="de")
        and lemmatise_word(token.text, "de") == token.lower
    )


def names_agree(left: str, right: str) -> bool:
    """The two folded names can mean the same: equal, part of the other, its initials, or alike."""
    if left == right:
        return True
    words_left, words_right = left.split(), right.split()
    if set(words_left) <= set(words_right) or set(words_right) <= set(words_left):
        return True
    if _are_initials(left, words_right) or _are_initials(right, words_left):
        return True
    from rapidfuzz.distance import JaroWinkler

    return JaroWinkler.normalized_similarity(left, right) >= 0.93


def _are_initials(short: str, words: list[str]) -> bool:
    letters = "".join(word[0] for word in words if word not in {"of", "the", "and", "fur", "der"})
    return len(short) >= 2 and short.replace(" ", "") == letters
