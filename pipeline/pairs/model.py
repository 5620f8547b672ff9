"""Two texts in, what the same-fact model says out: the embedder's transformer over both at once.

One set of weights judges two sentences without company (`models/same-fact`), another the sentences
and clauses of a story (`models/same-fact-story`). Only the layers that training changed are
shipped, with eight bits a weight; word and position embeddings come from the embedder's own
package. The recipe and the figures stand in `models/same-fact/README.md`.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from pipeline.embedding import default_embedder_folder
from pipeline.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

MAX_TOKENS = 128
BATCH_SIZE = 8
LONE_FOLDER, STORY_FOLDER = "same-fact", "same-fact-story"
# Of a matrix kept in eight bits, the factor of each row.
SCALE = ".scale"
# Logits of one pair differ by about 1e-6 with the batch and the threads; three decimals hide it.
DECIMALS = 3


class PairModel(Protocol):
    """Anything that reads two texts together; tests pass a fake."""

    @property
    def digest(self) -> str:
        """SHA-256 of the weights, for the manifest."""

    @property
    def heads(self) -> tuple[str, ...]:
        """Names of the outputs, e.g. event, paraphrase, strict."""

    def read_pairs(
        self, lefts: Sequence[str], rights: Sequence[str], *, both_orders: bool = True
    ) -> NDArray[np.float64]:
        """Logits, one row a pair, one column a head; the sides are interchangeable."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder with model.json (heads, digest) and model.safetensors."""

    path: Path
    heads: tuple[str, ...]
    digest: str


def find_model_folder(name: str = LONE_FOLDER) -> Path | None:
    """`models/<name>` of the checkout, or its copy in the installed package; None if absent."""
    here = Path(__file__).resolve().parent.parent
    for folder in (here.parent / "models" / name, here / "_models" / name):
        if (folder / "model.safetensors").is_file():
            return folder
    return None


def open_model_folder(folder: Path) -> ModelFolder:
    """The folder's description, its weights checked against the digest that stands there.

    Raises:
        ModelError: a file is missing or unreadable, or the weights were changed.
    """
    try:
        described = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        heads, digest = tuple(described["heads"]), described["sha256"]
        with (folder / "model.safetensors").open("rb") as handle:
            found = hashlib.file_digest(handle, "sha256").hexdigest()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{folder}: not a same-fact model ({error}); restore it from the repository"
        ) from error
    if found != digest:
        raise ModelError(
            f"{folder}: model.safetensors has sha256 {found[:12]}…, expected {digest[:12]}…; "
            "restore it from the repository"
        )
    return ModelFolder(folder, heads, digest)


