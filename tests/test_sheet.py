"""The sheet's texts and files: what stands in them, and that hostile articles stay text."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from pipeline.schemas import FACTS, MENTIONS
from pipeline.sheet import (
    SCHEMAS,
    SheetContent,
    facts_jsonl,
    frame_jsonl,
    load_schema,
    parquet_bytes,
    render_csv,
    render_docx,
    render_html,
    render_index_html,
    render_index_markdown,
    render_markdown,
)
from pipeline.sheet.arrange import safe_url, view_sheet
from pipeline.sheet.html import content_hash
from pipeline.sheet.markdown import _mark_clause, escape_markdown
from pipeline.sheet.marks import HIDDEN, MAX_SHOWN_CHARS, cut_pieces, show_hidden
from pipeline.sheet.tables import FORMULA_STARTS, guard_cell
from pipeline.sheet.wording import write_date_range, write_partial_date
from tests.sheet_story import build_content, build_hostile_content
from tests.write_schemas import FRAMES, describe_frame


@pytest.fixture(scope="module")
def content() -> SheetContent:
    return build_content()


@pytest.fixture(scope="module")
def hostile() -> SheetContent:
    return build_hostile_content()


# --- pieces


@given(st.text(max_size=400), st.integers(0, 400), st.integers(0, 400))
def test_cut_pieces_rejoins_to_the_text(text: str, left: int, right: int) -> None:
    start, end = sorted((min(left, len(text)), min(right, len(text))))
    clause = (start, end) if start < end else None
    pieces = cut_pieces(text, clause=clause)
    shown = "".join(piece.text for piece in pieces if piece.kind != "hidden")
    assert shown == HIDDEN.sub("", text)


def test_cut_pieces_marks_clause_and_figures_across_each_other() -> None:
    text = "rund 10.000 Soldaten, sagte er"
    pieces = cut_pieces(text, figures=((0, 11, "number"),), clause=(5, 20))
    assert [(p.text, p.kind, p.clause) for p in pieces] == [
        ("rund ", "number", False),
        ("10.000", "number", True),
        (" Soldaten", "", True),
        (", sagte er", "", False),
    ]


def test_cut_pieces_does_not_mark_a_clause_that_is_the_sentence() -> None:
    assert not any(p.clause for p in cut_pieces("Es regnet.", clause=(0, 9)))


def test_cut_pieces_leaves_out_the_middle_of_a_very_long_text() -> None:
    text = "a" * 50_000 + " Kern " + "b" * 50_000
    pieces = cut_pieces(text, clause=(50_001, 50_005))
    assert sum(len(p.text) for p in pieces) < MAX_SHOWN_CHARS + 100
    assert "Kern" in [p.text for p in pieces if p.clause]
    assert [p.kind for p in pieces if p.kind == "gap"] == ["gap", "gap"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "a[U+202E]b"),
        ("\x1b[31mrot", "␛[31mrot"),
        ("null\x00byte", "null␀byte"),
        ("zwei\nZeilen\t", "zwei Zeilen"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("Straße, Żółć, 日本", "Straße, Żółć, 日本"),
        ("👩\u200d🚒", "👩\u200d🚒"),
    ],
    ids=["rtl override", "ansi", "nul", "white space", "zero width", "letters", "joined emoji"],
)
def test_show_hidden(text: str, shown: str) -> None:
    assert show_hidden(text) == shown


# --- views


def test_view_sheet_orders_shared_facts_by_outlets_then_time(content: SheetContent) -> None:
    view = view_sheet(content)
    counts = [len(fact.outlets) for fact in view.shared]
    assert counts == sorted(counts, reverse=True)
    assert [fact.number for fact in view.facts] == list(range(1, content.facts.height + 1))
    assert all(len(fact.outlets) == 1 for fact in view.singles)


def test_view_sheet_does_not_depend_on_the_order_of_rows(content: SheetContent) -> None:
    shuffled = dataclasses.replace(
        content, facts=content.facts.sample(fraction=1, shuffle=True, seed=3)
    )
    assert [f.fact_id for f in view_sheet(shuffled).facts] == [
        f.fact_id for f in view_sheet(content).facts
    ]


def test_view_sheet_shows_a_conflict_once_with_all_its_sides(content: SheetContent) -> None:
    view = view_sheet(content)
    sides = [frozenset(side.fact.fact_id for side in c.sides) for c in view.conflicts]
    assert len(sides) == len(set(sides))
    soldiers = next(
        c for c in view.conflicts if {"f-f09", "f-f10"} <= {s.fact.fact_id for s in c.sides}
    )
    values = " ".join(side.value for side in soldiers.sides)
    assert "a minimum of 3,000" in values
    assert "about 1,500" in values


def test_view_sheet_shows_differing_figures_before_other_conflicts(content: SheetContent) -> None:
    titles = [conflict.title for conflict in view_sheet(content).conflicts]
    assert set(titles) == {"The figures differ", "Stated and denied"}
    assert titles == sorted(titles, key=lambda title: title != "The figures differ")


def test_view_sheet_quotes_the_wording_that_states_a_side_s_value(content: SheetContent) -> None:
    for conflict in view_sheet(content).conflicts:
        for side in conflict.sides:
            assert side.mention in side.fact.mentions
            said = {m for m in side.fact.mentions if side.value and side.value in m.target_text}
            assert not said or side.mention in said
    assert any(side.value for conflict in view_sheet(content).conflicts for side in conflict.sides)


def test_view_sheet_says_who_states_and_who_denies(content: SheetContent) -> None:
    denials = [c for c in view_sheet(content).conflicts if c.title == "Stated and denied"]
    assert denials
    sides = [side for conflict in denials for side in conflict.sides]
    assert all(s.value == "denied" for s in sides if " have denied " in s.mention.target_text)
    assert {side.value for side in sides} == {"denied", "stated"}


def test_every_segment_marks_the_clause_that_states_the_fact(content: SheetContent) -> None:
    for fact in view_sheet(content).facts:
        for mention in fact.mentions:
            marked = "".join(piece.text for piece in mention.source if piece.clause)
            assert marked in {"", mention.source_text}


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a?b=c", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("file:///etc/passwd", False),
        ("//example.org", False),
        ("https://", False),
        ("http://[broken", False),
        ("", False),
        (None, False),
    ],
)
def test_safe_url_lets_web_addresses_through_only(url: str | None, safe: bool) -> None:
    assert (safe_url(url) is not None) is safe


# --- Markdown


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=80))
def test_escape_markdown_shows_any_text_letter_by_letter(text: str) -> None:
    shown = show_hidden(text)
    document = f"x{escape_markdown(text)}x"
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(document)
    inline = [token for token in tokens if token.type == "inline"]
    assert len(inline) == 1
    assert {child.type for child in inline[0].children or ()} <= {"text", "text_special"}
    assert "".join(child.content for child in inline[0].children or ()) == f"x{shown}x"


PROSE = st.text(alphabet="abÄ ,.„“*_-:\"'()1\u00a0", max_size=12)


@given(PROSE, PROSE, PROSE)
def test_mark_clause_shows_every_letter_and_no_asterisk(left: str, middle: str, right: str) -> None:
    text = f"x{left}{middle}{right}x"
    start = 1 + len(left)
    pieces = cut_pieces(text, clause=(start, start + len(middle)) if middle else None)
    tokens = MarkdownIt("commonmark").parse(_mark_clause(pieces))
    children = tokens[1].children or []
    assert len([token for token in tokens if token.type == "inline"]) == 1
    assert {child.type for child in children} <= {
        "text",
        "text_special",
        "strong_open",
        "strong_close",
    }
    if any(map(str.isalnum, middle)):
        assert "strong_open" in {child.type for child in children}
    shown = "".join(child.content for child in children)
    assert re.sub(r"\s+", " ", shown) == re.sub(r"\s+", " ", text)


def test_render_markdown_has_every_section_and_ends_with_the_signature(
    content: SheetContent,
) -> None:
    text = render_markdown(content)
    titles = re.findall(r'^## <a id="(\w+)"', text, re.MULTILINE)
    assert titles == ["several", "disagree", "single", "timeline", "rejects"]
    assert text.rstrip().splitlines()[-1] == escape_markdown(content.signature)


def test_render_markdown_links_lead_somewhere(content: SheetContent) -> None:
    text = render_markdown(content)
    targets = set(re.findall(r'<a id="([^"]+)"', text))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= targets


def test_render_markdown_quotes_every_mention(content: SheetContent) -> None:
    html = MarkdownIt("commonmark").render(render_markdown(content))
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).replace("&quot;", '"')
    for row in content.facts.iter_rows(named=True):
        for mention in row["mentions"]:
            assert mention["segment_source_text"] in plain
            assert f"{mention['start_char']}–{mention['end_char']}" in plain


def test_render_markdown_shows_hostile_articles_as_text(hostile: SheetContent) -> None:
    import cmarkgfm

    html = cmarkgfm.github_flavored_markdown_to_html(render_markdown(hostile))
    tags = set(re.findall(r"<(\w+)", html))
    text_tags = {"h1", "h2", "h3", "a", "p", "em", "strong", "code", "ul", "li", "br", "hr"}
    table_tags = {"table", "thead", "tbody", "tr", "th", "td", "blockquote"}
    assert tags <= text_tags | table_tags
    assert "&lt;script&gt;alert" in html
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', html))
    assert not HIDDEN.search(html)


# --- HTML


def test_render_html_names_its_own_style_and_script_in_its_policy(content: SheetContent) -> None:
    page = render_html(content)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    rules = policy[1].replace("&#39;", "'")
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert style is not None
    assert len(scripts) == 2
    assert "default-src 'none'" in rules
    assert f"style-src '{content_hash(style[1])}'" in rules
    named = " ".join(f"'{content_hash(script)}'" for script in scripts)
    assert f"script-src {named};" in rules
    assert "unsafe" not in rules


@pytest.mark.parametrize("made", ["content", "hostile"])
def test_render_html_obeys_its_policy(made: str, request: pytest.FixtureRequest) -> None:
    page = render_html(request.getfixturevalue(made))
    assert page.count("<script") == 2
    assert page.count("<style") == 1
    tags = re.findall(
        r"<[a-z][^>]*>", re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
    )
    assert [tag for tag in tags if re.search(r"\s(on\w+|style|srcdoc)=", tag)] == []
    addresses = [found for tag in tags for found in re.findall(r'(?:href|src)="([^"]*)"', tag)]
    assert {a.split(":")[0] for a in addresses if not a.startswith("#")} <= {
        "https",
        "http",
        "data",
    }


def test_render_html_is_valid(content: SheetContent, hostile: SheetContent) -> None:
    import html5lib

    for page in (render_html(content), render_html(hostile), render_index_html([content])):
        html5lib.HTMLParser(strict=True).parse(page)


def test_render_html_ids_are_unique_and_links_lead_somewhere(hostile: SheetContent) -> None:
    page = render_html(hostile)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^":]+)"', page)) <= set(ids)


def test_render_html_holds_no_hidden_character(hostile: SheetContent) -> None:
    assert not HIDDEN.search(render_html(hostile))


@pytest.mark.parametrize("render", [render_html, render_markdown, render_docx])
def test_render_gives_equal_bytes_for_shuffled_facts(render: Any, content: SheetContent) -> None:
    shuffled = dataclasses.replace(
        content, facts=content.facts.sample(fraction=1, shuffle=True, seed=1)
    )
    assert render(shuffled) == render(content)


def test_render_works_without_facts(content: SheetContent) -> None:
    empty = dataclasses.replace(content, facts=FACTS.empty())
    assert "No fact is reported by more than one outlet." in render_html(empty)
    assert render_markdown(empty).startswith("# ")
    assert render_docx(empty)[:2] == b"PK"
    assert facts_jsonl(empty.facts) == ""


# --- Word


def test_render_docx_opens_and_holds_every_fact(content: SheetContent) -> None:
    from docx import Document

    document = Document(io.BytesIO(render_docx(content)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    joined = "\n".join(cells)
    for row in content.facts.iter_rows(named=True):
        assert row["mentions"][0]["segment_source_text"] in joined
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings[:3] == [
        "Reported by several outlets",
        "Where outlets disagree",
        "Reported by one outlet only",
    ]


def test_render_docx_takes_hostile_articles(hostile: SheetContent) -> None:
    from docx import Document

    document = Document(io.BytesIO(render_docx(hostile)))
    text = "\n".join(c.text for t in document.tables for r in t.rows for c in r.cells)
    assert "<script>alert" in text


# --- CSV


@pytest.mark.parametrize("start", FORMULA_STARTS, ids=[f"U+{ord(s):04X}" for s in FORMULA_STARTS])
def test_guard_cell_leaves_no_cell_that_starts_a_formula(start: str) -> None:
    assert guard_cell(f"{start}HYPERLINK(1)").startswith("'")
    assert guard_cell(f"  {start}HYPERLINK(1)").startswith("'")


def test_render_csv_round_trips_and_is_safe(hostile: SheetContent) -> None:
    text = render_csv(hostile.facts)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert len(rows) == hostile.facts.height
    for row in rows:
        assert None not in row
        assert not any(cell.startswith(FORMULA_STARTS) for cell in row.values())
    formulas = [row for row in rows if row["source_text"].startswith("'=cmd")]
    assert len(formulas) == 1


# --- files for programs


def test_facts_jsonl_has_the_contract_columns_first(content: SheetContent) -> None:
    first = json.loads(facts_jsonl(content.facts).splitlines()[0])
    assert list(first)[:9] == [
        "fact_id", "story_id", "kind", "source_text", "target_text", "outlets", "outlet_count",
        "mentions", "conflicts",
    ]  # fmt: skip
    assert list(first["mentions"][0])[:9] == [
        "article_id", "outlet", "segment_id", "start_char", "end_char", "source_text",
        "target_text", "engine", "score",
    ]  # fmt: skip
    assert date.fromisoformat(first["first_published"])


@pytest.mark.parametrize("name", SCHEMAS)
def test_json_schema_is_a_valid_schema(name: str) -> None:
    Draft202012Validator.check_schema(load_schema(name))


def without_notes(schema: Any) -> Any:
    """The schema's structure: its descriptions are for readers."""
    if isinstance(schema, dict):
        kept = {key: value for key, value in schema.items() if key != "description"}
        return {key: without_notes(value) for key, value in kept.items()}
    return [without_notes(value) for value in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("name", FRAMES)
def test_json_schema_describes_the_frame_as_it_is(name: str) -> None:
    # After a change of a frame's columns: python -m tests.write_schemas
    shipped = load_schema(name)
    assert without_notes(shipped) == without_notes(describe_frame(name))
    assert list(shipped["properties"]) == list(FRAMES[name].columns)
    assert all(column["description"] for column in shipped["properties"].values())


def test_facts_and_mentions_fit_their_json_schema(
    content: SheetContent, hostile: SheetContent
) -> None:
    for made in (content, hostile):
        for name, frame in (("facts", made.facts), ("mentions", made.mentions)):
            validator = Draft202012Validator(load_schema(name))
            lines = frame_jsonl(frame).split("\n")[:-1]
            assert len(lines) == frame.height
            for line in lines:
                validator.validate(json.loads(line))


def test_parquet_bytes_round_trip_with_column_notes(content: SheetContent) -> None:
    data = parquet_bytes(content.mentions, MENTIONS)
    assert data == parquet_bytes(content.mentions, MENTIONS)
    assert pl.read_parquet(io.BytesIO(data)).equals(content.mentions)
    metadata = pl.read_parquet_metadata(io.BytesIO(data))
    assert json.loads(metadata["faktenblatt.columns"]) == MENTIONS.notes
    assert metadata["faktenblatt.frame"] == "mentions"


# --- index


def test_render_index_lists_the_broadest_story_first(content: SheetContent) -> None:
    small = dataclasses.replace(content, story_id="zwei & <drei>", facts=FACTS.empty(),
                                articles=content.articles.head(1))  # fmt: skip
    page = render_index_html([small, content])
    assert page.index('href="demo/factsheet.html"') < page.index(
        "zwei%20%26%20%3Cdrei%3E/factsheet"
    )
    assert "<h1" in page
    text = render_index_markdown([small, content])
    assert text.index("(demo/factsheet.md)") < text.index("(zwei%20%26%20%3Cdrei%3E/factsheet.md)")


# --- words


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ([], "date unknown"),
        ([date(2024, 11, 3)], "3 November 2024"),
        ([date(2024, 11, 3), date(2024, 11, 9)], "3–9 November 2024"),
        ([date(2024, 10, 24), date(2024, 11, 13)], "24 October – 13 November 2024"),
        ([date(2023, 12, 31), date(2024, 1, 1)], "31 December 2023 – 1 January 2024"),
    ],
)
def test_write_date_range(days: list[date], text: str) -> None:
    assert write_date_range(days) == text


@pytest.mark.parametrize(
    ("iso", "text"),
    [
        ("2024", "2024"),
        ("2024-06", "June 2024"),
        ("2024-06-09", "9 June 2024"),
        ("2024-13", "2024-13"),
        ("bald", "bald"),
    ],
)
def test_write_partial_date(iso: str, text: str) -> None:
    assert write_partial_date(iso) == text
