"""Changed copies of real pairs: spellings that headlines, agencies and old systems really use."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)
_BARE = str.maketrans("äöüÄÖÜß", "aouAOUs")
_MAX_HEADLINE_WORDS = 14


def spell_out(text: str) -> str:
    """Umlauts as two letters (`Muenchen`)."""
    return text.translate(_SPELT_OUT)


def strip_umlauts(text: str) -> str:
    """Umlauts without their dots (`Munchen`), as careless web forms leave them."""
    return text.translate(_BARE)


def shout(text: str) -> str:
    """Capitals throughout, as some outlets set headlines."""
    return text.upper()


def make_noisy(pairs: Sequence[tuple[str, str]], count: int, seed: int) -> list[tuple[str, str]]:
    """`count` changed copies, three in four of them by capitals or spelt-out umlauts.

    The English side stays as it was: a headline in capitals is to be read, not shouted again.
    Copies that would equal their original are left out, so there may be fewer.
    """
    chance = random.Random(seed)  # noqa: S311 (repeatable, not secret)
    order = list(range(len(pairs)))
    chance.shuffle(order)
    made: list[tuple[str, str]] = []
    for row in order:
        if len(made) >= count:
            break
        german, english = pairs[row]
        changed = _pick_change(german, chance)(german)
        if changed != german:
            made.append((changed, english))
    return made


def _pick_change(german: str, chance: random.Random) -> Callable[[str], str]:
    draw = chance.random()
    if draw < 0.4 and german.count(" ") < _MAX_HEADLINE_WORDS:
        return shout
    if draw < 0.85:
        return spell_out
    return strip_umlauts
