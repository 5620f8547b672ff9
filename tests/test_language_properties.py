"""Whatever the text: nothing raises, spans lie inside it, comparison is the same both ways."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.language.dates import find_dates
from pipeline.language.quantities import find_quantities
from pipeline.pairs.comparison import compare_texts

LINES = """
3.000 | 1,2 Milliarden | millions | m³ | ² | ½ | 10. November | 24/10/2024 | 18 Uhr 30 | at 6 a.m.
between 5 and 7 | mindestens | half of all | not | denied | Kim Jong-un said | on Monday | percent
% | € | $ | ٣ | ៥ | thousands of | tens | twice | 1. FC | 9/11 | II. | two-thirds | drei | a.m.
"""
WORDS = st.sampled_from([word.strip() for line in LINES.splitlines() for word in line.split("|")])
TEXTS = st.one_of(
    st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=14).map(" ".join), st.text(max_size=60)
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(text=TEXTS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_find_quantities_and_dates_never_raise(text: str, language: str) -> None:
    spans = [(q.start, q.end) for q in find_quantities(text, language)]
    spans += [(d.start, d.end) for d in find_dates(text, language)]
    assert all(0 <= start < end <= len(text) for start, end in spans)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(left=TEXTS, right=TEXTS)
def test_compare_texts_never_raises_and_is_symmetric(left: str, right: str) -> None:
    one, two = compare_texts(left, right), compare_texts(right, left)
    assert one.is_vetoed == two.is_vetoed
    assert sorted(d.kind for d in one.differences) == sorted(d.kind for d in two.differences)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(text=TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert compare_texts(text, text).differences == ()
