"""The sheet as a Word document, the same bytes for the same content.

Word's own heading and table styles carry the structure, so that its navigation pane, its
accessibility checker and a house template work; every run names its language, so that the
spell checker reads German as German.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

from pipeline.sheet.arrange import view_sheet
from pipeline.sheet.marks import show_hidden
from pipeline.sheet.timeline import order_events
from pipeline.sheet.wording import count, name_language, write_date, write_date_range

if TYPE_CHECKING:
    from pipeline.sheet.content import SheetContent
    from pipeline.sheet.marks import Piece
    from pipeline.sheet.views import ConflictView, FactView, MentionView, SheetView

# Word keeps dates in its core properties and zip keeps one for each member; both would make two
# runs differ. 1980 is the earliest a zip can say.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
NO_DATE = dt.datetime(1980, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
SOFT, CLASH, DOUBT, RULE = "5A574F", "8A1C2B", "744600", "B9B3A5"
SMALL = 8.5  # points, for who says it where
LOCALES = {"de": "de-DE", "en": "en-GB", "fr": "fr-FR", "es": "es-ES", "it": "it-IT"}


def render_docx(content: SheetContent) -> bytes:
    """The whole sheet as a .docx file."""
    view = view_sheet(content)
    writer = _Writer(view)
    writer.write_head()
    writer.write_facts("Reported by several outlets", view.shared)
    writer.write_conflicts()
    writer.write_facts("Reported by one outlet only", view.singles)
    writer.write_timeline()
    writer.write_rejects()
    writer.write_signature()
    return writer.save()


class _Writer:
    """A document that grows section by section."""

    def __init__(self, view: SheetView) -> None:
        from docx import Document

        self.view = view
        self.document: Any = Document()
        self._set_up()

    def _set_up(self) -> None:
        from docx.shared import Mm, Pt

        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(22)
        section.top_margin = section.bottom_margin = Mm(20)
        self.document.styles["Normal"].font.name = "Georgia"
        self.document.styles["Normal"].font.size = Pt(10.5)
        for name, size in (("Title", 24), ("Heading 1", 15), ("Heading 2", 11)):
            style = self.document.styles[name]
            style.font.name, style.font.size = "Georgia", Pt(size)
            fonts = style.element.rPr.rFonts
            for theme in [key for key in fonts.attrib if "Theme" in key]:
                del fonts.attrib[theme]
            self._colour(style.font, "1B1A17")
        self._number_pages(section)
        properties = self.document.core_properties
        properties.title = self._title()
        properties.author = properties.last_modified_by = "Faktenblatt"
        properties.comments = show_hidden(self.view.content.signature)[:250]
        properties.created = properties.modified = NO_DATE
        properties.language = self.view.content.target_language
        properties.revision = 1

    def _number_pages(self, section: Any) -> None:
        """A footer with the title and the page's number, which Word counts itself."""
        from docx.oxml.ns import qn
        from docx.oxml.parser import OxmlElement

        line = section.footer.paragraphs[0]
        self._run(line, f"{self._title()[:90]}  ·  ", colour=SOFT, points=SMALL)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        line._p.append(field)  # noqa: SLF001 (python-docx knows no fields)

    def _title(self) -> str:
        content = self.view.content
        return show_hidden(content.title_target or content.title_source or content.story_id)[:250]

    @staticmethod
    def _colour(font: Any, colour: str) -> None:
        from docx.shared import RGBColor

        font.color.rgb = RGBColor.from_string(colour)

    def _run(self, paragraph: Any, text: str, language: str = "", **look: Any) -> Any:
        """A run of text in its language; look: bold, italic, colour, points."""
        from docx.oxml.ns import qn
        from docx.oxml.parser import OxmlElement
        from docx.shared import Pt

        run = paragraph.add_run(text)
        run.bold, run.italic = look.get("bold"), look.get("italic")
        if look.get("colour"):
            self._colour(run.font, look["colour"])
        if look.get("points"):
            run.font.size = Pt(look["points"])
        if language:
            mark = OxmlElement("w:lang")
            mark.set(qn("w:val"), LOCALES.get(language, language))
            run._element.get_or_add_rPr().append(mark)  # noqa: SLF001 (python-docx has no public way)
        return run

    def _pieces(
        self, paragraph: Any, pieces: tuple[Piece, ...], language: str, points: float | None = None
    ) -> None:
        """A segment: its clause in black where it is a part, figures in bold."""
        partly = any(piece.clause for piece in pieces)
        for piece in pieces:
            colour = SOFT if partly and not piece.clause else None
            bold = piece.kind in {"number", "date"} or None
            text = " ".join(piece.text.split("\n"))
            self._run(paragraph, text, language, bold=bold, colour=colour, points=points)

    def write_head(self) -> None:
        """Title, both languages, counts."""
        view, content = self.view, self.view.content
        self.document.add_heading(self._title(), level=0)
        if content.title_source:
            line = self.document.add_paragraph()
            self._run(line, show_hidden(content.title_source), view.source_language, italic=True)
        outlets = ", ".join(outlet.name for outlet in view.outlets)
        when = f", published {write_date_range(list(view.published))}" if view.published else ""
        self.document.add_paragraph(
            f"{count(content.articles.height, 'article')} from "
            f"{count(len(view.outlets), 'outlet')} ({outlets}){when}."
        )
        self.document.add_paragraph(
            f"{len(view.shared)} reported by several outlets, "
            f"{count(len(view.conflicts), 'point')} where outlets disagree, "
            f"{len(view.singles)} reported by one outlet only."
        )
        for note in content.notes:
            self._run(self.document.add_paragraph(), show_hidden(note), colour=SOFT)

    def write_facts(self, title: str, facts: tuple[FactView, ...]) -> None:
        """A section with one table: number, translation, original."""
        if not facts:
            return
        self.document.add_heading(title, level=1)
        source = name_language(self.view.source_language)
        target = name_language(self.view.content.target_language)
        table = self._table(["", target, source], [10, 78, 78])
        for fact in facts:
            self._write_fact(table, fact)

    def _table(self, titles: list[str], widths_mm: list[int]) -> Any:
        """A table without a grid whose head repeats on every page."""
        from docx.oxml.parser import OxmlElement
        from docx.shared import Mm

        table = self.document.add_table(rows=1, cols=len(titles))
        table.autofit = False
        row = table.rows[0]
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001
        for column, width in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(width)
        for cell, title, width in zip(row.cells, titles, widths_mm, strict=True):
            cell.width = Mm(width)
            self._run(self._open(cell), title, colour=SOFT, points=SMALL)
        return table

    def _add_row(self, table: Any, *, ruled: bool = True) -> Any:
        """Cells of a row that stays on one page, with a thin rule above it."""
        from docx.oxml.ns import qn
        from docx.oxml.parser import OxmlElement

        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001
        for cell in row.cells if ruled else ():
            borders, top = OxmlElement("w:tcBorders"), OxmlElement("w:top")
            for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
                top.set(qn(f"w:{name}"), value)
            borders.append(top)
            cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001
        return row.cells

    def _open(self, cell: Any, *, with_next: bool = False) -> Any:
        """The cell's first paragraph while it is empty, then a new one."""
        from docx.shared import Pt

        first = cell.paragraphs[0]
        paragraph = first if not first.runs else cell.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(2)
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.keep_with_next = with_next
        return paragraph

    def _write_fact(self, table: Any, fact: FactView) -> None:
        """A row for the fact as shown, one more for every other wording."""
        number, target, source = self._add_row(table)
        shown, language = fact.shown, self.view.content.target_language
        keep = len(fact.mentions) > 1
        self._run(self._open(number), str(fact.number), colour=SOFT)
        self._pieces(self._open(target, with_next=keep), shown.target, language)
        self._pieces(self._open(source, with_next=keep), shown.source, shown.article.language)
        said = self._open(target, with_next=keep)
        names = ", ".join(outlet.name for outlet in fact.outlets)
        self._run(said, names, bold=True, points=SMALL)
        for conflict in fact.conflict_numbers:
            self._run(said, f" · see disagreement {conflict}", colour=CLASH, points=SMALL)
        self._write_place(target, source, shown)
        for mention in fact.mentions[1:]:
            _, target, source = self._add_row(table, ruled=False)
            points = SMALL + 0.5
            self._pieces(self._open(target), mention.target, language, points)
            self._pieces(self._open(source), mention.source, mention.article.language, points)
            self._write_place(target, source, mention)

    def _write_place(self, target: Any, source: Any, mention: MentionView) -> None:
        """Who says it where, below the original; what is doubtful, below the translation."""
        place = (
            f"{mention.outlet.name}, {write_date(mention.article.published)}, "
            f"{mention.article.article_id} {mention.start_char}–{mention.end_char}"
        )
        self._run(self._open(source), place, colour=SOFT, points=SMALL)
        if mention.doubts:
            reasons = f"Doubtful translation: {'; '.join(mention.doubts)}"
            self._run(self._open(target), reasons, colour=DOUBT, points=SMALL)

    def write_conflicts(self) -> None:
        """Every disagreement as a table of its sides."""
        if not self.view.conflicts:
            return
        self.document.add_heading("Where outlets disagree", level=1)
        for conflict in self.view.conflicts:
            self._write_conflict(conflict)

    def _write_conflict(self, conflict: ConflictView) -> None:
        self.document.add_heading(f"{conflict.number}. {conflict.title}", level=2)
        table = self._table(["Value", "Outlets", "Fact"], [36, 40, 90])
        for side in conflict.sides:
            value, outlets, fact = self._add_row(table)
            self._run(self._open(value), side.value or "–", bold=True, colour=CLASH)
            self._open(outlets).add_run(", ".join(outlet.name for outlet in side.fact.outlets))
            language = self.view.content.target_language
            self._run(
                fact.paragraphs[0],
                f"{side.fact.number}. {side.mention.quoted_target or side.mention.quoted_source}",
                language,
            )

    def write_timeline(self) -> None:
        """Dates with the facts that name them."""
        events = order_events(self.view)
        if not events:
            return
        self.document.add_heading("Timeline", level=1)
        table = self._table(["Date", "Fact"], [36, 130])
        for event in events:
            for fact in event.facts:
                day, text = self._add_row(table)
                self._run(self._open(day), event.label, bold=True)
                words = f"{fact.number}. {fact.quote}"
                self._run(self._open(text), words, self.view.content.target_language)

    def write_rejects(self) -> None:
        """What could not be used, with the reason."""
        rejects = self.view.content.rejects
        if not rejects.height:
            return
        self.document.add_heading("Could not be used", level=1)
        table = self._table(["File", "Reason"], [60, 106])
        for row in rejects.iter_rows(named=True):
            file, reason = self._add_row(table)
            line = f", line {row['line']}" if row["line"] is not None else ""
            self._open(file).add_run(show_hidden(row["path"] or row["article_id"] or "") + line)
            self._open(reason).add_run(show_hidden(f"{row['reason']}: {row['detail']}"))

    def write_signature(self) -> None:
        """How the sheet was made, in one line."""
        line = self.document.add_paragraph()
        self._run(line, show_hidden(self.view.content.signature), colour=SOFT)

    def save(self) -> bytes:
        """The document's bytes, with every date fixed."""
        raw = io.BytesIO()
        self.document.save(raw)
        fixed = io.BytesIO()
        with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w") as target:
            for name in sorted(source.namelist(), key=lambda name: (name[0] != "[", name)):
                member = zipfile.ZipInfo(name, date_time=ZIP_DATE)
                member.compress_type = zipfile.ZIP_DEFLATED
                member.external_attr = 0o600 << 16
                target.writestr(member, source.read(name))
        return fixed.getvalue()
