"""Inputs in, articles and rejects out: formats, metadata, encodings, names, losses."""

from __future__ import annotations

import io
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles import ReadResult, read_articles
from pipeline.articles.decoding import decode_bytes
from pipeline.articles.detection import detect_languages
from pipeline.articles.front_matter import read_front_matter
from pipeline.articles.metadata import parse_date, parse_language
from pipeline.config import ReadConfig
from pipeline.schemas import ARTICLES, REJECTS

SEEDS = Path(__file__).parent.parent / "seeds"
BODY = "Die Brücke ist gesperrt. Das teilte die Stadt am Montag mit, und Umleitungen sind geplant."


def write(folder: Path, name: str, content: str | bytes = BODY) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        content = content.encode("utf-8")
    file.write_bytes(content)
    return file


def read(*inputs: Path | str, **options: Any) -> ReadResult:
    stdin = options.pop("stdin", None)
    return read_articles([str(given) for given in inputs], ReadConfig(**options), stdin=stdin)


def only_article(result: ReadResult) -> dict[str, Any]:
    assert result.rejects.is_empty(), result.rejects.to_dicts()
    assert result.articles.height == 1
    return result.articles.row(0, named=True)


def only_reject(result: ReadResult) -> dict[str, Any]:
    assert result.articles.is_empty()
    assert result.rejects.height == 1, result.rejects.to_dicts()
    return result.rejects.row(0, named=True)


# --- whole folders


def test_read_articles_of_the_seeds() -> None:
    result = read(SEEDS)
    ids = ["01_chronik", "02_ueberblick", "03_hintergrund"]
    assert result.articles["article_id"].to_list() == ids
    assert result.articles["outlet"].to_list() == ["Chronik", "Überblick", "Hintergrund"]
    assert result.articles["language"].to_list() == ["de"] * 3
    assert result.articles["published"].to_list()[0] == date(2024, 10, 24)
    assert [path.name for path in result.memories] == ["memory.tmx"]
    assert [path.name for path in result.terms] == ["terms.csv"]
    assert result.rejects.is_empty()
    assert result.notes == []


def test_read_articles_result_does_not_depend_on_how_files_are_named() -> None:
    files = sorted(str(file) for file in SEEDS.iterdir())
    whole = read(SEEDS)
    for inputs in (files, files[::-1], [str(SEEDS / "*")], [str(SEEDS), *files]):
        other = read(*inputs)
        assert other.articles.equals(whole.articles)
        assert other.memories == whole.memories
        assert other.rejects.is_empty()


