"""Negations: of one thing, whatever the rest of both texts says; of two things, no dispute."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.pairs.negations import find_negation, part_negations
from pipeline.schemas import PAIRS, UNITS

OF_ONE_THING = [
    ("The council approved the budget on Monday.", "The council did not approve the budget."),
    ("The union accepted the offer.", "The union has not accepted the offer, its leader said."),
    ("The firm will close the plant in Kiel.", "The firm does not intend to close the plant."),
    ("The plan is supported by the mayor.", "The mayor does not support the plan."),
    ("At noon she unveiled a better plan.", "Lang did not unveil a plan on Monday."),
    ("Petra Lang declined to comment.", "Petra Lang spoke of a bitter defeat."),
    ("The IGM would not comment.", "The IGM union accused the mill of cheating its workers."),
]
OF_TWO = [
    ("The train was not delayed.", "The meeting was delayed."),
    ("The museum has not found a buyer.", "The museum found a leak in the roof."),
    ("Firefighters could not save the barn.", "Firefighters saved the house."),
    ("He did not win the race.", "She won the race in Oslo."),
    ("They would not have sold the boat.", "They have sold the boat."),
    ("Petra Lang declined to comment.", "Anna Weber spoke of a bitter defeat."),
    ("The council approved the budget.", "The council approved the budget."),
]


@pytest.mark.parametrize(("left", "right"), OF_ONE_THING)
def test_find_negation_sees_one_thing(left: str, right: str) -> None:
    assert (find_negation(left, right) or "").startswith("negation ")
    assert (find_negation(right, left) or "").startswith("negation ")


@pytest.mark.parametrize(("left", "right"), OF_TWO)
def test_find_negation_sees_two_things(left: str, right: str) -> None:
    assert find_negation(left, right) is None
    assert find_negation(right, left) is None


def part(
    left: str, right: str, verdict: str, reason: str = "", *, articles: str = "ab"
) -> tuple[str, str, float]:
    units = UNITS.build(
        [
            {
                "unit_id": f"{article}#{place}",
                "segment_id": f"{article}#{place}",
                "article_id": article,
                "story_id": "s",
                "outlet": article,
                "kind": "sentence",
                "start_char": 0,
                "end_char": len(text),
                "source_language": "en",
                "source_text": text,
                "target_start_char": 0,
                "target_end_char": len(text),
                "target_text": text,
            }
            for place, (article, text) in enumerate(zip(articles, (left, right), strict=True))
        ]
    )
    pair = {
        "story_id": "s",
        "unit_left": units["unit_id"][0],
        "unit_right": units["unit_id"][1],
        "jaccard": 0.1,
        "cosine": 0.3,
        "score": 0.2,
        "verdict": verdict,
        "reason": reason,
    }
    row: pl.DataFrame = part_negations(PAIRS.build([pair]), units)
    return row["verdict"][0], row["reason"][0], row["score"][0]


def test_part_negations_parts_two_articles_only() -> None:
    left, right = OF_ONE_THING[0]
    assert part(left, right, "unrelated") == ("differs", "negation approve != not approve", 0.098)
    assert part(left, right, "unrelated", articles="aa") == ("unrelated", "", 0.2)


def test_part_negations_releases_a_negation_that_has_nothing_in_common() -> None:
    left, right = "Some villagers will have to wait.", "The second wave is not expected."
    reason = "negation wait != not expect"
    verdict, because, score = part(left, right, "differs", reason)
    assert (verdict, because, score) == ("unrelated", f"not of one thing: {reason}", 0.2)


def test_part_negations_keeps_a_negation_with_one_subject() -> None:
    left, right = "The club will file a protest.", "The club is not filing any protest."
    reason = "negation file != not file"
    assert part(left, right, "differs", reason) == ("differs", reason, 0.2)


def test_part_negations_releases_a_plan_that_has_nothing_in_common() -> None:
    left, right = "Two harbors may be included.", "The contract also covers some helpers."
    reason = "modality may include != cover"
    assert part(left, right, "differs", reason)[0] == "unrelated"


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (
            "The senate passed the law on May 3.",
            "The governor signed the bill on May 9.",
            "unrelated",
        ),
        ("The match takes place on June 3.", "The match is on June 4.", "differs"),
        ("The mayor resigned on May 3.", "Mayor Lang resigned on May 5.", "differs"),
        ("The bridge was opened on May 3.", "The bridge was opened on May 4.", "differs"),
    ],
)
def test_part_negations_releases_two_actors_on_two_days(
    left: str, right: str, verdict: str
) -> None:
    assert part(left, right, "differs", "date May 3 != May 4")[0] == verdict
