"""How fast this machine trains: every batch shape, with and without compiled layers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import torch

from models.training.batches import Rounds, read_pieces
from models.training.feed import send_batch
from models.training.network import Network, Shape, create_weights
from models.training.packing import load_packed
from models.training.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from models.training.batches import Batch
    from models.training.schedule import TrainConfig


def bench_shapes(data: Path, config: TrainConfig, shape: Shape | None, repeats: int) -> str:
    """A table: milliseconds a step and real tokens a second for each batch shape and way.

    Uses whatever corpora the folder's parts hold; nothing is saved.
    """
    from models.training.batches import Place

    corpora, _ = load_packed(data)
    processor = load_vocabulary(data / "sentencepiece.model")
    rounds = Rounds(corpora, read_pieces(processor), config.batches)
    started = time.perf_counter()
    batches, _ = rounds.build_round(Place())
    built = time.perf_counter() - started
    shapes: dict[tuple[int, ...], list[Batch]] = {}
    for batch in batches:
        shapes.setdefault(batch.source.shape, []).append(batch)
    real = sum(batch.real_tokens for batch in batches)
    filled = real / sum(2 * batch.source.size for batch in batches)
    lines = [
        f"round: {len(batches)} batches, {real} tokens, {100 * filled:.1f} % real, {built:.1f} s",
        "| rows x length | batches | eager | compiled |",
    ]
    totals = {False: 0.0, True: 0.0}
    table: dict[tuple[int, ...], list[str]] = {key: [] for key in sorted(shapes)}
    for compiled in (False, True) if config.compile_layers else (False,):
        network = Network(
            shape or Shape(vocabulary=processor.get_piece_size()), compile_layers=compiled
        )
        for key in sorted(shapes):
            seconds = _time_shape(network, shapes[key][:repeats], config)
            totals[compiled] += seconds * len(shapes[key])
            tokens = sum(batch.real_tokens for batch in shapes[key]) / len(shapes[key])
            table[key].append(f"{1000 * seconds:.1f} ms, {tokens / seconds:,.0f} tokens/s")
    for key, cells in table.items():
        lines.append(f"| {key[0]} x {key[1]} | {len(shapes[key])} | {' | '.join(cells)} |")
    for compiled, seconds in totals.items():
        if seconds:
            way = "compiled" if compiled else "eager"
            lines.append(f"{way}: {real / seconds:,.0f} real tokens/s over the whole round")
    return "\n".join(lines)


def _time_shape(network: Network, batches: list[Batch], config: TrainConfig) -> float:
    """Median seconds of a forward and backward pass, after warming up."""
    device = torch.device(config.device)
    weights = {
        name: values.to(device).requires_grad_()
        for name, values in create_weights(network.shape, config.seed).items()
    }
    times: list[float] = []
    for turn in range(len(batches) + 2):
        batch = send_batch(batches[turn % len(batches)], device)
        _wait(device)
        started = time.perf_counter()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
            loss: Any = network.compute_loss(
                weights,
                batch.source,
                batch.target,
                batch.wanted,
                dropout=config.dropout,
                smoothing=config.smoothing,
            )[0]
        loss.backward()
        _wait(device)
        times.append(time.perf_counter() - started)
    timed = sorted(times[2:])
    return timed[len(timed) // 2]


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
