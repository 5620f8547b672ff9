"""What one sheet is made of: the frames of one story and what the run knows about itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class SheetContent:
    """One story, ready to be written down in any format.

    The frames have the columns of `pipeline.schemas` and hold this story only. `suggestions` are
    translation memory entries that resemble a segment and were not used, `term_uses` the
    termbase's entries that were.
    """

    story_id: str
    title_source: str
    title_target: str
    articles: pl.DataFrame
    segments: pl.DataFrame
    facts: pl.DataFrame
    mentions: pl.DataFrame
    rejects: pl.DataFrame
    translations: pl.DataFrame | None = None
    pairs: pl.DataFrame | None = None
    suggestions: pl.DataFrame | None = None
    term_uses: pl.DataFrame | None = None
    engines: Mapping[str, int] = field(default_factory=dict)  # engine -> segments
    signature: str = ""
    notes: tuple[str, ...] = ()
    target_language: str = "en"

    @classmethod
    def build(
        cls,
        *,
        story_id: str,
        articles: pl.DataFrame,
        segments: pl.DataFrame,
        translations: pl.DataFrame,
        facts: pl.DataFrame,
        mentions: pl.DataFrame,
        rejects: pl.DataFrame,
        pairs: pl.DataFrame | None = None,
        suggestions: pl.DataFrame | None = None,
        term_uses: pl.DataFrame | None = None,
        notes: tuple[str, ...] = (),
        signature: str = "",
        title: str | None = None,
        target_language: str = "en",
    ) -> SheetContent:
        """The content with the story's title found and its engines counted.

        The title is the headline of the article that shares most facts with others; `title`
        takes its translation's place.
        """
        source, target = _find_title(articles, segments, translations, facts)
        return cls(
            story_id=story_id,
            title_source=source,
            title_target=title or target,
            articles=articles,
            segments=segments,
            facts=facts,
            mentions=mentions,
            rejects=rejects,
            translations=translations,
            pairs=pairs,
            suggestions=suggestions,
            term_uses=term_uses,
            engines=_count_engines(translations),
            signature=signature,
            notes=notes,
            target_language=target_language,
        )


def _find_title(
    articles: pl.DataFrame,
    segments: pl.DataFrame,
    translations: pl.DataFrame,
    facts: pl.DataFrame,
) -> tuple[str, str]:
    """Headline and its translation; an article's title, or nothing, where none has a headline."""
    shared = dict.fromkeys(articles["article_id"], 0)
    for mentions in facts.filter(pl.col("kind") == "repeated")["mentions"].to_list():
        for article_id in {mention["article_id"] for mention in mentions}:
            shared[article_id] = shared.get(article_id, 0) + 1
    days = {row[0]: str(row[1] or "9") for row in articles.select("article_id", "published").rows()}
    order = sorted(shared, key=lambda key: (-shared[key], days.get(key, "9"), key))
    headlines = segments.filter(pl.col("kind") == "headline").sort("position", maintain_order=True)
    by_article = {
        row["article_id"]: row for row in reversed(headlines.to_dicts())
    }  # the first headline of each
    target_of = dict(translations.select("segment_id", "target_text").iter_rows())
    for article_id in order:
        if headline := by_article.get(article_id):
            return headline["source_text"], target_of.get(headline["segment_id"]) or ""
    titles = dict(articles.select("article_id", "title").iter_rows())
    return next((titles[key] for key in order if titles.get(key)), ""), ""


def _count_engines(translations: pl.DataFrame) -> dict[str, int]:
    """Engine -> segments, most first."""
    named = translations.drop_nulls("engine")
    counted = named.group_by("engine").len().sort(["len", "engine"], descending=[True, False])
    return dict(counted.iter_rows())
