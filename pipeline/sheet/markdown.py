"""The sheet as Markdown: readable as it stands, the same in GitHub and in pandoc."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.sheet.appendix import list_suggestions, list_terms
from pipeline.sheet.marks import Piece, show_hidden
from pipeline.sheet.timeline import order_events
from pipeline.sheet.views import view_sheet
from pipeline.sheet.wording import (
    count,
    join_words,
    name_language,
    write_date,
    write_date_range,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.sheet.content import SheetContent
    from pipeline.sheet.views import ConflictView, FactView, MentionView, SheetView

# What starts markup anywhere in a line, in CommonMark, GitHub's tables and strike-through, or
# pandoc's math, citations and superscripts. Signs that do so at a line's start only (#, -, 1.)
# are left alone: no line of ours starts with an article's text.
SPECIAL = re.compile(
    r"[\\`*_\[\]<>|~$^@]|&(?=[#\w]+;)|:(?=[\w+-]+:|//)|(?<=www)\.|-(?=-)|\.(?=\.\.)"
)
QUOTES = {"de": ("„", "“"), "en": ("“", "”")}


def render_markdown(content: SheetContent) -> str:
    """The whole sheet; ends with its signature line."""
    view = view_sheet(content)
    blocks = [
        _head(view),
        _section("Reported by several outlets", "several", _facts(view, view.shared)),
        _section("Where outlets disagree", "disagree", _conflicts(view)),
        _section("Reported by one outlet only", "single", _facts(view, view.singles)),
        _section("Timeline", "timeline", _timeline(view)),
        _section("Doubtful translations", "doubtful", _doubts(view)),
        _section("Suggestions from the translation memory", "suggestions", _suggestions(view)),
        _section("Terms", "terms", _terms(view)),
        _section("Could not be used", "rejects", _rejects(view)),
    ]
    text = "\n".join(block for block in blocks if block)
    return f"{text}\n---\n\n{escape_markdown(content.signature)}\n"


def escape_markdown(text: str) -> str:
    """The text on one line, shown letter by letter by any Markdown reader."""
    return SPECIAL.sub(lambda found: f"\\{found.group()}", show_hidden(text))


def _head(view: SheetView) -> str:
    content = view.content
    title = content.title_target or content.title_source or content.story_id
    lines = [f"# {escape_markdown(title)}", ""]
    if content.title_source and content.title_source != title:
        lines += [f"*{escape_markdown(content.title_source)}*", ""]
    outlets = join_words([escape_markdown(outlet.name) for outlet in view.outlets])
    articles = count(content.articles.height, "article")
    said_by = f"{articles} from {count(len(view.outlets), 'outlet')} ({outlets})"
    points = "point" if len(view.conflicts) == 1 else "points"
    lines += [
        f"{said_by}, published {write_date_range(list(view.published))}.",
        "",
        f"- **{len(view.shared)}** reported by several outlets",
        f"- **{len(view.conflicts)}** {points} where outlets disagree",
        f"- **{len(view.singles)}** reported by one outlet only",
        "",
    ]
    if content.engines:
        engines = [f"{escape_markdown(name)} ({n:,})" for name, n in content.engines.items()]
        lines += [f"Translation, with number of segments: {join_words(engines)}.", ""]
    lines += [line for note in content.notes for line in (f"> {escape_markdown(note)}", "")]
    return "\n".join(lines)


def _section(title: str, anchor: str, lines: Iterator[str]) -> str:
    body = "\n".join(lines)
    return f'## <a id="{anchor}"></a>{title}\n\n{body}\n' if body else ""


def _facts(view: SheetView, facts: tuple[FactView, ...]) -> Iterator[str]:
    for fact in facts:
        yield from _fact(view, fact)


def _fact(view: SheetView, fact: FactView) -> Iterator[str]:
    language = fact.shown.article.language or view.source_language
    yield f'### <a id="{fact.anchor}"></a>{fact.number}. {escape_markdown(fact.target_text)}'
    yield ""
    yield f"{_code(language)} {escape_markdown(fact.source_text)}"
    yield ""
    outlets = " · ".join(f"**{escape_markdown(outlet.name)}**" for outlet in fact.outlets)
    said = f"{len(fact.outlets)} of {count(len(view.outlets), 'outlet')}: {outlets}"
    if fact.source_count < len(fact.outlets):
        said += f" ({count(fact.source_count, 'independent source')})"
    links = [f"[disagreement {n}](#conflict-{n})" for n in fact.conflict_numbers]
    yield " — ".join([said, *links, f"`{escape_code(fact.fact_id)}`"])
    yield ""
    for mention in fact.mentions:
        yield from _mention(mention)
    yield ""


def _mention(mention: MentionView) -> Iterator[str]:
    source = _quote(mention.source, mention.article.language)
    target = _quote(mention.target, "en")
    agency = f", {escape_markdown(mention.agency)}" if mention.agency else ""
    day = write_date(mention.article.published)
    yield f"- **{escape_markdown(mention.outlet.name)}**{agency}, {day}, {_place(mention)}  "
    yield f"  {source}  "
    yield f"  {target}" + ("  " if mention.doubts else "")
    if mention.doubts:
        yield f"  ⚠ Doubtful translation: {escape_markdown('; '.join(mention.doubts))}"


def _place(mention: MentionView) -> str:
    where = f"characters {mention.start_char}–{mention.end_char}"
    article = f"`{escape_code(mention.article.article_id)}`"
    if mention.article.url:
        address = re.sub(r"[\s<>()\\]", _percent, mention.article.url)
        article = f"[{article}]({address})"
    return f"{article} {where}"


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found.group().encode())


def _quote(pieces: tuple[Piece, ...], language: str) -> str:
    """The segment in quotes; the clause that states the fact in bold where it is a part."""
    opening, closing = QUOTES.get(language, QUOTES["en"])
    before = "".join(piece.text for piece in pieces[: _clause_start(pieces)])
    clause = "".join(piece.text for piece in pieces if piece.clause)
    after = "".join(piece.text for piece in pieces[_clause_start(pieces) :] if not piece.clause)
    if not clause.strip():
        return f"{opening}{escape_markdown(before + after)}{closing}"
    # ** only opens and closes beside a letter: white space goes outside.
    head = escape_markdown(before) + (" " if _gap_between(before, clause) else "")
    tail = (" " if _gap_between(clause, after) else "") + escape_markdown(after)
    return f"{opening}{head}**{escape_markdown(clause)}**{tail}{closing}"


def _gap_between(left: str, right: str) -> bool:
    return bool(left) and bool(right) and (left[-1].isspace() or right[0].isspace())


def _clause_start(pieces: tuple[Piece, ...]) -> int:
    return next((place for place, piece in enumerate(pieces) if piece.clause), len(pieces))


def _code(language: str) -> str:
    return f"{(language or 'source').upper()}:"


def escape_code(text: str) -> str:
    """The text for a code span: one line, no backtick."""
    return show_hidden(text).replace("`", "'")


def _conflicts(view: SheetView) -> Iterator[str]:
    for conflict in view.conflicts:
        yield from _conflict(conflict)


def _conflict(conflict: ConflictView) -> Iterator[str]:
    yield f'### <a id="{conflict.anchor}"></a>{conflict.number}. {conflict.title}'
    yield ""
    yield "| Value | Outlets | Fact |"
    yield "|:--|:--|:--|"
    for side in conflict.sides:
        outlets = ", ".join(escape_markdown(outlet.name) for outlet in side.fact.outlets)
        fact = escape_markdown(side.fact.target_text or side.fact.source_text)
        yield (
            f"| **{escape_markdown(side.value) or '–'}** | {outlets} "
            f"| [{side.fact.number}](#{side.fact.anchor}). {fact} |"
        )
    yield ""


def _timeline(view: SheetView) -> Iterator[str]:
    for event in order_events(view):
        for fact in event.facts:
            text = escape_markdown(fact.target_text or fact.source_text)
            yield f"- **{event.label}** — {text} [{fact.number}](#{fact.anchor})"


def _doubts(view: SheetView) -> Iterator[str]:
    for fact in view.doubtful:
        for mention in fact.mentions:
            if mention.doubts:
                reasons = escape_markdown("; ".join(mention.doubts))
                source = escape_markdown(mention.source_text)
                target = escape_markdown(mention.target_text)
                language = name_language(mention.article.language)
                yield f"- [{fact.number}](#{fact.anchor}) **{reasons}**  "
                yield f"  {language}: {source}  "
                yield f"  Translation: {target}"


def _suggestions(view: SheetView) -> Iterator[str]:
    for entry in list_suggestions(view.content):
        yield f"- {entry.similarity:.0%} alike, in {escape_markdown(entry.memory)}  "
        yield f"  Article: {escape_markdown(entry.source_text)}  "
        yield f"  Memory: {escape_markdown(entry.memory_source)}  "
        yield f"  Its translation: {escape_markdown(entry.memory_target)}"


def _terms(view: SheetView) -> Iterator[str]:
    for term in list_terms(view.content):
        missing = f", **missing {term.missing_count} times**" if term.missing_count else ""
        source, target = escape_markdown(term.source), escape_markdown(term.target)
        yield f"- {source} → {target} ({count(term.used_count, 'use')}{missing})"


def _rejects(view: SheetView) -> Iterator[str]:
    for row in view.content.rejects.iter_rows(named=True):
        line = f", line {row['line']}" if row["line"] is not None else ""
        yield (
            f"- `{escape_code(row['path'] or row['article_id'] or '')}`{line}: "
            f"**{escape_markdown(row['reason'])}** — {escape_markdown(row['detail'])}"
        )
