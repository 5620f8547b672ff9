"""The translation network: a pre-norm transformer as plain functions over a dict of weights.

Weights as a dict (no modules) make the running average, checkpoints and the map to CTranslate2
one-liners, and let one compiled layer function serve all layers. Names: `encoder.0.qkv.weight`.
Deep encoder, shallow decoder: the encoder runs once a sentence, the decoder once a token.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)

from models.training.vocabulary import BEGIN, END, PAD

if TYPE_CHECKING:
    from collections.abc import Callable

    Weights = dict[str, torch.Tensor]
    Layer = tuple[torch.Tensor, ...]

EPSILON = 1e-5  # CTranslate2's layer norm
_NORM = ("gain", "bias")
_LINEAR = ("weight", "bias")


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network; the defaults are the bundled package's (46 M weights, 24 k pieces)."""

    vocabulary: int
    width: int = 512
    inner: int = 2048
    heads: int = 8
    encoder_layers: int = 8
    decoder_layers: int = 2

    def to_dict(self) -> dict[str, int]:
        """Sizes by name, for manifests."""
        return asdict(self)


def _list_fields(block: str) -> list[tuple[str, str]]:
    """(operation, kind) of a layer in the order its function unpacks them."""
    attention = [("norm1", "norm"), ("qkv", "linear"), ("out", "linear")]
    cross = [
        ("norm2", "norm"),
        ("query", "linear"),
        ("key_value", "linear"),
        ("cross_out", "linear"),
    ]
    inner = [("norm3", "norm"), ("up", "linear"), ("down", "linear")]
    return attention + (cross if block == "decoder" else []) + inner


def list_names(shape: Shape) -> list[str]:
    """Names of all weights, in a fixed order."""
    names = ["embedding"]
    for block, layers in (("encoder", shape.encoder_layers), ("decoder", shape.decoder_layers)):
        for layer in range(layers):
            names += _name_layer(block, layer)
        names += [f"{block}.norm.{field}" for field in _NORM]
    return names


def _name_layer(block: str, layer: int) -> list[str]:
    return [
        f"{block}.{layer}.{operation}.{field}"
        for operation, kind in _list_fields(block)
        for field in (_NORM if kind == "norm" else _LINEAR)
    ]


def create_weights(shape: Shape, seed: int) -> Weights:
    """Fresh float32 weights on the CPU, the same for the same seed."""
    chance = torch.Generator().manual_seed(seed)
    width = shape.width
    sizes = {
        "qkv": (3 * width, width),
        "out": (width, width),
        "query": (width, width),
        "key_value": (2 * width, width),
        "cross_out": (width, width),
        "up": (shape.inner, width),
        "down": (width, shape.inner),
    }
    weights: Weights = {}
    for name in list_names(shape):
        if name == "embedding":
            # Variance 1/width: times sqrt(width) on the way in, logits of variance 1 out.
            values = torch.randn(shape.vocabulary, width, generator=chance) * width**-0.5
        elif name.endswith(".gain"):
            values = torch.ones(width)
        else:
            operation, field = name.split(".")[-2:]
            rows, columns = sizes.get(operation, (width, width))
            if field == "weight":
                # Each projection of the fused ones counts by itself.
                fan_out = width if operation in {"qkv", "key_value"} else rows
                bound = math.sqrt(6.0 / (fan_out + columns))
                values = (torch.rand(rows, columns, generator=chance) * 2 - 1) * bound
            else:
                values = torch.zeros(rows)
        weights[name] = values
    return weights


def count_weights(weights: Weights) -> int:
    """Number of trained values."""
    return sum(tensor.numel() for tensor in weights.values())


