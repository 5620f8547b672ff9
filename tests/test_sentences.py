"""Sentence ends: the table of hard cases, and properties on arbitrary text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.segments import split_sentences

CASES = Path(__file__).parent / "data" / "segmentation_de.txt"
BORDER = " ‖ "


def read_cases() -> list[str]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def sentences_of(text: str, language: str = "de") -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize("case", read_cases())
def test_split_sentences_knows_the_case(case: str) -> None:
    wanted = case.split(BORDER)
    assert sentences_of(" ".join(wanted)) == wanted


def test_split_sentences_has_enough_cases() -> None:
    assert len(read_cases()) >= 120


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            ["Mr. Smith met Dr. Jones at 5 p.m. on Friday.", "They talked about the U.S. economy."],
        ),
        ("en", ["He lives in the U.S. with his family.", "She doesn't."]),
        ("en", ["“We are ready,” he said.", "“We start now.”", "Then he left."]),
        ("en", ["It rose to 3.5 percent in Jan. 2024.", "Prices fell in No. 2."]),
        ("fr", ["M. Dupont est arrivé à 10 h.", "Il est reparti aussitôt."]),
        ("es", ["El Sr. García habló ayer.", "Nadie respondió."]),
        ("ru", ["В 2022 г. началась война.", "Это изменило всё."]),
        ("uk", ["Президент А. Іваненко виступив.", "Його слухали."]),
        ("zh", ["总统昨天发表讲话。", "没有人回应。"]),
        ("ar", ["هل وصل الرئيس؟", "نعم وصل."]),
        ("xx", ["One sentence.", "Another one!"]),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0][:20],
)
def test_split_sentences_in_other_languages(language: str, sentences: list[str]) -> None:
    joiner = "" if language == "zh" else " "
    assert sentences_of(joiner.join(sentences), language) == sentences


def test_split_sentences_makes_20_000_a_cpu_second() -> None:
    text = " ".join(case.replace(BORDER, " ") for case in read_cases())
    split_sentences(text, "de")  # the tables are loaded once
    begun = time.process_time()
    count = sum(len(split_sentences(text, "de")) for _ in range(20))
    assert count / (time.process_time() - begun) > 20_000


def test_split_sentences_where_the_space_was_lost() -> None:
    assert sentences_of("Das Treffen ist zu Ende.Der Minister reiste ab.") == [
        "Das Treffen ist zu Ende.",
        "Der Minister reiste ab.",
    ]
    assert len(sentences_of("Die Seite www.Der-Bote.de und Node.Js sind gestört.")) == 1


@given(st.text(max_size=600), st.sampled_from(["de", "en", "uk", "zh", ""]))
@settings(max_examples=300, deadline=None)
def test_split_sentences_rejoins_to_the_text(text: str, language: str) -> None:
    end = 0
    for start, stop in split_sentences(text, language):
        assert end <= start < stop
        assert text[end:start].strip() == ""
        assert text[start:stop] == text[start:stop].strip()
        end = stop
    assert text[end:].strip() == ""


@pytest.mark.parametrize(
    "text",
    ["." * 100_000, "a" * 100_000, "„" * 50_000, "x." * 50_000, "1. " * 30_000, "( " * 30_000],
    ids=["dots", "letters", "quotes", "glued", "numbers", "brackets"],
)
@pytest.mark.timeout(20)
def test_split_sentences_takes_linear_time(text: str) -> None:
    assert split_sentences(text, "de")
