"""The sheet's two pictures as inline SVG: who reports what, and when things happened.

No colour and no font stands in them: classes of the page's style do that, so that they follow
light, dark and print. Sighted mouse users get the pictures; the same data stands beside them as
text, therefore they are hidden from screen readers.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from markupsafe import Markup

from pipeline.sheet.timeline import Event, order_events
from pipeline.sheet.wording import MONTHS, write_date

if TYPE_CHECKING:
    from pipeline.sheet.views import FactView, OutletView, SheetView

# Beyond this a column is narrower than two pixels on a phone.
MAX_STRIP_FACTS = 120
STRIP_STEP, STRIP_HEIGHT = 10, 16

WIDTH, LABEL_WIDTH, ROW_HEIGHT = 880, 150, 26
MAX_OUTLET_ROWS = 12
MAX_LABEL_CHARS = 20


def draw_strip(outlet: OutletView, facts: tuple[FactView, ...]) -> Markup:
    """One column a fact: filled where the outlet reports it, in another tone where it differs."""
    facts = facts[:MAX_STRIP_FACTS]
    cells = Markup("").join(_draw_cell(outlet, fact, place) for place, fact in enumerate(facts))
    return Markup(
        '<svg class="strip" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        "{}</svg>"
    ).format(max(1, len(facts)) * STRIP_STEP, STRIP_HEIGHT, cells)


def _draw_cell(outlet: OutletView, fact: FactView, place: int) -> Markup:
    said = outlet in fact.outlets
    tone = "no" if not said else "clash" if fact.conflict_numbers else "yes"
    verb = "reports" if said else "does not report"
    return Markup(
        '<a href="#{}" tabindex="-1"><title>{} {} {}: {}</title>'
        '<rect class="{}" x="{}" y="0" width="{}" height="{}"/></a>'
    ).format(
        fact.anchor,
        outlet.name,
        verb,
        fact.number,
        fact.quote[:160],
        tone,
        place * STRIP_STEP + 1,
        STRIP_STEP - 2,
        STRIP_HEIGHT,
    )


def draw_timeline(view: SheetView) -> Markup | None:
    """Dates the facts name over the days the articles appeared; None without two known days."""
    spans = [(event, _span_of(event.iso)) for event in order_events(view)]
    dated = [(event, span) for event, span in spans if span is not None]
    days = [day for _, span in dated for day in span] + list(view.published)
    if len(set(days)) < 2:
        return None
    scale = _Scale(min(days), max(days))
    dated_outlets = [o for o in view.outlets if any(article.published for article in o.articles)]
    outlets = dated_outlets[:MAX_OUTLET_ROWS]
    base = ROW_HEIGHT * (2 if dated else 1)
    height = base + ROW_HEIGHT * len(outlets) + 8
    rows = Markup("").join(
        _draw_outlet_row(outlet, scale, base + ROW_HEIGHT * place)
        for place, outlet in enumerate(outlets)
    )
    events = Markup("").join(_draw_event(event, span, scale) for event, span in dated)
    label = Markup('<text x="0" y="{}">Dates in the facts</text>').format(base - 12)
    return Markup(
        '<svg class="dates" viewBox="0 0 {} {}" aria-hidden="true">{}{}{}{}</svg>'
    ).format(WIDTH, height, _draw_ticks(scale, height), label if dated else "", events, rows)


class _Scale:
    """Days onto the picture's width."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        self.first, self.last = first, last

    def place(self, day: dt.date) -> float:
        """Horizontal position of the day."""
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return round(LABEL_WIDTH + 14 + share * (WIDTH - LABEL_WIDTH - 28), 1)


def _span_of(iso: str) -> tuple[dt.date, dt.date] | None:
    """First and last day of `2024`, `2024-06` or `2024-06-19`; None for anything else."""
    parts = iso.split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 1:
            return dt.date(numbers[0], 1, 1), dt.date(numbers[0], 12, 31)
        if len(numbers) == 2:
            year, month = numbers
            after = dt.date(year + month // 12, month % 12 + 1, 1)
            return dt.date(year, month, 1), after - dt.timedelta(days=1)
        day = dt.date(*numbers)
    except (ValueError, TypeError):
        return None
    return day, day


def _draw_event(event: Event, span: tuple[dt.date, dt.date], scale: _Scale) -> Markup:
    left, right = scale.place(span[0]), scale.place(span[1])
    radius = min(9, 3 + 2 * max(len(fact.outlets) for fact in event.facts))
    clash = any(fact.conflict_numbers for fact in event.facts)
    return Markup(
        '<a href="#{}" tabindex="-1"><title>{}: {}</title>'
        '<rect class="event{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/></a>'
    ).format(
        event.facts[0].anchor,
        event.label,
        "; ".join(fact.quote for fact in event.facts)[:300],
        " clash" if clash else "",
        round(left - radius, 1),
        ROW_HEIGHT + 10 - radius,
        round(right - left + 2 * radius, 1),
        2 * radius,
        radius,
    )


def _draw_outlet_row(outlet: OutletView, scale: _Scale, y: int) -> Markup:
    marks = Markup("").join(
        Markup(
            '<rect class="paper o{}" x="{}" y="{}" width="8" height="12">'
            "<title>{}, {}: {}</title></rect>"
        ).format(
            outlet.number % 8,
            scale.place(article.published) - 4,
            y + 7,
            outlet.name,
            write_date(article.published),
            article.title,
        )
        for article in outlet.articles
        if article.published
    )
    label = outlet.name
    if len(label) > MAX_LABEL_CHARS:
        label = label[: MAX_LABEL_CHARS - 1] + "…"
    return Markup(
        '<line class="rule" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="0" y="{}">{}</text>{}'
    ).format(LABEL_WIDTH, WIDTH, y + 13, y + 13, y + 17, label, marks)


def _draw_ticks(scale: _Scale, height: int) -> Markup:
    """Month or year starts, at most about eight."""
    first, last = scale.first, scale.last
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120) if months / s <= 8), 240)
    drawn = Markup("")
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month + 1):
        day = dt.date(month // 12, month % 12 + 1, 1)
        if month % step or not first <= day <= last:
            continue
        x = scale.place(day)
        label = str(day.year) if step >= 12 else f"{MONTHS[day.month - 1][:3]} {day.year}"
        drawn += Markup(
            '<line class="tick" x1="{}" x2="{}" y1="16" y2="{}"/>'
            '<text class="tick-label" x="{}" y="11">{}</text>'
        ).format(x, x, height, x, label)
    return drawn
