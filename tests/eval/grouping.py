"""How well mixed articles are grouped into stories: B-cubed, on written stories and real topics."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import polars as pl

from pipeline.schemas import ARTICLES
from pipeline.stories import group_articles
from tests.eval.gold import SHARED, GoldStory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline.config import MatchingConfig
    from pipeline.embedding import Embedder

# Article id -> its texts, headline first.
Texts = dict[str, list[str]]
# The demonstration story and the two originals report the same events.
SAME_STORY = {"seeds": "demo"}


def print_grouping(
    stories: Sequence[GoldStory], config: MatchingConfig, embedder: Embedder
) -> None:
    """B-cubed of the written stories mixed, and of these with ECB+ and Multi-News."""
    texts, truth = read_gold_texts(stories)
    _print_line("written stories mixed", texts, truth, config, embedder)
    for name in ("ecb", "multinews"):
        file = SHARED / "facts" / name / "sentences.jsonl"
        if not file.exists():
            print(f"stories, with {name}: left out, its data are not on this machine")
            return
        more, labels = read_labelled_texts(file)
        texts, truth = texts | more, truth | labels
    _print_line("with ECB+ and Multi-News", texts, truth, config, embedder)


def _print_line(
    label: str,
    texts: Texts,
    truth: Mapping[str, str],
    config: MatchingConfig,
    embedder: Embedder,
) -> None:
    found = group_texts(texts, config, embedder)
    precision, recall, f1 = score_b_cubed(truth, found)
    print(
        f"stories, {label}: B3 {precision:.3f}/{recall:.3f}/{f1:.3f}, {len(texts)} articles, "
        f"{len(set(truth.values()))} stories, {len(set(found.values()))} found"
    )


def read_gold_texts(stories: Sequence[GoldStory]) -> tuple[Texts, dict[str, str]]:
    """English of the articles' matched segments, and each article's story."""
    texts: Texts = defaultdict(list)
    truth: dict[str, str] = {}
    for story in stories:
        rows = story.segments.join(story.translations, on="segment_id").sort("segment_id")
        stated = rows.filter(~pl.col("kind").is_in(["byline", "dateline", "boilerplate"]))
        for article, text in stated.select("article_id", "target_text").iter_rows():
            texts[article].append(text)
            truth[article] = SAME_STORY.get(story.name, story.name)
    return dict(texts), truth


def read_labelled_texts(file: Path) -> tuple[Texts, dict[str, str]]:
    """Sentences by article; ECB+ topics are two stories each (its own and the added `plus`)."""
    texts: Texts = defaultdict(list)
    truth: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        article = f"{row['story']}/{row['group']}"
        texts[article].append(row["text"])
        truth[article] = row["story"] + ("+" if "plus" in row["group"] else "")
    return dict(texts), truth


def group_texts(texts: Texts, config: MatchingConfig, embedder: Embedder) -> dict[str, str]:
    """Article id -> the story found for it."""
    articles = ARTICLES.build(
        [
            {"article_id": article, "outlet": article, "language": "en", "path": "", "text": ""}
            for article in texts
        ]
    )
    rows = [
        {"article_id": article, "kind": "sentence" if place else "headline"}
        | {"start_char": place, "target_text": text}
        for article, found in texts.items()
        for place, text in enumerate(found)
    ]
    stories = group_articles(articles, pl.DataFrame(rows), config, embedder=embedder)
    return dict(stories.iter_rows())


def score_b_cubed(truth: Mapping[str, str], found: Mapping[str, str]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 of a partition."""
    sizes, found_sizes = Counter(truth.values()), Counter(found.values())
    shared = Counter((truth[item], found[item]) for item in truth)
    precision = sum(n * n / found_sizes[group] for (_, group), n in shared.items()) / len(truth)
    recall = sum(n * n / sizes[story] for (story, _), n in shared.items()) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)
