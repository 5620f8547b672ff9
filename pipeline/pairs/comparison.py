"""Two texts side by side: in which details they agree and in which they differ.

No model: every difference names a kind and both values, so a verdict can be put into words. The
learned combination takes the figures of `comparison_features`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pipeline.language.dates import DateMention, dates_agree, find_dates
from pipeline.language.lemmas import find_content_words
from pipeline.language.modality import find_modalities
from pipeline.language.names import find_names, names_agree
from pipeline.language.polarity import find_negations
from pipeline.language.quantities import Quantity, find_quantities, quantities_agree

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

Kind = Literal[
    "number", "date", "name", "role", "negation", "modality", "attribution", "place", "unit",
    "quantifier",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "number", "date", "name", "role", "negation", "modality", "attribution", "place", "unit",
    "quantifier",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One detail in which two texts differ; a veto forbids that they state the same fact."""

    kind: Kind
    left_value: str
    right_value: str
    is_veto: bool
    weight: float  # 0..1: how surely it is a difference

    def __str__(self) -> str:
        """In words: `number 3000 != 10000`."""
        if self.kind == "negation" and not self.left_value and not self.right_value:
            return "negated"
        return f"{self.kind} {self.left_value or '-'} != {self.right_value or '-'}"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One detail both texts give: a number, date or name."""

    kind: Kind
    value: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, surest first, and all agreements of two texts."""

    differences: tuple[Difference, ...]
    agreements: tuple[Agreement, ...]

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
    same_names: Sequence[tuple[str, str]] = (),
) -> Comparison:
    """Differences and agreements of two sentences or clauses in one language.

    With the source texts given, a number that differs in the translation only is dropped, and a
    difference both languages show weighs more. `same_names` are pairs that mean the same.
    """
    published = (published_left, published_right)
    comparison = _compare_side(left, right, language, published, tuple(same_names))
    if source_left is None or source_right is None or source_language not in ("en", "de"):
        return comparison
    source = _compare_side(source_left, source_right, source_language, published, tuple(same_names))
    return _join_languages(comparison, source)


def comparison_features(comparison: Comparison) -> dict[str, float]:
    """Figures for a learned combination, under names that stay.

    `differs_<kind>` and `vetoes_<kind>`: weight, 0 when there is none; `agrees_<kind>`: count.
    """
    features = {f"{verb}_{kind}": 0.0 for verb in ("differs", "vetoes", "agrees") for kind in KINDS}
    for difference in comparison.differences:
        name = f"differs_{difference.kind}"
        features[name] = max(features[name], difference.weight)
        if difference.is_veto:
            veto = f"vetoes_{difference.kind}"
            features[veto] = max(features[veto], difference.weight)
    for agreement in comparison.agreements:
        features[f"agrees_{agreement.kind}"] += 1.0
    return features


@lru_cache(maxsize=65536)
def _compare_side(
    left: str,
    right: str,
    language: str,
    published: tuple[dt.date | None, dt.date | None],
    same_names: tuple[tuple[str, str], ...],
) -> Comparison:
    differences: list[Difference] = []
    agreements: list[Agreement] = []
    _compare_quantities(left, right, language, differences, agreements)
    _compare_dates(left, right, language, published, differences, agreements)
    _compare_names(left, right, language, same_names, differences, agreements)
    _compare_negations(left, right, language, differences)
    _compare_modalities(left, right, language, differences)
    differences.sort(key=lambda d: (not d.is_veto, -d.weight, d.kind, d.left_value))
    return Comparison(tuple(differences), tuple(agreements))


def _compare_quantities(
    left: str, right: str, language: str, differences: list[Difference], agreements: list[Agreement]
) -> None:
    lefts, rights = list(find_quantities(left, language)), list(find_quantities(right, language))
    for quantity in tuple(lefts):
        match = next((q for q in rights if quantities_agree(quantity, q)), None)
        if match is not None:
            lefts.remove(quantity)
            rights.remove(match)
            agreements.append(Agreement("number", quantity.text))
    for quantity in lefts:
        rival = next((q for q in rights if _counts_the_same(quantity, q)), None)
        if rival is not None:
            rights.remove(rival)
            kind: Kind = "unit" if quantity.stated == rival.stated else "number"
            differences.append(Difference(kind, quantity.text, rival.text, True, 0.9))


