"""The chain: articles in, fact sheets out. Reads like a table of contents.

`build_fact_sheet` computes, `render_files` turns one result into the files of an output folder,
`run_to_folder` does both and writes. Nothing here opens a socket.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.config import Config
from pipeline.errors import InputError
from pipeline.run.manifest import describe_run
from pipeline.run.outputs import render_files
from pipeline.run.translating import open_translation_cache, translate, translate_articles
from pipeline.schemas import MENTIONS, PAIRS, SENTENCES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from pipeline.articles import ReadResult

    Progress = Callable[[str, int, int], None]

__all__ = [
    "FactSheetResult",
    "build_fact_sheet",
    "open_translation_cache",
    "render_files",
    "run_to_folder",
    "translate",
]


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
    from pipeline.pairs.completion import complete_clauses
    from pipeline.pairs.contradictions import part_contradictions
    from pipeline.pairs.model import load_same_fact_model, load_story_model
    from pipeline.pairs.reports import verify_reports
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

    translated = translate_articles(segments, read, config, say)
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

    complete = complete_clauses(units)
    candidates = find_candidate_pairs(complete, config.matching, embedder=embedder)
    say("compare", 0, candidates.height)
    # The weights know English only. Where a story is a few sentences, they are lone pairs.
    english = config.translation.to == "en"
    story_model = load_story_model() if english else None
    judge: dict[str, Any] = {
        "embedder": embedder,
        "model": load_same_fact_model() if english else None,
        "story_model": story_model,
        "same_names": translated.same_names,
    }
    pairs = verify_pairs(candidates, complete, config.matching, **judge)
    pairs = verify_reports(pairs, complete, config.matching, **judge)
    pairs = part_contradictions(pairs, complete, config.matching)
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
        manifest=describe_run(
            frames,
            translated,
            config,
            embedder_digest=embedder.digest,
            story_model_digest=None if story_model is None else story_model.digest,
        ),
    )


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
