"""What a sheet's appendix lists: similar memory entries that were not used, and terms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.sheet.marks import clip_text, show_hidden

if TYPE_CHECKING:
    from pipeline.sheet.content import SheetContent


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A translation memory entry that resembles a segment."""

    source_text: str
    target_text: str
    memory_source: str
    memory_target: str
    memory: str
    similarity: float


@dataclass(frozen=True, slots=True)
class TermView:
    """A termbase entry, how it stands in the articles and what became of it."""

    source: str
    target: str
    forms: tuple[str, ...]
    used_count: int
    missing_count: int


def list_suggestions(content: SheetContent) -> list[SuggestionView]:
    """Suggestions beside the segment they resemble, most similar first."""
    if content.suggestions is None or content.suggestions.is_empty():
        return []
    source_of = dict(content.segments.select("segment_id", "source_text").iter_rows())
    target_of: dict[str, str] = {}
    if content.translations is not None:
        target_of = dict(content.translations.select("segment_id", "target_text").iter_rows())
    found = [
        SuggestionView(
            source_text=clip_text(source_of[row["segment_id"]]),
            target_text=clip_text(target_of.get(row["segment_id"]) or ""),
            memory_source=clip_text(row["memory_source_text"]),
            memory_target=clip_text(row["memory_target_text"]),
            memory=show_hidden(row["memory"]),
            similarity=row["similarity"],
        )
        for row in content.suggestions.iter_rows(named=True)
        if row["segment_id"] in source_of
    ]
    return sorted(found, key=lambda s: (-s.similarity, s.source_text, s.memory_source))


def list_terms(content: SheetContent) -> list[TermView]:
    """Terms that stand in the story, those a translation lacks first."""
    if content.term_uses is None or content.term_uses.is_empty():
        return []
    own = set(content.segments["segment_id"])
    used: Counter[tuple[str, str]] = Counter()
    missing: Counter[tuple[str, str]] = Counter()
    forms: dict[tuple[str, str], set[str]] = {}
    for row in content.term_uses.iter_rows(named=True):
        if row["segment_id"] not in own:
            continue
        term = (row["source_term"], row["target_term"])
        (missing if row["status"] == "missing" else used)[term] += 1
        forms.setdefault(term, set()).add(row["source_form"])
    return [
        TermView(
            source=show_hidden(term[0]),
            target=show_hidden(term[1]),
            forms=tuple(show_hidden(form) for form in sorted(forms[term] - {term[0]})),
            used_count=used[term],
            missing_count=missing[term],
        )
        for term in sorted(forms, key=lambda term: (-missing[term], term))
    ]
