"""The figures of the story sets are computed as defined, on facts made up for the purpose."""

from __future__ import annotations

import pytest

from pipeline.schemas import FACTS
from tests.eval.gold import GoldMention, GoldStory, gold_folder, load_gold_story
from tests.eval.grouping import score_b_cubed
from tests.eval.story_figures import Counts, cross_pairs, report_story


@pytest.fixture(scope="module")
def gold() -> GoldStory:
    folder = gold_folder("story1")
    assert folder is not None
    return load_gold_story(folder)


def make_fact(
    fact_id: str, mentions: list[GoldMention], rivals: list[str] | None = None
) -> dict[str, object]:
    conflict = {"kind": "number", "fact_ids": [fact_id, *(rivals or [])], "values": []}
    return {
        "fact_id": fact_id,
        "mentions": [
            {"article_id": m.article_id, "start_char": m.start_char, "end_char": m.end_char}
            for m in mentions
        ],
        "conflicts": [conflict] if rivals else [],
    }


def test_load_gold_story_quotes_the_articles(gold: GoldStory) -> None:
    text_of = dict(gold.articles.select("article_id", "text").iter_rows())
    for row in gold.segments.iter_rows(named=True):
        text = text_of[row["article_id"]]
        assert text[row["start_char"] : row["end_char"]] == row["source_text"]


def test_report_story_of_the_gold_facts_themselves_is_perfect(gold: GoldStory) -> None:
    facts = FACTS.build([make_fact(f.fact_id, list(f.mentions)) for f in gold.facts])
    report = report_story(facts, gold)
    assert (report.pairs.precision, report.pairs.recall, report.pairs.f1) == (1.0, 1.0, 1.0)
    assert report.missed_facts == ()
    assert report.span_overlap == 1.0
    assert report.redundancy == 0.0
    assert report.conflicts_found == 0


def test_report_story_of_single_mentions_finds_nothing(gold: GoldStory) -> None:
    mentions = [m for fact in gold.facts for m in fact.mentions if not m.partial]
    facts = FACTS.build([make_fact(f"f{n}", [m]) for n, m in enumerate(mentions)])
    report = report_story(facts, gold)
    assert (report.pairs.predicted, report.pairs.found) == (0, 0)
    assert report.facts_found == 0
    assert report.redundancy > 0.4


def test_report_story_of_one_fact_for_all_merges_every_confusable(gold: GoldStory) -> None:
    mentions = [m for fact in gold.facts for m in fact.mentions]
    confused = [m for pair in gold.confusables for m in (pair.left, pair.right)]
    report = report_story(FACTS.build([make_fact("all", [*mentions, *confused])]), gold)
    assert report.pairs.recall == 1.0
    assert report.pairs.precision < 0.2
    assert len(report.merged_confusables) == report.confusables


def test_report_story_finds_a_listed_conflict(gold: GoldStory) -> None:
    left, right = gold.conflicts[0].mentions[:2]
    facts = FACTS.build([make_fact("a", [left], ["b"]), make_fact("b", [right], ["a"])])
    assert report_story(facts, gold).conflicts_found == 1


def test_cross_pairs_leaves_out_partial_mentions_and_one_article(gold: GoldStory) -> None:
    for fact in gold.facts:
        for left, right in cross_pairs(fact.mentions, partial=False):
            assert left.article_id != right.article_id
            assert not left.partial
            assert not right.partial


@pytest.mark.parametrize(
    ("counts", "f1"),
    [(Counts(8, 10, 8, 16), 0.6154), (Counts(0, 0, 0, 4), 0.0), (Counts(0, 0, 0, 0), 1.0)],
    ids=["some", "nothing found", "nothing to find"],
)
def test_counts_f1(counts: Counts, f1: float) -> None:
    assert round(counts.f1, 4) == f1


def test_score_b_cubed_of_a_partition() -> None:
    truth = {"a": "x", "b": "x", "c": "y"}
    assert score_b_cubed(truth, truth) == (1.0, 1.0, 1.0)
    precision, recall, _ = score_b_cubed(truth, dict.fromkeys(truth, "one"))
    assert (round(precision, 4), recall) == (0.5556, 1.0)
