"""The embedded model: official weights, unit vectors, order kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline import embedding
from pipeline.embedding import load_embedder
from pipeline.errors import ModelError


def test_encode_gives_unit_rows_in_the_order_of_the_texts() -> None:
    embedder = load_embedder()
    vectors = embedder.encode(["Snow fell.", "It rained.", "Snow fell."])
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.array_equal(vectors[0], vectors[2])
    assert embedder.encode([]).shape == (0, 384)


def test_load_embedder_refuses_changed_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_file_digest", lambda _: "0" * 64)
    load_embedder.cache_clear()
    with pytest.raises(ModelError, match="sha256 000000000000"):
        load_embedder()


def test_load_embedder_names_a_model_that_is_not_here(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="neither a folder nor in the local"):
        load_embedder("nobody/no-such-model")
    with pytest.raises(ModelError, match="no weights"):
        load_embedder(str(tmp_path))
