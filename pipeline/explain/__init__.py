"""Why two texts were merged or kept apart: signals, values, verdict, threshold, in words.

`explain_texts` measures two free texts afresh; `explain_fact` and `explain_pair` read what a run
wrote (facts.jsonl, pairs.parquet, mentions.parquet), so that they tell what happened there.
"""

from pipeline.explain.explanation import (
    Detail,
    FactExplanation,
    PairExplanation,
    Side,
    Signal,
    describe,
    to_plain,
)
from pipeline.explain.measured import explain_texts
from pipeline.explain.recorded import explain_fact, explain_pair

__all__ = [
    "Detail",
    "FactExplanation",
    "PairExplanation",
    "Side",
    "Signal",
    "describe",
    "explain_fact",
    "explain_pair",
    "explain_texts",
    "to_plain",
]
