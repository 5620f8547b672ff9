"""Signals of a pair in, one calibrated probability out: logistic weights, shipped as JSON.

Three sets of weights: `alone` for two sentences without company; where likeness can be seen
against the story's own, `sentences` among whole sentences and `story` among the sentences and
clauses of articles. With ` glance` they take likeness only, else the explicit comparison as well;
`alone with model` and `story with model` take the same-fact model's outputs too.
`models/same-fact/combine.py` writes the file, `models/same-fact/README.md` has the figures.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl
    from numpy.typing import NDArray

COMBINATION_FILE = Path(__file__).parent / "combination.json"
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Combination:
    """Weights of one logistic: signal -> (mean, scale, weight), and the bias."""

    signals: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def estimate(self, signals: pl.DataFrame) -> NDArray[np.float64]:
        """Probability of each row, rounded to DECIMALS."""
        if not len(signals):
            return np.zeros(0)
        table = signals.select(self.signals).to_numpy().astype(np.float64)
        scaled = np.clip((table - np.array(self.mean)) / np.array(self.scale), -6.0, 6.0)
        # Added up column by column: a matrix product's last bits depend on the threads.
        logit = np.full(len(table), self.bias)
        for column, weight in zip(scaled.T, self.weights, strict=True):
            logit = logit + column * weight
        return np.asarray(np.round(1.0 / (1.0 + np.exp(-logit)), DECIMALS), dtype=np.float64)


@lru_cache(maxsize=2)
def load_combinations(file: Path = COMBINATION_FILE) -> Mapping[str, Combination]:
    """The shipped logistics by name: `story`, `alone`, `story glance`, ..."""
    parts = json.loads(file.read_text(encoding="utf-8"))["combinations"]
    return {
        name: Combination(
            signals=tuple(part["signals"]),
            mean=tuple(part["mean"]),
            scale=tuple(part["scale"]),
            weights=tuple(part["weights"]),
            bias=part["bias"],
        )
        for name, part in parts.items()
    }
