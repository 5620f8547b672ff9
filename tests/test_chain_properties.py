"""Whatever stands in the articles: the chain ends, spans quote, numbers are kept or flagged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import load_config
from pipeline.errors import InputError
from pipeline.run import build_fact_sheet, render_files

# Text that breaks things, between German words that the toy package knows and any Unicode.
PIECES = st.one_of(
    st.sampled_from(
        [
            "Der Hund schläft. ",
            "3.000 Soldaten ",
            "am 10. November 2024 ",
            "<script>alert(1)</script> ",
            '<img src=x onerror="alert(1)"> ',
            "[klick](javascript:alert(1)) ",
            "„Ja“, sagte er. ",
            "\u202eumgekehrt\u202c ",
            "\x1b[31mrot ",
            "|---|---| ",
            "=HYPERLINK(1) ",
            "\n\n",
            "\r\n",
            "\t",
            "… – — ",
        ]
    ),
    st.text(max_size=30),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=12).map("".join)


class TagCollector(HTMLParser):
    """Tags, attributes and scripts of a page, as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.lasttag == "script":
            self.scripts.append(data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("properties")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAKTENBLATT_HOME", str(path / "home"))
        yield path


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts=st.lists(TEXTS, min_size=1, max_size=3))
def test_any_text_goes_through_the_chain(texts: list[str], folder: Path, toy_package: Path) -> None:
    source = folder / "articles.jsonl"
    rows = [
        {"id": f"a{n}", "outlet": f"O{n}", "language": "de", "text": text}
        for n, text in enumerate(texts)
    ]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    config = load_config(translation={"package": toy_package})
    try:
        result = build_fact_sheet([source], config)
    except InputError as error:
        assert "\n" not in str(error)
        return
    assert result.articles.height + result.rejects.height == len(texts)
    text_of = dict(result.articles.select("article_id", "text").iter_rows())
    for row in result.mentions.iter_rows(named=True):
        assert text_of[row["article_id"]][row["start_char"] : row["end_char"]] == row["source_text"]
    _check_numbers(result.segments.join(result.translations, on="segment_id"))
    for name, body in render_files(result).items():
        if name.endswith(".html"):
            _check_page(str(body))


def _check_numbers(translated: pl.DataFrame) -> None:
    """The planted figure stands in the translation, or the translation is flagged."""
    for row in translated.iter_rows(named=True):
        if re.search(r"(?<![\w.,])3\.000 Soldaten", row["source_text"]):
            kept = re.search(r"3[.,]?000", row["target_text"])
            assert kept or row["flags"], (row["source_text"], row["target_text"])


def _check_page(page: str) -> None:
    """No element or attribute of an article's making."""
    tags = TagCollector()
    tags.feed(page)
    assert tags.scripts
    assert not any("alert(1)" in script for script in tags.scripts)
    assert not any(tag == "img" for tag, _ in tags.found)
    for _, attributes in tags.found:
        assert not [name for name in attributes if name.startswith("on")]
        assert not str(attributes.get("href") or "").lower().startswith("javascript:")
