"""Rules on deeds alike in their verb: other actors, other ends, another matter, a promise only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.language.assertion import asks_alike, find_states, is_flat, read_assertion
from pipeline.language.events import is_stage_of
from pipeline.language.names import find_names, is_region, is_seat_of, names_agree
from pipeline.language.polarity import count_denials
from pipeline.language.roles import find_phrases, find_predicates
from pipeline.pairs.accord import list_statements
from pipeline.pairs.differences import ALIKE, Difference
from pipeline.pairs.predicates import count_shared, is_denied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.language.roles import Phrase, Predicate
    from pipeline.pairs.alignment import Item
    from pipeline.pairs.differences import Sides
    from pipeline.pairs.predicates import PredicatePair

# Where the ends of a deed stand; a place may be told more or less exactly.
_ENDS = ("subject", "object", "second", "to", "from", "with", "against", "for", "over")
_LIGHT = frozenset({"be", "have", "do", "make", "take", "get", "give", "go", "come", "set", "put"})
_POSSESSIVES = frozenset({"his", "her", "its", "their", "our", "my", "your"})
_MATTER_NOUNS = 2


def compare_ends(sides: Sides) -> Iterator[Difference]:
    """The same deed between others: Norway sells gas to Poland, Qatar to Hungary."""
    for pair in sides.predicates:
        if pair.is_opposite or pair.left.verb in _LIGHT:
            continue
        parted = [
            (pair.left.roles[role], pair.right.roles[role])
            for role in _ENDS
            if role in pair.left.roles and role in pair.right.roles
            and _are_rival_ends(pair.left.roles[role], pair.right.roles[role], sides)
        ]  # fmt: skip
        if len(parted) > 1:
            lefts, rights = ([couple[side].text for couple in parted] for side in (0, 1))
            yield Difference("role", " / ".join(lefts), " / ".join(rights), True, 0.8)
            return


def _are_rival_ends(left: Phrase, right: Phrase, sides: Sides) -> bool:
    """Named themselves, or of one kind: no `his IBF belt`, and no `star's agent` beside a star."""
    if left.determiner in _POSSESSIVES or right.determiner in _POSSESSIVES:
        return False
    alike = (left.is_proper and right.is_proper) or left.head == right.head
    return alike and are_rivals(left, right, sides)


def compare_actors(sides: Sides) -> Iterator[Difference]:
    """One army does this, another that, to the same: both named, and of one kind."""
    paired = {(pair.left.start, pair.right.start) for pair in sides.predicates}
    for one in list_statements(sides.left):
        for other in list_statements(sides.right):
            left, right = one.roles.get("subject"), other.roles.get("subject")
            if left is None or right is None or (one.start, other.start) in paired:
                continue
            if not (one.is_finite and other.is_finite) or not _share_object(one, other, sides):
                continue
            if _are_two_of_a_kind(left, right, sides):
                yield Difference("name", left.text, right.text, True, 0.7)
                return


def has_rival_actors(sides: Sides) -> bool:
    """Another does something to the same: each is named, and not in the other text."""
    return any(
        (left := one.roles.get("subject")) is not None
        and (right := other.roles.get("subject")) is not None
        and one.is_finite and other.is_finite
        and _share_object(one, other, sides)
        and are_rivals(left, right, sides)
        and not _is_named(left, sides.left, sides.right)
        and not _is_named(right, sides.right, sides.left)
        for one in list_statements(sides.left)
        for other in list_statements(sides.right)
    )  # fmt: skip


def _is_named(phrase: Phrase, text: str, other: str) -> bool:
    names = [name.key for name in find_names(other, "en")]
    return any(
        names_agree(ours, theirs) or is_seat_of(ours, theirs)
        for ours in _names_in(phrase, text)
        for theirs in names
        if is_region(ours) or not is_region(theirs)  # the Russian president is not Russia
    )


def _share_object(left: Predicate, right: Predicate, sides: Sides) -> bool:
    one, other = left.roles.get("object"), right.roles.get("object")
    return one is not None and other is not None and count_shared(one, other, sides.alignment) > 0


def _are_two_of_a_kind(left: Phrase, right: Phrase, sides: Sides) -> bool:
    """The Milan court, the Turin court; neither stands in the other text as well."""
    if left.head != right.head or left.is_proper or not are_rivals(left, right, sides):
        return False
    return not (
        _stands_in(left, sides.left, sides.right) or _stands_in(right, sides.right, sides.left)
    )


def _stands_in(phrase: Phrase, text: str, other: str) -> bool:
    names = _names_in(phrase, text)
    return any(
        _agree(name, theirs)
        for _, found, _ in find_phrases(other, "en")
        if found.head == phrase.head
        for theirs in _names_in(found, other)
        for name in names
    )


def are_rivals(left: Phrase, right: Phrase, sides: Sides) -> bool:
    """Both phrases name somebody, and nobody in one can be anybody in the other."""
    ours, theirs = _names_in(left, sides.left), _names_in(right, sides.right)
    if not ours or not theirs or count_shared(left, right, sides.alignment, of_names=True):
        return False
    return not any(_agree(a, b) for a in ours for b in theirs)


def _names_in(phrase: Phrase, text: str) -> list[str]:
    """Names in the phrase; of the Ghanaian president Mora only his own."""
    names = [n.key for n in find_names(text, "en") if phrase.start <= n.start < phrase.end]
    return [name for name in names if not is_region(name)] or names


def _agree(left: str, right: str) -> bool:
    """One name, one government, or a place that may lie in the other."""
    left, right = left.removeprefix("the "), right.removeprefix("the ")
    return (
        names_agree(left, right) or is_seat_of(left, right) or is_region(left) != is_region(right)
    )


def compare_matters(sides: Sides) -> Iterator[Difference]:
    """Denied, demanded, ordered by the same, and another thing each: a recall, an inspection.

    One other word may be another name of the thing; two are another thing.
    """
    for pair in sides.predicates:
        if pair.is_opposite or pair.left.verb != pair.right.verb or pair.left.verb in _LIGHT:
            continue
        if not _share_subject(pair, sides):
            continue
        matters = [_read_matter(pair, sides, side) for side in (0, 1)]
        if all(len(matter) >= _MATTER_NOUNS for matter in matters):
            values = (" ".join(item.text for item in matter) for matter in matters)
            yield Difference("name", next(values), next(values), True, 0.6)
            return


def _share_subject(pair: PredicatePair, sides: Sides) -> bool:
    left, right = pair.left.roles.get("subject"), pair.right.roles.get("subject")
    return left is not None and right is not None and count_shared(left, right, sides.alignment) > 0


def _read_matter(pair: PredicatePair, sides: Sides, side: int) -> list[Item]:
    """Nouns of one side's object and what follows it; none where the other side has one of them."""
    predicate = (pair.left, pair.right)[side]
    if "object" not in predicate.roles or predicate.roles["object"].is_proper:
        return []
    phrases = [phrase for role, phrase in predicate.roles.items() if role != "subject"]
    shared = [couple[side] for couple in sides.alignment.matched]
    ends = {phrase.end for phrase in phrases}
    if any(_lies_in(i, phrases) and (not i.is_name or i.end in ends) for i in shared):
        return []
    rest = (sides.alignment.left_only, sides.alignment.right_only)[side]
    return [item for item in rest if item.tag == "N" and _lies_in(item, phrases)]


