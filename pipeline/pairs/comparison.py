"""Two texts side by side: in which details they agree and in which they differ.

No model: every difference names a kind and both values, so a verdict can be put into words. The
learned combination takes the figures of `comparison_features`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.language.polarity import find_negations
from pipeline.language.quantities import find_quantities, quantities_agree
from pipeline.pairs.accord import (
    ACCORD_SIGNALS,
    Accord,
    find_agreements,
    is_covered,
    list_figures,
    measure_accord,
)
from pipeline.pairs.alignment import NO_NAMES, align_texts
from pipeline.pairs.deeds import (
    compare_actors,
    compare_assertions,
    compare_ends,
    compare_matters,
    compare_stages,
    compare_states,
    has_rival_actors,
)
from pipeline.pairs.differences import (
    KINDS,
    Agreement,
    Difference,
    Kind,
    Sides,
    compare_dates,
    compare_quantities,
)
from pipeline.pairs.predicates import pair_predicates
from pipeline.pairs.slots import compare_opposites, compare_prepositions, compare_slots
from pipeline.pairs.statements import (
    compare_amounts,
    compare_polarity,
    compare_predicates,
    compare_quantifiers,
    compare_speakers,
    compare_stances,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from pipeline.pairs.alignment import SameNames

__all__ = [
    "ACCORD_SIGNALS", "KINDS", "Agreement", "Comparison", "Difference", "Kind",
    "compare_texts", "comparison_features",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, surest first, and all agreements of two texts."""

    differences: tuple[Difference, ...]
    agreements: tuple[Agreement, ...]
    accord: Accord

    @property
    def coverage(self) -> float:
        """Share of content words that correspond (English; 0 otherwise)."""
        return self.accord.coverage

    @property
    def is_vetoed(self) -> bool:
        """At least one difference forbids the same fact."""
        return any(difference.is_veto for difference in self.differences)

    @property
    def reason(self) -> str:
        """The vetoes in words, or the soft differences when there is no veto."""
        vetoes = [str(d) for d in self.differences if d.is_veto]
        return "; ".join(vetoes or [str(d) for d in self.differences])


def compare_texts(
    left: str,
    right: str,
    *,
    language: str = "en",
    published_left: dt.date | None = None,
    published_right: dt.date | None = None,
    source_left: str | None = None,
    source_right: str | None = None,
    source_language: str | None = None,
    same_names: SameNames = NO_NAMES,
) -> Comparison:
    """Differences and agreements of two sentences or clauses in one language.

    With the source texts given, a number that differs in the translation only is dropped, and a
    difference both languages show weighs more. `same_names`: `alignment.fold_same_names`.
    """
    published = (published_left, published_right)
    comparison = _compare_side(left, right, language, published, same_names)
    if source_left is None or source_right is None or source_language not in ("en", "de"):
        return comparison
    source = _compare_side(source_left, source_right, source_language, published, same_names)
    return _join_languages(
        comparison, source, (left, right), (source_left, source_right), (language, source_language)
    )


def comparison_features(comparison: Comparison) -> dict[str, float]:
    """Figures for a learned combination, under names that stay.

    `differs_<kind>` and `vetoes_<kind>`: weight, 0 when there is none; `agrees_<kind>`: count;
    the rest: the figures of `accord.Accord`.
    """
    features = {f"{verb}_{kind}": 0.0 for verb in ("differs", "vetoes", "agrees") for kind in KINDS}
    features |= list_figures(comparison.accord)
    for difference in comparison.differences:
        name = f"differs_{difference.kind}"
        features[name] = max(features[name], difference.weight)
        if difference.is_veto:
            veto = f"vetoes_{difference.kind}"
            features[veto] = max(features[veto], difference.weight)
    for agreement in comparison.agreements:
        features[f"agrees_{agreement.kind}"] += 1.0
    return features


def _compare_side(
    left: str,
    right: str,
    language: str,
    published: tuple[dt.date | None, dt.date | None],
    same_names: SameNames,
) -> Comparison:
    """The comparison, read from one side whichever way round the texts come."""
    if left <= right:
        return _compare_ordered(left, right, language, published, same_names)
    turned = _compare_ordered(right, left, language, published[::-1], same_names)
    differences = (
        replace(d, left_value=d.right_value, right_value=d.left_value) for d in turned.differences
    )
    return replace(turned, differences=_sort(list(differences)))


