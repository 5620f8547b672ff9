"""Sentence pairs made by rule: the same fact in other words, or one detail changed.

Paraphrases are two systems' translations of one German news sentence, or a rewriting that keeps
the meaning (number and date formats, contractions, clause order, active and passive). A negative
is a paraphrase in which one detail was changed: number, date, name, place, role, negation,
modality, attribution, unit, quantifier or an antonym.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from vocabulary import (
    ABBREVIATIONS,
    ANTONYM_GROUPS,
    ATTRIBUTION_GROUPS,
    DATE_GROUPS,
    DIGITS,
    MODAL_GROUPS,
    MONTHS,
    NOUNS,
    NUMBER_WORDS,
    PARTICIPLES,
    PLACE_GROUPS,
    QUANTIFIER_GROUPS,
    SYNONYMS,
    TAILS,
    UNIT_GROUPS,
    VERBS,
    WEEKDAYS,
)

Edit = Callable[[str, str, random.Random], str | None]


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w'’%-]+", text))


def _replace_once(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", lambda _: new, text, count=1)


def _contains(text: str, phrase: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", text) is not None


def _group_edit(groups: list[list[str]]) -> Edit:
    """Replaces a group's member that both sides carry by another member of the group."""

    def edit(left: str, right: str, rng: random.Random) -> str | None:
        found = [
            (member, group)
            for group in groups
            for member in group
            if _contains(right, member) and _contains(left, member)
        ]
        if not found:
            return None
        member, group = rng.choice(found)
        new = rng.choice([other for other in group if other != member])
        if _contains(left, new):
            return None
        return _replace_once(right, member, new)

    return edit


def change_number(left: str, right: str, rng: random.Random) -> str | None:
    """Another number of the same make; a year becomes another year."""
    shared = [n for n in re.findall(r"\d[\d.,]*\d|\d", right) if n in left]
    words = [w for w in NUMBER_WORDS if _contains(right, w) and _contains(left, w)]
    if not shared and not words:
        return None
    choice = rng.choice([*shared, *words])
    if choice in words:
        new = rng.choice([w for w in NUMBER_WORDS[:14] if w != choice])
        return _replace_once(right, choice, new)
    new = _other_number(choice, rng)
    if new == choice or new in left:
        return None
    return right.replace(choice, new, 1)


def _other_number(number: str, rng: random.Random) -> str:
    way = rng.randrange(4)
    positions = [i for i, c in enumerate(number) if c.isdigit()]
    if way == 0 and re.fullmatch(r"\d{1,3},\d{3}", number):  # 12,000 -> 1,200
        value = int(number.replace(",", ""))
        return f"{value * 10:,}" if value % 10 or rng.random() < 0.5 else f"{value // 10:,}"
    if way == 1 and len(positions) >= 2 and number[positions[-1]] != number[positions[-2]]:
        a, b = positions[-2:]  # 1973 -> 1937
        digits = list(number)
        digits[a], digits[b] = digits[b], digits[a]
        return "".join(digits)
    if way == 2 and number.isdigit() and len(number) < 4:
        value = int(number)
        return str(max(1, value + rng.choice([-3, -2, -1, 1, 2, 3, 5, 10, value, 2 * value])))
    position = rng.choice(positions)
    old = number[position]
    low = "123456789" if position == 0 else "0123456789"
    return number[:position] + rng.choice([d for d in low if d != old]) + number[position + 1 :]


def shared_names(left: str, right: str) -> list[str]:
    """Capitalised words away from a sentence's start that both sides carry."""
    names = re.findall(r"(?<=[a-z,] )[A-Z][\w’'-]{2,}", right)
    stop = {*WEEKDAYS, *MONTHS, "The", "This", "But", "And"}
    return [n for n in dict.fromkeys(names) if n in _words(left) and n not in stop]


def make_name_edit(pool: list[str]) -> Edit:
    """Replaces one shared name by a name from the pool."""

    def edit(left: str, right: str, rng: random.Random) -> str | None:
        names = shared_names(left, right)
        if not names:
            return None
        name, new = rng.choice(names), rng.choice(pool)
        if new in left or new in right:
            return None
        return re.sub(rf"\b{re.escape(name)}\b", lambda _: new, right)

    return edit


def swap_roles(left: str, right: str, rng: random.Random) -> str | None:
    """Two shared names, or two `the N`, change places; not where `and` joins them."""
    names = shared_names(left, right)
    first = re.match(r"[A-Z][\w’-]+", right)
    if first and first[0] in _words(left) and len(first[0]) > 3 and first[0] not in {"The", "This"}:
        names.append(first[0])
    nouns = [n for n in re.findall(r"\b[Tt]he ([a-z]{4,})\b", right) if f"the {n}" in left.lower()]
    pool = [names, nouns] if len(nouns) > 1 and rng.random() < 0.5 else [names]
    group = pool[-1]
    if len(group) < 2:
        return None
    a, b = rng.sample(group, 2)
    start, end = sorted((right.find(a), right.find(b)))
    between = right[start:end].split()[1:]
    if len(between) < 2 or {"and", "or", "nor"} & set(between) or "," in "".join(between):
        return None
    swapped = re.sub(rf"\b{re.escape(a)}\b", "\0", right)
    swapped = re.sub(rf"\b{re.escape(b)}\b", lambda _: a, swapped)
    return swapped.replace("\0", b)


