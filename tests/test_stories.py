"""Stories: what belongs together stays together, whatever the order."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.config import MatchingConfig
from pipeline.schemas import ARTICLES
from pipeline.stories import group_articles, link_articles, make_slug
from tests.conftest import RememberingEmbedder
from tests.eval.gold import OWN_STORIES, GoldStory, gold_folder, load_gold_story

CONFIG = MatchingConfig()


@pytest.fixture(scope="module")
def gold_stories() -> list[GoldStory]:
    return [load_gold_story(folder) for name in OWN_STORIES if (folder := gold_folder(name))]


def read_texts(stories: list[GoldStory]) -> tuple[pl.DataFrame, pl.DataFrame]:
    segments = pl.concat([s.segments.join(s.translations, on="segment_id") for s in stories])
    return pl.concat([s.articles for s in stories]), segments


def test_group_articles_parts_a_mixture_of_stories(
    gold_stories: list[GoldStory], embedder: RememberingEmbedder
) -> None:
    articles, texts = read_texts(gold_stories)
    stories = group_articles(articles, texts, CONFIG, embedder=embedder)
    assert stories["article_id"].to_list() == sorted(articles["article_id"])
    found = stories.group_by("story_id").agg("article_id")["article_id"].to_list()
    assert sorted(map(sorted, found)) == sorted(
        sorted(s.articles["article_id"]) for s in gold_stories
    )
    shuffled = articles.sample(fraction=1.0, shuffle=True, seed=5)
    again = group_articles(shuffled, texts.reverse(), CONFIG, embedder=embedder)
    assert again.equals(stories)


@pytest.mark.parametrize("number", range(len(OWN_STORIES)), ids=OWN_STORIES)
def test_group_articles_keeps_one_story_whole(
    number: int, gold_stories: list[GoldStory], embedder: RememberingEmbedder
) -> None:
    articles, texts = read_texts([gold_stories[number]])
    stories = group_articles(articles, texts, CONFIG, embedder=embedder)
    assert stories["story_id"].n_unique() == 1
    assert stories["story_id"][0].count("-") > 2


def test_group_articles_takes_no_articles_and_articles_without_text(
    embedder: RememberingEmbedder,
) -> None:
    units = pl.DataFrame(
        schema={"article_id": str, "kind": str, "start_char": int, "target_text": str}
    )
    assert group_articles(ARTICLES.empty(), units, CONFIG, embedder=embedder).is_empty()
    article: dict[str, object] = {"article_id": "a", "outlet": "o", "language": "de"}
    article |= {"path": "a", "text": ""}
    lonely = ARTICLES.build([article])
    assert len(group_articles(lonely, units, CONFIG, embedder=embedder)) == 1


def test_link_articles_does_not_join_two_stories_over_one_bridge() -> None:
    close = {(0, 1): 0.9, (2, 3): 0.9, (1, 2): 0.6}
    apart = dict.fromkeys([(0, 2), (0, 3), (1, 3)], 0.1)
    assert link_articles(4, close | apart, 0.5) == [[0, 1], [2, 3]]
    assert link_articles(3, {(0, 1): 0.5}, 0.5) == [[0, 1], [2]]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Duma approves pact – now what?", "duma-approves-pact-now-what"),
        ("Müller & Großmann", "muller-grossmann"),
        ("…", ""),
    ],
)
def test_make_slug_is_plain(text: str, slug: str) -> None:
    assert make_slug(text) == slug
