"""Which content words of two English texts correspond, and what is left over on each side."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from pipeline.language.dates import find_dates
from pipeline.language.lemmas import stop_words
from pipeline.language.lexicon import load_table, load_words
from pipeline.language.names import find_names, fold_name, names_agree
from pipeline.language.quantifiers import find_quantifiers
from pipeline.language.quantities import find_quantities
from pipeline.language.tagging import tag_words
from pipeline.language.thesaurus import (
    Meaning,
    are_antonyms,
    are_derived,
    find_entry,
    find_meaning,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_CONTENT = frozenset("NPVAR")
_MODIFIERS = frozenset("AR")
_NO_MEANING = Meaning(frozenset(), frozenset(), frozenset(), frozenset())
_STEM_CHARS = 5
# Verbs that say little by themselves: no slot of their own.
_LIGHT = frozenset(["be", "have", "do", "make", "take", "get", "give", "go", "come", "set", "put"])


# Folded names that a termbase says are one, by twos.
SameNames = frozenset[frozenset[str]]
NO_NAMES: SameNames = frozenset()


def fold_same_names(pairs: Iterable[tuple[str, str]]) -> SameNames:
    """The names by twos, as alignment compares them."""
    return frozenset(frozenset(map(fold_name, pair)) for pair in pairs)


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
    meaning: Meaning = field(compare=False, repr=False)


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
                items.append(
                    Item(name.key, "P", name.text, name.start, name.end, number, True, _NO_MEANING)
                )
            continue
        if word.tag in _CONTENT and word.lower not in stop and word.lemma not in stop:
            meaning = find_meaning(word.lemma)
            items.append(
                Item(word.lemma, word.tag, word.text, word.start, word.end, number, False, meaning)
            )
    return tuple(items)


@lru_cache(maxsize=16384)
def align_texts(left: str, right: str, same_names: SameNames) -> Alignment:
    """Items matched by lemma, name, synonym and derivation, surest first."""
    lefts, rights = list(find_items(left)), list(find_items(right))
    matched: list[tuple[Item, Item]] = []
    _match_equal(lefts, rights, matched)
    if lefts and rights:
        _match(lefts, rights, matched, partial(_same_name, same_names))
        _match(lefts, rights, matched, _same_meaning)
        _match(lefts, rights, matched, _same_stem)
    lefts = [item for item in lefts if not _stands_in(item, right)]
    rights = [item for item in rights if not _stands_in(item, left)]
    opposites = tuple((a, b) for a in lefts for b in rights if _are_opposites(a, b))
    count = len(matched)
    most = count + max(len(lefts), len(rights))
    return Alignment(
        tuple(matched), tuple(lefts), tuple(rights), opposites, count / most if most else 0.0
    )


def _match_equal(lefts: list[Item], rights: list[Item], matched: list[tuple[Item, Item]]) -> None:
    """Moves items of equal lemma into `matched`."""
    by_lemma: dict[str, list[Item]] = {}
    for item in reversed(rights):
        by_lemma.setdefault(item.lemma, []).append(item)
    for item in tuple(lefts):
        waiting = by_lemma.get(item.lemma)
        if waiting:
            other = waiting.pop()
            matched.append((item, other))
            lefts.remove(item)
            rights.remove(other)


def _match(
    lefts: list[Item],
    rights: list[Item],
    matched: list[tuple[Item, Item]],
    agree: Callable[[Item, Item], bool],
) -> None:
    """Moves every left item that agrees with a right one into `matched`, with the first such."""
    for item in tuple(lefts):
        for other in rights:
            if agree(item, other):
                matched.append((item, other))
                lefts.remove(item)
                rights.remove(other)
                break


def _are_opposites(left: Item, right: Item) -> bool:
    if right.lemma in left.meaning.opposites or left.lemma in right.meaning.opposites:
        return True
    if is_prefixed(left, right) or is_prefixed(right, left):
        return True
    inflected = left.text != left.lemma or right.text != right.lemma  # lower, of low
    return inflected and are_antonyms(left.text.lower(), right.text.lower())


def is_prefixed(negative: Item, plain: Item) -> bool:
    """`uninsured` and `insured`, `illegible` and `legible`."""
    word, other = negative.text.lower(), plain.text.lower()
    if negative.is_name or plain.is_name or len(other) < _STEM_CHARS or "N" in plain.tag:
        return False
    return any(word == prefix + other for prefix in ("un", "in", "im", "ir", "il", "dis", "non-"))


@lru_cache(maxsize=1)
def _abbreviations() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Every word of a long or short form -> the groups it stands in."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for group in load_table("names")["abbreviations"]:
        forms = tuple(group)
        for word in {word for form in forms for word in (form, *form.split())}:
            found[word] = (*found.get(word, ()), forms)
    return found


def _stands_in(item: Item, other: str) -> bool:
    """The item's abbreviation, long form or other hyphenation stands in the other text."""
    if item.is_name and _is_spelled_out(item.text, other):
        return True
    if "-" in item.lemma and f" {item.lemma.replace('-', ' ')} " in _pad(other):
        return True
    groups = _abbreviations().get(item.lemma)
    if not groups:
        return False
    return any(f" {form} " in _pad(other) for forms in groups for form in forms)


