"""Small words of the sheet: dates, counts and languages as an English reader expects them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hr": "Croatian", "hu": "Hungarian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
    "nb": "Norwegian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian",
    "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def name_language(code: str) -> str:
    """The language's English name, or its code where the name is not known."""
    return LANGUAGES.get(code, code.upper() if code else "Source")


def write_date(day: dt.date | None) -> str:
    """`24 October 2024`, or "date unknown"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else "date unknown"


def write_date_range(days: list[dt.date]) -> str:
    """`24 October – 13 November 2024`: what both dates share is said once."""
    if not days:
        return "date unknown"
    first, last = min(days), max(days)
    if first == last:
        return write_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{write_date(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} – {write_date(last)}"
    return f"{write_date(first)} – {write_date(last)}"


def write_partial_date(iso: str) -> str:
    """`2024-11-10` as `10 November 2024`, `2024-06` as `June 2024`, `2024` as it is."""
    parts = iso.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return iso
    numbers = [int(part) for part in parts]
    if len(numbers) > 1 and not 1 <= numbers[1] <= 12:
        return iso
    month = f"{MONTHS[numbers[1] - 1]} " if len(numbers) > 1 else ""
    day = f"{numbers[2]} " if len(numbers) > 2 else ""
    return f"{day}{month}{parts[0]}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`1 outlet`, `2,000 outlets`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def join_words(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
