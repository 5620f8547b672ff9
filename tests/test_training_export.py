"""The package the recipe exports: what torch, Argos Translate and the engine make of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from models.training import evaluate, packing
from models.training.__main__ import main
from models.training.parts import read_pairs
from models.training.vocabulary import END, PAD, load_vocabulary
from tests.toy_recipe import read_log


def open_ids(recipe: Path) -> tuple[Any, list[str]]:
    """The vocabulary and German lines the model has and has not seen."""
    lines = [
        german
        for name in ("valid.news", "valid.made", "news")
        for german, _ in read_pairs(recipe / "text" / f"{name}.tsv")
    ]
    return load_vocabulary(recipe / "packed" / "sentencepiece.model"), lines[:40]


def translate_with_torch(recipe: Path, recipe_run: Path, form: str, out: Path) -> list[str]:
    """Greedy translations by the recipe's own network, with weights written in the given form."""
    import torch

    from models.training.network import Network, Shape
    from models.training.state import collect_weights
    from models.training.weights import read_weights, write_weights

    write_weights(*collect_weights(recipe_run, recipe / "packed"), out, form=form)
    weights, facts = read_weights(out)
    processor, lines = open_ids(recipe)
    ids = [[*line, END] for line in processor.encode(lines)]
    longest = max(map(len, ids))
    source = torch.tensor([line + [PAD] * (longest - len(line)) for line in ids])
    outputs = Network(Shape(**facts["shape"])).translate(weights, source, max_length=64)
    return [processor.decode(output) for output in outputs]


def test_export_translates_as_torch_does(recipe: Path, recipe_run: Path, tmp_path: Path) -> None:
    import ctranslate2

    from models.training.export import convert_weights
    from models.training.network import Shape
    from models.training.state import collect_weights

    weights, facts = collect_weights(recipe_run, recipe / "packed")
    model = recipe / "packed" / "sentencepiece.model"
    out = tmp_path / "model"
    convert_weights(weights, Shape(**facts["shape"]), model, out, quantization=None)
    wanted = translate_with_torch(recipe, recipe_run, "float32", tmp_path / "w")
    processor, lines = open_ids(recipe)
    translator = ctranslate2.Translator(str(out), intra_threads=1)
    results = translator.translate_batch(
        processor.encode(lines, out_type=str), beam_size=1, max_decoding_length=64
    )
    assert [processor.decode(result.hypotheses[0]) for result in results] == wanted
    assert len({output[:20] for output in wanted}) > 10, (
        "a model that says one thing proves nothing"
    )


def test_export_gives_the_same_bytes_from_int8_weights(
    recipe: Path, recipe_run: Path, recipe_package: Path, tmp_path: Path
) -> None:
    import zipfile

    out = tmp_path / "again.argosmodel"
    weights = ["weights", str(recipe_run), "--data", str(recipe / "packed"), "--out", str(tmp_path)]
    main([*weights, "--form=int8", "--part-mib=1"])
    model = recipe / "packed" / "sentencepiece.model"
    export = ["export", str(tmp_path), "--model", str(model), "--out", str(out)]
    main([*export, "--readme", str(recipe / "card.md"), "--version=0.1"])
    with zipfile.ZipFile(recipe_package) as one, zipfile.ZipFile(out) as other:
        assert one.namelist() == other.namelist()
        name = "translate-de_en/model/model.bin"
        assert one.read(name) == other.read(name)
    again = tmp_path / "third.argosmodel"
    export[export.index(str(out))] = str(again)
    main([*export, "--readme", str(recipe / "card.md"), "--version=0.1"])
    assert again.read_bytes() == out.read_bytes()


def test_export_records_the_chain_of_digests(recipe: Path, recipe_package: Path) -> None:
    from models.training.parts import digest_file

    chain = json.loads(recipe_package.with_suffix(".json").read_text(encoding="utf-8"))
    manifest = packing.read_manifest(recipe / "packed")
    assert chain["text"] == manifest["text"]
    assert chain["text"]["news.tsv"] == digest_file(recipe / "text" / "news.tsv")
    assert chain["data"] == {"wmt24": digest_file(recipe / "raw" / "wmt24.tsv")}
    assert chain["ids"] == manifest["ids"]
    assert chain["weights"] == read_log(recipe / "run", "stop")[-1]["average"]
    assert chain["package"] == digest_file(recipe_package)


@pytest.mark.usefixtures("recipe_package")
def test_export_refuses_another_vocabulary(recipe: Path, tmp_path: Path) -> None:
    from models.training.export import export_package

    other = tmp_path / "sentencepiece.model"
    other.write_bytes(b"not the one")
    with pytest.raises(ValueError, match="is not the vocabulary"):
        export_package(recipe / "w", other, tmp_path / "x.argosmodel", version="1", readme="")