AUXILIARIES = "is are was were has have had will would can could should must may might did does do"


def change_negation(left: str, right: str, rng: random.Random) -> str | None:
    """`not` (or `never`, `no longer`) put in or taken out."""
    negated = r"\b(not|never|no longer)\b|n[’']t\b"
    if re.search(negated, left) and re.search(negated, right):
        taken = re.sub(r" (not|never|no longer)\b|n[’']t\b", "", right, count=1)
        return taken if taken != right else None
    if re.search(rf"{negated}|\bno\b|\bnone\b|\bwithout\b", left + right):
        return None
    slots = list(re.finditer(rf"\b({AUXILIARIES.replace(' ', '|')})\b (?=[a-z])", right))
    if slots:
        slot = rng.choice(slots)
        word = rng.choice(["not", "not", "not", "never", "no longer"])
        return right[: slot.end()] + word + " " + right[slot.end() :]
    return None


def deny_by_verb(left: str, right: str, rng: random.Random) -> str | None:
    """A plain past verb becomes `did not` or `failed to` + verb, where the base form is plain."""
    found = re.search(r"\b(?:[Tt]he|[Aa]) [a-z]+ ([a-z]{3,}(?:[^e]ed))\b", right)
    if not found or found[1] not in left or re.search(r"\bnot\b|n[’']t\b", left):
        return None
    base = found[1][:-2]
    if base.endswith(("at", "iz", "is", "uc", "ag", "ang", "ec", "s", "c", "v", "z", "u")):
        base += "e"
    phrase = rng.choice(["did not", "failed to", "refused to", "wants to", "plans to", "could"])
    return right[: found.start(1)] + f"{phrase} {base}" + right[found.end(1) :]


NEGATIVE_KINDS: dict[str, Edit] = {
    "number": change_number,
    "date": _group_edit(DATE_GROUPS),
    "place": _group_edit(PLACE_GROUPS),
    "role": swap_roles,
    "negation": change_negation,
    "denial": deny_by_verb,
    "modality": _group_edit(MODAL_GROUPS),
    "attribution": _group_edit(ATTRIBUTION_GROUPS),
    "unit": _group_edit(UNIT_GROUPS),
    "quantifier": _group_edit(QUANTIFIER_GROUPS),
    "antonym": _group_edit(ANTONYM_GROUPS),
}


def reformat(text: str, rng: random.Random) -> str:
    """The same fact in another format; the text itself when no rule applies."""
    for rule in rng.sample(FORMATS, k=len(FORMATS)):
        changed = rule(text, rng)
        if changed != text:
            text = changed
            if rng.random() < 0.5:
                break
    return text


def _format_number(text: str, rng: random.Random) -> str:
    words = [w for w in NUMBER_WORDS if _contains(text, w)]
    if words:
        return _replace_once(text, (w := rng.choice(words)), str(DIGITS[w]))
    names = {str(v): k for k, v in DIGITS.items()}
    small = [m for m in re.findall(r"(?<![\d.,$€])\b\d{1,2}\b(?![\d.,:%])", text) if m in names]
    if small:
        return _replace_once(text, (m := rng.choice(small)), names[m])
    if found := re.search(r"\b(\d{1,3}),(\d{3})\b", text):
        if found[2] == "000" and rng.random() < 0.5:
            return text.replace(found[0], f"{found[1]} thousand", 1)
        return text.replace(found[0], found[1] + found[2], 1)
    return text


def _format_money(text: str, _: random.Random) -> str:
    text = re.sub(r"\$(\d[\d.,]*)( (?:m|b|tr)illion)?", r"\1\2 dollars", text, count=1)
    text = re.sub(r"(?:€|EUR )(\d[\d.,]*)( (?:m|b|tr)illion)?", r"\1\2 euros", text, count=1)
    return re.sub(r"(\d)(\.\d)? ?(?:percent|per cent)", r"\1\2%", text, count=1)


def _format_large(text: str, _: random.Random) -> str:
    if found := re.search(r"\b(\d+)\.(\d) billion\b", text):
        return text.replace(found[0], f"{found[1]},{found[2]}00 million")
    if found := re.search(r"\b(\d{1,3})(?:\.(\d))? million\b", text):
        return text.replace(found[0], f"{found[1]},{found[2] or 0}00,000")
    if found := re.search(r"\b(\d{1,3}),(\d)00,000\b", text):
        fraction = "" if found[2] == "0" else f".{found[2]}"
        return text.replace(found[0], f"{found[1]}{fraction} million")
    return text


