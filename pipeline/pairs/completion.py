"""A clause and the words before it in, the clause with its subject out.

Cut from its sentence, "which began at six" or "and ends on Friday" no longer says of what it
speaks. English clauses take it from the words before them: the noun a relative pronoun stands for,
the subject that a second verb shares.
"""

from __future__ import annotations

import re

import polars as pl

from pipeline.language.quantities import find_quantities
from pipeline.language.roles import find_phrases, find_predicates
from pipeline.schemas import UNITS

RELATIVE = re.compile(r"^[,\s]*(which|who|that)\s+(?=\w)", re.IGNORECASE)
POSSESSIVE = re.compile(r"^[,\s]*whose\s+(?=\w)", re.IGNORECASE)
# `under which each side must help`: complete but for the words that tie it to its noun.
TIED = re.compile(
    r"^[,\s]*(?:under|in|at|on|with|by|for|from|after|through|during|against|of|to|where)"
    r"(?:\s+(?:which|whom)|(?<=where))\s+(?=\w)",
    re.IGNORECASE,
)
COORDINATED = re.compile(r"^[,\s]*(?:and|but)\s+(?=\w)", re.IGNORECASE)


def complete_clause(clause: str, before: str) -> str | None:
    """The clause as a statement of its own; None where it is one, or can't be made one."""
    if TIED.match(clause):
        return TIED.sub("", clause)
    if RELATIVE.match(clause) or POSSESSIVE.match(clause):
        return _name_antecedent(clause, before)
    if COORDINATED.match(clause):
        return _name_subject(COORDINATED.sub("", clause), before)
    return None


def _name_antecedent(clause: str, before: str) -> str | None:
    """The relative pronoun's noun in its place: the last one before it.

    `Soldiers from the barracks, who ...`: a person does not stand behind a preposition.
    """
    found = RELATIVE.match(clause)
    is_person = found is not None and found[1].casefold() == "who"
    nouns = [noun.text for preposition, noun, _ in find_phrases(before, "en")
             if not (is_person and preposition)]  # fmt: skip
    if not nouns:
        return None
    noun = _drop_figures(nouns[-1])
    if found is None:
        ending = "'" if noun.endswith("s") else "'s"
        return f"{noun}{ending} {POSSESSIVE.sub('', clause)}"
    rest = RELATIVE.sub("", clause)
    return _insert_object(rest, noun) or f"{noun} {rest}"


def _drop_figures(noun: str) -> str:
    """`120 soldiers, who fill sandbags`: that it is 120 is said before, not by this clause."""
    figures = find_quantities(noun, "en")
    if not figures:
        return noun
    rest = noun[max(figure.end for figure in figures) :].strip(" -")
    return f"the {rest}" if rest else noun


def _insert_object(rest: str, noun: str) -> str | None:
    """`(which) the union does not rule out`: the noun goes behind the verb."""
    predicates = find_predicates(rest, "en")
    if not predicates or "subject" not in predicates[0].roles or predicates[0].is_passive:
        return None
    first = predicates[0]
    if first.roles["subject"].start >= first.start:
        return None
    return f"{rest[: first.end]} {noun}{rest[first.end :]}"


def _name_subject(clause: str, before: str) -> str | None:
    """The subject of the last verb before, where the clause begins with its verb."""
    predicates = find_predicates(clause, "en")
    if not predicates or not predicates[0].is_finite or "subject" in predicates[0].roles:
        return None
    if predicates[0].is_passive and "object" in predicates[0].roles:
        return None
    subjects = [
        predicate.roles["object" if predicate.is_passive else "subject"]
        for predicate in find_predicates(before, "en")
        if predicate.is_finite
        and ("object" if predicate.is_passive else "subject") in predicate.roles
    ]
    known = [phrase.text for phrase in subjects if not phrase.is_pronoun]
    return f"{_drop_figures(known[-1])} {clause}" if known else None


def complete_clauses(units: pl.DataFrame) -> pl.DataFrame:
    """The units (schemas.UNITS), each clause's English with its subject where it lacks one."""
    before: dict[str, str] = {}
    completed: dict[str, str] = {}
    ordered = UNITS.check(units).filter(pl.col("kind") == "clause")
    columns = ("unit_id", "segment_id", "target_text")
    for unit, segment, text in ordered.sort("segment_id", "start_char").select(columns).iter_rows():
        found = complete_clause(text, before[segment]) if segment in before else None
        before[segment] = found or text
        if found is not None:
            completed[unit] = found
    text = pl.col("unit_id").replace_strict(completed, default=None, return_dtype=pl.String())
    return UNITS.check(units.with_columns(target_text=pl.coalesce(text, "target_text")))
