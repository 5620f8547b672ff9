"""Weights as files that travel: one safetensors image, cut into parts with digests."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import torch

from models.training.parts import digest_file

if TYPE_CHECKING:
    from pathlib import Path

    from models.training.network import Weights

MANIFEST = "weights.json"
_INT8 = 127.0


def digest_weights(weights: Weights) -> str:
    """SHA-256 over names, shapes and float32 bytes, in order of names."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        values = weights[name].detach().to("cpu", torch.float32).contiguous()
        digest.update(f"{name}{tuple(values.shape)}".encode())
        digest.update(values.numpy().tobytes())
    return digest.hexdigest()


def write_weights(
    weights: Weights, facts: dict[str, Any], out: Path, *, form: str = "float16", part_mib: int = 15
) -> dict[str, Any]:
    """Write `weights.NN.part` and their manifest with `facts`; returns the manifest.

    `form` is float32, float16 or int8. The int8 form is row by row what CTranslate2 makes of the
    matrices at export (127 / largest absolute value), so a package made from it is the same.
    """
    from safetensors.torch import save

    out.mkdir(parents=True, exist_ok=True)
    image = save(_reduce(weights, form))
    for stale in out.glob("weights.*.part"):
        stale.unlink()
    parts: list[list[str]] = []
    size = part_mib << 20
    for number, start in enumerate(range(0, len(image), size)):
        path = out / f"weights.{number:02d}.part"
        path.write_bytes(image[start : start + size])
        parts.append([path.name, digest_file(path)])
    manifest = {
        **facts,
        "form": form,
        "weights": digest_weights(weights),
        "image": hashlib.sha256(image).hexdigest(),
        "parts": parts,
    }
    (out / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


def read_weights(folder: Path) -> tuple[Weights, dict[str, Any]]:
    """Float32 weights and their manifest.

    Raises:
        ValueError: a part is missing or damaged.
    """
    from safetensors.torch import load

    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    image = bytearray()
    for name, digest in manifest["parts"]:
        path = folder / name
        if not path.exists() or digest_file(path) != digest:
            raise ValueError(f"{path} is missing or damaged: fetch it again")
        image += path.read_bytes()
    if hashlib.sha256(image).hexdigest() != manifest["image"]:
        raise ValueError(f"{folder}: the parts do not make the image the manifest names")
    return _restore(load(bytes(image))), manifest


def _reduce(weights: Weights, form: str) -> Weights:
    small: Weights = {}
    for name, tensor in weights.items():
        values = tensor.detach().to("cpu", torch.float32).contiguous()
        if values.dim() < 2 or form == "float32":
            small[name] = values
        elif form == "float16":
            small[name] = values.half()
        elif form == "int8":
            peak = values.abs().amax(dim=1)
            scale = _INT8 / peak.clamp_min(1e-12)
            small[name] = torch.round(values * scale[:, None]).to(torch.int8)
            small[f"{name}:peak"] = peak
        else:
            raise ValueError(f"unknown form {form!r}: float32, float16 or int8")
    return small


def _restore(stored: Weights) -> Weights:
    weights: Weights = {}
    for name, values in stored.items():
        if name.endswith(":peak"):
            continue
        peak = stored.get(f"{name}:peak")
        whole = values.float()
        # 127 / 127 * peak is the peak to the last bit, so quantising again finds the same scale.
        weights[name] = whole if peak is None else whole / _INT8 * peak[:, None]
    return weights
