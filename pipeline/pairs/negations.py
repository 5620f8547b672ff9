"""Verified pairs in, the pairs parted where one text says that what the other states is not so.

The pair of both may look unrelated, because they word the rest differently: "she held out the
prospect of a better offer if ...", "Lang did not hold out the prospect of a higher offer". Then
verb and object, read with their roles, say that it is one thing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from pipeline.language.attribution import find_attributions
from pipeline.language.lexicon import load_words
from pipeline.language.names import find_names, names_agree
from pipeline.language.roles import find_predicates
from pipeline.pairs.alignment import align_texts
from pipeline.pairs.parting import part_pairs, release_pairs
from pipeline.pairs.predicates import count_shared, is_denied, pair_predicates

if TYPE_CHECKING:
    from pipeline.language.roles import Phrase
    from pipeline.pairs.alignment import Alignment
    from pipeline.pairs.predicates import PredicatePair

# Verbs that say nothing by themselves: `was not`, `was` deny nothing of each other.
LIGHT = frozenset({"be", "have", "do", "make", "take", "get", "give", "go", "come", "say", "see"})
OF_DATES = re.compile(r"date [^;]+$")
# `would not have placed him`: he was.
HYPOTHETICAL = frozenset({"would", "could", "might"})
# As verification words it: `negation not approve != approve`, `modality planned close != close`.
OF_VERBS = re.compile(r"(?:negation (?:not \S+ != \S+|\S+ != not \S+)|modality [^;]+)$")
# What a speaker who will not speak does not do.
SPEAKING = frozenset({"comment", "speak", "answer", "respond", "reply", "talk", "say"})


def part_negations(pairs: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """The pairs with `differs` where two articles state one thing and its negation.

    Where verification found a verb negated, or only possible, that has nobody and nothing in
    common with its counterpart ("households will have to wait", "the crest is not expected"), the
    pair is `unrelated`: nothing is in dispute. So are deeds of two actors on two days.
    """
    about = units.select("unit_id", "article_id", "target_text")
    rows = pairs.join(about, left_on="unit_left", right_on="unit_id")
    rows = rows.join(about, left_on="unit_right", right_on="unit_id", suffix="_right")
    rows = rows.filter(pl.col("article_id") != pl.col("article_id_right"))
    columns = ("unit_left", "unit_right", "target_text", "target_text_right", "verdict", "reason")
    parted: dict[tuple[str, str], str] = {}
    released: dict[tuple[str, str], str] = {}
    for left, right, text, other, verdict, reason in rows.select(columns).iter_rows():
        if verdict != "differs" and (found := find_negation(text, other)) is not None:
            parted[left, right] = found
        elif verdict == "differs" and (
            (OF_VERBS.match(reason) and not _share_party(text, other))
            or (OF_DATES.match(reason) and _have_other_actors(text, other))
        ):
            released[left, right] = f"not of one thing: {reason}"
    return release_pairs(part_pairs(pairs, parted), released)


def _share_party(left: str, right: str) -> bool:
    """Some verb of one with its counterpart of the other share who or what they are about."""
    alignment = align_texts(left, right, frozenset())
    for pair in pair_predicates(left, right, alignment):
        lefts, rights = list(pair.left.roles.values()), list(pair.right.roles.values())
        if any(phrase.is_pronoun for phrase in (*lefts, *rights)):
            return True
        if any(count_shared(a, b, alignment) for a in lefts for b in rights):
            return True
    return False


def _have_other_actors(left: str, right: str) -> bool:
    """Each verb has a subject, and none is on both sides: two deeds, each on its day."""
    alignment = align_texts(left, right, frozenset())
    subjects = [
        [p.roles.get("subject") for p in find_predicates(text, "en") if p.is_finite]
        for text in (left, right)
    ]
    return all(subjects) and not any(
        _can_be_one(one, other, alignment) for one in subjects[0] for other in subjects[1]
    )


def find_negation(left: str, right: str) -> str | None:
    """The verb that one of two English texts negates and the other does not, of one thing."""
    silence = _find_silence(left, right) or _find_silence(right, left)
    if silence is not None:
        return silence
    if _has_negation(left) == _has_negation(right):
        return None
    alignment = align_texts(left, right, frozenset())
    for pair in pair_predicates(left, right, alignment):
        denied = is_denied(pair.left, left), is_denied(pair.right, right)
        if denied[0] != denied[1] and speaks_of_one_thing(pair, alignment):
            verbs = [f"not {p.verb}" if d else p.verb for p, d in
                     zip((pair.left, pair.right), denied, strict=True)]  # fmt: skip
            return f"negation {verbs[0]} != {verbs[1]}"
    return None


def _has_negation(text: str) -> bool:
    return any(is_denied(predicate, text) for predicate in find_predicates(text, "en"))


def speaks_of_one_thing(pair: PredicatePair, alignment: Alignment) -> bool:
    """One verb with one object, done by one or by somebody whom one text does not name."""
    left, right = pair.left, pair.right
    if pair.is_opposite or left.verb != right.verb or left.verb in LIGHT:
        return False
    if not HYPOTHETICAL.isdisjoint((left.modal, right.modal)):
        return False
    if left.verb in load_words("verbs", "speech", "en") or not (left.is_finite and right.is_finite):
        return False
    one, other = left.roles.get("object"), right.roles.get("object")
    if one is None or other is None or not count_shared(one, other, alignment):
        return False
    return _can_be_one(left.roles.get("subject"), right.roles.get("subject"), alignment)


def _can_be_one(left: Phrase | None, right: Phrase | None, alignment: Alignment) -> bool:
    if left is None or right is None or left.is_pronoun != right.is_pronoun:
        return True
    if left.is_pronoun:
        return left.text.casefold() == right.text.casefold()
    return count_shared(left, right, alignment) > 0


def _find_silence(silent: str, other: str) -> str | None:
    """`The coach declined to comment`, `the coach spoke of a failure`: one name, one of them."""
    refused = [p.verb for p in find_predicates(silent, "en") if p.is_negated and p.verb in SPEAKING]
    if not refused:
        return None
    silenced = _name_speakers(silent, "denying")
    spoke = _name_speakers(other, "plain", "affirming")
    if any(names_agree(one, two) for one in silenced for two in spoke):
        return f"negation not {refused[0]} != spoke"
    return None


def _name_speakers(text: str, *stances: str) -> list[str]:
    """Names in those who say something with one of the stances: `the union IGM` is IGM."""
    speakers = [a.speaker for a in find_attributions(text, "en") if a.stance in stances]
    return [name.key for speaker in speakers for name in find_names(speaker, "en")]
