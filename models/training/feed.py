"""Batches on the device, one after another; the next round is built while this one is trained."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from models.training.batches import Batch, Place

if TYPE_CHECKING:
    from collections.abc import Generator

    from models.training.batches import Rounds
    from models.training.schedule import TrainConfig
    from models.training.state import State


@dataclass(frozen=True, slots=True)
class DeviceBatch:
    """A batch as int64 tensors on the device."""

    source: torch.Tensor
    target: torch.Tensor
    wanted: torch.Tensor
    real_tokens: int


def stream_batches(
    rounds: Rounds, state: State, config: TrainConfig, device: torch.device
) -> Generator[DeviceBatch, None, None]:
    """Endless batches from the state's place on; each one moves the place."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        place = state.place
        coming: Future[tuple[list[Batch], dict[str, int]]] = pool.submit(rounds.build_round, place)
        while True:
            batches, cursors = coming.result()
            if place.batch == 0:
                # Fixed at the round's first batch: a resumed run must prepare the same next round.
                place.next_progress = state.compute_progress(config)
            following = Place(
                number=place.number + 1, progress=place.next_progress, cursors=cursors
            )
            coming = pool.submit(rounds.build_round, following)
            while place.batch < len(batches):
                batch = send_batch(batches[place.batch], device)
                place.batch += 1
                yield batch
            state.place = place = following


def send_batch(batch: Batch, device: torch.device) -> DeviceBatch:
    """The batch on the device, without waiting for a GPU to take it."""
    grids = [torch.from_numpy(grid) for grid in (batch.source, batch.target, batch.wanted)]
    if device.type == "cuda":
        grids = [grid.pin_memory().to(device, non_blocking=True) for grid in grids]
    source, target, wanted = (grid.long() for grid in grids)
    return DeviceBatch(source, target, wanted, batch.real_tokens)
