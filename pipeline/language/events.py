"""Events that verbs tell from different sides: A sells to B, B buys from A; A beats B, B loses."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.language.lexicon import load_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.language.roles import Phrase, Predicate

Pattern = tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def _patterns() -> dict[str, tuple[tuple[str, tuple[Pattern, ...]], ...]]:
    """Verb -> its frames, each with the patterns of role and part."""
    found: dict[str, list[tuple[str, tuple[Pattern, ...]]]] = {}
    for frame, verbs in load_table("events")["en"].items():
        for verb, patterns in verbs.items():
            readings = tuple(tuple(pattern.items()) for pattern in patterns)
            found.setdefault(verb, []).append((frame, readings))
    return {verb: tuple(frames) for verb, frames in found.items()}


def read_parts(predicate: Predicate) -> Mapping[str, dict[str, str]]:
    """Frame -> the predicate's roles by part; the pattern that most of its roles fit."""
    return {
        frame: {part: role for role, part in _choose(patterns, predicate.roles)}
        for frame, patterns in _patterns().get(predicate.verb, ())
    }


def _choose(patterns: tuple[Pattern, ...], roles: Mapping[str, Phrase]) -> Pattern:
    return max(patterns, key=lambda pattern: sum(role in roles for role, _ in pattern))


def turn_round(predicate: Predicate, other: Predicate) -> Predicate | None:
    """The other predicate in the first one's roles; None where they tell no event of one frame.

    `B bought the mill from A` becomes subject A, object the mill, to B beside a form of `sell`.
    """
    ours, theirs = read_parts(predicate), read_parts(other)
    for frame in ours.keys() & theirs.keys():
        if ours[frame] == theirs[frame]:
            continue
        own = {part: role for part, role in theirs[frame].items() if role in other.roles}
        named = {
            ours[frame][part]: other.roles[role]
            for part, role in own.items()
            if part in ours[frame]
        }
        rest = {
            role: phrase
            for role, phrase in other.roles.items()
            if role not in own.values() and role not in named
        }
        return replace(other, roles=named | rest)
    return None


def is_stage_of(promise: Predicate, gift: Predicate) -> bool:
    """The one promises or asks for what the other hands over."""
    stages = load_table("events")["stages"]
    known = promise.verb in stages["promising"] or promise.verb in stages["asking"]
    return known and "gift" in read_parts(gift)
