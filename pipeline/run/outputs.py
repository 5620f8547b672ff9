"""One result in, the files of an output folder out, as names and contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline import __version__
from pipeline.run.translating import rank_languages
from pipeline.schemas import MENTIONS, PAIRS, SENTENCES

if TYPE_CHECKING:
    from pipeline.run import FactSheetResult
    from pipeline.sheet import SheetContent


def render_files(result: FactSheetResult) -> dict[str, str | bytes]:
    """File name -> content of an output folder; a folder a story when there are several."""
    from pipeline.sheet import render_index_html, render_index_markdown

    contents = {story: sheet_content(result, story) for story in result.story_ids}
    if len(contents) == 1:
        (content,) = contents.values()
        return _render_story(result, content)
    files: dict[str, str | bytes] = {}
    for story, content in contents.items():
        rendered = _render_story(result, content)
        files |= {f"{story}/{name}": body for name, body in rendered.items()}
    files["index.html"] = render_index_html(list(contents.values()))
    files["index.md"] = render_index_markdown(list(contents.values()))
    return files


def sheet_content(result: FactSheetResult, story_id: str) -> SheetContent:
    """One story's share of a result, as the sheet's renderers take it."""
    from pipeline.sheet import SheetContent

    articles = result.articles.join(
        result.stories.filter(pl.col("story_id") == story_id).select("article_id"),
        on="article_id",
        how="semi",
    )
    ids = articles["article_id"].implode()
    in_story = pl.col("article_id").is_in(ids)
    segments = result.segments.filter(in_story)
    segment_ids = segments["segment_id"].implode()
    return SheetContent.build(
        story_id=story_id,
        articles=articles,
        segments=segments,
        translations=result.translations.filter(pl.col("segment_id").is_in(segment_ids)),
        facts=result.facts.filter(pl.col("story_id") == story_id),
        mentions=result.mentions.filter(in_story),
        pairs=result.pairs.filter(pl.col("story_id") == story_id),
        rejects=result.rejects,
        suggestions=result.suggestions.filter(pl.col("segment_id").is_in(segment_ids)),
        term_uses=result.term_uses,
        notes=result.notes,
        signature=result.signature,
        title=result.sheet_title,
        target_language=result.target_language,
    )


def _render_story(result: FactSheetResult, content: SheetContent) -> dict[str, str | bytes]:
    from pipeline import sheet

    pairs = result.pairs.filter(pl.col("story_id") == content.story_id)
    sentences = result.sentences.filter(pl.col("story_id") == content.story_id)
    return {
        "factsheet.md": sheet.render_markdown(content),
        "factsheet.html": sheet.render_html(content),
        "factsheet.docx": sheet.render_docx(content),
        "facts.jsonl": sheet.facts_jsonl(content.facts),
        "facts.csv": sheet.render_csv(content.facts),
        "sentences.parquet": sheet.parquet_bytes(sentences, SENTENCES),
        "sentences.jsonl": sheet.frame_jsonl(sentences),
        "mentions.parquet": sheet.parquet_bytes(content.mentions, MENTIONS),
        "pairs.parquet": sheet.parquet_bytes(pairs, PAIRS),
        **_render_memories(content, result.translations),
    }


def _render_memories(content: SheetContent, translations: pl.DataFrame) -> dict[str, str | bytes]:
    """bilingual.tmx of the main language, bilingual.LANGUAGE.tmx of the others."""
    from pipeline.translation import write_memory

    target = content.target_language
    rows = (
        content.segments.join(translations, on="segment_id")
        .join(content.articles.select("article_id", "language"), on="article_id")
        .filter(pl.col("language") != target)
    )
    files: dict[str, str | bytes] = {}
    for language in rank_languages(content.segments, content.articles):
        if language == target and files:
            continue
        name = f"bilingual.{language}.tmx" if files else "bilingual.tmx"
        of_language = rows.filter(pl.col("language") == language)
        files[name] = write_memory(
            of_language.select("segment_id", "source_text", "target_text").iter_rows(),
            source=language,
            target=target,
            version=__version__,
        )
    return files
