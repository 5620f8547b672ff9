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


@lru_cache(maxsize=262144)
def are_synonyms(left: str, right: str) -> bool:
    """The lemmas share a sense, or a sense of one stands directly above one of the other."""
    if left == right or frozenset((left, right)) in _own_pairs("synonyms"):
        return True
    one, other = find_entry(left), find_entry(right)
    hypernyms = _load()[1]
    for word_class in one.senses.keys() & other.senses.keys():
        ours, theirs = set(one.senses[word_class]), set(other.senses[word_class])
        if ours & theirs:
            return True
        if word_class == "r":
            continue
        above_ours = {h for sense in ours for h in hypernyms.get(sense, ())}
        above_theirs = {h for sense in theirs for h in hypernyms.get(sense, ())}
        if above_ours & theirs or above_theirs & ours:
            return True
    return False


@lru_cache(maxsize=262144)
def are_antonyms(left: str, right: str) -> bool:
    """The lemmas are opposites: listed, or one is the opposite of a synonym of the other."""
    if left == right:
        return False
    if frozenset((left, right)) in _own_pairs("opposites"):
        return True
    return right in find_entry(left).antonyms or left in find_entry(right).antonyms


@lru_cache(maxsize=262144)
def are_derived(left: str, right: str) -> bool:
    """One lemma is derived from the other: resign and resignation."""
    return right in find_entry(left).derivations or left in find_entry(right).derivations


@lru_cache(maxsize=4)
def _own_pairs(key: str) -> frozenset[frozenset[str]]:
    """Pairs from `data/opposites.toml`: every word of one side with every word of the other."""
    pairs = set()
    for group in load_table("opposites")["en"][key]:
        if key == "synonyms":
            pairs |= {frozenset((a, b)) for a in group for b in group if a != b}
        else:
            pairs |= {frozenset((a, b)) for a in group[0].split() for b in group[1].split()}
    return frozenset(pairs)
