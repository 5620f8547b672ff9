"""Whether a text affirms or denies: negators, denials, and the words they stand at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.language.lemmas import lemmatise_word
from pipeline.language.lexicon import load_words
from pipeline.language.tagging import is_contracted, tag_words
from pipeline.language.words import cut_tokens

_NT = ("n't", "n’t")


@dataclass(frozen=True, slots=True)
class Negation:
    """One negator or denying verb with its span."""

    word: str
    is_denial: bool
    start: int
    end: int


@lru_cache(maxsize=65536)
def find_negations(text: str, language: str) -> tuple[Negation, ...]:
    """Negators (`not`, `kein`) and denying verbs (`denied`, `bestritt`) in order."""
    negators = load_words("polarity", "negators", language)
    deniers = load_words("polarity", "deniers", language)
    nouns = load_words("polarity", "denying_nouns", language)
    found = []
    tokens = cut_tokens(text)
    lowers = tuple(token.lower for token in tokens)
    for at, token in enumerate(tokens):
        if not token.is_word or _only_looks_negative(lowers, at, language):
            continue
        lemma = lemmatise_word(token.text, language)
        word = token.lower.replace("’", "'")
        if language == "de" and word.startswith("kein"):
            lemma = "kein"
        if word in negators or lemma in negators or is_contracted(word):
            found.append(Negation(lemma, False, token.start, token.end))
        elif language == "en" and lemma == "rule" and lowers[at + 1 : at + 2] == ("out",):
            found.append(Negation("rule out", True, token.start, token.end))
        elif lemma in nouns or (lemma in deniers and _is_verb(text, token.start, language)):
            found.append(Negation(lemma, True, token.start, token.end))
    return tuple(found)


def _is_verb(text: str, start: int, language: str) -> bool:
    """`disputes the claim`, not `political disputes` or `a failed campaign`."""
    words = tag_words(text, language)
    for number, word in enumerate(words):
        if word.start == start:
            attribute = number > 0 and words[number - 1].tag in "TA"
            return word.tag == "V" and not attribute
    return language == "de"


def _only_looks_negative(lowers: tuple[str, ...], at: int, language: str) -> bool:
    """`not until`, `not only`, `no later than`, `nicht nur`."""
    if lowers[at] == "no" and lowers[at + 1 : at + 2] == (".",):
        return at + 2 < len(lowers) and lowers[at + 2][0].isdigit()  # No. 5
    if lowers[at] == "nor" and "neither" in lowers[:at]:
        return True
    return any(lowers[at : at + len(words)] == words for words in _harmless_phrases(language))


@lru_cache(maxsize=4)
def _harmless_phrases(language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(p.split()) for p in sorted(load_words("polarity", "harmless", language)))


def is_negated(text: str, language: str) -> bool:
    """An odd number of negations, denials counted: `did not deny` affirms."""
    return len(find_negations(text, language)) % 2 == 1


def count_denials(text: str) -> int:
    """Negators and denying verbs of an English text."""
    return len(find_negations(text, "en"))
