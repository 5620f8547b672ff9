"""The rules that find differing details of two English texts, each with both values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.language.attribution import find_attributions, stance_of
from pipeline.language.dates import dates_agree, find_dates
from pipeline.language.lemmas import lemmatise
from pipeline.language.names import is_seat_of
from pipeline.language.polarity import find_negations
from pipeline.language.quantifiers import find_quantifiers, shares_clash
from pipeline.language.quantities import (
    Quantity,
    bounds_clash,
    find_quantities,
    quantities_agree,
)
from pipeline.language.roles import find_phrases, find_predicates
from pipeline.language.thesaurus import are_synonyms, find_entry
from pipeline.pairs.alignment import Alignment, Item, is_light, is_one_slot
from pipeline.pairs.predicates import (
    PredicatePair,
    find_swaps,
    is_denied,
    modality_clash,
    shares_subject,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

Kind = Literal[
    "number", "date", "name", "role", "negation", "modality", "attribution", "place", "unit",
    "quantifier",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "number", "date", "name", "role", "negation", "modality", "attribution", "place", "unit",
    "quantifier",
)  # fmt: skip

# A veto needs the rest of the two texts to say the same: this share of their content words.
CLOSE = 0.6
ALIKE = 0.4
_PLACES = frozenset(
    [
        "in",
        "at",
        "near",
        "from",
        "to",
        "into",
        "around",
        "outside",
        "inside",
        "off",
        "across",
        "over",
        "on",
    ]
)
_DIRECTIONS = frozenset(
    [
        "north",
        "south",
        "east",
        "west",
        "northern",
        "southern",
        "eastern",
        "western",
        "left",
        "right",
        "upper",
        "lower",
        "inside",
        "outside",
        "northeast",
        "northwest",
        "southeast",
        "southwest",
    ]
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One detail in which two texts differ; a veto forbids that they state the same fact."""

    kind: Kind
    left_value: str
    right_value: str
    is_veto: bool
    weight: float  # 0..1: how surely it is a difference

    def __str__(self) -> str:
        """In words: `number 3000 != 10000`, `negated`."""
        if self.kind == "negation" and not (self.left_value and self.right_value):
            return f"negated: {self.left_value or self.right_value}"
        return f"{self.kind} {self.left_value or '-'} != {self.right_value or '-'}"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One detail both texts give: a number, date or name."""

    kind: Kind
    value: str


@dataclass(frozen=True, slots=True)
class Sides:
    """Both texts with what was aligned; passed from rule to rule."""

    left: str
    right: str
    alignment: Alignment
    predicates: tuple[PredicatePair, ...]

    @property
    def is_close(self) -> bool:
        """Most content words correspond."""
        alignment = self.alignment
        rest = max(len(alignment.left_only), len(alignment.right_only))
        return bool(alignment.matched) and (alignment.coverage >= CLOSE or rest <= 1)


# --- quantities -------------------------------------------------------------------------------


def compare_quantities(
    left: str, right: str, language: str, sides: Sides | None
) -> tuple[list[Difference], list[Agreement]]:
    """Numbers and units: matched ones first; of the rest those that count the same thing."""
    lefts, rights = list(find_quantities(left, language)), list(find_quantities(right, language))
    agreements = []
    for quantity in tuple(lefts):
        match = next((q for q in rights if quantities_agree(quantity, q)), None)
        if match is not None:
            lefts.remove(quantity)
            rights.remove(match)
            agreements.append(Agreement("number", quantity.text))
    differences = []
    for quantity in lefts:
        rival = next((q for q in rights if _measure_the_same(quantity, q, sides)), None)
        if rival is not None:
            rights.remove(rival)
            differences.append(
                Difference(_quantity_kind(quantity, rival), quantity.text, rival.text, True, 0.9)
            )
    return differences, agreements


def _quantity_kind(left: Quantity, right: Quantity) -> Kind:
    if bounds_clash(left, right):
        return "quantifier"
    return (
        "unit"
        if left.stated == right.stated and left.unit != right.unit
        else (
            "unit"
            if left.stated == right.stated and left.stated_unit != right.stated_unit
            else "number"
        )
    )


def _measure_the_same(left: Quantity, right: Quantity, sides: Sides | None) -> bool:
    """Same unit and same noun counted, or the same place in two texts alike."""
    close = sides is not None and sides.is_close
    if left.stated == right.stated and left.unit != right.unit:
        return left.unit is not None and right.unit is not None and close
    if left.unit != right.unit:
        return False
    nouns_agree = (
        left.noun is not None and right.noun is not None and (are_synonyms(left.noun, right.noun))
    )
    if left.unit in {"ordinal", "clock"}:
        return (nouns_agree or left.unit == "clock") and (close or sides is None)
    if sides is None:
        return nouns_agree or (left.unit is not None and left.noun == right.noun)
    if close:
        return nouns_agree or left.noun is None or right.noun is None or left.unit is not None
    same_role = _role_of(left.start, sides.left) & _role_of(right.start, sides.right)
    return bool(same_role) and (nouns_agree or left.unit is not None)


def _role_of(position: int, text: str) -> set[tuple[str, str]]:
    """Verbs and roles whose phrase the position lies in."""
    return {
        (predicate.verb, role)
        for predicate in find_predicates(text, "en")
        for role, phrase in predicate.roles.items()
        if phrase.start <= position < phrase.end
    }


# --- dates ------------------------------------------------------------------------------------


def compare_dates(
    left: str, right: str, language: str, published: tuple[dt.date | None, dt.date | None],
    sides: Sides | None,
) -> tuple[list[Difference], list[Agreement]]:  # fmt: skip
    """Dates: one that agrees is enough; only when none does, the first contradiction counts."""
    lefts = find_dates(left, language, published[0])
    rights = find_dates(right, language, published[1])
    verdicts = [(a, b, dates_agree(a, b)) for a in lefts for b in rights]
    agreements = [Agreement("date", a.iso) for a, _, verdict in verdicts if verdict]
    refuted = [
        (a, b) for a, b, verdict in verdicts
        if verdict is False
        and not any(v for x, y, v in verdicts if x is a or y is b)
    ]  # fmt: skip
    if not refuted:
        return [], agreements
    a, b = refuted[0]
    veto = sides is None or sides.alignment.coverage >= ALIKE
    return [Difference("date", a.text, b.text, veto, 0.9 if veto else 0.5)], agreements


# --- names, places, speakers ------------------------------------------------------------------


def compare_slots(sides: Sides) -> Iterator[Difference]:
    """The one thing that differs in two texts otherwise alike: a name, a place, a speaker."""
    alignment = sides.alignment
    lefts = [item for item in alignment.left_only if not is_light(item)]
    rights = [item for item in alignment.right_only if not is_light(item)]
    if not lefts or not rights:
        return
    whole = is_one_slot(lefts) and is_one_slot(rights)
    names = [(a, b) for a in lefts for b in rights if a.is_name and b.is_name]
    for a, b in names:
        same_slot = whole or _slot(a, sides.left) & _slot(b, sides.right)
        if not same_slot or is_seat_of(a.lemma, b.lemma):
            yield Difference("name", a.text, b.text, False, 0.3)
            continue
        veto = sides.is_close and not _is_part_of(a, b)
        yield Difference(_slot_kind(a, sides.left), a.text, b.text, veto, 0.8 if veto else 0.5)
        return
    if (
        names
        or not whole
        or (lefts[0].is_name != rights[0].is_name and not _are_bare(lefts, rights))
    ):
        return
    yield from _compare_common(lefts, rights, sides)


def _compare_common(lefts: list[Item], rights: list[Item], sides: Sides) -> Iterator[Difference]:
    """Common nouns: `economists` and `exporters` in the same place of the same sentence."""
    nouns = [
        (a, b) for a in lefts for b in rights
        if a.tag in "NP" and b.tag in "NP" and not (a.is_name and b.is_name)
    ]  # fmt: skip
    if not nouns or any(item.tag == "V" for item in (*lefts, *rights)):
        return
    a, _ = nouns[-1]
    veto = sides.is_close and len(sides.alignment.matched) >= 2
    values = " ".join(i.text for i in lefts), " ".join(i.text for i in rights)
    yield Difference(_slot_kind(a, sides.left), *values, veto, 0.6 if veto else 0.3)


def _are_bare(lefts: list[Item], rights: list[Item]) -> bool:
    """A name against one capitalised word that may be a name (Greenpeace opens the sentence)."""
    return len(lefts) == len(rights) == 1 and all(i.text[0].isupper() for i in (*lefts, *rights))


def _is_part_of(left: Item, right: Item) -> bool:
    """A country against a place that is none: the one may lie in the other."""
    return _is_region(left.lemma) != _is_region(right.lemma)


def _is_region(name: str) -> bool:
    """Countries and states have adjectives or inhabitants derived from them; cities rarely."""
    entry = find_entry(name.replace(" ", "_"))
    return any(len(word) > 3 for word in entry.derivations)


def _slot(item: Item, text: str) -> set[tuple[str, str]]:
    """Where an item stands: (verb, role), or (head before, preposition)."""
    slots = _role_of(item.start, text)
    for preposition, phrase, before in find_phrases(text, "en"):
        if phrase.start <= item.start < phrase.end and preposition and before:
            slots.add((before, preposition))
    return slots


def _slot_kind(item: Item, text: str) -> Kind:
    speakers = find_attributions(text, "en")
    if any(s.start <= item.start < s.end for s in speakers):
        return "attribution"
    for preposition, phrase, _ in find_phrases(text, "en"):
        if phrase.start <= item.start < phrase.end and preposition in _PLACES:
            return "place"
    return "name"


def compare_opposites(sides: Sides) -> Iterator[Difference]:
    """Opposite words in texts otherwise alike: north and south, majority and minority."""
    even = _count_denials(sides.left) % 2 == _count_denials(sides.right) % 2
    for a, b in sides.alignment.opposites:
        if "V" in {a.tag, b.tag} and a.tag == b.tag:
            continue  # predicates know their roles
        kind: Kind = "place" if a.lemma in _DIRECTIONS or b.lemma in _DIRECTIONS else "negation"
        veto = even and sides.is_close
        yield Difference(kind, a.text, b.text, veto, 0.8 if veto else 0.4)


# --- polarity, modality, roles ----------------------------------------------------------------


def compare_predicates(sides: Sides) -> Iterator[Difference]:
    """Paired verbs: exchanged roles, one denied, one a plan only."""
    for pair in sides.predicates:
        sure = pair.overlap >= 1 or sides.is_close
        denied = is_denied(pair.left) != is_denied(pair.right)
        if pair.is_opposite:
            if not denied and shares_subject(pair, sides.alignment):
                yield Difference("negation", pair.left.verb, pair.right.verb, sides.is_close, 0.8)
            continue
        turned = _compares_otherwise(sides)
        for a, b in find_swaps(pair, sides.alignment):
            if turned and "than" in pair.left.roles:
                continue
            yield Difference("role", f"{a.text} / {b.text}", f"{b.text} / {a.text}", True, 0.9)
        if denied:
            left = f"not {pair.left.verb}" if is_denied(pair.left) else pair.left.verb
            right = f"not {pair.right.verb}" if is_denied(pair.right) else pair.right.verb
            yield Difference("negation", left, right, sure, 0.9 if sure else 0.5)
        clash = modality_clash(pair.left, pair.right)
        if clash:
            yield Difference(
                "modality", _modal_words(pair.left.modal, pair.left.verb),
                _modal_words(pair.right.modal, pair.right.verb), clash >= 0.6 and sure, clash,
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
    lefts, rights = _count_denials(sides.left), _count_denials(sides.right)
    if lefts % 2 == rights % 2:
        return
    words = [n.word for n in find_negations(sides.left if lefts else sides.right, "en")]
    veto = sides.alignment.coverage >= 0.7 and len(sides.alignment.matched) >= 2
    value = words[0] if words else "not"
    yield Difference("negation", value if lefts else "", "" if lefts else value, veto, 0.6)


def _count_denials(text: str) -> int:
    return len(find_negations(text, "en"))


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
