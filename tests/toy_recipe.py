"""A toy language through the recipe of the bundled package, for the tests of its stages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from models.training import packing
from models.training.__main__ import main
from models.training.batches import BatchConfig
from models.training.schedule import TrainConfig
from models.training.templates import make_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SMALL = BatchConfig(batch_tokens=1024, round_batches=8, lengths=(32, 48, 64, 128))
TINY = {"width": 64, "inner": 128, "heads": 4, "encoder_layers": 1, "decoder_layers": 1}
STEPS = 200


def build_text(folder: Path) -> Path:
    """The folder with parallel text (`raw`), selected text and packed ids of a toy language."""
    raw = folder / "raw"
    raw.mkdir()
    news = [pair for pair in make_pairs(4000, seed=1) if len(pair[0]) < 60][:300]
    write_pairs(raw / "wmt24.tsv", [*news, news[0], ("Nur <i>eine</i> Zeile.", "One <i>line</i>.")])
    write_pairs(raw / "stsb.tsv", [("Das ist verboten.", "This is forbidden.")])
    held_out = folder / "held-out.txt"
    held_out.write_text(f"{news[7][0]}\n", encoding="utf-8")
    options = ["--made-pairs=40", "--noisy-pairs=20", "--held-back-pairs=12"]
    text = folder / "text"
    main(["select", str(raw), "--out", str(text), "--held-out", str(held_out), *options])
    main(["pack", str(text), "--out", str(folder / "packed"), "--vocabulary=700", "--part-mib=1"])
    return folder


def build_package(toy: Path) -> Path:
    """The trained toy as an `.argosmodel`, through the command line."""
    out = toy / "translate-de_en.argosmodel"
    (toy / "card.md").write_text("A toy.\n", encoding="utf-8")
    model = toy / "packed" / "sentencepiece.model"
    weights = ["weights", str(toy / "run"), "--data", str(toy / "packed"), "--out", str(toy / "w")]
    main([*weights, "--form=float32"])
    export = ["export", str(toy / "w"), "--model", str(model), "--out", str(out)]
    main([*export, "--readme", str(toy / "card.md"), "--version=0.1"])
    return out


def write_pairs(path: Path, pairs: Sequence[tuple[str, str]]) -> None:
    """Lines `german TAB english`."""
    path.write_text("".join(f"{de}\t{en}\n" for de, en in pairs), encoding="utf-8")


def train_toy(toy: Path, out: Path, **options: Any) -> Any:
    """A call of training of the toy model."""
    import torch

    from models.training.network import Shape
    from models.training.train import train

    settings: dict[str, Any] = {
        "warmup_steps": 30,
        "peak_rate": 1e-2,
        "average_decay": 0.9,
        "log_every": 20,
        "probe_lines": 8,
    }
    config = TrainConfig(batches=SMALL, **{**settings, **options})
    size = packing.read_manifest(toy / "packed")["vocabulary_size"]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return train(toy / "packed", out, config, Shape(vocabulary=size, **TINY))
    finally:
        torch.set_num_threads(threads)


def read_log(run: Path, event: str) -> list[dict[str, Any]]:
    """Log lines of one kind."""
    lines = (run / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [entry for line in lines if (entry := json.loads(line))["event"] == event]
