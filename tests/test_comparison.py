"""The comparison of two texts: the detail that differs is found, other wording is not one."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path

import pytest

from pipeline.pairs.comparison import (
    ACCORD_SIGNALS,
    KINDS,
    compare_texts,
    comparison_features,
)

CASES = [
    ("They sent 3,000 soldiers.", "They sent 10,000 soldiers.", "number"),
    ("The dam holds 90 liters.", "The dam holds 90 barrels.", "unit"),
    ("The court met on Monday.", "The court met on Tuesday.", "date"),
    ("Peru won the match.", "Ghana won the match.", "name"),
    ("They met in Oslo.", "They met in Lima.", "place"),
    ("The dog bit the postman.", "The postman bit the dog.", "role"),
    ("The bank has opened.", "The bank has not opened.", "negation"),
    ("The mill was closed.", "The mill may be closed.", "modality"),
    ("The firm admitted the leak.", "The firm denied the leak.", "attribution"),
    ("All teachers were paid.", "Few teachers were paid.", "quantifier"),
]


@pytest.mark.parametrize(("left", "right", "kind"), CASES, ids=[case[2] for case in CASES])
def test_compare_texts_finds_the_detail(left: str, right: str, kind: str) -> None:
    for one, other in ((left, right), (right, left)):
        comparison = compare_texts(one, other)
        assert comparison.is_vetoed
        assert comparison_features(comparison)[f"vetoes_{kind}"] > 0 or kind in {
            "attribution", "negation"
        }  # fmt: skip
        assert comparison.reason


def test_compare_texts_drops_numbers_only_the_translation_changed() -> None:
    source = "Sie schickten 3.000 Soldaten."
    comparison = compare_texts(
        "They sent 3,000 soldiers.", "They sent 30,000 soldiers.",
        source_left=source, source_right=source, source_language="de",
    )  # fmt: skip
    assert not comparison.is_vetoed


def test_compare_texts_takes_numbers_of_the_source() -> None:
    comparison = compare_texts(
        "They sent troops.", "They sent troops.", source_left="Sie schickten 3.000 Soldaten.",
        source_right="Sie schickten 10.000 Soldaten.", source_language="de",
    )  # fmt: skip
    assert comparison.reason == "number 3.000 != 10.000"


def test_comparison_features_have_stable_names() -> None:
    features = comparison_features(compare_texts("A man left.", "A woman slept."))
    expected = {f"{verb}_{kind}" for verb in ("differs", "vetoes", "agrees") for kind in KINDS}
    assert set(features) == expected | set(ACCORD_SIGNALS)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (
            "The mayor opened the bridge.", "The bridge was opened by the mayor.",
            {"agrees_role": 1, "subjects_agree": 1, "objects_agree": 1, "predicates_paired": 1},
        ),
        (
            "The mayor opened the bridge.", "The mayor opened the school.",
            {"agrees_role": 0, "subjects_agree": 1, "objects_part": 1, "coverage": 2 / 3},
        ),
        (
            "Greece rejected the plan.", "Norway rejected the plan.",
            {"subjects_part": 1, "names_rival": 1, "objects_agree": 1},
        ),
        ("Rents rose.", "A dog barked at the baker.", {"predicates_paired": 0, "coverage": 0}),
        ("Fishing has not resumed in Oslo.", "In Oslo, fishing has not resumed.",
         {"agrees_negation": 1, "agrees_place": 1}),
        ("The union said rents rose.", "Rents rose, according to the union.",
         {"agrees_attribution": 1}),
        ("The firm may close the mill.", "The mill may be closed by the firm.",
         {"agrees_modality": 1}),
        ("Prices rose.", "Prices fell.", {"opposites": 1, "predicates_paired": 0}),
        ("Jena has more women than men.", "Jena has fewer men than women.", {"complete": 1}),
        ("It took 21 days to cross Siberia.", "It took three weeks to cross Siberia.",
         {"complete": 1}),
        ("He left Rome in May.", "She left Rome in May.", {"complete": 0}),
        ("He left Rome in May.", "He left Rome.", {"complete": 0}),
        ("It rained.", "It rained.", {"complete": 0}),
    ],
)  # fmt: skip
def test_comparison_features_say_how_far_statements_agree(
    left: str, right: str, expected: dict[str, float]
) -> None:
    features = comparison_features(compare_texts(left, right))
    assert {name: features[name] for name in expected} == pytest.approx(expected, abs=1e-4)


def read_pairs(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


OWN_PAIRS = read_pairs(Path(__file__).parent / "data" / "contrast_own.jsonl")


@pytest.mark.parametrize("kind", sorted({f"{p['label']} {p['kind']}" for p in OWN_PAIRS}))
def test_compare_texts_decides_pairs_of_our_own(kind: str) -> None:
    """Both directions; a kind may miss one pair in ten (0.90), as its hidden twin may."""
    pairs = [p for p in OWN_PAIRS if f"{p['label']} {p['kind']}" == kind]
    right = Counter(
        compare_texts(*texts).is_vetoed == (pair["label"] == "different")
        for pair in pairs
        for texts in ((pair["a"], pair["b"]), (pair["b"], pair["a"]))
    )
    assert right[True] / right.total() >= 0.9


DETAIL_PAIRS = read_pairs(Path(__file__).parent / "data" / "details_own.jsonl")


@pytest.mark.parametrize("kind", sorted({p["kind"] for p in DETAIL_PAIRS}))
def test_compare_texts_reads_deeds(kind: str) -> None:
    """Another actor, end, matter, stage, question: three in four are seen, and no paraphrase."""
    seen = {"different": Counter[bool](), "same": Counter[bool]()}
    for pair in DETAIL_PAIRS:
        if pair["kind"] == kind:
            both = ((pair["a"], pair["b"]), (pair["b"], pair["a"]))
            seen[pair["label"]].update(compare_texts(*texts).is_vetoed for texts in both)
    assert seen["same"][True] == 0
    assert seen["different"][True] / seen["different"].total() >= 0.75


@pytest.mark.parametrize("text", [p["a"] for p in OWN_PAIRS[::7]])
def test_compare_texts_finds_nothing_between_a_text_and_itself(text: str) -> None:
    assert compare_texts(text, text).differences == ()


APART = [
    ("Drivers last stopped work in the spring of 2021, for two days.",
     "The drivers’ strike is to last two days, until Saturday."),
    ("In Graz, a court had partly allowed a similar claim in 2020.",
     "On Tuesday evening, the Linz court dismissed a claim."),
    ("The band had already played three shows in the arena in 2018.",
     "The band is playing three shows in the arena this week, the first on Monday."),
    ("The mine flooded in October 2011.", "On Sunday the mine was flooded again."),
]  # fmt: skip
NOT_APART = [
    ("The factory has been closed since 2015.", "The factory stayed closed on Monday."),
    ("A man was convicted on Monday of the 2012 killing.", "A man was convicted of a murder."),
    ("The record of 2013 was broken on Sunday.", "On Sunday the river broke its record."),
    ("In 2021 and on Monday again, drivers stopped work.", "On Monday drivers stopped work."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "is_apart"), [*((t, True) for t in APART), *((t, False) for t in NOT_APART)]
)
def test_compare_texts_keeps_another_year_apart(texts: tuple[str, str], is_apart: bool) -> None:
    published = dt.date(2024, 6, 12)
    for one, other in (texts, texts[::-1]):
        comparison = compare_texts(one, other, published_left=published, published_right=published)
        assert any(d.kind == "date" and d.is_veto for d in comparison.differences) == is_apart