class OneSentence:
    """Argos would fetch a sentence splitter from the network."""

    def split_sentences(self, text: str) -> list[str]:
        """The text itself."""
        return [text]


def translate_with_argos(
    package: Path, lines: list[str], folder: Path, compute_type: str, beam_size: int
) -> list[str]:
    """Each line through argostranslate, which installs the package into the folder."""
    import argostranslate.package
    import argostranslate.settings
    import argostranslate.translate
    import ctranslate2

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argostranslate.settings, "package_data_dir", folder)
        patch.setattr(argostranslate.settings, "beam_size", beam_size)
        argostranslate.package.install_from_path(package)
        (installed,) = argostranslate.package.get_installed_packages([folder])
        assert (installed.from_code, installed.to_code) == ("de", "en")
        translator = ctranslate2.Translator(
            str(installed.package_path / "model"), compute_type=compute_type, intra_threads=1
        )
        return [
            argostranslate.translate.apply_packaged_translation(
                installed, line, translator, OneSentence(), 1
            )[0].value
            for line in lines
        ]


def test_argostranslate_gives_what_torch_gives(
    recipe: Path, recipe_run: Path, recipe_package: Path, tmp_path: Path
) -> None:
    _, lines = open_ids(recipe)
    outputs = translate_with_argos(
        recipe_package, lines, tmp_path / "argos", "float32", beam_size=1
    )
    wanted = translate_with_torch(recipe, recipe_run, "int8", tmp_path / "w")
    # So small a model does not always stop; both sides have a limit of their own then.
    assert [output[:50] for output in outputs] == [output[:50] for output in wanted]


def test_argostranslate_and_the_engine_agree(
    recipe: Path, recipe_package: Path, tmp_path: Path
) -> None:
    from pipeline.translation.engine import Decoding, Engine
    from pipeline.translation.package import read_package

    _, lines = open_ids(recipe)
    folder = tmp_path / "argos"
    wanted = translate_with_argos(recipe_package, lines, folder, "int8", beam_size=4)
    engine = Engine(read_package(folder / "translate-de_en"))
    engine.threads = (1, 1)
    ours = engine.translate(lines, Decoding())
    ended = [row for row, hypothesis in enumerate(ours) if hypothesis.ended]
    assert len(ended) > 30
    assert [ours[row].text for row in ended] == [wanted[row] for row in ended]


def test_evaluate_prints_figures_with_their_signature(
    recipe: Path, recipe_package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = list(read_pairs(recipe / "text" / "valid.news.tsv"))
    flores = [tmp_path / "dev.de", tmp_path / "dev.en"]
    for side, path in enumerate(flores):
        path.write_text("".join(f"{pair[side]}\n" for pair in pairs), encoding="utf-8")
    out = tmp_path / "figures.json"
    command = ["evaluate", str(recipe_package), "--flores", *map(str, flores), "--text"]
    main([*command, str(recipe / "text"), "--json", str(out)])
    printed = capsys.readouterr().out
    assert "| flores dev | 12 |" in printed
    assert "nrefs:1|case:mixed" in printed
    result = json.loads(out.read_text(encoding="utf-8"))
    names = [row["name"] for row in result["sets"]]
    assert names == ["flores dev"] + [
        f"held back: {name}" for name in ("made", "news", "headlines", "capitals", "noisy")
    ]
    assert "Worst of flores dev by chrF:" in printed
    assert [row[0] for row in result["sets"][0]["worst"]] == sorted(
        row[0] for row in result["sets"][0]["worst"]
    )
    assert result["sets"][0]["bleu"] > 1.0


@pytest.mark.parametrize(
    ("source", "output", "loop"),
    [
        ("Streik in Berlin", "Strike in Berlin", False),
        ("Streik in Berlin", "Strike in Strike in Strike in Berlin", True),
        ("nein nein nein", "no no no", False),
        ("Streik", "word " * 3 + "other things that run on and on until nobody reads them", True),
    ],
)
def test_is_loop_sees_repeated_phrases(source: str, output: str, loop: bool) -> None:
    assert evaluate.is_loop(source, output) is loop


def test_score_lines_counts_figures_that_were_kept() -> None:
    sources = ["Etwa 3.000 Menschen am 10. November", "1,2 Milliarden um 18:30 Uhr", "12 von 99"]
    outputs = ["About 3,000 people on November 10", "1.2 billion at 6:30 p.m.", "12 of 100"]
    figures = evaluate.score_lines("x", sources, outputs, outputs)
    assert figures.figures_kept == pytest.approx(4 / 5)
    assert figures.bleu == pytest.approx(100.0)
    assert "version:" in figures.signatures["bleu"]