def _format_date(text: str, rng: random.Random) -> str:
    months = "|".join(MONTHS)
    if found := re.search(rf"\b({months}) (\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)", text):
        way = rng.choice(["{1} {0}", "{1} {0}", "{2} {1}"])
        return text.replace(found[0], way.format(found[1], found[2], found[1][:3] + "."), 1)
    if found := re.search(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({months})\b", text):
        return text.replace(found[0], f"{found[2]} {found[1]}", 1)
    return text


def _format_contraction(text: str, _: random.Random) -> str:
    pairs = (("did not", "didn't"), ("does not", "doesn't"), ("is not", "isn't"),
             ("was not", "wasn't"), ("will not", "won't"), ("cannot", "can't"),
             ("has not", "hasn't"), ("would not", "wouldn't"), ("are not", "aren't"))  # fmt: skip
    for long, short in pairs:
        if _contains(text, long):
            return _replace_once(text, long, short)
        if short in text:
            return text.replace(short, long, 1)
    return text


def _format_words(text: str, rng: random.Random) -> str:
    for long, short in rng.sample([*ABBREVIATIONS, *SYNONYMS], k=len(ABBREVIATIONS + SYNONYMS)):
        old, new = (long, short) if rng.random() < 0.5 else (short, long)
        if (old, new) != ("is going to", "will") and _contains(text, old):
            return _replace_once(text, old, new)
    return text


def _format_order(text: str, _: random.Random) -> str:
    conjunctions = "because|although|after|before|when|while|if|since"
    if found := re.fullmatch(rf"([^,;:“\"]+?),? ({conjunctions}) ([^,;:“\"]+)\.", text):
        head, word, clause = found.groups()
        return f"{word.capitalize()} {clause}, {_lower(head)}."
    if found := re.fullmatch(rf"({conjunctions.title()}) ([^,;:“\"]+), ([^,;:“\"]+)\.", text):
        word, clause, head = found.groups()
        return f"{head[0].upper() + head[1:]} {word.lower()} {clause}."
    if found := re.fullmatch(rf"(On (?:{'|'.join(WEEKDAYS)})|In \w+),? ([^,;:“\"]+)\.", text):
        return f"{found[2][0].upper() + found[2][1:]} {found[1][0].lower() + found[1][1:]}."
    return text


def _format_speech(text: str, rng: random.Random) -> str:
    if found := re.fullmatch(r"According to ([^,;]+), ([^;]+)\.", text):
        return f"{found[2][0].upper() + found[2][1:]}, {found[1]} said."
    if found := re.fullmatch(r"([^,;“\"]+), (?:said )?([^,;“\"]+?)(?: said)?\.", text):
        if " said" not in text[len(found[1]) :]:
            return text
        who = found[2]
        ways = (
            f"{who[0].upper() + who[1:]} said {_lower(found[1])}.",
            f"According to {_lower(who)}, {_lower(found[1])}.",
        )
        return rng.choice(ways)
    return text


def _lower(text: str) -> str:
    """Lower-cased start where the first word is an everyday one."""
    everyday = {"The", "A", "An", "In", "On", "It", "They", "He", "She", "We", "This", "Many",
                "Some", "All", "There", "His", "Her", "Their", "At", "No"}  # fmt: skip
    return text[0].lower() + text[1:] if text.split(maxsplit=1)[0] in everyday else text


FORMATS = [
    _format_number, _format_money, _format_large, _format_date, _format_contraction,
    _format_words, _format_order, _format_speech,
]  # fmt: skip


def make_role_pair(rng: random.Random) -> tuple[str, str, int]:
    """Two short sentences of one verb and two nouns, and whether both say the same."""
    (a, b), verb, tail = rng.sample(NOUNS, 2), rng.choice(VERBS), rng.choice(TAILS)
    article = rng.choice(["The", "The", "A"])
    participle = PARTICIPLES.get(verb, verb)
    ways = {
        "active": lambda x, y: f"{article} {x} {verb} the {y}{tail}.",
        "passive": lambda x, y: f"The {y} was {participle} by {article.lower()} {x}{tail}.",
        "cleft": lambda x, y: f"It was {article.lower()} {x} that {verb} the {y}{tail}.",
    }
    left = ways[rng.choice(["active", "active", "passive"])](a, b)
    same = rng.random() < 0.5
    x, y = (a, b) if same else (b, a)
    right = ways[rng.choice(["active", "passive", "passive", "cleft"])](x, y)
    if same and left == right:
        right = ways["passive" if " by " not in left else "active"](a, b)
    return left, right, int(same)
