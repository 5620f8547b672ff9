"""Rival figures: of one unit, none agreeing, few enough to know which answers which."""

from __future__ import annotations

import pytest

from pipeline.pairs.figures import find_rival_figures


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
    ],
    ids=["other noun", "measure", "rounded", "converted", "other unit", "one side", "rank", "many"],
)
def test_find_rival_figures(left: str, right: str, expected: tuple[str, str] | None) -> None:
    assert find_rival_figures(left, right) == expected
    assert find_rival_figures(right, left) == (expected and expected[::-1])
