"""Candidate pairs in, verified and refuted pairs out, each with a reason in words.

The probability comes from the learned combination; a detail that differs (a number, a date, who
did it to whom, a denial) forbids `same` whatever the likeness: an edited pair is liker than most
true paraphrases. Pairs that speak of the same thing and differ in a detail are `differs`, the
rest is `unrelated`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.pairs.combination import load_combinations
from pipeline.pairs.comparison import KINDS
from pipeline.pairs.measurement import (
    add_comparisons,
    compare_details,
    measure_likeness,
    read_with_model,
)
from pipeline.pairs.scoring import AMONG_CLAUSES, AMONG_SENTENCES, LONE
from pipeline.schemas import CANDIDATES, PAIRS, UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.config import MatchingConfig
    from pipeline.embedding import Embedder
    from pipeline.pairs.comparison import Comparison
    from pipeline.pairs.model import PairModel

# Whose weights hold in which company. Articles come with clauses, `dedup` has sentences.
REGIMES = {LONE: "alone", AMONG_SENTENCES: "sentences", AMONG_CLAUSES: "story"}
# A pair less probable at a glance is neither compared in detail nor read by the model. The share
# of true pairs lost to it stands in models/same-fact/README.md.
GLANCE_FLOORS = {LONE: 0.02, AMONG_SENTENCES: 0.02, AMONG_CLAUSES: 0.05}
# The model for stories is asked where likeness and comparison leave it open, and of two articles.
ASKED_FROM, ASKED_BELOW = 0.3, 0.8
# A pair whose every content word, figure and date has its like on the other side, and nothing
# differs, is at least this probable: of 410 such pairs 409 were one fact (121 of ECB+, MRPC train
# and the gold stories, all of them; 289 made up for this).
COMPLETE = 0.9
# Two sentences without company are often long and loosely alike, and people call them the same
# although one says `confirmed` and the other `said` (MRPC train: more than half of the pairs with a
# differing detail). There a detail forbids where little else differs: a changed detail leaves at
# most this many stems that only one side has.
FEW_STEMS = 4
DECIMALS = 4


def verify_pairs(
    candidates: pl.DataFrame,
    units: pl.DataFrame,
    config: MatchingConfig,
    *,
    embedder: Embedder,
    model: PairModel | None = None,
    story_model: PairModel | None = None,
    same_names: Sequence[tuple[str, str]] = (),
) -> pl.DataFrame:
    """Pairs (schemas.PAIRS) of all candidates, sorted by unit_left, unit_right.

    `score` ranks: a pair that a differing detail forbids stays below the threshold, in the order
    of its probability. `model` is asked of two sentences without company, `story_model` of units
    of a story; without it the similarity signals and the comparison decide alone. `same_names`
    mean one, as a termbase says.
    """
    UNITS.check(units)
    ordered = CANDIDATES.check(candidates).sort("unit_left", "unit_right")
    signals = measure_likeness(ordered, units, embedder=embedder)
    likeness = _combine(signals, " glance")
    probability = likeness.copy()
    floors = signals["context"].replace_strict(GLANCE_FLOORS, return_dtype=pl.Float64)
    near = likeness >= floors.to_numpy()
    comparisons = compare_details(signals.filter(pl.Series(near)), units, same_names)
    compared = add_comparisons(signals.filter(pl.Series(near)), comparisons)
    probability[near] = estimate_probability(compared, units, model, story_model)
    vetoed = np.zeros(len(ordered), dtype=np.bool_)
    vetoed[near] = find_vetoes(compared)
    score = np.where(vetoed, probability * config.threshold * 0.98, probability)
    # Whether both speak of one thing is asked of likeness too: the model's word on a pair with a
    # changed number is that it is not the same fact.
    subject = np.maximum(likeness, probability)
    verdicts = [
        judge_pair(p, about, veto, config)
        for p, about, veto in zip(
            probability.tolist(), subject.tolist(), vetoed.tolist(), strict=True
        )
    ]
    return PAIRS.check(
        ordered.with_columns(
            pl.Series("score", np.round(score, DECIMALS), dtype=pl.Float64),
            pl.Series("verdict", verdicts, dtype=pl.String),
            pl.Series("reason", _explain_all(signals, near, verdicts, comparisons), pl.String),
        )
    )


def estimate_probability(
    compared: pl.DataFrame,
    units: pl.DataFrame,
    model: PairModel | None,
    story_model: PairModel | None = None,
) -> NDArray[np.float64]:
    """Probability that both state the same fact, vetoes not yet held against it.

    Among whole sentences no model is asked: its word added .003 average precision on ECB+ and
    .019 on Multi-News, at 10 ms a pair.
    """
    probability = _combine(compared)
    context = compared["context"].to_numpy()
    open_yet = (probability >= ASKED_FROM) & (probability < ASKED_BELOW)
    asked = (
        (model, "alone with model", context == LONE),
        (
            story_model,
            "story with model",
            (context == AMONG_CLAUSES) & open_yet & _are_apart(compared, units),
        ),
    )
    for reader, name, rows in asked:
        if reader is not None and rows.any():
            read = read_with_model(compared.filter(pl.Series(rows)), units, reader)
            probability[rows] = load_combinations()[name].estimate(read)
    complete = (compared["complete"] > 0).to_numpy()
    return np.where(complete, np.maximum(probability, COMPLETE), probability)


def _are_apart(pairs: pl.DataFrame, units: pl.DataFrame) -> NDArray[np.bool_]:
    """Whether the two units stand in different articles: only there the model's word is needed."""
    article = dict(units.select("unit_id", "article_id").iter_rows())
    sides = pairs.select("unit_left", "unit_right").iter_rows()
    return np.array([article[left] != article[right] for left, right in sides], dtype=np.bool_)


