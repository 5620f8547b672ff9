"""Who does what to whom: the predicates of an English text with subject, object and the rest.

A shallow reading from word classes, no parser: noun phrases, verb groups, and the phrases before
and after them inside a clause. A passive is turned round, so `A was hit by B` and `B hit A` give
the same roles.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.language.chunks import Chunk, cut_chunks, drop_inner_quotes
from pipeline.language.lexicon import load_words
from pipeline.language.tagging import tag_words
from pipeline.language.verb_groups import (
    FACT,
    is_finite,
    is_open,
    is_past,
    is_turned_negative,
    read_adverbs,
    read_group,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.language.tagging import Word


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase in a role: its head's lemma, and the lemmas of all its content words."""

    head: str
    words: frozenset[str]
    text: str
    start: int
    end: int
    is_proper: bool
    is_pronoun: bool
    determiner: str


@dataclass(frozen=True, slots=True)
class Predicate:
    """One verb with its roles; `roles` maps `subject`, `object` and prepositions to phrases."""

    verb: str
    roles: dict[str, Phrase] = field(hash=False)
    is_negated: bool
    is_passive: bool
    modality: str  # fact, planned, possible, expected, demanded, reported, open
    modal: str  # the words that say so
    is_past: bool
    is_finite: bool  # not `to fix`, `fixing`: those state no fact of their own
    start: int
    end: int


@lru_cache(maxsize=32768)
def find_predicates(text: str, language: str) -> tuple[Predicate, ...]:
    """Predicates in order of their verbs; none for other languages than English."""
    if language != "en":
        return ()
    words = drop_inner_quotes(tag_words(text, language))
    chunks = cut_chunks(words)
    groups = [number for number, chunk in enumerate(chunks) if chunk.kind == "verb"]
    found: list[Predicate] = []
    subjects: dict[int, Phrase] = {}
    for number in groups:
        predicate = _read_predicate(words, chunks, number, subjects, text)
        if predicate is not None:
            found.append(predicate)
    return tuple(found)


@lru_cache(maxsize=32768)
def find_phrases(text: str, language: str) -> tuple[tuple[str, Phrase, str], ...]:
    """Every noun phrase: its preposition (or empty), itself, the head of the phrase before it."""
    if language != "en":
        return ()
    words = drop_inner_quotes(tag_words(text, language))
    found = []
    preposition = previous = ""
    for chunk in cut_chunks(words):
        if chunk.kind == "noun":
            phrase = _phrase(words, chunk, text)
            found.append((preposition, phrase, previous))
            previous = phrase.head
        elif chunk.kind != "preposition":
            previous = ""
        preposition = chunk.text if chunk.kind == "preposition" else ""
    return tuple(found)


def _read_predicate(
    words: tuple[Word, ...],
    chunks: Sequence[Chunk],
    number: int,
    subjects: dict[int, Phrase],
    text: str,
) -> Predicate | None:
    chunk = chunks[number]
    group = [words[k] for k in chunk.verb_words]
    verb, modality, modal, negated, passive = read_group(group)
    before = words[max(0, chunk.first - 2) : chunk.first]
    if is_turned_negative(words, chunks, number):
        negated = not negated
    if modality == FACT:
        modality, modal = read_adverbs((*before, *words[chunk.last : chunk.last + 2]))
    if is_open(words, chunks, number):
        modality, modal = "open", "whether"
    subject = _find_subject(words, chunks, number, subjects, text)
    plan = _find_plan(words, chunks, number)
    if plan is not None:
        modality, modal, given_up = plan
        negated, subject = negated != given_up, subjects.get(number - 2)
    if subject is not None:
        subjects[number] = subject
    roles = _read_roles(verb, passive, subject, _read_after(words, chunks, number, text))
    if verb == "be" and "object" not in roles:
        complement = _read_complement(words, chunk)
        if complement is not None:
            roles["object"] = complement
    particle = _find_particle(words, chunk)
    return Predicate(
        f"{verb}_{particle}" if particle else verb, roles, negated, passive, modality, modal,
        is_past(group), is_finite(group) or plan is not None, group[0].start, group[-1].end,
    )  # fmt: skip


def _read_roles(
    verb: str, passive: bool, subject: Phrase | None, after: dict[str, Phrase]
) -> dict[str, Phrase]:
    """The phrases by role, a passive turned round."""
    roles: dict[str, Phrase] = {}
    if subject is None and "object" in after and verb in load_words("verbs", "speech", "en"):
        subject = after.pop("object")  # "...", said the governor
    if passive:
        if subject is not None:
            roles["object"] = subject
        agent = after.get("by")
        if agent is not None and not _is_amount(agent):
            roles["subject"] = after.pop("by")
        if "object" in after:
            roles["second"] = after.pop("object")
    elif subject is not None:
        roles["subject"] = subject
    return roles | {role: phrase for role, phrase in after.items() if role not in roles}


def _find_plan(
    words: tuple[Word, ...], chunks: Sequence[Chunk], number: int
) -> tuple[str, str, bool] | None:
    """`its plan to build`: modality, its word, and whether the plan is dropped."""
    if number < 2 or words[chunks[number].first].tag != "t":
        return None
    noun, verb = chunks[number - 1], chunks[number - 2]
    plan = words[noun.head].lemma
    if noun.kind != "noun" or plan not in load_words("verbs", "plan_nouns", "en"):
        return None
    lemma = words[verb.head].lemma
    dropped = lemma in load_words("verbs", "refraining", "en") or words[noun.first].lower == "no"
    return ("planned", f"{lemma} {plan}", dropped) if verb.kind == "verb" else None


