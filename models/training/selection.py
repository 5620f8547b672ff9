"""Which of the clean pairs are kept: no line twice, few drills, the best of many translations.

Input and output are `Pair`s; every pair that goes is counted under a reason.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHARED_WORDS = 8  # so many words in a row in common with a held-out line count as a copy of it
FRAME_WORDS = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """A German line with its English; `part` is the row number in the table of parts."""

    german: str
    english: str
    part: int


def fold_text(text: str) -> str:
    """Letters and digits only, without case: two lines with one fold are the same line."""
    return "".join(char for char in text.casefold() if char.isalnum())


def drop_repeats(pairs: Iterable[Pair], lost: Counter[str]) -> list[Pair]:
    """The first of every pair that reads the same, whichever part it stands in."""
    seen: set[bytes] = set()
    kept: list[Pair] = []
    for pair in pairs:
        key = _digest(f"{fold_text(pair.german)}\t{fold_text(pair.english)}")
        if key in seen:
            lost["repeat"] += 1
            continue
        seen.add(key)
        kept.append(pair)
    return kept


def limit_skeletons(pairs: Sequence[Pair], limits: Sequence[int], lost: Counter[str]) -> list[Pair]:
    """At most `limits[part]` distinct German lines a part that begin, or end, in the same words.

    All translations of a kept line stay. A limit of 0 keeps everything.
    """
    verdicts: dict[tuple[int, str], bool] = {}
    frames: Counter[tuple[int, str, str]] = Counter()
    kept: list[Pair] = []
    for pair in pairs:
        limit = limits[pair.part]
        line = (pair.part, pair.german)
        if limit and line not in verdicts:
            verdicts[line] = _take_frame(pair, limit, frames)
        if limit and not verdicts[line]:
            lost["skeleton"] += 1
        else:
            kept.append(pair)
    return kept


def _take_frame(pair: Pair, limit: int, frames: Counter[tuple[int, str, str]]) -> bool:
    words = pair.german.casefold().split()
    if len(words) <= FRAME_WORDS:
        return True
    begin = (pair.part, "begin", " ".join(words[:FRAME_WORDS]))
    end = (pair.part, "end", " ".join(words[-FRAME_WORDS:]))
    if frames[begin] >= limit or frames[end] >= limit:
        return False
    frames[begin] += 1
    frames[end] += 1
    return True


def limit_fan_out(pairs: Sequence[Pair], limits: Sequence[int], lost: Counter[str]) -> list[Pair]:
    """At most `limits[part]` English sides a German line, then German sides an English line.

    Among several systems' outputs the one most like all the others is the safest translation
    (minimum Bayes risk with the systems as samples), so the lone reading goes first.
    """
    kept = _limit_side(pairs, limits, [pair.german for pair in pairs], [p.english for p in pairs])
    lost["fan out"] += len(pairs) - len(kept)
    half = [pairs[row] for row in kept]
    kept = _limit_side(half, limits, [pair.english for pair in half], [p.german for p in half])
    lost["fan out"] += len(half) - len(kept)
    return [half[row] for row in kept]


def _limit_side(
    pairs: Sequence[Pair], limits: Sequence[int], keys: Sequence[str], others: Sequence[str]
) -> list[int]:
    groups: defaultdict[bytes, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        groups[_digest(fold_text(key))].append(row)
    kept: list[int] = []
    for rows in groups.values():
        limit = max(limits[pairs[row].part] for row in rows)
        if len(rows) <= limit:
            kept.extend(rows)
        else:
            kept.extend(_rank_by_consensus(rows, [others[row] for row in rows])[:limit])
    return sorted(kept)


def _rank_by_consensus(rows: Sequence[int], texts: Sequence[str]) -> list[int]:
    """Rows, the one with the highest mean overlap with all other texts first."""
    grams = [_count_grams(text) for text in texts]
    sizes = [sum(counts.values()) or 1 for counts in grams]
    scores = []
    for here, mine in enumerate(grams):
        total = 0.0
        for there, other in enumerate(grams):
            if there != here:
                shared = sum((mine & other).values())
                total += 2.0 * shared / (sizes[here] + sizes[there])
        scores.append(total)
    return [rows[at] for at in sorted(range(len(rows)), key=lambda at: (-scores[at], rows[at]))]


def _count_grams(text: str) -> Counter[str]:
    words = text.casefold().split()
    return Counter(words) + Counter(map(" ".join, itertools.pairwise(words)))


def drop_held_out(pairs: Sequence[Pair], held_out: Sequence[str], lost: Counter[str]) -> list[Pair]:
    """Pairs of which no side is, or shares a long run of words with, a held-out line."""
    lines = {fold_text(line) for line in held_out}
    runs = {run for line in held_out for run in _list_runs(line)}
    kept: list[Pair] = []
    for pair in pairs:
        if fold_text(pair.german) in lines or fold_text(pair.english) in lines:
            lost["held out"] += 1
        elif any(run in runs for side in (pair.german, pair.english) for run in _list_runs(side)):
            lost["held out overlap"] += 1
        else:
            kept.append(pair)
    return kept


def _list_runs(text: str) -> Iterable[str]:
    words = [fold for word in text.split() if (fold := fold_text(word))]
    for start in range(len(words) - SHARED_WORDS + 1):
        yield " ".join(words[start : start + SHARED_WORDS])


def hold_back(
    pairs: Sequence[Pair], domains: Sequence[str], count: int, lost: Counter[str]
) -> tuple[list[Pair], list[Pair]]:
    """Training pairs, and `count` pairs a domain held back from them for validation.

    Which lines are held back depends on their text alone, so a new part moves no other's. A line
    is held back with all its translations and back, of which one pair is kept.
    """
    ranked: defaultdict[str, list[tuple[bytes, int]]] = defaultdict(list)
    for row, pair in enumerate(pairs):
        ranked[domains[pair.part]].append((_digest(fold_text(pair.german)), row))
    chosen: list[Pair] = []
    folds: set[bytes] = set()
    for domain in sorted(ranked):
        taken: set[bytes] = set()
        for key, row in sorted(ranked[domain]):
            if len(taken) >= count:
                break
            if key in taken or len(pairs[row].german.split()) < 4:
                continue
            taken.add(key)
            chosen.append(pairs[row])
            folds.update((key, _digest(fold_text(pairs[row].english))))
    rest = []
    for pair in pairs:
        if {_digest(fold_text(pair.german)), _digest(fold_text(pair.english))} & folds:
            lost["held back"] += 1
        else:
            rest.append(pair)
    return rest, chosen


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8"), digest_size=10).digest()
