"""Translation memories: TMX of all kinds in, malicious XML refused, the same bytes out."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipeline.errors import MemoryFileError
from pipeline.translation import load_memory, write_memory

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4"><header/><body>'
TAIL = "</body></tmx>"


def write(path: Path, body: str, head: str = HEAD) -> Path:
    path.write_text(head + body + TAIL, encoding="utf-8")
    return path


def make_unit(german: str, english: str, *, de: str = "de", en: str = "en") -> str:
    return (
        f'<tu><tuv xml:lang="{de}"><seg>{german}</seg></tuv>'
        f'<tuv xml:lang="{en}"><seg>{english}</seg></tuv></tu>'
    )


@pytest.mark.parametrize(
    ("body", "source", "target"),
    [
        (make_unit("Hund", "dog"), "Hund", "dog"),
        (make_unit("Hund", "dog", de="de-DE", en="EN-US"), "Hund", "dog"),
        (make_unit("Hund", "dog", de="de_AT", en="en"), "Hund", "dog"),
        (make_unit('<bpt i="1">&lt;b&gt;</bpt>Hund<ept i="1"/>', "dog"), "Hund", "dog"),
        (make_unit("Der <hi>große</hi> Hund", "big dog"), "Der große Hund", "big dog"),
        (make_unit('Hund<ph x="1">{0}</ph>!', "dog!"), "Hund!", "dog!"),
        (make_unit("A &amp; B", "A &amp; B"), "A & B", "A & B"),
        (
            ('<tu><tuv xml:lang="fr"><seg>chien</seg></tuv><tuv xml:lang="de"><seg>Hund</seg></tuv>'
            '<tuv xml:lang="en"><seg>dog</seg></tuv></tu>'),
            "Hund",
            "dog",
        ),
        (make_unit("Hund", "dog").replace("xml:lang", "lang"), "Hund", "dog"),
    ],
    ids=["plain", "variants", "underscore", "paired", "highlight", "placeholder", "entity",
         "three-languages", "tmx-1.1-lang"],
)  # fmt: skip
def test_load_memory_reads_units(tmp_path: Path, body: str, source: str, target: str) -> None:
    memory = load_memory([write(tmp_path / "m.tmx", body)], "de", "en")
    match = memory.find_exact(source)
    assert match is not None
    assert (match.target_text, match.memory) == (target, "m.tmx")


def test_load_memory_prefers_the_very_variant(tmp_path: Path) -> None:
    body = (
        '<tu><tuv xml:lang="de"><seg>Aufzug</seg></tuv><tuv xml:lang="en-US"><seg>elevator</seg>'
        '</tuv><tuv xml:lang="en-GB"><seg>lift</seg></tuv></tu>'
    )
    file = write(tmp_path / "m.tmx", body)
    for target, wanted in (("en-GB", "lift"), ("en-US", "elevator"), ("en", "lift")):
        match = load_memory([file], "de", target).find_exact("Aufzug")
        assert match is not None
        assert match.target_text == wanted


def test_load_memory_lets_the_first_file_win(tmp_path: Path) -> None:
    files = [
        write(tmp_path / "a.tmx", make_unit("Hund", "dog")),
        write(tmp_path / "b.tmx", make_unit("Hund", "hound") + make_unit("Katze", "cat")),
    ]
    memory = load_memory(files, "de", "en")
    found = [memory.find_exact(text) for text in ("Hund", "Katze")]
    assert [(m.target_text, m.memory) for m in found if m] == [("dog", "a.tmx"), ("cat", "b.tmx")]


def test_load_memory_reads_a_doctype_and_loads_nothing(tmp_path: Path) -> None:
    head = '<?xml version="1.0"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4"><body>'
    memory = load_memory([write(tmp_path / "m.tmx", make_unit("Hund", "dog"), head)], "de", "en")
    assert len(memory) == 1


def test_load_memory_reads_utf16(tmp_path: Path) -> None:
    file = tmp_path / "m.tmx"
    text = (HEAD + make_unit("Größe", "size") + TAIL).replace("UTF-8", "UTF-16")
    file.write_bytes(text.encode("utf-16"))
    assert load_memory([file], "de", "en").find_exact("Größe") is not None


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE tmx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    "]><tmx><body>"
)
EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]><tmx><body>'
)
PARAMETER = '<?xml version="1.0"?><!DOCTYPE tmx [<!ENTITY % p SYSTEM "http://x/p">%p;]><tmx><body>'


@pytest.mark.parametrize(
    ("head", "body", "message"),
    [
        (BOMB, make_unit("&b;", "x"), "refused"),
        (EXTERNAL, make_unit("&x;", "x"), "refused"),
        (PARAMETER, make_unit("y", "x"), "refused"),
        (HEAD, "<tu><tuv>", r"m\.tmx:2: not well-formed"),
        ("<html><body>", "", "not well-formed"),
        ("", "plain text", r"m\.tmx:1: not well-formed"),
    ],
    ids=["bomb", "external", "parameter", "cut-off", "html", "text"],
)
@pytest.mark.usefixtures("no_sockets")
def test_load_memory_refuses(tmp_path: Path, head: str, body: str, message: str) -> None:
    with pytest.raises(MemoryFileError, match=message):
        load_memory([write(tmp_path / "m.tmx", body, head)], "de", "en")


def test_load_memory_names_what_is_no_tmx(tmp_path: Path) -> None:
    file = tmp_path / "m.tmx"
    file.write_text("<xliff/>", encoding="utf-8")
    with pytest.raises(MemoryFileError, match="no <tmx>"):
        load_memory([file], "de", "en")
    with pytest.raises(MemoryFileError, match="No such file"):
        load_memory([tmp_path / "absent.tmx"], "de", "en")


@pytest.mark.parametrize(
    "text",
    ['Er sagte  "Ja".', "Er sagte „Ja“.", "Er\u00a0sagte »Ja«.", " Er sagte “Ja”. "],
    ids=["plain", "german", "guillemets", "spaces"],
)
def test_find_exact_ignores_typography(tmp_path: Path, text: str) -> None:
    memory = load_memory([write(tmp_path / "m.tmx", make_unit("Er sagte „Ja“.", "ok"))], "de", "en")
    assert memory.find_exact(text) is not None
    assert memory.find_exact("Er sagte „Nein“.") is None


def test_find_similar_lists_near_units_best_first(tmp_path: Path) -> None:
    body = make_unit("Der Rat stimmte zu.", "a") + make_unit("Der Rat stimmte heute zu.", "b")
    memory = load_memory([write(tmp_path / "m.tmx", body)], "de", "en")
    (found,) = memory.find_similar(["Der Rat stimmte gestern zu."])
    assert [match.target_text for match in found] == ["b", "a"]
    assert 0.7 <= found[1].similarity <= found[0].similarity < 1.0


def test_find_similar_finds_the_same_in_a_large_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = make_unit("Der Stadtrat stimmte heute zu.", "a") + "".join(
        make_unit(f"Satz {n} ohne Belang hier", "x") for n in range(50)
    )
    memory = load_memory([write(tmp_path / "m.tmx", body)], "de", "en")
    text = "Der Stadtrat stimmte gestern zu."
    whole = memory.find_similar([text])
    monkeypatch.setattr("pipeline.translation.memory.COMPARED_WHOLE", 10)
    assert memory.find_similar([text]) == whole
    assert [match.target_text for match in whole[0]] == ["a"]


def test_write_memory_survives_a_round_trip(tmp_path: Path) -> None:
    rows = [("1", "A < B & „C“", 'A < B & "C"'), ("2", "Tab\tund\x00 Null\x0b", "tab\x1f")]
    text = write_memory(rows, source="de", target="en", version="1.0")
    assert text == write_memory(rows, source="de", target="en", version="1.0")
    file = tmp_path / "m.tmx"
    file.write_text(text, encoding="utf-8")
    memory = load_memory([file], "de", "en")
    found = [memory.find_exact(source) for source in ("A < B & „C“", "Tab und Null")]
    assert [match.target_text for match in found if match] == ['A < B & "C"', "tab"]


def test_load_memory_takes_fifty_thousand_units_in_a_blink(tmp_path: Path) -> None:
    body = "".join(make_unit(f"Satz Nummer {n} hier", f"sentence {n} here") for n in range(50_000))
    file = write(tmp_path / "m.tmx", body)
    started = time.process_time()
    assert len(load_memory([file], "de", "en")) == 50_000
    assert time.process_time() - started < 5.0  # measured 0.5 s on an idle core
