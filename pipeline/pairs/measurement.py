"""Candidate pairs and units in, all signals of each pair out as one frame.

Joins the similarity signals (`scoring`), the explicit comparison of details (`comparison`) and,
where it is given, the same-fact model (`model`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipeline.pairs.comparison import KINDS, Comparison, compare_texts, comparison_features
from pipeline.pairs.scoring import SIGNALS, Story, measure_signals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.embedding import Embedder
    from pipeline.pairs.model import PairModel

COMPARISON_SIGNALS = tuple(
    f"{verb}_{kind}" for verb in ("differs", "vetoes", "agrees") for kind in KINDS
)


def measure_pairs(
    candidates: pl.DataFrame, units: pl.DataFrame, *, embedder: Embedder
) -> tuple[pl.DataFrame, list[Comparison]]:
    """Signals and comparison of each candidate, in the candidates' order.

    The frame has `unit_left`, `unit_right` and one Float64 column a signal.
    """
    ordered = candidates.with_row_index("row")
    concerned = units.filter(pl.col("story_id").is_in(candidates["story_id"].unique().implode()))
    concerned = concerned.sort("unit_id")
    # All stories at once: a call a story would be ten times slower where stories are short.
    vectors = embedder.encode(concerned["target_text"].to_list()).astype(np.float64)
    concerned = concerned.with_row_index("vector")
    stories = concerned.partition_by("story_id", as_dict=True)
    frames: list[pl.DataFrame] = []
    comparisons: dict[int, Comparison] = {}
    for story_id, rows in sorted(
        ordered.partition_by("story_id", as_dict=True).items(), key=_first
    ):
        story_units = stories[story_id]
        found = _compare_details(rows, story_units)
        comparisons.update(zip(rows["row"].to_list(), found, strict=True))
        story_vectors = vectors[story_units["vector"].to_numpy()]
        frames.append(_measure_story(rows, story_units, found, story_vectors))
    schema = pl.Schema({name: pl.Float64() for name in (*SIGNALS, *COMPARISON_SIGNALS)})
    keys = pl.Schema({"row": pl.get_index_type(), "unit_left": pl.String, "unit_right": pl.String})
    signals = pl.concat([pl.DataFrame(schema=pl.Schema({**keys, **schema})), *frames])
    return signals.sort("row").drop("row"), [comparisons[row] for row in sorted(comparisons)]


def _first(item: tuple[Any, pl.DataFrame]) -> str:
    return str(item[0])


def _measure_story(
    rows: pl.DataFrame, units: pl.DataFrame, found: list[Comparison], vectors: NDArray[np.float64]
) -> pl.DataFrame:
    story = Story(
        texts=units["target_text"].to_list(),
        vectors=vectors,
        segments=units["segment_id"].rank("dense").to_numpy().astype(np.int64),
        is_whole=(units["kind"] != "clause").to_numpy(),
    )
    position = {unit: row for row, unit in enumerate(units["unit_id"].to_list())}
    pairs = np.array(
        [[position[unit] for unit in rows[side].to_list()] for side in ("unit_left", "unit_right")],
        dtype=np.int64,
    ).T.reshape(-1, 2)
    table = measure_signals(story, pairs)
    details = [comparison_features(comparison) for comparison in found]
    return pl.DataFrame(
        {
            "row": rows["row"],
            "unit_left": rows["unit_left"],
            "unit_right": rows["unit_right"],
            **{name: table[:, column] for column, name in enumerate(SIGNALS)},
            **{
                name: pl.Series([detail[name] for detail in details], dtype=pl.Float64)
                for name in COMPARISON_SIGNALS
            },
        }
    )


def _compare_details(rows: pl.DataFrame, units: pl.DataFrame) -> list[Comparison]:
    columns = ("unit_id", "target_text", "source_text", "source_language", "published")
    by_id = {unit["unit_id"]: unit for unit in units.select(columns).iter_rows(named=True)}
    return [
        _compare_units(by_id[left], by_id[right])
        for left, right in zip(rows["unit_left"], rows["unit_right"], strict=True)
    ]


def _compare_units(left: dict[str, Any], right: dict[str, Any]) -> Comparison:
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
    )


def read_with_model(signals: pl.DataFrame, units: pl.DataFrame, model: PairModel) -> pl.DataFrame:
    """The signals with one more column a head of the model, `model_<head>`."""
    text_of = dict(zip(units["unit_id"].to_list(), units["target_text"].to_list(), strict=True))
    logits = model.read_pairs(
        [text_of[unit] for unit in signals["unit_left"].to_list()],
        [text_of[unit] for unit in signals["unit_right"].to_list()],
    )
    return signals.with_columns(
        pl.Series(f"model_{head}", logits[:, column], dtype=pl.Float64)
        for column, head in enumerate(model.heads)
    )
