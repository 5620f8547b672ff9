"""Predicates of two English texts side by side: roles exchanged, denied, or only possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.language.events import turn_round
from pipeline.language.lexicon import load_words
from pipeline.language.roles import find_predicates
from pipeline.language.thesaurus import are_antonyms, are_derived, are_synonyms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.language.roles import Phrase, Predicate
    from pipeline.pairs.alignment import Alignment

# Their sides may change places and the fact stays.
_SYMMETRIC = frozenset(
    {"meet", "marry", "divorce", "border", "merge", "negotiate", "talk", "debate", "tie"}
    | {"cooperate"}
)
_WISHES = (
    "hop", "want", "wish", "seek", "sought", "aim", "try", "tries", "tried", "attempt", "consider",
    "propos", "offer", "threat", "think", "thought", "debat", "discuss", "talk", "dream",
)  # fmt: skip
# `The maker cuts 800 jobs`, `the maker wants to cut 800 jobs`: news of one announcement.
_ANNOUNCED = ("plan", "intend", "want", "aim", "prepar", "schedul", "mean")
_NOBODY = frozenset({"nobody", "none", "nothing", "neither"})
# `The hotel is opposite the station`: either may come first.
_MUTUAL = frozenset({"opposite", "near", "beside", "with", "alongside", "like", "unlike"})
# With a particle they are other verbs: put, put down.
_VAGUE = frozenset({"put", "take", "set", "go", "come", "get", "make", "turn", "give", "look"})
_SUPPORT = frozenset(
    {"file", "make", "lodge", "launch", "give", "hold", "conduct", "issue", "reach", "take"}
    | {"carry_out", "have", "do", "start", "begin", "sign", "deliver", "stage", "place"}
)
_LIGHT = frozenset({"be", "have", "do"})


@dataclass(frozen=True, slots=True)
class PredicatePair:
    """Two predicates of one event; `overlap` counts corresponding words in the same role."""

    left: Predicate
    right: Predicate
    overlap: int
    is_opposite: bool
    is_turned: bool = False  # the right one tells the event from another side


def pair_predicates(left: str, right: str, alignment: Alignment) -> tuple[PredicatePair, ...]:
    """Every left predicate with the right one of the same or opposite meaning that fits it best."""
    rights = find_predicates(right, "en")
    pairs: list[tuple[tuple[int, int], PredicatePair]] = []
    for one in find_predicates(left, "en"):
        best: tuple[int, int, PredicatePair] | None = None
        for place, candidate in enumerate(rights):
            other = _turn(one, candidate, alignment)
            opposite = other is candidate and _are_opposite(one, other)
            if not opposite and other is candidate and not _same_event(one, other):
                continue
            overlap = sum(
                count_shared(one.roles[role], other.roles[role], alignment)
                for role in one.roles.keys() & other.roles.keys()
            )
            if not opposite and not _same_verb(one.verb, other.verb):
                overlap += 1  # the noun a supporting verb carries is the event itself
            loose = overlap or sum(
                count_shared(a, b, alignment)
                for a in one.roles.values()
                for b in other.roles.values()
            )
            if one.verb in _LIGHT and not overlap and loose < 2:
                continue
            key = (2 * overlap + loose + (one.verb == other.verb), -place)
            if best is None or key > best[:2]:
                best = (*key, PredicatePair(one, other, overlap, opposite, other is not candidate))
        if best is not None:
            pairs.append((best[:2], best[2]))
    return tuple(pair for fit, pair in pairs if not _is_outdone(fit, pair, pairs))


def _is_outdone(
    fit: tuple[int, int], pair: PredicatePair, pairs: list[tuple[tuple[int, int], PredicatePair]]
) -> bool:
    """It shares no role, and the same verb of the right text has a partner that does."""
    return pair.overlap == 0 and any(
        other.overlap and other.right.start == pair.right.start and better > fit
        for better, other in pairs
    )


def count_shared(
    left: Phrase, right: Phrase, alignment: Alignment,
    *, without: frozenset[str] = frozenset(), of_names: bool = False,
) -> int:  # fmt: skip
    """Corresponding words of two phrases, or corresponding names only."""
    return sum(
        a.lemma not in without
        and (a.is_name or not of_names)
        and left.start <= a.start < left.end
        and right.start <= b.start < right.end
        for a, b in alignment.matched
    )


def _same_event(left: Predicate, right: Predicate) -> bool:
    """The same verb, or one verb and a noun of it with a verb that only supports it."""
    if _same_verb(left.verb, right.verb):
        return True
    for one, other in ((left, right), (right, left)):
        noun = other.roles.get("object") if other.verb in _SUPPORT else None
        if noun is not None and (one.verb == noun.head or are_derived(one.verb, noun.head)):
            return True  # appealed, filed an appeal
    return False


def _same_verb(left: str, right: str) -> bool:
    plain_left, plain_right = left.partition("_")[0], right.partition("_")[0]
    if left == right or (plain_left == plain_right and plain_left not in _VAGUE):
        return True
    if plain_left in _VAGUE or plain_right in _VAGUE:
        return False
    return are_synonyms(left, right) or are_derived(plain_left, plain_right)


def _are_opposite(left: Predicate, right: Predicate) -> bool:
    (verb, _, particle), (other, _, counterpart) = (
        left.verb.partition("_"), right.verb.partition("_")
    )  # fmt: skip
    if verb == other and particle and counterpart:  # went up, went down
        return are_antonyms(particle, counterpart)
    return refrains(left, right) or are_antonyms(left.verb, right.verb)


def refrains(left: Predicate, right: Predicate) -> bool:
    """The one gives up what the other does: `will tour`, `forgoes its tour`."""
    for deed, waiver in ((left, right), (right, left)):
        if waiver.verb in load_words("verbs", "refraining", "en"):
            roles = waiver.roles
            nouns = [roles[role].head for role in ("object", "from", "of") if role in roles]
            if any(_same_verb(deed.verb, noun) for noun in nouns):
                return True
    return False


def _turn(one: Predicate, other: Predicate, alignment: Alignment) -> Predicate:
    """The other predicate as seen from the first: `B bought it from A` beside `A sold it to B`.

    As it stands where nobody in it has a place beside the first: `A sold it`, `A bought it` are
    opposite deeds.
    """
    turned = turn_round(one, other)
    if turned is None:
        return other
    straight = _count_straight(one, turned, alignment)
    if one.verb == other.verb:  # sent him the book, sent the book to him
        return turned if straight > _count_straight(one, other, alignment) else other
    crossed = sum(
        a != b and count_shared(one.roles[a], turned.roles[b], alignment) > 0
        for a in one.roles
        for b in turned.roles
    )
    if not straight and crossed < 2:
        return other
    lone = crossed == 1 and straight < 2
    return other if lone and are_antonyms(one.verb, other.verb) else turned


def _count_straight(left: Predicate, right: Predicate, alignment: Alignment) -> int:
    """Roles that both have with a common word."""
    shared = left.roles.keys() & right.roles.keys()
    return sum(count_shared(left.roles[r], right.roles[r], alignment) > 0 for r in shared)


def find_swaps(pair: PredicatePair, alignment: Alignment) -> Iterator[tuple[Phrase, Phrase]]:
    """Phrases that fill each other's role: `Kenya extradited him to Uganda` turned round."""
    speech = load_words("verbs", "speech", "en")
    if pair.is_opposite or pair.left.verb in _SYMMETRIC:
        return
    if pair.left.verb != pair.right.verb and pair.left.verb in speech:
        return
    shared = sorted(pair.left.roles.keys() & pair.right.roles.keys())
    for first in shared:
        for second in shared:
            if first >= second or {first, second} & _MUTUAL:
                continue
            a, b = pair.left.roles[first], pair.left.roles[second]
            c, d = pair.right.roles[first], pair.right.roles[second]
            own = (a.words & b.words) | (c.words & d.words)  # the left wing, the right wing
            crossed = (
                count_shared(a, d, alignment, without=own),
                count_shared(b, c, alignment, without=own),
            )
            straight = count_shared(a, c, alignment, without=own) + count_shared(
                b, d, alignment, without=own
            )
            if all(crossed) and sum(crossed) > straight:
                yield a, b


