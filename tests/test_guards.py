"""Doubts about a translation: found where something is wrong, silent where nothing is."""

from __future__ import annotations

import pytest

from pipeline.translation.guards import find_doubts, find_repetition, is_copied, weigh
from pipeline.translation.names import find_missing_names
from pipeline.translation.numbers import find_missing_numbers

GERMAN = ("de", "en")

DAMAGED = [
    ("Die Regierung tritt zurück.", "", "empty"),
    (
        "Regierung tritt zurück",
        "The government the government the government resigns",
        "repetition",
    ),
    ("Streik im Hafen", "Strike in the port, strike in the port, strike in the port", "repetition"),
    ("Ja.", "ha ha ha ha ha ha", "repetition"),
    ("Ja.", "nananananananana", "repetition"),
    (
        "Der Rat hat gestern lange über den neuen Plan beraten.",
        "Der Rat hat gestern lange über den neuen Plan beraten.",
        "copied",
    ),
    (
        "Nach Angaben der Polizei kam bei dem Unfall niemand zu Schaden, teilte sie mit.",
        "Police said so.",
        "too short",
    ),
    (
        "Die Gewerkschaft hat die Beschäftigten im Hafen zu einem Streik aufgerufen.",
        "The weather will be sunny and warm over the coming weekend in the mountains.",
        "unrelated",
    ),
    (
        "Der Minister lehnte das neue Gesetz ab, weil die Kosten für die Städte zu hoch seien.",
        "The minister rejected the new law.",
        "part lost",
    ),
    ("Das ist alles.", "This is all there is to it " * 3, "too long"),
    ("Es kamen 3.000 Soldaten.", "There came 30,000 soldiers.", "number"),
    ("Drei Männer starben.", "Two men died.", "number"),
    ("Am 10. November war Schluss.", "It was over on 11 November.", "number"),
    ("Das sagte Hölzl in Teisnach.", "She said so in Munich.", "name"),
    ("Das teilte die KCNA mit.", "The agency said so.", "name"),
]

SOUND = [
    ("Es kamen 3.000 Soldaten.", "3,000 soldiers came."),
    ("Es kamen dreitausend Soldaten.", "3,000 soldiers came."),
    ("Der Schaden beträgt 1,2 Milliarden Euro.", "The damage comes to 1.2 billion euros."),
    ("Die Sitzung beginnt um 18 Uhr.", "The session begins at 6 p.m."),
    ("Die Sitzung beginnt um 6.00 Uhr.", "The session begins at 6 a.m."),
    ("Am 10. November trat er zurück.", "He stepped down on November 10."),
    ("Drei Männer kamen nach Kiew.", "Three men came to Kyiv."),
    ("Wladimir Putin reiste nach Pjöngjang.", "Vladimir Putin travelled to Pyongyang."),
    ("Selenskyj dankte den USA.", "Zelenskyy thanked the U.S."),
    ("Ja.", "Yes."),
    ("Kim Jong-un", "Kim Jong-un"),
    ("„Nie, nie, nie!“", "“Never, never, never!”"),
    ("...", ""),
    ("ZWEI TOTE IN BREMERHAVEN", "Two dead in Bremerhaven"),
]


@pytest.mark.parametrize(("source", "target", "kind"), DAMAGED, ids=lambda text: str(text)[:24])
def test_find_doubts_names_the_damage(source: str, target: str, kind: str) -> None:
    assert kind in {doubt.kind for doubt in find_doubts(source, target, languages=GERMAN)}


@pytest.mark.parametrize(("source", "target"), SOUND, ids=lambda text: str(text)[:24])
def test_find_doubts_is_silent_on_sound_translations(source: str, target: str) -> None:
    assert find_doubts(source, target, languages=GERMAN) == []


def test_find_doubts_flags_a_translation_without_an_end() -> None:
    doubts = find_doubts("Regen", "rain and rain", languages=GERMAN, ended=False)
    assert [doubt.kind for doubt in doubts] == ["cut off"]


def test_weigh_puts_an_empty_line_above_a_lost_number() -> None:
    empty = find_doubts("Es kamen 12 Leute.", "", languages=GERMAN)
    lost = find_doubts("Es kamen 12 Leute.", "People came.", languages=GERMAN)
    assert weigh(empty) > weigh(lost) > 0


def test_find_repetition_allows_what_the_source_repeats() -> None:
    assert find_repetition("Tor, Tor, Tor!", "Goal, goal, goal!") is None


def test_is_copied_leaves_names_alone() -> None:
    assert not is_copied("Kim Jong-un trifft Putin", "Kim Jong-un meets Putin")


@pytest.mark.parametrize("languages", [("fr", "en"), ("xx", "yy")])
def test_missing_numbers_and_names_work_without_language_data(languages: tuple[str, str]) -> None:
    assert find_missing_numbers("Il a 42 ans.", "He is 24.", languages=languages) == ["42"]
    assert find_missing_numbers("Il a 42 ans.", "He is 42.", languages=languages) == []
    assert find_missing_names("La CGT appelle.", "It calls.", languages=languages) == []
