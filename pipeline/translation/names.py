"""Names of a source that its translation lacks, in whatever spelling.

A name is there when a word of the translation looks or sounds like it (`Pjöngjang`, `Pyongyang`) or
is what the lexicon gives for it (`Moskau`, `Moscow`; `EZB`, `ECB`). The guards run over every
sentence of a corpus, so look-ups come first: only a capitalised word that neither the lexicon nor
the lemmatiser knows (or that the lexicon knows as itself) and the target lacks is worth tagging the
sentence for, which is one sentence in thirty.
"""

from __future__ import annotations

import re
from functools import lru_cache

import simplemma
from rapidfuzz.distance import JaroWinkler

from pipeline.language.lexicon import LANGUAGES
from pipeline.language.names import find_names
from pipeline.translation.lexicon import WordLexicon, fold_sound, load_lexicon

WORD = re.compile(r"[^\W_]+", re.UNICODE)
CAPITALISED = re.compile(r"(?<![\w’'])[^\W\d_a-z][^\W_]+", re.UNICODE)
# Transliterations of one name reach 0.8 after folding, unrelated names 0.6.
ALIKE = 0.8
MIN_LETTERS = 3


def find_missing_names(source: str, target: str, *, languages: tuple[str, str]) -> list[str]:
    """Names as the source writes them that the target has in no form."""
    if source.upper() == source:  # in an all-capital line capitals say nothing
        return []
    lexicon = load_lexicon(*languages)
    given = {word.casefold() for word in WORD.findall(target.replace(".", ""))}
    lost = [
        match.group()
        for match in CAPITALISED.finditer(source)
        if _may_be_name(match.group(), lexicon, languages[0])
        and not _is_there(match.group(), given, lexicon)
    ]
    if not lost:
        return []
    known = {word for name in find_names(source, languages[0]) for word in WORD.findall(name.text)}
    return [word for word in dict.fromkeys(lost) if word in known]


def _may_be_name(word: str, lexicon: WordLexicon, language: str) -> bool:
    if len(word) > 1 and word.isupper():
        return True
    if len(word) <= MIN_LETTERS:
        return False
    return _is_unknown_or_itself(word.casefold(), lexicon) and not _is_word(word, language)


@lru_cache(maxsize=262144)
def _is_word(word: str, language: str) -> bool:
    """True for a word of the dictionary; `Toronto` and `Verdi` stand there too and pass."""
    return language in LANGUAGES and bool(simplemma.is_known(word, lang=language))


def _is_unknown_or_itself(lower: str, lexicon: WordLexicon) -> bool:
    """True for `selenskyj` (unknown) and `toronto` (itself), not for `vertrag`."""
    translations = lexicon.translate(lower)
    if not translations:
        return bool(lexicon.words)
    best = max(translations, key=translations.__getitem__)
    return JaroWinkler.similarity(fold_sound(lower), fold_sound(best)) > 0.9


def _is_there(word: str, given: set[str], lexicon: WordLexicon) -> bool:
    lower = word.casefold()
    if lower in given:
        return True
    if not given.isdisjoint(lexicon.translate(lower)):
        return True
    return any(_sounds_like(lower, other) for other in given)


@lru_cache(maxsize=262144)
def _sounds_like(word: str, other: str) -> bool:
    """The same name in two spellings, or one as part of the other (`Merkels`, `Bremerhavener`)."""
    if len(word) < MIN_LETTERS or len(other) < MIN_LETTERS:
        return False
    left, right = fold_sound(word), fold_sound(other)
    if JaroWinkler.similarity(left, right) >= ALIKE:
        return True
    shorter, longer = sorted((left, right), key=len)
    return len(shorter) > MIN_LETTERS and shorter in longer