@lru_cache(maxsize=4096)
def _pad(text: str) -> str:
    return f" {re.sub(r'[^a-z&-]+', ' ', text.lower())} "


@lru_cache(maxsize=16384)
def _is_spelled_out(short: str, text: str) -> bool:
    """`SEC` beside `Securities and Exchange Commission`: capitals in a row, small words between."""
    if not (short.isupper() and short.isalpha() and 3 <= len(short) <= 6):
        return False
    words = r",?\s+(?:(?:and|of|the|for|&)\s+)*".join(rf"{letter}[\w.’']*" for letter in short)
    return re.search(rf"\b{words}", text) is not None


def _same_name(same_names: SameNames, left: Item, right: Item) -> bool:
    if left.is_name and right.is_name:
        given = bool(same_names) and frozenset((left.lemma, right.lemma)) in same_names
        return given or names_agree(left.lemma, right.lemma)
    if not (left.is_name or right.is_name):
        return False
    name, other = (left, right) if left.is_name else (right, left)
    if other.lemma in name.lemma or other.text.lower() in name.lemma:
        parts = name.lemma.split()
        return other.lemma in parts or other.text.lower() in parts
    return name.lemma in other.meaning.derivations or are_derived(other.lemma, name.lemma)


def _same_meaning(left: Item, right: Item) -> bool:
    if left.is_name or right.is_name:
        return False
    one, other = left.meaning, right.meaning
    if right.lemma in one.opposites or left.lemma in other.opposites:
        return False
    if right.lemma in one.derivations or left.lemma in other.derivations:
        return True
    if left.tag != right.tag and not {left.tag, right.tag} <= _MODIFIERS:
        return False
    return not (one.senses.isdisjoint(other.wider) and one.wider.isdisjoint(other.senses))


def _same_stem(left: Item, right: Item) -> bool:
    """urgent and urgently, narrow and narrowly, fish and fishing."""
    one, other = left.lemma, right.lemma
    if left.is_name or right.is_name or other in left.meaning.opposites:
        return False  # employer, employee
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if "-" in long and long.replace("-", "") == short.replace("-", ""):
        return True  # reentry, re-entry
    if left.tag == right.tag == "N" and len(short) >= _STEM_CHARS and long.endswith(short):
        return "n" in find_entry(long.removesuffix(short).rstrip("-")).senses  # goalkeeper, keeper
    return (
        one[0] == other[0]
        and len(short) >= _STEM_CHARS
        and long.startswith(short[: max(_STEM_CHARS, len(short) - 2)])
    )


def is_light(item: Item) -> bool:
    """An adverb or a verb that carries no detail of its own."""
    return (
        item.tag == "R" or item.lemma in _LIGHT or item.lemma in load_words("verbs", "speech", "en")
    )


def is_one_slot(items: Sequence[Item]) -> bool:
    """The items stand side by side (function words of one phrase between them)."""
    numbers = [item.number for item in items]
    return bool(items) and max(numbers) - min(numbers) <= 2 * len(items)
