"""The quality gate of segments and clauses against the annotated stories."""

from __future__ import annotations

import pytest

from tests.eval.gold import GoldStory, gold_folder, load_gold_story
from tests.eval.segmentation import FLOORS, STORIES, score_clauses, score_segments


@pytest.fixture(params=STORIES, scope="module")
def story(request: pytest.FixtureRequest) -> GoldStory:
    folder = gold_folder(request.param)
    if folder is None:
        pytest.skip("the two original articles lie beside the project, in ../shared, not in it")
    return load_gold_story(folder)


def test_segment_articles_agrees_with_the_annotation(story: GoldStory) -> None:
    scores = score_segments(story)
    floor = FLOORS[story.name][0]
    assert scores.cut == scores.gold
    assert scores.same_kind / scores.gold >= floor


def test_cut_clauses_covers_the_annotated_mentions(story: GoldStory) -> None:
    scores = score_clauses(story)
    assert scores.mean_iou >= FLOORS[story.name][1]
    assert scores.mean_iou > scores.sentence_iou + 0.05
