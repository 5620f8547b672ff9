"""Noun phrases, verb groups and what joins them, from the word classes of an English text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.language.lexicon import load_table, load_words

if TYPE_CHECKING:
    from pipeline.language.tagging import Word

ChunkKind = Literal[
    "noun", "verb", "preposition", "conjunction", "subordinator", "relative", "comma", "stop",
    "other",
]  # fmt: skip
_NOUN_TAGS = frozenset("TAQNPs")
_BEFORE_NUMBERS = frozenset(
    ["around", "about", "over", "under", "nearly", "almost", "some", "roughly", "only", "just"]
)
_CHAINS = ("planned", "expected", "reported", "neutral", "negative", "possible", "demanded")
_QUOTES = frozenset({"“", "”", "„", '"', "»", "«"})
_FEW_QUOTED = 6
_STOPS = frozenset({".", "!", "?", ";", ":", "(", ")", "—", "–", "“", "”", "„", '"', "»", "«"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """Words `first` up to `last` (exclusive); `head` is a noun chunk's noun."""

    kind: ChunkKind
    first: int
    last: int
    head: int
    text: str
    verb_words: tuple[int, ...] = ()
    inner_subject: Chunk | None = None  # "did the rocket lift": the phrase inside the group


def cut_chunks(words: tuple[Word, ...]) -> tuple[Chunk, ...]:
    """Chunks in order; adverbs between them are left out."""
    chunks: list[Chunk] = []
    at = 0
    while at < len(words):
        chunk = _read_noun(words, at) or _read_verb(words, at) or _read_joint(words, at)
        if chunk.kind != "other":
            chunks.append(chunk)
        at = chunk.last
    return tuple(chunks)


