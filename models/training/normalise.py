"""One spelling for quotes, dashes and spaces.

The same table becomes the vocabulary's own normalisation rules, so that whoever loads the package,
Argos Translate included, feeds the model the spellings it was trained on.
"""

from __future__ import annotations

import html
import re
import unicodedata

_SAME = {
    # The last two of each are Windows' own, read as if they were control characters.
    '"': "„“”‟«»❝❞″＂〝〞\x93\x94",
    "'": "‚‘’‛‹›´`′＇\x91\x92",
    "–": "—―⸺\x96\x97",
    "-": "‐‑−﹣－",
    " ": "\t\n\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000",
    "": "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067"
    "\u2068\u2069\ufe0e\ufe0f",
    "...": "…\x85",
    "€": "\x80",
    "fi": "ﬁ",
    "fl": "ﬂ",
    "ff": "ﬀ",
}
CHARACTERS = {char: target for target, chars in _SAME.items() for char in chars}
# Files made on a Mac write an umlaut as two characters; NFC joins them, Argos does not call it.
COMPOSED = {
    f"{letter}\u0308": composed for letter, composed in zip("aouAOU", "äöüÄÖÜ", strict=True)
}

_TABLE = str.maketrans(CHARACTERS)
_DAY_POINT = re.compile(
    r"\b(\d{1,2})\. (January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b"
)
_DOUBLED_QUOTE = re.compile(r'"{2,}')


def normalise_text(text: str) -> str:
    """The text in NFC with one kind of quotes, dashes and single spaces, entities resolved."""
    if "&" in text:  # 3.7 % of the older news outputs carry &quot; and the like
        text = html.unescape(html.unescape(text))
    text = unicodedata.normalize("NFC", text).translate(_TABLE)
    return _DOUBLED_QUOTE.sub('"', " ".join(text.split()).replace(" -- ", " – "))


def normalise_english(text: str) -> str:
    """`normalise_text`, and the German point after a day taken out (`8. December`)."""
    return _DAY_POINT.sub(r"\1 \2", normalise_text(text))


def write_rules() -> str:
    """The table as SentencePiece rules: code points in hex, `from TAB to` a line."""
    rules = {**COMPOSED, **CHARACTERS}
    return "".join(f"{_hex(char)}\t{_hex(target)}\n" for char, target in sorted(rules.items()))


def _hex(text: str) -> str:
    return " ".join(f"{ord(char):X}" for char in text)
