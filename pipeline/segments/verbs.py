"""Which words of a German piece are finite verbs, without a tagger.

Nouns are written with a capital, so a lower-case word that stands in the list of forms is a verb
unless its neighbours make it a participle, an infinitive or an adjective.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.segments.clause_data import ClauseData
    from pipeline.segments.words import Word

_PAST = re.compile(r"[a-zäöüß]{4,}te[nt]?")
# Participle and present at once: "erwartet", "bestätigt", "unterzeichnet", "kritisiert".
_EITHER = re.compile(
    r"(?:be|emp|ent|er|ge|miss|ver|zer|unter|über|hinter)[a-zäöüß]{3,}t|[a-zäöüß]{3,}iert"
)
_PERFECT_INFINITIVES = (["zu", "haben"], ["zu", "sein"], ["zu", "werden"])
_INFINITIVE_WITH_ZU = re.compile(
    r"(?:ab|an|auf|aus|bei|bereit|durch|ein|entgegen|fern|fest|fort|frei|heim|her|heraus|herein|hinaus"
    r"|hoch|klar|los|mit|nach|nieder|offen|sicher|statt|still|teil|um|unter|vor|voran|vorbei|wahr|weg"
    r"|weiter|wieder|zurück|zusammen)zu[a-zäöüß]{3,}(?:en|ern|eln|tun)"
)


def find_finite(words: Sequence[Word], data: ClauseData) -> list[int]:
    """Positions of the finite verbs among the words of one piece.

    Where no form is a verb beyond doubt, unlisted past forms get a second look.
    """
    sure = [place for place in range(len(words)) if _is_finite(place, words, data)]
    if sure:
        return sure
    return [place for place in range(len(words)) if _may_be_finite(place, words, data)]


def _is_finite(  # noqa: PLR0911 - a ladder of rules
    place: int, words: Sequence[Word], data: ClauseData
) -> bool:
    word = words[place]
    if word.is_number or (word.is_capital and not _opens_with_verb(place, words, data)):
        return False
    if place > 0 and words[place - 1].folded == "zu":
        return False
    form = word.folded
    if form in data.auxiliaries or form in data.modals:
        return not _is_governed(place, words, data)
    if form in data.verbs:
        if _is_attributive(place, words, data):
            return False
        if _EITHER.fullmatch(form) is not None and _has_auxiliary(place, words, data):
            return False  # "hat sich ... verändert"
        return not (form.endswith("n") and _is_governed(place, words, data))
    if form in data.ambiguous_verbs:
        return not _is_attributive(place, words, data) and not _has_auxiliary(place, words, data)
    return _PAST.fullmatch(form) is not None and _stands_like_a_verb(place, words, data)


def _may_be_finite(place: int, words: Sequence[Word], data: ClauseData) -> bool:
    """Unlisted forms: "und der Ukraine entsandte Nordkorea", "die Stadt erwartet den Scheitel"."""
    word = words[place]
    if word.is_capital or word.is_number or _is_attributive(place, words, data):
        return False
    if [w.folded for w in words[place + 1 : place + 3]] in _PERFECT_INFINITIVES:
        return False  # "Warnungen ignoriert zu haben"
    if _PAST.fullmatch(word.folded) is not None:
        after_and = place == 1 and words[0].folded in data.coordinators
        return place > 0 and (words[place - 1].is_capital or after_and)
    if _EITHER.fullmatch(word.folded) is None or place + 1 == len(words):
        return False
    following = words[place + 1]
    if place == 0:
        return following.folded in data.determiners or following.folded in data.pronouns
    return words[place - 1].is_capital or words[place - 1].folded in data.pronouns


def _opens_with_verb(place: int, words: Sequence[Word], data: ClauseData) -> bool:
    """Whether a verb with a capital opens the sentence: "Wird eines der Länder ..."."""
    if place != 0 or len(words) < 3 or words[0].folded.endswith("en"):
        return False
    form, following = words[0].folded, words[1]
    known = form in data.verbs or form in data.auxiliaries or form in data.modals
    return known and (following.is_capital or following.folded in data.determiners | data.pronouns
                      or following.folded in ("sich", "auch", "nun", "aber", "es"))  # fmt: skip


def _is_governed(place: int, words: Sequence[Word], data: ClauseData) -> bool:
    """Whether a modal makes the form an infinitive: "soll ... enden", "... enden soll"."""
    if not words[place].folded.endswith("n"):
        return False
    if any(word.folded in data.modals and not word.is_capital for word in words[:place]):
        return True
    return place + 2 == len(words) and words[place + 1].folded in data.modals


def _has_auxiliary(place: int, words: Sequence[Word], data: ClauseData) -> bool:
    """Whether another word of the piece is an auxiliary, so that this one is a participle."""
    return any(
        word.folded in data.auxiliaries or word.folded in data.modals
        for number, word in enumerate(words)
        if number != place and not word.is_capital
    )


def _is_attributive(place: int, words: Sequence[Word], data: ClauseData) -> bool:
    """Whether the form stands inside a noun phrase: "das im Juni vereinbarte Abkommen"."""
    if place + 1 >= len(words) or not words[place + 1].is_capital or place == 0:
        return False
    if not words[place].folded.endswith(("e", "en", "er", "es", "em")):
        return False
    articles = data.determiners - {"alle", "viele", "beide"}
    for back in range(place - 1, max(place - 6, -1), -1):
        word, after = words[back], words[back + 1]
        if word.folded in articles and (back == 0 or not word.is_capital):
            if back == place - 1 or after.folded in data.prepositions:
                return True
            return all(not between.is_capital for between in words[back + 1 : place])
    before = words[place - 1]
    if before.folded in data.coordinators:
        if place == 1:
            return False
        before = words[place - 2]  # "lobte die Helfer und kündigte Hilfe an"
    return words[place].folded in data.ambiguous_verbs and (
        not before.is_capital and before.folded not in data.pronouns
    )


def _stands_like_a_verb(place: int, words: Sequence[Word], data: ClauseData) -> bool:
    """For unlisted past forms: after a subject and before a complement, or at the very end."""
    if place == 0 or _has_auxiliary(place, words, data):
        return False
    if place == len(words) - 1:
        return True
    before, after = words[place - 1], words[place + 1]
    subject = before.is_capital or before.folded in data.pronouns - data.determiners
    return subject and not after.is_capital


def has_infinitive_with_zu(words: Sequence[Word]) -> bool:
    """Whether the piece has "zu liefern" or "auszubauen"."""
    for number, word in enumerate(words):
        if word.is_capital:
            continue
        if word.folded == "zu" and number + 1 < len(words):
            following = words[number + 1]
            if not following.is_capital and following.folded.endswith("n"):
                return True
        if _INFINITIVE_WITH_ZU.fullmatch(word.folded) is not None:
            return True
    return False
