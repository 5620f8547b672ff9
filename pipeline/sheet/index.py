"""One page that leads to the sheets when several stories came at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from pipeline.sheet.arrange import view_sheet
from pipeline.sheet.html import render_template
from pipeline.sheet.markdown import escape_markdown
from pipeline.sheet.marks import show_hidden
from pipeline.sheet.wording import count, write_date_range

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pipeline.sheet.content import SheetContent


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """A line of the index."""

    folder: str  # beside the index; the story's id
    title_source: str
    title_target: str
    source_language: str
    target_language: str
    outlets: tuple[str, ...]
    article_count: int
    shared_count: int
    conflict_count: int
    single_count: int
    published: tuple[dt.date, ...]

    @property
    def title(self) -> str:
        """What the story is called in the index."""
        return show_hidden(self.title_target or self.title_source or self.folder)


def render_index_html(stories: Sequence[SheetContent]) -> str:
    """The index as a page of its own, under the same policy as the sheets."""
    return render_template(
        "index.html.j2",
        stories=_list_stories(stories),
        signature=stories[0].signature if stories else "",
        address=_address,
    )


def render_index_markdown(stories: Sequence[SheetContent]) -> str:
    """The index as a Markdown list."""
    lines = ["# Fact sheets", ""]
    for story in _list_stories(stories):
        outlets = ", ".join(escape_markdown(outlet) for outlet in story.outlets)
        articles = count(story.article_count, "article")
        disagreements = count(story.conflict_count, "disagreement")
        when = f", {write_date_range(list(story.published))}" if story.published else ""
        alone = f"{story.single_count} reported by one outlet only"
        lines += [
            f"- **[{escape_markdown(story.title)}]({_address(story)}/factsheet.md)**  ",
            f"  {articles} from {outlets}{when}  ",
            f"  {story.shared_count} reported by several outlets, {disagreements}, {alone}",
        ]
    if stories:
        lines += ["", "---", "", escape_markdown(stories[0].signature)]
    return "\n".join(lines) + "\n"


def _address(story: StoryEntry) -> str:
    return quote(story.folder, safe="")


def _list_stories(stories: Sequence[SheetContent]) -> list[StoryEntry]:
    """Most outlets first, then the newest, then by folder."""

    def place(story: StoryEntry) -> tuple[int, int, str]:
        newest = max((day.toordinal() for day in story.published), default=0)
        return (-len(story.outlets), -newest, story.folder)

    return sorted((_enter_story(content) for content in stories), key=place)


def _enter_story(content: SheetContent) -> StoryEntry:
    view = view_sheet(content)
    return StoryEntry(
        folder=content.story_id,
        title_source=content.title_source,
        title_target=content.title_target,
        source_language=view.source_language,
        target_language=content.target_language,
        outlets=tuple(outlet.name for outlet in view.outlets),
        article_count=content.articles.height,
        shared_count=len(view.shared),
        conflict_count=len(view.conflicts),
        single_count=len(view.singles),
        published=view.published,
    )
