"""How quantities are written: reads them from the tokens of a text."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from pipeline.language.clock import parse_clock, widen_clock
from pipeline.language.dates import find_dates
from pipeline.language.lexicon import load_table, load_words
from pipeline.language.nouns import find_head_noun
from pipeline.language.numerals import (
    Numeral,
    parse_german_word,
    parse_numeral,
    parse_ordinal,
)
from pipeline.language.quantity_tables import (
    CURRENCY_SIGNS,
    MAX_UNIT_TOKENS,
    PER,
    RATE,
    RATE_ADVERBS,
    SHORT_MULTIPLIERS,
    SUMS,
    TIME,
    Bound,
    Quantity,
    bound_phrases,
    german_stem,
    may_begin,
    unit_forms,
)
from pipeline.language.words import cut_tokens


class QuantityReader:
    """Reads one text; a class because the tokens and the language go everywhere."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language
        self.tokens = cut_tokens(text)
        self.dates = [(d.start, d.end) for d in find_dates(text, language)]
        self.numbers: dict[str, Any] = load_table("numbers")[language]

    def read(self) -> list[Quantity]:
        found: list[Quantity] = []
        at = 0
        while at < len(self.tokens):
            quantity, last = self.read_at(at)
            if quantity is not None:
                joined = self.join_durations(found[-1], quantity) if found else None
                found[-1:] = [joined] if joined else [*found[-1:], quantity]
            at = max(last, at + 1)
        return found

    def join_durations(self, larger: Quantity, smaller: Quantity) -> Quantity | None:
        """`thirteen years and six months` as one duration; None where it is two."""
        between = self.text[larger.end : smaller.start].strip()
        units = (larger.unit, smaller.unit)
        if units != ("s", "s") or between not in {"and", "und"} or larger.bound != "exact":
            return None
        if larger.stated_unit == smaller.stated_unit or larger.value <= smaller.value:
            return None
        text = self.text[larger.start : smaller.end]
        value = larger.value + smaller.value
        stated = larger.stated * value / larger.value
        return replace(larger, value=value, stated=stated, end=smaller.end, text=text)

    def lower(self, at: int) -> str:
        return self.tokens[at].lower if 0 <= at < len(self.tokens) else ""

    def read_at(self, at: int) -> tuple[Quantity | None, int]:  # noqa: PLR0911 - one form a line
        token = self.tokens[at]
        if not (token.is_number or may_begin(token.lower, self.language)):
            return None, at + 1
        if any(start <= token.start < end for start, end in self.dates):
            return None, at + 1
        clock = self.read_clock(at)
        if clock is not None:
            return clock
        score = self.read_score(at)
        if score is not None:
            return score
        fraction = self.read_fraction(at)
        if fraction is not None:
            return fraction
        ordinal = self.read_ordinal(at)
        if ordinal is not None:
            return ordinal
        numeral = parse_numeral(self.tokens, at, self.language)
        if numeral is None:
            numeral = self.read_compound(at)
        if numeral is None or self.is_label(numeral) or self.is_pronoun(numeral):
            return None, at + 1
        return self.read_amount(numeral)

    def read_score(self, at: int) -> tuple[Quantity | None, int] | None:
        """`a 3-1 win`, `20 - 13`: both figures as they stand; `7:41` on a watch is nothing."""
        if not self.tokens[at].text.isdecimal() or not self.lower(at + 2).isdecimal():
            return None
        joint = self.lower(at + 1)
        if joint == ":":
            return None, at + 3
        first, second = int(self.lower(at)), int(self.lower(at + 2))
        if joint not in {"-", "–"} or first < second or second >= 1000 or self.lower(at + 3) == "-":
            return None
        if unit_forms(self.language).get(self.lower(at + 3)) is not None:
            return None
        score = self.build(at, at + 3, Decimal(first), "score", Decimal(1), None, "exact")
        return replace(score, high=Decimal(second)), at + 3

    def read_amount(self, numeral: Numeral) -> tuple[Quantity | None, int]:
        numeral = self.read_sign(self.read_half(numeral))
        numeral = self.read_short_multiplier(numeral)
        high, last = self.read_range(numeral)
        value = numeral.value
        if high is not None:
            value, high = self.align_range(value, high, last)
        base, factor, stated_unit, after = self.read_unit(numeral.first, last)
        bound, first = self.read_bound(numeral.first - (1 if self.has_sign(numeral.first) else 0))
        if numeral.is_vague and bound == "exact":
            bound = "at_least"
        quantity = self.build(first, after, value, base, factor, stated_unit, bound)
        return (
            replace(
                quantity, high=None if high is None else high * factor, is_vague=numeral.is_vague
            ),
            after,
        )

    def build(
        self, first: int, last: int, value: Decimal, base: str | None, factor: Decimal,
        stated_unit: str | None, bound: Bound,
    ) -> Quantity:  # fmt: skip
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        noun = find_head_noun(self.tokens, last, self.language)
        return Quantity(
            value * factor,
            None,
            base,
            bound,
            noun,
            start,
            end,
            self.text[start:end],
            value,
            stated_unit,
        )

    def has_sign(self, at: int) -> bool:
        return self.lower(at - 1) in CURRENCY_SIGNS

    def is_label(self, numeral: Numeral) -> bool:
        """`G7`, `F-16`, `Article 5`, `COVID-19`, `No. 2`."""
        first = numeral.first
        token = self.tokens[first]
        before = self.tokens[first - 1] if first else None
        if before is None:
            return False
        if before.text == "." and self.lower(first - 2) in {"no", "nr", "art", "abs"}:
            return True
        if before.lower in load_words("numbers", "labels", self.language) or before.text in {
            "§",
            "#",
        }:
            return token.is_number or before.lower not in {"line", "no", "route"}
        if before.text == "-" and before.end == token.start and first >= 2:
            root = self.tokens[first - 2]
            return token.is_number and root.end == before.start and root.is_word
        return before.end == token.start and before.is_word

    def is_pronoun(self, numeral: Numeral) -> bool:
        """`one` that does not count: `no one`, `one of`, `one another`, `the younger one`."""
        if self.language != "en" or numeral.value != 1 or numeral.last - numeral.first != 1:
            return False
        if self.tokens[numeral.first].lower != "one":
            return False
        following = self.lower(numeral.last)
        if (
            following in {"of", "another", "day", "'s", "side", "hand", "thing"}
            or not following.isalpha()
        ):
            return following != "-" or self.lower(numeral.last + 1) not in unit_forms(self.language)
        before = self.lower(numeral.first - 1)
        return before in {
            "no",
            "any",
            "every",
            "each",
            "this",
            "that",
            "which",
            "the",
            "another",
            "-",
        }

    def read_compound(self, at: int) -> Numeral | None:
        """The number in German `dreitägig`, `zweijährig`."""
        if self.language != "de":
            return None
        word = self.tokens[at].lower
        for stem in ("sekündig", "minütig", "stündig", "tägig", "wöchig", "monatig", "jährig"):
            before, found, ending = word.partition(stem)
            if found and len(ending) <= 2:
                value = parse_german_word(before)
                if value is not None:
                    return Numeral(value, at, at + 1, is_word=True)
        return None

    def read_sign(self, numeral: Numeral) -> Numeral:
        """`-5`, `minus 70`, `five degrees below zero`."""
        before = self.lower(numeral.first - 1)
        ahead = [self.lower(numeral.last + k) for k in range(5)]
        below = any(ahead[k : k + 2] in (["below", "zero"], ["unter", "null"]) for k in range(4))
        token = self.tokens[numeral.first]
        glued = before in {"-", "−", "–"} and self.tokens[numeral.first - 1].end == token.start
        free = numeral.first < 2 or self.tokens[numeral.first - 2].end < token.start - 1
        if below or before == "minus" or (glued and free):
            return replace(numeral, value=-numeral.value)
        return numeral

    def read_half(self, numeral: Numeral) -> Numeral:
        """`two and a half` + 0.5, `2½`."""
        at = numeral.last
        if [self.lower(at + k) for k in range(3)] == ["and", "a", "half"]:
            value = numeral.value + Decimal("0.5")
            factor = self.numbers["multiplier"].get(self.lower(at + 3))
            if factor is not None:
                return Numeral(value * Decimal(factor), numeral.first, at + 4, is_word=True)
            return Numeral(value, numeral.first, at + 3, is_word=True)
        signs = {"½": "0.5", "¼": "0.25", "¾": "0.75"}
        if self.lower(at) in signs:
            return Numeral(numeral.value + Decimal(signs[self.lower(at)]), numeral.first, at + 1)
        return numeral

    def read_short_multiplier(self, numeral: Numeral) -> Numeral:
        at = numeral.last
        if at >= len(self.tokens) or not self.tokens[at - 1].is_number:
            return numeral
        token = self.tokens[at]
        factor = SHORT_MULTIPLIERS.get(token.lower)
        glued = token.start == self.tokens[at - 1].end
        if factor is None or not glued or (token.lower == "m" and not self.has_sign(numeral.first)):
            return numeral
        return Numeral(numeral.value * factor, numeral.first, at + 1)

    def read_range(self, numeral: Numeral) -> tuple[Decimal | None, int]:
        """Upper end of `3 to 5`, `3-5`, `between 3 and 5`, `drei bis fünf`."""
        at = numeral.last
        joint = self.lower(at)
        before = self.lower(numeral.first - 1)
        is_joint = (
            joint in {"-", "–", "—", "bis"}
            or (joint in {"to", "or", "oder"} and before not in {"from", "von"})
            or (joint in {"and", "und"} and before in {"between", "zwischen"})
        )
        if not is_joint or at + 1 >= len(self.tokens):
            return None, at
        if self.lower(at + 1) in {"to", "bis"}:
            return None, at
        upper = parse_numeral(self.tokens, at + 1, self.language)
        if upper is None or upper.value <= numeral.value * (Decimal(1) if upper.value > 99 else 1):
            smaller = upper is not None and upper.last - upper.first > 1
            return (None, at) if upper is None or not smaller else (upper.value, upper.last)
        if any(start <= self.tokens[at + 1].start < end for start, end in self.dates):
            return None, at
        return upper.value, upper.last

    def align_range(self, low: Decimal, high: Decimal, last: int) -> tuple[Decimal, Decimal]:
        """`two to three million`: the multiplier belongs to both ends."""
        word = self.lower(last - 1)
        factor = Decimal(self.numbers["multiplier"].get(word, "1"))
        if factor >= 1000 and low < 1000 <= high and low * factor <= high:
            return low * factor, high
        return low, high

    def read_unit(self, first: int, at: int) -> tuple[str | None, Decimal, str | None, int]:
        """Base unit, factor, the unit's words and the index after them."""
        units = unit_forms(self.language)
        if self.has_sign(first):
            sign = self.lower(first - 1)
            base, factor = units[sign]
            following = self.lower(at)
            return base, factor, sign, at + (1 if following in {"dollars", "euros"} else 0)
        skip = 1 if self.lower(at) == "-" and at + 1 < len(self.tokens) else 0
        if at and self.tokens[at - 1].is_word and skip == 0:
            stem = german_stem(self.tokens[at - 1].lower)
            if self.language == "de" and stem in units and self.tokens[at - 1].lower != stem:
                base, factor = units[stem]
                return self.as_age(base, at), factor, stem, at
        for length in range(MAX_UNIT_TOKENS, 0, -1):
            end = at + skip + length
            if end > len(self.tokens):
                continue
            form = " ".join(token.lower for token in self.tokens[at + skip : end])
            form = form.replace(" / ", "/").replace("us - ", "us-")
            stem = german_stem(form) if self.language == "de" and length == 1 else form
            if stem not in units and form not in units:
                continue
            base, factor = units[form] if form in units else units[stem]
            if form == "ps" and self.language == "en":
                continue
            if form in {"pound", "pounds"} and self.lower(end) == "of":
                base, factor = "kg", Decimal("0.45359237")
            if base == "s":
                aged = self.as_age(base, end)
                if aged == "age":
                    return "age", factor, form, end
            return self.read_rate(base, factor, form, end)
        return None, Decimal(1), None, at

    def as_age(self, base: str, end: int) -> str:
        """Years of life are no duration: `30-year-old`, `30 years old`, `30 Jahre alt`."""
        words = [self.lower(end), self.lower(end + 1)]
        old = {"old", "olds", "alt", "alte", "alter", "alten"}
        is_old = words[0] in old or (words[0] == "-" and words[1] in old)
        noun_like = self.language == "de" and self.tokens[end - 1].lower.startswith("jährig")
        return "age" if base == "s" and (is_old or noun_like) else base

    def read_rate(
        self, base: str, factor: Decimal, form: str, at: int
    ) -> tuple[str, Decimal, str, int]:
        """`liters a second`, `kilometers per hour`, `Euro pro Monat`: the amount in one second."""
        joint, period = self.lower(at), self.lower(at + 1)
        if joint in RATE_ADVERBS and base not in TIME:
            return f"{base}/s", factor / RATE[RATE_ADVERBS[joint]], f"{form}/{joint}", at + 1
        if joint in {"im", "am"} and (base in TIME or self.lower(at + 2)[:1].isdigit()):
            return base, factor, form, at  # im Jahr 2024
        if joint in PER and period in RATE and base not in TIME:
            # "die Stunde" is a rate, "die Woche" rarely
            if joint == "die" and period not in {"stunde", "sekunde", "minute"}:
                return base, factor, form, at
            return f"{base}/s", factor / RATE[period], f"{form}/{period}", at + 2
        return base, factor, form, at

    def read_bound(self, first: int) -> tuple[Bound, int]:
        """The bound right before the number, and the index of its first word."""
        for phrase, bound in bound_phrases(self.language):
            begin = first - len(phrase)
            if begin < 0:
                continue
            if all(self.lower(begin + k) == word for k, word in enumerate(phrase)):
                if phrase == ("up", "to") and self.lower(begin - 1) in SUMS:
                    continue
                return bound, begin
        return "exact", first

    def read_fraction(self, at: int) -> tuple[Quantity | None, int] | None:
        """`a third`, `two thirds`, `half`, `zwei Drittel`, `die Hälfte`: in percent."""
        fractions = self.numbers["fraction"]
        first, count, last = at, Decimal(1), at
        word = self.lower(at)
        if (word in {"half", "hälfte"} and word in fractions) or (
            word in {"halbe", "halber", "halben", "halbes"} and self.language == "de"
        ):
            last = at + 1
        else:
            if word in {"a", "an", "one", "ein", "einem", "eines"}:
                last = at + (2 if self.lower(at + 1) in {"good", "full", "mere", "gutes"} else 1)
            else:
                numeral = parse_numeral(self.tokens, at, self.language)
                if (
                    numeral is None
                    or numeral.value > 20
                    or (not numeral.is_word and self.language == "en")
                ):
                    return None
                count, last = numeral.value, numeral.last
            if self.lower(last) == "-":
                last += 1
            word = self.lower(last)
            if word not in fractions or (word == "half" and count != 1):
                return None
            last += 1
            if self.language == "en" and not self.is_fraction(word, last):
                return None
        divisor = Decimal(fractions.get(word, 2))
        nxt = last + (1 if self.lower(last) in {"a", "an"} else 0)
        unit = unit_forms(self.language).get(self.lower(nxt))
        if self.lower(last) == "-":
            unit = unit_forms(self.language).get(self.lower(last + 1))
            nxt = last + 1
        if unit is not None:
            base, factor = unit
            return self.build(
                first, nxt + 1, count / divisor, base, factor, self.lower(nxt), "exact"
            ), nxt + 1
        multiplier = self.numbers["multiplier"].get(self.lower(nxt))
        if multiplier is not None:
            value = count / divisor * Decimal(multiplier)
            return self.build(first, nxt + 1, value, None, Decimal(1), None, "exact"), nxt + 1
        bound, begin = self.read_bound(first)
        share = count / divisor * 100
        return self.build(begin, last, share, "percent", Decimal(1), "share", bound), last

    def is_fraction(self, word: str, last: int) -> bool:
        """`a third of` is a share, `a third man` a rank."""
        if word in {"half", "quarter", "quarters"} or word.endswith("s"):
            return True
        return self.lower(last) in {"of", "", ".", ","}

    def read_ordinal(self, at: int) -> tuple[Quantity | None, int] | None:
        """`third attempt`, `21st`, `dritte`."""
        rank = parse_ordinal(self.lower(at), self.language)
        last = at + 1
        token = self.tokens[at]
        if rank is None and token.is_number and token.text.isdecimal():
            ending = self.lower(at + 1)
            if ending in {"st", "nd", "rd", "th"} and self.tokens[at + 1].start == token.end:
                rank, last = int(token.text), at + 2
        if rank is None:
            return None
        if rank == 2 and self.lower(at) == "second" and self.lower(at - 1) in {"a", "per", "every"}:
            return None, at + 1
        if self.language == "de" and rank == 8 and self.lower(at) == "achten":
            return None, at + 1
        return self.build(at, last, Decimal(rank), "ordinal", Decimal(1), "ordinal", "exact"), last

    def read_clock(self, at: int) -> tuple[Quantity | None, int] | None:
        """`6 a.m.`, `18.30 Uhr`, `noon`: minutes after midnight."""
        found = parse_clock(self.tokens, at, self.language)
        if found is None:
            return None
        minutes, last = found
        low, high = widen_clock(self.tokens, at, minutes, self.language)
        clock = self.build(at, last, Decimal(low), "clock", Decimal(1), "clock", "exact")
        return (clock if low == high else replace(clock, high=Decimal(high))), last