def _phrase(words: tuple[Word, ...], chunk: Chunk, text: str) -> Phrase:
    head = words[chunk.head]
    inside = words[chunk.first : chunk.last]
    content = frozenset(
        word.lemma if word.tag != "P" else word.lower
        for word in inside
        if word.tag in "NPAQV" and word.lower not in {"one", "ones"}
    )
    start, end = inside[0].start, inside[-1].end
    return Phrase(
        head.lemma if head.tag != "P" else head.lower, content, text[start:end], start, end,
        head.tag == "P", head.tag == "O", inside[0].lower if inside[0].tag == "T" else "",
    )  # fmt: skip


def _join_phrases(first: Phrase | None, second: Phrase, text: str) -> Phrase:
    """`gold and cash` as one phrase, with the head of the last."""
    if first is None or first.start == second.start:
        return second
    start, end = min(first.start, second.start), max(first.end, second.end)
    return replace(
        second, words=first.words | second.words, text=text[start:end], start=start, end=end,
        determiner=first.determiner,
    )  # fmt: skip


def _find_subject(
    words: tuple[Word, ...],
    chunks: Sequence[Chunk],
    number: int,
    subjects: dict[int, Phrase],
    text: str,
) -> Phrase | None:
    """The noun phrase before the verb that no preposition governs; a shared one after `and`."""
    inner = chunks[number].inner_subject
    if inner is not None:
        return _phrase(words, inner, text)
    at = number - 1
    if at > 0 and chunks[at].kind == "conjunction":  # said nothing, but defended
        earlier = [k for k in range(at) if chunks[k].kind == "verb"]
        return subjects.get(earlier[-1]) if earlier else None
    while at >= 0:
        chunk = chunks[at]
        if chunk.kind == "noun":
            joined = at > 1 and chunks[at - 1].text == "and" and chunks[at - 2].kind == "noun"
            first = at - 2 if joined else at
            if first and chunks[first - 1].kind == "preposition":  # between Porto and Braga
                at = first - 2
                continue
            phrase = _phrase(words, chunk, text)
            return _join_phrases(_phrase(words, chunks[first], text), phrase, text)
        if chunk.kind == "verb":
            return subjects.get(at) if _is_joined(chunks, at, number) else None
        if chunk.kind in {"subordinator", "stop"}:
            return None
        at -= 1
    return None


def _is_joined(chunks: Sequence[Chunk], first: int, second: int) -> bool:
    between = chunks[first + 1 : second]
    return any(chunk.kind == "conjunction" for chunk in between) or not any(
        chunk.kind in {"comma", "relative"} for chunk in between
    )


def _read_after(
    words: tuple[Word, ...], chunks: Sequence[Chunk], number: int, text: str
) -> dict[str, Phrase]:
    """Object and prepositional phrases up to the next verb or clause."""
    roles: dict[str, Phrase] = {}
    at = number + 1
    preposition = ""
    is_speech = words[chunks[number].head].lemma in load_words("verbs", "speech", "en")
    while at < len(chunks):
        chunk = chunks[at]
        if chunk.kind in {"verb", "subordinator", "stop", "relative"}:
            break
        if chunk.kind == "comma" and not _goes_on(chunks, at):
            break
        if chunk.kind == "preposition":
            preposition = chunk.text
        elif chunk.kind == "noun":
            role = preposition or ("object" if "object" not in roles else "second")
            if not preposition and (
                _starts_clause(chunks, at) or (is_speech and _opens_report(words, chunks, at))
            ):
                break
            joined = at > 1 and chunks[at - 1].text in {"and", "or"}
            if joined and chunks[at - 2].kind == "noun":
                role = next(reversed(roles), role)
                roles[role] = _join_phrases(roles.get(role), _phrase(words, chunk, text), text)
            elif role not in roles:
                roles[role] = _phrase(words, chunk, text)
            preposition = ""
        at += 1
    return roles


def _starts_clause(chunks: Sequence[Chunk], at: int) -> bool:
    """A noun phrase right before a verb, after another one: the next clause's subject."""
    nxt = chunks[at + 1].kind if at + 1 < len(chunks) else ""
    return nxt == "verb" and at > 0 and chunks[at - 1].kind in {"conjunction", "comma"}


def _opens_report(words: tuple[Word, ...], chunks: Sequence[Chunk], at: int) -> bool:
    """`said no decisions had been made`: the phrase is the next verb's subject."""
    if at + 1 == len(chunks) or chunks[at + 1].kind != "verb":
        return False
    first = words[chunks[at + 1].first]
    return first.tag in "BHM" or first.form in {"past", "present"}


def _goes_on(chunks: Sequence[Chunk], at: int) -> bool:
    """After the comma only a prepositional phrase: still the same clause."""
    return at + 1 < len(chunks) and chunks[at + 1].kind == "preposition"


def _is_amount(phrase: Phrase) -> bool:
    """`by six months`: no agent."""
    return any(word[0].isdigit() for word in phrase.words) or phrase.head in {
        "percent", "month", "year", "day", "week", "point", "margin", "end", "time", "hour"
    }  # fmt: skip


def _read_complement(words: tuple[Word, ...], chunk: Chunk) -> Phrase | None:
    """`is (not) contaminated`: the adjective after a form of be."""
    for word in words[chunk.last : chunk.last + 3]:
        if word.tag == "A" or (word.tag == "V" and word.form == "participle"):
            return Phrase(
                word.lemma, frozenset((word.lemma,)), word.text, word.start, word.end,
                False, False, "",
            )  # fmt: skip
        if word.tag not in "RX":
            return None
    return None


def _find_particle(words: tuple[Word, ...], chunk: Chunk) -> str:
    """`called off`, `lift off`: the particle right after the verb or after its object."""
    last = chunk.last
    for word in words[last : last + 1]:
        if word.tag == "p":
            return word.lower
    return ""
