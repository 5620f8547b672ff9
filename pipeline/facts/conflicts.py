"""Differing pairs in, conflicts out: facts on one subject with the values that don't agree.

On the four gold stories (reference English, threshold 0.5) 23 conflicts are listed; they show 20 of
the 26 that the gold lists. On the five held-out stories it is 10 of 51. Without
the rule that an article which gives both values speaks of two things many more were listed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.language.attribution import find_attributions
from pipeline.language.quantities import find_quantities
from pipeline.language.thesaurus import are_synonyms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

# First words of a pair's reason, and the kind of conflict they name; any other word names itself.
KINDS = {
    "numbers": "number",
    "quantity": "number",
    "dates": "date",
    "names": "name",
    "negated": "negation",
    "denied": "denial",
    "roles": "role",
}


# How the reason of such a pair ends.
SET_AGAINST = "set against each other"
DENIAL = "denial"
FIGURES = ("number", "quantifier", "unit")


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two facts, by place, that a pair of units holds apart."""

    left: int
    right: int
    kind: str
    score: float
    unit_left: str
    unit_right: str
    is_set_against: bool = False  # by the article itself, from one sentence to the next


@dataclass(frozen=True, slots=True)
class Conflict:
    """Facts, by place, whose values differ; `units` state the values, parallel to `facts`."""

    kind: str
    facts: tuple[int, ...]
    units: tuple[str, ...]


def name_kind(reason: str | None) -> str:
    """The kind of conflict a pair's reason names: number, date, name, negation, ..."""
    word = (reason or "").replace(":", " ").split(maxsplit=1)[:1]
    return KINDS.get(word[0], word[0]) if word else "other"


def collect_disputes(
    rows: Iterable[tuple[str, str, float, str | None]],
    facts_of: Mapping[str, Sequence[int]],
) -> list[Dispute]:
    """Disputes between two facts; rows are left, right, score, reason.

    A unit without a fact of its own speaks for the fact of the words it is cut from, where that
    is one.
    """
    disputes = []
    for unit_left, unit_right, score, reason in rows:
        found = facts_of.get(unit_left, ()), facts_of.get(unit_right, ())
        if len(found[0]) != 1 or len(found[1]) != 1 or found[0][0] == found[1][0]:
            continue
        sides = sorted([(found[0][0], unit_left), (found[1][0], unit_right)])
        (left, first), (right, second) = sides
        against = (reason or "").endswith(SET_AGAINST)
        disputes.append(Dispute(left, right, name_kind(reason), score, first, second, against))
    return disputes


def extend_denials(disputes: Sequence[Dispute]) -> list[Dispute]:
    """Disputes of a denial with what differs from the denied fact by a figure only.

    Who denies that 3,000 soldiers came denies as well that 10,000 did.
    """
    known = {(d.left, d.right) for d in disputes}
    figures = [d for d in disputes if d.kind in FIGURES]
    found: dict[tuple[int, int], Dispute] = {}
    for denial in (d for d in disputes if d.kind == DENIAL):
        for figure in figures:
            shared = {denial.left, denial.right} & {figure.left, figure.right}
            if len(shared) == 1:
                sides = sorted(
                    (place, unit)
                    for dispute in (denial, figure)
                    for place, unit in (
                        (dispute.left, dispute.unit_left),
                        (dispute.right, dispute.unit_right),
                    )
                    if place not in shared
                )
                (left, first), (right, second) = sides
                score = min(denial.score, figure.score)
                if (left, right) not in known:
                    further = Dispute(left, right, DENIAL, score, first, second)
                    found.setdefault((left, right), further)
    return [found[key] for key in sorted(found)]


def keep_strongest(disputes: Iterable[Dispute]) -> list[Dispute]:
    """The strongest dispute between each two facts, in order of the facts."""
    best: dict[tuple[int, int], Dispute] = {}
    for dispute in sorted(disputes, key=_strength):
        best.setdefault((dispute.left, dispute.right), dispute)
    return [best[key] for key in sorted(best)]


