"""A sentence's words with their places, and which of them are finite verbs."""

from __future__ import annotations

import re
from dataclasses import dataclass

# "3.000", "8,5", "Kim-Besuch", "d.h." are one word; a comma inside a number is no border.
_WORD = re.compile(r"\d+(?:[.,:]\d+)*(?:-?[^\W\d_]+)*|[^\W_]+(?:[-'’./&][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the sentence; `folded` is casefolded."""

    text: str
    folded: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        """Whether it is written with a capital, as German nouns are."""
        return self.text[:1].isupper()

    @property
    def is_number(self) -> bool:
        """Whether it begins with a digit."""
        return self.text[:1].isdigit()


def find_words(text: str) -> list[Word]:
    """The text's words in order."""
    return [
        Word(found[0], found[0].casefold(), found.start(), found.end())
        for found in _WORD.finditer(text)
    ]
