"""What a training run is made of between two steps, and its checkpoint on disk."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import torch

from models.training.batches import Place
from models.training.network import Shape, create_weights
from models.training.packing import read_manifest
from models.training.schedule import TrainConfig, compute_progress

if TYPE_CHECKING:
    from pathlib import Path

    from models.training.network import Weights

CHECKPOINT = "checkpoint.pt"


@dataclass(slots=True)
class State:
    """Everything that a checkpoint holds."""

    shape: Shape
    weights: Weights
    average: Weights
    optimizer: Any
    ids: str  # digest of the packed ids it is trained on
    place: Place = field(default_factory=Place)
    step: int = 0
    seconds: float = 0.0  # training time of all calls, without start-up and validation
    tokens: int = 0  # real ids seen, both sides

    def compute_progress(self, config: TrainConfig) -> float:
        """How much of the run is done, 0..1."""
        return compute_progress(self.step, self.seconds, config)


def open_state(
    path: Path, shape: Shape, config: TrainConfig, device: torch.device, ids: str
) -> State:
    """The state in the checkpoint, or a fresh one of the given shape.

    Raises:
        ValueError: the checkpoint belongs to other ids.
    """
    saved: dict[str, Any] = {}
    if path.exists():
        saved = torch.load(path, map_location=device, weights_only=True)
        if saved["ids"] != ids:
            raise ValueError(f"{path} was trained on other ids: remove it or restore the data")
        shape = Shape(**saved["shape"])
    weights = saved.get("weights") or create_weights(shape, config.seed)
    weights = {name: values.to(device).requires_grad_() for name, values in weights.items()}
    average = saved.get("average") or {
        name: values.detach().clone() for name, values in weights.items()
    }
    optimizer = torch.optim.AdamW(
        list(weights.values()),
        lr=config.peak_rate,
        betas=(0.9, 0.98),
        eps=1e-9,
        weight_decay=config.weight_decay,
        fused=device.type == "cuda",
    )
    if not saved:
        return State(shape, weights, average, optimizer, ids)
    optimizer.load_state_dict(saved["optimizer"])
    counts = {name: saved[name] for name in ("step", "seconds", "tokens")}
    return State(shape, weights, average, optimizer, ids, Place(**saved["place"]), **counts)


def save_state(state: State, config: TrainConfig, path: Path) -> None:
    """Write the checkpoint under a temporary name, then move it into place."""
    content = {
        "weights": {name: values.detach() for name, values in state.weights.items()},
        "average": state.average,
        "optimizer": state.optimizer.state_dict(),
        "place": asdict(state.place),
        "step": state.step,
        "seconds": state.seconds,
        "tokens": state.tokens,
        "shape": state.shape.to_dict(),
        "seed": config.seed,
        "ids": state.ids,
    }
    temporary = path.with_suffix(".tmp")
    torch.save(content, temporary)
    temporary.replace(path)


def update_average(state: State, config: TrainConfig) -> None:
    """Move the running average towards the weights, faster while there have been few updates."""
    updates = state.step // config.average_every
    decay = min(config.average_decay, (1 + updates) / (10 + updates))
    names = list(state.weights)
    average = [state.average[name] for name in names]
    latest = [state.weights[name].detach() for name in names]
    # One call for all tensors; the public way would be a kernel each.
    torch._foreach_lerp_(average, latest, 1 - decay)


def collect_weights(run: Path, data: Path) -> tuple[Weights, dict[str, Any]]:
    """The checkpoint's averaged weights, and the facts that the digest chain needs.

    Raises:
        ValueError: the run and the data do not belong together.
    """
    saved = torch.load(run / CHECKPOINT, map_location="cpu", weights_only=True)
    manifest = read_manifest(data)
    if saved["ids"] != manifest["ids"]:
        raise ValueError(f"{run} was trained on other ids than those in {data}")
    facts = {
        "data": manifest["data"],
        "text": manifest["text"],
        "ids": manifest["ids"],
        "sentencepiece": manifest["sentencepiece"],
        "shape": saved["shape"],
        "training": {name: saved[name] for name in ("step", "seconds", "tokens", "seed")},
    }
    return saved["average"], facts
