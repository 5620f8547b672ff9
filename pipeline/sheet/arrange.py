"""Frames in, a sheet's views out: facts ordered, conflicts gathered, clauses and figures marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.language.polarity import is_negated
from pipeline.sheet.figures import find_figures
from pipeline.sheet.marks import clip_text, cut_pieces, show_hidden
from pipeline.sheet.views import (
    ArticleView,
    ConflictView,
    FactView,
    MentionView,
    OutletView,
    SheetView,
    SideView,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.sheet.content import SheetContent

# A longer one is no figure or name but the sentence itself, which stands below anyway.
MAX_VALUE_CHARS = 45
VALUE_KINDS = {"number", "quantity", "date", "name", "place"}
# What one side of these says of the other; elsewhere (a role) the sentence itself is quoted.
STANCES = {"negation": "negated", "denial": "denied"}
CONFLICT_TITLES = {
    "number": "The figures differ",
    "quantity": "The figures differ",
    "date": "The dates differ",
    "name": "The names differ",
    "place": "The places differ",
    "negation": "Stated and negated",
    "denial": "Stated and denied",
    "role": "Who did it to whom differs",
    "modality": "Certain and uncertain",
    "attribution": "The sources named differ",
}


def view_sheet(content: SheetContent) -> SheetView:
    """The content, ordered: shared facts by outlets, then time; single ones by article."""
    articles = _view_articles(content)
    rows = _order_facts(content.facts.to_dicts(), articles)
    groups = group_conflicts(rows)
    outlets = _view_outlets(content, rows, articles)
    anchors = _name_anchors([row["fact_id"] for row in rows])
    facts = tuple(
        _view_fact(
            row, number, anchors[row["fact_id"]], outlets, articles, groups, content.target_language
        )
        for number, row in enumerate(rows, start=1)
    )
    by_id = {row["fact_id"]: fact for row, fact in zip(rows, facts, strict=True)}
    languages = content.articles["language"].drop_nulls().mode(maintain_order=True).to_list()
    return SheetView(
        content=content,
        outlets=tuple(outlets.values()),
        shared=tuple(fact for fact in facts if fact.is_shared),
        singles=tuple(fact for fact in facts if not fact.is_shared),
        conflicts=tuple(
            _view_conflict(number, kind, values, by_id, content.target_language)
            for number, (kind, values) in enumerate(groups, start=1)
        ),
        published=tuple(sorted(content.articles["published"].drop_nulls().unique())),
        source_language=languages[0] if languages else "",
    )


def safe_url(url: str | None) -> str | None:
    """The address when it is a web address; anything else (javascript:, file:) is no link."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in {"http", "https"} and parts.hostname else None


def _order_facts(rows: list[dict[str, Any]], articles: Iterable[str]) -> list[dict[str, Any]]:
    places = {article_id: place for place, article_id in enumerate(articles)}

    def place(row: dict[str, Any]) -> tuple[object, ...]:
        first = row["mentions"][0]
        where = (places.get(first["article_id"], -1), first["start_char"], row["fact_id"])
        if row["kind"] != "repeated":
            return (1, 0, 0, "", *where)
        when = row["first_published"]
        return (0, -row["outlet_count"], -(row["source_count"] or 0), str(when or "9"), *where)

    return sorted((row for row in rows if row["mentions"]), key=place)


def group_conflicts(rows: list[dict[str, Any]]) -> list[tuple[str, dict[str, str]]]:
    """Distinct conflicts as (kind, fact_id -> value), in the order of the facts.

    Every fact of a conflict carries it; one that another of its kind contains says nothing more.
    """
    order = {row["fact_id"]: place for place, row in enumerate(rows)}
    found: dict[tuple[str, frozenset[str]], dict[str, str]] = {}
    for row in rows:
        for conflict in row["conflicts"] or []:
            pairs = zip(conflict["fact_ids"], conflict["values"], strict=True)
            values = {fact_id: value or "" for fact_id, value in pairs if fact_id in order}
            if len(values) > 1:
                found.setdefault((conflict["kind"], frozenset(values)), values)
    groups = [
        (kind, {fact_id: values[fact_id] for fact_id in sorted(values, key=order.__getitem__)})
        for (kind, members), values in found.items()
        if not any(kind == other and members < larger for other, larger in found)
    ]
    kinds = list(CONFLICT_TITLES)

    def place(group: tuple[str, dict[str, str]]) -> tuple[int, int, str]:
        kind, values = group
        known = kinds.index(kind) if kind in kinds else len(kinds)
        return known, order[next(iter(values))], kind

    # Figures first: they are what a reader can check at once.
    return sorted(groups, key=place)


def _view_articles(content: SheetContent) -> dict[str, ArticleView]:
    """Articles by id; one that names no title has its first headline."""
    headlines: dict[str, str] = {}
    for row in content.segments.sort("position", maintain_order=True).iter_rows(named=True):
        if row["kind"] == "headline":
            headlines.setdefault(row["article_id"], row["source_text"])
    return {
        row["article_id"]: ArticleView(
            article_id=show_hidden(row["article_id"]),
            title=show_hidden(row["title"] or headlines.get(row["article_id"], "")),
            published=row["published"],
            url=safe_url(row["url"]),
            language=row["language"] or "",
        )
        for row in content.articles.iter_rows(named=True)
    }


