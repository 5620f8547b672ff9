"""Rules on the one place where two texts differ: a name, a place, a speaker, an opposite word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.language.attribution import find_attributions
from pipeline.language.lexicon import load_words
from pipeline.language.names import is_continent, is_description, is_region, is_seat_of
from pipeline.language.polarity import count_denials
from pipeline.language.roles import find_phrases, find_predicates
from pipeline.language.thesaurus import are_antonyms
from pipeline.pairs.alignment import is_light, is_one_slot, is_prefixed
from pipeline.pairs.differences import Difference
from pipeline.pairs.statements import has_turned_roles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.language.roles import Phrase
    from pipeline.pairs.alignment import Item
    from pipeline.pairs.differences import Kind, Sides

_PLACES = frozenset(
    {"in", "at", "near", "from", "to", "into", "around", "outside", "inside", "off", "across"}
    | {"over", "on", "between", "through", "toward", "towards"}
)
_DIRECTIONS = frozenset(
    {"north", "south", "east", "west", "northern", "southern", "eastern", "western", "left"}
    | {"right", "upper", "lower", "inside", "outside", "northeast", "northwest", "southeast"}
    | {"southwest"}
)
# Where a thing is, by preposition; `at` and `by` say too little.
_WHERE = {
    "in": "in", "inside": "in", "within": "in", "under": "under", "below": "under",
    "beneath": "under", "underneath": "under", "behind": "behind", "above": "above",
    "over": "above", "outside": "outside", "near": "near", "beside": "near", "opposite": "opposite",
    "around": "around", "along": "along", "through": "through", "beyond": "beyond",
}  # fmt: skip
# Nouns that may stand for anything of their kind: no clash with a more special word.
_GENERIC = frozenset(
    {"man", "woman", "people", "person", "group", "thing", "fact", "one", "case", "area", "number"}
    | {"part", "member", "place", "time", "way", "other", "kind", "type", "side", "individual"}
)
_MAX_SLOT_WORDS = 3


def compare_slots(sides: Sides) -> Iterator[Difference]:
    """What is left over on both sides of two texts otherwise alike."""
    alignment = sides.alignment
    lefts = [item for item in alignment.left_only if not is_light(item)]
    rights = [item for item in alignment.right_only if not is_light(item)]
    if not lefts or not rights:
        return
    whole = is_one_slot(lefts) and is_one_slot(rights)
    names = [(a, b) for a in lefts for b in rights if a.is_name and b.is_name]
    for a, b in names:
        if not _share_place(a, b, sides) or is_seat_of(a.lemma, b.lemma):
            continue
        veto = sides.is_close and (whole or _share_verb(a, b, sides)) and not _is_part_of(a, b)
        kind = _slot_kind(a, sides.left)
        if kind == "attribution" and _is_described(a, sides.left) != _is_described(b, sides.right):
            veto = False  # Mr Blair, the Prime Minister
        yield Difference(kind, a.text, b.text, veto, 0.8 if veto else 0.5)
        return
    if names:
        yield Difference("name", names[0][0].text, names[0][1].text, False, 0.3)
    elif whole:
        yield from _compare_common(lefts, rights, sides)


def _compare_common(
    lefts: Sequence[Item], rights: Sequence[Item], sides: Sides
) -> Iterator[Difference]:
    """Common nouns: `economists` and `exporters` in the same place of the same sentence.

    Reports call one thing by many names (a title and a belt, a crisis and a spat), so this vetoes
    only when nothing else differs: every other word the same, one slot left on each side.
    """
    a, b = lefts[-1], rights[-1]
    nouns = a.tag in "NP" and b.tag in "NP" and (a.is_name == b.is_name or _are_bare(lefts, rights))
    if not nouns or any(item.tag == "V" for item in (*lefts, *rights)):
        return
    if (a, b) in sides.alignment.opposites and has_turned_roles(sides):
        return
    alignment = sides.alignment
    short = max(len(lefts), len(rights)) <= _MAX_SLOT_WORDS
    rest = (*alignment.left_only, *alignment.right_only)
    bare = all(item.tag == "R" or item in lefts or item in rights for item in rest)
    same = all(x.lemma == y.lemma for x, y in alignment.matched)
    generic = not {a.lemma, b.lemma}.isdisjoint(_GENERIC)
    kind = _slot_kind(a, sides.left)
    enough = len(alignment.matched) >= (1 if kind == "attribution" else 2)
    veto = short and bare and same and enough and not generic and _share_place(a, b, sides)
    bare = _is_bare(a, sides.left) and _is_bare(b, sides.right)
    veto = veto and not (bare and kind in {"name", "place"})
    values = " ".join(i.text for i in lefts), " ".join(i.text for i in rights)
    yield Difference(kind, *values, veto, 0.6 if veto else 0.3)


def _is_described(item: Item, text: str) -> bool:
    return text[: item.start].lower().endswith("the ") and is_description(item.text)


def _is_bare(item: Item, text: str) -> bool:
    """Without an article, no one thing: `classes` and `school lessons`, `smog` and `pollution`."""
    if item.is_name:
        return False
    return not any(
        phrase.determiner
        for _, phrase, _ in find_phrases(text, "en")
        if phrase.start <= item.start < phrase.end
    )


def _are_bare(lefts: Sequence[Item], rights: Sequence[Item]) -> bool:
    """A name against one capitalised word that may be a name (Greenpeace opens the sentence)."""
    return len(lefts) == len(rights) == 1 and all(i.text[0].isupper() for i in (*lefts, *rights))


def _is_part_of(left: Item, right: Item) -> bool:
    """A country against a place that is none, or a continent: the one may lie in the other."""
    if is_continent(left.lemma) != is_continent(right.lemma):
        return True
    return is_region(left.lemma) != is_region(right.lemma)


def _share_place(left: Item, right: Item, sides: Sides) -> bool:
    """Both stand in the same role or after the same preposition, both as heads or both not."""
    places_left, places_right = _places(left, sides.left), _places(right, sides.right)
    return bool(places_left & places_right) or places_left == places_right


def _places(item: Item, text: str) -> set[tuple[str, bool]]:
    found = {
        (role, _is_head(item, phrase))
        for predicate in find_predicates(text, "en")
        for role, phrase in predicate.roles.items()
        if phrase.start <= item.start < phrase.end
    }
    for preposition, phrase, _ in find_phrases(text, "en"):
        if phrase.start <= item.start < phrase.end and preposition:
            where = "where" if preposition in _WHERE or preposition in {"on", "at"} else preposition
            found.add((where, _is_head(item, phrase)))
    return found


def _is_head(item: Item, phrase: Phrase) -> bool:
    return item.lemma == phrase.head or phrase.head in item.lemma.split() or item.end == phrase.end


def _share_verb(left: Item, right: Item, sides: Sides) -> bool:
    """The same verb governs both."""
    for pair in sides.predicates:
        for role in pair.left.roles.keys() & pair.right.roles.keys():
            a, b = pair.left.roles[role], pair.right.roles[role]
            if a.start <= left.start < a.end and b.start <= right.start < b.end:
                return True
    return False


def _slot_kind(item: Item, text: str) -> Kind:
    speakers = find_attributions(text, "en")
    if any(s.start <= item.start < s.end for s in speakers):
        return "attribution"
    for preposition, phrase, before in find_phrases(text, "en"):
        if phrase.start <= item.start < phrase.end:
            if preposition in _PLACES:
                return "place"
            if before in load_words("verbs", "reporting_nouns", "en"):
                return "attribution"
    return "name"


def compare_opposites(sides: Sides) -> Iterator[Difference]:
    """Opposite words in texts otherwise alike: north and south, majority and minority."""
    even = count_denials(sides.left) % 2 == count_denials(sides.right) % 2
    turned = has_turned_roles(sides)
    for a, b in sides.alignment.opposites:
        prefixed = is_prefixed(a, b) or is_prefixed(b, a)
        if a.tag == b.tag == "V" and not prefixed:
            continue  # predicates know their roles
        kind: Kind = "place" if a.lemma in _DIRECTIONS or b.lemma in _DIRECTIONS else "negation"
        veto = even and sides.is_close and not turned
        yield Difference(kind, a.text, b.text, veto, 0.8 if veto else 0.4)


def compare_prepositions(sides: Sides) -> Iterator[Difference]:
    """The same phrase after opposite prepositions: before and after the vote, with and without."""
    lefts, rights = find_phrases(sides.left, "en"), find_phrases(sides.right, "en")
    for one, phrase, _ in lefts:
        for other, counterpart, _ in rights:
            minimal = not sides.alignment.left_only and not sides.alignment.right_only
            elsewhere = minimal and {one, other} <= _WHERE.keys() and _WHERE[one] != _WHERE[other]
            if not one or not other or not (elsewhere or are_antonyms(one, other)):
                continue
            if _same_phrase(phrase, counterpart, sides):
                kind: Kind = "place" if one in _DIRECTIONS or elsewhere else "negation"
                kind = "date" if {one, other} == {"before", "after"} else kind
                yield Difference(
                    kind, f"{one} {phrase.text}", f"{other} {counterpart.text}", sides.is_close, 0.8
                )
                return


def _same_phrase(left: Phrase, right: Phrase, sides: Sides) -> bool:
    return left.head == right.head or any(
        left.start <= a.start < left.end and right.start <= b.start < right.end
        for a, b in sides.alignment.matched
    )