def shares_subject(pair: PredicatePair, alignment: Alignment) -> bool:
    """The same one acts: `borrow` and `lend` with other subjects are no contradiction."""
    left, right = pair.left.roles.get("subject"), pair.right.roles.get("subject")
    if left is None or right is None:
        return left is right and pair.overlap >= 1
    if left.is_pronoun or right.is_pronoun:
        return pair.overlap >= 1
    return count_shared(left, right, alignment) >= 1


def is_denied(predicate: Predicate, text: str) -> bool:
    """Negated by itself or through `nobody`, `no passengers`, `none of them`."""
    through_roles = {"subject", "object", "second"}
    if not predicate.is_finite or "nothing but" in text.lower():
        return predicate.is_negated
    through = any(
        phrase.determiner in {"no", "neither"} or phrase.head in _NOBODY
        or not phrase.words.isdisjoint(_NOBODY)
        for role, phrase in predicate.roles.items()
        if role in through_roles
    )  # fmt: skip
    return predicate.is_negated != through


def modality_clash(  # noqa: PLR0911 - one rule a pair of kinds
    left: Predicate, right: Predicate
) -> float:
    """0: none; below 0.6: of tense or wording only; from 0.6 on: a plan or chance is no fact."""
    one, other = sorted((left, right), key=lambda p: p.modality != "fact")
    kinds = {left.modality, right.modality}
    if len(kinds) == 1:
        wished = [_is_wished(p) for p in (left, right)]
        certain = {"will", "'ll", "shall"} & {left.modal, right.modal}
        return 0.7 if certain and any(wished) else 0.0
    if not (left.is_finite and right.is_finite):
        return 0.3
    if "open" in kinds:
        return 0.8
    if "can" in {left.modal, right.modal}:
        return 0.7 if "demanded" in kinds else 0.4
    if "reported" in kinds:
        return 0.5
    if one.modality == "fact":
        if other.modal in {"was", "were"} or (other.modal in {"is", "are"} and not one.is_past):
            return 0.4  # was to be released on Monday; is to take effect, takes effect
        if other.modal in {"will", "'ll", "would", "shall"}:
            return 0.7 if one.is_past and other.modal != "would" else 0.4
        announced = other.modal.startswith(_ANNOUNCED) and not one.is_past
        return 0.4 if _is_start(one) or announced else 0.8
    if kinds in ({"planned", "expected"}, {"expected", "possible"}):
        return 0.3
    if "would" in {left.modal, right.modal}:
        return 0.4
    if kinds == {"planned", "demanded"}:
        return 0.7 if "should" in {left.modal, right.modal} else 0.4
    return 0.8


def _is_wished(predicate: Predicate) -> bool:
    """Hoped for or tried, not decided."""
    return any(predicate.modal.startswith(stem) for stem in _WISHES)


def _is_start(predicate: Predicate) -> bool:
    return predicate.verb in load_words("verbs", "chain_planned", "en")
