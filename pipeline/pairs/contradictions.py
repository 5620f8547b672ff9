"""Verified pairs in, the pairs with every contradiction parted out.

Verification judges two texts by themselves. Some contradictions show only when both are known to
speak of one thing, or when one is read where it stands: these rules come after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.pairs.contrasts import part_contrasts
from pipeline.pairs.denials import part_denials
from pipeline.pairs.figures import part_rival_figures
from pipeline.pairs.negations import part_negations
from pipeline.pairs.unsaid import part_unsaid

if TYPE_CHECKING:
    import polars as pl

    from pipeline.config import MatchingConfig


def part_contradictions(
    pairs: pl.DataFrame, units: pl.DataFrame, config: MatchingConfig
) -> pl.DataFrame:
    """The pairs (schemas.PAIRS), parted where one side says otherwise or leaves it open."""
    pairs = part_contrasts(part_rival_figures(pairs, units, config), units)
    pairs = part_unsaid(part_negations(pairs, units), units)
    return part_denials(pairs, units, config)
