"""Why two texts were merged or kept apart: signals, values, verdict, threshold, in words.

`explain_texts` measures two free texts afresh; `explain_fact` and `explain_pair` read what a run
wrote (facts.jsonl, pairs.parquet, mentions.parquet), so that they tell what happened there.
"""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.config import MatchingConfig
from pipeline.errors import InputError
from pipeline.pairs.combination import Combination, load_combinations
from pipeline.pairs.comparison import Comparison, compare_texts
from pipeline.pairs.measurement import measure_pairs
from pipeline.pairs.verification import estimate_probability, verify_pairs
from pipeline.schemas import CANDIDATES, UNITS

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from pipeline.embedding import Embedder
    from pipeline.pairs.model import PairModel

_SEGMENT = re.compile(r"(.*#\d+)(?:/\d+)?")


@dataclass(frozen=True, slots=True)
class Signal:
    """One figure a verdict rests on; `pull` is its share in log-odds, null when not learned."""

    name: str
    value: float
    pull: float | None


@dataclass(frozen=True, slots=True)
class Detail:
    """One detail that both give alike, or in which they differ; a veto forbids `same`."""

    kind: str
    left: str
    right: str
    agrees: bool
    is_veto: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One text of a pair, with where it stands; nulls for a free text."""

    text: str
    source_text: str | None = None
    unit_id: str | None = None
    outlet: str | None = None
    source_language: str | None = None


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """Why two texts are the same fact, differ, or have nothing to do with each other."""

    left: Side
    right: Side
    verdict: str
    score: float
    probability: float | None  # before a differing detail was held against it; null from a run
    threshold: float
    differs_threshold: float
    reason: str
    details: tuple[Detail, ...]
    signals: tuple[Signal, ...]

    @property
    def sentence(self) -> str:
        """The verdict in one sentence."""
        vetoes = [
            f"{d.kind} ({d.left or '-'} / {d.right or '-'})" for d in self.details if d.is_veto
        ]
        differ = ", ".join(vetoes) or self.reason
        if self.verdict == "same":
            return f"The same fact: score {self.score:.2f}, at or above {self.threshold:.2f}."
        if self.verdict == "differs":
            return f"Kept apart: both speak of one thing and differ in {differ}."
        if vetoes:
            return f"Not the same fact: they differ in {differ}."
        return f"Not the same fact: score {self.score:.2f}, below {self.threshold:.2f}."


@dataclass(frozen=True, slots=True)
class FactExplanation:
    """Why the mentions of a fact stand together, and what was kept apart from them."""

    fact_id: str
    story_id: str
    kind: str
    text: str
    source_text: str
    outlets: tuple[str, ...]
    merged: tuple[PairExplanation, ...]  # pairs among its mentions, best first
    apart: tuple[PairExplanation, ...]  # pairs of a mention with another fact's, likeliest first


def to_plain(explanation: PairExplanation | FactExplanation) -> dict[str, Any]:
    """The explanation as plain values, ready for JSON."""
    plain: dict[str, Any] = dataclasses.asdict(explanation)
    if isinstance(explanation, PairExplanation):
        plain["sentence"] = explanation.sentence
    else:
        for key, pairs in (("merged", explanation.merged), ("apart", explanation.apart)):
            for row, pair in zip(plain[key], pairs, strict=True):
                row["sentence"] = pair.sentence
    return plain


def describe(explanation: PairExplanation | FactExplanation) -> list[str]:
    """The explanation as lines of plain text, for a terminal."""
    if isinstance(explanation, FactExplanation):
        lines = [
            f"fact {explanation.fact_id} ({explanation.kind}): {explanation.text}",
            f"  {explanation.source_text}",
            f"  said by {', '.join(explanation.outlets)}",
        ]
        for title, pairs in (("merged", explanation.merged), ("kept apart", explanation.apart)):
            lines += ["", f"{title}: {len(pairs)} pairs"]
            for pair in pairs:
                lines += ["", *describe(pair)]
        return lines
    lines = []
    for name, side in (("left", explanation.left), ("right", explanation.right)):
        place = " ".join(filter(None, (side.outlet, side.unit_id)))
        lines.append(f"{name:<6} {side.text}" + (f"  [{place}]" if place else ""))
    lines.append(explanation.sentence)
    for detail in explanation.details:
        mark = "=" if detail.agrees else "!=" if detail.is_veto else "~"
        values = detail.left if detail.agrees else f"{detail.left or '-'} / {detail.right or '-'}"
        lines.append(f"  {mark:<2} {detail.kind:<12} {values}")
    for signal in explanation.signals:
        pull = "" if signal.pull is None else f"  {signal.pull:+.2f}"
        lines.append(f"     {signal.name:<21} {signal.value:>7.3f}{pull}")
    limits = f"same from {explanation.threshold:.2f}"
    return [*lines, f"  score {explanation.score:.3f} ({limits}); {explanation.reason}"]


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
        _list_details(comparison), _list_signals(signals),
    )  # fmt: skip


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
        row["reason"], _list_details(comparison), signals,
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


def _load_models(
    config: MatchingConfig, embedder: Embedder | None, model: PairModel | None
) -> tuple[Embedder, PairModel | None]:
    from pipeline.embedding import load_embedder
    from pipeline.pairs.model import load_same_fact_model

    if embedder is not None:
        return embedder, model
    return load_embedder(config.embedder), model or load_same_fact_model()


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


def _list_details(comparison: Comparison) -> tuple[Detail, ...]:
    """Differences first, the surest at the top, then what agrees."""
    differ = [
        Detail(d.kind, d.left_value, d.right_value, False, d.is_veto)
        for d in comparison.differences
    ]
    agree = [Detail(a.kind, a.value, a.value, True, False) for a in comparison.agreements]
    return (*differ, *agree)


def _list_signals(signals: pl.DataFrame) -> tuple[Signal, ...]:
    """Every signal of a pair without a story, the strongest pull first."""
    combination = load_combinations()["alone"]
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
