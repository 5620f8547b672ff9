"""Verb groups: the main verb, whether it is negated, and what the words before it make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.language.lexicon import load_table, load_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.language.chunks import Chunk
    from pipeline.language.tagging import Word

FACT = "fact"
# What leaves the clause after `if` open: it is uncertain if, they do not know if.
_OPEN_WORDS = frozenset({"uncertain", "unclear", "unknown", "unsure", "clear", "know", "known"})


def read_group(group: Sequence[Word]) -> tuple[str, str, str, bool, bool]:
    """Main verb, modality, the words that say so, negated, passive."""
    verbs = [word for word in group if word.tag in "VBHD"]
    main = verbs[-1] if verbs else group[-1]
    before = [word for word in group if word is not main]
    negated = any(word.tag == "X" or word.lower in {"never", "hardly"} for word in group)
    modality, modal = FACT, ""
    for word in before:
        kind = _modality_of(word, before, main)
        if kind == "negative":
            negated = not negated
        elif kind and modality == FACT:
            modality, modal = kind, word.lower
    passive = (
        main.tag == "V"
        and main.form in {"participle", "past"}
        and any(word.tag == "B" or word.lemma == "get" for word in before)
        and not any(word.tag == "H" for word in before[-1:])
    )
    return main.lemma, modality, modal, negated, passive


def is_finite(group: Sequence[Word]) -> bool:
    """Not `to fix`, `fixing`."""
    first = next((word for word in group if word.tag in "VBHDMt"), group[0])
    return first.tag != "t" and not (first.tag in "VBH" and first.form == "gerund")


def is_past(group: Sequence[Word]) -> bool:
    """Past or perfect: it has happened."""
    finite = group[0]
    perfect = any(word.tag == "H" for word in group) and group[-1].form in {"participle", "past"}
    if finite.tag == "M":
        return False
    return finite.form == "past" or (len(group) == 1 and finite.form == "participle") or perfect


NEVER = frozenset({"never", "nor", "neither", "seldom", "rarely"})
_ADVERBS_NEVER = frozenset({"never", "hardly", "scarcely", "barely"})
_ADVERBS = {
    "allegedly": "reported", "reportedly": "reported", "supposedly": "reported",
    "apparently": "reported", "possibly": "possible", "probably": "possible",
    "perhaps": "possible", "maybe": "possible", "presumably": "possible",
}  # fmt: skip
_MODALS = {
    "will": "planned", "'ll": "planned", "wo": "planned", "shall": "planned", "would": "planned",
    "may": "possible", "might": "possible", "could": "possible", "can": "possible",
    "should": "demanded", "must": "demanded", "ought": "demanded",
}  # fmt: skip


def _modality_of(word: Word, before: Sequence[Word], main: Word) -> str:
    """What a word before the main verb makes of the fact; empty for nothing."""
    if word.tag == "M":
        return _MODALS.get(word.lower, "possible")
    to_follows = any(w.tag == "t" and w.start > word.start for w in before)
    following = next((w for w in before if w.start > word.start and w.tag not in "RX"), None)
    leads_on = following is not None and following.tag == "t"
    if word.tag == "B" and leads_on:
        return "planned"  # is to be exchanged
    if word.tag == "H" and leads_on:
        return "demanded"
    if word.tag == "V" and word is not main:
        for kind in ("planned", "expected", "reported", "negative", "possible", "demanded"):
            if word.lemma in load_words("verbs", f"chain_{kind}", "en"):
                return kind
    adjectives = load_table("verbs")["en"]["chain_adjectives"]
    if word.lower in adjectives:
        return str(adjectives[word.lower]) if to_follows else ""
    return _ADVERBS.get(word.lower, "")


def read_adverbs(near: Sequence[Word]) -> tuple[str, str]:
    """Modality and the adverb that says so: `reportedly`, `perhaps`; a fact where there is none."""
    return next(((_ADVERBS[w.lower], w.lower) for w in near if w.lower in _ADVERBS), (FACT, ""))


def is_turned_negative(words: Sequence[Word], chunks: Sequence[Chunk], number: int) -> bool:
    """`never warned`, `never before had it risen`, `unless they resign`; not `not until May`."""
    chunk = chunks[number]
    before = words[max(0, chunk.first - 2) : chunk.first]
    if chunk.inner_subject is not None:
        turned = any(word.lower in NEVER for word in before)
    else:
        turned = bool(before) and before[-1].lower in _ADVERBS_NEVER
    clause = next(
        (c for c in reversed(chunks[:number]) if c.kind not in {"noun", "preposition"}), None
    )
    unless = clause is not None and clause.text == "unless"
    denied = any(words[k].tag == "X" for k in chunk.verb_words)
    until = denied and chunk.last < len(words) and words[chunk.last].lower == "until"
    return (turned + unless + until) % 2 == 1


def is_open(words: Sequence[Word], chunks: Sequence[Chunk], number: int) -> bool:
    """The verb stands in a clause that only asks: `whether the ferry sails`, `unclear if it does`.

    `Whether or not` asks nothing, and `debating whether to close` is a plan.
    """
    for at in range(number - 1, -1, -1):
        chunk = chunks[at]
        if chunk.kind in {"verb", "relative", "stop"}:
            return False
        if chunk.kind == "subordinator":
            before = words[max(0, chunk.first - 5) : chunk.first]
            asked = any(word.lower in _OPEN_WORDS for word in before)
            settled = [word.lower for word in words[chunk.last : chunk.last + 2]] == ["or", "not"]
            return (chunk.text == "whether" and not settled) or (chunk.text == "if" and asked)
    return False