class SameFactModel:
    """The shipped cross-encoder, read into memory at first use."""

    def __init__(self, folder: ModelFolder) -> None:
        self.digest = folder.digest
        self.heads = folder.heads
        self._folder = folder.path
        self._loaded: Any = None

    def read_pairs(
        self, lefts: Sequence[str], rights: Sequence[str], *, both_orders: bool = True
    ) -> NDArray[np.float64]:
        """Logits, one row a pair, rounded to DECIMALS; the mean of both reading orders if asked.

        Pairs are read in batches of about one length; the order they come in changes nothing.
        """
        keys = [(a, b) if a <= b else (b, a) for a, b in zip(lefts, rights, strict=True)]
        distinct = sorted(set(keys), key=_reading_order)
        logits = self._read_all(distinct)
        if both_orders:
            turned = self._read_all([(b, a) for a, b in distinct])
            logits = (logits + turned) / 2
        row_of = {key: row for row, key in enumerate(distinct)}
        rows = np.array([row_of[key] for key in keys], dtype=np.int64)
        return np.asarray(np.round(logits, DECIMALS)[rows], dtype=np.float64)

    def _read_all(self, pairs: list[tuple[str, str]]) -> NDArray[np.float64]:
        batches = [
            self._read_batch(pairs[start : start + BATCH_SIZE])
            for start in range(0, len(pairs), BATCH_SIZE)
        ]
        return np.concatenate([np.zeros((0, len(self.heads))), *batches])

    def _read_batch(self, batch: list[tuple[str, str]]) -> NDArray[np.float64]:
        import torch

        tokenizer, transformer, dense, out = self._load()
        made = tokenizer(
            [a for a, _ in batch],
            [b for _, b in batch],
            truncation="longest_first",
            max_length=MAX_TOKENS,
            padding=True,
            return_tensors="pt",
        )
        mask, types = made["attention_mask"], made["token_type_ids"]
        with torch.inference_mode():
            hidden = transformer(
                input_ids=made["input_ids"], attention_mask=mask, token_type_ids=types
            ).last_hidden_state
            left, right = ((mask * side).unsqueeze(-1).float() for side in (1 - types, types))
            mean_left = (hidden * left).sum(1) / left.sum(1).clamp(min=1)
            mean_right = (hidden * right).sum(1) / right.sum(1).clamp(min=1)
            features = torch.cat(
                [hidden[:, 0], (mean_left - mean_right).abs(), mean_left * mean_right], dim=1
            )
            logits = out(torch.nn.functional.gelu(dense(features)))
        result: NDArray[np.float64] = logits.numpy().astype(np.float64)
        return result

    def _load(self) -> Any:
        if self._loaded is None:
            self._loaded = _load_weights(self._folder, len(self.heads))
        return self._loaded


def _reading_order(pair: tuple[str, str]) -> tuple[int, tuple[str, str]]:
    return len(pair[0]) + len(pair[1]), pair


def _load_weights(folder: Path, head_count: int) -> tuple[Any, Any, Any, Any]:
    """Tokenizer, transformer and the two layers above it."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from safetensors.torch import load_file
    from transformers import AutoConfig, AutoTokenizer, BertModel

    base = default_embedder_folder()
    config = AutoConfig.from_pretrained(base)
    transformer = BertModel(config, add_pooling_layer=False)
    dense = torch.nn.Linear(3 * config.hidden_size, config.hidden_size)
    out = torch.nn.Linear(config.hidden_size, head_count)
    changed = widen(load_file(folder / "model.safetensors"))
    kept = load_file(base / "model.safetensors")
    state = {name: kept[name].float() for name in kept if name.startswith("embeddings.")}
    state.pop("embeddings.position_ids", None)
    state |= {name[5:]: tensor for name, tensor in changed.items() if name.startswith("bert.")}
    try:
        transformer.load_state_dict(state)
        for name, layer in (("dense", dense), ("out", out)):
            layer.load_state_dict({k: changed[f"{name}.{k}"] for k in ("weight", "bias")})
    except (RuntimeError, KeyError) as error:
        raise ModelError(
            f"{folder}: the weights don't fit the embedder ({str(error).splitlines()[0]}); "
            "restore the folder from the repository"
        ) from error
    transformer.eval()
    return AutoTokenizer.from_pretrained(base), transformer, dense, out


def widen(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Weights as they are computed with: a matrix of eight bits times the factors of its rows."""
    return {
        name: tensor.float() * stored[name + SCALE].float()[:, None]
        if name + SCALE in stored
        else tensor.float()
        for name, tensor in stored.items()
        if not name.endswith(SCALE)
    }


def load_same_fact_model() -> SameFactModel | None:
    """The shipped model for two sentences without company, or None where its folder is absent."""
    return _load_shipped(LONE_FOLDER)


def load_story_model() -> SameFactModel | None:
    """The shipped model for sentences and clauses of a story, or None if its folder is absent."""
    return _load_shipped(STORY_FOLDER)


@lru_cache(maxsize=2)
def _load_shipped(name: str) -> SameFactModel | None:
    folder = find_model_folder(name)
    return None if folder is None else SameFactModel(open_model_folder(folder))
