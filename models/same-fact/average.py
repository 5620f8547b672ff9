"""Averages runs of stage 2 into one model folder; see README.md for the commands.

Runs that start from the same weights end near each other, and their mean reads better than each
(Wortsman et al. 2022, model soups).
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import data
import torch
from safetensors.torch import load_file, save_file

from pipeline.pairs.model import SCALE

# Smaller matrices (the outputs) stay in half precision.
LEAST_ROWS = 16


def narrow(weights):
    """Matrices in eight bits, a factor for each row; all else in half precision."""
    stored = {}
    for name, tensor in weights.items():
        if tensor.ndim == 2 and len(tensor) >= LEAST_ROWS:
            scale = (tensor.abs().amax(1) / 127).half()
            steps = (tensor / scale.float().clamp(min=1e-8)[:, None]).round().clamp(-127, 127)
            stored |= {name: steps.to(torch.int8), name + SCALE: scale}
        else:
            stored[name] = tensor.half()
    return {name: tensor.contiguous() for name, tensor in stored.items()}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+", help="weights that train.py wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    options = parser.parse_args()
    runs = [load_file(run) for run in options.runs]
    mean = {name: torch.stack([run[name].float() for run in runs]).mean(0) for name in runs[0]}
    options.out.mkdir(parents=True, exist_ok=True)
    weights = options.out / "model.safetensors"
    save_file(narrow(mean), weights)
    heads = data.STORY_HEADS if len(mean["out.bias"]) == len(data.STORY_HEADS) else data.HEADS
    described = {
        "heads": list(heads),
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    }
    (options.out / "model.json").write_text(json.dumps(described) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
