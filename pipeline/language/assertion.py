"""Whether a text states, asks, leaves open or thinks likely; and what has become of whom."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.language.lexicon import load_table
from pipeline.language.modality import find_modalities
from pipeline.language.roles import Phrase, Predicate, find_predicates
from pipeline.language.tagging import Word, tag_words

_ASKING = frozenset({"what", "how", "why", "who", "where", "which", "whose", "when"})
# A clause that opens with one of the others may hang on a noun: the strike, which began at six.
_HEADING = frozenset({"what", "how", "why"})
# They hold what is open, and state nothing beside it: it remains to be seen whether.
_SHELLS = frozenset(
    {"be", "remain", "leave", "know", "see", "say", "decide", "ask", "stay", "seem", "appear"}
)
_TENTATIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|considered|deemed|thought|regarded|seen|held|believed|remains?"
    r"|seems?|appears?|looks?)\s+(?:(?:\w+ly|very|quite|rather|still|as|to be)\s+)*"
    r"(?:likely|unlikely|possible|probable|improbable|conceivable|doubtful|questionable|uncertain)"
    r"\b(?!\s+to\b)",
    re.IGNORECASE,
)
_HEDGES = frozenset(
    {"unclear", "uncertain", "open", "unknown", "undecided", "question", "doubt", "doubtful"}
    | {"whether", "if", "likely", "unlikely", "possible", "known", "expected", "chance"}
)
_NEAR = 2


@lru_cache(maxsize=32768)
def read_assertion(text: str) -> str:
    """`asked`, `open`, `tentative`, or `stated`; English."""
    words = [word for word in tag_words(text, "en") if word.tag != "Z" or word.text == "?"]
    predicates = find_predicates(text, "en")
    if words and _is_question(words, sum(predicate.is_finite for predicate in predicates), text):
        return "asked"
    stated = [p for p in predicates if p.verb not in _SHELLS and p.is_finite]
    if stated and all(p.modality == "open" for p in stated):
        return "open"
    return "tentative" if _TENTATIVE.search(text) else "stated"


def _is_question(words: list[Word], finite: int, text: str) -> bool:
    """Ends in a question mark, or a heading: `What the ruling means`, no verb but the clause's."""
    first = words[0]
    if words[-1].text == "?":
        return first.lower in _ASKING or first.tag in "BHDM"
    asking = sum(word.lower in _ASKING for word in words)
    return first.lower in _HEADING and finite <= asking and not text.rstrip().endswith(".")


@lru_cache(maxsize=32768)
def is_flat(text: str) -> bool:
    """Stated without any word of chance, plan or doubt."""
    if read_assertion(text) != "stated" or find_modalities(text, "en"):
        return False
    return not any(word.lower in _HEDGES for word in tag_words(text, "en"))


def asks_alike(left: str, right: str) -> bool:
    """A question word of the one stands in the other: how the toll works, this is how it works."""
    words = [{w.lower for w in tag_words(text, "en")} for text in (left, right)]
    return not words[0].isdisjoint(words[1] & _ASKING)


@lru_cache(maxsize=32768)
def find_states(text: str) -> frozenset[tuple[str, str]]:
    """Who (the noun's lemma) and what became of them: (`climber`, `missing`)."""
    found = set()
    words = tag_words(text, "en")
    for predicate in find_predicates(text, "en"):
        first = next(k for k, w in enumerate(words) if w.end > predicate.start)
        last = sum(w.start < predicate.end for w in words)
        near = words[max(0, first - 1) : last + _NEAR]  # fatally injured, was found dead
        forms = {form for w in near for form in (w.lemma, w.lower)}
        state = next((state for state, known in _states().items() if forms & known), "")
        person = _find_person(predicate)
        if state and person is not None and not person.is_pronoun:
            found.add((person.head, state))
    return frozenset(found)


@lru_cache(maxsize=1)
def _states() -> dict[str, frozenset[str]]:
    return {state: frozenset(words) for state, words in load_table("states")["en"].items()}


def is_spared(text: str) -> bool:
    """Says by one word that nobody was hurt: unharmed, not injured are one."""
    return any(word.lower in _states()["unharmed"] for word in tag_words(text, "en"))


def _find_person(predicate: Predicate) -> Phrase | None:
    """Of a passive or of `kill` the object, else the subject: who kills is not dead."""
    does_it = any(predicate.verb in words for words in _states().values())
    by_another = predicate.is_passive or (does_it and "object" in predicate.roles)
    return predicate.roles.get("object" if by_another else "subject")
