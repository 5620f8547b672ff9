"""Which content words of two English texts correspond, and what is left over on each side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.language.dates import find_dates
from pipeline.language.lemmas import stop_words
from pipeline.language.lexicon import load_table, load_words
from pipeline.language.names import find_names
from pipeline.language.quantifiers import find_quantifiers
from pipeline.language.quantities import find_quantities
from pipeline.language.tagging import tag_words
from pipeline.language.thesaurus import are_antonyms, are_derived, are_synonyms

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONTENT = frozenset("NPVAR")
_STEM_CHARS = 5
# Verbs that say little by themselves: no slot of their own.
_LIGHT = frozenset(["be", "have", "do", "make", "take", "get", "give", "go", "come", "set", "put"])


@dataclass(frozen=True, slots=True)
class Item:
    """One content word, or a whole name; `tag` as in `language.tagging`."""

    lemma: str
    tag: str
    text: str
    start: int
    end: int
    number: int  # position among the tokens
    is_name: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """Corresponding items, and the rest of each side in order."""

    matched: tuple[tuple[Item, Item], ...]
    left_only: tuple[Item, ...]
    right_only: tuple[Item, ...]
    opposites: tuple[tuple[Item, Item], ...]
    coverage: float  # matched share of the side with more items, figures and dates left out


@lru_cache(maxsize=32768)
def find_items(text: str) -> tuple[Item, ...]:
    """Content words in order; figures, dates and quantifiers are compared elsewhere."""
    covered = [
        (span.start, span.end)
        for spans in (
            find_dates(text, "en"),
            find_quantities(text, "en"),
            find_quantifiers(text, "en"),
        )
        for span in spans
    ]
    names = find_names(text, "en")
    stop, titles = stop_words("en"), load_table("names")["titles"]
    items: list[Item] = []
    for number, word in enumerate(tag_words(text, "en")):
        if any(start <= word.start < end for start, end in covered):
            continue
        name = next((n for n in names if n.start <= word.start < n.end), None)
        if name is not None:
            if items and items[-1].lemma in titles and items[-1].end + 1 == name.start:
                items.pop()  # Judge Carla Mendes
            if word.start == name.start:
                items.append(Item(name.key, "P", name.text, name.start, name.end, number, True))
            continue
        if word.tag in _CONTENT and word.lower not in stop and word.lemma not in stop:
            items.append(Item(word.lemma, word.tag, word.text, word.start, word.end, number, False))
    return tuple(items)


@lru_cache(maxsize=16384)
def align_texts(left: str, right: str, same_names: frozenset[frozenset[str]]) -> Alignment:
    """Items matched by lemma, name, synonym and derivation, surest first."""
    lefts, rights = list(find_items(left)), list(find_items(right))
    matched: list[tuple[Item, Item]] = []
    for agree in (_same_lemma, _same_name(same_names), _same_meaning, _same_stem):
        for item in tuple(lefts):
            match = next((other for other in rights if agree(item, other)), None)
            if match is not None:
                matched.append((item, match))
                lefts.remove(item)
                rights.remove(match)
    lefts, rights = _drop_known(lefts, right), _drop_known(rights, left)
    opposites = tuple(
        (a, b) for a in lefts for b in rights
        if are_antonyms(a.lemma, b.lemma) or are_antonyms(a.text.lower(), b.text.lower())
    )  # fmt: skip
    count = len(matched)
    most = count + max(len(lefts), len(rights))
    return Alignment(
        tuple(matched), tuple(lefts), tuple(rights), opposites, count / most if most else 0.0
    )


def _drop_known(items: list[Item], other: str) -> list[Item]:
    """Items whose word stands in the other text in some other form (an abbreviation, a part)."""
    return [item for item in items if not _stands_in(item, other)]


def _stands_in(item: Item, other: str) -> bool:
    low = f" {other.lower()} "
    for group in load_table("names")["abbreviations"]:
        if item.lemma in group or any(item.lemma in form.split() for form in group):
            forms_there = [form for form in group if f" {form} " in low.replace("'s", " ")]
            if forms_there:
                return True
    return False


def _same_lemma(left: Item, right: Item) -> bool:
    return left.lemma == right.lemma


def _same_name(same_names: frozenset[frozenset[str]]):  # type: ignore[no-untyped-def]
    from pipeline.language.names import names_agree

    def agree(left: Item, right: Item) -> bool:
        if left.is_name and right.is_name:
            given = frozenset((left.text, right.text)) in same_names
            return given or names_agree(left.lemma, right.lemma)
        if left.is_name or right.is_name:
            name, other = (left, right) if left.is_name else (right, left)
            parts = name.lemma.split()
            known = {other.lemma, other.text.lower()}
            return not known.isdisjoint(parts) or are_derived(other.lemma, name.lemma)
        return False

    return agree


def _same_meaning(left: Item, right: Item) -> bool:
    if left.is_name or right.is_name:
        return False
    if are_antonyms(left.lemma, right.lemma):
        return False
    same_class = left.tag == right.tag or {left.tag, right.tag} <= {"A", "R"}
    if same_class and are_synonyms(left.lemma, right.lemma):
        return True
    return are_derived(left.lemma, right.lemma)


def _same_stem(left: Item, right: Item) -> bool:
    """urgent and urgently, narrow and narrowly, fish and fishing."""
    if left.is_name or right.is_name:
        return False
    short, long = sorted((left.lemma, right.lemma), key=len)
    return len(short) >= _STEM_CHARS and long.startswith(short[: max(_STEM_CHARS, len(short) - 2)])


def is_light(item: Item) -> bool:
    """An adverb or a verb that carries no detail of its own."""
    return (
        item.tag == "R" or item.lemma in _LIGHT or item.lemma in load_words("verbs", "speech", "en")
    )


def is_one_slot(items: Sequence[Item]) -> bool:
    """The items stand side by side (function words of one phrase between them)."""
    numbers = [item.number for item in items]
    return bool(items) and max(numbers) - min(numbers) <= 2 * len(items)
