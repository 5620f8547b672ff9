"""Bytes to text: UTF-8 first, then the legacy encoding it most likely is."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

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
_SAMPLE_BYTES = 60_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text in NFC, and the encoding's name where it was not UTF-8; text None: binary data."""

    text: str | None
    encoding: str | None = None


def decode_bytes(data: bytes) -> Decoded:
    """The bytes as text; line ends stay as they are."""
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
    encoding = _guess(data)
    return Decoded(_normalise(data.decode(encoding, errors="replace")), encoding)


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
    scores = {match.encoding: (match.chaos, -match.coherence) for match in found}
    western = scores.get("cp1252")
    best = found.best()
    if best is None or (western is not None and western <= (best.chaos + 0.02, -best.coherence)):
        return "cp1252"
    return best.encoding