def _lies_in(item: Item, phrases: list[Phrase]) -> bool:
    return any(phrase.start <= item.start < phrase.end for phrase in phrases)


def compare_assertions(sides: Sides) -> Iterator[Difference]:
    """A question beside a statement; left open or only likely beside stated flatly."""
    if not sides.alignment.matched:
        return
    left, right = read_assertion(sides.left), read_assertion(sides.right)
    if left == right:
        return
    asked = "asked" in {left, right} and not asks_alike(sides.left, sides.right)
    flat = is_flat(sides.left) or is_flat(sides.right)
    if asked or (flat and {left, right} & {"open", "tentative"}):
        yield Difference("modality", left, right, True, 0.7)


def compare_states(sides: Sides) -> Iterator[Difference]:
    """One climber is missing, one is hurt: another climber, or another day."""
    if count_denials(sides.left) or count_denials(sides.right):
        return
    lefts, rights = find_states(sides.left), find_states(sides.right)
    for head in sorted({head for head, _ in lefts} & {head for head, _ in rights}):
        ours, theirs = ({s for h, s in side if h == head} for side in (lefts, rights))
        everyone = {s for _, s in lefts} & {s for _, s in rights}
        if ours.isdisjoint(theirs) and not everyone:
            yield Difference("role", f"{head} {min(ours)}", f"{head} {min(theirs)}", True, 0.7)
            return


def compare_stages(sides: Sides) -> Iterator[Difference]:
    """Promised or ordered on one side, handed over on the other."""
    lefts, rights = (
        [p for p in find_predicates(text, "en") if p.modality == "fact" and not is_denied(p, text)]
        for text in (sides.left, sides.right)
    )
    for one in lefts:
        for other in rights:
            staged = (is_stage_of(one, other) and other.is_past) or (
                is_stage_of(other, one) and one.is_past
            )
            if not staged or not _hand_over_one_thing(one, other, sides):
                continue
            if _tells_both(lefts) or _tells_both(rights):
                return
            veto = sides.is_close or sides.alignment.coverage >= ALIKE
            yield Difference("modality", one.verb, other.verb, veto, 0.7)
            return


def _hand_over_one_thing(left: Predicate, right: Predicate, sides: Sides) -> bool:
    """A word of the object stands in an object of the other; figures count as words."""
    ours = [left.roles[role] for role in ("object", "second", "with") if role in left.roles]
    theirs = [right.roles[role] for role in ("object", "second", "with") if role in right.roles]
    return any(
        count_shared(a, b, sides.alignment) or (a.words & b.words) for a in ours for b in theirs
    )


def _tells_both(predicates: list[Predicate]) -> bool:
    """The text has the promise and the gift: promised in May, sent in June."""
    return any(is_stage_of(a, b) for a in predicates for b in predicates)
