"""Facts in, tables for other tools out: deduplicated sentences, and every segment with its fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.schemas import FACTS, MENTIONS, SEGMENTS, SENTENCES, TRANSLATIONS

if TYPE_CHECKING:
    import polars as pl


def build_sentences(facts: pl.DataFrame) -> pl.DataFrame:
    """Deduplicated bilingual sentences (schemas.SENTENCES): each fact's wording shown, once."""
    rows: list[dict[str, object]] = []
    for fact in FACTS.check(facts).iter_rows(named=True):
        shown = fact["mentions"][0]
        rows.append(
            {
                "sentence_id": shown["unit_id"],
                "fact_id": fact["fact_id"],
                "story_id": fact["story_id"],
                "article_id": shown["article_id"],
                "outlet": shown["outlet"],
                "published": shown["published"],
                "start_char": shown["start_char"],
                "end_char": shown["end_char"],
                "source_language": fact["source_language"],
                "source_text": shown["source_text"],
                "target_text": shown["target_text"],
                "duplicate_count": len(fact["mentions"]) - 1,
                "outlets": fact["outlets"],
            }
        )
    return SENTENCES.check(SENTENCES.build(rows))


def build_mentions(
    facts: pl.DataFrame,
    segments: pl.DataFrame,
    translations: pl.DataFrame,
    articles: pl.DataFrame,
    stories: pl.DataFrame,
) -> pl.DataFrame:
    """Every segment with its fact (schemas.MENTIONS), in order of article and place.

    A segment that carries several facts has a row for each; one that states none (byline,
    dateline, boilerplate, a heading without a statement) has one row without a fact.
    `stories` has article_id and story_id.
    """
    rows = [
        row for fact in FACTS.check(facts).iter_rows(named=True) for row in _list_mentions(fact)
    ]
    named = {row["segment_id"] for row in rows}
    outlet_of = dict(articles.select("article_id", "outlet").iter_rows())
    story_of = dict(stories.select("article_id", "story_id").iter_rows())
    translated = {
        row["segment_id"]: row for row in TRANSLATIONS.check(translations).iter_rows(named=True)
    }
    for segment in SEGMENTS.check(segments).iter_rows(named=True):
        if segment["segment_id"] not in named:
            translation = translated.get(segment["segment_id"], {})
            rows.append(
                {
                    **{key: segment[key] for key in MENTIONS.columns if key in segment},
                    "story_id": story_of.get(segment["article_id"]),
                    "outlet": outlet_of.get(segment["article_id"]),
                    "target_text": translation.get("target_text"),
                    "engine": translation.get("engine"),
                    "score": translation.get("score"),
                    "flags": translation.get("flags") or [],
                    "is_canonical": False,
                }
            )
    frame = MENTIONS.build(rows).sort("article_id", "start_char", "end_char", "fact_id")
    return MENTIONS.check(frame)


def _list_mentions(fact: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            **{key: mention[key] for key in MENTIONS.columns if key in mention},
            "fact_id": fact["fact_id"],
            "story_id": fact["story_id"],
            "is_canonical": place == 0,
        }
        for place, mention in enumerate(fact["mentions"])
    ]
