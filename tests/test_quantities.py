"""Quantities: figures and number words, units, bounds, ranges; what is no quantity."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.language.quantities import find_quantities, quantities_agree

CASES = [
    ("en", "3,000 soldiers", "3000", None, "exact", "soldier"),
    ("en", "three thousand soldiers", "3000", None, "exact", "soldier"),
    ("de", "3.000 Soldaten", "3000", None, "exact", "soldat"),
    ("de", "dreitausend Soldaten", "3000", None, "exact", "soldat"),
    ("de", "1,2 Milliarden Euro", "1200000000", "EUR", "exact", None),
    ("en", "1.2 billion euros", "1200000000", "EUR", "exact", None),
    ("de", "3 Mio. Menschen", "3000000", None, "exact", "mensch"),
    ("de", "Zehntausende Menschen", "10000", None, "at_least", "mensch"),
    ("de", "mehr als 10.000 Soldaten", "10000", None, "more_than", "soldat"),
    ("de", "rund 3.200 Beschäftigte", "3200", None, "about", "beschäftigter"),
    ("en", "48 hours", "172800", "s", "exact", None),
    ("en", "two days", "172800", "s", "exact", None),
    ("de", "48-stündigen Ausstand", "172800", "s", "exact", "ausstand"),
    ("en", "a quarter of the vineyards", "25", "percent", "exact", "vineyard"),
    ("de", "die Hälfte der Schiffe", "50", "percent", "exact", "schiff"),
    ("en", "a dozen cows", "12", None, "exact", "cow"),
    ("en", "6 a.m.", "360", "clock", "exact", None),
    ("de", "18.30 Uhr", "1110", "clock", "exact", None),
    ("en", "eight years and three months", "260350200", "s", "exact", None),
    ("de", "acht Jahre und drei Monate", "260350200", "s", "exact", None),
    ("de", "um zehn Minuten vor vier", "230", "clock", "exact", None),
    ("en", "at ten minutes past four", "250", "clock", "exact", None),
    ("en", "at least ten climbers", "10", None, "at_least", "climber"),
    ("en", "at most ten climbers", "10", None, "at_most", "climber"),
]


@pytest.mark.parametrize(("language", "text", "value", "unit", "bound", "noun"), CASES)
def test_find_quantities_reads(
    language: str, text: str, value: str, unit: str | None, bound: str, noun: str | None
) -> None:
    (quantity,) = find_quantities(text, language)
    assert quantity.value == Decimal(value)
    assert (quantity.unit, quantity.bound) == (unit, bound)
    assert noun is None or quantity.noun == noun
    assert text[quantity.start : quantity.end] == quantity.text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The G7 met the F-16 pilots under Article 5."),
        ("en", "No one of them came in 1998."),
        ("de", "Artikel 5 galt am 10. November 2024."),
    ],
)
def test_find_quantities_leaves_names_and_dates(language: str, text: str) -> None:
    assert find_quantities(text, language) == ()


@pytest.mark.parametrize(
    ("left", "right", "agree"),
    [
        ("more than 10,000 men", "around 10,000 men", False),
        ("at least ten climbers", "at most nine climbers", False),
        ("1,400 people", "fourteen hundred people", True),
        ("14 houses", "40 houses", False),
        ("180 km/h", "112 mph", True),
        ("90 meters", "90 feet", False),
        ("a third of the farms", "33 percent of the farms", True),
    ],
)
def test_quantities_agree(left: str, right: str, agree: bool) -> None:
    (a,), (b,) = find_quantities(left, "en"), find_quantities(right, "en")
    assert quantities_agree(a, b) is agree
    assert quantities_agree(b, a) is agree


def test_find_quantities_reads_a_vague_figure_at_the_end() -> None:
    found = find_quantities("Port strike costs millions", "en")
    assert [(quantity.text, quantity.is_vague) for quantity in found] == [("millions", True)]


@pytest.mark.parametrize(
    ("language", "vague", "exact", "agree"),
    [
        ("en", "shortly after nine in the evening", "9:20 p.m.", True),
        ("en", "shortly after nine in the evening", "10:20 p.m.", False),
        ("en", "shortly before 5 p.m.", "4:50 p.m.", True),
        ("en", "shortly before 5 p.m.", "5:10 p.m.", False),
        ("en", "at around 6:40 a.m.", "6:45 a.m.", True),
        ("en", "at around 6:40 a.m.", "7:45 a.m.", False),
        ("de", "kurz nach drei Uhr", "um 3.12 Uhr", True),
        ("de", "gegen 14.30 Uhr", "um 14.25 Uhr", True),
        ("de", "gegen 14.30 Uhr", "um 15.30 Uhr", False),
    ],
)
def test_words_before_a_time_widen_it(language: str, vague: str, exact: str, agree: bool) -> None:
    (left,), (right,) = find_quantities(vague, language), find_quantities(exact, language)
    assert quantities_agree(left, right) is agree
