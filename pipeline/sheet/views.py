"""What a sheet shows, as frozen views; `arrange` makes them from the frames.

HTML, Markdown and Word take their texts from here, so that they say the same; none of them
sorts, counts or decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from pipeline.sheet.content import SheetContent
    from pipeline.sheet.marks import Piece


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article's heading."""

    article_id: str
    title: str
    published: dt.date | None
    url: str | None
    language: str


@dataclass(frozen=True, slots=True)
class OutletView:
    """An outlet and what it contributes; `number` is its 0-based place in the sheet."""

    number: int
    name: str
    articles: tuple[ArticleView, ...]
    shared_count: int
    single_count: int
    conflict_count: int


@dataclass(frozen=True, slots=True)
class MentionView:
    """One outlet's own wording: the segment, with the clause that states the fact marked."""

    outlet: OutletView
    article: ArticleView
    kind: str
    start_char: int
    end_char: int
    source_text: str
    target_text: str
    source: tuple[Piece, ...]
    target: tuple[Piece, ...]
    engine: str
    doubts: tuple[str, ...]
    agency: str | None

    @property
    def quoted_source(self) -> str:
        """The mention in the original, with … where the sentence goes on."""
        return quote_clause(self.source, self.source_text)

    @property
    def quoted_target(self) -> str:
        """The mention's translation, with … where the sentence goes on."""
        return quote_clause(self.target, self.target_text)


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact; `mentions` starts with the wording shown."""

    number: int
    anchor: str
    fact_id: str
    is_shared: bool
    mentions: tuple[MentionView, ...]
    outlets: tuple[OutletView, ...]
    source_count: int
    first_published: dt.date | None
    event_dates: tuple[str, ...]
    conflict_numbers: tuple[int, ...]

    @property
    def shown(self) -> MentionView:
        """The wording that stands for the fact."""
        return self.mentions[0]

    @property
    def quote(self) -> str:
        """The fact in one line: its translation, or the original where there is none."""
        return self.shown.quoted_target or self.shown.quoted_source

    @property
    def has_doubts(self) -> bool:
        """Whether any of its translations is doubtful."""
        return any(mention.doubts for mention in self.mentions)


@dataclass(frozen=True, slots=True)
class SideView:
    """One side of a disagreement: the differing value, the fact and the wording that states it."""

    value: str
    fact: FactView
    mention: MentionView


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Facts on one subject that differ."""

    number: int
    anchor: str
    title: str
    sides: tuple[SideView, ...]


@dataclass(frozen=True, slots=True)
class SheetView:
    """Everything a sheet shows."""

    content: SheetContent
    outlets: tuple[OutletView, ...]
    shared: tuple[FactView, ...]
    singles: tuple[FactView, ...]
    conflicts: tuple[ConflictView, ...]
    published: tuple[dt.date, ...]
    source_language: str

    @property
    def facts(self) -> tuple[FactView, ...]:
        """All facts, numbered as they stand."""
        return self.shared + self.singles

    @property
    def doubtful(self) -> tuple[FactView, ...]:
        """Facts with a doubtful translation."""
        return tuple(fact for fact in self.facts if fact.has_doubts)


def quote_clause(pieces: tuple[Piece, ...], text: str) -> str:
    """The text, with … on the sides where its sentence has more words."""
    inside = [place for place, piece in enumerate(pieces) if piece.clause]
    if not inside or not text:
        return text
    before = "".join(piece.text for piece in pieces[: inside[0]])
    after = "".join(piece.text for piece in pieces[inside[-1] + 1 :])
    opening = "… " if any(map(str.isalnum, before)) else ""
    closing = " …" if any(map(str.isalnum, after)) else ""
    return f"{opening}{text}{closing}"
