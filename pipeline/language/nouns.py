"""What a number counts: the head noun after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.language.lemmas import lemmatise_word, stop_words

if TYPE_CHECKING:
    from pipeline.language.words import Token

_WINDOW = 5
_MANY = frozenset({"people", "men", "women", "children", "police", "staff", "personnel"})


def find_head_noun(tokens: tuple[Token, ...], at: int, language: str) -> str | None:
    """Lemma of the noun counted by the number that ends before token `at`; None when none follows.

    German: the first capitalised word. English: the first plural in the run of words that follows,
    else its first word; `of (the)` is stepped over.
    """
    stop = stop_words(language)
    first_word: str | None = None
    steps = 0
    while at < len(tokens) and steps < _WINDOW:
        token = tokens[at]
        at += 1
        if token.lower in {
            "of",
            "the",
            "der",
            "von",
            "-",
            "his",
            "her",
            "their",
            "its",
            "seiner",
            "ihrer",
            "seine",
            "ihre",
            "these",
            "those",
            "more",
            "other",
        }:
            if first_word is None:
                continue
            break
        if not token.is_word or token.lower in stop:
            break
        steps += 1
        if language == "de":
            if token.is_capital:
                return lemmatise_word(token.text, "de")
            continue
        lemma = lemmatise_word(token.text, "en")
        if token.lower in _MANY or (lemma != token.lower and token.lower.endswith("s")):
            return lemma
        first_word = first_word or lemma
    return first_word if language == "en" else None
