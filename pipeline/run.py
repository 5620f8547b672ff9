"""The chain: articles in, fact sheets out. Reads like a table of contents.

`build_fact_sheet` computes, `render_files` turns one result into the files of an output folder,
`run_to_folder` does both and writes. Nothing here opens a socket.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline import __version__
from pipeline.config import Config, TranslationConfig
from pipeline.errors import InputError
from pipeline.schemas import MATCHED_KINDS, MENTIONS, PAIRS, SENTENCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from pipeline.articles import ReadResult
    from pipeline.sheet import SheetContent
    from pipeline.translation import TranslationCache, TranslationResult

    Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class FactSheetResult:
    """Everything a run found, as frames (schemas.py), one row order for one input."""

    articles: pl.DataFrame
    rejects: pl.DataFrame
    stories: pl.DataFrame
    segments: pl.DataFrame
    clauses: pl.DataFrame
    translations: pl.DataFrame
    units: pl.DataFrame
    pairs: pl.DataFrame
    facts: pl.DataFrame
    sentences: pl.DataFrame
    mentions: pl.DataFrame
    suggestions: pl.DataFrame
    term_uses: pl.DataFrame
    notes: tuple[str, ...]
    manifest: dict[str, Any] = field(repr=False)

    @property
    def story_ids(self) -> list[str]:
        """Stories in the order of their folders."""
        return sorted(self.stories["story_id"].unique().to_list())

    @property
    def target_language(self) -> str:
        """Language translated into, ISO 639-1."""
        return str(self.manifest["settings"]["translation"]["to"])

    @property
    def sheet_title(self) -> str | None:
        """Title asked for; null when the story's own headline is to be taken."""
        title = self.manifest["settings"]["sheet"]["title"]
        return None if title is None else str(title)

    @property
    def signature(self) -> str:
        """One line that says how the sheet was made; equal for equal input."""
        return str(self.manifest["signature"])


