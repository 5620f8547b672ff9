"""Clauses: the tables of cases, borders, minimum length, frames."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import SegmentConfig
from pipeline.segments import cut_clauses, cut_text_clauses, segment_articles
from tests.test_segments import article_frame

DATA = Path(__file__).parent / "data"
BETWEEN = " ,;:–"


def read_cases(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def clauses_of(text: str, language: str = "de", *, min_words: int = 3) -> list[str]:
    return [text[start:end] for start, end in cut_text_clauses(text, language, min_words=min_words)]


@pytest.mark.parametrize("case", read_cases("clauses_de.txt"))
def test_cut_text_clauses_knows_the_german_case(case: str) -> None:
    parts = case.split(" | ")
    assert clauses_of(" ".join(parts)) == [*(part.rstrip(BETWEEN) for part in parts)]


@pytest.mark.parametrize("case", read_cases("clauses_en.txt"))
def test_cut_text_clauses_knows_the_english_case(case: str) -> None:
    parts = case.split(" | ")
    assert clauses_of(" ".join(parts), "en") == [part.rstrip(BETWEEN) for part in parts]


def test_cut_text_clauses_has_enough_cases() -> None:
    assert len(read_cases("clauses_de.txt")) >= 40


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("fr", "La Douma a approuvé le traité ; Poutine l'a signé en juin à Pyongyang.", 2),
        ("fr", "La Douma, le Kremlin et la Chine sont d'accord.", 1),
        ("uk", "Дума схвалила договір; Путін підписав його в червні.", 2),
    ],
)
def test_cut_text_clauses_elsewhere_needs_strong_punctuation(
    language: str, text: str, count: int
) -> None:
    assert len(cut_text_clauses(text, language)) == count


def test_cut_text_clauses_keeps_short_pieces_with_their_neighbour() -> None:
    text = "Die Brücke hält, sie steht."
    assert clauses_of(text, min_words=2) == ["Die Brücke hält", "sie steht."]
    assert clauses_of(text, min_words=3) == [text]


GERMAN = """
Der Die das den hat wird sagte , , , . : ; – und und weil dass laut nach Angaben 3.000 Soldaten die
Moskau gilt zu liefern ( ) „ “ wenn er kommen soll um darunter verteilt auf sei oder wie als Als
"""
SENTENCES = st.lists(st.sampled_from(GERMAN.split()), max_size=40).map(" ".join)


@given(st.one_of(SENTENCES, st.text(max_size=200)), st.sampled_from(["de", "en", "fr"]))
@settings(max_examples=500, deadline=None)
def test_cut_text_clauses_quotes_every_word_once(text: str, language: str) -> None:
    end = 0
    for start, stop in cut_text_clauses(text, language):
        assert end <= start < stop
        assert not any(letter.isalnum() for letter in text[end:start])
        end = stop
    assert not any(letter.isalnum() for letter in text[end:])


@given(SENTENCES, st.integers(1, 6))
@settings(max_examples=300, deadline=None)
def test_cut_text_clauses_gives_no_clause_below_the_minimum(text: str, least: int) -> None:
    clauses = clauses_of(text, min_words=least)
    if len(clauses) > 1:
        assert all(len(clause.split()) >= least for clause in clauses)


def test_cut_clauses_of_matched_kinds_quote_the_article() -> None:
    text = (
        "Titel der Meldung\nMoskau – Die Duma billigte den Vertrag, den Putin im Juni "
        "unterzeichnet hatte. (mk)"
    )
    articles = article_frame(text)
    segments = segment_articles(articles, SegmentConfig())
    clauses = cut_clauses(segments, articles, SegmentConfig())
    assert clauses["clause_id"].to_list() == ["a0#0000/0", "a0#0002/0", "a0#0002/1"]
    assert clauses["source_text"].to_list() == [
        "Titel der Meldung",
        "Die Duma billigte den Vertrag",
        "den Putin im Juni unterzeichnet hatte.",
    ]
    for row in clauses.iter_rows(named=True):
        assert text[row["start_char"] : row["end_char"]] == row["source_text"]
