"""Verified pairs in, the pairs parted where one text denies what the other states.

A denial names what it denies in a word or two ("the delivery", "this"), so the pair of both texts
looks unrelated. What is denied stands before it: in the same sentence, or in one of the last few
of its article.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.language.lexicon import load_words
from pipeline.language.roles import find_predicates
from pipeline.pairs.alignment import align_texts, find_items
from pipeline.pairs.parting import part_pairs, release_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from pipeline.config import MatchingConfig
    from pipeline.language.roles import Predicate

HEADINGS = ("headline", "subheading")
# A newspaper answers a claim soon; further back another one is as likely.
MAX_SENTENCES_BACK = 3
# A denial reaches far, so the wordings it is carried to must be those of the claim.
SURE = 0.8
PERSONAL = frozenset({"he", "she", "it", "they", "these", "those", "this"})
RELATIVE = re.compile(r",\s*(?:which|whose|something)\b", re.IGNORECASE)
_ENDS = ",;:.!?–"


@dataclass(frozen=True, slots=True)
class Denial:
    """What a text denies, as it names it: "the delivery of weapons", "this"."""

    verb: str
    content: str


# The unit that denies, the units that claim (a sentence and its clauses), and what is denied.
Answer = tuple[str, tuple[str, ...], Denial]


def part_denials(pairs: pl.DataFrame, units: pl.DataFrame, config: MatchingConfig) -> pl.DataFrame:
    """The pairs with `differs` between a denial and the claim it answers, whoever prints that.

    The claim is what the denial's own article says before it, and every wording surely the same.
    Two denials of one article that answer two claims are no one fact, however alike.
    """
    links: defaultdict[str, set[str]] = defaultdict(set)
    columns = pairs.select("unit_left", "unit_right", "score", "verdict")
    for left, right, score, verdict in columns.iter_rows():
        if verdict == "same" and score >= max(SURE, config.threshold):
            links[left].add(right)
            links[right].add(left)
    text_of = dict(units.select("unit_id", "target_text").iter_rows())
    article_of = dict(units.select("unit_id", "article_id").iter_rows())
    answers = list(find_denied_claims(units))
    reasons = {
        order_pair(unit, other): f"denied: {denial.content or denial.verb}"
        for unit, claims, denial in answers
        for claim in claims
        for other in (claim, *sorted(links[claim]))
        if find_denial(text_of[other]) is None
    }
    several = {
        order_pair(one, other): "denies another claim"
        for one, claims, _ in answers
        for other, others, _ in answers
        if article_of[one] == article_of[other] and set(claims).isdisjoint(others)
    }
    return release_pairs(part_pairs(pairs, reasons), several)


def order_pair(one: str, other: str) -> tuple[str, str]:
    """The two as they stand in a pair: the smaller left."""
    return (one, other) if one <= other else (other, one)


def find_denied_claims(units: pl.DataFrame) -> Iterator[Answer]:
    """Units that deny, each with the units of its article whose claim it denies."""
    articles: defaultdict[str, list[list[dict[str, Any]]]] = defaultdict(list)
    ordered = units.sort("article_id", "segment_id", "start_char", "unit_id")
    segments: dict[str, list[dict[str, Any]]] = {}
    for row in ordered.iter_rows(named=True):
        segments.setdefault(row["segment_id"], []).append(row)
    for rows in segments.values():
        rows.sort(key=lambda row: (row["kind"] == "clause", row["start_char"]))
        if rows[0]["kind"] not in HEADINGS:
            articles[rows[0]["article_id"]].append(rows)
    for _, sentences in sorted(articles.items()):
        sentences.sort(key=lambda rows: (rows[0]["start_char"], rows[0]["unit_id"]))
        for place, rows in enumerate(sentences):
            before = sentences[max(0, place - MAX_SENTENCES_BACK) : place]
            yield from _read_sentence(rows, before)


def _read_sentence(
    rows: Sequence[dict[str, Any]], before: Sequence[Sequence[dict[str, Any]]]
) -> Iterator[Answer]:
    """The denials of one sentence: of a clause before it, or of a sentence before that."""
    whole, clauses = rows[0], rows[1:]
    for place, row in enumerate(clauses):
        denial = find_denial(row["target_text"])
        if denial is None:
            continue
        inside = _find_claim(denial, [[earlier] for earlier in clauses[:place]])
        claim = inside or _find_claim(denial, before)
        if claim:
            yield row["unit_id"], claim, denial
        if claim and not inside:
            yield whole["unit_id"], claim, denial
        return
    denial = find_denial(whole["target_text"])
    claim = _find_claim(denial, before) if denial is not None else ()
    if denial is not None and claim:
        yield whole["unit_id"], claim, denial


def _find_claim(denial: Denial, before: Sequence[Sequence[dict[str, Any]]]) -> tuple[str, ...]:
    """Units of the nearest sentence before that names what is denied; none where there is none.

    A bare "this" or "the deployment" means the nearest that says who or what it speaks of.
    """
    claims = [rows for rows in reversed(before) if not _claims_nothing(rows[0]["target_text"])]
    content = _list_content(denial)
    for rows in claims:
        if content and align_texts(denial.content, rows[0]["target_text"], frozenset()).matched:
            return _list_claims(rows)
    bare = [rows for rows in claims if len(content) <= 1 and not _goes_on(rows[0]["target_text"])]
    return _list_claims(bare[0]) if bare else ()


def _list_claims(rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """The sentence and those of its clauses that state something."""
    stating = [
        r for r in rows[1:] if any(p.is_finite for p in find_predicates(r["target_text"], "en"))
    ]
    return (rows[0]["unit_id"], *(row["unit_id"] for row in stating))


def _claims_nothing(text: str) -> bool:
    return find_denial(text) is not None or text.rstrip().endswith("?")


def _goes_on(text: str) -> bool:
    """`They are being trained`: speaks of what the sentence before it does."""
    subjects = [p.roles.get("subject") for p in find_predicates(text, "en")]
    return bool(subjects) and subjects[0] is not None and subjects[0].text.casefold() in PERSONAL


def _list_content(denial: Denial) -> list[str]:
    """Content words of what is denied, without words for claims themselves."""
    claims = load_words("verbs", "claim_nouns", "en")
    return [item.lemma for item in find_items(denial.content) if item.lemma not in claims]


def find_denial(text: str) -> Denial | None:
    """What the English text denies as a fact; None where it denies nothing."""
    for predicate in find_predicates(text, "en"):
        if predicate.is_negated or not predicate.is_finite:
            continue
        if "object" not in predicate.roles and _denies_itself(predicate, text):
            continue
        content = _read_content(predicate, text)
        disputes = predicate.verb in load_words("verbs", "disputing", "en")
        if disputes or (
            predicate.verb in load_words("verbs", "denying", "en") and _names_a_claim(predicate)
        ):
            return Denial(predicate.verb, content)
    return None


def _denies_itself(predicate: Predicate, text: str) -> bool:
    """`Production moves abroad, which the firm denies`: claim and denial in one."""
    relative = RELATIVE.search(text[: predicate.start])
    return relative is not None and any(
        other.is_finite and other.end <= relative.start() for other in find_predicates(text, "en")
    )


def _names_a_claim(predicate: Predicate) -> bool:
    """`rejected the accusations`: of a claim, not of an offer."""
    denied = predicate.roles.get("object")
    return denied is not None and denied.head in load_words("verbs", "claim_nouns", "en")


def _read_content(predicate: Predicate, text: str) -> str:
    """What is denied: the object with what belongs to it, or the clause that follows."""
    phrase = predicate.roles.get("object")
    if predicate.is_passive:
        return phrase.text if phrase is not None else ""
    rest = text[predicate.end :]
    if phrase is not None and phrase.start < predicate.start:
        return phrase.text
    ends = [place for mark in _ENDS if (place := rest.find(mark)) >= 0]
    return rest[: min(ends, default=len(rest))].strip()