def _attend(
    queries: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    heads: int,
    mask: torch.Tensor | None,
) -> torch.Tensor:
    """Attention of [rows, length, width] tensors; without a mask it looks backwards only."""
    rows, length, width = queries.shape
    query, key, value = (
        tensor.view(rows, -1, heads, width // heads).transpose(1, 2)
        for tensor in (queries, keys, values)
    )
    mixed = F.scaled_dot_product_attention(
        query, key, value, attn_mask=mask, is_causal=mask is None
    )
    return mixed.transpose(1, 2).reshape(rows, length, width)


def _norm(states: torch.Tensor, gain: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return F.layer_norm(states, gain.shape, gain, bias, EPSILON)


def _feed_forward(states: torch.Tensor, layer: Layer, dropout: float) -> torch.Tensor:
    gain, bias, up, up_bias, down, down_bias = layer
    inner = F.relu(F.linear(_norm(states, gain, bias), up, up_bias))
    return states + _drop(F.linear(_drop(inner, dropout), down, down_bias), dropout)


def _drop(states: torch.Tensor, dropout: float) -> torch.Tensor:
    return F.dropout(states, dropout) if dropout > 0 else states


def _self_attend(
    states: torch.Tensor, mask: torch.Tensor | None, layer: Layer, heads: int, dropout: float
) -> torch.Tensor:
    gain, bias, qkv, qkv_bias, out, out_bias = layer
    queries, keys, values = F.linear(_norm(states, gain, bias), qkv, qkv_bias).chunk(3, dim=-1)
    mixed = _attend(queries, keys, values, heads, mask)
    return states + _drop(F.linear(mixed, out, out_bias), dropout)


def run_encoder_layer(
    states: torch.Tensor, mask: torch.Tensor, layer: Layer, heads: int, dropout: float
) -> torch.Tensor:
    """States after one encoder layer; `mask` is what is added to attention scores."""
    states = _self_attend(states, mask, layer[:6], heads, dropout)
    return _feed_forward(states, layer[6:], dropout)


def run_decoder_layer(
    states: torch.Tensor,
    memory: torch.Tensor,
    mask: torch.Tensor,
    layer: Layer,
    heads: int,
    dropout: float,
) -> torch.Tensor:
    """States after one decoder layer over the encoder's `memory`.

    No mask on the target: its padding comes last, and no position looks ahead.
    """
    states = _self_attend(states, None, layer[:6], heads, dropout)
    gain, bias, query, query_bias, key_value, key_value_bias, out, out_bias = layer[6:14]
    queries = F.linear(_norm(states, gain, bias), query, query_bias)
    keys, values = F.linear(memory, key_value, key_value_bias).chunk(2, dim=-1)
    mixed = _attend(queries, keys, values, heads, mask)
    states = states + _drop(F.linear(mixed, out, out_bias), dropout)
    return _feed_forward(states, layer[14:], dropout)


def run_loss(
    states: torch.Tensor, embedding: torch.Tensor, wanted: torch.Tensor, smoothing: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Smoothed loss and plain negative log-likelihood, both summed over real target positions."""
    logits = F.linear(states.flatten(0, 1), embedding).float()
    likelihoods = F.log_softmax(logits, dim=-1)
    wanted = wanted.flatten()
    real = wanted != PAD
    plain = -likelihoods.gather(1, wanted[:, None]).squeeze(1)
    spread = -likelihoods.mean(dim=-1)
    loss = torch.where(real, (1 - smoothing) * plain + smoothing * spread, 0.0)
    return loss.sum(), torch.where(real, plain, 0.0).sum()


class Network:
    """The functions above, put together for one shape; `compile_layers` fuses them."""

    def __init__(self, shape: Shape, *, compile_layers: bool = False) -> None:
        """Hold the shape; with `compile_layers` each layer function is compiled once a shape."""
        self.shape = shape
        wrap: Callable[[Any], Any] = torch.compile if compile_layers else _keep
        self._encoder_layer = wrap(run_encoder_layer)
        self._decoder_layer = wrap(run_decoder_layer)
        self._loss = wrap(run_loss)

    def encode(
        self, weights: Weights, source: torch.Tensor, *, dropout: float = 0.0
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Memory [rows, length, width] of the source ids, and its mask [rows, 1, 1, length]."""
        states = _drop(self._embed(weights, source), dropout)
        # Made once: a mask of true and false would become this sum in every layer anew.
        mask = torch.zeros(len(source), 1, 1, source.shape[1], device=source.device)
        mask = mask.masked_fill((source == PAD)[:, None, None, :], -math.inf)
        kind = source.device.type
        if torch.is_autocast_enabled(kind):
            mask = mask.to(torch.get_autocast_dtype(kind))
        square = mask.expand(-1, 1, source.shape[1], -1).contiguous()
        for layer in range(self.shape.encoder_layers):
            fields = tuple(weights[name] for name in _name_layer("encoder", layer))
            states = self._encoder_layer(states, square, fields, self.shape.heads, dropout)
        gain, bias = weights["encoder.norm.gain"], weights["encoder.norm.bias"]
        return _norm(states, gain, bias), mask

    def decode(
        self,
        weights: Weights,
        memory: torch.Tensor,
        mask: torch.Tensor,
        target: torch.Tensor,
        *,
        dropout: float = 0.0,
    ) -> torch.Tensor:
        """States [rows, length, width] from which each next piece is predicted."""
        states = _drop(self._embed(weights, target), dropout)
        across = mask.expand(-1, 1, target.shape[1], -1).contiguous()
        for layer in range(self.shape.decoder_layers):
            fields = tuple(weights[name] for name in _name_layer("decoder", layer))
            heads = self.shape.heads
            states = self._decoder_layer(states, memory, across, fields, heads, dropout)
        return _norm(states, weights["decoder.norm.gain"], weights["decoder.norm.bias"])

    def compute_loss(
        self,
        weights: Weights,
        source: torch.Tensor,
        target: torch.Tensor,
        wanted: torch.Tensor,
        *,
        dropout: float = 0.0,
        smoothing: float = 0.0,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Loss and negative log-likelihood, each the mean over the real target pieces."""
        memory, mask = self.encode(weights, source, dropout=dropout)
        states = self.decode(weights, memory, mask, target, dropout=dropout)
        loss, plain = self._loss(states, weights["embedding"], wanted, smoothing)
        count = (wanted != PAD).sum()
        return loss / count, plain / count

    def translate(
        self, weights: Weights, source: torch.Tensor, *, max_length: int = 128
    ) -> list[list[int]]:
        """Greedy translation of padded source ids (end mark included), without the end mark."""
        with torch.inference_mode():
            return self._search(weights, source, max_length)

    def _search(self, weights: Weights, source: torch.Tensor, max_length: int) -> list[list[int]]:
        memory, mask = self.encode(weights, source)
        target = torch.full((len(source), 1), BEGIN, device=source.device)
        done = torch.zeros(len(source), dtype=torch.bool, device=source.device)
        for _ in range(max_length):
            states = self.decode(weights, memory, mask, target)[:, -1]
            best = F.linear(states, weights["embedding"].to(states.dtype)).argmax(dim=-1)
            best = torch.where(done, PAD, best)
            target = torch.cat((target, best[:, None]), dim=1)
            done |= best == END
            if bool(done.all()):
                break
        stops = {END, PAD}
        return [
            line[: next((at for at, piece in enumerate(line) if piece in stops), len(line))]
            for line in target[:, 1:].tolist()
        ]

    def _embed(self, weights: Weights, ids: torch.Tensor) -> torch.Tensor:
        width = self.shape.width
        states = F.embedding(ids, weights["embedding"]) * math.sqrt(width)
        # Stays float32 under autocast: the sum that runs through all layers keeps what each adds.
        return states + create_positions(ids.shape[1], width, ids.device)


def create_positions(length: int, width: int, device: torch.device) -> torch.Tensor:
    """Sinusoids as CTranslate2 makes them when a model brings none: counted from one."""
    half = width // 2
    step = -math.log(10000.0) / (half - 1)
    rates = torch.exp(torch.arange(half, dtype=torch.float32, device=device) * step)
    times = torch.arange(1, length + 1, dtype=torch.float32, device=device)
    angles = times[:, None] * rates[None, :]
    return torch.cat((angles.sin(), angles.cos()), dim=1)


def _keep(function: Any) -> Any:
    return function
