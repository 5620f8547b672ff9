"""A cluster's members in, the wording shown out.

The rule: not a heading; a wording that every other member matches; not a doubtful translation; not
a clause that goes on with its sentence ("which run every hour"); then the wording whose content the
other members bear out best, without a speaker that most of them don't name; then the longer, then
the first by date, outlet and place. A member that says much the others don't is no good title for
what all say.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from pipeline.language.attribution import find_attributions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

WORD = re.compile(r"\w+")
MIN_CONTENT_CHARS = 4


def choose_canonical(
    members: Sequence[dict[str, Any]],
    same: Mapping[str, Collection[str]],
    *,
    headings: Collection[str] = frozenset(),
    doubtful: Collection[str] = frozenset(),
) -> str:
    """The unit_id of the member shown; members are rows of units.

    `headings` and `doubtful` name segments: headlines, and those whose translation is flagged.
    """
    others = {member["unit_id"] for member in members}
    words = {member["unit_id"]: content_words(member["target_text"]) for member in members}
    support = Counter(word for found in words.values() for word in found)
    attributed = {m["unit_id"] for m in members if find_attributions(m["target_text"], "en")}
    needless = attributed if len(attributed) * 2 < len(members) else set()

    def rank(member: dict[str, Any]) -> tuple[object, ...]:
        unit = member["unit_id"]
        fits = len(others.intersection(same.get(unit, ())))
        return (
            member["segment_id"] in headings,
            -fits,
            member["segment_id"] in doubtful,
            is_fragment(member),
            -round(borne_out(words[unit], support) - (unit in needless), 6),
            -len(member["target_text"]),
            member["published"] is None,
            str(member["published"]),
            member["outlet"],
            unit,
        )

    return str(min(members, key=rank)["unit_id"])


def is_fragment(member: Mapping[str, Any]) -> bool:
    """True for a clause that does not open its sentence, so that it begins in lower case."""
    opening = str(member["target_text"]).lstrip(" ,;–—")[:1]
    return bool(member["kind"] == "clause") and opening.islower()


def content_words(text: str) -> frozenset[str]:
    """Words of four letters or more and all figures, case levelled."""
    found = WORD.findall(text.casefold())
    return frozenset(w for w in found if len(w) >= MIN_CONTENT_CHARS or w[0].isdigit())


def borne_out(words: Collection[str], support: Mapping[str, int]) -> float:
    """Shared content less half of what only this wording says."""
    shared = sum(1 for word in words if support[word] > 1)
    return shared - 0.5 * (len(words) - shared)
