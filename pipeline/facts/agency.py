"""Mentions in, shared sources out: which outlets print one agency's text.

Two outlets that print the same dpa sentence are one source. Near-identical source wording is the
proof; an agency's mark in the article names the agency.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

CHAR_SHINGLE = 5
WORD = re.compile(r"\w+")
# News copied from one wire shares far more than a quotation does; independent reports of one
# fact stay below 0.4 on the story sets.
COPY_JACCARD = 0.7
# A shorter span ("Die Lage ist ernst") can agree by chance.
MIN_COPY_CHARS = 40
SHARED_WORDING = "shared wording"
# Credits as German, Austrian and Swiss newspapers print them.
AGENCIES = {
    "dpa": r"dpa(?:[-/][a-z]+)?|Deutschen?r? Presse-Agentur",
    "AFP": r"AFP|afp|Agence France-Presse",
    "Reuters": r"Reuters|rtr",
    "AP": r"AP|Associated Press",
    "epd": r"epd|Evangelischen?r? Pressedienst",
    "KNA": r"KNA|Katholischen?r? Nachrichten-Agentur",
    "SID": r"SID|sid|Sport-Informations-Dienst",
    "APA": r"APA|apa|Austria Presse Agentur",
    "Keystone-SDA": r"Keystone-SDA|SDA|sda",
}
MARKS = tuple((name, re.compile(rf"(?<!\w)(?:{form})(?!\w)")) for name, form in AGENCIES.items())


def find_agencies(text: str) -> tuple[str, ...]:
    """Agencies that a byline, dateline or sentence credits."""
    return tuple(name for name, mark in MARKS if mark.search(text))


def shingle_source(text: str) -> frozenset[str]:
    """Character 5-grams of the wording, case, punctuation and spacing levelled."""
    level = " ".join(WORD.findall(text.casefold()))
    return frozenset(
        level[at : at + CHAR_SHINGLE] for at in range(max(1, len(level) - CHAR_SHINGLE + 1))
    )


def find_copies(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of texts too alike to be independent reports."""
    shingles = [shingle_source(text) for text in texts]
    return [
        (left, right)
        for left in range(len(texts))
        for right in range(left + 1, len(texts))
        if min(len(texts[left]), len(texts[right])) >= MIN_COPY_CHARS
        and _jaccard(shingles[left], shingles[right]) >= COPY_JACCARD
    ]


def count_sources(outlets: Sequence[str], copies: Sequence[tuple[int, int]]) -> int:
    """Independent sources: outlets, those joined by a copy counted once."""
    leader = {outlet: outlet for outlet in outlets}

    def find(outlet: str) -> str:
        while leader[outlet] != outlet:
            outlet = leader[outlet]
        return outlet

    for left, right in copies:
        first, second = sorted((find(outlets[left]), find(outlets[right])))
        leader[second] = first
    return len({find(outlet) for outlet in outlets})


def _jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right)


def credit_agencies(
    mentions: Sequence[dict[str, Any]], credits_of: dict[str, tuple[str, ...]]
) -> list[str | None]:
    """Per mention the agency whose text it is, or None; `credits_of` is by article.

    A copy between outlets names the agency that both articles credit, then one that either
    credits, then just says that the wording is shared.
    """
    named: list[str | None] = [None] * len(mentions)
    for left, right in find_copies([mention["source_text"] for mention in mentions]):
        if mentions[left]["outlet"] == mentions[right]["outlet"]:
            continue
        first = credits_of.get(mentions[left]["article_id"], ())
        second = credits_of.get(mentions[right]["article_id"], ())
        both = [name for name in first if name in second]
        agency = next(iter([*both, *first, *second]), SHARED_WORDING)
        named[left] = named[left] or agency
        named[right] = named[right] or agency
    return named
