"""Verified pairs in, the pairs released where one text does not state what the other states.

"Whether the track was the cause is unclear" and "the company announced this on Monday" share their
words with a statement and state nothing of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from pipeline.language.lexicon import load_words
from pipeline.language.roles import find_predicates
from pipeline.pairs.denials import find_denial
from pipeline.pairs.parting import release_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

LEFT_OPEN = re.compile(r"\s+(?:\w+ly\s+|still\s+)?(?:unclear|unknown|uncertain|open|undecided)\b")
# `announced this`, `said so`, `This was announced`; not `this company announced`.
POINTS_BACK = re.compile(
    r"\b(?:this|so|it|that)(?=\s*(?:$|[.,;]|(?:in|on|at|to|by|was|is)\b))", re.IGNORECASE
)
MAX_BARE_WORDS = 12
PURPOSE = re.compile(r"(?:in order |so as )?to [a-z]")
# Beyond it a purpose and a statement are wordings of one thing. Of seven such pairs judged `same`
# on the gold stories three lay at .53 to .55, all wrong, and four from .89 on, all right.
LOUD = 0.8


def part_unsaid(pairs: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """The pairs with `unrelated` where exactly one side leaves open, or only points to, a fact."""
    text_of = dict(units.select("unit_id", "target_text").iter_rows())
    same = pairs.filter(pl.col("verdict") == "same").select("unit_left", "unit_right", "score")
    checks: dict[str, tuple[Callable[[str], bool], float]] = {
        "one leaves it open": (leaves_open, 1.0),
        "one says only who said it": (only_points_back, 1.0),
        "one says only what for": (only_names_purpose, LOUD),
    }
    released = {
        (left, right): reason
        for left, right, score in same.iter_rows()
        for reason, (holds, most) in checks.items()
        if score <= most and holds(text_of[left]) != holds(text_of[right])
    }
    return release_pairs(pairs, released)


def leaves_open(text: str) -> bool:
    """`Whether the track was the cause is unclear`: the English text states nothing of it."""
    predicates = find_predicates(text, "en")
    asked = any(predicate.modality == "open" for predicate in predicates)
    return asked and any(
        predicate.verb in ("be", "remain") and LEFT_OPEN.match(text[predicate.end :])
        for predicate in predicates
    )


def only_names_purpose(text: str) -> bool:
    """`to support the crews in their work`: a clause without a subject, and nothing done yet."""
    return PURPOSE.match(text) is not None


def only_points_back(text: str) -> bool:
    """`The company announced this on Monday`: what it announced stands before.

    A denial points back as well, and yet says something of its own.
    """
    if (
        find_denial(text) is not None
        or len(text.split()) > MAX_BARE_WORDS
        or POINTS_BACK.search(text) is None
    ):
        return False
    predicates = [p for p in find_predicates(text, "en") if p.is_finite]
    speech = load_words("verbs", "speech", "en")
    return bool(predicates) and all(
        predicate.verb in speech
        and all(role not in ("object", "second") for role in predicate.roles)
        for predicate in predicates
    )