def can_conflict(
    one: str,
    other: str,
    shared_articles: Collection[str],
    *,
    same_sentence: bool,
    language: str = "en",
) -> bool:
    """True when two differing texts can be about one thing.

    An article that gives both values speaks of two things (a river's level here and upstream),
    unless it gives them as what different people say, or side by side in one sentence.
    """
    if not shared_articles and not same_sentence:
        return True
    texts = (one, other)
    speakers = [{a.speaker.casefold() for a in find_attributions(t, language)} for t in texts]
    apart = speakers[0].isdisjoint(speakers[1])
    return apart and (same_sentence or (all(speakers) and _count_one_thing(one, other, language)))


def _count_one_thing(one: str, other: str, language: str) -> bool:
    """False when both texts count something, and never the same thing."""
    nouns = [{q.noun for q in find_quantities(t, language) if q.noun} for t in (one, other)]
    return not all(nouns) or any(a == b or are_synonyms(a, b) for a in nouns[0] for b in nouns[1])


def group_disputes(disputes: Sequence[Dispute]) -> list[Conflict]:
    """Conflicts: facts that all dispute each other on one kind stand together.

    Figures are one kind: "about 10,000" and "more than 10,000" stand beside "3,000".
    """
    by_kind: dict[str, dict[tuple[int, int], Dispute]] = defaultdict(dict)
    for dispute in disputes:
        kind = FIGURES[0] if dispute.kind in FIGURES else dispute.kind
        by_kind[kind][dispute.left, dispute.right] = dispute
    return [
        conflict
        for kind, found in sorted(by_kind.items())
        for conflict in (_group_denials(found) if kind == DENIAL else _group_kind(kind, found))
    ]


def _group_denials(disputes: Mapping[tuple[int, int], Dispute]) -> list[Conflict]:
    """A denial with all that it denies; of two facts the one in more disputes is the denial."""
    left = dict(disputes)
    conflicts = []
    while left:
        counts = Counter(place for pair in left for place in pair)
        hub = min(counts, key=lambda place: (-counts[place], place))
        own = {pair: dispute for pair, dispute in left.items() if hub in pair}
        conflicts.append(_make_conflict(DENIAL, sorted({p for pair in own for p in pair}), own))
        left = {pair: dispute for pair, dispute in left.items() if hub not in pair}
    return conflicts


def _group_kind(kind: str, disputes: Mapping[tuple[int, int], Dispute]) -> list[Conflict]:
    groups: list[set[int]] = []
    for dispute in sorted(disputes.values(), key=_strength):
        pair = {dispute.left, dispute.right}
        if not any(pair <= group for group in groups):
            home = next((group for group in groups if _joins(pair, group, disputes)), None)
            if home is None:
                groups.append(pair)
            else:
                home.update(pair)
    return [_make_conflict(kind, sorted(group), disputes) for group in groups]


def _joins(pair: set[int], group: set[int], disputes: Mapping[tuple[int, int], Dispute]) -> bool:
    """True when the pair shares a fact with the group and its other fact disputes them all."""
    new = pair - group
    return len(new) == 1 and all(
        (min(one, other), max(one, other)) in disputes for one in new for other in group
    )


def _make_conflict(
    kind: str, facts: Sequence[int], disputes: Mapping[tuple[int, int], Dispute]
) -> Conflict:
    """Each fact's value is read from the unit of its strongest dispute in the group."""
    unit_of: dict[int, str] = {}
    inside = [d for d in disputes.values() if d.left in facts and d.right in facts]
    for dispute in sorted(inside, key=_strength):
        unit_of.setdefault(dispute.left, dispute.unit_left)
        unit_of.setdefault(dispute.right, dispute.unit_right)
    return Conflict(kind, tuple(facts), tuple(unit_of[fact] for fact in facts))


def _strength(dispute: Dispute) -> tuple[float, str, str]:
    """Sort key: the strongest first."""
    return (-dispute.score, dispute.unit_left, dispute.unit_right)
