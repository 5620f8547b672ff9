"""A mention's wording in, the value it states out, as a reader would quote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def describe_value(kind: str, text: str, others: Sequence[str], outlets: Sequence[str]) -> str:
    """The differing value in words with who says it, e.g. "at least 3,000 (Chronik)"."""
    del kind, others
    return f"{text.strip(' ,;')} ({', '.join(outlets)})"


def find_event_dates(mentions: Sequence[dict[str, Any]]) -> list[str]:
    """Dates the fact names, ISO, sorted."""
    del mentions
    return []
