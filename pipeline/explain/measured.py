"""Two free texts in, their explanation out: measured afresh, without a story around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.config import MatchingConfig
from pipeline.errors import InputError
from pipeline.explain.explanation import PairExplanation, Side, Signal, list_details
from pipeline.pairs.combination import Combination, load_combinations
from pipeline.pairs.measurement import measure_pairs, read_with_model
from pipeline.pairs.verification import estimate_probability, verify_pairs
from pipeline.schemas import CANDIDATES, UNITS

if TYPE_CHECKING:
    import datetime as dt

    import polars as pl

    from pipeline.embedding import Embedder
    from pipeline.pairs.model import PairModel


def explain_texts(
    left: str,
    right: str,
    *,
    config: MatchingConfig | None = None,
    embedder: Embedder | None = None,
    model: PairModel | None = None,
    source_left: str | None = None,
    source_right: str | None = None,
    source_language: str = "de",
    published_left: dt.date | None = None,
    published_right: dt.date | None = None,
) -> PairExplanation:
    """Two English texts measured as a pair without a story around it.

    Args:
        left: a sentence or clause.
        right: the other one.
        config: thresholds; defaults when None.
        embedder: loaded from the configuration when None.
        model: the same-fact model; the bundled one when None, none where there is none.
        source_left: the text it was translated from; null for English.
        source_right: the same of the other.
        source_language: language of both sources.
        published_left: date of the article, to resolve weekdays.
        published_right: the same of the other.

    Raises:
        InputError: a text is empty.
    """
    if not left.strip() or not right.strip():
        raise InputError("explain: a text is empty; give two sentences")
    config = config or MatchingConfig()
    embedder, model = _load_models(config, embedder, model)
    sides = [
        (left, source_left, published_left),
        (right, source_right, published_right),
    ]
    units = UNITS.build([
        _make_unit(number, text, source, published, source_language)
        for number, (text, source, published) in enumerate(sides)
    ])  # fmt: skip
    vectors = embedder.encode([left, right])
    candidates = CANDIDATES.build([
        {"story_id": "pair", "unit_left": "0", "unit_right": "1", "jaccard": 0.0,
         "cosine": round(float(vectors[0] @ vectors[1]), 4)}
    ])  # fmt: skip
    signals, (comparison,) = measure_pairs(candidates, units, embedder=embedder)
    pair = verify_pairs(candidates, units, config, embedder=embedder, model=model).row(
        0, named=True
    )
    probability = float(estimate_probability(signals, units, model)[0])
    return PairExplanation(
        Side(left, source_left), Side(right, source_right), pair["verdict"], pair["score"],
        probability, config.threshold, config.differs_threshold, pair["reason"],
        list_details(comparison), _list_signals(signals, units, model),
    )  # fmt: skip


def _load_models(
    config: MatchingConfig, embedder: Embedder | None, model: PairModel | None
) -> tuple[Embedder, PairModel | None]:
    from pipeline.embedding import load_embedder
    from pipeline.pairs.model import load_same_fact_model

    return (
        embedder if embedder is not None else load_embedder(config.embedder),
        model if model is not None else load_same_fact_model(),
    )


def _make_unit(
    number: int, text: str, source: str | None, published: dt.date | None, language: str
) -> dict[str, object]:
    return {
        "unit_id": str(number), "segment_id": str(number), "article_id": str(number),
        "story_id": "pair", "outlet": str(number), "published": published, "kind": "sentence",
        "start_char": 0, "end_char": len(source or text),
        "source_language": "en" if source is None else language, "source_text": source or text,
        "target_start_char": 0, "target_end_char": len(text), "target_text": text,
    }  # fmt: skip


def _list_signals(
    signals: pl.DataFrame, units: pl.DataFrame, model: PairModel | None
) -> tuple[Signal, ...]:
    """Every signal of a pair without a story, the strongest pull first."""
    combination = load_combinations()["alone" if model is None else "alone with model"]
    if model is not None:
        signals = read_with_model(signals, units, model)
    values = signals.row(0, named=True)
    listed = [
        Signal(name, values[name], round(pull, 4))
        for name, pull in zip(combination.signals, _pull(combination, values), strict=True)
    ]
    return tuple(sorted(listed, key=lambda signal: (-abs(signal.pull or 0.0), signal.name)))


def _pull(combination: Combination, values: dict[str, float]) -> list[float]:
    """Each signal's share in the log-odds."""
    parts = zip(
        combination.signals, combination.mean, combination.scale, combination.weights, strict=True
    )
    return [
        min(6.0, max(-6.0, (values[name] - mean) / scale)) * weight
        for name, mean, scale, weight in parts
    ]
