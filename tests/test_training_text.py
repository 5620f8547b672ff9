"""Text of the recipe: normalised, filtered, chosen, made."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from models.training import selection
from models.training.filters import FAULTS, find_fault
from models.training.noise import make_noisy, shout, spell_out
from models.training.normalise import normalise_english, normalise_text
from models.training.parts import Part, find_file, read_pairs, read_table
from models.training.selection import Pair
from models.training.templates import make_pairs

DATA = Path(__file__).parent / "data" / "training"


def read_faults() -> list[tuple[str, str, str]]:
    """Rows of the table of faults."""
    lines = (DATA / "faults.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(fault, german, english) for fault, german, english in rows]


@pytest.mark.parametrize(("fault", "german", "english"), read_faults())
def test_find_fault_names_the_first_fault(fault: str, german: str, english: str) -> None:
    german, english = normalise_text(german), normalise_text(english)
    assert (find_fault(german, english) or "-") == fault


def test_find_fault_has_a_case_for_every_fault() -> None:
    assert {row[0] for row in read_faults()} >= set(FAULTS) - {"length"}
    assert find_fault("wort " * 91, "word " * 91) == "length"


def test_find_fault_asks_documentation_for_sentences() -> None:
    assert find_fault("Löschen der Datenbank", "Dropping the database") is None
    assert find_fault("Löschen der Datenbank", "Dropping the database", prose=True) == "fragment"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("„Ja“, sagte er – »nein«.", '"Ja", sagte er – "nein".'),
        ("Das ist‘s\u00a0…\u200b", "Das ist's ..."),
        ("\x93Er\x94 zahlt\x85 5 \x80", '"Er" zahlt... 5 €'),
        ("&quot;Zu teuer&quot;", '"Zu teuer"'),
        ("Mu\u0308nchen  ", "München"),
        ("eins -- zwei — drei", "eins – zwei – drei"),
    ],
)
def test_normalise_text_leaves_one_spelling(given: str, wanted: str) -> None:
    assert normalise_text(given) == wanted


def test_normalise_english_drops_the_german_day_point() -> None:
    assert normalise_english("No. 284, 8. December 1951") == "No. 284, 8 December 1951"


def test_parts_are_named_once_and_known() -> None:
    parts = read_table()
    assert len({part.name for part in parts}) == len(parts)
    assert all(part.reason for part in parts if part.decision == "drop")
    with pytest.raises(ValueError, match="needs its reason"):
        Part(name="x", domain="news", licence="none", decision="drop")
    with pytest.raises(ValueError, match="unknown domain 'sport'"):
        Part(name="x", domain="sport", licence="none", decision="use")


def test_read_pairs_reads_compressed_and_plain(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    text = "eins\tone\nkaputt\nzwei\ttwo\n"
    (tmp_path / "a.tsv").write_text(text, encoding="utf-8")
    (tmp_path / "b.tsv.zst").write_bytes(zstandard.compress(text.encode()))
    for name in ("a", "b"):
        path = find_file(tmp_path, name)
        assert path is not None
        assert list(read_pairs(path)) == [("eins", "one"), ("zwei", "two")]


def make_lines(*lines: tuple[str, str], part: int = 0) -> list[Pair]:
    """Pairs of one part."""
    return [Pair(german, english, part) for german, english in lines]


def test_drop_repeats_ignores_case_and_marks() -> None:
    lost: Counter[str] = Counter()
    pairs = make_lines(("Ein Haus.", "A house."), ("ein Haus", "A HOUSE!"), ("Ein Haus.", "One."))
    assert selection.drop_repeats(pairs, lost) == [pairs[0], pairs[2]]
    assert lost == {"repeat": 1}


def test_limit_skeletons_keeps_few_drills_and_all_translations() -> None:
    lost: Counter[str] = Counter()
    drills = [(f"Der Löwe aß den {thing} auf.", "x") for thing in ("Keks", "Apfel", "Fisch")]
    pairs = make_lines(*drills, (drills[0][0], "y"), ("Ganz anders ist dieser Satz hier.", "z"))
    kept = selection.limit_skeletons(pairs, [2], lost)
    assert [pair.english for pair in kept] == ["x", "x", "y", "z"]
    assert lost == {"skeleton": 1}
    assert selection.limit_skeletons(pairs, [0], lost) == pairs


def test_limit_fan_out_keeps_what_systems_agree_on() -> None:
    lost: Counter[str] = Counter()
    outputs = ("the cat sat there", "the cat sat here", "a tomcat was seated", "the cat sat down")
    pairs = make_lines(*(("Die Katze saß da", output) for output in outputs))
    kept = selection.limit_fan_out(pairs, [3], lost)
    assert {pair.english for pair in kept} == set(outputs) - {"a tomcat was seated"}
    assert lost == {"fan out": 1}


def test_drop_held_out_finds_copies_and_long_runs() -> None:
    lost: Counter[str] = Counter()
    held = ["Am Dienstag sprach der Minister in Wien lange über die Reform."]
    pairs = make_lines(
        ("AM DIENSTAG sprach der Minister in Wien lange über die Reform!", "copy"),
        ("Nun gut: am Dienstag sprach der Minister in Wien lange über Fische.", "run of nine"),
        ("Am Dienstag sprach der Minister in Wien über Fische.", "seven words only"),
    )
    assert [p.english for p in selection.drop_held_out(pairs, held, lost)] == ["seven words only"]
    assert lost == {"held out": 1, "held out overlap": 1}


def test_hold_back_leaves_no_side_of_a_held_back_pair() -> None:
    lost: Counter[str] = Counter()
    pairs = make_lines(*((f"Satz Nummer {n} ist hier", f"Line {n // 2}") for n in range(40)))
    rest, held = selection.hold_back(pairs, ["news"], 5, lost)
    assert len(held) == 5
    assert not {p.german for p in rest} & {p.german for p in held}
    assert not {p.english for p in rest} & {p.english for p in held}
    again, _ = selection.hold_back(pairs[::-1], ["news"], 5, Counter())
    assert set(again) == set(rest)


def test_make_pairs_fill_both_sides_alike() -> None:
    pairs = make_pairs(3000, seed=1)
    assert pairs == make_pairs(3000, seed=1)
    assert pairs != make_pairs(3000, seed=2)
    for german, english in pairs:
        assert not re.search(r"[{}]|\.\.", german + english)
        figures = [
            re.sub(r"\D", "", hit) for hit in re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{3})+\b", german)
        ]
        assert all(figure in re.sub(r"[,.]", "", english) for figure in figures if figure)
    assert any(re.search(r"\d,\d+ Milliarden", german) for german, _ in pairs)
    fit = sum(find_fault(german, english) is None for german, english in pairs)
    assert fit > 0.95 * len(pairs)


def test_make_noisy_changes_the_german_side_only() -> None:
    assert spell_out("Übergröße") == "Uebergroesse"
    assert shout("Größe") == "GRÖSSE"
    pairs = [(f"Die Größe {n} überzeugt", f"size {n}") for n in range(50)]
    noisy = make_noisy(pairs, 20, seed=3)
    originals = {english: german for german, english in pairs}
    assert len(noisy) == 20
    assert all(german != originals[english] for german, english in noisy)
    assert make_noisy([("ABC", "x")], 5, seed=1) == []
