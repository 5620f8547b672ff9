"""What a fact sheet gets right on a story with gold facts: the definitions, as functions.

Definitions. A *gold pair* is two full (not `partial`) mentions of one gold fact in different
articles. A *predicted pair* is two mentions of one fact in different articles; it is right when
gold links spans that overlap both (`partial` mentions included). A gold pair is found when some
fact has mentions overlapping both. Precision, recall and F1 are over these pairs. A confusable
pair is merged when one fact has mentions overlapping both spans; where the two segments share
another gold fact that is no error and not counted. A conflict is found when a listed conflict
holds two facts whose mentions overlap two spans of the gold conflict.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.eval.gold import GoldMention, GoldStory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import polars as pl


Span = tuple[str, int, int]
Pair = tuple[Span, Span]


@dataclass(frozen=True, slots=True)
class Counts:
    """Right and predicted, found and gold: what precision, recall and F1 are made of."""

    right: int
    predicted: int
    found: int
    gold: int

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.right + other.right,
            self.predicted + other.predicted,
            self.found + other.found,
            self.gold + other.gold,
        )

    @property
    def precision(self) -> float:
        """Share of the predicted pairs that gold links; 1 when nothing is predicted."""
        return self.right / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold pairs that are found."""
        return self.found / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class StoryReport:
    """All figures of one story."""

    name: str
    pairs: Counts
    facts_found: int
    facts_gold: int
    missed_facts: tuple[str, ...]
    merged_confusables: tuple[str, ...]
    confusables: int
    conflicts_found: int
    conflicts_gold: int
    conflicts_listed: int
    redundancy: float
    b_cubed: tuple[float, float, float]
    span_overlap: float
    fact_count: int


def report_story(facts: pl.DataFrame, gold: GoldStory) -> StoryReport:
    """The figures of the facts found in one gold story."""
    groups = [read_spans(fact) for fact in facts.iter_rows(named=True)]
    predicted = list_pairs(groups)
    crossing = [fact for fact in gold.facts if is_cross_outlet(fact.mentions)]
    missed = tuple(
        fact.fact_id
        for fact in crossing
        if not any(is_found(pair, groups) for pair in cross_pairs(fact.mentions, partial=False))
    )
    merged = tuple(
        pair.pair_id
        for pair in gold.confusables
        if not pair.shares_core and is_found((pair.left, pair.right), groups)
    )
    found = sum(is_conflict_listed(conflict.mentions, facts) for conflict in gold.conflicts)
    listed = {
        tuple(conflict["fact_ids"])
        for fact in facts.iter_rows(named=True)
        for conflict in fact["conflicts"]
    }
    return StoryReport(
        name=gold.name,
        pairs=count_pairs(predicted, groups, gold),
        facts_found=len(crossing) - len(missed),
        facts_gold=len(crossing),
        missed_facts=missed,
        merged_confusables=merged,
        confusables=sum(not pair.shares_core for pair in gold.confusables),
        conflicts_found=found,
        conflicts_gold=len(gold.conflicts),
        conflicts_listed=len(listed),
        redundancy=measure_redundancy(groups, gold),
        b_cubed=measure_b_cubed(groups, gold),
        span_overlap=measure_span_overlap(groups, gold),
        fact_count=len(facts),
    )


def read_spans(fact: dict[str, Any]) -> list[Span]:
    """Article, start and end of each mention, canonical first."""
    return [(m["article_id"], m["start_char"], m["end_char"]) for m in fact["mentions"]]


def list_pairs(groups: Iterable[Sequence[Span]]) -> set[Pair]:
    """Pairs of mentions of one fact in different articles, each once."""
    return {
        (left, right)
        for spans in groups
        for left, right in itertools.combinations(sorted(set(spans)), 2)
        if left[0] != right[0]
    }


def cross_pairs(
    mentions: Sequence[GoldMention], *, partial: bool
) -> Iterator[tuple[GoldMention, GoldMention]]:
    """Pairs of mentions in different articles; without the partial ones unless asked for."""
    for left, right in itertools.combinations(mentions, 2):
        if left.article_id != right.article_id and (partial or not (left.partial or right.partial)):
            yield left, right


def is_cross_outlet(mentions: Sequence[GoldMention]) -> bool:
    """True when two articles state the fact in full."""
    return next(cross_pairs(mentions, partial=False), None) is not None


def is_found(pair: tuple[GoldMention, GoldMention], groups: Iterable[Sequence[Span]]) -> bool:
    """True when one fact has mentions overlapping both."""
    left, right = pair
    return any(
        any(left.overlaps(*span) for span in spans) and any(right.overlaps(*span) for span in spans)
        for spans in groups
    )


