"""The sheet as one HTML file that asks the network for nothing.

Its Content-Security-Policy names the digest of its own style and script and forbids the rest, so
that even a markup that slipped through could do nothing. All texts pass jinja2's autoescape.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.sheet import wording
from pipeline.sheet.appendix import list_suggestions, list_terms
from pipeline.sheet.arrange import view_sheet
from pipeline.sheet.marks import Piece, show_hidden
from pipeline.sheet.pictures import MAX_STRIP_FACTS, draw_strip, draw_timeline
from pipeline.sheet.timeline import order_events

if TYPE_CHECKING:
    from pipeline.sheet.content import SheetContent
    from pipeline.sheet.views import FactView, MentionView

# Browsers find a passage by its words (text fragments); longer ones are given by both ends.
FRAGMENT_WORDS = 4


def render_html(content: SheetContent) -> str:
    """The whole page, with its style, script and pictures inside."""
    view = view_sheet(content)
    shared = [fact for fact in view.facts if fact.is_shared]
    # What outlets share comes first; where nothing is shared the picture shows single facts.
    pictured = tuple(shared or view.facts)[:MAX_STRIP_FACTS]
    return render_template(
        "factsheet.html.j2",
        view=view,
        content=content,
        title=content.title_target or content.title_source or content.story_id,
        source_language=wording.name_language(view.source_language),
        target_language=wording.name_language(content.target_language),
        pictured=pictured,
        strips=[draw_strip(outlet, pictured) for outlet in view.outlets],
        timeline=draw_timeline(view),
        events=order_events(view),
        suggestions=list_suggestions(content),
        terms=list_terms(content),
        unmatched=content.mentions.filter(content.mentions["fact_id"].is_null()).to_dicts(),
    )


def render_template(name: str, **values: object) -> str:
    """The named template with the page's style and script and their policy."""
    style = read_asset("style.css")
    start, script = read_asset("start.js"), read_asset("script.js")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{content_hash(style)}'",
            f"script-src '{content_hash(start)}' '{content_hash(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
    template = _environment().get_template(name)
    own = {"style": Markup(style), "start": Markup(start), "script": Markup(script)}  # noqa: S704 (our own files)
    page = template.render(**own, policy=policy, **values)
    return page if page.endswith("\n") else page + "\n"


def content_hash(text: str) -> str:
    """`sha256-…` of an inline style or script, as a policy names it."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


@cache
def read_asset(name: str) -> str:
    """A file beside the templates, as text."""
    file = resources.files("pipeline.sheet") / "templates" / name
    return file.read_text(encoding="utf-8")


def mark_pieces(pieces: tuple[Piece, ...]) -> Markup:
    """Pieces as HTML: the clause in <mark>, figures in <b>, what was hidden in <code>."""
    parts: list[Markup] = []
    for is_clause, run in groupby(pieces, key=lambda piece: piece.clause):
        inner = Markup("").join(_mark_piece(piece) for piece in run)
        parts.append(Markup("<mark>{}</mark>").format(inner) if is_clause else inner)
    return Markup("").join(parts)


def _mark_piece(piece: Piece) -> Markup:
    if piece.kind in {"number", "date"}:
        return Markup('<b class="{}">{}</b>').format(piece.kind, piece.text)
    if piece.kind == "hidden":
        return Markup('<code class="hidden" title="{}">{}</code>').format(piece.note, piece.text)
    if piece.kind == "gap":
        return Markup('<i class="gap">{}</i>').format(piece.text)
    return Markup("{}").format(piece.text)


def passage_address(mention: MentionView) -> str | None:
    """The article's address with a text fragment, so that the browser scrolls to the passage."""
    if mention.article.url is None:
        return None
    words = mention.source_text.split()
    if len(words) <= 2 * FRAGMENT_WORDS:
        spots = [" ".join(words)]
    else:
        spots = [" ".join(words[:FRAGMENT_WORDS]), " ".join(words[-FRAGMENT_WORDS:])]
    encoded = ",".join(quote(spot, safe="").replace("-", "%2D") for spot in spots)
    return f"{mention.article.url.split('#')[0]}#:~:text={encoded}"


def cite_fact(fact: FactView) -> str:
    """The fact as a citation in one line: wording, every place it stands in, its id."""
    language = wording.name_language(fact.shown.article.language)
    places = [
        f"{mention.outlet.name}, "
        + (f"“{mention.article.title}”, " if mention.article.title else "")
        + f"{wording.write_date(mention.article.published)} ({mention.article.article_id}, "
        f"characters {mention.start_char}–{mention.end_char})"
        for mention in fact.mentions
    ]
    return (
        f"“{fact.shown.quoted_target}” ({language}: “{fact.shown.quoted_source}”). "
        f"{'; '.join(places)}. Fact {fact.fact_id}."
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.sheet", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(
        pieces=mark_pieces,
        clean=show_hidden,
        day=wording.write_date,
        citation=cite_fact,
        passage=passage_address,
    )
    environment.globals.update(
        count=wording.count,
        join_words=wording.join_words,
        date_range=wording.write_date_range,
        language_name=wording.name_language,
    )
    return environment
