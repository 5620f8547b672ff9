"""Terms: found inflected, put in where that is safe, flagged where it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from pipeline.config import TranslationConfig
from pipeline.errors import MemoryFileError
from pipeline.translation import Termbase, load_termbase, translate_segments
from pipeline.translation.stream import Translated
from pipeline.translation.terms import apply_terms, check_terms, switch_source
from tests.test_translation import make_frames

LANGUAGES = ("de", "en")


def make_terms(tmp_path: Path, rows: str) -> Termbase:
    file = tmp_path / "terms.csv"
    file.write_text(f"source,target,note\n{rows}\n", encoding="utf-8")
    return load_termbase([file])


@pytest.mark.parametrize(
    ("source", "text", "forms"),
    [
        ("Beistandspakt", "des Beistandspakts, die Beistandspakte",
         ["Beistandspakts", "Beistandspakte"]),
        ("Selenskyj", "Selenskyjs Besuch, sagte Selenskyj.", ["Selenskyjs", "Selenskyj"]),
        ("Kim Jong-un", "Kim Jong Un und Kim Jong‑uns Rede", ["Kim Jong Un", "Kim Jong‑uns"]),
        ("Vereinte Nationen", "bei den Vereinten Nationen", ["Vereinten Nationen"]),
        ("Nationaler Sicherheitsrat", "des Nationalen Sicherheitsrates",
         ["Nationalen Sicherheitsrates"]),
        ("umfassende strategische Partnerschaft", "einer umfassenden strategischen Partnerschaft",
         ["umfassenden strategischen Partnerschaft"]),
        ("legitime Ziele", "als legitimen Zielen", ["legitimen Zielen"]),
        ("Duma", "Dumas, Dumamitglied, Staatsduma", ["Dumas"]),
        ("Artilleriegranate", "mit Artilleriegranaten", ["Artilleriegranaten"]),
        ("ratifizieren", "Sie ratifizieren es", ["ratifizieren"]),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_find_terms_finds_inflected_forms(
    tmp_path: Path, source: str, text: str, forms: list[str]
) -> None:
    found = make_terms(tmp_path, f"{source},target,").find_terms(text)
    assert [find.form for find in found] == forms
    assert all(text[find.start_char : find.end_char] == find.form for find in found)


def test_find_terms_takes_the_longest_first(tmp_path: Path) -> None:
    terms = make_terms(tmp_path, "Kim,Kim,\nKim Jong-un,Kim Jong-un,")
    assert [f.term.source for f in terms.find_terms("Kim Jong-un und Kim")] == [
        "Kim Jong-un",
        "Kim",
    ]


@pytest.mark.parametrize(
    ("row", "enforceable"),
    [
        ("Moskau,Moscow,", True),
        ("Militärvertrag,military treaty,", True),
        ("ratifizieren,to ratify,", False),
        ("einstimmig,unanimous(ly),", False),
        ("per Dekret,by decree,", False),
        ("z. B.,e.g.,", False),
    ],
)
def test_is_enforceable_leaves_glosses_and_verbs_alone(
    tmp_path: Path, row: str, *, enforceable: bool
) -> None:
    (term,) = make_terms(tmp_path, row).terms
    assert term.is_enforceable is enforceable


def test_check_terms_accepts_either_reading_of_a_gloss(tmp_path: Path) -> None:
    terms = make_terms(tmp_path, "einstimmig,unanimous(ly),")
    for target in ("They agreed unanimously.", "The vote was unanimous."):
        assert [use.status for use in check_terms("Sie waren einstimmig.", target, terms)] == [
            "kept"
        ]
    uses = check_terms("Sie waren einstimmig.", "All agreed.", terms)
    assert [use.status for use in uses] == ["missing"]


def answer(replies: Mapping[str, str], score: float = -0.3):  # type: ignore[no-untyped-def]
    """A translator with fixed replies."""

    def translate(texts: Sequence[str]) -> dict[str, Translated]:
        return {t: Translated(replies.get(t, ""), score, (), cached=False) for t in texts}

    return translate


@pytest.mark.parametrize(
    ("row", "source", "target", "wanted"),
    [
        ("Selenskyj,Zelensky,", "Selenskyj kam.", "Selenskyj came.", "Zelensky came."),
        ("Selenskyj,Zelensky,", "Das ist Selenskyjs Plan.", "This is Zelenskyy's plan.",
         "This is Zelensky's plan."),
        ("Pjöngjang,Pyongyang,", "Er reist nach Pjöngjang.", "He travels to Pjongjang.",
         "He travels to Pyongyang."),
        ("Wladimir Putin,Vladimir Putin,", "Wladimir Putin kam.", "Wladimir Putin came.",
         "Vladimir Putin came."),
        ("Kiew,Kyiv,", "Er kam aus Kiew.", "He came from Kiev.", "He came from Kyiv."),
    ],
    ids=["copied", "possessive", "spelling", "two-words", "lexicon"],
)  # fmt: skip
def test_apply_terms_respells_names_in_place(
    tmp_path: Path, row: str, source: str, target: str, wanted: str
) -> None:
    before = {source: Translated(target, -0.3, (), cached=False)}
    after = apply_terms(before, make_terms(tmp_path, row), answer({}), languages=LANGUAGES)[source]
    assert after.translated.text == wanted
    assert [use.status for use in after.uses] == ["applied"]


def test_apply_terms_translates_again_with_the_term_in_the_source(tmp_path: Path) -> None:
    terms = make_terms(tmp_path, "Machthaber,ruler,")
    source = "Der Machthaber kam."
    before = {source: Translated("The leader came.", -0.3, (), cached=False)}
    replies = {"Der ruler kam.": "The ruler came."}
    after = apply_terms(before, terms, answer(replies, -0.6), languages=LANGUAGES)[source]
    assert after.translated.text == "The ruler came."
    assert after.translated.flags == ()


def test_apply_terms_never_takes_a_broken_sentence(tmp_path: Path) -> None:
    terms = make_terms(tmp_path, "Machthaber,ruler,")
    source = "Der Machthaber kam."
    before = {source: Translated("The leader came.", -0.3, (), cached=False)}
    for reply, score in (("ruler ruler", -3.0), ("He came.", -0.3), ("", 0.0)):
        replies = answer({"Der ruler kam.": reply}, score)
        after = apply_terms(before, terms, replies, languages=LANGUAGES)[source]
        assert after.translated.text == "The leader came."
        assert after.translated.flags == ("term ruler missing",)
        assert [use.status for use in after.uses] == ["missing"]


def test_switch_source_keeps_a_names_genitive(tmp_path: Path) -> None:
    terms = make_terms(tmp_path, "Selenskyj,Zelensky,\nVertrag,treaty,")
    text = "Selenskyjs Nein zum Ende des Vertrags"
    assert switch_source(text, terms.find_terms(text)) == "Zelenskys Nein zum Ende des treaty"


@pytest.mark.usefixtures("own_home", "no_bundled")
def test_translate_segments_lists_term_uses(toy_package: Path, tmp_path: Path) -> None:
    terms = make_terms(tmp_path, "Moskau,Moskva,\nVertrag,treaty,")
    segments, articles = make_frames(["Moskau hat den Vertrag gebilligt."])
    config = TranslationConfig(package=toy_package)
    result = translate_segments(segments, articles, config, termbase=terms)
    assert result.translations["target_text"].to_list() == ["Moskva has approved the treaty."]
    uses = result.term_uses.select("source_term", "status").rows()
    assert uses == [("Moskau", "applied"), ("Vertrag", "kept")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\nx,y\n", r":1: no column 'source'"),
        (b"source,target\nx,\n", r":2: a term needs source and target"),
        ("source,target\nGröße,size\n".encode("latin-1"), "not UTF-8"),
        (b"", "no column"),
    ],
    ids=["columns", "empty-target", "latin-1", "empty"],
)
def test_load_termbase_names_what_is_wrong(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "terms.csv"
    file.write_bytes(content)
    with pytest.raises(MemoryFileError, match=message):
        load_termbase([file])


def test_load_termbase_reads_semicolons_and_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "terms.csv"
    file.write_text("source;target;note\nDuma;Duma;x\n", encoding="utf-8-sig")
    assert [term.target for term in load_termbase([file]).terms] == ["Duma"]