def test_read_articles_loses_nothing(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    write(tmp_path, "sub/deep/b.md", "Anderer Text steht hier, und er ist lang genug für alle.")
    write(tmp_path, "c.pdf", b"%PDF-1.7")
    write(tmp_path, "d.docx", b"PK\x03\x04")
    write(tmp_path, "e.txt", "")
    write(tmp_path, "f.txt", b"\x00\x01\x02")
    write(tmp_path, "README.md")
    write(tmp_path, "LICENSE")
    write(tmp_path, "memory.tmx")
    write(tmp_path, "sub/terms.csv")
    write(tmp_path, ".hidden.txt")
    write(tmp_path, ".git/x.txt")
    write(tmp_path, "other.tmx")
    result = read(tmp_path)
    assert result.articles["article_id"].to_list() == ["a", "sub/deep/b"]
    reasons = {Path(row["path"]).name: row["reason"] for row in result.rejects.to_dicts()}
    assert reasons == {
        "c.pdf": "unsupported",
        "d.docx": "unsupported",
        "e.txt": "empty",
        "f.txt": "binary",
        "README.md": "not_an_article",
        "LICENSE": "not_an_article",
        "other.tmx": "unsupported",
    }
    visible = 11
    set_aside = len(result.memories) + len(result.terms)
    assert result.articles.height + result.rejects.height + set_aside == visible


def test_read_articles_keeps_its_frames_types_when_empty(tmp_path: Path) -> None:
    result = read(tmp_path)
    assert result.articles.schema == ARTICLES.dtypes
    assert result.rejects.schema == REJECTS.dtypes


def test_read_articles_does_not_read_an_earlier_runs_results(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    for name in ("run.json", "pairs.parquet", "facts.jsonl", "factsheet.md"):
        write(tmp_path, f"outputs/{name}")
    result = read(tmp_path)
    assert result.articles["article_id"].to_list() == ["a"]
    assert result.rejects["reason"].to_list() == ["own_output"]


def test_read_articles_follows_a_link_circle_once(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.txt")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    assert read(tmp_path).articles["article_id"].to_list() == ["sub/a"]


def test_read_articles_says_that_a_link_repeats_a_file(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    result = read(tmp_path, tmp_path / "a.txt")
    assert result.articles["article_id"].to_list() == ["a"]
    assert result.rejects.select("path", "reason").rows() == [
        (str(tmp_path / "b.txt"), "duplicate")
    ]


# --- names


def test_read_articles_ids_keep_the_suffix_where_stems_agree(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    write(tmp_path, "a.md", BODY + " Mehr folgt.")
    write(tmp_path, "b.txt")
    assert read(tmp_path).articles["article_id"].to_list() == ["a.md", "a.txt", "b"]


def test_read_articles_ids_of_two_folders_stay_apart(tmp_path: Path) -> None:
    write(tmp_path, "x/a.txt")
    write(tmp_path, "y/a.txt")
    write(tmp_path, "y/a.txt", BODY + " Mehr folgt.")
    write(tmp_path, "y/b.txt", BODY + " Noch mehr folgt.")
    folders = tmp_path / "x", tmp_path / "y"
    forward, backward = read(*folders), read(*folders[::-1])
    assert forward.articles["article_id"].to_list() == [
        str(tmp_path / "x" / "a.txt"),
        str(tmp_path / "y" / "a.txt"),
        "b",
    ]
    assert forward.articles.equals(backward.articles)


def test_read_articles_ids_of_rows_are_made_unique(tmp_path: Path) -> None:
    rows = [json.dumps({"id": "x", "text": f"{BODY} {number}"}) for number in range(3)]
    write(tmp_path, "n.jsonl", "\n".join(rows))
    assert read(tmp_path).articles["article_id"].to_list() == ["x", "x~2", "x~3"]


@pytest.mark.parametrize(
    ("name", "content", "outlet", "expected"),
    [
        ("a.txt", BODY, None, "a"),
        ("kurier/a.txt", BODY, None, "kurier"),
        ("kurier/2024/a.txt", BODY, None, "kurier"),
        ("a.txt", BODY, "Bote", "Bote"),
        ("kurier/a.txt", f"---\noutlet: Chronik\n---\n{BODY}", "Bote", "Chronik"),
    ],
    ids=["stem", "folder", "first-folder", "configured", "front-matter"],
)
def test_read_articles_names_the_outlet(
    tmp_path: Path, name: str, content: str, outlet: str | None, expected: str
) -> None:
    write(tmp_path, name, content)
    assert only_article(read(tmp_path, outlet=outlet))["outlet"] == expected


def test_read_articles_rejects_the_second_of_two_equal_articles(tmp_path: Path) -> None:
    write(tmp_path, "kurier/a.txt")
    write(tmp_path, "kurier/b.txt", BODY + "\n")
    write(tmp_path, "bote/a.txt")
    result = read(tmp_path)
    assert result.articles["article_id"].to_list() == ["bote/a", "kurier/a"]
    reject = result.rejects.row(0, named=True)
    assert (reject["reason"], reject["article_id"]) == ("duplicate", "kurier/b")
    assert "'kurier/a'" in reject["detail"]


# --- text files


def test_read_articles_text_stays_untouched(tmp_path: Path) -> None:
    text = "\n  Zeile eins.\r\n\r\nZeile zwei mit Umlaut a\u0308.\r\n"
    write(tmp_path, "a.txt", text)
    assert only_article(read(tmp_path))["text"] == text.replace("a\u0308", "ä")


def test_read_articles_reads_front_matter_with_german_keys(tmp_path: Path) -> None:
    head = (
        "---\nQuelle: Küstenkurier\nDatum: 24. Oktober 2024\nSprache: deutsch\n"
        "Titel: Streik: Häfen stehen still\nLink: https://kurier.example/1\n---\n"
    )
    write(tmp_path, "a.txt", head + BODY)
    article = only_article(read(tmp_path))
    assert article == {
        "article_id": "a",
        "outlet": "Küstenkurier",
        "title": "Streik: Häfen stehen still",
        "published": date(2024, 10, 24),
        "language": "de",
        "url": "https://kurier.example/1",
        "path": str(tmp_path / "a.txt"),
        "text": BODY,
    }


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (BODY, 0),
        ("---\nEin Text, kein Kopf.\n---\nMehr Text.", 0),
        ("---\n---\nText.", 8),
        ("---\r\noutlet: X\r\n---\r\nText.", 21),
        ("---\noutlet: X\n...\nText.", 18),
        ("--- Ein Gedankenstrich am Anfang", 0),
        ("---\n\nEin Text nach einer Linie.", 0),
    ],
    ids=["none", "rules-around-text", "empty", "crlf", "dots", "dash", "rule"],
)
def test_read_front_matter_finds_where_the_text_begins(text: str, start: int) -> None:
    matter = read_front_matter(text)
    assert (matter.problem, matter.text_start) == (None, start)


@pytest.mark.parametrize(
    "head",
    ["---\noutlet: [Kurier\n---\n", "---\noutlet: X\n\tdate: 3\n---\n", "---\noutlet: X\n\nText."],
    ids=["bracket", "tab", "never-closed"],
)
def test_read_articles_rejects_a_broken_front_matter(tmp_path: Path, head: str) -> None:
    write(tmp_path, "a.txt", head + BODY)
    reject = only_reject(read(tmp_path))
    assert reject["reason"] == "bad_front_matter"
    assert "name: value" in reject["detail"]


def test_read_articles_rejects_a_date_nobody_can_read(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", f"---\ndate: 2024-13-45\n---\n{BODY}")
    reject = only_reject(read(tmp_path))
    assert reject["reason"] == "bad_date"
    assert "'2024-13-45' is no date" in reject["detail"]


# --- dates, languages


@pytest.mark.parametrize(
    "value",
    [
        "2024-10-24",
        "2024-10-24T10:00:00+02:00",
        "2024-10-24 10:00",
        "2024/10/24",
        "20241024",
        20241024,
        "24.10.2024",
        "24.10.2024, 14:30 Uhr",
        "24.10.24",
        "24. Oktober 2024",
        "Donnerstag, 24. Oktober 2024, 14:30 Uhr",
        "24. Okt. 2024",
        "October 24, 2024",
        "Oct 24, 2024",
        "24 October 2024",
        "24/10/2024",
        "10/24/2024",
        "Thu, 24 Oct 2024 10:00:00 GMT",
        date(2024, 10, 24),
        datetime(2024, 10, 24, 23, 59, tzinfo=UTC),
        1729764000,
        1729764000000.0,
    ],
)
def test_parse_date_reads_what_people_write(value: object) -> None:
    assert parse_date(value) == (date(2024, 10, 24), None)


@pytest.mark.parametrize("value", [None, "", "  ", "-", "unbekannt", "n/a"])
def test_parse_date_of_nothing_is_none(value: object) -> None:
    assert parse_date(value) == (None, None)


@pytest.mark.parametrize("value", ["gestern", "2024", "2024-02-30", "10/11/2024", "32.1.2024", 7])
def test_parse_date_gives_back_what_it_can_not_read(value: object) -> None:
    assert parse_date(value) == (None, str(value))


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_parse_date_survives_any_text(text: str) -> None:
    day, bad = parse_date(text)
    assert day is None or bad is None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("de", "de"),
        ("de-DE", "de"),
        ("de_AT", "de"),
        ("DE", "de"),
        ("deutsch", "de"),
        ("deu", "de"),
        ("English", "en"),
        ("no", "no"),
        ("Klingonisch", None),
        ("", None),
        (None, None),
        (False, None),
    ],
)
def test_parse_language(value: object, code: str | None) -> None:
    assert parse_language(value) == code


TEXTS = {
    "de": "Die Regierung hat am Montag ein neues Gesetz beschlossen, das viele Bürger betrifft.",
    "en": "The government passed a new law on Monday that affects many citizens of the country.",
    "fr": "Le gouvernement a adopté lundi une nouvelle loi qui concerne de nombreux citoyens.",
    "es": "El Gobierno aprobó el lunes una nueva ley que afecta a muchos ciudadanos del país.",
    "ru": "Правительство приняло в понедельник новый закон, который касается многих граждан.",
    "uk": "Уряд ухвалив у понеділок новий закон, який стосується багатьох громадян країни.",
    "nl": "De regering heeft maandag een nieuwe wet aangenomen die veel burgers aangaat.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_detect_languages_of_one_sentence(language: str) -> None:
    assert detect_languages([TEXTS[language]], [None]) == [language]


def test_detect_languages_of_short_texts_asks_the_others() -> None:
    texts = [TEXTS["de"], "Kiew", "Kim in Moskau", TEXTS["en"], "12345"]
    assert detect_languages(texts, [None, None, None, "en", None]) == ["de", "de", "de", "en", "de"]
    assert detect_languages([], []) == []


# --- encodings


GERMAN = "Die Brücke über die Elbe ist gesperrt. „Das ist schlimm“ – für Österreich und die Straße."
PLAIN = "Die Brücke über die Elbe ist gesperrt, sagte der Bürgermeister. Größere Straßen sind frei."


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (GERMAN, "utf-8", None),
        (GERMAN, "utf-8-sig", None),
        (GERMAN, "utf-16", "utf-16"),
        (GERMAN, "cp1252", "windows-1252"),
        (PLAIN, "latin-1", "windows-1252"),
        ("Grüße", "latin-1", "windows-1252"),
        (TEXTS["fr"] + " « C’est grave »", "cp1252", "windows-1252"),
        (TEXTS["ru"], "cp1251", "windows-1251"),
        (TEXTS["ru"], "koi8_r", "koi8_r"),
    ],
)
def test_decode_bytes_finds_the_encoding(text: str, encoding: str, named: str | None) -> None:
    decoded = decode_bytes(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, named)


def test_decode_bytes_of_utf8_with_a_broken_byte_is_not_mojibake() -> None:
    decoded = decode_bytes(GERMAN.encode() + b"\xff Ende.")
    assert decoded.text == GERMAN + "\ufffd Ende."
    assert decoded.encoding == "utf-8 with broken bytes"


@pytest.mark.parametrize(
    "data", [b"%PDF-1.4", b"PK\x03\x04abc", b"a\x00b", bytes(range(256)), b"\x89PNG\r\n"]
)
def test_decode_bytes_knows_binary_data(data: bytes) -> None:
    assert decode_bytes(data).text is None


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_decode_bytes_survives_any_bytes(data: bytes) -> None:
    decode_bytes(data)


def test_read_articles_notes_a_legacy_encoding(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", PLAIN.encode("latin-1"))
    result = read(tmp_path)
    assert only_article(result)["text"] == PLAIN
    assert result.notes == [f"{tmp_path / 'a.txt'}: not UTF-8, read as windows-1252"]


# --- losses, each with its reason


def test_read_articles_rejects_what_is_too_large(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    reject = only_reject(read(tmp_path, max_article_chars=20))
    assert reject["reason"] == "too_large"
    assert "--max-article-chars" in reject["detail"]


@pytest.mark.parametrize(
    ("given_", "reason"),
    [("nowhere", "missing"), ("*.nothing", "missing"), ("", "empty_folder")],
    ids=["file", "glob", "folder"],
)
def test_read_articles_rejects_inputs_without_files(
    tmp_path: Path, given_: str, reason: str
) -> None:
    reject = only_reject(read(tmp_path / given_))
    assert reject["reason"] == reason
    assert reject["line"] is None


def test_read_articles_rejects_what_it_may_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.txt")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    reject = only_reject(read(tmp_path))
    assert reject["reason"] == "unreadable"
    assert "Permission denied" in reject["detail"]


def test_read_articles_rejects_a_dangling_link_and_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    os.mkfifo(tmp_path / "b.txt")
    result = read(tmp_path)
    assert result.rejects["reason"].to_list() == ["unreadable", "unreadable"]


def test_read_articles_every_detail_names_the_file_and_is_one_line(tmp_path: Path) -> None:
    for name, content in (
        ("a.txt", ""),
        ("b.jsonl", "{broken"),
        ("c.csv", "x,y\n1,2\n"),
        ("d.parquet", "no parquet"),
        ("e.txt", "---\ndate: gestern\n---\nText."),
        ("f.xyz", "Text."),
        ("g.html", "<html></html>"),
    ):
        write(tmp_path, name, content)
    rejects = read(tmp_path).rejects.to_dicts()
    assert len(rejects) == 7
    for reject in rejects:
        assert reject["stage"] == "articles"
        assert reject["detail"].startswith(reject["path"])
        assert "\n" not in reject["detail"]
        assert "; " in reject["detail"]


# --- tables


def test_read_articles_reads_jsonl_rows_and_numbers_broken_ones(tmp_path: Path) -> None:
    rows = [
        json.dumps({"id": 7, "source": "Kurier", "headline": "Titel", "body": BODY}),
        "{broken",
        "",
        json.dumps(["no", "object"]),
        json.dumps({"id": "x", "text": 5}),
        json.dumps({"id": "y", "text": None}),
        json.dumps({"date": "2024-10-24", "text": BODY + "\u2028Zwei.", "lang": "de"}),
        json.dumps({"id": "z"}),
    ]
    write(tmp_path, "news.jsonl", "\n".join(rows))
    result = read(tmp_path)
    assert result.articles.select("article_id", "outlet", "title", "published").rows() == [
        ("7", "Kurier", "Titel", None),
        ("news:7", "news", None, date(2024, 10, 24)),
    ]
    assert result.rejects.select("line", "reason").rows() == [
        (2, "broken_row"),
        (4, "broken_row"),
        (5, "broken_row"),
        (6, "empty"),
        (8, "no_text_column"),
    ]
    assert ":2: broken JSON line" in result.rejects["detail"][0]
    assert "columns found: id" in result.rejects["detail"][4]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "id,words\n1,x\n"),
        ("a.tsv", "id\twords\n1\tx\n"),
        ("b.csv", "id,words\n"),
        ("a.jsonl", '{"id": 1, "words": "x"}\n{"id": 2, "words": "y"}\n'),
    ],
)
def test_read_articles_names_the_columns_when_there_is_no_text(
    tmp_path: Path, name: str, content: str
) -> None:
    write(tmp_path, name, content)
    reject = only_reject(read(tmp_path))
    assert (reject["reason"], reject["line"]) == ("no_text_column", None)
    assert "columns found: id, words" in reject["detail"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_read_articles_reads_csv(tmp_path: Path, delimiter: str) -> None:
    lines = [
        ["id", "outlet", "date", "text"],
        ["a", "Kurier", "24.10.2024", f'"{BODY}\n\nZweiter Absatz."'],
        ["b", "Bote", "", BODY],
        ["c", "Bote"],
    ]
    if delimiter == ",":
        lines[2][3] = f'"{BODY}"'
    write(tmp_path, "n.csv", "\r\n".join(delimiter.join(line) for line in lines))
    result = read(tmp_path)
    assert result.articles.select("article_id", "outlet", "published").rows() == [
        ("a", "Kurier", date(2024, 10, 24)),
        ("b", "Bote", None),
    ]
    assert result.articles["text"][0] == f"{BODY}\n\nZweiter Absatz."
    assert result.rejects.select("line", "reason").rows() == [(6, "broken_row")]
    assert "2 fields, the header has 4" in result.rejects["detail"][0]


@pytest.mark.parametrize("content", ["", "\n", ";", "id,text\n", "id,text\n,\n"])
def test_read_articles_rejects_a_table_without_rows(tmp_path: Path, content: str) -> None:
    write(tmp_path, "n.csv", content)
    assert only_reject(read(tmp_path))["reason"] == "empty"


def test_read_articles_reads_csv_with_an_open_quote_and_excels_first_line(tmp_path: Path) -> None:
    write(tmp_path, "n.csv", f'sep=;\nid;text\na;{BODY}\nb;"offen\n')
    result = read(tmp_path)
    assert result.articles["article_id"].to_list() == ["a"]
    assert result.rejects["reason"].to_list() == ["broken_row"]


def test_read_articles_reads_parquet(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "article_id": [1, 2],
            "publisher": ["Kurier", None],
            "published": [date(2024, 10, 24), None],
            "text": [BODY, None],
        }
    )
    frame.write_parquet(tmp_path / "n.parquet")
    result = read(tmp_path)
    assert result.articles.select("article_id", "outlet", "published").rows() == [
        ("1", "Kurier", date(2024, 10, 24))
    ]
    assert result.rejects.select("line", "reason").rows() == [(2, "empty")]


