"""The same-fact model's folder: digest checked, heads read, order without effect."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.errors import ModelError
from pipeline.pairs.model import (
    LONE_FOLDER,
    STORY_FOLDER,
    ModelFolder,
    PairModel,
    SameFactModel,
    find_model_folder,
    load_same_fact_model,
    load_story_model,
    open_model_folder,
    widen,
)

PAIRS = [
    ("The ferry to Larvik was cancelled.", "The ferry to Larvik has been called off."),
    ("The ferry to Larvik was cancelled.", "Wheat prices rose by a tenth within a year."),
    ("Seven people were hurt.", "Seven people were injured, two of them seriously, police said."),
]


def write_folder(path: Path, weights: bytes = b"weights", digest: str | None = None) -> Path:
    path.mkdir(exist_ok=True)
    (path / "model.safetensors").write_bytes(weights)
    described = {"heads": ["a", "b"], "sha256": digest or hashlib.sha256(weights).hexdigest()}
    (path / "model.json").write_text(json.dumps(described), encoding="utf-8")
    return path


def test_open_model_folder_reads_heads_and_digest(tmp_path: Path) -> None:
    folder = open_model_folder(write_folder(tmp_path))
    assert folder == ModelFolder(tmp_path, ("a", "b"), hashlib.sha256(b"weights").hexdigest())


def test_open_model_folder_refuses_changed_weights(tmp_path: Path) -> None:
    write_folder(tmp_path, digest="0" * 64)
    with pytest.raises(ModelError, match="expected 000000000000"):
        open_model_folder(tmp_path)


@pytest.mark.parametrize("described", ["{", "{}", "[]"])
def test_open_model_folder_refuses_a_broken_description(tmp_path: Path, described: str) -> None:
    write_folder(tmp_path)
    (tmp_path / "model.json").write_text(described, encoding="utf-8")
    with pytest.raises(ModelError, match="not a same-fact model"):
        open_model_folder(tmp_path)


def test_open_model_folder_refuses_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="restore it from the repository"):
        open_model_folder(tmp_path)


@pytest.fixture(scope="module", params=["lone", "story"])
def model(request: pytest.FixtureRequest) -> SameFactModel:
    shipped = load_same_fact_model() if request.param == "lone" else load_story_model()
    if shipped is None:
        pytest.skip(f"the weights for {request.param} are not in this checkout")
    return shipped


def test_shipped_weights_are_small_enough() -> None:
    folders = [find_model_folder(name) for name in (LONE_FOLDER, STORY_FOLDER)]
    if None in folders:
        pytest.skip("weights are missing in this checkout")
    sizes = [(folder / "model.safetensors").stat().st_size for folder in folders if folder]
    assert 0 < sum(sizes) < 30_000_000


def test_widen_multiplies_each_row_by_its_factor() -> None:
    stored = {
        "dense.weight": torch.tensor([[127, -64], [0, 1]], dtype=torch.int8),
        "dense.weight.scale": torch.tensor([0.5, 2.0], dtype=torch.float16),
        "dense.bias": torch.tensor([0.25], dtype=torch.float16),
    }
    wide = widen(stored)
    assert set(wide) == {"dense.weight", "dense.bias"}
    assert wide["dense.weight"].tolist() == [[63.5, -32.0], [0.0, 2.0]]
    assert wide["dense.bias"].dtype == torch.float32


def test_read_pairs_prefers_the_paraphrase(model: PairModel) -> None:
    logits = model.read_pairs([a for a, _ in PAIRS], [b for _, b in PAIRS])
    assert logits.shape == (3, len(model.heads))
    one_fact = model.heads.index("event" if "event" in model.heads else "paraphrase")
    assert logits[0, one_fact] > logits[1, one_fact]


def test_read_pairs_does_not_depend_on_order_sides_or_company(model: PairModel) -> None:
    lefts, rights = [a for a, _ in PAIRS], [b for _, b in PAIRS]
    whole = model.read_pairs(lefts, rights)
    turned = model.read_pairs(rights[::-1], lefts[::-1])[::-1]
    alone = np.concatenate([model.read_pairs([a], [b]) for a, b in PAIRS])
    np.testing.assert_array_equal(whole, turned)
    np.testing.assert_allclose(whole, alone, atol=2e-3)


def test_read_pairs_of_nothing_is_an_empty_table(model: PairModel) -> None:
    assert model.read_pairs([], []).shape == (0, len(model.heads))
