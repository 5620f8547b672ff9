"""Stage three: packed ids in, averaged weights out, on one GPU in a budget of minutes.

Training is cut into calls: each runs for `call_seconds`, writes a checkpoint and stops; the next
goes on as if nothing had happened (same batches, same random numbers, same optimiser state). With
`steps` instead of `minutes` the schedule counts steps, and a resumed run gives the very bytes of
an uninterrupted one.
"""

from __future__ import annotations

import json
import math
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import torch

from models.training.batches import Rounds, read_pieces
from models.training.feed import DeviceBatch, stream_batches
from models.training.network import Network, Shape, count_weights
from models.training.packing import load_packed
from models.training.parts import digest_file
from models.training.probe import Probe
from models.training.schedule import TrainConfig, compute_rate
from models.training.state import CHECKPOINT, State, open_state, save_state, update_average
from models.training.vocabulary import load_vocabulary
from models.training.weights import digest_weights

if TYPE_CHECKING:
    from pathlib import Path

LOG = "log.jsonl"


def train(data: Path, out: Path, config: TrainConfig, shape: Shape | None = None) -> State:
    """Train on the packed ids in `data`, from the checkpoint in `out` if there is one.

    `shape` counts for a fresh run only. `log.jsonl` in `out` gets a JSON object a line.
    """
    corpora, manifest = load_packed(data)
    processor = load_vocabulary(data / "sentencepiece.model")
    out.mkdir(parents=True, exist_ok=True)
    device = torch.device(config.device)
    torch.set_float32_matmul_precision("high")
    shape = shape or Shape(vocabulary=processor.get_piece_size())
    state = open_state(out / CHECKPOINT, shape, config, device, manifest["ids"])
    rounds = Rounds(corpora, read_pieces(processor), config.batches)
    trainer = Trainer(
        state=state,
        config=config,
        rounds=rounds,
        probe=Probe(corpora, rounds, processor, state.shape, device, lines=config.probe_lines),
        out=out,
        device=device,
    )
    trainer.log(
        event="start",
        step=state.step,
        ids=state.ids,
        packed=digest_file(data / "packed.json"),
        shape=state.shape.to_dict(),
        weights=count_weights(state.weights),
        config=asdict(config),
        torch=torch.__version__,
        device=_name_device(device),
    )
    trainer.run()
    return state


class Trainer:
    """One call: takes steps until the budget or the call's time is used up."""

    def __init__(
        self,
        *,
        state: State,
        config: TrainConfig,
        rounds: Rounds,
        probe: Probe,
        out: Path,
        device: torch.device,
    ) -> None:
        """Hold what the steps need; nothing is run yet."""
        self._state = state
        self._config = config
        self._rounds = rounds
        self._probe = probe
        self._out = out
        self._device = device
        self._network = Network(state.shape, compile_layers=config.compile_layers)
        self._sums = torch.zeros(2, device=device)
        self._summed_steps = self._summed_tokens = 0
        self._ticked = 0.0

    def run(self) -> None:
        """Train, log, validate and leave a checkpoint behind."""
        state, config = self._state, self._config
        began = saved = self._ticked = time.perf_counter()
        first_step = state.step
        stream = stream_batches(self._rounds, state, config, self._device)
        while not self._is_call_over(first_step, began):
            progress = state.compute_progress(config)
            if progress >= 1.0:
                break
            self._take_step(next(stream), progress)
            if state.step % config.log_every == 0:
                self._log_steps(progress)
                if state.step % config.validate_every == 0:
                    self._validate()
                if time.perf_counter() - saved > config.checkpoint_seconds:
                    save_state(state, config, self._out / CHECKPOINT)
                    saved = time.perf_counter()
                self._ticked = time.perf_counter()  # training time leaves both out
        stream.close()
        self._log_steps(state.compute_progress(config))
        self._validate()
        save_state(state, config, self._out / CHECKPOINT)
        self.log(
            event="stop",
            step=state.step,
            progress=state.compute_progress(config),
            seconds=state.seconds,
            tokens=state.tokens,
            average=digest_weights(state.average),
            peak_memory_mib=_read_peak_memory(self._device),
        )

    def log(self, **values: Any) -> None:
        """A JSON line in the run's log, and the same in short on stderr."""
        with (self._out / LOG).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(values) + "\n")
        short = [
            f"{name}={value:.4g}" if isinstance(value, float) else f"{name}={value}"
            for name, value in values.items()
            if not isinstance(value, dict)
        ]
        print(*short, file=sys.stderr)

    def _is_call_over(self, first_step: int, began: float) -> bool:
        steps, seconds = self._config.call_steps, self._config.call_seconds
        if steps is not None and self._state.step - first_step >= steps:
            return True
        return seconds is not None and time.perf_counter() - began >= seconds

    def _take_step(self, batch: DeviceBatch, progress: float) -> None:
        """One update of the weights; nothing here waits for the device."""
        state, config = self._state, self._config
        # Seeding by step makes dropout the same whether or not the run was interrupted before it.
        torch.manual_seed(config.seed * 1_000_003 + state.step)
        for group in state.optimizer.param_groups:
            group["lr"] = compute_rate(state.step, progress, config)
        kind = self._device.type
        with torch.autocast(kind, dtype=torch.bfloat16, enabled=kind == "cuda"):
            loss, plain = self._network.compute_loss(
                state.weights,
                batch.source,
                batch.target,
                batch.wanted,
                dropout=config.dropout,
                smoothing=config.smoothing,
            )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(state.weights.values()), config.clip)
        state.optimizer.step()
        state.optimizer.zero_grad(set_to_none=True)
        state.step += 1
        state.tokens += batch.real_tokens
        if state.step % config.average_every == 0:
            update_average(state, config)
        self._sums += torch.stack((loss.detach(), plain.detach()))
        self._summed_steps += 1
        self._summed_tokens += batch.real_tokens

    def _log_steps(self, progress: float) -> None:
        """Log the steps since the last time; only here the device is waited for."""
        if not self._summed_steps:
            return
        loss, plain = (self._sums / self._summed_steps).tolist()
        seconds = time.perf_counter() - self._ticked
        self._state.seconds += seconds
        self.log(
            event="step",
            step=self._state.step,
            progress=progress,
            rate=compute_rate(self._state.step, progress, self._config),
            loss=loss,
            nll=plain,
            tokens_per_second=self._summed_tokens / seconds,
            seconds=self._state.seconds,
        )
        if not math.isfinite(loss):
            # Nothing is saved: the last checkpoint is still whole, and the minutes left are too.
            raise FloatingPointError(
                f"the loss is {loss} at step {self._state.step}: lower --peak-rate and go on from"
                " the last checkpoint"
            )
        self._sums.zero_()
        self._summed_steps = self._summed_tokens = 0

    def _validate(self) -> None:
        figures = self._probe.measure(self._state.average)
        self.log(event="validation", step=self._state.step, **figures)


def _name_device(device: torch.device) -> str:
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    return f"cpu, {torch.get_num_threads()} threads"


def _read_peak_memory(device: torch.device) -> int:
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device)) >> 20
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
