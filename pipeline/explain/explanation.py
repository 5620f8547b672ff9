"""What an explanation holds, and how it reads as lines of text or as plain values."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.pairs.comparison import Comparison

# Log-odds; below it a signal says too little to stand in a table for people (JSON has them all).
_SMALL_PULL = 0.1
_GLOSSES = {
    "cosine": "likeness of meaning",
    "centred_cosine": "likeness of meaning beyond what the whole story shares",
    "scaled_cosine": "likeness of meaning against the nearest other sentences",
    "jaccard": "wording in common (MinHash estimate)",
    "word_jaccard": "words in common",
    "bigram_jaccard": "word pairs in common",
    "trigram_jaccard": "word triples in common",
    "char5_jaccard": "wording in common, five letters at a time",
    "char5_containment": "wording of the shorter found in the longer",
    "word_containment": "words of the shorter found in the longer",
    "weighted_jaccard": "weighty words in common",
    "weighted_containment": "weighty words of the shorter found in the longer",
    "story_jaccard": "words rare in this story in common",
    "story_containment": "words rare in this story, of the shorter in the longer",
    "name_overlap": "names of the one found in the other",
    "name_jaccard": "names in common",
    "number_overlap": "figures in common",
    "length_ratio": "shorter length over longer",
    "short_length": "length of the shorter (log of its words)",
    "long_length": "length of the longer (log of its words)",
    "subsequence": "words in the same order",
}


@dataclass(frozen=True, slots=True)
class Signal:
    """One figure a verdict rests on; `pull` is its share in log-odds, null when not learned."""

    name: str
    value: float
    pull: float | None


@dataclass(frozen=True, slots=True)
class Detail:
    """One detail that both give alike, or in which they differ; a veto forbids `same`."""

    kind: str
    left: str
    right: str
    agrees: bool
    is_veto: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One text of a pair, with where it stands; nulls for a free text."""

    text: str
    source_text: str | None = None
    unit_id: str | None = None
    outlet: str | None = None
    source_language: str | None = None


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """Why two texts are the same fact, differ, or have nothing to do with each other."""

    left: Side
    right: Side
    verdict: str
    score: float
    probability: float | None  # before a differing detail was held against it; null from a run
    threshold: float
    differs_threshold: float
    reason: str
    details: tuple[Detail, ...]
    signals: tuple[Signal, ...]

    @property
    def sentence(self) -> str:
        """The verdict in one sentence."""
        vetoes = [
            f"{d.kind} ({d.left or '-'} / {d.right or '-'})" for d in self.details if d.is_veto
        ]
        differ = ", ".join(vetoes) or self.reason
        if self.verdict == "same":
            return f"The same fact: score {self.score:.2f}, at or above {self.threshold:.2f}."
        if self.verdict == "differs":
            return f"Kept apart: both speak of one thing and differ in {differ}."
        if vetoes:
            return f"Not the same fact: they differ in {differ}."
        return f"Not the same fact: score {self.score:.2f}, below {self.threshold:.2f}."


@dataclass(frozen=True, slots=True)
class FactExplanation:
    """Why the mentions of a fact stand together, and what was kept apart from them."""

    fact_id: str
    story_id: str
    kind: str
    text: str
    source_text: str
    outlets: tuple[str, ...]
    merged: tuple[PairExplanation, ...]  # pairs among its mentions, best first
    apart: tuple[PairExplanation, ...]  # pairs of a mention with another fact's, likeliest first


def to_plain(explanation: PairExplanation | FactExplanation) -> dict[str, Any]:
    """The explanation as plain values, ready for JSON."""
    plain: dict[str, Any] = dataclasses.asdict(explanation)
    if isinstance(explanation, PairExplanation):
        plain["sentence"] = explanation.sentence
    else:
        for key, pairs in (("merged", explanation.merged), ("apart", explanation.apart)):
            for row, pair in zip(plain[key], pairs, strict=True):
                row["sentence"] = pair.sentence
    return plain


def describe(explanation: PairExplanation | FactExplanation) -> list[str]:
    """The explanation as lines of plain text, for a terminal."""
    if isinstance(explanation, FactExplanation):
        lines = [
            f"fact {explanation.fact_id} ({explanation.kind}): {explanation.text}",
            f"  {explanation.source_text}",
            f"  said by {', '.join(explanation.outlets)}",
        ]
        for title, pairs in (("merged", explanation.merged), ("kept apart", explanation.apart)):
            lines += ["", f"{title}: {len(pairs)} pairs"]
            for pair in pairs:
                lines += ["", *describe(pair)]
        return lines
    lines = []
    for name, side in (("left", explanation.left), ("right", explanation.right)):
        place = " ".join(filter(None, (side.outlet, side.unit_id)))
        lines.append(f"{name:<6} {side.text}" + (f"  [{place}]" if place else ""))
    lines.append(explanation.sentence)
    for detail in explanation.details:
        mark = "=" if detail.agrees else "!=" if detail.is_veto else "~"
        values = detail.left if detail.agrees else f"{detail.left or '-'} / {detail.right or '-'}"
        lines.append(f"  {mark:<2} {detail.kind:<12} {values}")
    for signal in explanation.signals:
        if signal.pull is not None and abs(signal.pull) < _SMALL_PULL:
            continue
        pull = "" if signal.pull is None else f"  pulls {signal.pull:+.2f}"
        gloss = _GLOSSES.get(signal.name, "")
        lines.append(f"     {signal.name:<21} {signal.value:>7.3f}{pull:<13}  {gloss}".rstrip())
    limits = f"same from {explanation.threshold:.2f}"
    return [*lines, f"  score {explanation.score:.3f} ({limits}); {explanation.reason}"]


def list_details(comparison: Comparison) -> tuple[Detail, ...]:
    """Differences first, the surest at the top, then what agrees."""
    differ = [
        Detail(d.kind, d.left_value, d.right_value, False, d.is_veto)
        for d in comparison.differences
    ]
    agree = [Detail(a.kind, a.value, a.value, True, False) for a in comparison.agreements]
    return (*differ, *agree)
