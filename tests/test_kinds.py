"""Kinds of segments: lines that stand alone, datelines, layouts of whole articles."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipeline.config import SegmentConfig
from pipeline.segments import segment_articles
from pipeline.segments.datelines import find_agency_mark, find_dateline
from pipeline.segments.kinds import cut_article
from pipeline.segments.language_data import known_languages, load_language
from pipeline.segments.lines import find_lines
from tests.test_segments import article_frame

DATA = Path(__file__).parent / "data"
TOP = "Ein Titel steht hier\nEin Vorspann steht hier.\nMoskau – Der Absatz ist da. Er ist lang.\n"
END = "\nDer letzte Absatz ist lang genug. Er hat auch zwei Sätze."


def read_lines(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def pieces_of(text: str, *, title: str | None = None) -> list[tuple[str, str]]:
    pieces = cut_article(text, "de", title=title)
    return [(piece.kind, text[piece.start_char : piece.end_char]) for piece in pieces]


@pytest.mark.parametrize("case", read_lines("kinds_de.txt"))
def test_cut_article_knows_the_kind_of_a_line(case: str) -> None:
    kind, line = case.split("\t")
    assert pieces_of(TOP + line + END)[5:-2] == [(kind, line)]


@pytest.mark.parametrize("case", read_lines("datelines.txt"))
def test_find_dateline_ends_before_the_text(case: str) -> None:
    dateline, text = case.split("|")
    language = "en" if "The " in text else "de"
    assert find_dateline(dateline + text, load_language(language)) == len(dateline)


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        ("Die Folgen wären groß. (lismah)", "(lismah)"),
        ("Waltz forderte ein Umdenken. (bg/dpa)", "(bg/dpa)"),
        ("„Das ist alles.“ (dpa/lni)", "(dpa/lni)"),
        ("Es regnet weiter. [AFP]", "[AFP]"),
        ("Sie sprach lange. (mit dpa)", "(mit dpa)"),
        ("Der Hafen schlug 5,1 Millionen Standardcontainer um (TEU)", ""),
        ("Das gilt für alle. (siehe Seite 3)", ""),
        ("Das Technische Hilfswerk half. (THW)", ""),
        ("Sie kommt aus Kiel. (Sie wohnt dort.)", ""),
        ("(dpa)", ""),
        ("Die Folgen wären groß. dpa", "dpa"),
        ("Die Folgen wären groß. dpa/AFP", "dpa/AFP"),
        ("Die Folgen wären groß. mk/dpa", "mk/dpa"),
        ("Die Folgen wären groß (mk/dpa)", "(mk/dpa)"),
        ("Das meldete die dpa", ""),
        ("Das meldete die Agentur (dpa)", ""),
        ("Sie blieb. er ging", ""),
        ("Das sagte er. Das war alles.", ""),
    ],
)
def test_find_agency_mark_after_the_last_sentence(words: str, mark: str) -> None:
    start = find_agency_mark(words, load_language("de"))
    assert (words[start:] if start else "") == mark


SENTENCES = [("sentence", "Der Absatz ist da."), ("sentence", "Er ist lang.")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Der Absatz ist da. Er ist lang.", SENTENCES, id="text-alone"),
        pytest.param(
            "Ein Titel\n\nDer Absatz ist da. Er ist lang.",
            [("headline", "Ein Titel"), *SENTENCES],
            id="headline-and-text",
        ),
        pytest.param(
            "Ein Titel\r\n\r\nDer Absatz ist da. Er ist lang.\r\n",
            [("headline", "Ein Titel"), *SENTENCES],
            id="crlf",
        ),
        pytest.param(
            "Ein Titel\nEin Vorspann. Mit zwei Sätzen.\nVon Eva Klein\n"
            "Kiel – Der Absatz ist da. Er ist lang.",
            [
                ("headline", "Ein Titel"),
                ("teaser", "Ein Vorspann."),
                ("teaser", "Mit zwei Sätzen."),
                ("byline", "Von Eva Klein"),
                ("dateline", "Kiel –"),
                *SENTENCES,
            ],
            id="byline-between-teaser-and-text",
        ),
        pytest.param(
            "Ein Titel\nVon Eva Klein\nKiel – Der Absatz ist da. Er ist lang.",
            [
                ("headline", "Ein Titel"),
                ("byline", "Von Eva Klein"),
                ("dateline", "Kiel –"),
                *SENTENCES,
            ],
            id="no-teaser-where-the-text-has-the-dateline",
        ),
        pytest.param(
            "# Ein Titel\n\nDer Absatz ist da. Er ist lang.\n\n## Noch einer\n\n- Ein Punkt folgt.",
            [
                ("boilerplate", "#"),
                ("headline", "Ein Titel"),
                *SENTENCES,
                ("boilerplate", "##"),
                ("subheading", "Noch einer"),
                ("boilerplate", "-"),
                ("sentence", "Ein Punkt folgt."),
            ],
            id="markdown-marks",
        ),
        pytest.param(
            "Meine news\nEin Titel\nDer Absatz ist da. Er ist lang.\nAnzeige",
            [
                ("boilerplate", "Meine news"),
                ("headline", "Ein Titel"),
                *SENTENCES,
                ("boilerplate", "Anzeige"),
            ],
            id="furniture-around",
        ),
        pytest.param(
            "Ein Titel\nDer Absatz ist da. Er ist lang. (mk)\n(dpa)",
            [("headline", "Ein Titel"), *SENTENCES, ("byline", "(mk)"), ("byline", "(dpa)")],
            id="marks-at-the-end",
        ),
    ],
)
def test_cut_article_reads_the_layout(text: str, expected: list[tuple[str, str]]) -> None:
    assert pieces_of(text) == expected


def test_cut_article_takes_the_title_as_headline_whatever_it_looks_like() -> None:
    text = "Das ist alles.\nDer Absatz ist da. Er ist lang."
    assert pieces_of(text)[0] == ("sentence", "Das ist alles.")
    assert pieces_of(text, title="Das ist alles.")[0] == ("headline", "Das ist alles.")


WRAPPED = """Duma stimmt Vertrag zu

