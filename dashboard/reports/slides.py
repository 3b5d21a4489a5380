"""A report as slides (PPTX): words and tables that can be edited, a picture for each chart with its source below it.

Every slide has a title of its own, and at its foot the day and the dataset version of its figures. Pictures have the
sentence of their chart as alternative text. What does not fit on a slide goes on on the next one. Equal reports are
equal bytes.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from math import ceil
from typing import Any

import pptx
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.util import Inches, Pt

from dashboard.locales import DESK_LANGUAGES
from dashboard.reports.content import Cell, Column, Facts, Grid, Picture, Pictures, Report, Section, Words

WIDTH, HEIGHT = 13.333, 7.5
"""Inches of a slide."""

LEFT, TOP, BOTTOM = 0.6, 1.45, 6.75
INK, QUIET, ACCENT, WASH = "1A1A1A", "5A5750", "0B5C7A", "E7F0F3"
SIGNS = 0.0072
"""Inches that an average sign takes for each point of its size."""

ROOM = 4.4
"""Inches of a slide for the rows of a table, below its heads."""

SIZE, TEXT = 12, 18
TEXT_LINES = 16
"""Lines of words that fit on a slide, at ``TEXT`` points."""


@dataclass(frozen=True, slots=True)
class SlideText:
    """A paragraph: its words, its size in points, and whether it stands back."""

    text: str
    size: int = TEXT
    quiet: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class SlideRow:
    """A row of a table, and the name of the part it belongs to, where the table has parts."""

    cells: Sequence[Cell | None]
    part: Sequence[Cell] = ()


def write_pptx(report: Report) -> bytes:
    """The slides of a report."""
    made = pptx.Presentation()
    made.slide_width, made.slide_height = Inches(WIDTH), Inches(HEIGHT)
    core, moment = made.core_properties, report.moment.astimezone(UTC).replace(tzinfo=None)
    core.title, core.author, core.subject, core.language = report.named, report.author, report.description, report.lang
    core.keywords, core.created, core.modified, core.last_modified_by = (
        ", ".join(report.keywords), moment, moment, report.author,
    )  # fmt: skip
    _Deck(made, report).fill()
    kept = io.BytesIO()
    made.save(kept)
    return _dated(kept.getvalue(), report)


class _Deck:
    """The slides of one report, one after another."""

    def __init__(self, made: Presentation, report: Report) -> None:
        self.made, self.report = made, report
        self.rtl = DESK_LANGUAGES[report.lang].dir == "rtl"

    def fill(self) -> None:
        """Title, then every section, then what must be known of the whole."""
        report = self.report
        first = self.slide(report.title)
        self.words(
            first,
            [SlideText(report.kind, 24), SlideText(report.subtitle), SlideText(report.description, 14, quiet=True)],
        )
        short, *others = report.sections or [Section("", [])]
        if all(isinstance(block, Words) for block in short.blocks):
            said = [block for block in short.blocks if isinstance(block, Words)]
            self.words(first, [SlideText(one.text, TEXT if one.role == "lead" else 14) for one in said], 1.9)
        else:
            others = [short, *others]
        for section in (*others, Section(report.about_title, [Facts(report.about)])):
            self.section(section)
        self.number()

    def section(self, section: Section) -> None:
        """The slides of a section: its words together, each part of a table and each picture by itself."""
        texts: list[SlideText] = []
        for block in section.blocks:
            if isinstance(block, Words):
                texts.append(SlideText(block.text, 14 if block.role == "note" else TEXT, block.role == "note"))
            elif isinstance(block, Facts):
                for name, says in block.pairs:
                    texts += [SlideText(name, 13, strong=True), SlideText(says, 13)]
            elif isinstance(block, Grid):
                self.table(section.title, block)
            else:
                assert isinstance(block, Pictures)
                for picture in block.pictures:
                    self.picture(picture)
        for some in _paged(texts):
            self.words(self.slide(section.title), some)

    def slide(self, title: str) -> Slide:
        """A new slide with its title."""
        slide = self.made.slides.add_slide(self.made.slide_layouts[5])  # a title alone
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = map(Inches, (LEFT, 0.4, WIDTH - 2 * LEFT, 0.95))
        size = 28 if len(title) <= 70 else 22 if len(title) <= 140 else 16
        self.write(shape.text_frame, [SlideText(title, size, strong=True)], ACCENT)
        shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        foot = slide.shapes.add_textbox(*map(Inches, (LEFT, 6.95, WIDTH - 2 * LEFT - 1.8, 0.4)))
        self.write(foot.text_frame, [SlideText(" · ".join(self.foot()), 10, quiet=True)])
        return slide

    def foot(self) -> list[str]:
        """What every slide says of its figures: whose they are, of which day and dataset."""
        return [*self.report.foot[:-2][-1:], self.report.subtitle]

    def write(self, frame: Any, texts: Sequence[SlideText], colour: str = INK) -> None:
        """Put paragraphs into a frame, in the direction of the language."""
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        for at, text in enumerate(texts):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = _plain(text.text)
            run.font.size, run.font.bold = Pt(text.size), text.strong
            run.font.color.rgb = RGBColor.from_string(QUIET if text.quiet else colour)
            run._r.get_or_add_rPr().set("lang", self.report.lang)
            paragraph.space_after = Pt(4)
            paragraph.alignment = PP_ALIGN.RIGHT if self.rtl else PP_ALIGN.LEFT
            if self.rtl:
                paragraph._p.get_or_add_pPr().set("rtl", "1")

    def words(self, slide: Slide, texts: Sequence[SlideText], lower: float = 0.0) -> None:
        """Paragraphs below the title, so many inches lower."""
        if not any(text.text for text in texts):
            return
        top = TOP + lower
        box = slide.shapes.add_textbox(*map(Inches, (LEFT, top, WIDTH - 2 * LEFT, BOTTOM - top)))
        self.write(box.text_frame, [text for text in texts if text.text])

    def picture(self, picture: Picture) -> None:
        """A chart: its picture with alternative text; unit above, sentence and source below, as text."""
        slide = self.slide(picture.title)
        below = [SlideText(picture.sentence, 13), SlideText(picture.source, 11, quiet=True)]
        lines = sum(_lines(text, WIDTH - 2 * LEFT) for text in below)
        room = BOTTOM - TOP - 0.45 - 0.24 * lines
        self.words(slide, [SlideText(picture.subtitle, 13, quiet=True)])
        shape = slide.shapes.add_picture(
            io.BytesIO(picture.png), Inches(LEFT), Inches(TOP + 0.4), width=Inches(WIDTH - 2 * LEFT)
        )
        if shape.height > Inches(room):
            shape.width, shape.height = round(shape.width * Inches(room) / shape.height), Inches(room)
            shape.left = round((self.made.slide_width - shape.width) / 2)
        shape.name = picture.title[:100]
        shape._element.nvPicPr.cNvPr.set("descr", f"{picture.title}. {picture.sentence}")
        box = slide.shapes.add_textbox(
            Inches(LEFT), shape.top + shape.height, Inches(WIDTH - 2 * LEFT), Inches(0.26 * lines + 0.2)
        )
        self.write(box.text_frame, below)

    def table(self, title: str, grid: Grid) -> None:
        """A table over as many slides as its rows need; the name of a part stands above its rows, on each of them."""
        shown = [place for place, column in enumerate(grid.columns) if column.share]
        columns = [grid.columns[place] for place in shown]
        lines: list[SlideRow] = []
        for part in grid.parts:
            head = [Cell(part.label, part.note, strong=True)] if part.label else []
            lines += [SlideRow([row[place] for place in shown], head) for row in part.rows]
        for some in _rows_paged(lines, columns):
            slide = self.slide(title)
            self.words(slide, [SlideText(grid.caption, 11, quiet=True)])
            self.rows(slide, columns, some)

    def rows(self, slide: Slide, columns: Sequence[Column], rows: Sequence[SlideRow]) -> None:
        """One native table."""
        wide, parts = WIDTH - 2 * LEFT, list(_headed(rows))
        frame = slide.shapes.add_table(
            len(parts) + 1, len(columns), *map(Inches, (LEFT, TOP + 0.4, wide, 0.3 * (len(parts) + 1)))
        )
        table = frame.table
        frame._element.nvGraphicFramePr.cNvPr.set("descr", slide.shapes.title.text_frame.text)
        table._tbl.tblPr.set("rtl", "1" if self.rtl else "0")
        whole = sum(column.share for column in columns)
        for at, column in enumerate(columns):
            table.columns[at].width = Inches(wide * column.share / whole)
        for at, column in enumerate(columns):
            self.cell(table.cell(0, at), Cell(column.label, strong=True), WASH)
        for line, cells in enumerate(parts, 1):
            if len(cells) < len(columns):
                table.cell(line, 0).merge(table.cell(line, len(columns) - 1))
            for at, cell in enumerate(cells):
                self.cell(table.cell(line, at), cell or Cell(""), "FFFFFF")

    def cell(self, place: Any, said: Cell, ground: str) -> None:
        """A cell with its note below, or beside the name of a part."""
        place.fill.solid()
        place.fill.fore_color.rgb = RGBColor.from_string(ground)
        place.margin_top = place.margin_bottom = Inches(0.03)
        texts = [SlideText(said.text, SIZE, strong=said.strong)]
        texts += [SlideText(said.note, SIZE - 2, quiet=True)] if said.note else []
        self.write(place.text_frame, texts)
        for paragraph in place.text_frame.paragraphs:
            paragraph.space_after = 0

    def number(self) -> None:
        """Say on each slide which of how many it is."""
        slides = list(self.made.slides)
        for at, slide in enumerate(slides, 1):
            box = slide.shapes.add_textbox(*map(Inches, (WIDTH - LEFT - 1.7, 6.95, 1.7, 0.4)))
            words = self.report.page_of.format(page=at, pages=len(slides))
            self.write(box.text_frame, [SlideText(words, 10, quiet=True)])
            box.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT if self.rtl else PP_ALIGN.RIGHT


def _plain(text: str) -> str:
    """Words in one line, with a mark that every program knows in the place of signs that hold a direction: without
    one, the minus of a number would stand behind it in Arabic."""
    return " ".join(text.translate(_MARKS).split())


_MARKS = {ord(sign): "\u200e" for sign in "\u2066\u2067\u2068\u2069"}


def _lines(text: SlideText, inches: float) -> int:
    return ceil(len(text.text) * text.size * SIGNS / inches) if text.text else 0


def _paged(texts: Sequence[SlideText]) -> Iterator[list[SlideText]]:
    """Paragraphs in groups that fit on a slide; a name stays with what is said of it."""
    some: list[SlideText] = []
    used = 0.0
    for text in texts:
        needs = _lines(text, WIDTH - 2 * LEFT) * text.size / TEXT + 0.3
        if some and used + needs + (1 if text.strong else 0) > TEXT_LINES:
            yield some
            some, used = [], 0.0
        some.append(text)
        used += needs
    if some:
        yield some


def _headed(rows: Sequence[SlideRow]) -> Iterator[Sequence[Cell | None]]:
    """Rows with the name of a part above the first of it."""
    before: Sequence[Cell] = ()
    for row in rows:
        if row.part and row.part != before:
            yield row.part
        before = row.part
        yield row.cells


def _rows_paged(rows: Sequence[SlideRow], columns: Sequence[Column]) -> Iterator[list[SlideRow]]:
    """Rows in groups that fit on a slide with the names of their parts."""
    whole = sum(column.share for column in columns)
    widths = [(WIDTH - 2 * LEFT) * column.share / whole - 0.25 for column in columns]

    def needs(cells: Sequence[Cell | None]) -> float:
        return 0.08 + max(
            0.2 * _lines(SlideText(cell.text, SIZE), wide) + 0.17 * _lines(SlideText(cell.note, SIZE - 2), wide)
            for cell, wide in ((cell or Cell("–"), wide) for cell, wide in zip(cells, widths, strict=False))
        )

    some: list[SlideRow] = []
    used = 0.0
    for row in rows:
        fresh = not some or some[-1].part != row.part
        more = needs(row.cells) + (needs(row.part) if row.part and fresh else 0)
        if some and used + more > ROOM:
            yield some
            some, used, more = [], 0.0, needs(row.cells) + (needs(row.part) if row.part else 0)
        some.append(row)
        used += more
    if some:
        yield some


def _dated(body: bytes, report: Report) -> bytes:
    """The same file with the moment of the dataset in the place of the clock's."""
    day = report.moment.astimezone(UTC)
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as given, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in given.infolist():
            plain = zipfile.ZipInfo(entry.filename, (day.year, day.month, day.day, day.hour, day.minute, 0))
            plain.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(plain, given.read(entry))
    return kept.getvalue()
