"""How many of them: all, most, many, some, few, none; with the noun they stand at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.language.lexicon import load_table
from pipeline.language.nouns import find_head_noun
from pipeline.language.tagging import tag_words
from pipeline.language.words import cut_tokens


@dataclass(frozen=True, slots=True)
class Quantifier:
    """One quantifying expression; `share` is its class: all, most, many, some, few, none."""

    share: str
    noun: str | None
    text: str
    start: int
    end: int


# Classes no statement can have both of at one noun.
_CLASHES = frozenset(
    frozenset(pair)
    for pair in (
        ("all", "most"), ("all", "some"), ("all", "few"), ("all", "none"), ("all", "many"),
        ("most", "few"), ("most", "none"), ("most", "some"), ("many", "few"), ("many", "none"),
        ("some", "none"), ("few", "none"),
    )
)  # fmt: skip


def shares_clash(left: str, right: str) -> bool:
    """The two classes exclude each other."""
    return frozenset((left, right)) in _CLASHES


@lru_cache(maxsize=8)
def _phrases(language: str) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for share, phrases in load_table("quantifiers").get(language, {}).items():
        for phrase in phrases:
            words = tuple(token.lower for token in cut_tokens(phrase))
            by_first.setdefault(words[0], []).append((words, share))
    return {word: tuple(sorted(p, key=lambda e: -len(e[0]))) for word, p in by_first.items()}


def _find_singular(text: str, after: int) -> str | None:
    """`every household gets a refund`: the noun that closes the phrase."""
    noun = None
    for word in tag_words(text, "en"):
        if word.start < after:
            continue
        if word.tag not in "ANP" or word.form == "plural":
            break
        noun = word.lemma if word.tag == "N" else noun
    return noun


@lru_cache(maxsize=32768)
def find_quantifiers(text: str, language: str) -> tuple[Quantifier, ...]:
    """Quantifiers in order."""
    tokens = cut_tokens(text)
    phrases = _phrases(language)
    found: list[Quantifier] = []
    at = 0
    while at < len(tokens):
        for words, share in phrases.get(tokens[at].lower, ()):
            last = at + len(words)
            if tuple(token.lower for token in tokens[at:last]) == words:
                singular = language == "en" and words[-1] in {"every", "each"}
                end = tokens[last - 1].end
                noun = (
                    _find_singular(text, end) if singular
                    else find_head_noun(tokens, last, language)
                )  # fmt: skip
                start, end = tokens[at].start, tokens[last - 1].end
                found.append(Quantifier(share, noun, text[start:end], start, end))
                at = last - 1
                break
        at += 1
    return tuple(found)