def _view_outlets(
    content: SheetContent, rows: list[dict[str, Any]], articles: Mapping[str, ArticleView]
) -> dict[str, OutletView]:
    """Outlets by name, in the order of their first article."""
    printed: dict[str, list[ArticleView]] = {}
    for outlet, article_id in content.articles.select("outlet", "article_id").iter_rows():
        printed.setdefault(outlet, []).append(articles[article_id])
    for row in rows:
        for mention in row["mentions"]:
            printed.setdefault(mention["outlet"], [])

    def first(outlet: str) -> str:
        return min((str(a.published) for a in printed[outlet] if a.published), default="9")

    names = sorted(printed, key=lambda name: (first(name), name))
    said = {name: [row for row in rows if name in row["outlets"]] for name in names}
    return {
        name: OutletView(
            number=number,
            name=show_hidden(name),
            articles=tuple(printed[name]),
            shared_count=sum(row["kind"] == "repeated" for row in said[name]),
            single_count=sum(row["kind"] != "repeated" for row in said[name]),
            conflict_count=sum(bool(row["conflicts"]) for row in said[name]),
        )
        for number, name in enumerate(names)
    }


def _name_anchors(fact_ids: Iterable[str]) -> dict[str, str]:
    """fact_id -> a word that is safe in an address and unique on the page."""
    anchors: dict[str, str] = {}
    taken: set[str] = set()
    for fact_id in fact_ids:
        word = re.sub(r"[^A-Za-z0-9_-]+", "-", fact_id).strip("-") or "fact"
        anchor, copy = word, 2
        while anchor in taken:
            anchor, copy = f"{word}-{copy}", copy + 1
        anchors[fact_id] = anchor
        taken.add(anchor)
    return anchors


def _view_fact(
    row: dict[str, Any],
    number: int,
    anchor: str,
    outlets: Mapping[str, OutletView],
    articles: Mapping[str, ArticleView],
    groups: list[tuple[str, dict[str, str]]],
    language: str,
) -> FactView:
    return FactView(
        number=number,
        anchor=f"fact-{anchor}",
        fact_id=show_hidden(row["fact_id"]),
        is_shared=row["kind"] == "repeated",
        mentions=tuple(
            _view_mention(mention, outlets, articles, language) for mention in row["mentions"]
        ),
        outlets=tuple(sorted((outlets[name] for name in row["outlets"]), key=lambda o: o.number)),
        source_count=row["source_count"] or row["outlet_count"],
        first_published=row["first_published"],
        event_dates=tuple(row["event_dates"] or ()),
        conflict_numbers=tuple(
            place for place, (_, values) in enumerate(groups, 1) if row["fact_id"] in values
        ),
    )


def _view_mention(
    mention: Mapping[str, Any],
    outlets: Mapping[str, OutletView],
    articles: Mapping[str, ArticleView],
    language: str,
) -> MentionView:
    article = articles[mention["article_id"]]
    source, source_clause = _segment_around(mention, "source")
    target, target_clause = _segment_around(mention, "target")
    return MentionView(
        outlet=outlets[mention["outlet"]],
        article=article,
        kind=mention["kind"] or "sentence",
        start_char=mention["start_char"],
        end_char=mention["end_char"],
        source_text=clip_text(mention["source_text"]),
        target_text=clip_text(mention["target_text"] or ""),
        source=cut_pieces(
            source, figures=find_figures(source, article.language), clause=source_clause
        ),
        target=cut_pieces(target, figures=find_figures(target, language), clause=target_clause),
        engine=show_hidden(mention["engine"] or ""),
        doubts=tuple(show_hidden(flag) for flag in mention["flags"] or ()),
        agency=show_hidden(mention["agency"]) if mention["agency"] else None,
    )


def _segment_around(mention: Mapping[str, Any], side: str) -> tuple[str, tuple[int, int] | None]:
    """The segment's text and the mention's span in it; the mention alone where it is not known."""
    text = mention[f"segment_{side}_text"]
    if side == "source":
        offset, start, end = (
            mention["segment_start_char"],
            mention["start_char"],
            mention["end_char"],
        )
        span = None if offset is None else (start - offset, end - offset)
    else:
        start, end = mention["target_start_char"], mention["target_end_char"]
        span = None if start is None or end is None else (start, end)
    if text and span and 0 <= span[0] < span[1] <= len(text):
        return text, span
    return mention[f"{side}_text"] or text or "", None


def _view_conflict(
    number: int,
    kind: str,
    values: Mapping[str, str],
    facts: Mapping[str, FactView],
    language: str,
) -> ConflictView:
    title = CONFLICT_TITLES.get(kind, kind.replace("_", " ").capitalize() or "The reports differ")
    sides = tuple(
        _view_side(kind, _strip_outlets(value, facts[fact_id]), facts[fact_id], language)
        for fact_id, value in values.items()
    )
    return ConflictView(number, f"conflict-{number}", title, sides)


def _strip_outlets(value: str, fact: FactView) -> str:
    """The value without its outlets, which stand beside it."""
    outlets = ", ".join(sorted(outlet.name for outlet in fact.outlets))
    return show_hidden(value).removesuffix(f"({outlets})").rstrip(" …")


def _view_side(kind: str, value: str, fact: FactView, language: str) -> SideView:
    """The side with the wording that states the value, not necessarily the one the fact shows."""
    wording = value.partition(" – ")[0]
    stated = next((m for m in fact.mentions if wording and wording in m.target_text), fact.shown)
    if kind in STANCES:
        stance = STANCES[kind] if is_negated(stated.target_text, language) else "stated"
        return SideView(stance, fact, stated)
    return SideView(_shorten_value(kind, value, language), fact, stated)


def _shorten_value(kind: str, value: str, language: str) -> str:
    """What differs where that is a figure, a date or a name; of a longer wording its figure."""
    if kind not in VALUE_KINDS or len(value) <= MAX_VALUE_CHARS:
        return value if kind in VALUE_KINDS else ""
    wanted = "date" if kind == "date" else "number"
    figures = [
        value[left:right] for left, right, found in find_figures(value, language) if found == wanted
    ]
    return figures[0] if len(figures) == 1 else ""
