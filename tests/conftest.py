"""Fakes and real small things that several rooms' tests share."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import pytest

from pipeline.embedding import load_embedder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def toy_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the toy package, trained once a session, and argostranslate's install of it.

    Built in a process of its own: torch's threads and seeds stay out of the tests.
    """
    folder = tmp_path_factory.mktemp("toy")
    build_toy(folder / "translate-de_en-1_0.argosmodel", "--argos", str(folder / "argos"))
    return folder


def build_toy(out: Path, *options: str) -> Path:
    """The toy package written by `python -m tests.toy_package`."""
    subprocess.run(
        [sys.executable, "-m", "tests.toy_package", str(out), *options],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=True,
        timeout=300,
    )
    return out


@pytest.fixture(scope="session")
def toy_package(toy_build: Path) -> Path:
    """The toy package as an `.argosmodel` file, German to English."""
    return toy_build / "translate-de_en-1_0.argosmodel"


@pytest.fixture(scope="session")
def toy_argos_folder(toy_build: Path) -> Path:
    """A package folder into which argostranslate itself installed the toy package."""
    return toy_build / "argos" / "packages"


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty FAKTENBLATT_HOME, with none of the machine's Argos packages in sight."""
    home = tmp_path / "home"
    monkeypatch.setenv("FAKTENBLATT_HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("ARGOS_PACKAGES_DIR", raising=False)
    monkeypatch.delenv("ARGOS_TRANSLATE_PACKAGE_DIR", raising=False)
    return home


@pytest.fixture
def no_bundled(monkeypatch: pytest.MonkeyPatch) -> None:
    """No package comes with the checkout."""
    monkeypatch.setattr("pipeline.translation.homes.find_bundled_archives", list)


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Any attempt to open a connection or look up a name fails the test."""

    def refuse(*arguments: object, **_: object) -> NoReturn:
        pytest.fail(f"a connection was tried: {arguments[1:]}")

    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    yield


class WordEmbedder:
    """An embedder without a model: texts that share words are near each other."""

    name = "words"
    digest = "0" * 64

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Counts of hashed words, scaled to length 1."""
        vectors = np.zeros((len(texts), 256), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.casefold().replace(",", "").replace(".", "").split():
                vectors[row, zlib.crc32(word.encode()) % 256] += 1.0
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-9), dtype=np.float32)


class RememberingEmbedder:
    """The shipped embedder; a text that several tests share is embedded once a session."""

    def __init__(self) -> None:
        self.model = load_embedder()
        self.name, self.digest = self.model.name, self.model.digest
        self.known: dict[str, NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors in the order of the texts."""
        new = sorted(set(texts) - set(self.known))
        self.known.update(zip(new, self.model.encode(new), strict=True))
        return np.stack([self.known[text] for text in texts])


@pytest.fixture(scope="session")
def embedder() -> RememberingEmbedder:
    """The shipped embedder."""
    return RememberingEmbedder()


@pytest.fixture
def word_embedder() -> WordEmbedder:
    """An embedder that needs no model."""
    return WordEmbedder()


@pytest.fixture(scope="session")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A toy language's text, selected and packed by the recipe of the bundled package."""
    from tests.toy_recipe import build_text

    return build_text(tmp_path_factory.mktemp("recipe"))


@pytest.fixture(scope="session")
def recipe_run(recipe: Path) -> Path:
    """A finished training run of the recipe on the toy language."""
    from tests.toy_recipe import STEPS, train_toy

    train_toy(recipe, recipe / "run", steps=STEPS, dropout=0.0)
    return recipe / "run"


@pytest.fixture(scope="session")
def recipe_package(recipe: Path, recipe_run: Path) -> Path:
    """The toy of the recipe as an `.argosmodel`."""
    from tests.toy_recipe import build_package

    assert recipe_run.is_dir()
    return build_package(recipe)
