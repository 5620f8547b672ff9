"""Clauses completed: by the noun of a relative pronoun, by the subject of the verb before."""

from __future__ import annotations

import pytest

from pipeline.pairs.completion import complete_clause, complete_clauses
from pipeline.schemas import UNITS
from tests.test_denials import make_units


@pytest.mark.parametrize(
    ("before", "clause", "expected"),
    [
        (
            "The club called for the match,",
            "which began at noon",
            "the match began at noon",
        ),
        (
            "The match began at noon",
            "and will end at two",
            "The match will end at two",
        ),
        (
            "The army sent 120 soldiers from the barracks,",
            "who fill sandbags",
            "the soldiers fill sandbags",
        ),
        (
            "Analysts expect a long strike,",
            "which the union does not rule out",
            "the union does not rule a long strike out",
        ),
        (
            "The town bought eleven boats,",
            "whose price it keeps secret",
            "the boats' price it keeps secret",
        ),
        (
            "There is a clause",
            "under which each side must help the other",
            "each side must help the other",
        ),
        ("The dam held", "and the mayor thanked the helpers", None),
        ("The dam held", "because the rain stopped", None),
        ("It held", "and broke later", None),
    ],
    ids=["which", "and", "who", "object", "whose", "tied", "own subject", "complete", "pronoun"],
)
def test_complete_clause(before: str, clause: str, expected: str | None) -> None:
    assert complete_clause(clause, before) == expected


def test_complete_clauses_reads_each_clause_after_the_one_before() -> None:
    sentence = "The club called for the match, |which began at noon |and will end at two."
    units = make_units({"a": [sentence, "And ends at three."]})
    completed = complete_clauses(units)
    assert dict(completed.select("unit_id", "target_text").iter_rows()) == {
        "a#0": sentence.replace("|", ""),
        "a#0/0": "The club called for the match, ",
        "a#0/1": "the match began at noon ",
        "a#0/2": "the match will end at two.",
        "a#1": "And ends at three.",
    }
    assert completed.drop("target_text").equals(units.drop("target_text"))
    assert completed.schema == UNITS.dtypes
