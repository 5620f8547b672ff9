"""Settings of a training run, and its learning rate."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from models.training.batches import BatchConfig


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """How the weights are trained. Exactly one of `minutes` and `steps` says for how long."""

    minutes: float | None = None
    steps: int | None = None
    call_seconds: float | None = None  # stop and write a checkpoint after this long
    call_steps: int | None = None  # the same, counted in steps
    peak_rate: float = 1.2e-3
    floor_rate: float = 0.02  # of the peak, reached at the end
    warmup_steps: int = 800
    dropout: float = 0.15  # the news comes twenty times
    smoothing: float = 0.1
    weight_decay: float = 0.01
    clip: float = 1.0
    average_decay: float = 0.997  # of the running average, at every `average_every` steps
    average_every: int = 4
    log_every: int = 50
    validate_every: int = 2000
    probe_lines: int = 100  # held-back news lines translated greedily at every validation
    checkpoint_seconds: float = 240.0
    compile_layers: bool = False
    device: str = "cpu"
    seed: int = 20
    batches: BatchConfig = field(default_factory=BatchConfig)

    def __post_init__(self) -> None:
        """Refuse a run without one clear end.

        Raises:
            ValueError: neither or both of `minutes` and `steps` given.
        """
        if (self.minutes is None) == (self.steps is None):
            raise ValueError("give either minutes or steps: the schedule needs one clear end")


def compute_progress(step: int, seconds: float, config: TrainConfig) -> float:
    """How much of the run is done, 0..1, by steps or by seconds of training."""
    if config.steps is not None:
        return min(1.0, step / config.steps)
    return min(1.0, seconds / (60.0 * (config.minutes or math.inf)))


def compute_rate(step: int, progress: float, config: TrainConfig) -> float:
    """Learning rate: linear warm-up by steps, then half a cosine over the whole run."""
    warm = min(1.0, (step + 1) / config.warmup_steps)
    fall = 0.5 * (1 + math.cos(math.pi * progress))
    return config.peak_rate * warm * (config.floor_rate + (1 - config.floor_rate) * fall)
