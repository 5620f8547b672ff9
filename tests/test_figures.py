"""Rival figures: of one unit, none agreeing, few enough to know which answers which."""

from __future__ import annotations

import pytest

from pipeline.config import MatchingConfig
from pipeline.pairs.figures import (
    find_rival_counts,
    find_rival_figures,
    find_rival_roles,
    part_rival_figures,
)
from pipeline.schemas import PAIRS, UNITS


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Some 900 guests came.", "About 1,400 visitors came.", ("Some 900", "About 1,400")),
        ("The river rose to 3.1 meters.", "It rose to 3.7 meters.", ("3.1 meters", "3.7 meters")),
        ("Some 900 guests came.", "About 930 visitors came.", None),
        ("It lasts 48 hours.", "It lasts two days.", None),
        ("It costs 20 million euros.", "Three shops closed.", None),
        ("Guests came.", "About 1,400 visitors came.", None),
        ("The 3rd round failed.", "The 4th round failed.", None),
        ("2 cats, 3 dogs, 4 cows left.", "Seven horses left.", None),
        ("The A 7 highway is closed.", "Route 66 is open again.", None),
    ],
    ids=[
        "other noun",
        "measure",
        "rounded",
        "converted",
        "other unit",
        "one side",
        "rank",
        "many",
        "labels",
    ],
)
def test_find_rival_figures(left: str, right: str, expected: tuple[str, str] | None) -> None:
    assert find_rival_figures(left, right) == expected
    assert find_rival_figures(right, left) == (expected and expected[::-1])


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Nine trucks stood idle at noon.", "Twelve lorries stood idle.", ("Nine", "Twelve")),
        ("Thieves stole 40 bicycles.", "Thieves stole 25 bikes from a cellar.", ("40", "25")),
        ("Thieves stole 40 bicycles in Bremen.", "Thieves stole 25 bikes in Graz.", None),
        ("The club sold 300 tickets.", "The theater sold 500 tickets.", None),
        ("The fire destroyed three houses.", "Firefighters saved five houses.", None),
        ("12 miners quit their jobs in May.", "40 miners quit their jobs in June.", None),
        ("Nine trucks stood idle.", "Nine lorries stood idle, twelve trucks left.", None),
        ("Nine trucks were there.", "Twelve trucks were late.", None),
    ],
    ids=["verb", "object", "places", "actors", "verbs", "dates", "agreeing", "light verb"],
)
def test_find_rival_roles(left: str, right: str, expected: tuple[str, str] | None) -> None:
    assert find_rival_roles(left, right) == expected
    assert find_rival_roles(right, left) == (expected and expected[::-1])


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("While Greenpeace speaks of 320 turtles", "the WWF counts just 210", ("320", "just 210")),
        ("The police counted 300 guests", "150 had left early", None),
        ("Lang scored 30 points", "Weber scored 12", None),
        ("The police counted 300 guests", "the host counted 20 dogs", None),
        ("The police counted 300 guests", "the police counted just 150", None),
    ],
    ids=["elliptic", "in the subject", "no count", "two things", "one speaker"],
)
def test_find_rival_counts(left: str, right: str, expected: tuple[str, str] | None) -> None:
    found = find_rival_counts(left, right)
    assert (found is None) == (expected is None)
    assert found is None or [figure.split()[-1] for figure in found] == ["320", "210"]


def test_find_rival_figures_asks_for_one_noun_where_likeness_is_low() -> None:
    texts = "Some 900 containers came.", "About 1,400 soldiers came."
    assert find_rival_figures(*texts) == ("Some 900", "About 1,400")
    assert find_rival_figures(*texts, any_noun=False) is None


TEXTS = {
    "a#0/0": "At least 300 guests came, according to the police",
    "a#0/1": "according to the host, the figure is about 150.",
    "b#0": "More than 900 visitors came.",
    "c#0": "About 310 people came.",
}


@pytest.mark.parametrize(
    ("left", "right", "score", "verdict", "expected"),
    [
        ("a#0/0", "b#0", 0.8, "same", ("differs", "number At least 300 != More than 900", 0.392)),
        (
            "a#0/0",
            "b#0",
            0.4,
            "unrelated",
            ("differs", "number At least 300 != More than 900", 0.196),
        ),
        ("a#0/0", "b#0", 0.2, "unrelated", ("unrelated", "", 0.2)),
        ("a#0/0", "c#0", 0.8, "same", ("same", "", 0.8)),
        (
            "a#0/0",
            "a#0/1",
            0.1,
            "unrelated",
            ("differs", "number At least 300 != about 150", 0.049),
        ),
    ],
    ids=["rivals", "nearly alike", "not alike", "agreeing", "two speakers in a sentence"],
)
def test_part_rival_figures(
    left: str, right: str, score: float, verdict: str, expected: tuple[str, str, float]
) -> None:
    rows: list[dict[str, object]] = [
        {
            "unit_id": unit,
            "segment_id": unit.split("/")[0],
            "target_text": text,
            "source_text": text,
            "source_language": "en",
        }
        for unit, text in TEXTS.items()
    ]
    units = UNITS.build(rows)
    pair: dict[str, object] = {
        "unit_left": left,
        "unit_right": right,
        "verdict": verdict,
        "score": score,
    }
    pair["reason"] = ""
    parted = part_rival_figures(PAIRS.build([pair]), units, MatchingConfig())
    assert parted.select("verdict", "reason", "score").row(0) == expected
