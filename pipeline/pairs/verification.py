"""Candidate pairs in, verified and refuted pairs out, each with a reason in words.

The probability comes from the learned combination; a detail that differs (a number, a date, who
did it to whom, a denial) forbids `same` whatever the likeness: plain likeness of an edited pair
is higher than that of most true paraphrases. Pairs that speak of the same thing and differ in a
detail are `differs`, the rest is `unrelated`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.pairs.combination import load_combinations
from pipeline.pairs.measurement import measure_pairs, read_with_model
from pipeline.schemas import CANDIDATES, PAIRS, UNITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.config import MatchingConfig
    from pipeline.embedding import Embedder
    from pipeline.pairs.comparison import Comparison
    from pipeline.pairs.model import PairModel

# Below this cheap probability the model is not asked; see models/same-fact/README.md for the
# share of true pairs that lie below it.
MODEL_FLOOR = 0.02
DECIMALS = 4


def verify_pairs(
    candidates: pl.DataFrame,
    units: pl.DataFrame,
    config: MatchingConfig,
    *,
    embedder: Embedder,
    model: PairModel | None = None,
) -> pl.DataFrame:
    """Pairs (schemas.PAIRS) of all candidates, sorted by unit_left, unit_right.

    `score` ranks: a pair that a differing detail forbids stays below the threshold, in the order
    of its probability. Without a model the similarity signals and the comparison decide alone.
    """
    ordered = CANDIDATES.check(candidates).sort("unit_left", "unit_right")
    UNITS.check(units)
    signals, comparisons = measure_pairs(ordered, units, embedder=embedder)
    probability = estimate_probability(signals, units, model)
    vetoed = np.array([comparison.is_vetoed for comparison in comparisons], dtype=np.bool_)
    score = np.where(vetoed, probability * config.threshold * 0.98, probability)
    verdicts = [
        _judge(p, veto, config)
        for p, veto in zip(probability.tolist(), vetoed.tolist(), strict=True)
    ]
    reasons = [
        _explain(verdict, comparison, signals.row(row, named=True))
        for row, (verdict, comparison) in enumerate(zip(verdicts, comparisons, strict=True))
    ]
    return PAIRS.check(
        ordered.with_columns(
            pl.Series("score", np.round(score, DECIMALS), dtype=pl.Float64),
            pl.Series("verdict", verdicts, dtype=pl.String),
            pl.Series("reason", reasons, dtype=pl.String),
        )
    )


def estimate_probability(
    signals: pl.DataFrame, units: pl.DataFrame, model: PairModel | None
) -> NDArray[np.float64]:
    """Probability that both state the same fact, differing details not yet held against it."""
    in_story = (signals["context"] > 0).to_numpy()
    probability = _combine(signals, in_story, "")
    if model is None:
        return probability
    asked = probability >= MODEL_FLOOR
    read = read_with_model(signals.filter(pl.Series(asked)), units, model)
    probability[asked] = _combine(read, in_story[asked], " with model")
    return probability


def _combine(
    signals: pl.DataFrame, in_story: NDArray[np.bool_], suffix: str
) -> NDArray[np.float64]:
    combinations = load_combinations()
    story = combinations["story" + suffix].estimate(signals)
    alone = combinations["alone" + suffix].estimate(signals)
    return np.where(in_story, story, alone)


def _judge(probability: float, vetoed: bool, config: MatchingConfig) -> str:
    if vetoed and probability >= config.differs_threshold:
        return "differs"
    return "same" if probability >= config.threshold and not vetoed else "unrelated"


def _explain(verdict: str, comparison: Comparison, signals: dict[str, float]) -> str:
    """The reason in words: what differs, or what both share."""
    if verdict == "differs":
        return comparison.reason
    shared = [f"{agreement.kind} {agreement.value}" for agreement in comparison.agreements[:3]]
    likeness = f"wording {signals['char5_jaccard']:.2f}, meaning {signals['centred_cosine']:.2f}"
    if verdict == "same":
        return "; ".join([*shared, likeness])
    return "; ".join(filter(None, [comparison.reason, f"not alike enough: {likeness}"]))
