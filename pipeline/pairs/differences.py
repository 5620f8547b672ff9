"""Differing details: what they are, and the rules for quantities and dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.language.dates import dates_agree, find_dates
from pipeline.language.quantities import (
    Quantity,
    bounds_clash,
    find_quantities,
    quantities_agree,
)
from pipeline.language.roles import find_predicates
from pipeline.language.tagging import tag_words
from pipeline.language.thesaurus import are_synonyms

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pipeline.language.dates import DateMention
    from pipeline.pairs.alignment import Alignment
    from pipeline.pairs.predicates import PredicatePair

Kind = Literal[
    "number", "date", "name", "role", "negation", "modality", "attribution", "place", "unit",
    "quantifier",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "number", "date", "name", "role", "negation", "modality", "attribution", "place", "unit",
    "quantifier",
)  # fmt: skip

_SINCE = re.compile(r"\bsince\s+(?:the\s+)?$", re.IGNORECASE)
# `In 2013`, not `the record of 2013`, `the 2013 law`, `a flood that came in 2013`.
_WHEN = re.compile(r"(?:^|\b(?:in|during)\s+(?:the\s+)?)$", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:that|which|who|where|when)\b", re.IGNORECASE)
# A veto needs the rest of the two texts to say the same: this share of their content words.
CLOSE = 0.6
ALIKE = 0.4


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
        match = next((q for q in rights if _say_the_same(quantity, q)), None)
        if match is not None:
            lefts.remove(quantity)
            rights.remove(match)
            agreements.append(Agreement("number", quantity.text))
    differences = []
    for quantity in lefts:
        rivals = [(q, _measure_the_same(quantity, q, sides)) for q in rights]
        rival, veto = next(
            ((q, sure) for q, sure in rivals if sure),
            next(((q, False) for q, _ in rivals if _count_one_noun(quantity, q)), (None, False)),
        )
        if rival is not None:
            rights.remove(rival)
            kind = _quantity_kind(quantity, rival)
            # 950 workers, 800 personnel: nothing else counted agrees, so it is another count
            veto = veto or (not agreements and sides is not None)
            weight = 0.9 if veto else 0.5
            differences.append(Difference(kind, quantity.text, rival.text, veto, weight))
    return differences, agreements


def _say_the_same(left: Quantity, right: Quantity) -> bool:
    """Amounts that agree; by a bound or rounding only where they may count one thing.

    `around 13,000 containers` lies within what `more than 10,000 soldiers` allows, and says
    nothing about it.
    """
    if not quantities_agree(left, right):
        return False
    named = left.noun is not None and right.noun is not None
    return left.value == right.value or not named or _count_one_noun(left, right)


def _count_one_noun(left: Quantity, right: Quantity) -> bool:
    """3,000 soldiers, 1,500 soldiers: of the same kind, perhaps of another event."""
    if left.unit != right.unit or left.unit in {"ordinal", "clock", "score"}:
        return False
    return left.noun is not None and right.noun is not None and are_synonyms(left.noun, right.noun)


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
    same_role = role_of(left.start, sides.left) & role_of(right.start, sides.right)
    counted = nouns_agree or left.unit not in {None, "age", "score"}
    return bool(same_role) and counted and sides.alignment.coverage >= ALIKE


def role_of(position: int, text: str) -> set[tuple[str, str]]:
    """Verbs and roles whose phrase the position lies in."""
    return {
        (predicate.verb, role)
        for predicate in find_predicates(text, "en")
        for role, phrase in predicate.roles.items()
        if phrase.start <= position < phrase.end
    }


# --- dates ------------------------------------------------------------------------------------


def compare_dates(
    left: str,
    right: str,
    language: str,
    published: tuple[dt.date | None, dt.date | None],
    sides: Sides | None,
) -> tuple[list[Difference], list[Agreement]]:
    """Dates of the same event; one with a partner on the other side contradicts nothing."""
    lefts = find_dates(left, language, published[0])
    rights = find_dates(right, language, published[1])
    verdicts = [(a, b, dates_agree(a, b)) for a in lefts for b in rights]
    agreements = [Agreement("date", a.iso) for a, _, verdict in verdicts if verdict]
    paired = {id(x) for a, b, verdict in verdicts if verdict for x in (a, b)}
    if sides is not None and not paired and _is_long_past((left, lefts), (right, rights)):
        return [Difference("date", lefts[0].text, rights[0].text, True, 0.8)], agreements
    for a, b, verdict in verdicts:
        if verdict is not False or {id(a), id(b)} & paired:
            continue
        if _goes_on((left, a), (right, b)) or _goes_on((right, b), (left, a)):
            continue
        veto = sides is None or _date_one_event(sides, a.start, b.start)
        return [Difference("date", a.text, b.text, veto, 0.9 if veto else 0.4)], agreements
    return [], agreements


def _is_long_past(
    left: tuple[str, Sequence[DateMention]], right: tuple[str, Sequence[DateMention]]
) -> bool:
    """One side tells of earlier years, the other of a weekday or yesterday.

    Where nothing says when it was printed, 3 May 2024 may be that Friday, and 2021 is no Friday.
    """
    for (text, early), (_, late) in ((left, right), (right, left)):
        days = [d for d in late if d.weekday is not None or (d.relative or ("",))[0] == "day"]
        years = [date.year for date in early if date.year is not None]
        if not days or len(days) < len(late) or not years or len(years) < len(early):
            continue
        printed = min(day.year or 0 for day in days)
        whole = all(date.month is None and date.weekday is None for date in early)
        apart = max(years) < printed if printed else whole
        if apart and all(_says_when(text, date.start) for date in early):
            return True
    return False


def _says_when(text: str, at: int) -> bool:
    """`In 2013 it rose`, `it rose in 2013`; not `a mark set in 2013`, `which rose in 2013`."""
    if _WHEN.search(text[:at]) is None or _RELATIVE.search(text[:at]) is not None:
        return False
    before = [w for w in tag_words(text, "en") if w.end < at and w.tag not in "ITR"][-2:]
    hangs = bool(before) and before[-1].form == "participle" and before[0].tag not in "BH"
    return not hangs


def _goes_on(early: tuple[str, DateMention], late: tuple[str, DateMention]) -> bool:
    """`since 2015`: it is so on a later day as well, which has no `since` of its own."""
    begins, again = (_SINCE.search(text[: date.start]) for text, date in (early, late))
    return begins is not None and again is None and (early[1].year or 0) < (late[1].year or 9999)


def _date_one_event(sides: Sides, left: int, right: int) -> bool:
    """Both positions belong to paired predicates, or the texts are close as a whole."""
    if sides.is_close:
        return True
    alike = sides.alignment.coverage >= ALIKE
    verbs_left = {verb for verb, _ in role_of(left, sides.left)}
    verbs_right = {verb for verb, _ in role_of(right, sides.right)}
    return alike and any(
        pair.left.verb in verbs_left and pair.right.verb in verbs_right for pair in sides.predicates
    )
