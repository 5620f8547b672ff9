"""Names a text mentions, and whether two names can be one (spelling, initials, part of a name)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.language.dates import find_dates
from pipeline.language.lemmas import stop_words
from pipeline.language.lexicon import load_table
from pipeline.language.spellings import find_root, fold_name, parts_agree, sound_alike
from pipeline.language.tagging import tag_words
from pipeline.language.thesaurus import are_derived, find_entry

if TYPE_CHECKING:
    from pipeline.language.tagging import Word

__all__ = [
    "Name",
    "find_names",
    "fold_name",
    "is_continent",
    "is_description",
    "is_region",
    "is_seat_of",
    "names_agree",
]

_ENGLISH_JOINTS = frozenset({"of", "de", "la", "von", "van", "al", "bin", "del", "da", "di", "du"})
_SENTENCE_END = frozenset({".", "!", "?", ":", "“", "„", '"', "”", "»", "«", "–", "-", "("})
_DIRECTIONS = frozenset({"north", "south", "east", "west", "nord", "sud", "ost"})
_CONTINENTS = frozenset({"africa", "asia", "europe", "america", "middle east", "latin america"})
_COMPANY_FORMS = frozenset(
    {"co", "corp", "inc", "ltd", "llc", "plc", "ag", "gmbh", "se", "sa", "nv", "spa", "company"}
    | {"corporation", "limited", "incorporated"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """One name with its span; `key` is its folded form for comparison."""

    text: str
    key: str
    start: int
    end: int


@lru_cache(maxsize=65536)
def find_names(text: str, language: str) -> tuple[Name, ...]:
    """Names in order: words tagged as proper, capitalised words inside an English sentence."""
    words = tag_words(text, language)
    dates = [(d.start, d.end) for d in find_dates(text, language)]
    found: list[Name] = []
    at = 0
    while at < len(words):
        last = _read_name(words, at, language, dates)
        if last > at:
            start, end = words[at].start, words[last - 1].end
            found.append(Name(text[start:end], fold_name(text[start:end]), start, end))
        at = max(last, at + 1)
    return tuple(found)


def _read_name(
    words: tuple[Word, ...], at: int, language: str, dates: list[tuple[int, int]]
) -> int:
    """The index after the name that begins at a word; the same index when none begins."""
    if not _is_name_word(words, at, language, dates):
        return at
    last = at + 1
    while last < len(words):
        joint = words[last]
        follows = last + 1 < len(words) and _is_name_word(words, last + 1, language, dates)
        if _is_name_word(words, last, language, dates):
            last += 1
        elif joint.text == "-" and joint.start == words[last - 1].end and last + 1 < len(words):
            if words[last + 1].start != joint.end or not (
                follows or words[last + 1].tag == "Q" or len(words[last + 1].text) <= 3
            ):
                break
            last += 2
        elif joint.text == "." and len(words[last - 1].text) == 1 and follows:
            last += 2  # Harold W. Gehman
        elif joint.lower in _ENGLISH_JOINTS and language == "en" and follows:
            last += 2
        elif joint.lower == "of" and _is_name_word_after_the(words, last, language, dates):
            last += 3  # Organization of the Petroleum Exporting Countries
        else:
            break
    return last


def _is_name_word_after_the(
    words: tuple[Word, ...], at: int, language: str, dates: list[tuple[int, int]]
) -> bool:
    known = at + 2 < len(words) and words[at + 1].lower == "the" and language == "en"
    return known and _is_name_word(words, at + 2, language, dates)


def _is_name_word(  # noqa: PLR0911 - one rule a line
    words: tuple[Word, ...], at: int, language: str, dates: list[tuple[int, int]]
) -> bool:
    word = words[at]
    if not (word.text[0].isalpha() and word.text[0].isupper()):
        return False
    if any(start <= word.start < end for start, end in dates):
        return False
    acronym = word.text.isupper() and len(word.text) > 1
    if word.lower in stop_words(language) and not acronym:
        return False
    if acronym or word.tag == "P":
        return True
    if language == "de":
        return False
    opens = at == 0 or words[at - 1].text in _SENTENCE_END
    if not opens:
        return word.tag in "NAV"
    # A sentence opener: a place, the first part of a longer name, or no English word at all.
    if word.lower in _regions():
        return True
    following = words[at + 1] if at + 1 < len(words) else None
    if word.tag in "AN" and following is not None and following.text[0].isupper():
        return following.tag in "PNA" and following.start == word.end + 1
    return not find_entry(word.lower).senses and not find_entry(word.lemma).senses


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    return frozenset(load_table("names")["regions"])


def is_region(name: str) -> bool:
    """A country, state or continent: another place may lie in it."""
    if name in _regions() or _alias_of(name) & _region_aliases():
        return True
    return not find_entry(name).derivations.isdisjoint(_regions())  # Belgian


def is_continent(name: str) -> bool:
    """A continent, or who lives there: countries lie in it."""
    return not find_entry(name).derivations.isdisjoint(_CONTINENTS) or name in _CONTINENTS


def is_description(name: str) -> bool:
    """Words for what somebody is: Prime Minister, Connecticut Democrat, Justice Department."""
    words = fold_name(name).split()
    return len(words) > 1 and all(find_entry(w).senses or w in _regions() for w in words)


@lru_cache(maxsize=1)
def _region_aliases() -> frozenset[int]:
    groups = load_table("names")["aliases"]
    return frozenset(
        number for number, group in enumerate(groups) if any(name in _regions() for name in group)
    )


@lru_cache(maxsize=262144)
def names_agree(left: str, right: str) -> bool:  # noqa: PLR0911 - surest rule first
    """The two folded names can mean the same: equal, alias, initials, part, or alike in sound."""
    left, right = _shorten(left), _shorten(right)
    if left == right or _alias_of(left) & _alias_of(right):
        return True
    words_left, words_right = _core(left), _core(right)
    if not words_left or not words_right or _are_first_names(left, right):
        return True
    if _are_initials(left, words_right) or _are_initials(right, words_left):
        return True
    if _are_initials(left, right.split()) or _are_initials(right, left.split()):
        return True
    joined_left, joined_right = "".join(words_left), "".join(words_right)
    if joined_left.rstrip("s") == joined_right.rstrip("s") or are_derived(
        joined_left, joined_right
    ):
        return True
    if len(words_left) == len(words_right) == 1:
        return sound_alike(joined_left, joined_right) or find_root(joined_left) == find_root(
            joined_right
        )
    short, long = sorted((words_left, words_right), key=len)
    if len(short) == len(long):
        return all(parts_agree(a, b) for a, b in zip(short, long, strict=True)) or (
            sorted(map(find_root, short)) == sorted(map(find_root, long))  # Israeli, of Israel
        )
    extra = [word for word in long if not any(parts_agree(word, part) for part in short)]
    is_elsewhere = any(word in _DIRECTIONS for word in extra)  # Sudan and South Sudan
    return not is_elsewhere and len(extra) <= len(long) - len(short)


@lru_cache(maxsize=65536)
def _shorten(name: str) -> str:
    """Long forms inside a name as their abbreviation: `united states treasury` -> `us treasury`."""
    for long, short in _long_forms():
        if long in name and f" {long} " in f" {name} ":
            name = f" {name} ".replace(f" {long} ", f" {short} ").strip()
    return name


@lru_cache(maxsize=1)
def _long_forms() -> tuple[tuple[str, str], ...]:
    pairs = []
    for group in load_table("names")["aliases"]:
        folded = [fold_name(name) for name in group]
        short = next((name for name in folded if len(name) <= 4), folded[0])
        pairs += [(name, short) for name in folded if " " in name and name != short]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _are_first_names(left: str, right: str) -> bool:
    """`Sir John` and `Mr Stevens` may be one: the knight has his first name."""
    words = left.split(), right.split()
    return {words[0][0], words[1][0]} & {"sir", "dame"} != set() and all(
        len(side) == 2 and side[0] in load_table("names")["titles"] for side in words
    )


def _core(name: str) -> list[str]:
    """The name's words without titles; all of them when it is only titles."""
    titles = load_table("names")["titles"]
    words = [word for word in name.split() if word not in titles and word != "the"]
    if len(words) > 1 and words[-1] in _COMPANY_FORMS:
        words.pop()
    return words or name.split()


