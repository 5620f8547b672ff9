"""The stream of `translate`: a line in, a line out, whatever stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import TranslationConfig
from pipeline.errors import PackageError
from pipeline.translation import load_memory, open_cache, translate_lines
from pipeline.translation.numbers import find_missing_numbers
from pipeline.translation.pieces import cut_pieces, join_pieces
from tests.conftest import build_toy
from tests.test_translation import write_tmx_file
from tests.toy_package import NUMBERS, draw_sentences

pytestmark = pytest.mark.usefixtures("own_home", "no_bundled", "no_sockets")


def run(lines: list[str], package: Path, **options: object) -> list[str]:
    config = TranslationConfig(package=package, inter_threads=1, intra_threads=1)
    return list(translate_lines(lines, "de", "en", config, **options))  # type: ignore[arg-type]


def test_translate_lines_keeps_order_and_blank_lines(toy_package: Path) -> None:
    lines = [
        "Moskau hat den Vertrag gebilligt.\n",
        "\n",
        "  \n",
        "Der Präsident hat die Hilfe bestritten.\r\n",
    ]
    assert run(lines, toy_package) == [
        "Moscow has approved the treaty.",
        "",
        "  ",
        "The president has denied the aid.",
    ]


def test_translate_lines_splits_and_rejoins(toy_package: Path) -> None:
    line = "Moskau hat den Vertrag gebilligt. Der Präsident hat die Hilfe bestritten."
    found = run([line], toy_package, split=lambda text: text.replace(". ", ".\n").split("\n"))
    assert found == ["Moscow has approved the treaty. The president has denied the aid."]


def test_translate_lines_takes_memory_first(toy_package: Path, tmp_path: Path) -> None:
    file = write_tmx_file(tmp_path / "m.tmx", [("Moskau hat die Hilfe gebilligt.", "By hand.")])
    memory = load_memory([file], "de", "en")
    assert run(["Moskau hat die Hilfe gebilligt."], toy_package, memory=memory) == ["By hand."]


def test_translate_lines_needs_no_package_where_the_memory_has_all(tmp_path: Path) -> None:
    file = write_tmx_file(tmp_path / "m.tmx", [("Schnee fällt.", "Snow falls.")])
    memory = load_memory([file], "de", "en")
    found = translate_lines(["Schnee fällt.", ""], "de", "en", TranslationConfig(), memory=memory)
    assert list(found) == ["Snow falls.", ""]


def test_translate_lines_passes_the_same_language_through() -> None:
    found = translate_lines(["a\n", " b "], "en", "en-GB", TranslationConfig())
    assert list(found) == ["a", " b "]


def test_translate_lines_names_the_missing_package() -> None:
    with pytest.raises(PackageError, match=r"fr -> en; run faktenblatt models install fr_en"):
        list(translate_lines(["Bonjour."], "fr", "en", TranslationConfig()))


def test_translate_lines_reports_doubtful_lines(toy_package: Path) -> None:
    doubts: list[tuple[int, tuple[str, ...]]] = []
    lines = ["Moskau hat die Hilfe gebilligt.", "Moskau hat 8.642 Soldaten gefordert."]
    assert 8642 not in NUMBERS
    run(lines, toy_package, on_doubt=lambda number, flags: doubts.append((number, flags)))
    assert doubts == [(2, ("number 8.642 missing",))]


def test_translate_lines_reads_no_further_than_a_window(
    toy_package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.translation.lines.WINDOW_LINES", 4)
    taken: list[int] = []

    def lines() -> object:
        for number in range(100):
            taken.append(number)
            yield "Moskau hat die Hilfe gebilligt."

    found = translate_lines(lines(), "de", "en", TranslationConfig(package=toy_package))  # type: ignore[arg-type]
    next(found)
    assert len(taken) == 4


def test_translate_lines_gives_the_same_bytes_from_a_part_filled_cache(
    toy_package: Path, tmp_path: Path
) -> None:
    lines = [sentence[0] for sentence in draw_sentences(400)]
    with open_cache(tmp_path / "full") as cache:
        undisturbed = run(lines, toy_package, cache=cache)
    with open_cache(tmp_path / "part") as cache:
        whole = cache.put
        puts = 0

        def stop_after_two(*arguments: object, **options: object) -> None:
            nonlocal puts
            puts += 1
            if puts > 2:
                raise KeyboardInterrupt
            whole(*arguments, **options)  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(cache, "put", stop_after_two)
            run(lines, toy_package, cache=cache)
        before = cache.describe().translation_count
        assert 0 < before < len(set(lines))
        assert run(lines, toy_package, cache=cache) == undisturbed


# What a newsroom's input never holds and a stream must survive all the same.
ANY_LINE = st.text(
    st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=80
) | st.sampled_from(
    [
        "😀😀 12 ٣٤",
        "\u202e123\u202c",
        "1\u00a0000\u00a0000",
        "\x00\x01 7",
        "ﬁ ½ Ⅷ ²",
        "<b>&amp;</b>",
        "一二三 42",
    ]
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=st.lists(ANY_LINE, max_size=6))
def test_translate_lines_survives_anything(toy_package: Path, lines: list[str]) -> None:
    doubts: dict[int, tuple[str, ...]] = {}
    found = run(lines, toy_package, on_doubt=doubts.__setitem__)
    assert len(found) == len(lines)
    for number, (source, target) in enumerate(zip(lines, found, strict=True), 1):
        assert "\n" not in target
        missing = find_missing_numbers(source, target, languages=("de", "en"))
        assert not missing or any("number" in f or f == "empty" for f in doubts.get(number, ()))


@pytest.mark.parametrize(
    "text", ["a" * 5000, "wort " * 900, "Satz eins. " * 200, "a, b; c: d " * 300]
)
def test_cut_pieces_loses_nothing(text: str) -> None:
    pieces = cut_pieces(text, 600)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert max(map(len, pieces)) <= 1200


@pytest.mark.parametrize(
    ("sources", "targets", "joined"),
    [
        (["Er kam,", "und sie ging."], ["He came.", "And she left."], "He came, and she left."),
        (["Streik –", "Häfen dicht"], ["Strike", "Ports closed"], "Strike – Ports closed"),
        (["Er kam,", "sagte Putin."], ["He came", "Putin said."], "He came, Putin said."),
        (["Er kam.", "Sie ging."], ["He came.", "She left."], "He came. She left."),
        (["Er kam,", "und"], ["He came", ""], "He came,"),
    ],
    ids=["comma", "dash", "name", "sentences", "empty"],
)
def test_join_pieces_keeps_marks_and_small_letters(
    sources: list[str], targets: list[str], joined: str
) -> None:
    assert join_pieces(sources, targets) == joined


@pytest.fixture(scope="module")
def toy_french(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """English to French, with BPE over Moses tokens and a target prefix."""
    out = tmp_path_factory.mktemp("french") / "translate-en_fr-1_0.argosmodel"
    return build_toy(out, "--pair", "en_fr", "--bpe")


def test_translate_lines_pivots_and_reads_bpe_with_a_target_prefix(
    toy_package: Path, toy_french: Path
) -> None:
    from pipeline.packages import install_package

    install_package(str(toy_package))
    (french,) = install_package(str(toy_french))
    assert (french.tokenizer, french.target_prefix) == ("bpe", "__fr__")
    config = TranslationConfig(to="fr")
    lines = [
        "Der Präsident hat im Juni den Vertrag unterzeichnet.",
        "Moskau hat den Streik bestritten.",
    ]
    found = list(translate_lines(lines, "de", "fr", config))
    assert found == ["Le président a signé le traité en juin.", "Moscou a nié la grève."]
