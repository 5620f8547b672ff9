"""Quality of the fact sheet on stories with gold facts, plain cosine beside it.

`python -m tests.eval stories` prints it. Reference English stands in for the translation, so that
matching is measured alone; segments are the annotated ones, clauses those the chain cuts. The
definitions of the figures are in `tests.eval.story_figures`.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.clusters import cluster_units
from pipeline.config import MatchingConfig
from pipeline.embedding import load_embedder
from pipeline.facts import build_facts
from pipeline.pairs.candidates import find_candidate_pairs
from pipeline.pairs.completion import complete_clauses
from pipeline.pairs.contradictions import part_contradictions
from pipeline.pairs.model import load_story_model
from pipeline.pairs.reports import verify_reports
from pipeline.pairs.verification import verify_pairs
from pipeline.units import build_units
from tests.eval.gold import HELD_OUT, OWN_STORIES, GoldStory, gold_folder, load_gold_story
from tests.eval.grouping import print_grouping
from tests.eval.speed import measure_translation
from tests.eval.story_figures import (
    Counts,
    Pair,
    StoryReport,
    count_pairs,
    cross_pairs,
    report_story,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.embedding import Embedder
    from pipeline.pairs.model import PairModel

STORIES = (*OWN_STORIES, "seeds")
UNMATCHED = ["byline", "dateline", "boilerplate"]


@dataclass(frozen=True, slots=True)
class StoryRun:
    """One gold story through candidates, verification, clusters and facts."""

    gold: GoldStory
    units: pl.DataFrame
    candidates: pl.DataFrame
    pairs: pl.DataFrame
    facts: pl.DataFrame
    verify_seconds: float


def run_story(
    gold: GoldStory, config: MatchingConfig, *, embedder: Embedder, model: PairModel | None
) -> StoryRun:
    """The chain from units to facts, on the gold's segments and reference English."""
    units = build_story_units(gold)
    complete = complete_clauses(units)
    candidates = find_candidate_pairs(complete, config, embedder=embedder)
    start = time.monotonic()
    pairs = verify_pairs(candidates, complete, config, embedder=embedder, story_model=model)
    pairs = verify_reports(pairs, complete, config, embedder=embedder, story_model=model)
    pairs = part_contradictions(pairs, complete, config)
    seconds = time.monotonic() - start
    clusters = cluster_units(pairs, units, config)
    facts = build_facts(
        clusters, pairs, units, gold.segments, gold.articles, gold.translations, config
    )
    return StoryRun(gold, units, candidates, pairs, facts, seconds)


def build_story_units(gold: GoldStory) -> pl.DataFrame:
    """The gold story's units."""
    units = build_units(
        gold.segments, gold.clauses, gold.translations, gold.clause_targets, gold.articles
    )
    return units.with_columns(story_id=pl.lit(gold.name))


def load_stories(names: Sequence[str] = STORIES) -> tuple[list[GoldStory], list[str]]:
    """Gold stories on this machine, and the names of those that are not."""
    folders = {name: gold_folder(name) for name in names}
    found = [load_gold_story(folder) for folder in folders.values() if folder is not None]
    return found, [name for name, folder in folders.items() if folder is None]


def print_report() -> None:
    """All figures on standard output."""
    stories, absent = load_stories()
    for name in absent:
        print(f"{name}: left out, its data are not on this machine")
    embedder, model = load_embedder(), load_story_model()
    config = MatchingConfig()
    runs = [run_story(gold, config, embedder=embedder, model=model) for gold in stories]
    reports = [report_story(run.facts, run.gold) for run in runs]
    _print_stories(reports)
    held_out, _ = load_stories(HELD_OUT)
    print("held out: no fit has seen these")
    others = [run_story(gold, config, embedder=embedder, model=model) for gold in held_out]
    _print_stories([report_story(run.facts, run.gold) for run in others])
    _print_cosine(runs, embedder)
    _print_candidates(runs, config, embedder)
    _print_speed(runs)
    print_grouping([*stories, *held_out], config, embedder)
    with_model = "with" if model is not None else "without"
    print(f"signature: threshold {config.threshold}, {embedder.name}, {with_model} same-fact model")


def _print_stories(reports: Sequence[StoryReport]) -> None:
    """A line or two a story, and the pairs of all."""
    for report in reports:
        print(format_report(report))
    total = sum((report.pairs for report in reports), Counts(0, 0, 0, 0))
    found = sum(report.conflicts_found for report in reports)
    gold = sum(report.conflicts_gold for report in reports)
    listed = sum(report.conflicts_listed for report in reports)
    print(f"{'all':8} {format_counts(total)}  conflicts {found}/{gold} ({listed} listed)")


