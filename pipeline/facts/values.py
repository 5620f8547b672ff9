"""A mention's wording in, the value it states out, as a reader would quote it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline.language.attribution import find_attributions
from pipeline.language.dates import dates_agree, find_dates
from pipeline.language.names import find_names, names_agree
from pipeline.language.quantities import find_quantities, quantities_agree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

MAX_VALUE_CHARS = 120
# How far behind its figure a counted noun may stand: "3,000 | North Korean | soldiers".
MAX_NOUN_WORDS = 4
NEXT_WORD = re.compile(r"[ -]([^\W\d_][\w'’-]*)")
YEARLESS = re.compile(r"--(\d{2})(?:-(\d{2}))?")
ISO_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


def describe_value(
    kind: str, text: str, others: Sequence[str], outlets: Sequence[str], language: str = "en"
) -> str:
    """The differing value with who says and who prints it.

    For example "at least 3,000 soldiers – the US government (Chronik)". Figures, dates and names
    are picked from the wording; of any other difference the wording itself is quoted.
    """
    picked = PICKED.get(kind)
    values = list(dict.fromkeys(picked(text, others, language))) if picked else []
    printed = f"({', '.join(outlets)})"
    if not values:
        return f"{_clip(text.strip(' ,;:–-'))} {printed}"
    speakers = list(dict.fromkeys(a.speaker for a in find_attributions(text, language)))
    said = f" – {speakers[0]}" if len(speakers) == 1 else ""
    return f"{', '.join(values)}{said} {printed}"


def find_event_dates(mentions: Sequence[dict[str, Any]], language: str = "en") -> list[str]:
    """Dates the fact names, ISO (YYYY, YYYY-MM or YYYY-MM-DD), sorted.

    A day or month without a year is that nearest the article's publication; without one it is
    left out, and so is a month beside one of its days.
    """
    found = {
        _complete_year(named.iso, mention["published"])
        for mention in mentions
        for named in find_dates(mention["target_text"], language, mention["published"])
    }
    whole = {iso for iso in found if ISO_DATE.fullmatch(iso)}
    return sorted(iso for iso in whole if not any(o != iso and o.startswith(iso) for o in whole))


def _complete_year(iso: str, published: date | None) -> str:
    """`--11-10` with the year that brings it nearest the publication."""
    part = YEARLESS.fullmatch(iso)
    if part is None or published is None:
        return iso
    place = int(part[1]) * 31 + int(part[2] or 15)
    here = published.month * 31 + published.day
    half = 6 * 31
    year = published.year + (1 if here - place > half else -1 if place - here > half else 0)
    return f"{year}{iso[1:]}"


def _pick_figures(text: str, others: Sequence[str], language: str) -> Iterator[str]:
    """Figures that some other text has no equal to; all of them where each has one."""
    rivals = [find_quantities(other, language) for other in others]
    own = find_quantities(text, language)
    differing = [
        figure
        for figure in own
        if not all(any(quantities_agree(figure, rival) for rival in found) for found in rivals)
    ]
    for figure in differing or own:
        noun = None if figure.unit else figure.noun
        yield text[figure.start : _end_of_noun(text, figure.end, noun)]


def _end_of_noun(text: str, end: int, noun: str | None) -> int:
    """Where the counted noun (a lemma) ends; `end` itself when it does not follow soon."""
    if noun is None:
        return end
    place = end
    for _ in range(MAX_NOUN_WORDS):
        found = NEXT_WORD.match(text, place)
        if found is None:
            break
        place = found.end()
        if found[1].casefold().startswith(noun.casefold()[:-1] or noun):
            return place
    return end


def _pick_dates(text: str, others: Sequence[str], language: str) -> Iterator[str]:
    rivals = [named for other in others for named in find_dates(other, language)]
    for named in find_dates(text, language):
        if not any(dates_agree(named, rival) for rival in rivals):
            yield named.text.rstrip(".")


def _pick_names(text: str, others: Sequence[str], language: str) -> Iterator[str]:
    rivals = [name for other in others for name in find_names(other, language)]
    for name in find_names(text, language):
        if not any(names_agree(name.key, rival.key) for rival in rivals):
            yield name.text


def _clip(text: str) -> str:
    if len(text) <= MAX_VALUE_CHARS:
        return text
    return text[:MAX_VALUE_CHARS].rsplit(" ", maxsplit=1)[0] + " …"


# How the value is picked from the wording, by kind of conflict; others quote the wording.
PICKED: Mapping[str, Callable[[str, Sequence[str], str], Iterator[str]]] = {
    "number": _pick_figures,
    "unit": _pick_figures,
    "quantifier": _pick_figures,
    "date": _pick_dates,
    "name": _pick_names,
    "place": _pick_names,
}
