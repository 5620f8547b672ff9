"""Bytes to text: UTF-8 first, then the legacy encoding it most likely is."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY_STARTS = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc",
)
# Text has tabs, line and page breaks; other control characters are a sign of binary data.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MAX_CONTROL_SHARE = 0.01
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_LEGACY = (
    "cp1252",
    "cp1250",
    "cp1251",
    "koi8_r",
    "cp866",
    "cp1253",
    "cp1254",
    "cp1257",
    "mac_roman",
)
_WESTERN = "cp1252"
_NAMES = {name: name.replace("cp", "windows-") for name in _LEGACY if name.startswith("cp125")}
_TOLERANCE = 0.05  # of chaos, 0..1: below it the two guesses are equally good
# A sign or a capital inside a word, as in "zosta³" for "został".
_ODD_WORD = re.compile(r"[a-zà-ÿ][¡-¿ŒœŸÀ-Þ](?:[a-zà-ÿ]|(?=[^\w¡-¿]))")
_SAMPLE_BYTES = 60_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text in NFC, and the encoding's name where it was not UTF-8; text None: binary data."""

    text: str | None
    encoding: str | None = None


def decode_bytes(data: bytes, *, declared: str | None = None) -> Decoded:
    """The bytes as text; line ends stay as they are. `declared` is a page's own charset."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            return Decoded(_normalise(text), None if encoding == "utf-8-sig" else encoding)
    if _is_binary(data):
        return Decoded(None)
    if _is_valid(data):
        return Decoded(_normalise(data.decode("utf-8")))
    if _is_damaged_utf8(data):
        return Decoded(
            _normalise(data.decode("utf-8", errors="replace")), "utf-8 with broken bytes"
        )
    encoding = _known(declared) or _guess(data)
    text = data.decode(encoding, errors="replace")
    return Decoded(_normalise(text), _NAMES.get(encoding, encoding))


def _known(declared: str | None) -> str | None:
    """Python's name of the declared encoding, Latin-1 read as the Windows superset it mostly is."""
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return None
    return {"iso8859-1": _WESTERN, "ascii": None, "utf-8": None}.get(name, name)


def _normalise(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _is_binary(data: bytes) -> bool:
    if data.startswith(_BINARY_STARTS) or b"\x00" in data:
        return True
    sample = data[:_SAMPLE_BYTES]
    return len(_CONTROL.findall(sample)) > _MAX_CONTROL_SHARE * len(sample)


def _is_valid(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether nearly all high bytes form UTF-8 sequences, so that a few are plainly broken."""
    whole = sum(len(found) for found in _MULTIBYTE.findall(data))
    return whole > 0.8 * len(_HIGH.findall(data))


def _guess(data: bytes) -> str:
    """The legacy encoding; Western European where another one is not clearly less chaotic."""
    from charset_normalizer import from_bytes

    found = from_bytes(data[:_SAMPLE_BYTES], cp_isolation=list(_LEGACY), enable_fallback=False)
    best = found.best()
    if best is None:
        return _WESTERN
    rivals = [match for match in found if match.chaos <= best.chaos + _TOLERANCE]
    least = min(rivals, key=lambda match: (_odd_words(match), not _is_western(match), match.chaos))
    return _WESTERN if _is_western(least) else str(least.encoding)


def _odd_words(match: CharsetMatch) -> int:
    return len(_ODD_WORD.findall(str(match)))


def _is_western(match: CharsetMatch) -> bool:
    return _WESTERN in match.could_be_from_charset