def find_vetoes(compared: pl.DataFrame) -> NDArray[np.bool_]:
    """Whether a differing detail forbids that both state the same fact."""
    has_veto = np.logical_or.reduce([(compared[f"vetoes_{kind}"] > 0).to_numpy() for kind in KINDS])
    in_story = (compared["context"] > 0).to_numpy()
    few = (compared["differing_stems"] <= FEW_STEMS).to_numpy()
    return np.asarray(has_veto & (in_story | few), dtype=np.bool_)


def _combine(signals: pl.DataFrame, step: str = "") -> NDArray[np.float64]:
    """The step's logistic: one for lone pairs, among sentences, and among clauses."""
    combinations = load_combinations()
    context = signals["context"].to_numpy()
    probability = np.zeros(len(signals))
    for kind, name in REGIMES.items():
        concerned = context == kind
        if concerned.any():
            part = signals.filter(pl.Series(concerned))
            probability[concerned] = combinations[f"{name}{step}"].estimate(part)
    return probability


def judge_pair(probability: float, subject: float, vetoed: bool, config: MatchingConfig) -> str:
    """The verdict (schemas.VERDICTS) for the probabilities of one fact and of one subject."""
    if vetoed:
        return "differs" if subject >= config.differs_threshold else "unrelated"
    return "same" if probability >= config.threshold else "unrelated"


def _explain_all(
    signals: pl.DataFrame,
    near: NDArray[np.bool_],
    verdicts: Sequence[str],
    comparisons: Sequence[Comparison],
) -> list[str]:
    found = iter(comparisons)
    wording, meaning = signals["char5_jaccard"].to_list(), signals["centred_cosine"].to_list()
    return [
        explain_verdict(verdict, next(found) if is_near else None, wording[row], meaning[row])
        for row, (verdict, is_near) in enumerate(zip(verdicts, near.tolist(), strict=True))
    ]


def explain_verdict(
    verdict: str, comparison: Comparison | None, wording: float, meaning: float
) -> str:
    """The reason in words: what differs, or what both share and how alike they are."""
    likeness = f"wording {wording:.2f}, meaning {meaning:.2f}"
    if comparison is None:
        return f"not alike: {likeness}"
    if verdict == "differs":
        return comparison.reason
    if verdict == "same":
        shared = [f"{agreement.kind} {agreement.value}" for agreement in comparison.agreements[:3]]
        return "; ".join([*shared, likeness])
    return "; ".join(filter(None, [comparison.reason, f"not alike enough: {likeness}"]))
