"""Spellings of one name word: folded letters, sounds of transliterations, short forms, endings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from pipeline.language.thesaurus import find_entry

# Spellings that differ between transliterations of one name (Selenskyj, Zelensky, Zelenskyy).
_SOUNDS = (
    ("tsch", "c"), ("schtsch", "s"), ("shch", "s"), ("sch", "s"), ("ch", "c"), ("sh", "s"),
    ("kh", "h"), ("zh", "z"), ("ts", "z"), ("tz", "z"), ("ck", "k"), ("ph", "f"), ("th", "t"),
    ("dsch", "j"), ("dj", "j"), ("dzh", "j"), ("dh", "d"), ("gh", "g"),
    ("ij", "y"), ("yj", "y"), ("iy", "y"), ("yy", "y"),
    ("ii", "y"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ie", "i"), ("ae", "a"), ("oe", "o"),
    ("ue", "u"), ("w", "v"), ("q", "k"), ("c", "k"), ("y", "i"), ("j", "i"), ("x", "ks"),
    ("z", "s"), ("o", "u"), ("e", "i"),
)  # fmt: skip
_ALIKE = 0.92  # Jaro-Winkler of folded spellings; below it Brandt and Grant would agree


@lru_cache(maxsize=65536)
def fold_name(text: str) -> str:
    """Lower case without accents, hyphens and full stops."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("’", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    plain = plain.replace("ł", "l").replace("ø", "o").replace("đ", "d").replace("ı", "i")
    plain = re.sub(r"'s\b|[.']", "", plain)
    return re.sub(r"[^\w]+", " ", plain).strip()


def find_root(word: str) -> str:
    """Without the ending of those who live or were made there: Maya, Mayan; Israel, Israeli."""
    for ending in ("ian", "ese", "ish", "an", "n", "i"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def parts_agree(left: str, right: str) -> bool:
    """Equal, alike, an initial, or a short form (Alex, Alexander)."""
    if len(left) == 1 or len(right) == 1:
        return left[0] == right[0]
    short, long = sorted((left, right), key=len)
    nickname = len(short) <= 4 and short[:2] == long[:2]  # Hal, Harold
    return sound_alike(left, right) or nickname or (len(short) >= 3 and long.startswith(short))


@lru_cache(maxsize=131072)
def sound_alike(left: str, right: str) -> bool:
    """Two words that transliterations of one name may be spelled as."""
    if left == right:
        return True
    if min(len(left), len(right)) < 4 or abs(len(left) - len(right)) > 3:
        return False
    one, other = _fold_sounds(left), _fold_sounds(right)
    if one == other:
        return True
    if find_entry(left).senses and find_entry(right).senses:
        return False  # Austria and Australia: two words, each with its own meaning
    return JaroWinkler.normalized_similarity(one, other) >= _ALIKE


@lru_cache(maxsize=65536)
def _fold_sounds(name: str) -> str:
    for written, sound in _SOUNDS:
        name = name.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", name)
