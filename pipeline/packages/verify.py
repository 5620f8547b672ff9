"""Does a package work: it is read, loaded, and translates a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import PackageError
from pipeline.packages.inventory import PackageInfo, find_package, inspect_package
from pipeline.translation.engine import Decoding, Engine

if TYPE_CHECKING:
    from pipeline.translation import Package

# A plain sentence in the language when we have one; a number is language enough otherwise.
PROBES = {
    "de": "Die Regierung hat am Montag das Gesetz gebilligt.",
    "en": "The government approved the law on Monday.",
    "es": "El gobierno aprobó la ley el lunes.",
    "fr": "Le gouvernement a approuvé la loi lundi.",
    "it": "Il governo ha approvato la legge lunedì.",
    "nl": "De regering heeft de wet maandag goedgekeurd.",
    "pl": "Rząd zatwierdził ustawę w poniedziałek.",
    "pt": "O governo aprovou a lei na segunda-feira.",
    "ru": "Правительство одобрило закон в понедельник.",
    "uk": "Уряд схвалив закон у понеділок.",
}
PLAIN_PROBE = "2024"


@dataclass(frozen=True, slots=True)
class Verification:
    """A package, the probe and what became of it; `problem` is None when it works."""

    package: PackageInfo
    probe: str
    translation: str
    problem: str | None


def verify_package(name: str, *, device: str = "cpu") -> Verification:
    """The result of loading the package and translating a probe.

    Raises:
        PackageError: there is no such package, or it can't be read at all.
    """
    package = find_package(name)
    probe = PROBES.get(package.from_code, PLAIN_PROBE)
    try:
        translation = _translate(package, probe, device)
        problem = None if translation else "the model answers with an empty line"
    except PackageError as error:
        translation, problem = "", str(error)
    return Verification(inspect_package(package), probe, translation, problem)


def _translate(package: Package, probe: str, device: str) -> str:
    return Engine(package, device=device).translate([probe], Decoding())[0].text
