"""English words by meaning: synonyms, opposites, derivations (distilled from WordNet 3.0)."""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pipeline.language.lexicon import load_table


@dataclass(frozen=True, slots=True)
class Entry:
    """What the thesaurus knows of one word: sense numbers by class, opposites, derivations."""

    senses: dict[str, tuple[int, ...]]
    antonyms: frozenset[str]
    derivations: frozenset[str]


_EMPTY = Entry({}, frozenset(), frozenset())


@lru_cache(maxsize=1)
def _load() -> tuple[dict[str, str], dict[int, tuple[int, ...]]]:
    """Raw lines by word (parsed when asked for: 90 ms instead of 600), hypernyms by sense."""
    packed = files(__package__).joinpath("data", "thesaurus.txt.xz").read_bytes()
    entries, _, above = lzma.decompress(packed).decode("utf-8").partition("\n\n")
    lines = dict(line.split("\t", 1) for line in entries.split("\n"))
    hypernyms = {}
    for line in above.splitlines():
        sense, _, others = line.partition(" ")
        hypernyms[int(sense, 16)] = tuple(int(other, 16) for other in others.split(","))
    return lines, hypernyms


@lru_cache(maxsize=65536)
def find_entry(word: str) -> Entry:
    """The entry of a lower-case lemma; an empty one for a word the thesaurus does not know."""
    line = _load()[0].get(word)
    if line is None:
        return _EMPTY
    senses, antonyms, derivations = line.split("\t")
    return Entry(
        {part[0]: tuple(int(s, 16) for s in part[1:].split(",")) for part in senses.split(";")},
        frozenset(filter(None, antonyms.split(","))),
        frozenset(filter(None, derivations.split(","))),
    )


@dataclass(frozen=True, slots=True)
class Meaning:
    """A lemma as sets, so that a pair is decided by a few set operations."""

    senses: frozenset[int]
    wider: frozenset[int]  # senses, and those directly above them
    opposites: frozenset[str]
    derivations: frozenset[str]


@lru_cache(maxsize=131072)
def find_meaning(lemma: str) -> Meaning:
    """Senses (own groups count as senses, with negative numbers), opposites and derivations."""
    entry = find_entry(lemma)
    own = frozenset(_own_groups().get(lemma, ()))
    senses = frozenset(s for numbers in entry.senses.values() for s in numbers) | own
    hypernyms = _load()[1]
    # An adverb's "above" is its adjective: nothing wider.
    above = {
        higher
        for word_class, numbers in entry.senses.items()
        if word_class != "r"
        for sense in numbers
        for higher in hypernyms.get(sense, ())
    }
    opposites = entry.antonyms | _own_opposites().get(lemma, frozenset())
    return Meaning(senses, senses | above, opposites, entry.derivations)


def are_synonyms(left: str, right: str) -> bool:
    """The lemmas share a sense, or a sense of one stands directly above one of the other."""
    if left == right:
        return True
    one, other = find_meaning(left), find_meaning(right)
    return not (one.senses.isdisjoint(other.wider) and one.wider.isdisjoint(other.senses))


def are_antonyms(left: str, right: str) -> bool:
    """The lemmas are opposites, by WordNet or by `data/opposites.toml`."""
    if left == right:
        return False
    return right in find_meaning(left).opposites or left in find_meaning(right).opposites


def are_derived(left: str, right: str) -> bool:
    """One lemma is derived from the other: resign and resignation."""
    return right in find_meaning(left).derivations or left in find_meaning(right).derivations


@lru_cache(maxsize=1)
def _own_groups() -> dict[str, tuple[int, ...]]:
    """Lemma -> numbers of the synonym groups of `data/opposites.toml`, negative."""
    groups: dict[str, tuple[int, ...]] = {}
    for number, group in enumerate(load_table("opposites")["en"]["synonyms"], start=1):
        for word in group:
            groups[word] = (*groups.get(word, ()), -number)
    return groups


@lru_cache(maxsize=1)
def _own_opposites() -> dict[str, frozenset[str]]:
    """Lemma -> its opposites: every word of one side with every word of the other."""
    opposites: dict[str, frozenset[str]] = {}
    for sides in load_table("opposites")["en"]["opposites"]:
        for one, other in (sides, reversed(sides)):
            for word in one.split():
                opposites[word] = opposites.get(word, frozenset()) | frozenset(other.split())
    return opposites