def build_fact_sheet(
    inputs: Sequence[str | Path],
    config: Config | None = None,
    *,
    strict: bool = False,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> FactSheetResult:
    """Facts of the articles, with everything they were found through.

    Args:
        inputs: files, folders, globs or '-' (standard input).
        config: settings; defaults when None.
        strict: an input that had to be left out is an error.
        stdin: what '-' reads.
        progress: called with (stage, done, total).

    Raises:
        FaktenblattError: nothing usable, no translation package, an unusable model, ...
    """
    from pipeline.articles import read_articles
    from pipeline.clusters import cluster_units
    from pipeline.embedding import load_embedder
    from pipeline.facts import build_facts, build_mentions, build_sentences
    from pipeline.pairs.candidates import find_candidate_pairs
    from pipeline.pairs.figures import part_rival_figures
    from pipeline.pairs.model import load_same_fact_model
    from pipeline.pairs.verification import verify_pairs
    from pipeline.segments import cut_clauses, segment_articles
    from pipeline.stories import group_articles
    from pipeline.translation import align_clauses
    from pipeline.units import assign_stories, build_units

    config = config or Config()
    say = progress or _say_nothing

    read = read_articles([str(item) for item in inputs], config.read, stdin=stdin)
    _check_usable(read, strict=strict)
    articles = read.articles
    segments = segment_articles(articles, config.segments)
    clauses = cut_clauses(segments, articles, config.segments)
    say("segment", segments.height, segments.height)

    translated = _translate(segments, read, config, say)
    embedder = load_embedder(config.matching.embedder)
    clause_targets = align_clauses(
        clauses,
        segments,
        translated.translations,
        articles,
        to=config.translation.to,
        routes=translated.routes,
        device=config.translation.device,
    )
    units = build_units(segments, clauses, translated.translations, clause_targets, articles)
    stories = group_articles(articles, units, config.matching, embedder=embedder)
    units = assign_stories(units, stories)

    candidates = find_candidate_pairs(units, config.matching, embedder=embedder)
    say("compare", 0, candidates.height)
    pairs = verify_pairs(
        candidates, units, config.matching, embedder=embedder, model=load_same_fact_model()
    )
    pairs = part_rival_figures(pairs, units, config.matching)
    say("compare", candidates.height, candidates.height)
    doubtful = translated.translations.filter(pl.col("flags").list.len() > 0)["segment_id"]
    clusters = cluster_units(pairs, units, config.matching, doubtful=set(doubtful))
    facts = build_facts(
        clusters, pairs, units, segments, articles, translated.translations, config.matching
    )
    mentions = build_mentions(facts, segments, translated.translations, articles, stories)
    rejects = pl.concat([read.rejects, translated.rejects])
    frames = {
        "articles": articles,
        "segments": segments,
        "clauses": clauses,
        "translations": translated.translations,
        "units": units,
        "candidates": candidates,
        "pairs": pairs,
        "facts": facts,
        "mentions": mentions,
        "rejects": rejects,
    }
    return FactSheetResult(
        articles=articles,
        rejects=rejects,
        stories=stories,
        segments=segments,
        clauses=clauses,
        translations=translated.translations,
        units=units,
        pairs=PAIRS.check(pairs),
        facts=facts,
        sentences=SENTENCES.check(build_sentences(facts)),
        mentions=MENTIONS.check(mentions),
        suggestions=translated.suggestions,
        term_uses=translated.term_uses,
        notes=(*read.notes, *translated.notes),
        manifest=_describe_run(frames, translated, config, embedder_digest=embedder.digest),
    )


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


def run_to_folder(
    inputs: Sequence[str | Path],
    folder: Path,
    config: Config | None = None,
    *,
    strict: bool = False,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> FactSheetResult:
    """`build_fact_sheet`, written to `folder`; see README for the files."""
    from pipeline.store import check_writable, write_outputs

    check_writable(folder)
    result = build_fact_sheet(inputs, config, strict=strict, stdin=stdin, progress=progress)
    # The manifest is the one file that may hold a clock.
    finished = datetime.now(tz=UTC).isoformat(timespec="seconds")
    write_outputs(folder, render_files(result), {**result.manifest, "finished": finished})
    return result


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


def _say_nothing(_stage: str, _done: int, _total: int) -> None:
    """Progress of a caller that did not ask for it."""


def _check_usable(read: ReadResult, *, strict: bool) -> None:
    rejects = read.rejects
    first = ""
    if rejects.height:
        row = rejects.row(0, named=True)
        named = row["detail"].startswith(row["path"])
        first = row["detail"] if named else f"{row['path']}: {row['detail']}"
    if not read.articles.height:
        if not first:
            raise InputError("no article found in the input; give files, a folder or '-'")
        more = f" (and {rejects.height - 1} more)" if rejects.height > 1 else ""
        raise InputError(f"no usable article: {first}{more}")
    if strict and first:
        raise InputError(f"--strict: {rejects.height} input(s) left out, first {first}")


def open_translation_cache() -> TranslationCache:
    """The stored translations of this machine."""
    from pipeline.translation import find_cache_folder, open_cache

    return open_cache(find_cache_folder())


def _translate(
    segments: pl.DataFrame, read: ReadResult, config: Config, say: Progress
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
        for language in _languages(segments, read.articles):
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
    )


def _languages(segments: pl.DataFrame, articles: pl.DataFrame) -> list[str]:
    """Languages of the articles, the one with most segments first."""
    counted = (
        articles.select("article_id", "language")
        .join(segments.select("article_id"), on="article_id", how="left")
        .group_by("language")
        .len()
        .sort(["len", "language"], descending=[True, False])
    )
    return counted["language"].to_list()


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
    for language in _languages(content.segments, content.articles):
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


def _describe_run(
    frames: dict[str, pl.DataFrame],
    translated: TranslationResult,
    config: Config,
    *,
    embedder_digest: str,
) -> dict[str, Any]:
    """The manifest: what went in, with what it was made, how many came out of each stage."""
    settings = json.dumps(dataclasses.asdict(config), default=str, sort_keys=True)
    articles = frames["articles"]
    texts = [
        {
            "article_id": row["article_id"],
            "path": row["path"],
            "sha256": hashlib.sha256(row["text"].encode()).hexdigest(),
        }
        for row in articles.iter_rows(named=True)
    ]
    input_digest = hashlib.sha256("".join(str(t["sha256"]) for t in texts).encode()).hexdigest()
    engines = translated.translations["engine"].unique().sort().to_list()
    matched = frames["segments"].filter(pl.col("kind").is_in(MATCHED_KINDS)).height
    facts = frames["facts"]
    verdicts = frames["pairs"]["verdict"].value_counts().sort("verdict")
    counts = {name: frame.height for name, frame in frames.items()}
    signature = (
        f"faktenblatt {__version__} | articles {articles.height} sha256:{input_digest[:12]} | "
        f"engine {', '.join(engines) or 'none'} | embedder {config.matching.embedder} "
        f"sha256:{embedder_digest[:12]} | threshold {config.matching.threshold:g} | "
        f"settings sha256:{hashlib.sha256(settings.encode()).hexdigest()[:12]}"
    )
    return {
        "version": __version__,
        "signature": signature,
        "settings": json.loads(settings),
        "inputs": texts,
        "engines": engines,
        "models": {"embedder": {"name": config.matching.embedder, "sha256": embedder_digest}},
        "packages": [
            {"name": package.name, "version": package.version, "sha256": package.digest}
            for route in translated.routes
            for package in route.packages
        ],
        "stages": [
            {
                "stage": "articles",
                "in": articles.height + frames["rejects"].height,
                "kept": articles.height,
                "dropped": frames["rejects"].height,
            },
            {
                "stage": "segments",
                "in": counts["segments"],
                "kept": matched,
                "dropped": counts["segments"] - matched,
            },
            {"stage": "translations", **dataclasses.asdict(translated.counts)},
            {
                "stage": "pairs",
                "in": counts["candidates"],
                **dict(verdicts.iter_rows()),
            },
            {
                "stage": "facts",
                "in": counts["units"],
                "repeated": facts.filter(pl.col("kind") == "repeated").height,
                "single": facts.filter(pl.col("kind") == "single").height,
            },
        ],
        "rejects": frames["rejects"].to_dicts(),
    }