# --- pages


PAGE = """<!doctype html><html lang="de-DE"><head><meta charset="{charset}">
<title>Brücke gesperrt - Kurier Online</title><meta property="og:site_name" content="Kurier">
<meta property="og:title" content="Brücke gesperrt">
<meta property="article:published_time" content="2024-10-24T10:00:00+02:00">
<link rel="canonical" href="https://www.kurier.example/bruecke"></head><body>
<nav><a href="/">Start</a></nav><article><h1>Brücke gesperrt</h1>
<p>Kiel – Die Brücke über den Kanal ist seit Montag gesperrt. Das teilte die Stadt am Mittag
mit, nachdem Taucher Schäden an zwei Pfeilern gefunden hatten.</p><h2>Umleitung über die B 76</h2>
<p>Der Verkehr rollt bis Freitag über die Bundesstraße. Die Stadt rechnet mit Staus.</p></article>
<footer>Impressum</footer><script>alert("x")</script></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_read_articles_reads_a_page(tmp_path: Path, charset: str) -> None:
    markup = PAGE.replace("{charset}", charset).replace("–", "-")
    write(tmp_path, "a.html", markup.encode(charset))
    article = only_article(read(tmp_path))
    lines = article.pop("text").splitlines()
    assert lines[0] == "Brücke gesperrt"
    assert lines[1].startswith("Kiel - Die Brücke über den Kanal ist seit Montag gesperrt.")
    assert lines[2:] == [
        "Umleitung über die B 76",
        "Der Verkehr rollt bis Freitag über die Bundesstraße. Die Stadt rechnet mit Staus.",
    ]
    assert article == {
        "article_id": "a",
        "outlet": "Kurier",
        "title": "Brücke gesperrt",
        "published": date(2024, 10, 24),
        "language": "de",
        "url": "https://www.kurier.example/bruecke",
        "path": str(tmp_path / "a.html"),
    }


def test_read_articles_rejects_a_page_without_text(tmp_path: Path) -> None:
    write(tmp_path, "a.html", "<html><body><script>1</script></body></html>")
    assert only_reject(read(tmp_path))["reason"] == "empty"


# --- standard input


@pytest.mark.parametrize(
    ("data", "article_id", "outlet"),
    [
        (BODY, "stdin", "stdin"),
        (f"---\noutlet: Kurier\n---\n{BODY}", "stdin", "Kurier"),
        (json.dumps({"id": "x", "outlet": "Kurier", "text": BODY}), "x", "Kurier"),
        (PAGE.replace("{charset}", "utf-8"), "stdin", "Kurier"),
    ],
    ids=["text", "front-matter", "jsonl", "html"],
)
def test_read_articles_reads_standard_input(data: str, article_id: str, outlet: str) -> None:
    article = only_article(read("-", stdin=io.BytesIO(data.encode())))
    assert (article["article_id"], article["outlet"], article["path"]) == (article_id, outlet, "-")


def test_read_articles_says_when_there_is_no_standard_input() -> None:
    assert only_reject(read("-"))["reason"] == "unreadable"


def test_read_articles_rejects_empty_standard_input() -> None:
    assert only_reject(read("-", stdin=io.BytesIO(b"")))["reason"] == "empty"


# --- properties


NAMES = st.sampled_from(["a.txt", "b.md", "c.html", "d.jsonl", "e.csv", "f.xyz", "s/g.txt"])


@given(st.dictionaries(NAMES, st.binary(max_size=120), max_size=5))
@settings(max_examples=60, deadline=None)
def test_read_articles_survives_any_content(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name, content in files.items():
        write(folder, name, content)
    result = read(folder)
    touched = {*result.articles["path"], *result.rejects["path"]}
    assert touched == ({str(folder / name) for name in files} or {str(folder)})
    assert result.articles["article_id"].is_unique().all()