Die russische Staatsduma hat am Donnerstag dem
Vertrag mit Nordkorea zugestimmt, den beide
Länder im Juni geschlossen hatten. Das Ober-
haus muss noch zustimmen.

Der Westen reagierte besorgt."""


def test_find_lines_joins_lines_wrapped_at_a_fixed_width() -> None:
    lines = find_lines(WRAPPED)
    assert len(lines) == 3
    assert [kind for kind, _ in pieces_of(WRAPPED)] == ["headline", *["sentence"] * 3]


def test_find_lines_keeps_lines_of_a_list_apart() -> None:
    assert (
        len(find_lines("Erster Punkt der Liste ist das hier\nZweiter Punkt der Liste\nDritter"))
        == 3
    )


BOX = "Küstenradar am Abend"
OTHER_END = "\nEin anderer Schluss steht hier. Er ist ebenso lang wie der erste."


def box_kinds(*articles: tuple[str, str]) -> list[str]:
    """Kinds of the line BOX in articles given as (outlet, text)."""
    frames = [
        article_frame(text, outlet=outlet).with_columns(article_id=pl.lit(f"a{number}"))
        for number, (outlet, text) in enumerate(articles)
    ]
    segments = segment_articles(pl.concat(frames), SegmentConfig())
    return segments.filter(source_text=BOX)["kind"].to_list()


def test_segment_articles_finds_furniture_that_returns_between_other_paragraphs() -> None:
    first, second = TOP + BOX + END, TOP + BOX + OTHER_END
    third = TOP.replace("lang", "kurz") + BOX + OTHER_END
    assert box_kinds(("o", first)) == ["subheading"]
    assert box_kinds(("o", first), ("o", first)) == ["subheading"] * 2
    assert box_kinds(("o", first), ("o", second)) == ["boilerplate"] * 2
    assert box_kinds(("o", first), ("p", second)) == ["subheading"] * 2
    assert box_kinds(("o", first), ("p", third)) == ["boilerplate"] * 2
    closing = TOP.replace("lang", "kurz") + "Schluss.\n" + BOX
    assert box_kinds(("o", TOP + BOX), ("p", closing)) == ["boilerplate"] * 2


def test_segment_articles_keeps_sentences_an_outlet_prints_twice() -> None:
    segments = segment_articles(article_frame(TOP + END, TOP + END), SegmentConfig())
    assert "boilerplate" not in segments["kind"].to_list()


def test_load_language_without_tables_is_generic() -> None:
    assert known_languages() == {"de", "en"}
    assert load_language("fr") is load_language("uk")
    assert load_language("de-AT") is load_language("de")
