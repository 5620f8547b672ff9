"""The tagger's slips in English that the words around a word show."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.language.lexicon import load_words
from pipeline.language.thesaurus import find_entry

_COMPASS = frozenset({"north", "south", "east", "west"})


@dataclass(frozen=True, slots=True)
class Word:
    """A token with its class (one letter, see `tagging`), verb form and lemma.

    `form` of a verb: `base`, `past`, `participle`, `gerund`, `present`; of a noun `plural`.
    """

    text: str
    lower: str
    lemma: str
    tag: str
    form: str
    start: int
    end: int


def correct_tags(words: list[Word]) -> list[Word]:
    """The words with verbs and nouns found that the tagger took for something else."""
    words = _read_no_longer([_correct_word(words, at) for at in range(len(words))])
    return _find_verb(words)


def _correct_word(words: list[Word], at: int) -> Word:
    """`had no leads`, `lies north of the river`, `is facing`."""
    word = words[at]
    before = words[at - 1].tag if at else ""
    follows = words[at + 1].lower if at + 1 < len(words) else ""
    if word.tag == "V" and word.form == "present" and before == "T" and _can_be(word, "n"):
        return replace(word, tag="N", form="plural")
    if word.tag == "N" and word.lower in _COMPASS and follows == "of" and before not in "TAI":
        return replace(word, tag="R") if at else word
    if word.tag == "I" and word.lower.endswith("ing") and before == "B":
        return replace(word, tag="V", form="gerund")
    if word.tag in "NA" and word.lower.endswith("ing") and at + 1 < len(words):
        weighed = words[at - 1].lemma in load_words("verbs", "chain_planned", "en")
        verb = next((v for v in _stems(word.lower) if "v" in find_entry(v).senses), None)
        if before == "V" and weighed and verb and words[at + 1].tag in "NPTAQ":
            return replace(word, tag="V", form="gerund", lemma=verb)  # considers lending trains
    return word


def _stems(gerund: str) -> tuple[str, ...]:
    """lend of lending, supply of supplying, give of giving, run of running."""
    stem = gerund.removesuffix("ing")
    return stem, f"{stem}e", stem[:-1]


def _can_be(word: Word, word_class: str) -> bool:
    return word_class in find_entry(word.lemma).senses


def _read_no_longer(words: list[Word]) -> list[Word]:
    """`no longer plans to build`: a negator, and a verb after it."""
    words = list(words)
    for at in range(2, len(words)):
        if words[at - 2].lower == "no" and words[at - 1].lower == "longer":
            words[at - 2] = replace(words[at - 2], tag="X")
            words[at - 1] = replace(words[at - 1], tag="R")
            if words[at].tag == "N" and _can_be(words[at], "v"):
                words[at] = replace(words[at], tag="V", form="present")
    return words


def _find_verb(words: list[Word]) -> list[Word]:
    """A sentence without a verb: `Rebels shelled troops`, `the IMF forecasts growth`."""
    if any(word.tag in "VBHDM" for word in words):
        return words
    words = list(words)
    for at, word in enumerate(words[1:], start=1):
        if word.tag == "A" and word.lower.endswith("ed") and words[at - 1].tag in "NPO":
            forms = (word.lower[:-2], word.lower[:-1], word.lemma)
            verb = next((form for form in forms if "v" in find_entry(form).senses), None)
            if verb is not None:
                words[at] = replace(word, tag="V", form="past", lemma=verb)
                return words
    for at, word in enumerate(words[1:], start=1):
        if word.form == "plural" and words[at - 1].tag in "NP" and _has_object(words, at):
            words[at] = replace(word, tag="V", form="present")
            return words
    return words


def _has_object(words: list[Word], at: int) -> bool:
    """The word can be a verb, and a noun phrase follows."""
    follows = words[at + 1].tag if at + 1 < len(words) else ""
    return _can_be(words[at], "v") and follows in {"N", "T", "A", "Q", "P"}
