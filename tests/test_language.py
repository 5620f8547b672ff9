"""The language layer: dates, names, polarity, modality, roles, speakers, shares, word senses."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.language.attribution import find_attributions
from pipeline.language.dates import dates_agree, find_dates
from pipeline.language.lemmas import find_content_words, lemmatise
from pipeline.language.modality import find_modalities
from pipeline.language.names import find_names, fold_name, name_others, names_agree
from pipeline.language.polarity import find_negations, is_negated
from pipeline.language.quantifiers import find_quantifiers
from pipeline.language.roles import find_predicates
from pipeline.language.thesaurus import are_antonyms, are_derived, are_synonyms

REFERENCE = dt.date(2024, 11, 13)  # a Wednesday


@pytest.mark.parametrize(
    ("language", "text", "iso"),
    [
        ("de", "am 10. November", "--11-10"),
        ("de", "am 10. November 2024", "2024-11-10"),
        ("de", "am 10.11.2024", "2024-11-10"),
        ("de", "am 3.4. begann es", "--04-03"),
        ("de", "im Juni 1998", "1998-06"),
        ("de", "seit 1998", "1998"),
        ("de", "am Mittwochabend", "-W-3"),
        ("de", "in den 1990er Jahren", "199X"),
        ("de", "an Heiligabend", "--12-24"),
        ("de", "im vergangenen Jahr", "year-1"),
        ("en", "on November 10, 2024", "2024-11-10"),
        ("en", "on 10 November 2024", "2024-11-10"),
        ("en", "on Sept. 30", "--09-30"),
        ("en", "on the 4th of July", "--07-04"),
        ("en", "until 31/12/2026", "2026-12-31"),
        ("en", "in the second quarter of 2024", "2024-Q2"),
        ("en", "in the spring of 1998", "1998-spring"),
        ("en", "on Christmas Eve", "--12-24"),
        ("en", "next year", "year+1"),
        ("en", "yesterday", "day-1"),
    ],
)
def test_find_dates_reads(language: str, text: str, iso: str) -> None:
    (mention,) = find_dates(text, language)
    assert mention.iso == iso
    assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "They may march with 1500 people."),
        ("de", "Er schickte 2000 Soldaten."),
        ("en", "The price rose to 3.4 percent."),
    ],
)
def test_find_dates_leaves_counts_and_verbs(language: str, text: str) -> None:
    assert find_dates(text, language) == ()


@pytest.mark.parametrize(
    ("language", "text", "iso"),
    [
        ("de", "am Montag", "2024-11-11"),
        ("de", "am kommenden Montag", "2024-11-18"),
        ("en", "yesterday", "2024-11-12"),
        ("en", "last year", "2023"),
        ("en", "last month", "2024-10"),
        ("de", "nächstes Jahr", "2025"),
    ],
)
def test_find_dates_resolves_by_the_articles_date(language: str, text: str, iso: str) -> None:
    (mention,) = find_dates(text, language, REFERENCE)
    assert mention.iso == iso


@pytest.mark.parametrize(
    ("left", "right", "agree"),
    [
        ("on November 10", "on November 10, 2024", True),
        ("in November", "on November 10", True),
        ("on Sunday", "on November 10, 2024", True),
        ("on Monday", "on November 10, 2024", False),
        ("in the second quarter", "in May", True),
        ("in the 1990s", "in 1998", True),
        ("in the 1990s", "in 1988", False),
        ("on Friday morning", "on Friday evening", False),
        ("last year", "this year", False),
        ("on Monday", "in 1998", None),
    ],
)
def test_dates_agree(left: str, right: str, agree: bool | None) -> None:
    (a,), (b,) = find_dates(left, "en"), find_dates(right, "en")
    assert dates_agree(a, b) is agree
    assert dates_agree(b, a) is agree


def test_dates_agree_on_a_weekday_of_two_articles() -> None:
    (before,) = find_dates("on Thursday", "en", dt.date(2024, 11, 12))
    (after,) = find_dates("on Thursday", "en", dt.date(2024, 11, 15))
    assert dates_agree(before, after) is True


@pytest.mark.parametrize(
    ("left", "right", "agree"),
    [
        ("Kim Jong-un", "Kim Jong Un", True),
        ("Kim Jong-un", "Kim", True),
        ("Selenskyj", "Zelenskyy", True),
        ("Lawrow", "Lavrov", True),
        ("Muammar Gaddafi", "Moammar Gadhafi", True),
        ("US", "United States", True),
        ("US Treasury", "United States Treasury", True),
        ("Americans", "US", True),
        ("Thai", "Thailand", True),
        ("European Space Agency", "ESA", True),
        ("President Emmanuel Macron", "Macron", True),
        ("Hal Gehman", "Harold Gehman", True),
        ("New Orleans Saints", "Saints", True),
        ("Anna Lindqvist", "Karin Lindqvist", False),
        ("Minister Paulo Reis", "Minister Rui Matos", False),
        ("Iran", "Iraq", False),
        ("Austria", "Australia", False),
        ("Sudan", "South Sudan", False),
        ("Niger", "Nigeria", False),
        ("Merkel", "Merz", False),
    ],
)
def test_names_agree(left: str, right: str, agree: bool) -> None:
    assert names_agree(fold_name(left), fold_name(right)) is agree
    assert names_agree(fold_name(right), fold_name(left)) is agree


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "The agency ESA and Kim Jong-un met Harold W. Gehman in Rome on Monday.",
         ["ESA", "Kim Jong-un", "Harold W. Gehman", "Rome"]),
        ("en", "Denmark ordered ships.", ["Denmark"]),
        ("en", "Heavy fighting was reported.", []),
        ("de", "Präsident Wladimir Putin reiste mit der NATO nach Pjöngjang.",
         ["Wladimir Putin", "NATO", "Pjöngjang"]),
    ],
)  # fmt: skip
def test_find_names(language: str, text: str, names: list[str]) -> None:
    found = find_names(text, language)
    assert [name.text for name in found] == names
    assert all(text[name.start : name.end] == name.text for name in found)


@pytest.mark.parametrize(
    ("language", "text", "negated"),
    [
        ("en", "The bank has not opened.", True),
        ("en", "The bank hasn't opened.", True),
        ("en", "He denied the claim.", True),
        ("en", "He did not deny the claim.", False),
        ("en", "Political disputes ended.", False),
        ("en", "The No. 5 seed won.", False),
        ("en", "Not until noon did it open.", False),
        ("de", "Er hat nicht zugestimmt.", True),
        ("de", "Keine Brücke ist offen.", True),
        ("de", "Moskau dementierte dies.", True),
        ("de", "Nicht nur die Bahn fährt.", False),
        ("de", "Die Bahn fährt.", False),
    ],
)
def test_is_negated(language: str, text: str, negated: bool) -> None:
    assert is_negated(text, language) is negated
    assert all(text[n.start : n.end] for n in find_negations(text, language))


@pytest.mark.parametrize(
    ("language", "text", "kinds"),
    [
        ("en", "It will close.", ["planned"]),
        ("en", "It may close.", ["possible"]),
        ("en", "It closed in May.", []),
        ("de", "Sie soll schließen.", ["planned"]),
        ("de", "Sie könnte schließen.", ["possible"]),
        ("de", "Sie muss schließen.", ["demanded"]),
        ("de", "Sie schließt.", []),
    ],
)
def test_find_modalities(language: str, text: str, kinds: list[str]) -> None:
    assert [m.kind for m in find_modalities(text, language)] == kinds


@pytest.mark.parametrize(
    ("text", "verb", "subject", "objects"),
    [
        ("The dog bit the postman.", "bite", "The dog", "the postman"),
        ("The postman was bitten by the dog.", "bite", "the dog", "The postman"),
        ("“It is safe,” said the governor.", "say", "the governor", None),
        ("The man fled and robbed a bank.", "rob", "The man", "a bank"),
        ("Trains between Porto and Braga hit a cow.", "hit", "Trains", "a cow"),
        ("Police had planned to search the house.", "search", "Police", "the house"),
        ("The minister said nothing but defended the plan.", "defend", "The minister", "the plan"),
        ("The truck rear-ended a bus.", "rear-end", "The truck", "a bus"),
    ],
)
def test_find_predicates_reads_roles(
    text: str, verb: str, subject: str, objects: str | None
) -> None:
    predicate = find_predicates(text, "en")[-1]
    assert predicate.roles["subject"].text == subject
    assert (predicate.roles["object"].text if objects else None) == objects
    assert predicate.verb in {verb, "rear-ended"}


@pytest.mark.parametrize(
    ("text", "modality", "negated"),
    [
        ("The spy was exchanged.", "fact", False),
        ("The spy is to be exchanged.", "planned", False),
        ("The spy has not been exchanged.", "fact", True),
        ("The spy failed to appear.", "fact", True),
        ("The spy could be exchanged.", "possible", False),
        ("The spy is expected to appear.", "expected", False),
        ("The spy is said to have confessed.", "reported", False),
        ("The spy was ordered to appear.", "demanded", False),
    ],
)
def test_find_predicates_reads_modality(text: str, modality: str, negated: bool) -> None:
    predicate = find_predicates(text, "en")[-1]
    assert (predicate.modality, predicate.is_negated) == (modality, negated)


@pytest.mark.parametrize(
    ("language", "text", "speakers"),
    [
        ("en", "According to the ministry, it is safe.", ["the ministry"]),
        ("en", "Two people died, police said.", ["police"]),
        ("en", "A study by the university found plastic.", ["the university", "A study"]),
        ("en", "The bridge fell.", []),
        ("de", "Laut Polizei starben zwei Menschen.", ["Polizei"]),
        ("de", "Nach Angaben der Gewerkschaft streiken 200.", ["Gewerkschaft"]),
        ("de", "Die Brücke fiel.", []),
    ],
)
def test_find_attributions(language: str, text: str, speakers: list[str]) -> None:
    assert [a.speaker for a in find_attributions(text, language)] == speakers


@pytest.mark.parametrize(
    ("language", "text", "share", "noun"),
    [
        ("en", "All members voted.", "all", "member"),
        ("en", "The majority of farmers agree.", "most", "farmer"),
        ("en", "Hardly any shops were open.", "few", "shop"),
        ("de", "Die meisten Geschäfte waren offen.", "most", "geschäft"),
        ("de", "Keine Brücke ist offen.", "none", "brücke"),
    ],
)
def test_find_quantifiers(language: str, text: str, share: str, noun: str) -> None:
    (quantifier,) = find_quantifiers(text, language)
    assert (quantifier.share, quantifier.noun) == (share, noun)


def test_find_quantifiers_leaves_phrases_that_only_look_like_shares() -> None:
    assert [q.share for q in find_quantifiers("No longer at all, at most ten came.", "en")] == [
        "-", "-", "-"
    ]  # fmt: skip


def test_thesaurus_knows_synonyms_opposites_and_derivations() -> None:
    assert are_synonyms("thief", "burglar")
    assert not are_synonyms("economist", "exporter")
    assert are_antonyms("rise", "fall")
    assert are_antonyms("confirm", "deny")
    assert not are_antonyms("rise", "rise")
    assert are_derived("resign", "resignation")


def test_lemmatise_both_languages() -> None:
    assert lemmatise("The soldiers were sent", "en") == ("the", "soldier", "be", "send")
    assert lemmatise("Die Verträge", "de")[-1] == "vertrag"
    assert find_content_words("The soldiers of the army", "en") == ("soldier", "army")
    assert lemmatise("Bonjour", "fr") == ("bonjour",)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Anna Lang met Petra Weber.", "Weber stayed in Graz.", False),
        ("Anna Lang spoke in Bremen.", "Petra Weber spoke in Graz.", True),
        ("Anna Lang spoke in Bremen.", "The chair spoke.", False),
    ],
)
def test_name_others(left: str, right: str, expected: bool) -> None:
    assert name_others(left, right, "en") is expected


@pytest.mark.parametrize(
    ("text", "language", "negated"),
    [
        ("The ferries stopped without delay.", "en", False),
        ("The ferries left without passengers.", "en", True),
        ("Alle Fähren legten ohne Ausnahme ab.", "de", False),
        ("Die Fähren legten ohne Passagiere ab.", "de", True),
    ],
)
def test_find_negations_passes_over_set_phrases(text: str, language: str, negated: bool) -> None:
    assert bool(find_negations(text, language)) is negated
