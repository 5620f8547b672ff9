"""Contrasts: a sentence that gives another figure than the one before it."""

from __future__ import annotations

import pytest

from pipeline.facts.conflicts import SET_AGAINST as KNOWN_TO_FACTS
from pipeline.pairs.contrasts import SET_AGAINST, part_contrasts
from tests.test_denials import make_pairs, make_units

SPEAKS = "The host puts the loss at 20 million euros."
ANSWERS = "An institute, on the other hand, arrives at twelve million euros."


def test_part_contrasts_parts_two_sentences_set_against_each_other() -> None:
    pairs = make_pairs(("a#0", "a#1", 0.1, "unrelated"))
    row = part_contrasts(pairs, make_units({"a": [SPEAKS, ANSWERS]})).row(0, named=True)
    assert row["verdict"] == "differs"
    assert row["reason"] == f"number 20 million euros != twelve million euros, {SET_AGAINST}"
    assert KNOWN_TO_FACTS == SET_AGAINST


@pytest.mark.parametrize(
    "sentences",
    [
        [SPEAKS, "An institute arrives at twelve million euros."],
        [SPEAKS, "An institute, on the other hand, wants to save twelve million euros."],
        [SPEAKS, "An institute, on the other hand, arrives at 20 million euros."],
        [SPEAKS, "On the other hand, twelve guests stayed."],
        [ANSWERS, SPEAKS],
    ],
    ids=["no contrast", "wanted", "agreeing", "other unit", "before"],
)
def test_part_contrasts_leaves_the_rest(sentences: list[str]) -> None:
    pairs = make_pairs(("a#0", "a#1", 0.1, "unrelated"))
    parted = part_contrasts(pairs, make_units({"a": sentences}))
    assert parted["verdict"].to_list() == ["unrelated"]
