"""Further mentions: a sentence that states two facts is a mention of both, and of no third."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from pipeline.config import MatchingConfig
from pipeline.facts.sharing import find_further_mentions
from pipeline.schemas import PAIRS

CONFIG = MatchingConfig()


def make_unit(unit: str, kind: str = "sentence") -> dict[str, Any]:
    """`a#0/1` is clause 1 of sentence `a#0` of article `a`."""
    _, clause, number = unit.partition("/")
    start = int(number or 0) * 40
    return {
        "segment_id": unit.partition("/")[0],
        "article_id": unit.partition("#")[0],
        "kind": "clause" if clause else kind,
        "start_char": start,
        "end_char": start + (40 if clause else 80),
    }


def make_pairs(*rows: tuple[str, str, float, str]) -> pl.DataFrame:
    return PAIRS.build(
        [
            {
                "story_id": "s",
                "unit_left": min(one, other),
                "unit_right": max(one, other),
                "jaccard": 0.5,
                "cosine": 0.5,
                "score": score,
                "verdict": verdict,
                "reason": "",
            }
            for one, other, score, verdict in rows
        ]
    )


def find(
    members: dict[str, list[str]],
    *rows: tuple[str, str, float, str],
    headings: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
) -> dict[str, list[str]]:
    """Further mentions where the sentences of all units named are known, and units `also`."""
    named = {unit for own in members.values() for unit in own} | set(also)
    named |= {unit.partition("/")[0] for unit in named}
    units = {u: make_unit(u, "headline" if u in headings else "sentence") for u in sorted(named)}
    return find_further_mentions(members, make_pairs(*rows), units, CONFIG)


WHOLE_ELSEWHERE = {"a#0": ["a#0", "b#0"], "c#0": ["c#0"]}


def test_find_further_mentions_adds_the_clause_of_a_sentence_that_stands_as_a_whole() -> None:
    found = find(WHOLE_ELSEWHERE, ("a#0/1", "c#0", 0.6, "same"), also=("a#0/0", "a#0/1"))
    assert found == {"c#0": ["a#0/1"]}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(("a#0/1", "c#0", 0.49, "same"), id="below the threshold"),
        pytest.param(("a#0/1", "c#0", 0.9, "unrelated"), id="not the same"),
        pytest.param(("a#0", "c#0", 0.9, "same"), id="a sentence that stands elsewhere"),
    ],
)
def test_find_further_mentions_leaves_the_rest(row: tuple[str, str, float, str]) -> None:
    assert find(WHOLE_ELSEWHERE, row, also=("a#0/0", "a#0/1")) == {}


def test_find_further_mentions_asks_that_it_differs_from_no_member() -> None:
    members = {"a#0": ["a#0", "b#0"], "c#0": ["c#0", "d#0"]}
    rows = [("a#0/1", "c#0", 0.9, "same"), ("a#0/1", "d#0", 0.3, "differs")]
    assert find(members, *rows[:1], also=("a#0/1",)) == {"c#0": ["a#0/1"]}
    assert find(members, *rows, also=("a#0/1",)) == {}


def test_find_further_mentions_adds_what_matches_a_whole_sentence_to_each_of_its_clauses() -> None:
    members = {"a#0/0": ["a#0/0", "b#0"], "a#0/1": ["a#0/1"]}
    rows = [("a#0", "b#0", 0.95, "same"), ("a#0/0", "b#0", 0.9, "same")]
    assert find(members, *rows, ("a#0/1", "b#0", 0.6, "same")) == {"a#0/1": ["b#0"]}
    assert find(members, *rows, ("a#0/1", "b#0", 0.97, "same")) == {}


def test_find_further_mentions_adds_a_divided_sentence_only_where_words_are_left_over() -> None:
    row = ("a#0", "c#0", 0.7, "same")
    spare = {"a#0/0": ["a#0/0", "b#0"], "a#0/1": ["a#0/1"], "c#0": ["c#0"]}
    assert find(spare, row) == {"c#0": ["a#0"]}
    told = {"a#0/0": ["a#0/0", "b#0"], "a#0/1": ["a#0/1", "b#1"], "c#0": ["c#0"]}
    assert find(told, row) == {}


def test_find_further_mentions_takes_the_surest_unit_of_an_article_without_one() -> None:
    rows = [("a#0/0", "c#0", 0.6, "same"), ("a#0/1", "c#0", 0.8, "same")]
    clauses = ("a#0/0", "a#0/1")
    assert find(WHOLE_ELSEWHERE, *rows, also=clauses) == {"c#0": ["a#0/1"]}
    present = {"a#0": ["a#0", "b#0"], "c#0": ["a#1", "c#0"]}
    assert find(present, *rows, also=clauses) == {}


def test_find_further_mentions_lets_no_heading_state_two_facts() -> None:
    row = ("a#0/1", "c#0", 0.9, "same")
    clauses = ("a#0/0", "a#0/1")
    assert find(WHOLE_ELSEWHERE, row, headings=("a#0",), also=clauses) == {}
    assert find(WHOLE_ELSEWHERE, row, headings=("c#0",), also=clauses) == {}


def test_find_further_mentions_asks_half_of_the_members() -> None:
    members = {"a#0": ["a#0", "b#0"], "c#0": ["c#0", "d#0", "e#0"]}
    rows = [("a#0/1", "d#0", 0.9, "same"), ("a#0/1", "e#0", 0.8, "same")]
    assert find(members, *rows[:1], also=("a#0/1",)) == {}
    assert find(members, *rows, also=("a#0/1",)) == {"c#0": ["a#0/1"]}
    rows.append(("a#0/1", "c#0", 0.05, "unrelated"))
    assert find(members, *rows, also=("a#0/1",)) == {}
