"""Segments through memory and a real (toy) package; what is covered by neither is an error."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipeline.config import TranslationConfig
from pipeline.errors import PackageError
from pipeline.schemas import ARTICLES, SEGMENTS, TRANSLATIONS
from pipeline.translation import (
    load_memory,
    load_termbase,
    open_cache,
    translate_segments,
    write_memory,
)
from tests.toy_package import draw_sentences

ARGOS = "argos translate-de_en 1.0"


def make_frames(
    texts: list[str], *, language: str = "de", kinds: list[str] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One article's segments, one a text."""
    article: dict[str, object] = {
        "article_id": "a", "outlet": "Blatt", "language": language, "path": "a.txt",
        "text": " ".join(texts),
    }  # fmt: skip
    rows: list[dict[str, object]] = []
    position = 0
    for number, text in enumerate(texts):
        rows.append(
            {
                "segment_id": f"a#{number:04}",
                "article_id": "a",
                "position": number,
                "kind": kinds[number] if kinds else "sentence",
                "start_char": position,
                "end_char": position + len(text),
                "source_text": text,
            }
        )
        position += len(text) + 1
    return SEGMENTS.build(rows), ARTICLES.build([article])


def write_tmx_file(path: Path, pairs: list[tuple[str, str]]) -> Path:
    rows = [(f"u{n}", source, target) for n, (source, target) in enumerate(pairs)]
    path.write_text(write_memory(rows, source="de", target="en", version="0"), encoding="utf-8")
    return path


@pytest.mark.usefixtures("own_home", "no_bundled", "no_sockets")
def test_translate_segments_translates_the_toy_grammar(toy_package: Path) -> None:
    sentences = [s for s in draw_sentences(150) if not any(c.isdigit() for c in s[0])]
    segments, articles = make_frames([s[0] for s in sentences])
    result = translate_segments(segments, articles, TranslationConfig(package=toy_package))
    frame = TRANSLATIONS.check(result.translations)
    assert frame["segment_id"].to_list() == segments["segment_id"].to_list()
    right = sum(a == s[1] for a, s in zip(frame["target_text"], sentences, strict=True))
    assert right >= 0.9 * len(sentences)
    assert set(frame["engine"]) == {ARGOS}
    assert result.counts.translated == len(sentences)


@pytest.mark.usefixtures("own_home", "no_bundled")
def test_translate_segments_finds_what_argostranslate_installed(
    toy_argos_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(toy_argos_folder))
    segments, articles = make_frames(["Der Präsident hat den Vertrag gebilligt."])
    result = translate_segments(segments, articles, TranslationConfig())
    assert result.translations["target_text"].to_list() == [
        "The president has approved the treaty."
    ]


@pytest.mark.usefixtures("own_home", "no_bundled")
def test_translate_segments_takes_the_memory_before_the_package(
    toy_package: Path, tmp_path: Path
) -> None:
    known, new = "Moskau hat  „die Hilfe“ gebilligt.", "Moskau hat den Streik gefordert."
    file = write_tmx_file(tmp_path / "m.tmx", [('Moskau hat "die Hilfe" gebilligt.', "By hand.")])
    segments, articles = make_frames([known, new])
    result = translate_segments(
        segments,
        articles,
        TranslationConfig(package=toy_package),
        memory=load_memory([file], "de", "en"),
    )
    assert result.translations["engine"].to_list() == ["memory m.tmx", ARGOS]
    assert result.translations["target_text"].to_list()[0] == "By hand."
    assert (result.counts.memory, result.counts.translated) == (1, 1)


@pytest.mark.usefixtures("own_home", "no_bundled")
def test_translate_segments_names_what_nothing_covers(tmp_path: Path) -> None:
    file = write_tmx_file(tmp_path / "m.tmx", [("Schnee fällt.", "Snow falls.")])
    memory = load_memory([file], "de", "en")
    segments, articles = make_frames(["Schnee fällt.", "Regen fällt.", "Hagel fällt."])
    with pytest.raises(
        PackageError, match=r"de -> en: .* 2 segments .* a\.txt.*a#0001.*models install de"
    ):
        translate_segments(segments, articles, TranslationConfig(), memory=memory)


@pytest.mark.usefixtures("own_home", "no_bundled")
def test_translate_segments_needs_no_package_for_a_byline(tmp_path: Path) -> None:
    file = write_tmx_file(tmp_path / "m.tmx", [("Schnee fällt.", "Snow falls.")])
    segments, articles = make_frames(["Schnee fällt.", "(mk)"], kinds=["sentence", "byline"])
    result = translate_segments(
        segments, articles, TranslationConfig(), memory=load_memory([file], "de", "en")
    )
    assert result.translations["segment_id"].to_list() == ["a#0000"]
    assert result.counts.untranslated == 1


@pytest.mark.usefixtures("own_home", "no_bundled")
def test_translate_segments_passes_the_target_language_through() -> None:
    segments, articles = make_frames(["Snow falls."], language="en")
    result = translate_segments(segments, articles, TranslationConfig())
    assert result.translations.row(0) == ("a#0000", "Snow falls.", None, "as is", [])


@pytest.mark.usefixtures("own_home", "no_bundled")
def test_translate_segments_rerun_comes_from_the_cache(toy_package: Path, tmp_path: Path) -> None:
    segments, articles = make_frames([s[0] for s in draw_sentences(60)])
    config = TranslationConfig(package=toy_package)
    with open_cache(tmp_path) as cache:
        first = translate_segments(segments, articles, config, cache=cache)
        again = translate_segments(segments, articles, config, cache=cache)
    assert again.translations.equals(first.translations)
    assert (again.counts.translated, again.counts.cached) == (0, 60)


def test_load_termbase_finds_inflected_forms() -> None:
    terms = load_termbase([Path("seeds/terms.csv")])
    text = "Wegen des Beistandspakts und Wladimir Putins Besuch bei Kim Jong Un in Pjöngjang"
    found = [(find.term.source, find.form) for find in terms.find_terms(text)]
    assert found == [
        ("Beistandspakt", "Beistandspakts"),
        ("Wladimir Putin", "Wladimir Putins"),
        ("Kim Jong-un", "Kim Jong Un"),
        ("Pjöngjang", "Pjöngjang"),
    ]
