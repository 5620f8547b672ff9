"""Quantities a text states: value, unit, bound and what is counted, with their spans.

`3.000` = `3,000` = `three thousand`; `48 hours` = `two days`; `a quarter` = `25 percent`. Dates and
years belong to `dates`, names with digits (G7, F-16, Article 5) are no quantities.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from pipeline.language.lexicon import LANGUAGES
from pipeline.language.quantity_reader import QuantityReader
from pipeline.language.quantity_tables import Bound, Quantity

__all__ = ["Bound", "Quantity", "bounds_clash", "find_quantities", "quantities_agree"]

# Two exact figures that differ by less are the same figure in other units (180 km/h, 112 mph).
_CONVERSION_TOLERANCE = Decimal("0.05")


@lru_cache(maxsize=65536)
def find_quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """Quantities in order of appearance."""
    return tuple(QuantityReader(text, language).read()) if language in LANGUAGES else ()


def quantities_agree(  # noqa: PLR0911 - one rule a kind of unit
    left: Quantity, right: Quantity
) -> bool:
    """Both amounts can be true of one thing: bounds, ranges and rounding taken into account."""
    if bounds_clash(left, right):
        return False
    if {left.unit, right.unit} in ({"degree", "celsius"}, {"degree", "fahrenheit"}):
        return left.value == right.value  # 5 degrees, 5 degrees Celsius
    if left.unit != right.unit:
        return _is_rate_of(left, right) or _is_rate_of(right, left)
    if left.unit == "score":
        return {left.value, left.high} == {right.value, right.high}
    low_left, high_left = _interval(left)
    low_right, high_right = _interval(right)
    if low_left <= high_right and low_right <= high_left:
        return True
    both = {left.stated_unit, right.stated_unit}
    if len(both) == 2 and left.unit is not None:
        return _is_close(left.value, right.value, _CONVERSION_TOLERANCE)
    return (
        _is_rounded(left.stated, right.stated)
        if left.unit == "percent" and "share" in both
        else False
    )


def _is_rate_of(rate: Quantity, amount: Quantity) -> bool:
    """`300 euros a month` and `300 euros`: one side leaves the period out."""
    return rate.unit == f"{amount.unit}/s" and rate.stated == amount.stated


def bounds_clash(left: Quantity, right: Quantity) -> bool:
    """`at least ten` and `at most ten`; `about ten` and `more than ten`."""
    if left.unit != right.unit or left.value != right.value:
        return False
    bounds = {left.bound, right.bound}
    lower, upper = {"at_least", "more_than"}, {"at_most", "less_than"}
    if "about" in bounds:
        return bool(bounds & {"more_than", "less_than"})
    return bool(bounds & lower) and bool(bounds & upper)


def _interval(quantity: Quantity) -> tuple[Decimal, Decimal]:
    """What the words allow: `about` 10 percent, `more than` up to half as much again."""
    low, high = quantity.value, quantity.high if quantity.high is not None else quantity.value
    if low < 0:
        return low, max(low, high)
    if quantity.is_vague:  # tens of thousands are more than one ten thousand
        return low * Decimal("1.5"), low * 20
    if quantity.bound == "about":
        return low * Decimal("0.9"), high * Decimal("1.1")
    if quantity.bound in ("at_least", "more_than"):
        return low, high * Decimal("1.25")
    if quantity.bound in ("at_most", "less_than"):
        return low * Decimal("0.75"), high
    return low, high


def _is_close(left: Decimal, right: Decimal, tolerance: Decimal) -> bool:
    return abs(left - right) <= tolerance * max(abs(left), abs(right))


def _is_rounded(left: Decimal, right: Decimal) -> bool:
    """33 percent and a third."""
    return abs(left - right) < 1 and (left % 1 != 0 or right % 1 != 0)
