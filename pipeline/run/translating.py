"""Translation as the chain does it: memories, termbase, packages and cache put together."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import polars as pl

from pipeline.config import Config, TranslationConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pipeline.articles import ReadResult
    from pipeline.translation import TranslationCache, TranslationResult


def open_translation_cache() -> TranslationCache:
    """The stored translations of this machine."""
    from pipeline.translation import find_cache_folder, open_cache

    return open_cache(find_cache_folder())


def translate(
    texts: Iterable[str],
    source: str = "de",
    config: TranslationConfig | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
    on_doubt: Callable[[int, tuple[str, ...]], None] | None = None,
) -> Iterator[str]:
    """One translation a text, in order, streamed; a text is one line.

    Args:
        texts: lines in the language `source` (ISO 639-1).
        source: their language.
        config: package, memory, termbase and the language wanted (`to`, English by default).
        progress: called with (sentences done, sentences of the window).
        on_doubt: called with a 1-based line number and the reasons to doubt its translation.

    Raises:
        PackageError: no package for the two languages.
        MemoryFileError: a memory or termbase can't be read.
    """
    from pipeline.segments import split_sentences
    from pipeline.translation import load_memory, load_termbase
    from pipeline.translation.lines import translate_lines

    config = config or TranslationConfig()
    with open_translation_cache() as cache:
        yield from translate_lines(
            texts,
            source,
            config.to,
            config,
            split=lambda line: [line[a:b] for a, b in split_sentences(line, source)],
            memory=load_memory(config.memory, source, config.to),
            termbase=load_termbase(config.terms),
            cache=cache,
            progress=None if progress is None else lambda done, total, _: progress(done, total),
            on_doubt=on_doubt,
        )


def translate_articles(
    segments: pl.DataFrame, read: ReadResult, config: Config, say: Callable[[str, int, int], None]
) -> TranslationResult:
    """All segments through memory, package or neither, language by language, main one first."""
    from pipeline.translation import (
        load_memory,
        load_termbase,
        open_package,
        translate_segments,
    )
    from pipeline.translation.segments import TranslationCounts, TranslationResult

    settings = config.translation
    if settings.package is not None:
        # A package asked for by name must be sound, even where a memory covers everything.
        open_package(settings.package)
    termbase = load_termbase([*settings.terms, *read.terms])
    memories = [*settings.memory, *read.memories]
    results = []
    with open_translation_cache() as cache:
        for language in rank_languages(segments, read.articles):
            articles = read.articles.filter(pl.col("language") == language)
            result = translate_segments(
                segments.join(articles, on="article_id", how="semi"),
                articles,
                settings,
                memory=load_memory(memories, language, settings.to),
                termbase=termbase,
                cache=cache,
                progress=lambda done, total, _rate: say("translate", done, total),
            )
            results.append(result)
    counts = [dataclasses.asdict(result.counts) for result in results]
    return TranslationResult(
        translations=pl.concat([result.translations for result in results]),
        rejects=pl.concat([result.rejects for result in results]),
        suggestions=pl.concat([result.suggestions for result in results]),
        term_uses=pl.concat([result.term_uses for result in results]),
        counts=TranslationCounts(**{name: sum(c[name] for c in counts) for name in counts[0]}),
        notes=tuple(note for result in results for note in result.notes),
        routes=tuple(route for result in results for route in result.routes),
        same_names=termbase.same_names,
    )


def rank_languages(segments: pl.DataFrame, articles: pl.DataFrame) -> list[str]:
    """Languages of the articles, the one with most segments first."""
    counted = (
        articles.select("article_id", "language")
        .join(segments.select("article_id"), on="article_id", how="left")
        .group_by("language")
        .len()
        .sort(["len", "language"], descending=[True, False])
    )
    return counted["language"].to_list()
