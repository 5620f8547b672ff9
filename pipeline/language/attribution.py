"""Who is quoted: the speakers a text names for what it states, and their stance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.language.lexicon import load_words
from pipeline.language.roles import Predicate, find_phrases, find_predicates

# nach Angaben der Polizei, laut Ministerium, wie das Amt mitteilte, teilte X mit, X zufolge
# One or more nouns and names with what joins them: Gewerkschaft Verdi, Regierung der USA
_GERMAN_NAME = (
    r"(?:[a-zäöüß]+(?:en|er|em)\s+)?[A-ZÄÖÜ][\w-]*"
    r"(?:\s+(?:(?:und|der|des|für|von|dem)\s+)*[A-ZÄÖÜ][\w-]*){0,5}"
)
_GERMAN = re.compile(
    r"(?:[Nn]ach\s+(?:Angaben|Einschätzung|Informationen|Aussagen?|Auskunft|Erkenntnissen|Worten)"
    rf"\s+(?:(?:des|der|von|vom)\s+)?(?P<after>{_GERMAN_NAME})"
    rf"|[Ll]aut\s+(?:(?:dem|der|den|des)\s+)?(?P<laut>{_GERMAN_NAME})"
    rf"|(?P<before>{_GERMAN_NAME})\s+zufolge\b"
    r"|(?:sagte|erklärte|betonte|teilte|berichtete|meldete|schrieb|warnte|kündigte)\s+"
    rf"(?:(?:der|die|das|ein|eine)\s+)?(?P<verb>{_GERMAN_NAME}))"
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """One speaker; `stance` is affirming, denying, uncertain or plain."""

    speaker: str
    head: str
    is_proper: bool
    stance: str
    start: int
    end: int


@lru_cache(maxsize=32768)
def find_attributions(text: str, language: str) -> tuple[Attribution, ...]:
    """Speakers in order of appearance."""
    if language == "de":
        return tuple(_read_german(text))
    found = _find_sources(text, language)
    for predicate in find_predicates(text, language):
        speech = any(
            predicate.verb in load_words("verbs", k, "en") for k in ("speech", "attitudes")
        )
        stance = stance_of(predicate)
        speaker = predicate.roles.get("subject")
        if (speech or stance != "plain") and speaker is not None and not speaker.is_pronoun:
            found.append(
                Attribution(speaker.text, speaker.head, speaker.is_proper, stance,
                            speaker.start, speaker.end)
            )  # fmt: skip
    return tuple(found)


def stance_of(predicate: Predicate) -> str:
    """Whether the subject stands behind what the verb introduces."""
    verb = predicate.verb
    for stance, opposite in (("affirming", "denying"), ("denying", "affirming"), ("uncertain", "")):
        if verb in load_words("verbs", stance, "en"):
            return opposite if predicate.is_negated and opposite else stance
    if predicate.is_negated and verb in load_words("verbs", "speech", "en"):
        return "denying"
    return "plain"


def _find_sources(text: str, language: str) -> list[Attribution]:
    """`according to X`, `a study by X`."""
    found = []
    phrases = find_phrases(text, language)
    for preposition, phrase, before in phrases:
        by_study = preposition in {"by", "of", "from"} and before in load_words(
            "verbs", "reporting_nouns", "en"
        )
        if preposition == "according to" or by_study:
            found.append(
                Attribution(phrase.text, phrase.head, phrase.is_proper, "plain",
                            phrase.start, phrase.end)
            )  # fmt: skip
    return found


def _read_german(text: str) -> list[Attribution]:
    found = []
    for match in _GERMAN.finditer(text):
        group = next(name for name in ("after", "laut", "before", "verb") if match[name])
        speaker = match[group].strip()
        if speaker:
            start = match.start(group)
            found.append(
                Attribution(speaker, speaker.split()[-1].lower(), False, "plain",
                            start, start + len(speaker))
            )  # fmt: skip
    return found
