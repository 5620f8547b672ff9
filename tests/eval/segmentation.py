"""How well segments and clauses agree with the annotated stories.

`python -m tests.eval.segmentation` prints the figures; the floors below are held by
`tests/test_segmentation_gate.py` and may only rise.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.config import SegmentConfig
from pipeline.segments import cut_clauses, segment_articles
from tests.eval.gold import GoldStory, gold_folder, load_gold_story

if TYPE_CHECKING:
    import polars as pl

STORIES = ("demo", "seeds", "story1", "story2")
WORD = re.compile(r"\w+(?:[.,]\w+)*")


@dataclass(frozen=True, slots=True)
class SegmentScores:
    """Counts of segments: annotated, cut, with the same text, with the same text and kind."""

    gold: int
    cut: int
    same_text: int
    same_kind: int


@dataclass(frozen=True, slots=True)
class ClauseScores:
    """Mean token overlap (IoU) of the best unit per annotated mention, and without clauses."""

    mentions: int
    mean_iou: float
    sentence_iou: float


# Floors: share of segments found (text and kind), mean IoU of mentions.
FLOORS = {
    "demo": (1.0, 0.95),
    "seeds": (1.0, 0.865),
    "story1": (1.0, 0.945),
    "story2": (1.0, 0.955),
}


def score_segments(story: GoldStory) -> SegmentScores:
    """Agreement of cut segments with the annotated ones, spans and kinds exactly."""
    segments = segment_articles(story.articles, SegmentConfig())
    spans = ["article_id", "start_char", "end_char"]
    found, wanted = (Counter(frame.select(spans).rows()) for frame in (segments, story.segments))
    kinds, gold_kinds = (
        Counter(frame.select(*spans, "kind").rows()) for frame in (segments, story.segments)
    )
    return SegmentScores(
        gold=story.segments.height,
        cut=segments.height,
        same_text=(found & wanted).total(),
        same_kind=(kinds & gold_kinds).total(),
    )


def score_clauses(story: GoldStory) -> ClauseScores:
    """How well the best clause or segment covers each mention of a fact."""
    clauses = cut_clauses(story.segments, story.articles, SegmentConfig())
    texts = dict(story.articles.select("article_id", "text").iter_rows())
    units = _spans_by_segment(clauses)
    wholes = _spans_by_segment(story.segments)
    best: list[float] = []
    whole: list[float] = []
    for mention in (mention for fact in story.facts for mention in fact.mentions):
        words = [found.start() for found in WORD.finditer(texts[mention.article_id])]
        gold = _inside(words, mention.start_char, mention.end_char)
        sentence = [_overlap(gold, _inside(words, *span)) for span in wholes[mention.segment_id]]
        parts = [_overlap(gold, _inside(words, *span)) for span in units[mention.segment_id]]
        best.append(max(sentence + parts))
        whole.append(max(sentence))
    return ClauseScores(len(best), sum(best) / len(best), sum(whole) / len(whole))


def _spans_by_segment(frame: pl.DataFrame) -> dict[str, list[tuple[int, int]]]:
    spans: dict[str, list[tuple[int, int]]] = {}
    for segment_id, start, end in frame.select("segment_id", "start_char", "end_char").iter_rows():
        spans.setdefault(segment_id, []).append((start, end))
    return spans


def _inside(words: list[int], start: int, end: int) -> frozenset[int]:
    return frozenset(word for word in words if start <= word < end)


def _overlap(left: frozenset[int], right: frozenset[int]) -> float:
    return len(left & right) / len(left | right)


def main() -> None:
    """Prints one line a story."""
    for name in STORIES:
        folder = gold_folder(name)
        if folder is None:
            print(f"{name}: not on this machine")
            continue
        story = load_gold_story(folder)
        segments, clauses = score_segments(story), score_clauses(story)
        print(
            f"{name}: segments {segments.same_kind}/{segments.gold} with text and kind"
            f" ({segments.same_text} with text, {segments.cut} cut);"
            f" mentions {clauses.mentions}, IoU {clauses.mean_iou:.3f}"
            f" (whole segments {clauses.sentence_iou:.3f})"
        )


if __name__ == "__main__":
    main()