def _print_speed(runs: Sequence[StoryRun]) -> None:
    """Verification, and beside it the translation of the same stories."""
    spent = sum(run.verify_seconds for run in runs)
    compared = sum(run.candidates.height for run in runs)
    print(f"verification: {compared} pairs in {spent:.1f} s")
    matched = pl.col("kind").is_in(UNMATCHED).not_()
    texts = [
        text for run in runs for text in run.gold.segments.filter(matched)["source_text"].to_list()
    ]
    measured = measure_translation(texts)
    if measured is None:
        print("translation of the same stories: no package and no text to build one from")
        return
    seconds, what = measured
    print(
        f"translation of the same stories: {len(texts)} segments in {seconds:.1f} s with {what}; "
        f"verification takes {spent / seconds:.2f} of it"
    )


def _print_cosine(runs: Sequence[StoryRun], embedder: Embedder) -> None:
    """Plain cosine of whole segments, at the threshold that is best for these very stories."""
    scored = [(run.gold, score_cosine(run.units, embedder)) for run in runs]
    threshold, counts = find_best_cosine(scored)
    print(f"cosine   {format_counts(counts)}  at its best threshold {threshold:.2f}")


def _print_candidates(runs: Sequence[StoryRun], config: MatchingConfig, embedder: Embedder) -> None:
    """Share of gold pairs that reach verification, as shipped and in one large story."""
    large = replace(config, all_pairs_units=0)
    mixed = pl.concat([run.units for run in runs]).with_columns(story_id=pl.lit("mixed"))
    found = find_candidate_pairs(mixed, large, embedder=embedder)
    everything = pl.concat([run.candidates for run in runs])
    for label, candidates in (("each story", everything), ("one large story", found)):
        hits = [hit for run in runs for hit in reach_verification(run, candidates)]
        ratio = candidates.height / mixed.height
        print(
            f"candidates, {label}: {np.mean(hits):.3f} of {len(hits)} gold pairs, "
            f"{ratio:.1f} pairs a unit"
        )


def reach_verification(run: StoryRun, candidates: pl.DataFrame) -> list[bool]:
    """For each gold pair of the story: a candidate overlaps both mentions."""
    spans = list(run.units.select("unit_id", "article_id", "start_char", "end_char").iter_rows())
    known = set(candidates.select("unit_left", "unit_right").iter_rows())
    hits = []
    for fact in run.gold.facts:
        for pair in cross_pairs(fact.mentions, partial=False):
            left, right = ([u for u, *span in spans if side.overlaps(*span)] for side in pair)
            sides = itertools.product(left, right)
            hits.append(any((min(ids), max(ids)) in known for ids in sides))
    return hits


def score_cosine(units: pl.DataFrame, embedder: Embedder) -> list[tuple[float, Pair]]:
    """Plain cosine of every two whole segments in different articles, highest first."""
    whole = units.filter(pl.col("kind") != "clause").sort("unit_id")
    vectors = embedder.encode(whole["target_text"].to_list())
    similarity = vectors @ vectors.T
    spans = list(whole.select("article_id", "start_char", "end_char").iter_rows())
    return sorted(
        (
            (float(similarity[i, j]), (spans[i], spans[j]))
            for i, j in itertools.combinations(range(len(spans)), 2)
            if spans[i][0] != spans[j][0]
        ),
        reverse=True,
    )


def find_best_cosine(
    stories: Sequence[tuple[GoldStory, list[tuple[float, Pair]]]],
) -> tuple[float, Counts]:
    """The one threshold that is best for all stories together, and what it reaches."""
    best = (1.0, Counts(0, 0, 0, 1))
    for threshold in np.arange(0.4, 0.96, 0.01):
        total = Counts(0, 0, 0, 0)
        for gold, scored in stories:
            pairs = [pair for score, pair in scored if score >= threshold]
            total += count_pairs(pairs, [list(pair) for pair in pairs], gold)
        if total.f1 > best[1].f1:
            best = (float(threshold), total)
    return best


def format_counts(pairs: Counts) -> str:
    """Precision, recall and F1 of mention pairs, with what they are made of."""
    return (
        f"pairs P {pairs.precision:.3f} R {pairs.recall:.3f} F1 {pairs.f1:.3f} "
        f"({pairs.right}/{pairs.predicted}, {pairs.found}/{pairs.gold})"
    )


def format_report(report: StoryReport) -> str:
    """One line of figures; what went wrong is named in a second one."""
    line = (
        f"{report.name:8} {format_counts(report.pairs)}  "
        f"facts {report.facts_found}/{report.facts_gold}  "
        f"confusables merged {len(report.merged_confusables)}/{report.confusables}  "
        f"conflicts {report.conflicts_found}/{report.conflicts_gold} "
        f"({report.conflicts_listed} listed)  redundancy {report.redundancy:.3f}  "
        "B3 {:.3f}/{:.3f}/{:.3f}  ".format(*report.b_cubed)
        + f"spans {report.span_overlap:.2f}  lines {report.fact_count}"
    )
    wrong = [*report.missed_facts, *(f"merged {name}" for name in report.merged_confusables)]
    return f"{line}\n{'':9}{', '.join(wrong)}" if wrong else line
