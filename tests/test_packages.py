"""Packages: installed whole or not at all, from file, folder, URL and index, refused if unsafe."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import shutil
import stat
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import PackageError
from pipeline.packages import (
    describe_package,
    install_package,
    list_installed,
    remove_package,
    verify_package,
)
from pipeline.packages.download import download_file
from pipeline.translation import find_packages_folder, find_route, list_packages
from pipeline.translation.archive import unpack_archive
from pipeline.translation.package import Package

pytestmark = pytest.mark.usefixtures("own_home", "no_bundled")


class Handler(http.server.SimpleHTTPRequestHandler):
    """A file server that knows ranges and can hang up in the middle of a file."""

    hang_up_after: int | None = None
    seen_ranges: list[str | None]

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            self.send_error(404)
            return
        content = file.read_bytes()
        etag = f'"{hashlib.sha256(content).hexdigest()[:8]}"'
        type(self).seen_ranges.append(self.headers.get("Range"))
        start = 0
        if self.headers.get("Range") and self.headers.get("If-Range") == etag:
            start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        self.send_response(206 if start else 200)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start : self.hang_up_after])

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str, type[Handler]]]:
    """A folder, its address, and the handler that serves it."""
    folder = tmp_path / "served"
    folder.mkdir()
    handler = type("Served", (Handler,), {"seen_ranges": []})
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}", handler
    server.shutdown()
    server.server_close()
    thread.join()


def write_archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.usefixtures("no_sockets")
def test_install_package_from_a_file_and_remove_it(toy_package: Path) -> None:
    (info,) = install_package(str(toy_package))
    assert (info.name, info.version, info.origin) == ("translate-de_en", "1.0", "installed")
    assert info.folder == find_packages_folder() / "translate-de_en-1_0"
    assert [other.folder for other in list_installed()] == [info.folder]
    assert describe_package("de_en").digest == info.digest
    assert install_package(str(toy_package))[0].digest == info.digest
    remove_package("translate-de_en")
    assert list_installed() == []
    assert list(find_packages_folder().iterdir()) == []


def test_install_package_from_a_folder(toy_argos_folder: Path) -> None:
    (folder,) = toy_argos_folder.iterdir()
    (info,) = install_package(str(folder))
    assert info.folder.parent == find_packages_folder()
    assert info.digest == describe_package(str(folder)).digest


def test_remove_package_leaves_argos_folders_alone(
    toy_argos_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(toy_argos_folder))
    with pytest.raises(PackageError, match=r"not ours to remove \(argos\)"):
        remove_package("de_en")


@pytest.mark.usefixtures("no_sockets")
def test_verify_package_translates_a_probe(toy_package: Path) -> None:
    install_package(str(toy_package))
    found = verify_package("de_en")
    assert found.problem is None
    assert found.translation.startswith("The government has approved")


def test_verify_package_names_a_broken_model(toy_package: Path) -> None:
    (info,) = install_package(str(toy_package))
    model = info.folder / "model" / "model.bin"
    model.write_bytes(model.read_bytes()[:1000])
    assert "can't be loaded" in str(verify_package("de_en").problem)


def test_install_package_checks_the_digest(toy_package: Path) -> None:
    digest = hashlib.sha256(toy_package.read_bytes()).hexdigest()
    with pytest.raises(PackageError, match="its sha256 is"):
        install_package(str(toy_package), sha256="0" * 64)
    assert list_installed() == []
    assert install_package(str(toy_package), sha256=digest.upper())


UNSAFE: dict[str, tuple[dict[str, bytes], str]] = {
    "climbs": ({"p/metadata.json": b"{}", "p/../../evil": b"x"}, "leaves the package's folder"),
    "absolute": ({"p/metadata.json": b"{}", "/etc/evil": b"x"}, "leaves the package's folder"),
    "backslash": ({"p/metadata.json": b"{}", "p\\..\\evil": b"x"}, "leaves the package's folder"),
    "drive": ({"p/metadata.json": b"{}", "C:evil": b"x"}, "no plain file name"),
    "bomb": ({"p/metadata.json": b"{}", "p/zeros": bytes(40_000_000)}, "would unpack to"),
    "two": ({"p/metadata.json": b"{}", "q/metadata.json": b"{}"}, "more than one metadata.json"),
    "none": ({"p/readme": b""}, "no metadata.json"),
}


@pytest.mark.parametrize(("members", "message"), UNSAFE.values(), ids=UNSAFE)
def test_unpack_archive_refuses(tmp_path: Path, members: dict[str, bytes], message: str) -> None:
    archive = write_archive(tmp_path / "bad.argosmodel", members)
    with pytest.raises(PackageError, match=message):
        unpack_archive(archive, tmp_path / "into")
    assert list((tmp_path / "into").iterdir()) == []
    assert not (tmp_path / "evil").exists()


def test_unpack_archive_refuses_a_link(tmp_path: Path) -> None:
    file = tmp_path / "link.argosmodel"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("p/metadata.json", "{}")
        link = zipfile.ZipInfo("p/model")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc")
    with pytest.raises(PackageError, match="is a link or a device"):
        unpack_archive(file, tmp_path / "into")


def test_install_package_refuses_a_damaged_archive(toy_package: Path, tmp_path: Path) -> None:
    content = bytearray(toy_package.read_bytes())
    for name, damaged in (
        ("cut", content[: len(content) // 2]),
        ("flipped", content[:5000] + bytes([content[5000] ^ 255]) + content[5001:]),
    ):
        file = tmp_path / f"{name}.argosmodel"
        file.write_bytes(damaged)
        with pytest.raises(PackageError, match=r"not an intact \.argosmodel"):
            install_package(str(file))
    assert list_installed() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"metadata.json": b"["}, "not JSON"),
        ({"metadata.json": b'{"from_code": "../x", "to_code": "en"}'}, "expected a language code"),
        ({"sentencepiece.model": None}, r"neither sentencepiece\.model nor bpe\.model"),
        ({"model/model.bin": None}, r"no model/model\.bin"),
    ],
    ids=["json", "code", "tokenizer", "model"],
)
def test_install_package_names_what_is_missing(
    toy_argos_folder: Path, tmp_path: Path, change: dict[str, bytes | None], message: str
) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(next(toy_argos_folder.iterdir()), folder)
    for name, content in change.items():
        (folder / name).unlink()
        if content is not None:
            (folder / name).write_bytes(content)
    with pytest.raises(PackageError, match=message):
        install_package(str(folder))


def test_install_package_from_a_url(
    toy_package: Path, served: tuple[Path, str, type[Handler]]
) -> None:
    folder, address, _ = served
    shutil.copy(toy_package, folder / "toy.argosmodel")
    seen: list[tuple[int, int | None]] = []
    (info,) = install_package(
        f"{address}/toy.argosmodel", progress=lambda done, total: seen.append((done, total))
    )
    size = toy_package.stat().st_size
    assert seen[-1] == (size, size)
    assert info.origin == "installed"


def test_download_file_goes_on_where_it_broke_off(
    tmp_path: Path, served: tuple[Path, str, type[Handler]]
) -> None:
    folder, address, handler = served
    content = bytes(range(256)) * 4000
    (folder / "big.bin").write_bytes(content)
    handler.hang_up_after = 300_000
    with pytest.raises(PackageError, match="broke off; run the command again"):
        download_file(f"{address}/big.bin", tmp_path / "downloads")
    handler.hang_up_after = None
    file = download_file(f"{address}/big.bin", tmp_path / "downloads")
    assert file.read_bytes() == content
    assert handler.seen_ranges == [None, "bytes=300000-"]


def test_download_file_starts_anew_when_the_file_changed(
    tmp_path: Path, served: tuple[Path, str, type[Handler]]
) -> None:
    folder, address, handler = served
    (folder / "big.bin").write_bytes(b"a" * 600_000)
    handler.hang_up_after = 300_000
    with pytest.raises(PackageError, match="broke off"):
        download_file(f"{address}/big.bin", tmp_path / "downloads")
    handler.hang_up_after = None
    (folder / "big.bin").write_bytes(b"b" * 600_000)
    assert (
        download_file(f"{address}/big.bin", tmp_path / "downloads").read_bytes() == b"b" * 600_000
    )


def test_install_package_from_the_index(
    toy_package: Path, served: tuple[Path, str, type[Handler]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, address, _ = served
    shutil.copy(toy_package, folder / "toy.argosmodel")
    entry = {"from_code": "de", "to_code": "en", "links": [f"{address}/toy.argosmodel"]}
    index = [
        {**entry, "package_version": "1.0"},
        {**entry, "package_version": "0.9", "links": [f"{address}/gone.argosmodel"]},
    ]
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    monkeypatch.setenv("ARGOS_PACKAGE_INDEX", f"{address}/")
    (info,) = install_package("de")
    assert info.name == "translate-de_en"
    with pytest.raises(PackageError, match="no package from de to fr, nor through English"):
        install_package("de_fr")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("de", r"127\.0\.0\.1: can't be reached .* models install FILE"),
        ("ftp://x/y.argosmodel", r"not an http\(s\) address"),
        ("Deutsch!", "no such file or folder, and no language"),
    ],
)
def test_install_package_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, source: str, message: str
) -> None:
    monkeypatch.setenv("ARGOS_PACKAGE_INDEX", "http://127.0.0.1:9/")
    with pytest.raises(PackageError, match=message):
        install_package(source)


def make_package(pair: str, origin: str = "installed", version: str = "1.0") -> Package:
    source, target = pair.split("_")
    return Package(Path(pair), source, target, version, source, target, "", "sentencepiece", origin)


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        (["de_en"], ["de_en"]),
        (["fr_en", "de_en"], ["de_en"]),
        (["de_fr", "fr_en"], ["de_fr", "fr_en"]),
        (["de_ru", "ru_fr", "fr_en"], ["de_ru", "ru_fr", "fr_en"]),
        (["en_de", "fr_en"], None),
    ],
    ids=["direct", "direct-first", "pivot", "two-pivots", "none"],
)
def test_find_route_takes_the_shortest_way(pairs: list[str], wanted: list[str] | None) -> None:
    route = find_route("de", "en", [make_package(pair) for pair in pairs])
    assert (route and [package.folder.name for package in route.packages]) == wanted


def test_find_route_prefers_english_as_the_pivot() -> None:
    packages = [make_package(pair) for pair in ("de_es", "es_fr", "de_en", "en_fr")]
    route = find_route("de", "fr", packages)
    assert route is not None
    assert [package.to_code for package in route.packages] == ["en", "fr"]


def test_list_packages_puts_ours_before_argos_and_the_newest_first(
    toy_package: Path, toy_argos_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old,) = install_package(str(toy_package))
    newer = old.folder.parent / "translate-de_en-1_10"
    shutil.copytree(old.folder, newer)
    metadata = json.loads((newer / "metadata.json").read_text(encoding="utf-8"))
    metadata["package_version"] = "1.10"
    (newer / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(toy_argos_folder))
    found = [(package.origin, package.version) for package in list_packages(toy_package)]
    assert found == [
        ("given", "1.0"),
        ("installed", "1.10"),
        ("installed", "1.0"),
        ("argos", "1.0"),
    ]