@lru_cache(maxsize=1)
def _aliases() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(load_table("names")["aliases"]):
        for name in group:
            found.setdefault(fold_name(name), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _alias_of(name: str) -> frozenset[int]:
    plain = name.removeprefix("the ")
    found = _aliases().get(plain)
    if found is None and " " not in plain:  # American, British
        for word in (plain, plain.removesuffix("s")):
            for other in find_entry(word).derivations:
                found = found or _aliases().get(other)
    return found or frozenset()


def is_seat_of(left: str, right: str) -> bool:
    """One name stands for those who govern there: Washington, the White House, the US."""
    seats = load_table("names")["seats"]
    sides = [_alias_of(seats.get(name, name)) or {seats.get(name, name)} for name in (left, right)]
    return bool(set(sides[0]) & set(sides[1]))


def _are_initials(short: str, words: list[str]) -> bool:
    """EU and European Union; UNHCR and UN High Commissioner for Refugees."""
    packed = short.replace(" ", "")
    if len(packed) < 2 or len(words) < 2:
        return False
    small = {"of", "the", "and", "for", "fur", "der", "und", "des", "in", "on"}
    letters = "".join(word[0] for word in words if word not in small)
    if 3 <= len(letters) < len(packed) <= 8 and " " not in short:  # ASEAN
        rest = "".join(word for word in words if word not in small)
        if _is_spelled_in(letters, packed) and _is_spelled_in(packed, rest):
            return True
    return packed == letters or packed == "".join(word[0] for word in words)


def _is_spelled_in(short: str, long: str) -> bool:
    """The letters stand in the longer word in this order."""
    letters = iter(long)
    return all(letter in letters for letter in short)


def name_others(left: str, right: str, language: str) -> bool:
    """Both texts name somebody or some place, and no name is in both: they tell of two events."""
    names = [[name.key for name in find_names(text, language)] for text in (left, right)]
    return all(names) and not any(names_agree(a, b) for a in names[0] for b in names[1])