def is_linked(pair: Pair, gold: GoldStory) -> bool:
    """True when a gold fact has mentions overlapping both spans."""
    left, right = pair
    return any(
        any(mention.overlaps(*left) for mention in fact.mentions)
        and any(mention.overlaps(*right) for mention in fact.mentions)
        for fact in gold.facts
    )


def count_pairs(
    predicted: Iterable[Pair], groups: Sequence[Sequence[Span]], gold: GoldStory
) -> Counts:
    """Right and found pairs, as the module's docstring defines them."""
    judged = [is_linked(pair, gold) for pair in predicted]
    wanted = [pair for fact in gold.facts for pair in cross_pairs(fact.mentions, partial=False)]
    found = [is_found(pair, groups) for pair in wanted]
    return Counts(sum(judged), len(judged), sum(found), len(found))


def is_conflict_listed(mentions: Sequence[GoldMention], facts: pl.DataFrame) -> bool:
    """True when a listed conflict holds two facts that state two of these spans."""
    touched: dict[str, set[int]] = {}
    for fact in facts.iter_rows(named=True):
        spans = read_spans(fact)
        touched[fact["fact_id"]] = {
            number
            for number, mention in enumerate(mentions)
            if any(mention.overlaps(*span) for span in spans)
        }
    return any(
        bool(touched[one]) and bool(touched[other]) and len(touched[one] | touched[other]) > 1
        for fact in facts.iter_rows(named=True)
        for conflict in fact["conflicts"]
        for one, other in itertools.combinations(conflict["fact_ids"], 2)
    )


def measure_redundancy(groups: Sequence[Sequence[Span]], gold: GoldStory) -> float:
    """Share of the sheet's lines that repeat a gold fact which an earlier line states."""
    repeated = 0
    for number, spans in enumerate(groups):
        shown = spans[0]
        stated = [
            fact for fact in gold.facts if any(states(shown, mention) for mention in fact.mentions)
        ]
        earlier = groups[:number]
        repeated += bool(stated) and all(
            any(states(other[0], mention) for other in earlier for mention in fact.mentions)
            for fact in stated
        )
    return repeated / len(groups) if groups else 0.0


def states(span: Span, mention: GoldMention) -> bool:
    """True when the span covers at least half of a full mention."""
    if mention.partial or not mention.overlaps(*span):
        return False
    shared = min(span[2], mention.end_char) - max(span[1], mention.start_char)
    return shared * 2 >= mention.end_char - mention.start_char


def measure_b_cubed(
    groups: Sequence[Sequence[Span]], gold: GoldStory
) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 over the full mentions of the gold facts."""
    items = [(f, m) for f, fact in enumerate(gold.facts) for m in fact.mentions if not m.partial]
    homes = [
        {n for n, spans in enumerate(groups) if any(mention.overlaps(*span) for span in spans)}
        for _, mention in items
    ]
    precisions, recalls = [], []
    linked = [
        {
            number
            for number, fact in enumerate(gold.facts)
            if any(m.overlaps(*span) for m in fact.mentions)
        }
        for _, mention in items
        for span in [(mention.article_id, mention.start_char, mention.end_char)]
    ]
    for one, (fact, _) in enumerate(items):
        partners = [other for other in range(len(items)) if homes[one] & homes[other]]
        fellows = [other for other in range(len(items)) if items[other][0] == fact]
        right = [other for other in partners if linked[one] & linked[other]]
        precisions.append(len(right) / len(partners) if partners else 0.0)
        recalls.append(len(set(partners) & set(fellows)) / len(fellows))
    precision, recall = float(np.mean(precisions)), float(np.mean(recalls))
    return precision, recall, 2 * precision * recall / (precision + recall or 1.0)


def measure_span_overlap(groups: Sequence[Sequence[Span]], gold: GoldStory) -> float:
    """Mean overlap (intersection over union) of gold spans in found pairs with the best mention."""
    overlaps: list[float] = []
    for fact in gold.facts:
        for pair in cross_pairs(fact.mentions, partial=False):
            homes = [spans for spans in groups if is_found(pair, [spans])]
            overlaps.extend(
                max(intersection_over_union(span, m) for spans in homes for span in spans)
                for m in pair
                if homes
            )
    return float(np.mean(overlaps)) if overlaps else 0.0


def intersection_over_union(span: Span, mention: GoldMention) -> float:
    """Shared characters over all characters of both; 0 in different articles."""
    if not mention.overlaps(*span):
        return 0.0
    shared = min(span[2], mention.end_char) - max(span[1], mention.start_char)
    return shared / (max(span[2], mention.end_char) - min(span[1], mention.start_char))