@lru_cache(maxsize=65536)
def _compare_ordered(
    left: str,
    right: str,
    language: str,
    published: tuple[dt.date | None, dt.date | None],
    same_names: SameNames,
) -> Comparison:
    if language != "en":
        return _compare_plain(left, right, language, published)
    alignment = align_texts(left, right, same_names)
    sides = Sides(left, right, alignment, pair_predicates(left, right, alignment))
    found, agreements = compare_quantities(left, right, language, sides)
    dates, same_dates = compare_dates(left, right, language, published, sides)
    found += dates
    # The same words can differ by the day they were printed on only.
    if left != right:
        for rule in (
            compare_slots, compare_opposites, compare_prepositions, compare_predicates,
            compare_amounts, compare_polarity, compare_stances, compare_speakers,
            compare_ends, compare_actors, compare_matters, compare_stages, compare_assertions,
            compare_states,
        ):  # fmt: skip
            found += rule(sides)
        found += compare_quantifiers(left, right, language, is_close=sides.is_close)
    found = _weigh_together(found, same_dates, sides)
    complete = not found and is_covered(sides, len(agreements), len(same_dates))
    names = [Agreement("name", a.text) for a, b in alignment.matched if a.is_name and b.is_name]
    shared = [*agreements, *same_dates, *names, *find_agreements(sides)]
    return Comparison(
        _sort(found), tuple(dict.fromkeys(shared)), measure_accord(sides, is_complete=complete)
    )


def _weigh_together(
    found: list[Difference], same_dates: list[Agreement], sides: Sides
) -> list[Difference]:
    """Another day and place, or actor: another event, though neither alone would be sure."""
    kinds = {d.kind for d in found}
    if "date" not in kinds or same_dates:
        return found
    if not kinds & {"place", "number"} and not has_rival_actors(sides):
        return found
    return [replace(d, is_veto=True, weight=0.7) if d.kind == "date" else d for d in found]


def _compare_plain(
    left: str, right: str, language: str, published: tuple[dt.date | None, dt.date | None]
) -> Comparison:
    """German: figures, dates, quantifiers, negations; names and roles are compared in English."""
    found, agreements = compare_quantities(left, right, language, None)
    dates, same_dates = compare_dates(left, right, language, published, None)
    found += dates
    found += compare_quantifiers(left, right, language, is_close=False)
    if len(find_negations(left, language)) % 2 != len(find_negations(right, language)) % 2:
        words = [
            n.word for n in (*find_negations(left, language), *find_negations(right, language))
        ]
        found.append(Difference("negation", words[0], "", False, 0.5))
    return Comparison(_sort(found), tuple(agreements + same_dates), Accord())


def _sort(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    unique = dict.fromkeys(differences)
    return tuple(
        sorted(
            unique, key=lambda d: (not d.is_veto, -d.weight, d.kind, d.left_value, d.right_value)
        )
    )


def _join_languages(
    target: Comparison, source: Comparison, texts: tuple[str, str], sources: tuple[str, str],
    languages: tuple[str, str],
) -> Comparison:  # fmt: skip
    """Both languages together: a figure the source does not have is the translation's slip."""
    in_source = {d.kind for d in source.differences}
    joined = [
        replace(d, weight=min(1.0, d.weight + 0.1)) if d.kind in in_source else d
        for d in target.differences
        if d.kind not in {"number", "unit"} or _has_source(d, texts, sources, languages)
    ]
    seen = {d.kind for d in joined}
    joined += [d for d in source.differences if d.kind not in seen and d.kind in {"number", "unit"}]
    return Comparison(_sort(joined), target.agreements, target.accord)


def _has_source(
    difference: Difference, texts: tuple[str, str], sources: tuple[str, str],
    languages: tuple[str, str],
) -> bool:  # fmt: skip
    """Both figures stand in the source texts of their sides as well."""
    values = (difference.left_value, difference.right_value)
    for value, text, source in zip(values, texts, sources, strict=True):
        stated = [q for q in find_quantities(text, languages[0]) if q.text == value]
        known = find_quantities(source, languages[1])
        if stated and not any(quantities_agree(q, k) for q in stated for k in known):
            return False
    return True
