"""Segments in, translations out: memory first, then the package, the rest named in an error."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import PackageError
from pipeline.schemas import (
    ARTICLES,
    MATCHED_KINDS,
    REJECTS,
    SEGMENTS,
    SUGGESTIONS,
    TERM_USES,
    TRANSLATIONS,
)
from pipeline.translation.languages import get_base, is_same_language
from pipeline.translation.memory import TranslationMemory
from pipeline.translation.package import find_route, list_packages
from pipeline.translation.stream import RouteStream, make_options
from pipeline.translation.termbase import Termbase
from pipeline.translation.terms import apply_terms, check_terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from pipeline.config import TranslationConfig
    from pipeline.translation.cache import TranslationCache
    from pipeline.translation.package import Package, Route
    from pipeline.translation.stream import Progress
    from pipeline.translation.terms import TermedTranslation, TermUse

AS_IS = "as is"


@dataclass(frozen=True, slots=True)
class TranslationCounts:
    """Segments by who translated them."""

    memory: int = 0
    translated: int = 0
    cached: int = 0
    as_is: int = 0
    untranslated: int = 0


@dataclass(frozen=True, slots=True)
class TranslationResult:
    """What the stage gives: frames, notes for the user, counts for the manifest."""

    translations: pl.DataFrame
    rejects: pl.DataFrame
    suggestions: pl.DataFrame
    term_uses: pl.DataFrame
    notes: tuple[str, ...] = ()
    counts: TranslationCounts = field(default_factory=TranslationCounts)
    routes: tuple[Route, ...] = ()
    same_names: tuple[tuple[str, str], ...] = ()  # by the termbase


def translate_segments(
    segments: pl.DataFrame,
    articles: pl.DataFrame,
    config: TranslationConfig,
    *,
    memory: TranslationMemory | None = None,
    termbase: Termbase | None = None,
    cache: TranslationCache | None = None,
    progress: Progress | None = None,
) -> TranslationResult:
    """Translations (schemas.TRANSLATIONS) of every matched segment, and of others where cheap.

    Articles in the target language pass through as they are. A byline, dateline or boilerplate
    that nothing covers has no row.

    Raises:
        PackageError: a matched segment is covered by neither the memory nor a package.
    """
    ARTICLES.check(articles)
    languages = articles.select("article_id", "language", "path")
    rows = SEGMENTS.check(segments).join(
        languages, on="article_id", how="left", maintain_order="left"
    )
    job = _Job(config, memory or TranslationMemory("", config.to), termbase or Termbase())
    for row in rows.iter_rows(named=True):
        job.take(row)
    job.require_packages()
    job.run_packages(cache, progress)
    return job.result()


@dataclass(slots=True)
class _Job:
    """The segments sorted by who will translate them, and their translations."""

    config: TranslationConfig
    memory: TranslationMemory
    termbase: Termbase
    rows: list[Mapping[str, str]] = field(default_factory=list)
    translations: list[dict[str, object]] = field(default_factory=list)
    open_rows: dict[str, list[Mapping[str, str]]] = field(default_factory=dict)
    packages: list[Package] | None = None
    routes: dict[str, Route] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    term_uses: list[dict[str, object]] = field(default_factory=list)

    def take(self, row: Mapping[str, str]) -> None:
        """The segment's translation when memory or language gives it, else it stays open."""
        self.rows.append(row)
        if is_same_language(row["language"], self.config.to):
            self.add(row, row["source_text"], AS_IS, count="as_is")
            return
        match = self.memory.find_exact(row["source_text"])
        if match is not None:
            self.add(row, match.target_text, f"memory {match.memory}", count="memory")
            self.add_uses(row, check_terms(row["source_text"], match.target_text, self.termbase))
        else:
            self.open_rows.setdefault(row["language"], []).append(row)

    def add(
        self,
        row: Mapping[str, str],
        target: str,
        engine: str,
        *,
        count: str,
        score: float | None = None,
        flags: Sequence[str] = (),
    ) -> None:
        """One row of the result."""
        self.counts[count] = self.counts.get(count, 0) + 1
        self.translations.append(
            {
                "segment_id": row["segment_id"],
                "target_text": target,
                "score": score,
                "engine": engine,
                "flags": list(flags),
            }
        )

    def require_packages(self) -> None:
        """A route for every language with open segments, or the error that says what is missing."""
        for language, rows in self.open_rows.items():
            if self.packages is None:
                self.packages = list_packages(self.config.package)
            route = find_route(language, self.config.to, self.packages)
            if route is not None:
                self.routes[language] = route
                continue
            needed = [row for row in rows if row["kind"] in MATCHED_KINDS]
            if needed:
                raise PackageError(_describe_gap(language, self.config, needed, len(self.memory)))

    def run_packages(self, cache: TranslationCache | None, progress: Progress | None) -> None:
        """The open segments through their routes."""
        for language, route in self.routes.items():
            rows = self.open_rows[language]
            stream = RouteStream(route, make_options(self.config), cache)
            found = stream.translate([row["source_text"] for row in rows], progress)
            languages = (get_base(language), get_base(self.config.to))
            termed = apply_terms(found, self.termbase, stream.translate, languages=languages)
            for row in rows:
                self.add_translated(row, termed[row["source_text"]], route)

    def add_translated(
        self, row: Mapping[str, str], termed: TermedTranslation, route: Route
    ) -> None:
        """A row out of the package."""
        kept = termed.translated
        count = "cached" if kept.cached else "translated"
        label, score, flags = route.label, kept.score, kept.flags
        self.add(row, kept.text, label, count=count, score=score, flags=flags)
        self.add_uses(row, termed.uses)

    def add_uses(self, row: Mapping[str, str], uses: Sequence[TermUse]) -> None:
        """Rows of the term uses."""
        self.term_uses += [
            {
                "segment_id": row["segment_id"],
                "source_term": use.source_term,
                "source_form": use.source_form,
                "target_term": use.target_term,
                "status": use.status,
            }
            for use in uses
        ]

    def result(self) -> TranslationResult:
        """Frames in the order of the segments."""
        order = {row["segment_id"]: place for place, row in enumerate(self.rows)}
        self.translations.sort(key=lambda row: order[str(row["segment_id"])])
        untranslated = len(self.rows) - len(self.translations)
        return TranslationResult(
            translations=TRANSLATIONS.check(TRANSLATIONS.build(self.translations)),
            rejects=REJECTS.empty(),
            suggestions=self.suggest(),
            term_uses=TERM_USES.build(
                sorted(self.term_uses, key=lambda row: order[str(row["segment_id"])])
            ),
            notes=self.notes(),
            counts=TranslationCounts(**self.counts, untranslated=untranslated),
            routes=tuple(self.routes.values()),
        )

    def suggest(self) -> pl.DataFrame:
        """Similar units of the memory for segments it did not cover (schemas.SUGGESTIONS)."""
        rows = [row for language in self.routes for row in self.open_rows[language]]
        if not rows or not len(self.memory):
            return SUGGESTIONS.empty()
        found = self.memory.find_similar([row["source_text"] for row in rows])
        return SUGGESTIONS.build(
            [
                {
                    "segment_id": row["segment_id"],
                    "memory_source_text": match.source_text,
                    "memory_target_text": match.target_text,
                    "memory": match.memory,
                    "similarity": match.similarity,
                }
                for row, matches in zip(rows, found, strict=True)
                for match in matches
            ]
        )

    def notes(self) -> tuple[str, ...]:
        """One line each on memories and packages used."""
        notes = []
        if self.counts.get("memory"):
            files = ", ".join(self.memory.files)
            notes.append(f"{self.counts['memory']} segments translated by memory {files}")
        for language, route in self.routes.items():
            count = len(self.open_rows[language])
            origin = route.packages[0].origin
            notes.append(f"{count} segments translated by {route.label} ({origin})")
        return tuple(notes)


def _describe_gap(
    language: str, config: TranslationConfig, rows: Sequence[Mapping[str, str]], memory_units: int
) -> str:
    first = rows[0]
    place = f"{Path(first['path']).name}, segment {first['segment_id']}"
    memory = f"the memory covers none of {len(rows)}" if memory_units else f"{len(rows)}"
    return (
        f"no translation package for {language} -> {config.to}: {memory} segments "
        f"are uncovered, the first in {place}; run faktenblatt models install {language}, "
        "or give --package or --memory"
    )
