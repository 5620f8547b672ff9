"""The sheet as Markdown: readable as it stands, the same in GitHub and in pandoc."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pipeline.sheet.appendix import list_suggestions, list_terms
from pipeline.sheet.arrange import view_sheet
from pipeline.sheet.marks import Piece, show_hidden
from pipeline.sheet.timeline import order_events
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
    when = f", published {write_date_range(list(view.published))}" if view.published else ""
    points = "point" if len(view.conflicts) == 1 else "points"
    lines += [
        f"{said_by}{when}.",
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
    shown = fact.shown
    language = shown.article.language or view.source_language
    title = _mark_clause(shown.target) or _mark_clause(shown.source)
    yield f'### <a id="{fact.anchor}"></a>{fact.number}. {title}'
    yield ""
    yield f"{_code(language)} {_mark_clause(shown.source)}"
    yield ""
    outlets = " · ".join(f"**{escape_markdown(outlet.name)}**" for outlet in fact.outlets)
    said = f"{len(fact.outlets)} of {count(len(view.outlets), 'outlet')}: {outlets}"
    if fact.source_count < len(fact.outlets):
        said += f" ({count(fact.source_count, 'independent source')})"
    links = [f"[disagreement {n}](#conflict-{n})" for n in fact.conflict_numbers]
    yield " — ".join([said, *links, f"`{escape_code(fact.fact_id)}`"])
    yield ""
    for mention in fact.mentions:
        yield from _mention(mention, with_words=mention is not shown)
    yield ""


def _mention(mention: MentionView, *, with_words: bool) -> Iterator[str]:
    """A line that says where it stands, its words unless they stand above, and what is doubtful."""
    agency = f", {escape_markdown(mention.agency)}" if mention.agency else ""
    day = write_date(mention.article.published)
    lines = [f"**{escape_markdown(mention.outlet.name)}**{agency}, {day}, {_place(mention)}"]
    if with_words:
        lines.append(_quote(mention.source, mention.article.language))
        lines.append(_quote(mention.target, "en"))
    if mention.doubts:
        lines.append(f"⚠ Doubtful translation: {escape_markdown('; '.join(mention.doubts))}")
    yield "- " + "  \n  ".join(lines)


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
    opening, closing = QUOTES.get(language, QUOTES["en"])
    return f"{opening}{_mark_clause(pieces)}{closing}"


def _mark_clause(pieces: tuple[Piece, ...]) -> str:
    """The segment; the clause that states the fact in bold where it is a part."""
    texts = [" ".join(piece.text.split("\n")) for piece in pieces]
    inside = [place for place, piece in enumerate(pieces) if piece.clause]
    if not inside:
        return escape_markdown("".join(texts))
    before = "".join(texts[: inside[0]])
    clause = "".join(texts[inside[0] : inside[-1] + 1])
    after = "".join(texts[inside[-1] + 1 :])
    return _embolden(before, clause, after)


def _embolden(before: str, clause: str, after: str) -> str:
    """The three as one line, the clause in bold.

    ** opens and closes only where CommonMark sees a word's border: white space goes outside, and
    so does punctuation between two letters.
    """
    while clause and (clause[0].isspace() or (_is_sign(clause[0]) and not _ends_open(before))):
        before, clause = before + clause[0], clause[1:]
    while clause and (clause[-1].isspace() or (_is_sign(clause[-1]) and not _ends_open(after[:1]))):
        clause, after = clause[:-1], clause[-1] + after
    if not clause:
        return escape_markdown(before + after)
    head = escape_markdown(before) + " " * (before != "" and before[-1].isspace())
    tail = " " * (after != "" and after[0].isspace()) + escape_markdown(after)
    return f"{head}**{escape_markdown(clause)}**{tail}"


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _ends_open(text: str) -> bool:
    """Whether white space, a sign or nothing stands at the text's end."""
    return not text or text[-1].isspace() or _is_sign(text[-1])


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
        fact = escape_markdown(side.mention.quoted_target or side.mention.quoted_source)
        yield (
            f"| **{escape_markdown(side.value) or '–'}** | {outlets} "
            f"| [{side.fact.number}](#{side.fact.anchor}). {fact} |"
        )
    yield ""


def _timeline(view: SheetView) -> Iterator[str]:
    for event in order_events(view):
        for fact in event.facts:
            text = escape_markdown(fact.quote)
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
