"""The page in a real Chromium: filters, keyboard, print, dark, phone, many facts, hostile text.

Skipped, with the reason, where no Chromium is installed (Debian: `apt-get install chromium`).
"""

from __future__ import annotations

import json
import re
import shutil
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.sheet import render_html, render_index_html
from tests.sheet_story import build_content, build_hostile_content, build_large_content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine; apt-get install chromium"
)
# Nothing Chromium does by itself may reach the network either.
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
)  # fmt: skip
# Top and left of an element's children.
PLACES = "p => [...p.children].map(c => c.getBoundingClientRect()).map(r => [r.top, r.left])"
WIDTHS = {"phone": (390, 844), "tablet": (820, 1100), "wide": (1440, 900)}


@dataclass
class Opened:
    """A page with everything it said and asked for."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def visible_facts(self) -> list[str]:
        """Ids of the facts a reader can see, in their order on the page."""
        found: list[str] = self.page.locator(".fact").evaluate_all(
            "all => all.filter(fact => fact.checkVisibility()).map(fact => fact.id)"
        )
        return found

    def settle(self) -> None:
        """Waits for the search field's short delay."""
        self.page.wait_for_timeout(160)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sheets")
    content = build_content()
    pages = {
        "demo": render_html(content),
        "hostile": render_html(build_hostile_content()),
        "large": render_html(build_large_content(2000)),
        "index": render_index_html([content, build_hostile_content()]),
    }
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


@pytest.fixture
def open_sheet(browser: Any, sheets: dict[str, Path]) -> Iterator[Callable[..., Opened]]:
    contexts: list[Any] = []

    def open_one(
        name: str = "demo", *, width: str = "wide", address: str = "", **options: Any
    ) -> Opened:
        size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
        context = browser.new_context(viewport=size, **options)
        contexts.append(context)
        opened = Opened(context.new_page())
        opened.page.on("console", lambda message: opened.complaints.append(message.text))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.page.on(
            "dialog", lambda dialog: opened.complaints.append(f"dialog {dialog.message}")
        )
        opened.page.goto(sheets[name].as_uri() + address)
        return opened

    yield open_one
    for context in contexts:
        context.close()


# --- quiet, alone, accessible


@pytest.mark.parametrize("name", ["demo", "hostile", "index"])
def test_page_says_nothing_and_asks_for_nothing(
    name: str, open_sheet: Callable[..., Opened], sheets: dict[str, Path]
) -> None:
    opened = open_sheet(name)
    for summary in opened.page.locator("summary").all():
        summary.evaluate("s => { s.parentElement.open = true; }")
    opened.page.mouse.wheel(0, 20_000)
    opened.page.wait_for_timeout(200)
    assert opened.complaints == []
    asked = [url for url in opened.requests if not url.startswith("data:")]
    assert asked == [sheets[name].as_uri()]


def test_policy_stops_a_script_that_is_not_the_page_s_own(
    open_sheet: Callable[..., Opened],
) -> None:
    opened = open_sheet()
    blocked: list[str] = []
    opened.page.on("requestfailed", lambda request: blocked.append(request.failure))
    opened.page.evaluate(
        """() => {
            const picture = document.createElement('img');
            picture.src = 'https://example.org/x.png';
            const script = document.createElement('script');
            try { script.textContent = 'window.broken = 1'; } catch { /* trusted types */ }
            const style = document.createElement('style');
            style.textContent = 'body { display: none }';
            document.body.append(picture, script, style);
        }"""
    )
    opened.page.wait_for_timeout(200)
    assert opened.page.evaluate("window.broken") is None
    assert opened.page.locator("body").is_visible()
    assert sum("Content Security Policy" in said for said in opened.complaints) >= 2
    assert blocked == ["csp"]


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        ("demo", "light", "wide"),
        ("demo", "dark", "phone"),
        ("hostile", "dark", "tablet"),
        ("hostile", "light", "phone"),
        ("index", "light", "wide"),
        ("index", "dark", "phone"),
    ],
)
def test_axe_finds_no_violation(
    name: str, scheme: str, width: str, open_sheet: Callable[..., Opened]
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened = open_sheet(name, width=width, color_scheme=scheme)
    opened.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    results = Axe().run(opened.page)
    found = [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in results.response["violations"]
        for node in violation["nodes"][:3]
    ]
    assert found == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["demo", "hostile", "index"])
def test_page_never_scrolls_sideways(
    name: str, width: str, open_sheet: Callable[..., Opened]
) -> None:
    opened = open_sheet(name, width=width)
    opened.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    wide = opened.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= WIDTHS[width][0]


