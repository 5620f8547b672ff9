"""The embedder in, static word-piece vectors out: fast embeddings for corpora.

model2vec passes the embedder's vocabulary through it once and keeps one vector a word piece; a
sentence is their weighted mean. 100,000 sentences took 5 to 8 s where the embedder, at its 178
sentences a second, would take nine minutes; that is good enough to propose neighbours. The
distilled vectors are kept in the cache folder, keyed by the embedder's digest.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.embedding import quieten_transformers
from pipeline.store import cache_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.embedding import SentenceTransformerEmbedder

DIMENSIONS = 256


class StaticEmbedder:
    """Weighted means of word-piece vectors; the same surface as the embedder it came from."""

    def __init__(self, name: str, digest: str, model: Any) -> None:
        self.name = name
        self.digest = digest
        self._model = model

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32, shape (len(texts), 256); a text without a known piece is zero."""
        vectors = self._model.encode(
            list(texts), show_progress_bar=False, use_multiprocessing=False
        )
        rows = np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(norms == 0, 1, norms), dtype=np.float32)


def load_static_embedder(embedder: SentenceTransformerEmbedder) -> StaticEmbedder:
    """The embedder's static twin, distilled at first use (about a minute) and then kept."""
    from model2vec import StaticModel

    folder = cache_folder() / "static" / f"{embedder.digest[:32]}-{DIMENSIONS}"
    if not folder.is_dir():
        _distill(embedder.folder, folder)
    return StaticEmbedder(
        f"static {embedder.name}", embedder.digest, StaticModel.from_pretrained(folder)
    )


def _distill(source: Path, folder: Path) -> None:
    """Distilled aside and renamed: a killed run leaves no half-made folder to be trusted."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from model2vec.distill import distill

    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".static-", dir=folder.parent))
    try:
        quieten_transformers()
        with Path(os.devnull).open("w") as quiet, redirect_stderr(quiet):
            model = distill(str(source), device="cpu", pca_dims=DIMENSIONS)
        model.save_pretrained(str(aside / "model"))
        (aside / "model").rename(folder)
    except OSError:
        # Another run has just finished the same distillation.
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
