"""Numerals and number words as decimals: `3.000`, `three thousand`, `dreitausend`, `1,2 Mrd.`"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.language.lexicon import load_table

if TYPE_CHECKING:
    from pipeline.language.words import Token

_SPACES = re.compile("[ \u00a0\u202f'’]")
_TENS = 20


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number read from tokens `first` up to `last` (exclusive)."""

    value: Decimal
    first: int
    last: int
    is_vague: bool = False  # "thousands": at least that many
    is_word: bool = False
    is_fraction: bool = False


def parse_digits(text: str, language: str) -> Decimal | None:
    """The value of a numeral in digits, with the language's separators; None when it is none."""
    digits = _SPACES.sub("", f"0{text}" if text.startswith(".") else text)
    decimal, thousands = (",", ".") if language == "de" else (".", ",")
    grouped = re.fullmatch(
        rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+(?:\{decimal}\d+)?", digits
    )
    if grouped:
        return Decimal(digits.replace(thousands, "").replace(decimal, "."))
    if re.fullmatch(rf"\d+(?:\{decimal}\d+)?", digits):
        # 3.000 in English is nearly always a German thousand that was copied, 1.250 need not be.
        if language != "de" and re.fullmatch(r"[1-9]\d{0,2}(\.000)+", digits):
            return Decimal(digits.replace(".", ""))
        return Decimal(digits.replace(decimal, "."))
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3}){2,}", digits):  # the other language's thousands
        return Decimal(re.sub("[.,]", "", digits))
    if re.fullmatch(rf"\d+\{thousands}\d{{1,2}}", digits):  # the other language's decimals
        return Decimal(digits.replace(thousands, "."))
    return None


def parse_numeral(tokens: tuple[Token, ...], first: int, language: str) -> Numeral | None:
    """The longest number that begins at token `first`, multipliers (million, Mrd.) included."""
    token = tokens[first]
    if token.is_number:
        value = parse_digits(token.text, language)
        if value is None:
            return None
        return _multiply(tokens, Numeral(value, first, first + 1), language)
    if not token.is_word:
        return None
    return _parse_german(tokens, first) if language == "de" else _parse_english(tokens, first)


def parse_ordinal(word: str, language: str) -> int | None:
    """The rank an ordinal word or `21st` names; None when it names none."""
    table = load_table("numbers")[language]["ordinal"]
    if language == "en":
        rank = table.get(word)
        return None if rank is None else int(rank)
    match = re.fullmatch(r"(.+?)(?:e|en|er|es|em)", word)
    if match is None:
        return None
    stem = match.group(1)
    if stem in table:
        return int(table[stem])
    if stem.endswith("st"):  # einundzwanzigst
        value = parse_german_word(stem[:-2])
        return int(value) if value is not None and value >= _TENS else None
    return None


def _multiply(tokens: tuple[Token, ...], numeral: Numeral, language: str) -> Numeral:
    multipliers = load_table("numbers").get(language, {}).get("multiplier", {})
    value, last = numeral.value, numeral.last
    while last < len(tokens):
        word = tokens[last].lower
        skip = 1
        if word == "-" and last + 1 < len(tokens) and tokens[last + 1].lower in multipliers:
            word, skip = tokens[last + 1].lower, 2  # 1.2-billion
        if word not in multipliers or (word == "billion" and language == "de" and value == 0):
            break
        value *= Decimal(multipliers[word])
        last += skip
        # The abbreviation's full stop: 3 Mio. Euro
        if word in {"mio", "mrd", "tsd", "bio"} and last < len(tokens) and tokens[last].text == ".":
            last += 1
    return Numeral(value, numeral.first, last, is_word=numeral.is_word)


