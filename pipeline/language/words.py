"""Tokens of a text, with their spans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# A number with its separators, a dotted abbreviation (U.S., p.m., z.B.), a word, or one symbol.
_TOKEN = re.compile(
    r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![\d.,]\d|\d)"
    r"|(?<![\w.])\.\d+|\d+(?:[.,'’]\d+)*"
    r"|(?:[^\W\d_]{1,2}\.){2,}"
    r"|[^\W\d_]\.(?=\s?[^\W\d_]\.)"
    r"|[^\W\d_]+(?:['’](?!s\b|S\b)[^\W\d_]+)*\d*"
    r"|['’][sS]\b"
    r"|[^\s\w]|_",
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or symbol; `text[start:end]` of the text it was cut from."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """It begins with a letter."""
        return self.text[0].isalpha()

    @property
    def is_number(self) -> bool:
        """It begins with a digit."""
        return self.text[0].isdecimal() or (len(self.text) > 1 and self.text[1].isdecimal())

    @property
    def is_capital(self) -> bool:
        """It begins with a capital letter."""
        return self.text[0].isupper()


@lru_cache(maxsize=65536)
def cut_tokens(text: str) -> tuple[Token, ...]:
    """Tokens in order; hyphens and punctuation are tokens of their own."""
    return tuple(
        Token(m.group(), m.group().lower(), m.start(), m.end()) for m in _TOKEN.finditer(text)
    )
