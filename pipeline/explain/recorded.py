"""A run's output folder in, explanations of its facts and pairs out."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.config import MatchingConfig
from pipeline.errors import InputError
from pipeline.explain.explanation import (
    FactExplanation,
    PairExplanation,
    Side,
    Signal,
    list_details,
)
from pipeline.pairs.comparison import compare_texts

if TYPE_CHECKING:
    from pathlib import Path

_SEGMENT = re.compile(r"(.*#\d+)(?:/\d+)?")


def explain_pair(folder: Path, left: str, right: str) -> PairExplanation:
    """What a run decided on two units (segment or clause ids), in either order.

    Raises:
        InputError: the folder holds no run, or no such pair was compared there.
    """
    run = _open_run(folder)
    wanted = pl.col("unit_left").is_in([left, right]) & pl.col("unit_right").is_in([left, right])
    rows = run.pairs.filter(wanted)
    if not rows.height:
        raise InputError(
            f"{folder}: {left} and {right} were not compared; ids stand in mentions.parquet, and "
            "two texts can be given instead"
        )
    return _explain_row(rows.row(0, named=True), run)


def explain_fact(folder: Path, fact_id: str) -> FactExplanation:
    """Why the mentions of a fact of a run stand together, and what was kept apart from them.

    Raises:
        InputError: the folder holds no run, or no such fact.
    """
    run = _open_run(folder)
    fact = next((fact for fact in run.facts if str(fact["fact_id"]).startswith(fact_id)), None)
    if fact is None:
        raise InputError(f"{folder}: no fact {fact_id}; ids stand in facts.jsonl and on the sheet")
    units = [str(mention["unit_id"]) for mention in fact["mentions"]]
    inside = pl.col("unit_left").is_in(units) & pl.col("unit_right").is_in(units)
    touching = pl.col("unit_left").is_in(units) ^ pl.col("unit_right").is_in(units)
    merged = run.pairs.filter(inside).sort("score", descending=True)
    apart = run.pairs.filter(touching & (pl.col("verdict") == "differs"))
    return FactExplanation(
        fact_id=str(fact["fact_id"]),
        story_id=str(fact["story_id"]),
        kind=str(fact["kind"]),
        text=str(fact["target_text"]),
        source_text=str(fact["source_text"]),
        outlets=tuple(fact["outlets"]),
        merged=tuple(_explain_row(row, run) for row in merged.iter_rows(named=True)),
        apart=tuple(
            _explain_row(row, run)
            for row in apart.sort("score", descending=True).iter_rows(named=True)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """What is read of an output folder."""

    facts: list[dict[str, Any]]
    pairs: pl.DataFrame
    sides: dict[str, Side]
    threshold: float
    differs_threshold: float


def _open_run(folder: Path) -> _Run:
    """The run of a folder, its story folders put together."""
    files = sorted(folder.glob("pairs.parquet")) or sorted(folder.glob("*/pairs.parquet"))
    if not files:
        raise InputError(f"{folder}: no run here (pairs.parquet is missing); see --out")
    facts: list[dict[str, Any]] = []
    sides: dict[str, Side] = {}
    for file in files:
        lines = (file.parent / "facts.jsonl").read_text(encoding="utf-8").splitlines()
        facts += [json.loads(line) for line in lines]
        for row in pl.read_parquet(file.parent / "mentions.parquet").iter_rows(named=True):
            sides.setdefault(
                row["segment_id"],
                Side(
                    row["target_text"] or "", row["source_text"], row["segment_id"], row["outlet"]
                ),
            )
    for fact in facts:
        for mention in fact["mentions"]:
            sides[mention["unit_id"]] = Side(
                mention["target_text"], mention["source_text"], mention["unit_id"],
                mention["outlet"], fact["source_language"],
            )  # fmt: skip
    settings = _read_settings(folder)
    return _Run(
        facts, pl.concat([pl.read_parquet(file) for file in files]), sides,
        settings.threshold, settings.differs_threshold,
    )  # fmt: skip


def _read_settings(folder: Path) -> MatchingConfig:
    """Thresholds of the run; defaults where its manifest does not say."""
    manifest = folder / "run.json"
    given: dict[str, Any] = {}
    if manifest.exists():
        settings = json.loads(manifest.read_text(encoding="utf-8")).get("settings", {})
        given = settings.get("matching", {})
    known = {field.name for field in dataclasses.fields(MatchingConfig)}
    return MatchingConfig(**{name: value for name, value in given.items() if name in known})


def _explain_row(row: dict[str, Any], run: _Run) -> PairExplanation:
    left, right = (_find_side(row[f"unit_{side}"], run) for side in ("left", "right"))
    comparison = compare_texts(
        left.text, right.text, source_left=left.source_text, source_right=right.source_text,
        source_language=left.source_language or right.source_language,
    )  # fmt: skip
    signals = tuple(
        Signal(name, row[name], None) for name in ("cosine", "jaccard") if row[name] is not None
    )
    return PairExplanation(
        left, right, row["verdict"], row["score"], None, run.threshold, run.differs_threshold,
        row["reason"], list_details(comparison), signals,
    )  # fmt: skip


def _find_side(unit_id: str, run: _Run) -> Side:
    """The unit's own words; its sentence's, where the unit is no mention of a fact."""
    side = run.sides.get(unit_id)
    if side is not None:
        return side
    match = _SEGMENT.fullmatch(unit_id)
    whole = run.sides.get(match[1]) if match else None
    if whole is None:
        return Side("", None, unit_id)
    return Side(whole.text, whole.source_text, unit_id, whole.outlet)