def _parse_english(  # noqa: PLR0912 - one branch a kind of word
    tokens: tuple[Token, ...], first: int
) -> Numeral | None:
    table = load_table("numbers")["en"]
    vague = _parse_vague(tokens, first, table["plural"])
    if vague is not None:
        return vague
    small, multipliers = table["small"], table["multiplier"]
    total, current, last, seen = Decimal(0), Decimal(0), first, False
    if tokens[first].lower in {"a", "an"}:
        if first + 1 >= len(tokens) or tokens[first + 1].lower not in multipliers:
            return None
        current, last = Decimal(1), first + 1
    previous = Decimal(0)
    while last < len(tokens):
        word = tokens[last].lower
        following = tokens[last + 1].lower if last + 1 < len(tokens) else ""
        if word in small:
            value = Decimal(small[word])
            if (
                seen
                and not (value < 10 <= previous < 100 and previous % 10 == 0)
                and (previous < 100 or value >= 100)
            ):
                break
            current += value
            previous = value
        elif word in multipliers and (seen or last > first):
            factor = Decimal(multipliers[word])
            if factor in {12, 100}:
                current = max(current, Decimal(1)) * factor
            else:
                total += max(current, Decimal(1)) * factor
                current = Decimal(0)
            previous = factor
        elif (
            word in {"and", "-"}
            and seen
            and following in small
            and (
                (word == "-" and previous >= _TENS and previous < 100)
                or (word == "and" and previous >= 100)
            )
        ):
            last += 1
            continue
        elif word == "point" and seen and following in small and small[following] < 10:
            current, last = _parse_decimals(tokens, last + 1, total + current)
            total = Decimal(0)
            return _multiply(tokens, Numeral(current, first, last, is_word=True), "en")
        else:
            break
        seen = True
        last += 1
    if not seen:
        return None
    return Numeral(total + current, first, last, is_word=True)


def _parse_decimals(tokens: tuple[Token, ...], at: int, whole: Decimal) -> tuple[Decimal, int]:
    """`point two five` -> the number and the index after it."""
    small = load_table("numbers")["en"]["small"]
    digits = ""
    while at < len(tokens) and tokens[at].lower in small and small[tokens[at].lower] < 10:
        digits += str(small[tokens[at].lower])
        at += 1
    return whole + Decimal(f"0.{digits}"), at


def _parse_german(tokens: tuple[Token, ...], first: int) -> Numeral | None:
    table = load_table("numbers")["de"]
    vague = _parse_vague(tokens, first, table["plural"])
    if vague is not None:
        return vague
    word = tokens[first].lower
    following = tokens[first + 1].lower if first + 1 < len(tokens) else ""
    is_article = word.startswith("ein") and table["small"].get(word) == 1 and word != "eins"
    if is_article:
        if following not in table["multiplier"]:
            return None
        return _multiply(tokens, Numeral(Decimal(1), first, first + 1, is_word=True), "de")
    if word in {"anderthalb", "eineinhalb"}:
        return _multiply(tokens, Numeral(Decimal("1.5"), first, first + 1, is_word=True), "de")
    half = word.removesuffix("einhalb")
    value = parse_german_word(half)
    if value is None:
        return None
    if half != word:
        value += Decimal("0.5")
    numeral = Numeral(value, first, first + 1, is_word=True)
    if following == "komma" and first + 2 < len(tokens):
        decimals = parse_german_word(tokens[first + 2].lower)
        if decimals is not None and decimals < 10:
            numeral = Numeral(value + decimals / 10, first, first + 3, is_word=True)
    return _multiply(tokens, numeral, "de")


def _parse_vague(tokens: tuple[Token, ...], first: int, plurals: dict[str, str]) -> Numeral | None:
    for length in (3, 1):
        last = min(first + length, len(tokens))
        words = " ".join(token.lower for token in tokens[first:last])
        if words in plurals:
            return Numeral(Decimal(plurals[words]), first, last, is_vague=True, is_word=True)
    return None


@lru_cache(maxsize=4096)
def parse_german_word(word: str) -> Decimal | None:
    """The value of one German number word: `dreiundzwanzigtausendvierhundert` -> 23400."""
    table = load_table("numbers")["de"]
    small: dict[str, int] = table["small"]
    if word in small:
        return Decimal(small[word])
    for name, factor in (("tausend", 1000), ("hundert", 100)):
        if name in word:
            before, _, after = word.partition(name)
            many = Decimal(1) if not before else parse_german_word(before)
            rest = Decimal(0) if not after else parse_german_word(after.removeprefix("und"))
            if many is None or rest is None or rest >= factor:
                return None
            return many * factor + rest
    ones, joined, tens = word.partition("und")
    if joined and ones in small and tens in small and small[tens] >= _TENS:
        return Decimal(small[ones] + small[tens])
    return None
