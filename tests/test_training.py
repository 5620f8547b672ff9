"""Stages of the recipe on a toy: select, pack, train, resume."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from models.training import batches, packing
from models.training.__main__ import main
from models.training.batches import Ragged, Rounds
from models.training.parts import read_pairs
from models.training.templates import make_pairs
from models.training.vocabulary import load_vocabulary
from tests.toy_recipe import SMALL, STEPS, TINY, read_log, train_toy, write_pairs


def test_select_reports_what_went_and_why(recipe: Path) -> None:
    report = json.loads((recipe / "text" / "report.json").read_text(encoding="utf-8"))
    assert report["parts"]["wmt24"]["faults"]["markup"] == 1
    assert "DeepL" in report["parts"]["stsb"]["reason"]
    assert report["parts"]["tatoeba"]["reason"] == "file not found"
    assert report["lost"]["choose"]["repeat"] >= 1
    assert report["lost"]["choose"]["held out"] >= 1
    text = (recipe / "text" / "news.tsv").read_text(encoding="utf-8")
    assert "<i>" not in text
    assert (recipe / "held-out.txt").read_text(encoding="utf-8").strip() not in text


def test_pack_gives_back_the_text(recipe: Path) -> None:
    corpora, manifest = packing.load_packed(recipe / "packed")
    processor = load_vocabulary(recipe / "packed" / "sentencepiece.model")
    pairs = sorted(read_pairs(recipe / "text" / "news.tsv"))
    news = corpora["news"]
    assert news.pair_count + sum(manifest["lost"]["news"].values()) == len(pairs)
    rows = range(news.pair_count)
    texts = dict(pairs)
    german = packing.decode_lines(news, processor, "source", rows)
    english = packing.decode_lines(news, processor, "target", rows)
    assert all(texts[de] == en for de, en in zip(german, english, strict=True))


def test_pack_again_gives_the_same_digests(recipe: Path, tmp_path: Path) -> None:
    again = packing.pack_text(recipe / "text", tmp_path, vocabulary_size=700, part_mib=1)
    assert again == packing.read_manifest(recipe / "packed")


def test_vocabulary_normalises_what_the_engine_will_send(recipe: Path) -> None:
    processor = load_vocabulary(recipe / "packed" / "sentencepiece.model")
    assert processor.encode("„Rom“ – 3.000") == processor.encode('"Rom" —\u00a03.000')
    assert processor.encode("3.000", out_type=str)[-3:] == ["0", "0", "0"]
    assert processor.decode(processor.encode("漢")) == "漢"
    first_byte = processor.piece_to_id("<0x00>")
    assert not any(
        first_byte <= p < first_byte + 256 for p in processor.encode("Łódź 5 € Čapek C# @dpa")
    )


def test_split_pieces_spell_the_same_text(recipe: Path) -> None:
    corpora, _ = packing.load_packed(recipe / "packed")
    processor = load_vocabulary(recipe / "packed" / "sentencepiece.model")
    config = dataclasses.replace(SMALL, split_rate=1.0)
    rounds = Rounds(corpora, batches.read_pieces(processor), config)
    news = corpora["news"]
    whole = Ragged(news.source.astype(np.int64), news.source_lengths)
    split = rounds._split_pieces(whole, np.random.default_rng(1))
    assert len(split.ids) > 1.2 * len(whole.ids)
    for row in range(20):
        texts = [
            processor.decode(side.ids[side.starts[row] :][: side.lengths[row]].tolist())
            for side in (whole, split)
        ]
        assert texts[0] == texts[1]


def test_load_packed_refuses_damage(recipe: Path, tmp_path: Path) -> None:
    copy = tmp_path / "packed"
    shutil.copytree(recipe / "packed", copy)
    part = copy / "packed.00.part"
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    with pytest.raises(ValueError, match="is damaged: send it again"):
        packing.load_packed(copy)
    part.unlink()
    with pytest.raises(ValueError, match="is missing: send every part"):
        packing.load_packed(copy)


def test_train_lowers_the_loss(recipe_run: Path) -> None:
    steps = read_log(recipe_run, "step")
    assert steps[-1]["nll"] < 0.5 * steps[0]["nll"]
    last = read_log(recipe_run, "validation")[-1]
    assert last["news"] < 0.6 * steps[0]["nll"]
    assert last["bleu"] > 1.0
    assert read_log(recipe_run, "stop")[-1]["step"] == STEPS


def test_train_resumed_twice_is_the_uninterrupted_run(recipe: Path, tmp_path: Path) -> None:
    import torch

    whole = train_toy(recipe, tmp_path / "whole", steps=24)
    train_toy(recipe, tmp_path / "cut", steps=24, call_steps=7)
    train_toy(recipe, tmp_path / "cut", steps=24, call_steps=9)
    cut = train_toy(recipe, tmp_path / "cut", steps=24)
    assert cut.place == whole.place
    assert cut.tokens == whole.tokens
    for name, values in whole.weights.items():
        assert torch.equal(values, cut.weights[name]), name
        assert torch.equal(whole.average[name], cut.average[name]), name


def test_train_refuses_a_checkpoint_of_other_ids(recipe_run: Path, tmp_path: Path) -> None:
    write_pairs(tmp_path / "news.tsv", make_pairs(60, seed=5))
    (tmp_path / "report.json").write_text("{}", encoding="utf-8")
    packing.pack_text(tmp_path, tmp_path / "packed", vocabulary_size=700)
    shutil.copytree(recipe_run, tmp_path / "run")
    with pytest.raises(ValueError, match="trained on other ids"):
        train_toy(tmp_path, tmp_path / "run", steps=STEPS)


def test_train_stops_before_it_saves_a_loss_that_is_no_number(recipe: Path, tmp_path: Path) -> None:
    with pytest.raises(FloatingPointError, match="lower --peak-rate"):
        train_toy(recipe, tmp_path, steps=60, peak_rate=1e30)
    assert not (tmp_path / "checkpoint.pt").exists()


def test_train_leaves_weights_behind_after_a_call(recipe: Path, tmp_path: Path) -> None:
    from models.training.weights import digest_weights, read_weights

    sizes = [f"--{name.replace('_', '-')}={value}" for name, value in TINY.items()]
    command = ["train", str(recipe / "packed"), "--out", str(tmp_path / "run"), "--steps=2"]
    main([*command, *sizes, "--batch-tokens=1024", "--weights", str(tmp_path / "w")])
    assert (tmp_path / "w" / "log.jsonl").read_text(encoding="utf-8").count("\n") == 4
    weights, facts = read_weights(tmp_path / "w")
    assert facts["form"] == "int8"
    assert facts["training"]["step"] == 2
    assert digest_weights(weights) != facts["weights"], "int8 is not what was trained"


def test_train_stops_at_the_call_s_time(recipe: Path, tmp_path: Path) -> None:
    state = train_toy(recipe, tmp_path, minutes=5.0, call_seconds=0.3)
    assert 0 < state.step < 60
    assert 0 < state.seconds < 10
