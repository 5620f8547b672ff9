"""Verified pairs in, the pairs parted that an article sets against each other.

"The employers speak of 20 million euros. The institute, by contrast, arrives at twelve": two
sentences of one article that give rival figures for what only the first of them names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipeline.language.roles import find_predicates
from pipeline.pairs.figures import find_rival_figures
from pipeline.pairs.parting import part_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

HEADINGS = ("headline", "subheading")
CONTRAST = re.compile(
    r"\b(?:on the other hand|by contrast|in contrast|conversely|on the contrary)\b", re.IGNORECASE
)
# Ends the reason, so that facts know that the article itself sets the two side by side.
SET_AGAINST = "set against each other"


def part_contrasts(pairs: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """The pairs with `differs` where a sentence gives another figure than the one before it."""
    reasons = {
        (min(one, other), max(one, other)): f"number {left} != {right}, {SET_AGAINST}"
        for one, other, left, right in _find_contrasts(units)
    }
    return part_pairs(pairs, reasons)


def _find_contrasts(units: pl.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    """Units of a sentence and the next that contradicts it, with their figures."""
    sentences: defaultdict[str, list[list[dict[str, Any]]]] = defaultdict(list)
    ordered = units.sort("article_id", "segment_id", "start_char", "unit_id")
    for (article, _), rows in ordered.group_by(["article_id", "segment_id"], maintain_order=True):
        members = list(rows.iter_rows(named=True))
        if not any(row["kind"] in HEADINGS for row in members):
            sentences[str(article)].append(members)
    for _, found in sorted(sentences.items()):
        found.sort(key=lambda members: min(row["start_char"] for row in members))
        for before, after in pairwise(found):
            yield from _compare_sentences(before, after)


def _compare_sentences(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> Iterator[tuple[str, str, str, str]]:
    for other in after:
        if CONTRAST.search(other["target_text"]) is None or not _states(other["target_text"]):
            continue
        for one in before:
            if not _states(one["target_text"]):
                continue
            rivals = find_rival_figures(one["target_text"], other["target_text"], any_noun=False)
            if rivals is not None:
                yield one["unit_id"], other["unit_id"], *rivals


def _states(text: str) -> bool:
    """Nothing in it is only wanted or planned: an offer and a demand don't contradict."""
    return all(predicate.modality == "fact" for predicate in find_predicates(text, "en"))
