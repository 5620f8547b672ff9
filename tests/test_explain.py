"""Explanations: of two texts, and of what a run decided."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pipeline.embedding import load_embedder
from pipeline.errors import InputError
from pipeline.explain import describe, explain_fact, explain_pair, explain_texts, to_plain
from pipeline.schemas import MENTIONS, PAIRS

if TYPE_CHECKING:
    from pathlib import Path

LEFT = "They sent 3,000 soldiers to the border."


def test_explain_texts_names_the_differing_detail() -> None:
    explanation = explain_texts(
        LEFT, "They sent 10,000 soldiers to the border.", embedder=load_embedder()
    )
    assert explanation.verdict == "differs"
    assert explanation.probability is not None
    assert explanation.score < explanation.threshold < explanation.probability
    assert explanation.sentence == (
        "Kept apart: both speak of one thing and differ in number (3,000 / 10,000)."
    )
    assert {signal.name for signal in explanation.signals} >= {"cosine", "char5_jaccard"}
    assert json.loads(json.dumps(to_plain(explanation)))["details"][0]["kind"] == "number"


def test_explain_texts_says_why_a_paraphrase_is_the_same() -> None:
    explanation = explain_texts(
        LEFT, "To the border they sent three thousand soldiers.", embedder=load_embedder()
    )
    assert explanation.verdict == "same"
    assert [d.kind for d in explanation.details if d.agrees] == ["number", "place"]
    assert any(line.startswith("  =  number") for line in describe(explanation))


def test_explain_texts_refuses_an_empty_text() -> None:
    with pytest.raises(InputError, match="a text is empty"):
        explain_texts(LEFT, " ", embedder=load_embedder())


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    """What a run leaves of one fact of two mentions and one that differs."""
    texts = {
        "a#0000": ("A", LEFT, "Sie schickten 3.000 Soldaten an die Grenze."),
        "b#0001": ("B", "Three thousand soldiers went there.", "Dreitausend Soldaten gingen hin."),
        "c#0002": ("C", "They sent 10,000 soldiers.", "Sie schickten 10.000 Soldaten."),
    }
    mentions = [
        {"segment_id": unit, "outlet": outlet, "target_text": target, "source_text": source,
         "start_char": 0, "end_char": len(source), "flags": []}
        for unit, (outlet, target, source) in texts.items()
    ]  # fmt: skip
    MENTIONS.build(mentions).write_parquet(tmp_path / "mentions.parquet")
    PAIRS.build([
        {"story_id": "s", "unit_left": "a#0000", "unit_right": "b#0001", "jaccard": 0.2,
         "cosine": 0.8, "score": 0.9, "verdict": "same", "reason": "number 3,000"},
        {"story_id": "s", "unit_left": "a#0000", "unit_right": "c#0002", "jaccard": 0.6,
         "cosine": 0.9, "score": 0.4, "verdict": "differs", "reason": "number 3,000 != 10,000"},
    ]).write_parquet(tmp_path / "pairs.parquet")  # fmt: skip
    fact = {
        "fact_id": "f00d", "story_id": "s", "kind": "repeated", "target_text": LEFT,
        "source_text": texts["a#0000"][2], "outlets": ["A", "B"], "source_language": "de",
        "mentions": [
            {"unit_id": unit, "outlet": outlet, "target_text": target, "source_text": source}
            for unit, (outlet, target, source) in list(texts.items())[:2]
        ],
    }  # fmt: skip
    (tmp_path / "facts.jsonl").write_text(json.dumps(fact) + "\n", encoding="utf-8")
    settings = {"settings": {"matching": {"threshold": 0.6, "unknown": 1}}}
    (tmp_path / "run.json").write_text(json.dumps(settings), encoding="utf-8")
    return tmp_path


def test_explain_fact_shows_merged_and_apart(run_folder: Path) -> None:
    explanation = explain_fact(run_folder, "f00d")
    (merged,), (apart,) = explanation.merged, explanation.apart
    assert (merged.verdict, merged.threshold) == ("same", 0.6)
    assert {merged.left.outlet, merged.right.outlet} == {"A", "B"}
    assert apart.right.text == "They sent 10,000 soldiers."
    assert [d.kind for d in apart.details if d.is_veto] == ["number"]
    text = "\n".join(describe(explanation))
    assert "said by A, B" in text
    assert "3,000 / 10,000" in text


def test_explain_pair_takes_either_order(run_folder: Path) -> None:
    one, other = (
        explain_pair(run_folder, "a#0000", "c#0002"),
        explain_pair(run_folder, "c#0002", "a#0000"),
    )
    assert one == other
    assert one.reason == "number 3,000 != 10,000"


def test_explain_reads_story_folders(run_folder: Path) -> None:
    story = run_folder / "story"
    story.mkdir()
    for name in ("pairs.parquet", "mentions.parquet", "facts.jsonl"):
        (run_folder / name).rename(story / name)
    assert explain_fact(run_folder, "f00d").fact_id == "f00d"


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [("a#0000", "a#0009", "were not compared"), ("b#0001", "c#0002", "were not compared")],
)
def test_explain_pair_says_what_is_missing(
    run_folder: Path, left: str, right: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        explain_pair(run_folder, left, right)


def test_explain_fact_says_what_is_missing(run_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no fact beef"):
        explain_fact(run_folder, "beef")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no run here"):
        explain_fact(tmp_path / "empty", "f00d")
