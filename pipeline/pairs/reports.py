"""Verified pairs in, the pairs with what their texts only report read by itself out.

"There is great concern that the firm sells seeds abroad" and "critics accuse the firm of selling
seeds abroad" state one thing; the frames around it are what keeps them apart. Where the frame
vouches for nothing else (no denial, no doubt), the reported statement is compared as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from pipeline.language.attribution import stance_of
from pipeline.language.lexicon import load_words
from pipeline.language.polarity import find_negations
from pipeline.language.roles import find_predicates
from pipeline.language.tagging import tag_words
from pipeline.pairs.verification import verify_pairs
from pipeline.schemas import CANDIDATES, PAIRS, UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.config import MatchingConfig
    from pipeline.embedding import Embedder
    from pipeline.pairs.model import PairModel

# Behind the id of a unit: what it reports.
REPORTED = "~"
MAX_FRAME_WORDS = 12
MIN_REPORTED_WORDS = 5
THAT = re.compile(r"\s+that\s+", re.IGNORECASE)
OF_DOING = re.compile(r"\bof\s+(\w+ing\b.*)")
ACCUSING = frozenset({"accuse", "suspect"})


def find_reported(text: str) -> str | None:
    """The statement that an English text only reports; None where it states it itself."""
    for border in THAT.finditer(text):
        frame, reported = text[: border.start()], text[border.end() :]
        if _is_frame(frame) and _is_statement(reported):
            return reported
    return _find_accusation(text)


def _find_accusation(text: str) -> str | None:
    """`accuses the firm of selling seeds`, `the firm is accused of selling seeds`."""
    for predicate in find_predicates(text, "en"):
        accused = predicate.roles.get("object")
        deed = OF_DOING.match(text[predicate.end :].lstrip()) if predicate.is_passive else None
        if accused is not None and deed is None and accused.start >= predicate.end:
            deed = OF_DOING.match(text[accused.end :].lstrip())
        if predicate.verb in ACCUSING and accused and deed and not predicate.is_negated:
            return f"{accused.text} {deed[1]}"
    return None


def _is_frame(text: str) -> bool:
    """`In addition there is great concern`, `The agency warned`: ends in what introduces it."""
    words = tag_words(text, "en")
    if not 1 < len(words) <= MAX_FRAME_WORDS:
        return False
    last = words[-1].lemma
    opens = last in load_words("verbs", "speech", "en") or last in load_words(
        "verbs", "claim_nouns", "en"
    )
    return opens and _vouches(text)


def _vouches(frame: str) -> bool:
    """Nothing in the frame denies or doubts."""
    if find_negations(frame, "en"):
        return False
    return all(
        stance_of(predicate) not in ("denying", "uncertain")
        for predicate in find_predicates(frame, "en")
    )


def _is_statement(text: str) -> bool:
    """A verb with somebody before it; not what is left of `the report that cost him his job`."""
    predicates = find_predicates(text, "en")
    finite = any(predicate.is_finite for predicate in predicates)
    if not finite or len(text.split()) < MIN_REPORTED_WORDS:
        return False
    first = predicates[0]
    before = [phrase for phrase in first.roles.values() if phrase.start < first.start]
    return bool(before)


def verify_reports(
    pairs: pl.DataFrame,
    units: pl.DataFrame,
    config: MatchingConfig,
    *,
    embedder: Embedder,
    model: PairModel | None = None,
    story_model: PairModel | None = None,
    same_names: Sequence[tuple[str, str]] = (),
) -> pl.DataFrame:
    """The pairs, an unrelated one with the verdict on what either side reports if that is `same`.

    Of two articles only: a newspaper that reports a claim twice says so itself.
    """
    texts = units.select("unit_id", "target_text").iter_rows()
    reported = {unit: found for unit, text in texts if (found := find_reported(text)) is not None}
    asked = _list_readings(PAIRS.check(pairs), units, reported)
    if asked.is_empty():
        return pairs
    known = pl.concat([units, _build_readings(units, reported)]).sort("unit_id")
    candidates = CANDIDATES.check(asked.select(list(CANDIDATES.columns)))
    judged = verify_pairs(
        candidates,
        known,
        config,
        embedder=embedder,
        model=model,
        story_model=story_model,
        same_names=same_names,
    )
    return _take_best(pairs, judged.filter(pl.col("verdict") == "same"))


def _list_readings(
    pairs: pl.DataFrame, units: pl.DataFrame, reported: Mapping[str, str]
) -> pl.DataFrame:
    """Candidates with the reported statement in the place of either side or both."""
    article_of = dict(units.select("unit_id", "article_id").iter_rows())
    rows = []
    for row in pairs.filter(pl.col("verdict") == "unrelated").iter_rows(named=True):
        left, right = row["unit_left"], row["unit_right"]
        if article_of[left] == article_of[right]:
            continue
        lefts = [left, *([left + REPORTED] if left in reported else [])]
        rights = [right, *([right + REPORTED] if right in reported else [])]
        for one in lefts:
            for other in rights:
                if (one, other) != (left, right):
                    smaller, larger = sorted((one, other))
                    rows.append({**row, "unit_left": smaller, "unit_right": larger})
    return PAIRS.build(rows).sort("unit_left", "unit_right")


def _build_readings(units: pl.DataFrame, reported: Mapping[str, str]) -> pl.DataFrame:
    """A unit for each reported statement; its words in the source are not known by themselves."""
    rows = [
        {
            **row,
            "unit_id": row["unit_id"] + REPORTED,
            "kind": "clause",
            "source_language": "en",
            "source_text": reported[row["unit_id"]],
            "target_text": reported[row["unit_id"]],
        }
        for row in units.iter_rows(named=True)
        if row["unit_id"] in reported
    ]
    return UNITS.build(rows)


def _take_best(pairs: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """The pairs with the surest reading's score and verdict."""
    plain = [pl.col(side).str.strip_suffix(REPORTED) for side in ("unit_left", "unit_right")]
    sides = judged.with_columns(
        unit_left=pl.min_horizontal(plain), unit_right=pl.max_horizontal(plain)
    )
    best = (
        sides.sort("score", "reason", descending=[True, False])
        .unique(["unit_left", "unit_right"], keep="first", maintain_order=True)
        .select("unit_left", "unit_right", new_score="score", new_reason="reason")
    )
    joined = pairs.join(best, on=["unit_left", "unit_right"], how="left", maintain_order="left")
    is_new = pl.col("new_score").is_not_null() & (pl.col("verdict") == "unrelated")
    return PAIRS.check(
        joined.with_columns(
            score=pl.when(is_new).then("new_score").otherwise("score"),
            verdict=pl.when(is_new).then(pl.lit("same")).otherwise("verdict"),
            reason=pl.when(is_new)
            .then(pl.format("as reported: {}", "new_reason"))
            .otherwise("reason"),
        ).drop("new_score", "new_reason")
    )