def test_page_reads_without_script(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet(java_script_enabled=False)
    assert opened.page.locator(".fact").count() == build_content().facts.height
    assert not opened.page.locator(".tools").is_visible()
    opened.page.locator(".fact summary").first.click()
    assert opened.page.locator(".fact .wordings li").first.is_visible()
    opened.page.locator(".tiles a").nth(1).click()
    assert opened.page.url.endswith("#disagree")


# --- filters


def test_search_finds_in_both_languages_and_spellings(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet()
    everything = len(opened.visible_facts())
    found = {}
    for word in ("Pjöngjang", "pjoengjang", "PJONGJANG", "Pyongyang", "containers 13,000", "zzz"):
        opened.page.fill("#q", word)
        opened.settle()
        found[word] = opened.visible_facts()
    assert 0 < len(found["Pjöngjang"]) < everything
    assert found["pjoengjang"] == found["Pjöngjang"] == found["PJONGJANG"]
    assert found["Pyongyang"]
    assert "fact-f-f14" in found["containers 13,000"]
    assert found["zzz"] == []
    assert opened.page.locator("#nothing").is_visible()
    opened.page.click("#reset-2")
    assert len(opened.visible_facts()) == everything


def test_search_tints_the_words_sought(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet()
    tinted = "[...(CSS.highlights.get('sought') ?? [])].map(range => range.toString())"
    opened.page.fill("#q", "kursk")
    opened.settle()
    assert set(opened.page.evaluate(tinted)) == {"Kursk"}
    opened.page.fill("#q", "")
    opened.settle()
    assert opened.page.evaluate(tinted) == []


def test_outlet_and_count_filters_narrow_what_is_shown(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet()
    facts = {f"fact-{row['fact_id']}": row for row in build_content().facts.iter_rows(named=True)}
    opened.page.select_option("#least", "3")
    assert {len(facts[key]["outlets"]) for key in opened.visible_facts()} == {3}
    opened.page.click("#reset")
    opened.page.get_by_role("checkbox", name=re.compile("Chronik")).uncheck()
    opened.page.get_by_role("checkbox", name=re.compile("Hintergrund")).uncheck()
    shown = opened.visible_facts()
    assert shown
    assert all("Überblick" in facts[key]["outlets"] for key in shown)
    status = opened.page.locator("#status").inner_text()
    assert status == f"{len(shown)} of {len(facts)} facts"


@pytest.mark.parametrize("kind", ["shared", "single", "disagree"])
def test_section_filter_shows_that_section_only(
    kind: str, open_sheet: Callable[..., Opened]
) -> None:
    opened = open_sheet()
    opened.page.select_option("#kind", kind)
    rows = {f"fact-{row['fact_id']}": row for row in build_content().facts.iter_rows(named=True)}
    shared = {key for key, row in rows.items() if row["kind"] == "repeated"}
    disagreeing = {key for key, row in rows.items() if row["conflicts"]}
    fits = {"shared": shared, "single": set(rows) - shared, "disagree": disagreeing}
    assert set(opened.visible_facts()) == fits[kind]
    conflicts = opened.page.locator(".conflict:visible").count()
    assert (conflicts > 0) is (kind == "disagree")


@pytest.mark.parametrize(("show", "hidden"), [("target", ".source"), ("source", ".target")])
def test_one_language_hides_the_other(
    show: str, hidden: str, open_sheet: Callable[..., Opened]
) -> None:
    opened = open_sheet()
    opened.page.check(f"input[name=show][value={show}]", force=True)
    assert opened.page.locator(f".fact .pair {hidden}:visible").count() == 0
    assert opened.page.locator(".fact .pair:visible").count() > 0


def test_sorting_reorders_and_returns(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet()
    before = opened.visible_facts()
    opened.page.select_option("#sort", "text")
    texts = opened.page.locator("#shared .fact > .body > .pair .target").all_inner_texts()
    assert texts == sorted(texts, key=lambda text: re.sub(r"[^\w ]", "", text).lower())
    opened.page.select_option("#sort", "")
    assert opened.visible_facts() == before


def test_address_keeps_the_filters(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet()
    opened.page.fill("#q", "Kursk")
    opened.page.select_option("#least", "2")
    opened.settle()
    shown = opened.visible_facts()
    query = opened.page.evaluate("location.search")
    assert "q=Kursk" in query
    again = open_sheet(address=query)
    assert again.visible_facts() == shown


def test_deep_link_reaches_its_fact_even_behind_a_filter(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet(address="#fact-f-f16")
    assert opened.page.locator("#fact-f-f16").evaluate("e => e === document.activeElement")
    assert opened.page.locator("#fact-f-f16").evaluate("e => e.getBoundingClientRect().top < 200")
    hidden = open_sheet(address="?q=zzz#fact-f-f16")
    assert "fact-f-f16" in hidden.visible_facts()


def test_copy_puts_a_citation_on_the_clipboard(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet(permissions=["clipboard-read", "clipboard-write"])
    fact = opened.page.locator("#fact-f-f05")
    fact.locator("summary").click()
    fact.locator(".copy").click()
    opened.page.wait_for_function(
        "document.querySelector('#status').textContent.includes('copied')"
    )
    text = opened.page.evaluate("navigator.clipboard.readText()")
    row = next(r for r in build_content().facts.iter_rows(named=True) if r["fact_id"] == "f-f05")
    assert row["target_text"] in text
    assert row["source_text"] in text
    for mention in row["mentions"]:
        assert f"characters {mention['start_char']}–{mention['end_char']}" in text
        assert mention["outlet"] in text


# --- keyboard


def test_every_control_is_reached_by_tab_and_shows_its_focus(
    open_sheet: Callable[..., Opened],
) -> None:
    opened = open_sheet()
    seen: list[str] = []
    for _ in range(60):
        opened.page.keyboard.press("Tab")
        here = opened.page.evaluate(
            """() => {
                const e = document.activeElement;
                const near = [e, e.nextElementSibling].filter(Boolean);
                const ring = near.some(n => getComputedStyle(n).outlineStyle !== 'none');
                return [e.id || e.className || e.name || e.tagName, ring];
            }"""
        )
        assert here[1], here[0]
        seen.append(here[0])
    assert seen[0] == "skip"
    wanted = {"q", "kind", "least", "sort", "reset", "unfold", "theme", "keys"}
    assert wanted <= set(seen)


def test_keys_lead_through_the_facts(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet(permissions=["clipboard-read", "clipboard-write"])
    press = opened.page.keyboard.press
    order = opened.visible_facts()
    press("j")
    press("j")
    assert opened.page.evaluate("document.activeElement.id") == order[1]
    press("k")
    assert opened.page.evaluate("document.activeElement.id") == order[0]
    press("o")
    assert opened.page.locator(f"#{order[0]} details").get_attribute("open") is not None
    press("c")
    opened.page.wait_for_function(
        "document.querySelector('#status').textContent.includes('copied')"
    )
    press("/")
    opened.page.keyboard.type("jko")
    assert opened.page.input_value("#q") == "jko"
    press("Escape")
    assert opened.page.input_value("#q") == ""
    opened.page.locator(f"#{order[0]}").focus()
    press("?")
    assert opened.page.locator("#help").is_visible()
    press("Escape")
    assert not opened.page.locator("#help").is_visible()


def test_keys_can_be_switched_off(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet()
    opened.page.click("#keys")
    opened.page.uncheck("#keys-on")
    opened.page.keyboard.press("Escape")
    opened.page.locator("#sheet").focus()
    opened.page.keyboard.press("j")
    assert opened.page.evaluate("document.activeElement.id") == "sheet"


# --- light, dark, print, phone


def background(opened: Opened) -> float:
    """Brightness of the page's ground, 0 (black) to 1."""
    colour = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
    numbers = [float(number) for number in re.findall(r"[\d.]+", colour)[:3]]
    return sum(numbers) / 3 / 255


@pytest.mark.parametrize("width", ["phone", "wide"])
def test_nothing_jumps_while_the_page_loads(width: str, open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet(width=width)
    shift = opened.page.evaluate(
        """() => new Promise(done => {
            let sum = 0;
            new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value; })
                .observe({type: 'layout-shift', buffered: true});
            setTimeout(() => done(sum), 300);
        })"""
    )
    # Lighthouse calls 0.1 and less good; the page stood at 0.15 before its tools had their room.
    assert shift < 0.05


def test_theme_follows_the_system_and_the_button_overrides_it(
    open_sheet: Callable[..., Opened],
) -> None:
    assert background(open_sheet(color_scheme="light")) > 0.9
    opened = open_sheet(color_scheme="dark")
    assert background(opened) < 0.2
    opened.page.click("#theme")
    assert background(opened) > 0.9
    opened.page.reload()
    assert background(opened) > 0.9


def test_print_is_a_document_with_every_fact(
    open_sheet: Callable[..., Opened], tmp_path: Path
) -> None:
    opened = open_sheet(color_scheme="dark")
    pdf = tmp_path / "sheet.pdf"
    opened.page.pdf(path=str(pdf), format="A4")
    data = pdf.read_bytes()
    pages = len(re.findall(rb"/Type\s*/Page\b", data))
    assert data.startswith(b"%PDF")
    assert 5 <= pages <= 25
    opened.page.emulate_media(media="print")
    assert background(opened) == 1
    assert not opened.page.locator(".tools").is_visible()
    assert len(opened.visible_facts()) == build_content().facts.height
    broken = opened.page.evaluate("getComputedStyle(document.querySelector('.fact')).breakInside")
    assert broken == "avoid"


def test_print_shows_every_fact_of_a_large_sheet(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet("large")
    opened.page.emulate_media(media="print")
    last = opened.page.locator(".fact").last
    assert last.evaluate("e => getComputedStyle(e).contentVisibility") == "visible"


def test_phone_stacks_the_languages_and_folds_the_tools(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet(width="phone", has_touch=True)
    tops = opened.page.locator(".fact .pair").first.evaluate(PLACES)
    assert tops[0][1] == tops[1][1]
    assert tops[0][0] < tops[1][0]
    assert not opened.page.locator("#q").is_visible()
    opened.page.locator(".tools-fold summary").tap()
    assert opened.page.locator("#q").is_visible()
    small = opened.page.locator(
        "button:visible, select:visible, input[type=search]:visible"
    ).evaluate_all("all => all.filter(e => e.getBoundingClientRect().height < 24).map(e => e.id)")
    assert small == []


def test_wide_page_puts_the_languages_side_by_side(open_sheet: Callable[..., Opened]) -> None:
    tops = open_sheet().page.locator(".fact .pair").first.evaluate(PLACES)
    assert abs(tops[0][0] - tops[1][0]) < 8
    assert tops[1][1] > tops[0][1] + 200


# --- many facts


def test_two_thousand_facts_stay_fluid(open_sheet: Callable[..., Opened]) -> None:
    started = time.perf_counter()
    opened = open_sheet("large")
    assert len(opened.visible_facts()) == 2000
    loaded_seconds = time.perf_counter() - started
    filtered = opened.page.evaluate(
        """async () => {
            const spent = [];
            for (const word of ['Pjöngjang', 'Kursk', 'zzz', '']) {
                const q = document.querySelector('#q');
                q.value = word;
                const start = performance.now();
                q.form.requestSubmit();
                document.body.getBoundingClientRect();
                spent.push(performance.now() - start);
            }
            return spent;
        }"""
    )
    print(json.dumps({"loaded_seconds": loaded_seconds, "filter_ms": filtered}))
    # Measured on two busy cores: 1.5 s and 60 ms; a fluid filter stays below a tenth of a second
    # on an idle desk machine.
    assert loaded_seconds < 15
    assert max(filtered) < 1000
    assert opened.complaints == []


def test_deep_link_lands_on_its_fact_among_two_thousand(open_sheet: Callable[..., Opened]) -> None:
    anchor = f"#fact-{build_large_content(2000).facts['fact_id'][1500]}"
    opened = open_sheet("large", address=anchor)
    opened.page.wait_for_timeout(400)
    top = opened.page.locator(anchor).evaluate("e => e.getBoundingClientRect().top")
    assert 0 <= top < 400


# --- hostile articles


def test_hostile_articles_are_shown_as_text(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet("hostile")
    opened.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    text = opened.page.locator("main").inner_text()
    for shown in (
        "<script>alert('x')</script>",
        '<img src=x onerror="alert(1)">',
        "[Klick](javascript:alert(1))",
        "␛[31mRot",
        "[U+202E]",
        "{{ 7 * 7 }}",
        "&lt;b&gt;",
        "number <b>3</b> missing",
    ):
        assert shown in text
    links = opened.page.locator("a").evaluate_all(
        "all => all.map(a => new URL(a.getAttribute('href'), location).protocol)"
    )
    assert set(links) <= {"file:", "https:", "http:"}
    assert opened.page.title().startswith("Überschrift <b>fett</b>")
    assert opened.page.locator("img, iframe, object, embed").count() == 0
    assert opened.page.locator("script").count() == 2


def test_right_to_left_text_keeps_to_its_own_line(open_sheet: Callable[..., Opened]) -> None:
    opened = open_sheet("hostile")
    hebrew = opened.page.locator(".fact .source", has_text="שלום").first
    assert hebrew.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert hebrew.evaluate("e => getComputedStyle(e.closest('.fact')).direction") == "ltr"


def test_hundred_thousand_characters_do_not_swamp_the_page(
    open_sheet: Callable[..., Opened],
) -> None:
    opened = open_sheet("hostile")
    fact = opened.page.locator(".fact", has_text="Die Zeile sehr").first
    assert fact.evaluate("e => e.getBoundingClientRect().height") < 1500
    assert "characters…]" in fact.inner_text()
