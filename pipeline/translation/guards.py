"""Reasons to doubt a machine translation, found by rules: what small models are known to do.

A doubt has a weight: the better of two hypotheses is the one with less doubt, then the more
probable one. The weights order kinds of damage (an empty line is worse than a lost number) and
are no probabilities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.translation.content import find_content_fault
from pipeline.translation.names import find_missing_names
from pipeline.translation.numbers import find_missing_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

WORD = re.compile(r"\w+", re.UNICODE)
# "ha ha ha ha", "nananana": a piece of one to twenty characters five times in a row.
STUTTER = re.compile(r"([^\W\d_].{0,19}?)\1{4,}", re.DOTALL)

# Over the development pairs (de-en, 20 to 300 characters) 99.9 % of human translations have a
# length of 0.45 to 2.1 times the source's.
SHORTEST_RATIO = 0.4
LONGEST_RATIO = 2.3
RATIO_FROM_CHARS = 24

WEIGHTS = {
    "empty": 10.0,
    "repetition": 6.0,
    "copied": 5.0,
    "cut off": 4.0,
    "unrelated": 4.0,
    "too short": 4.0,
    "part lost": 3.0,
    "too long": 3.0,
    "number": 2.0,
    "name": 1.0,
}
CONTENT_TEXTS = {
    "unrelated": "unrelated to its source",
    "part lost": "part of the source may be lost",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason, as it is shown: `number 3.000 missing`."""

    kind: str
    text: str

    @property
    def weight(self) -> float:
        """How much worse the translation is for it."""
        return WEIGHTS[self.kind]


def find_doubts(
    source: str, target: str, *, languages: tuple[str, str], ended: bool = True
) -> list[Doubt]:
    """What is wrong with the target as a translation of the source; mostly nothing."""
    if not target.strip():
        return [Doubt("empty", "empty")] if WORD.search(source) else []
    doubts = []
    repeated = find_repetition(source, target)
    if repeated:
        doubts.append(Doubt("repetition", f"repetition of {repeated!r}"))
    if is_copied(source, target):
        doubts.append(Doubt("copied", "copied from the source"))
    doubts += _check_length(source, target, ended=ended)
    fault = find_content_fault(source, target, languages=languages)
    if fault is not None and not doubts:  # a copied or cut-off line has other words anyway
        doubts.append(Doubt(fault, CONTENT_TEXTS[fault]))
    for number in find_missing_numbers(source, target, languages=languages):
        doubts.append(Doubt("number", f"number {number} missing"))
    if all(doubt.kind == "number" for doubt in doubts):  # a line of other words lacks names anyway
        missing = find_missing_names(source, target, languages=languages)
        doubts += [Doubt("name", f"name {name} missing") for name in missing]
    return doubts


def weigh(doubts: Sequence[Doubt]) -> float:
    """The sum of the weights."""
    return sum(doubt.weight for doubt in doubts)


def find_repetition(source: str, target: str) -> str | None:
    """A stretch the target repeats and the source does not, None when there is none.

    One to six words three times in a row, or three words and more coming back four times.
    """
    stutter = STUTTER.search(target)
    if stutter and not STUTTER.search(source):
        return stutter.group(1).strip() or None
    words = [word.casefold() for word in WORD.findall(target)]
    allowed = _count_runs([word.casefold() for word in WORD.findall(source)])
    for size in range(1, 7):
        run = _find_run(words, size)
        if run and run[1] >= 3 and run[1] > allowed:
            return " ".join(run[0])
    return _find_recurring(words)


def is_copied(source: str, target: str) -> bool:
    """True when the target is (nearly) the source: four of five of its lowercase words.

    Lowercase words are the ones a translation must change; names and figures may stay.
    """
    words = WORD.findall(source)
    tell = {word for word in words if len(word) > 2 and word[0].islower()}
    if len(words) < 4 or len(tell) < 2:
        return len(words) > 3 and source.casefold() == target.casefold()
    given = set(WORD.findall(target))
    return len(tell & given) >= 0.8 * len(tell)


def _check_length(source: str, target: str, *, ended: bool) -> list[Doubt]:
    if not ended:
        return [Doubt("cut off", "cut off: the model found no end")]
    if len(source) < RATIO_FROM_CHARS:
        limit = LONGEST_RATIO * RATIO_FROM_CHARS
        return [Doubt("too long", "too long for its source")] if len(target) > limit else []
    ratio = len(target) / len(source)
    if ratio < SHORTEST_RATIO:
        return [Doubt("too short", "too short for its source")]
    if ratio > LONGEST_RATIO:
        return [Doubt("too long", "too long for its source")]
    return []


def _count_runs(words: list[str]) -> int:
    """The longest run of equal neighbours of any size up to six words."""
    runs = [run[1] for size in range(1, 7) if (run := _find_run(words, size))]
    return max(runs, default=1)


def _find_run(words: list[str], size: int) -> tuple[tuple[str, ...], int] | None:
    """The longest run of one n-gram repeated back to back, and how often it stands."""
    best: tuple[tuple[str, ...], int] | None = None
    same = 0
    for position in range(size, len(words)):
        same = same + 1 if words[position] == words[position - size] else 0
        count = same // size + 1
        if same >= size and (best is None or count > best[1]):
            best = (tuple(words[position - size + 1 : position + 1]), count)
    return best


def _find_recurring(words: list[str]) -> str | None:
    """Three words standing at least four times and making up half of the target."""
    counts: dict[tuple[str, ...], int] = {}
    for position in range(len(words) - 2):
        gram = tuple(words[position : position + 3])
        counts[gram] = counts.get(gram, 0) + 1
    gram, count = max(counts.items(), key=lambda item: item[1], default=((), 0))
    return " ".join(gram) if count >= 4 and 3 * count >= 0.5 * len(words) else None
