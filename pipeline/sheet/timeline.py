"""Facts by the dates they name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.sheet.wording import write_partial_date

if TYPE_CHECKING:
    from pipeline.sheet.views import FactView, SheetView


@dataclass(frozen=True, slots=True)
class Event:
    """A date and the facts that name it."""

    iso: str
    label: str
    facts: tuple[FactView, ...]


def order_events(view: SheetView) -> tuple[Event, ...]:
    """Every date a fact names, in order; a month stands before its days."""
    facts_on: dict[str, list[FactView]] = {}
    for fact in view.facts:
        for iso in fact.event_dates:
            facts_on.setdefault(iso, []).append(fact)
    return tuple(
        Event(iso, write_partial_date(iso), tuple(facts_on[iso])) for iso in sorted(facts_on)
    )
