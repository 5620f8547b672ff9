"""Gold stories: articles with segments, reference English, facts, conflicts and confusables.

`load_gold_story(name)` gives the frames the chain would have made, with the annotated segments
and the reference English in the places of segmentation and translation. Facts point into the
articles by spans, so a system is free to cut otherwise.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.config import SegmentConfig
from pipeline.schemas import ARTICLES, SEGMENTS, TRANSLATIONS
from pipeline.segments import cut_clauses
from pipeline.translation.clauses import align_clauses

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).parent.parent.parent
# The two originals are not ours to copy; they lie beside the project where it is developed.
SHARED = ROOT.parent / "shared" / "data"
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
OWN_STORIES = ("demo", "story1", "story2")
# Written like those in models/same-fact/stories, and left out of every fit.
HELD_OUT = ("election", "gas", "rail", "summit", "works")
ENGINE = "reference English"


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A span of an article that states a fact."""

    article_id: str
    segment_id: str
    start_char: int
    end_char: int
    partial: bool = False

    def overlaps(self, article_id: str, start_char: int, end_char: int) -> bool:
        """True when the span shares a character with this mention."""
        same = self.article_id == article_id
        return same and self.start_char < end_char and start_char < self.end_char


@dataclass(frozen=True, slots=True)
class GoldFact:
    """A fact with every span that states it."""

    fact_id: str
    label: str
    mentions: tuple[GoldMention, ...]


@dataclass(frozen=True, slots=True)
class GoldConflict:
    """Spans on one subject whose values differ."""

    subject: str
    mentions: tuple[GoldMention, ...]


@dataclass(frozen=True, slots=True)
class Confusable:
    """Two spans alike in words that do not state the same fact."""

    pair_id: str
    kind: str
    left: GoldMention
    right: GoldMention
    shares_core: bool


@dataclass(frozen=True, slots=True)
class GoldStory:
    """One story's frames and annotation."""

    name: str
    articles: pl.DataFrame
    segments: pl.DataFrame
    clauses: pl.DataFrame
    translations: pl.DataFrame
    clause_targets: pl.DataFrame
    facts: tuple[GoldFact, ...]
    conflicts: tuple[GoldConflict, ...]
    confusables: tuple[Confusable, ...]


def gold_folder(name: str) -> Path | None:
    """Folder of the story's annotation; None where it is not on this machine."""
    folder = DATA / name if name in (*OWN_STORIES, *HELD_OUT) else SHARED / "gold" / name
    return folder if (folder / "segments.jsonl").exists() else None


def load_gold_story(folder: Path) -> GoldStory:
    """The frames and annotation of the story in that folder, named after it."""
    name = folder.name
    rows = _read_rows(folder / "segments.jsonl")
    articles = _read_articles(folder, sorted({row["article"] for row in rows}))
    segments = _locate_segments(rows, articles)
    translations = TRANSLATIONS.build(
        [
            {"segment_id": key, "target_text": row["en"], "engine": ENGINE, "flags": []}
            for key, row in zip(segments["segment_id"], rows, strict=True)
        ]
    )
    clauses = cut_clauses(segments, articles, SegmentConfig())
    located = {
        (row["article"], row["n"]): span
        for row, span in zip(rows, segments.iter_rows(named=True), strict=True)
    }

    def locate(row: dict[str, Any]) -> GoldMention:
        return _locate_mention(row, located[row["article"], row["n"]])

    facts = tuple(
        GoldFact(row["fact_id"], row["label_en"], tuple(locate(m) for m in row["mentions"]))
        for row in _read_rows(folder / "facts.jsonl")
    )
    conflicts = tuple(
        GoldConflict(row["subject_en"], tuple(locate(m) for m in row["mentions"]))
        for row in _read_rows(folder / "conflicts.jsonl")
    )
    confusables = tuple(
        _read_confusable(number, row, locate)
        for number, row in enumerate(_read_rows(folder / "confusable.jsonl"), start=1)
    )
    targets = align_clauses(clauses, segments, translations, articles)
    return GoldStory(
        name, articles, segments, clauses, translations, targets, facts, conflicts, confusables
    )


def _read_rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def _read_articles(folder: Path, keys: list[str]) -> pl.DataFrame:
    """One article a key: the file whose stem starts with it, front matter taken off."""
    places = (folder, folder / "articles", ROOT / "seeds")
    rows: list[dict[str, object]] = []
    for key in keys:
        file = next(f for place in places for f in sorted(place.glob(f"{key}*.txt")))
        text = file.read_text(encoding="utf-8")
        found = FRONT_MATTER.match(text)
        about = dict(re.findall(r"^(\w+): (.*)$", found[1], re.MULTILINE)) if found else {}
        rows.append(
            {
                "article_id": f"{folder.name}/{key}",
                "outlet": about.get("outlet", key.split("_", maxsplit=1)[-1]),
                "published": date.fromisoformat(about["date"]) if "date" in about else None,
                "language": "de",
                "path": str(file),
                "text": text[found.end() :] if found else text,
            }
        )
    return ARTICLES.build(rows)


def _locate_segments(rows: list[dict[str, Any]], articles: pl.DataFrame) -> pl.DataFrame:
    """The annotated segments with their spans, found one after the other in the article."""
    by_key = {row["article_id"].split("/")[-1]: row for row in articles.iter_rows(named=True)}
    segments: list[dict[str, object]] = []
    positions: dict[str, int] = {}
    ends: dict[str, int] = {}
    for row in rows:
        article = by_key[row["article"]]
        position = positions.get(row["article"], 0)
        start = article["text"].index(row["de"], ends.get(row["article"], 0))
        positions[row["article"]] = position + 1
        ends[row["article"]] = start + len(row["de"])
        segments.append(
            {
                "segment_id": f"{article['article_id']}#{position:04d}",
                "article_id": article["article_id"],
                "position": position,
                "kind": row["kind"],
                "start_char": start,
                "end_char": start + len(row["de"]),
                "source_text": row["de"],
            }
        )
    return SEGMENTS.build(segments)


def _locate_mention(row: dict[str, Any], segment: dict[str, Any]) -> GoldMention:
    """The mention's span in the article; the whole segment when no span is given."""
    span = row.get("span_de", segment["source_text"])
    start = segment["start_char"] + segment["source_text"].index(span)
    return GoldMention(
        segment["article_id"],
        segment["segment_id"],
        start,
        start + len(span),
        bool(row.get("partial")),
    )


def _read_confusable(
    number: int, row: dict[str, Any], locate: Callable[[dict[str, Any]], GoldMention]
) -> Confusable:
    left, right = row.get("mentions") or (row["left"], row["right"])
    return Confusable(
        row.get("pair_id", f"K{number:02d}"),
        row.get("kind", row.get("why_en", "")),
        locate(left),
        locate(right),
        bool(row.get("shares_core") or row.get("segments_also_share")),
    )
