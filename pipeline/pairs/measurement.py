"""Candidate pairs and units in, the signals of each pair out as one frame.

Three steps, each dearer than the one before and asked of fewer pairs: likeness (`scoring`, 0.2 ms
a pair), explicit comparison of details (`comparison`, about 1 ms), the same-fact model (`model`,
about 10 ms).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipeline.embedding import encode_words
from pipeline.pairs.alignment import fold_same_names
from pipeline.pairs.comparison import (
    ACCORD_SIGNALS,
    KINDS,
    Comparison,
    compare_texts,
    comparison_features,
)
from pipeline.pairs.scoring import SIGNALS, Story, has_company, measure_signals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from pipeline.embedding import Embedder
    from pipeline.pairs.alignment import SameNames
    from pipeline.pairs.model import PairModel

COMPARISON_SIGNALS = tuple(
    f"{verb}_{kind}" for verb in ("differs", "vetoes", "agrees") for kind in KINDS
)
COMPARED = ("unit_id", "target_text", "source_text", "source_language", "published")


def measure_likeness(
    candidates: pl.DataFrame, units: pl.DataFrame, *, embedder: Embedder, every: bool = False
) -> pl.DataFrame:
    """`unit_left`, `unit_right` and one Float64 column a similarity signal, in candidate order.

    Word vectors double the embedding's time, and the weights for clauses make no use of them:
    there BERTScore is 0 unless `every` signal is asked for.
    """
    ordered = candidates.with_row_index("row")
    concerned = units.join(candidates.select("story_id").unique(), on="story_id", how="semi")
    concerned = concerned.sort("unit_id")
    # All stories at once: a call a story would be ten times slower where stories are short.
    vectors = embedder.encode(concerned["target_text"].to_list()).astype(np.float64)
    concerned = concerned.with_row_index("vector")
    stories = concerned.partition_by("story_id", as_dict=True)
    tables = [np.zeros((0, len(SIGNALS)))]
    rows = [np.zeros(0, dtype=np.int64)]
    for story_id, pairs in ordered.partition_by("story_id", as_dict=True).items():
        members = stories[story_id]
        own = vectors[members["vector"].to_numpy()]
        tables.append(_measure_story(pairs, members, own, embedder, every=every))
        rows.append(pairs["row"].to_numpy().astype(np.int64))
    table = np.concatenate(tables)[np.argsort(np.concatenate(rows))]
    return candidates.select("unit_left", "unit_right").with_columns(
        pl.Series(name, table[:, column], dtype=pl.Float64) for column, name in enumerate(SIGNALS)
    )


def measure_pairs(
    candidates: pl.DataFrame, units: pl.DataFrame, *, embedder: Embedder
) -> tuple[pl.DataFrame, list[Comparison]]:
    """Likeness and comparison of every candidate: signals, and the comparisons in their order."""
    likeness = measure_likeness(candidates, units, embedder=embedder)
    comparisons = compare_details(likeness, units)
    return add_comparisons(likeness, comparisons), comparisons


def _measure_story(
    pairs: pl.DataFrame,
    members: pl.DataFrame,
    vectors: NDArray[np.float64],
    embedder: Embedder,
    *,
    every: bool,
) -> NDArray[np.float64]:
    position = {unit: row for row, unit in enumerate(members["unit_id"].to_list())}
    rows = [
        [position[left], position[right]]
        for left, right in zip(pairs["unit_left"], pairs["unit_right"], strict=True)
    ]
    texts = members["target_text"].to_list()
    is_whole = (members["kind"] != "clause").to_numpy()
    needs_words = has_company(is_whole) and (every or bool(is_whole.all()))
    story = Story(
        texts=texts,
        vectors=vectors,
        segments=members["segment_id"].rank("dense").to_numpy().astype(np.int64),
        is_whole=is_whole,
        articles=members["article_id"].rank("dense").to_numpy().astype(np.int64) - 1,
        words=encode_words(embedder, texts) if needs_words else (),
    )
    return measure_signals(story, np.array(rows, dtype=np.int64).reshape(-1, 2))


def compare_details(
    pairs: pl.DataFrame, units: pl.DataFrame, same_names: Iterable[tuple[str, str]] = ()
) -> list[Comparison]:
    """The explicit comparison of each pair, in their order; `same_names` mean one."""
    same = fold_same_names(same_names)
    by_id = {unit["unit_id"]: unit for unit in units.select(COMPARED).iter_rows(named=True)}
    return [
        _compare_units(by_id[left], by_id[right], same)
        for left, right in zip(pairs["unit_left"], pairs["unit_right"], strict=True)
    ]


def _compare_units(left: dict[str, Any], right: dict[str, Any], same: SameNames) -> Comparison:
    language = left["source_language"]
    translated = language == right["source_language"] and language != "en"
    return compare_texts(
        left["target_text"],
        right["target_text"],
        published_left=left["published"],
        published_right=right["published"],
        source_left=left["source_text"] if translated else None,
        source_right=right["source_text"] if translated else None,
        source_language=language if translated else None,
        same_names=same,
    )


def add_comparisons(signals: pl.DataFrame, comparisons: Sequence[Comparison]) -> pl.DataFrame:
    """The signals with the comparisons' figures beside them, one column each."""
    details = [comparison_features(comparison) for comparison in comparisons]
    return signals.with_columns(
        pl.Series(name, [detail[name] for detail in details], dtype=pl.Float64)
        for name in (*COMPARISON_SIGNALS, *ACCORD_SIGNALS)
    )


def read_with_model(signals: pl.DataFrame, units: pl.DataFrame, model: PairModel) -> pl.DataFrame:
    """The signals with one more column a head of the model, `model_<head>`.

    Two sentences without company are read in both orders; in a story, where there are hundreds
    of pairs, in one.
    """
    text_of = dict(zip(units["unit_id"].to_list(), units["target_text"].to_list(), strict=True))
    lefts = [text_of[unit] for unit in signals["unit_left"].to_list()]
    rights = [text_of[unit] for unit in signals["unit_right"].to_list()]
    in_story = (signals["context"] > 0).to_numpy()
    logits = np.zeros((len(signals), len(model.heads)))
    for both_orders in (False, True):
        rows = np.flatnonzero(in_story != both_orders)
        logits[rows] = model.read_pairs(
            [lefts[row] for row in rows], [rights[row] for row in rows], both_orders=both_orders
        )
    return signals.with_columns(
        pl.Series(f"model_{head}", logits[:, column], dtype=pl.Float64)
        for column, head in enumerate(model.heads)
    )
