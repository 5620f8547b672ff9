"""In what two English texts agree beyond figures, dates and names: who does what to whom.

The differences of `slots` and `statements` say what forbids one fact; this says what speaks for
it, as agreements in words and as figures for the learned combination.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

from pipeline.language.attribution import find_attributions
from pipeline.language.dates import find_dates
from pipeline.language.lexicon import load_words
from pipeline.language.quantifiers import find_quantifiers
from pipeline.language.quantities import find_quantities
from pipeline.language.roles import find_phrases, find_predicates
from pipeline.language.tagging import tag_words
from pipeline.pairs.differences import Agreement
from pipeline.pairs.predicates import count_shared, is_denied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.language.roles import Phrase, Predicate
    from pipeline.pairs.differences import Sides
    from pipeline.pairs.predicates import PredicatePair

WHERE = frozenset(
    {"in", "at", "near", "from", "to", "into", "around", "outside", "inside", "off", "across"}
    | {"over", "on", "between", "through", "toward", "towards"}
)
# Fewer words say too little to be sure: `the strike` and `a strike`.
FEW_WORDS = 2
_HE, _SHE = frozenset({"he", "him", "his"}), frozenset({"she", "her", "hers"})
_EMPTY_VERBS = frozenset({"be", "have", "do"})


@dataclass(frozen=True, slots=True)
class Accord:
    """How far the statements of two texts go together; all 0 where nothing was read."""

    coverage: float = 0.0  # matched share of the content words of the side with more
    containment: float = 0.0  # ... of the side with fewer
    predicates_paired: float = 0.0  # share of the verbs that the other side has, more verbs
    predicates_contained: float = 0.0  # ... fewer verbs
    subjects_agree: float = 0.0  # paired verbs whose subjects share a word
    subjects_part: float = 0.0  # ... whose subjects share none
    objects_agree: float = 0.0
    objects_part: float = 0.0
    names_rival: float = 0.0  # names that only one side has, of the side with fewer of them
    opposites: float = 0.0  # opposite words: rise, fall
    complete: float = 0.0  # 1: every content word, figure and date has its like, and no more


ACCORD_SIGNALS = tuple(field.name for field in fields(Accord))


def list_figures(accord: Accord) -> dict[str, float]:
    """The figures by name, in the order of `ACCORD_SIGNALS`."""
    return dict(zip(ACCORD_SIGNALS, astuple(accord), strict=True))


def measure_accord(sides: Sides, *, is_complete: bool) -> Accord:
    """The figures of two English texts."""
    alignment = sides.alignment
    matched = len(alignment.matched)
    rest = sorted((len(alignment.left_only), len(alignment.right_only)))
    carried = [_carried(sides, 0), _carried(sides, 1)]
    subjects = [_role_accord(pair, "subject", sides) for pair in sides.predicates]
    objects = [_role_accord(pair, "object", sides) for pair in sides.predicates]
    names = [sum(i.is_name for i in side) for side in (alignment.left_only, alignment.right_only)]
    return Accord(
        coverage=round(alignment.coverage, 4),
        containment=round(matched / max(1, matched + rest[0]), 4),
        predicates_paired=round(min(carried), 4),
        predicates_contained=round(max(carried), 4),
        subjects_agree=float(subjects.count(True)),
        subjects_part=float(subjects.count(False)),
        objects_agree=float(objects.count(True)),
        objects_part=float(objects.count(False)),
        names_rival=float(min(names)),
        opposites=float(len(alignment.opposites)),
        complete=float(is_complete and matched >= FEW_WORDS and not any(rest)),
    )


def is_covered(sides: Sides, same_figures: int, same_dates: int) -> bool:
    """No figure and no date stands on one side only, and nobody is he here and she there."""
    texts = (sides.left, sides.right)
    figures = {len(find_quantities(text, "en")) for text in texts}
    dates = {len(find_dates(text, "en")) for text in texts}
    if figures != {same_figures} or dates != {same_dates}:
        return False
    words = [{word.lower for word in tag_words(text, "en")} for text in texts]
    genders = [(bool(side & _HE), bool(side & _SHE)) for side in words]
    return genders[0] == genders[1] or (False, False) in genders


def _carried(sides: Sides, side: int) -> float:
    """Share of one side's verbs that the other side has, as a verb or as a noun of it."""
    text = (sides.left, sides.right)[side]
    verbs = list_statements(text)
    paired = {
        (pair.left, pair.right)[side].start for pair in sides.predicates if not pair.is_opposite
    }
    known = {couple[side].start for couple in sides.alignment.matched}
    count = sum(
        verb.start in paired or any(verb.start <= at < verb.end for at in known) for verb in verbs
    )
    return count / len(verbs) if verbs else 0.0


def list_statements(text: str) -> list[Predicate]:
    """Predicates that state something: no bare auxiliary, no verb of saying beside another."""
    stated = [p for p in find_predicates(text, "en") if p.verb not in _EMPTY_VERBS or p.roles]
    speech = load_words("verbs", "speech", "en")
    return [p for p in stated if p.verb not in speech] or stated


def _role_accord(pair: PredicatePair, role: str, sides: Sides) -> bool | None:
    """Whether the role's phrases share a word; None where a side has none or a pronoun."""
    if pair.is_opposite:
        return None
    left, right = pair.left.roles.get(role), pair.right.roles.get(role)
    if left is None or right is None or left.is_pronoun or right.is_pronoun:
        return None
    return count_shared(left, right, sides.alignment) > 0


def find_agreements(sides: Sides) -> Iterator[Agreement]:
    """What both texts state alike: deeds, places, speakers, denials, plans, shares."""
    for pair in sides.predicates:
        yield from _agree_on_deed(pair, sides)
    yield from _agree_on_places(sides)
    yield from _agree_on_speakers(sides)
    shares = {(q.share, q.noun) for q in find_quantifiers(sides.right, "en")}
    for quantifier in find_quantifiers(sides.left, "en"):
        if (quantifier.share, quantifier.noun) in shares:
            yield Agreement("quantifier", quantifier.text)


def _agree_on_deed(pair: PredicatePair, sides: Sides) -> Iterator[Agreement]:
    """The same done by the same to the same, both denied, both planned."""
    if pair.is_opposite or not pair.overlap:
        return
    if _role_accord(pair, "subject", sides) and _role_accord(pair, "object", sides):
        roles = pair.left.roles
        yield Agreement(
            "role", f"{roles['subject'].text} – {pair.left.verb} – {roles['object'].text}"
        )
    denied = is_denied(pair.left, sides.left)
    if denied and is_denied(pair.right, sides.right):
        yield Agreement("negation", f"not {pair.left.verb}")
    modality = pair.left.modality
    if modality == pair.right.modality != "fact":
        yield Agreement("modality", f"{pair.left.modal} {pair.left.verb}".strip())


def _agree_on_places(sides: Sides) -> Iterator[Agreement]:
    lefts, rights = list_places(sides.left), list_places(sides.right)
    for a in lefts:
        if any(count_shared(a, b, sides.alignment) for b in rights):
            yield Agreement("place", a.text)


def list_places(text: str) -> list[Phrase]:
    """Phrases after a preposition of place."""
    return [phrase for word, phrase, _ in find_phrases(text, "en") if word in WHERE]


def _agree_on_speakers(sides: Sides) -> Iterator[Agreement]:
    rights = find_attributions(sides.right, "en")
    matched = [(a.start, b.start) for a, b in sides.alignment.matched]
    for a in find_attributions(sides.left, "en"):
        if any(a.start <= x < a.end and b.start <= y < b.end for b in rights for x, y in matched):
            yield Agreement("attribution", a.speaker)
