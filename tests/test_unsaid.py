"""What a text does not state itself: it leaves it open, or only points back."""

from __future__ import annotations

import pytest

from pipeline.pairs.unsaid import (
    leaves_open,
    only_names_purpose,
    only_points_back,
    part_unsaid,
)
from tests.test_denials import make_pairs, make_units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Whether a rotten beam was the cause is unclear.", True),
        ("It is still unclear whether the bridge will reopen.", True),
        ("It remains open whether the dam will hold.", True),
        ("The police are examining whether the fire was set.", False),
        ("The owner is deciding whether the shop will open.", False),
        ("A rotten beam was the cause.", False),
    ],
)
def test_leaves_open(text: str, expected: bool) -> None:
    assert leaves_open(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The firm announced this in Graz on Monday.", True),
        ("This was announced by the ministry on Tuesday.", True),
        ("The ministry said so on Tuesday.", True),
        ("The firm announced the closure of this plant.", False),
        ("The firm denied this on Monday.", False),
        ("This firm closed the plant on Monday.", False),
        ("The firm announced on Monday that it will close the plant.", False),
    ],
)
def test_only_points_back(text: str, expected: bool) -> None:
    assert only_points_back(text) is expected


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("Whether a beam broke is unclear.", "A beam broke.", "unrelated"),
        ("Whether a beam broke is unclear.", "It is unclear whether a beam broke.", "same"),
        ("The firm said so on Monday.", "The firm cut jobs on Monday.", "unrelated"),
        ("The firm cut jobs.", "The firm axed jobs.", "same"),
    ],
)
def test_part_unsaid(left: str, right: str, verdict: str) -> None:
    units = make_units({"a": [left], "b": [right]})
    parted = part_unsaid(make_pairs(("a#0", "b#0", 0.9, "same")), units)
    assert parted["verdict"].to_list() == [verdict]
    assert (parted["score"][0] < 0.5) is (verdict == "unrelated")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to help the harvesters on the steep slopes", True),
        ("in order to relieve the clinics", True),
        ("To the north of the village a barn burned.", False),
        ("The town hired drivers to relieve the clinics.", False),
    ],
)
def test_only_names_purpose(text: str, expected: bool) -> None:
    assert only_names_purpose(text) is expected


@pytest.mark.parametrize(("score", "verdict"), [(0.6, "unrelated"), (0.9, "same")])
def test_part_unsaid_lets_a_purpose_stand_where_it_is_loudly_alike(
    score: float, verdict: str
) -> None:
    units = make_units({"a": ["to relieve the clinics"], "b": ["The clinics are relieved."]})
    parted = part_unsaid(make_pairs(("a#0", "b#0", score, "same")), units)
    assert parted["verdict"].to_list() == [verdict]
