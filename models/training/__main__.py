"""Command line of the recipe: `python -m models.training COMMAND`."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any


def main(arguments: list[str] | None = None) -> int:
    """Run one stage; 0 when it is done."""
    options = _build_parser().parse_args(arguments)
    options.run(options)
    return 0


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_select(commands)
    _add_pack(commands)
    _add_train(commands)
    _add_weights(commands)
    _add_export(commands)
    _add_evaluate(commands)
    return parser


def _add_select(commands: Any) -> None:
    command = commands.add_parser("select", help="Filter the parallel text and choose the pairs.")
    command.add_argument("folder", type=Path, help="folder of NAME.tsv.zst files (parts.toml)")
    command.add_argument("--out", type=Path, required=True, help="folder for the chosen text")
    command.add_argument(
        "--held-out", type=Path, nargs="*", default=[], help="text files never to be trained on"
    )
    command.add_argument("--docs-pairs", type=int, help="at most so many documentation pairs")
    command.add_argument("--made-pairs", type=int, help="pairs made from templates")
    command.add_argument("--noisy-pairs", type=int, help="changed copies")
    command.add_argument("--held-back-pairs", type=int, help="validation pairs a domain")
    command.set_defaults(run=_select)


def _select(options: argparse.Namespace) -> None:
    from models.training.select_text import SelectConfig, select_text

    config = SelectConfig(**_pick_given(options, SelectConfig))
    report = select_text(options.folder, options.out, options.held_out, config)
    print(json.dumps(report.kept, indent=1))


def _add_pack(commands: Any) -> None:
    command = commands.add_parser("pack", help="Train the vocabulary and pack the ids.")
    command.add_argument("folder", type=Path, help="what `select` wrote")
    command.add_argument("--out", type=Path, required=True, help="folder for the packed ids")
    command.add_argument("--vocabulary", type=int, default=24_000, help="pieces (default 24000)")
    command.add_argument("--part-mib", type=int, default=40, help="largest part (default 40 MiB)")
    command.set_defaults(run=_pack)


def _pack(options: argparse.Namespace) -> None:
    from models.training.packing import pack_text

    manifest = pack_text(
        options.folder,
        options.out,
        vocabulary_size=options.vocabulary,
        part_mib=options.part_mib,
    )
    print(json.dumps({name: manifest[name] for name in ("pairs", "tokens", "packed_bytes")}))


def _add_train(commands: Any) -> None:
    for name, text in (
        ("train", "Train, or go on training, until the budget or this call's time is used up."),
        ("bench", "Time one step of every batch shape; trains nothing."),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("data", type=Path, help="what `pack` wrote, all parts together")
        command.add_argument("--device", default="cpu", help="cpu or cuda (default cpu)")
        command.add_argument("--compile", action="store_true", help="compile the layers")
        command.add_argument("--batch-tokens", type=int, help="padded tokens a batch, both sides")
        command.add_argument("--width", type=int, default=512, help="model width (default 512)")
        command.add_argument("--inner", type=int, default=2048, help="feed-forward width")
        command.add_argument("--heads", type=int, default=8, help="attention heads (default 8)")
        command.add_argument("--encoder-layers", type=int, default=8, help="default 8")
        command.add_argument("--decoder-layers", type=int, default=2, help="default 2")
        command.add_argument("--peak-rate", type=float, help="highest learning rate")
        command.add_argument("--warmup-steps", type=int, help="steps of linear warm-up")
        command.add_argument("--dropout", type=float, help="dropout rate")
        if name == "train":
            command.add_argument("--out", type=Path, required=True, help="checkpoint and log")
            command.add_argument("--minutes", type=float, help="training budget over all calls")
            command.add_argument("--steps", type=int, help="budget in steps instead")
            command.add_argument("--call-seconds", type=float, help="stop this call after so long")
            command.add_argument(
                "--weights", type=Path, help="after the call write int8 weights and the log here"
            )
            command.add_argument("--log-every", type=int, help="steps between log lines")
            command.set_defaults(run=_train)
        else:
            command.add_argument("--repeats", type=int, default=8, help="timed steps a shape")
            command.set_defaults(run=_bench)


def _configure(options: argparse.Namespace) -> tuple[Any, Any]:
    from models.training.network import Shape
    from models.training.packing import read_manifest
    from models.training.schedule import TrainConfig

    values = _pick_given(options, TrainConfig)
    if "minutes" not in values and "steps" not in values:
        values["steps"] = 1_000_000
    config = TrainConfig(**values, compile_layers=options.compile)
    if options.batch_tokens:
        config = replace(config, batches=replace(config.batches, batch_tokens=options.batch_tokens))
    shape = Shape(
        vocabulary=read_manifest(options.data)["vocabulary_size"],
        width=options.width,
        inner=options.inner,
        heads=options.heads,
        encoder_layers=options.encoder_layers,
        decoder_layers=options.decoder_layers,
    )
    return config, shape


def _pick_given(options: argparse.Namespace, config: Any) -> dict[str, Any]:
    """The options that were given and that the settings class has a field for."""
    given = {name: value for name, value in vars(options).items() if value is not None}
    return {each.name: given[each.name] for each in fields(config) if each.name in given}


def _train(options: argparse.Namespace) -> None:
    from models.training.state import collect_weights
    from models.training.train import LOG, train
    from models.training.weights import write_weights

    if (options.minutes is None) == (options.steps is None):
        sys.exit("give either --minutes or --steps")
    config, shape = _configure(options)
    train(options.data, options.out, config, shape)
    if options.weights:
        weights, facts = collect_weights(options.out, options.data)
        write_weights(weights, facts, options.weights, form="int8")
        shutil.copy(options.out / LOG, options.weights / LOG)


def _bench(options: argparse.Namespace) -> None:
    from models.training.bench import bench_shapes

    config, shape = _configure(options)
    print(bench_shapes(options.data, config, shape, options.repeats))


def _add_weights(commands: Any) -> None:
    command = commands.add_parser("weights", help="Write a checkpoint's averaged weights in parts.")
    command.add_argument("run_folder", type=Path, help="what `train` wrote")
    command.add_argument("--data", type=Path, required=True, help="what `pack` wrote")
    command.add_argument("--out", type=Path, required=True, help="folder for the parts")
    command.add_argument(
        "--form", choices=("float32", "float16", "int8"), default="float16", help="default float16"
    )
    command.add_argument("--part-mib", type=int, default=15, help="largest part (default 15 MiB)")
    command.set_defaults(run=_weights)


def _weights(options: argparse.Namespace) -> None:
    from models.training.state import collect_weights
    from models.training.weights import write_weights

    weights, facts = collect_weights(options.run_folder, options.data)
    manifest = write_weights(
        weights, facts, options.out, form=options.form, part_mib=options.part_mib
    )
    print(json.dumps({name: manifest[name] for name in ("weights", "image", "parts")}, indent=1))


def _add_export(commands: Any) -> None:
    command = commands.add_parser("export", help="Make the .argosmodel from weights.")
    command.add_argument("weights", type=Path, help="what `weights` wrote")
    command.add_argument("--model", type=Path, required=True, help="sentencepiece.model")
    command.add_argument("--out", type=Path, required=True, help="translate-de_en.argosmodel")
    command.add_argument("--readme", type=Path, required=True, help="model card to put in")
    command.add_argument("--version", default="1.0", help="package version (default 1.0)")
    command.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> None:
    from models.training.export import export_package

    chain = export_package(
        options.weights,
        options.model,
        options.out,
        version=options.version,
        readme=options.readme.read_text(encoding="utf-8"),
    )
    print(json.dumps({name: chain[name] for name in ("package", "package_bytes")}))


def _add_evaluate(commands: Any) -> None:
    command = commands.add_parser("evaluate", help="Measure a package.")
    command.add_argument("package", type=Path, help=".argosmodel")
    command.add_argument("--flores", type=Path, nargs=2, metavar=("DE", "EN"), help="FLORES dev")
    command.add_argument("--text", type=Path, help="what `select` wrote: its held-back pairs")
    command.add_argument("--beam", type=int, default=4, help="beam size (default 4)")
    command.add_argument("--json", type=Path, help="write the figures here as well")
    command.set_defaults(run=_evaluate)


def _evaluate(options: argparse.Namespace) -> None:
    from models.training.evaluate import evaluate_package, read_sets, save_result, write_table

    flores = tuple(options.flores) if options.flores else None
    result = evaluate_package(
        options.package, read_sets(flores, options.text), beam_size=options.beam
    )
    print(write_table(result), end="")
    if options.json:
        save_result(result, options.json)


if __name__ == "__main__":
    sys.exit(main())
