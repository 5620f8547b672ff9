"""Pairs and reasons in, the pairs with `differs` where a reason is given out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.schemas import PAIRS

if TYPE_CHECKING:
    from collections.abc import Mapping

# As for every differing detail: a parted pair stays below the threshold, in its order.
PARTED_SHARE = 0.49
DECIMALS = 4
_SCHEMA = pl.Schema(
    {"unit_left": pl.String(), "unit_right": pl.String(), "new_reason": pl.String()}
)


def part_pairs(pairs: pl.DataFrame, reasons: Mapping[tuple[str, str], str]) -> pl.DataFrame:
    """The pairs with `differs` and the reason where there is one, by left and right unit.

    Pairs that differ already keep their own.
    """
    joined, is_named = _join_reasons(pairs, reasons)
    return _finish(joined, is_named & (pl.col("verdict") != "differs"), "differs")


def release_pairs(pairs: pl.DataFrame, reasons: Mapping[tuple[str, str], str]) -> pl.DataFrame:
    """The pairs with `unrelated` and the reason where there is one: they never meet in a fact."""
    joined, is_named = _join_reasons(pairs, reasons)
    return _finish(joined, is_named, "unrelated")


def _join_reasons(
    pairs: pl.DataFrame, reasons: Mapping[tuple[str, str], str]
) -> tuple[pl.DataFrame, pl.Expr]:
    rows = [(left, right, reason) for (left, right), reason in sorted(reasons.items())]
    named = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    keys = ["unit_left", "unit_right"]
    joined = PAIRS.check(pairs).join(named, on=keys, how="left", maintain_order="left")
    return joined, pl.col("new_reason").is_not_null()


def _finish(joined: pl.DataFrame, is_changed: pl.Expr, verdict: str) -> pl.DataFrame:
    """The verdict changed; what differed before has its score lowered already."""
    lowered = (pl.col("score") * PARTED_SHARE).round(DECIMALS)
    is_lowered = is_changed & (pl.col("verdict") != "differs")
    return PAIRS.check(
        joined.with_columns(
            score=pl.when(is_lowered).then(lowered).otherwise("score"),
            verdict=pl.when(is_changed).then(pl.lit(verdict)).otherwise("verdict"),
            reason=pl.when(is_changed).then("new_reason").otherwise("reason"),
        ).drop("new_reason")
    )