def _counts_the_same(left: Quantity, right: Quantity) -> bool:
    if left.unit in {"ordinal", "clock", "age"} or right.unit in {"ordinal", "clock", "age"}:
        return left.unit == right.unit and left.noun == right.noun
    if left.stated == right.stated and left.unit and right.unit:
        return True
    if left.unit != right.unit:
        return False
    return left.noun == right.noun or left.noun is None or right.noun is None


def _compare_dates(
    left: str, right: str, language: str, published: tuple[dt.date | None, dt.date | None],
    differences: list[Difference], agreements: list[Agreement],
) -> None:  # fmt: skip
    lefts: tuple[DateMention, ...] = find_dates(left, language, published[0])
    rights = find_dates(right, language, published[1])
    verdicts = [(a, b, dates_agree(a, b)) for a in lefts for b in rights]
    for a, _, verdict in verdicts:
        if verdict:
            agreements.append(Agreement("date", a.iso))
    if any(verdict for *_, verdict in verdicts):
        return
    for a, b, verdict in verdicts:
        if verdict is False:
            differences.append(Difference("date", a.text, b.text, True, 0.9))
            return


def _compare_names(
    left: str, right: str, language: str, same_names: tuple[tuple[str, str], ...],
    differences: list[Difference], agreements: list[Agreement],
) -> None:  # fmt: skip
    same = {frozenset(pair) for pair in same_names}
    lefts, rights = list(find_names(left, language)), list(find_names(right, language))
    for name in tuple(lefts):
        match = next(
            (n for n in rights
             if names_agree(name.key, n.key) or frozenset((name.text, n.text)) in same), None
        )  # fmt: skip
        if match is not None:
            lefts.remove(name)
            rights.remove(match)
            agreements.append(Agreement("name", name.text))
    if lefts and rights:
        differences.append(Difference("name", lefts[0].text, rights[0].text, False, 0.5))


def _compare_negations(left: str, right: str, language: str, differences: list[Difference]) -> None:
    lefts, rights = find_negations(left, language), find_negations(right, language)
    if len(lefts) % 2 != len(rights) % 2:
        shared = set(find_content_words(left, language)) & set(find_content_words(right, language))
        differences.append(
            Difference("negation", lefts[0].word if lefts else "", rights[0].word if rights else "",
                       len(shared) >= 3, 0.7)
        )  # fmt: skip


def _compare_modalities(
    left: str, right: str, language: str, differences: list[Difference]
) -> None:
    lefts = {m.kind: m.word for m in find_modalities(left, language)}
    rights = {m.kind: m.word for m in find_modalities(right, language)}
    if set(lefts) != set(rights) and not set(lefts) & set(rights):
        differences.append(
            Difference("modality", next(iter(lefts.values()), "fact"),
                       next(iter(rights.values()), "fact"), False, 0.6)
        )  # fmt: skip


def _join_languages(target: Comparison, source: Comparison) -> Comparison:
    """Both languages together: the source decides on numbers, agreement of both weighs more."""
    in_source = {d.kind for d in source.differences}
    joined = [
        Difference(d.kind, d.left_value, d.right_value, d.is_veto, min(1.0, d.weight + 0.1))
        if d.kind in in_source else d
        for d in target.differences
        if d.kind in in_source or d.kind not in {"number", "unit"}
    ]  # fmt: skip
    seen = {d.kind for d in joined}
    joined += [d for d in source.differences if d.kind not in seen and d.kind in {"number", "unit"}]
    joined.sort(key=lambda d: (not d.is_veto, -d.weight, d.kind, d.left_value))
    return Comparison(tuple(joined), target.agreements)
