"""Lemmas and content words (simplemma, bundled data): the ground of overlaps and shingles."""

from __future__ import annotations

from functools import cache, lru_cache

import simplemma

from pipeline.language.lexicon import LANGUAGES, load_words
from pipeline.language.words import cut_tokens


@lru_cache(maxsize=131072)
def lemmatise_word(word: str, language: str) -> str:
    """The lower-case lemma of one word; the lower-case word itself in another language."""
    if language not in LANGUAGES:
        return word.lower()
    # A capital at the start of a sentence hides the lemma in English; German nouns need theirs.
    given = word.lower() if language == "en" else word
    return str(simplemma.lemmatize(given, lang=language)).lower()


@lru_cache(maxsize=65536)
def lemmatise(text: str, language: str) -> tuple[str, ...]:
    """Lemmas of the words and numbers of a text, in order, lower case."""
    return tuple(
        lemmatise_word(token.text, language) if token.is_word else token.text
        for token in cut_tokens(text)
        if token.is_word or token.is_number
    )


@lru_cache(maxsize=65536)
def find_content_words(text: str, language: str) -> tuple[str, ...]:
    """Lemmas without function words, in order."""
    stop = stop_words(language)
    return tuple(lemma for lemma in lemmatise(text, language) if lemma not in stop)


@cache
def stop_words(language: str) -> frozenset[str]:
    """Function words of a language, lower case; empty for one without a list."""
    return load_words("stopwords", "words", language)
