"""Denials: what is denied, by which claim it is meant, and two denials of two claims."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.config import MatchingConfig
from pipeline.pairs.denials import find_denial, find_denied_claims, part_denials
from pipeline.schemas import PAIRS, UNITS


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("The minister denied that he had taken bribes.", "that he had taken bribes"),
        ("The company denies having dumped waste in the lake.", "having dumped waste in the lake"),
        ("The mayor rejected the accusations.", "the accusations"),
        ("The allegations were denied by the club.", "The allegations"),
        ("The army contradicted this account.", "this account"),
        ("The bank disputes the figures, which came out on Monday.", "the figures"),
        ("The board rejected the offer.", None),
        ("A spokeswoman did not deny the report.", None),
        ("The company refused to pay.", None),
        ("The court dismissed the lawsuit.", None),
        ("The plant moves to Poland, which the firm denied when asked.", None),
    ],
)
def test_find_denial(text: str, content: str | None) -> None:
    denial = find_denial(text)
    assert (denial and denial.content) == content


def make_units(articles: dict[str, list[str]]) -> pl.DataFrame:
    """Sentences in order; `|` cuts clauses. `a#1/0` is the first clause of article a's second."""
    rows: list[dict[str, object]] = []
    for article, sentences in articles.items():
        start = 0
        for number, marked in enumerate(sentences):
            parts = marked.split("|")
            segment = f"{article}#{number}"
            rows.append(_make_unit(segment, segment, article, start, "".join(parts)))
            at = start
            for place, part in enumerate(parts if len(parts) > 1 else ()):
                rows.append(_make_unit(f"{segment}/{place}", segment, article, at, part))
                at += len(part)
            start += len(marked)
    return UNITS.build(rows).sort("unit_id")


def _make_unit(unit: str, segment: str, article: str, start: int, text: str) -> dict[str, object]:
    return {
        "unit_id": unit,
        "segment_id": segment,
        "article_id": article,
        "story_id": "s",
        "outlet": article,
        "kind": "clause" if "/" in unit else "sentence",
        "start_char": start,
        "end_char": start + len(text),
        "source_language": "en",
        "source_text": text,
        "target_start_char": 0,
        "target_end_char": len(text),
        "target_text": text,
    }


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        pytest.param(
            ["The plant leaked acid.", "The weather was fine.", "Its owner denied a leak."],
            {("a#2", "a#0")},
            id="the sentence that names it",
        ),
        pytest.param(
            ["Rain fell.", "The plant leaked acid.", "Its owner denied this."],
            {("a#2", "a#1")},
            id="this: the nearest",
        ),
        pytest.param(
            ["200 miners are on strike.", "They sit at home.", "The firm denied the walkout."],
            {("a#2", "a#0")},
            id="past what goes on about it",
        ),
        pytest.param(
            ["The plant leaked acid, |which its owner denies."],
            {("a#0/1", "a#0/0")},
            id="in one sentence",
        ),
        pytest.param(["Its owner denied a leak.", "The plant leaked acid."], set(), id="no before"),
        pytest.param(["Did the plant leak?", "Its owner denied this."], set(), id="a question"),
    ],
)
def test_find_denied_claims(sentences: list[str], expected: set[tuple[str, str]]) -> None:
    answers = find_denied_claims(make_units({"a": sentences}))
    assert {(unit, claim) for unit, claims, _ in answers for claim in claims} == expected


def make_pairs(*rows: tuple[str, str, float, str]) -> pl.DataFrame:
    return PAIRS.build(
        [
            {
                "story_id": "s",
                "unit_left": left,
                "unit_right": right,
                "jaccard": 0.5,
                "cosine": 0.5,
                "score": score,
                "verdict": verdict,
                "reason": "",
            }
            for left, right, score, verdict in rows
        ]
    )


def test_part_denials_parts_the_claim_in_every_wording() -> None:
    units = make_units(
        {
            "a": ["The plant leaked acid.", "Its owner denied a leak."],
            "b": ["Acid ran from the plant.", "The town lies on a river."],
        }
    )
    pairs = make_pairs(
        ("a#0", "a#1", 0.2, "unrelated"),
        ("a#0", "b#0", 0.9, "same"),
        ("a#0", "b#1", 0.7, "same"),
        ("a#1", "b#0", 0.6, "same"),
        ("a#1", "b#1", 0.1, "unrelated"),
    )
    parted = part_denials(pairs, units, MatchingConfig())
    assert parted["verdict"].to_list() == ["differs", "same", "same", "differs", "unrelated"]
    assert parted["reason"].to_list() == ["denied: a leak", "", "", "denied: a leak", ""]
    assert parted["score"].to_list() == [0.098, 0.9, 0.7, 0.294, 0.1]


def test_part_denials_keeps_denials_of_two_claims_apart() -> None:
    units = make_units(
        {
            "a": [
                "The plant leaked acid.",
                "Its owner denied this.",
                "Two workers were dismissed.",
                "Its owner denied this.",
            ]
        }
    )
    parted = part_denials(make_pairs(("a#1", "a#3", 0.9, "same")), units, MatchingConfig())
    assert parted["verdict"].to_list() == ["unrelated"]
    assert parted["score"][0] < MatchingConfig().threshold
