"""Rules on what is stated: exchanged roles, denial, modality, stance, shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.language.assertion import is_spared
from pipeline.language.attribution import find_attributions, stance_of
from pipeline.language.lemmas import lemmatise
from pipeline.language.lexicon import load_words
from pipeline.language.names import find_names, fold_name, is_region, is_seat_of, names_agree
from pipeline.language.polarity import count_denials, find_negations
from pipeline.language.quantifiers import find_quantifiers, shares_clash
from pipeline.language.quantities import find_quantities
from pipeline.language.roles import find_phrases, find_predicates
from pipeline.language.thesaurus import are_synonyms
from pipeline.pairs.alignment import is_light
from pipeline.pairs.differences import ALIKE, Difference
from pipeline.pairs.predicates import (
    count_shared,
    find_swaps,
    is_denied,
    modality_clash,
    refrains,
    shares_subject,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.pairs.differences import Sides
    from pipeline.pairs.predicates import PredicatePair

_PARTS = frozenset({"subject", "object", "second", "to", "from", "against"})


def compare_predicates(sides: Sides) -> Iterator[Difference]:
    """Paired verbs: exchanged roles, one denied, one a plan only."""
    for pair in sides.predicates:
        sure = pair.overlap >= 1 or sides.is_close
        denied = is_denied(pair.left, sides.left) != is_denied(pair.right, sides.right)
        if pair.is_opposite:
            if not denied and shares_subject(pair, sides.alignment):
                veto = sides.is_close or (refrains(pair.left, pair.right) and pair.overlap > 0)
                yield Difference("negation", pair.left.verb, pair.right.verb, veto, 0.8)
            continue
        swapped = list(find_swaps(pair, sides.alignment))
        if pair.is_turned or not _compares_otherwise(sides):
            for a, b in swapped:
                values = f"{a.text} / {b.text}", f"{b.text} / {a.text}"
                yield Difference("role", *values, True, 0.9)
        yield from _compare_actors(pair, sides)
        if pair.is_turned and not swapped and pair.left.verb != pair.right.verb:
            yield from _compare_turned(pair, sides)
        if denied:
            spared = is_spared(sides.left) != is_spared(sides.right)  # unhurt, no injuries
            both = _says_both(pair.left.verb, sides)
            yield _denial(pair, sides, sure=sure and not both and not spared)
        yield from _compare_modality(pair, sides, sure=sure)


def _decides(clash: float, pair: PredicatePair, sides: Sides) -> bool:
    """A plan is no fact; `bans` and `will ban` differ only where nothing else does."""
    if clash >= 0.6:
        return True
    kinds = {pair.left.modality, pair.right.modality}
    if kinds == {"fact", "reported"}:  # confessed, is said to have confessed
        rest = (*sides.alignment.left_only, *sides.alignment.right_only)
        return sides.alignment.coverage >= 0.7 or all(is_light(item) for item in rest)
    if pair.left.is_negated and pair.right.is_negated:
        return False  # will not publish, refuses to publish
    alignment = sides.alignment
    if pair.left.verb != pair.right.verb:
        return clash >= 0.4 and not alignment.left_only and not alignment.right_only
    # `wants to ban` beside `bans`: the verb that says so is no difference of its own.
    groups = ((pair.left, alignment.left_only), (pair.right, alignment.right_only))
    return clash >= 0.4 and all(
        predicate.start <= item.start < predicate.end for predicate, rest in groups for item in rest
    )


def compare_amounts(sides: Sides) -> Iterator[Difference]:
    """`more men than women`, `more women than men`."""
    if _compares_otherwise(sides):
        return
    lefts, rights = _compared(sides.left), _compared(sides.right)
    for one, other in lefts:
        if (other, one) in rights and one != other:
            yield Difference("role", f"{one} / {other}", f"{other} / {one}", True, 0.9)
            return


def _compared(text: str) -> set[tuple[str, str]]:
    return {
        (before, phrase.head)
        for preposition, phrase, before in find_phrases(text, "en")
        if preposition == "than" and before
    }


def _compare_actors(pair: PredicatePair, sides: Sides) -> Iterator[Difference]:
    """The same done to the same by somebody else: both named, and no spelling of one name."""
    left, right = pair.left.roles.get("subject"), pair.right.roles.get("subject")
    if left is None or right is None or pair.left.verb != pair.right.verb or not pair.overlap:
        return
    if not (left.is_proper and right.is_proper) or "than" in pair.left.roles:
        return
    names = tuple(fold_name(phrase.text).removeprefix("the ") for phrase in (left, right))
    if names_agree(*names) or is_seat_of(*names) or is_region(names[0]) != is_region(names[1]):
        return
    if _names(names[0], sides.right) or _names(names[1], sides.left):
        return  # Kim and Putin signed; Putin signed with Kim
    yield Difference("name", left.text, right.text, True, 0.7)


def _compare_turned(pair: PredicatePair, sides: Sides) -> Iterator[Difference]:
    """The museum gave the painting, the museum received it: the other part of one event."""
    left, right = pair.left.roles, pair.right.roles
    for role in sorted(left.keys() & _PARTS):
        for other in sorted(right.keys() & _PARTS - {role}):
            straight = [r for r in (role, other) if r in left and r in right]
            if any(count_shared(left[r], right[r], sides.alignment) for r in straight):
                continue
            if count_shared(left[role], right[other], sides.alignment):
                yield Difference("role", pair.left.verb, pair.right.verb, sides.is_close, 0.7)
                return


def _names(name: str, text: str) -> bool:
    return any(names_agree(name, other.key) for other in find_names(text, "en"))


def has_turned_roles(sides: Sides) -> bool:
    """`A is poorer than B`, `B is richer than A`: turned round twice, one fact."""
    return any(any(find_swaps(pair, sides.alignment)) for pair in sides.predicates)


def _says_both(verb: str, sides: Sides) -> bool:
    """Both texts have the verb affirmed and denied: what he said happened did not happen."""
    said = [
        {is_denied(p, text) for p in find_predicates(text, "en") if p.verb == verb}
        for text in (sides.left, sides.right)
    ]
    return all(len(kinds) > 1 for kinds in said)


def _denial(pair: PredicatePair, sides: Sides, *, sure: bool) -> Difference:
    words = [
        f"not {p.verb}" if is_denied(p, text) else p.verb
        for p, text in ((pair.left, sides.left), (pair.right, sides.right))
    ]
    both_finite = pair.left.is_finite and pair.right.is_finite
    sure = sure and both_finite and "neither" not in f"{sides.left} {sides.right}".lower().split()
    return Difference("negation", words[0], words[1], sure, 0.9 if sure else 0.5)


def _compare_modality(pair: PredicatePair, sides: Sides, *, sure: bool) -> Iterator[Difference]:
    clash = modality_clash(pair.left, pair.right)
    said = pair.left.verb in load_words("verbs", "speech", "en")
    if not clash or (said and (pair.left.verb != pair.right.verb or not pair.overlap)):
        return
    # Two verbs that may mean one thing: only with the same actor and the same object.
    alike = pair.left.verb.partition("_")[0] == pair.right.verb.partition("_")[0]
    sure = sure and (alike or pair.overlap > 1)
    is_open = "open" in {pair.left.modality, pair.right.modality}
    conditional = not is_open and any(
        {"if", "unless"} & set(t.lower().split()) for t in (sides.left, sides.right)
    )
    yield Difference(
        "modality", _modal_words(pair.left.modal, pair.left.verb),
        _modal_words(pair.right.modal, pair.right.verb),
        sure and not conditional and _decides(clash, pair, sides), clash,
    )  # fmt: skip


def _compares_otherwise(sides: Sides) -> bool:
    """`more ... than` on one side, `fewer ... than` on the other."""
    more, less = {"more", "greater"}, {"fewer", "less"}
    words = [
        set(lemmatise(text, "en")) | set(text.lower().split()) for text in (sides.left, sides.right)
    ]
    return any(
        words[i] & more and words[1 - i] & less and not words[i] & less for i in (0, 1)
    ) or bool(sides.alignment.opposites)


def _modal_words(modal: str, verb: str) -> str:
    return f"{modal} {verb}" if modal else verb


def compare_polarity(sides: Sides) -> Iterator[Difference]:
    """Negations that belong to no paired verb: an odd number on one side only."""
    spans = [
        [(getattr(pair, side).start, getattr(pair, side).end) for pair in sides.predicates]
        for side in ("left", "right")
    ]
    lefts = _free_negations(sides.left, spans[0])
    rights = _free_negations(sides.right, spans[1])
    if len(lefts) % 2 == len(rights) % 2 or is_spared(sides.left) != is_spared(sides.right):
        return
    rest = max(len(sides.alignment.left_only), len(sides.alignment.right_only))
    paired = count_denials(sides.left) % 2 == count_denials(sides.right) % 2
    veto = sides.alignment.coverage >= 0.75 and rest <= 1 and not paired
    value = (lefts or rights)[0]
    yield Difference("negation", value if lefts else "", "" if lefts else value, veto, 0.6)


def _free_negations(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [
        n.word for n in find_negations(text, "en")
        if not any(start <= n.start < end for start, end in spans)
    ]  # fmt: skip


def compare_stances(sides: Sides) -> Iterator[Difference]:
    """One side confirms what the other denies or will not speak about."""
    lefts = {stance_of(p): p.verb for p in find_predicates(sides.left, "en")}
    rights = {stance_of(p): p.verb for p in find_predicates(sides.right, "en")}
    for one, other in (("affirming", "denying"), ("denying", "affirming")):
        if one in lefts and other in rights and one not in rights:
            veto = sides.alignment.coverage >= ALIKE
            yield Difference("attribution", lefts[one], rights[other], veto, 0.8)
            return


def compare_speakers(sides: Sides) -> Iterator[Difference]:
    """Both name who says it, and it is somebody else: weighs, and vetoes only through `slots`."""
    lefts, rights = find_attributions(sides.left, "en"), find_attributions(sides.right, "en")
    matched = {(a.start, b.start) for a, b in sides.alignment.matched}
    for a in lefts:
        for b in rights:
            shared = any(a.start <= x < a.end and b.start <= y < b.end for x, y in matched)
            if not shared and a.is_proper and b.is_proper:
                yield Difference("attribution", a.speaker, b.speaker, False, 0.5)
                return


def compare_quantifiers(
    left: str, right: str, language: str, *, is_close: bool
) -> Iterator[Difference]:
    """All against most, many against few, at the same noun."""
    shares = [(left, right, False), (right, left, True)]
    for one, other, turned in shares:
        yield from _compare_share(one, other, language, is_close=is_close, turned=turned)
    for a in find_quantifiers(left, language):
        for b in find_quantifiers(right, language):
            if not shares_clash(a.share, b.share):
                continue
            same = (
                a.noun is not None
                and b.noun is not None
                and (a.noun == b.noun or (language == "en" and are_synonyms(a.noun, b.noun)))
            )
            if same or (is_close and (a.noun is None or b.noun is None)):
                yield Difference("quantifier", a.text, b.text, is_close, 0.8 if is_close else 0.5)
                return


def _compare_share(
    left: str, right: str, language: str, *, is_close: bool, turned: bool
) -> Iterator[Difference]:
    """`all of the delegates` and `half of the delegates`."""
    for a in find_quantifiers(left, language):
        for b in find_quantities(right, language):
            most = {"all": 95, "none": 95, "most": 51}.get(a.share, 0)
            part = b.unit == "percent" and 0 < b.value < most
            if part and a.noun is not None and a.noun == b.noun:
                values = (b.text, a.text) if turned else (a.text, b.text)
                yield Difference("quantifier", *values, is_close, 0.8 if is_close else 0.5)
                return