def drop_inner_quotes(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words without quotation marks around a few that state nothing by themselves.

    `called them "legitimate targets"` names an object; a quoted sentence stays apart.
    """
    dropped: set[int] = set()
    for at, word in enumerate(words):
        if word.text not in _QUOTES or at in dropped or at == 0 or words[at - 1].tag == "Z":
            continue
        end = next((k for k in range(at + 1, len(words)) if words[k].text in _QUOTES), at)
        inside = words[at + 1 : end]
        if 0 < len(inside) <= _FEW_QUOTED and not any(w.tag in "BHDMVZ" for w in inside):
            dropped |= {at, end}
    return tuple(word for at, word in enumerate(words) if at not in dropped)


def _read_noun(words: tuple[Word, ...], at: int) -> Chunk | None:
    """`the younger brother`, `Kim Jong-un`, `a crew of seven` (of-phrases included)."""
    if words[at].tag == "O":
        return Chunk("noun", at, at + 1, at, words[at].lower)
    last, head = _scan_noun(words, at)
    if head is None:
        return None
    while last + 1 < len(words) and words[last].lower == "of":
        inner_last, inner_head = _scan_noun(words, last + 1)
        if inner_head is None:
            break
        last = inner_last
    return Chunk("noun", at, last, head, words[head].lower)


def _scan_noun(  # noqa: C901, PLR0912 - one branch a word class
    words: tuple[Word, ...], at: int
) -> tuple[int, int | None]:
    """The index after the noun phrase that begins here, and its head; no head, no phrase."""
    head: int | None = None
    last = at
    while last < len(words):
        word = words[last]
        if word.tag in _NOUN_TAGS:
            if word.tag == "T" and last > at and words[last - 1].tag not in "TR":
                break  # the next phrase's article
            if word.tag == "Q" and head is not None and _counts_noun(words, last):
                break  # paid the farmer 4,000 euros
            if word.tag in "NP" or (word.tag == "Q" and head is None):
                head = last
        elif word.lower == "-" and last > at and last + 1 < len(words):
            if words[last + 1].start != word.end:
                break
        elif word.tag in "Vp" and last > at and words[last - 1].lower == "-":
            pass  # start-up, death-defying
        elif (word.tag == "V" and _is_attribute(words, last, at)) or (
            word.tag == "R" and last > at and last + 1 < len(words) and words[last + 1].tag in "AQ"
        ):
            pass
        elif word.lower in {"one", "ones"} and last > at:
            head = last
        elif word.tag in "IR" and last + 1 < len(words) and words[last + 1].tag == "Q":
            if word.lower not in _BEFORE_NUMBERS:
                break
        else:
            break
        last += 1
    if head is None:
        adjective_head = last > at and words[at].tag == "T" and words[last - 1].tag == "A"
        head = last - 1 if adjective_head else None
    return (last, head) if head is not None else (at, None)


def _counts_noun(words: tuple[Word, ...], at: int) -> bool:
    """A number after a noun and before another: the next phrase's, not `Flight 370`."""
    follows = words[at + 1].tag if at + 1 < len(words) else ""
    return words[at - 1].tag in "NP" and follows == "N"


def _is_attribute(words: tuple[Word, ...], at: int, first: int) -> bool:
    """A participle between an article and a noun: `the planned merger`."""
    return (
        at > first
        and words[at].form in {"participle", "gerund", "past"}
        and words[at - 1].tag in "TAs"
        and at + 1 < len(words)
        and words[at + 1].tag in "NPA"
    )


def _read_verb(  # noqa: C901, PLR0912 - one branch a word class
    words: tuple[Word, ...], at: int
) -> Chunk | None:
    """Auxiliaries, modals, `to` and chained verbs up to the main verb: `had planned to tour`."""
    opens = words[at].tag in "VBHDMt" or (
        words[at].tag == "X" and at + 1 < len(words) and words[at + 1].tag in "VRt"
    )
    if not opens:
        return None
    inside: list[int] = []
    inner: Chunk | None = None
    last = at
    while last < len(words):
        word = words[last]
        if word.tag in "BHDMXt":
            if word.tag in "BHDM" and any(words[k].tag == "V" for k in inside):
                previous = words[inside[-1]]
                if previous.tag == "V" or not _is_chain(words, inside):
                    break
            linked = inside and words[inside[-1]].tag in "AS"
            if word.tag == "t" and inside and not linked and not _is_chain(words, inside):
                break
            inside.append(last)
        elif word.tag == "V":
            second = any(words[k].tag == "V" for k in inside)
            chained = word.form == "gerund" and _is_chain(words, inside)
            if second and words[inside[-1]].tag not in "tBHI" and not chained:
                break
            inside.append(last)
        elif word.tag == "R" or _links_chain(words, inside, last):
            inside.append(last)
        elif word.tag in "NPTO" and inner is None and _is_inverted(words, inside, last):
            inner = _read_noun(words, last)
            if inner is None:
                break
            last = inner.last
            continue
        else:
            break
        last += 1
    while inside and (words[inside[-1]].tag in "RtAIS" or _denies_the_next(words, inside)):
        inside.pop()
    verbal = [k for k in inside if words[k].tag in "VBHD"]
    if not verbal:
        return Chunk("other", at, at + 1, at, words[at].lower)
    return Chunk(
        "verb", at, inside[-1] + 1, verbal[-1], words[verbal[-1]].lower, tuple(inside), inner
    )


def _denies_the_next(words: tuple[Word, ...], inside: list[int]) -> bool:
    """`told not to talk`: the negator belongs to the verb after `to`."""
    at = inside[-1]
    if len(inside) < 2 or at + 1 == len(words) or words[at].tag != "X":
        return False
    return words[at + 1].tag == "t" and words[inside[-2]].tag == "V"


def _links_chain(words: tuple[Word, ...], inside: list[int], at: int) -> bool:
    """`likely to`, `thinking about stepping`, `debating whether to close`."""
    word, following = words[at], words[at + 1] if at + 1 < len(words) else None
    if following is None or not inside:
        return False
    if word.lower in load_table("verbs")["en"]["chain_adjectives"]:
        return following.tag == "t"
    if not any(words[k].tag == "V" for k in inside) or not _is_chain(words, inside):
        return False
    if word.lower == "whether":
        return following.tag == "t"
    return word.lower in {"about", "of", "on"} and following.form == "gerund"


def _is_chain(words: tuple[Word, ...], inside: list[int]) -> bool:
    """The last verb so far only carries the modality of the next: `plan to`, `be expected to`."""
    verbs = [k for k in inside if words[k].tag in "VBHD"]
    if not verbs:
        return True
    last = words[verbs[-1]]
    if last.tag in "BHD":
        return True
    return any(last.lemma in load_words("verbs", f"chain_{kind}", "en") for kind in _CHAINS)


def _is_inverted(words: tuple[Word, ...], inside: list[int], at: int) -> bool:
    """`did the rocket lift off`: an auxiliary opens, a verb in its base form follows the phrase."""
    if len(inside) != 1 or words[inside[0]].tag not in "DHM":
        return False
    noun = _read_noun(words, at)
    return noun is not None and noun.last < len(words) and words[noun.last].tag == "V"


def _read_joint(words: tuple[Word, ...], at: int) -> Chunk:
    word = words[at]
    kind: ChunkKind = "other"
    if word.lower == "according" and at + 1 < len(words) and words[at + 1].lower == "to":
        return Chunk("preposition", at, at + 2, at, "according to")
    if word.tag == "I" or word.lower in {"than", "to"}:
        kind = "preposition"
    elif word.tag == "C":
        kind = "conjunction"
    elif word.tag == "S":
        kind = "subordinator"
    elif word.tag == "W":
        kind = "relative"
    elif word.text in _STOPS:
        kind = "stop"
    elif word.text == ",":
        kind = "comma"
    return Chunk(kind, at, at + 1, at, word.lower)
