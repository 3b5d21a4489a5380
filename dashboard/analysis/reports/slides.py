"""A report as slides (PPTX): editable words and tables, and a picture for each chart with its source.

Long texts and tables continue on the next slide. Equal reports are equal bytes.
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

from dashboard.analysis.reports.content import Cell, Column, Facts, Grid, Picture, Pictures, Report, Section, Words
from dashboard.locales import DESK_LANGUAGES

WIDTH, HEIGHT = 13.333, 7.5  # inches

LEFT, TOP, BOTTOM = 0.6, 1.45, 6.75
INK, QUIET, ACCENT, WASH = "1A1A1A", "5A5750", "0B5C7A", "E7F0F3"
INCHES_PER_POINT = 0.0072  # width of an average letter for each point of its size

TABLE_INCHES = 4.4  # of a slide for the rows of a table
SIZE, TEXT = 12, 18  # points
TEXT_LINES = 16  # of ``TEXT`` points that fit on a slide


@dataclass(frozen=True, slots=True)
class SlideText:
    """A paragraph with its size in points; ``quiet`` ones are grey."""

    text: str
    size: int = TEXT
    quiet: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class SlideRow:
    """A row of a table and the heading of its part, if any."""

    cells: Sequence[Cell | None]
    part: Sequence[Cell] = ()


def write_pptx(report: Report) -> bytes:
    """Write a report as slides."""
    made = pptx.Presentation()
    made.slide_width, made.slide_height = Inches(WIDTH), Inches(HEIGHT)
    core, moment = made.core_properties, report.moment.astimezone(UTC).replace(tzinfo=None)
    core.title, core.author, core.subject, core.language = report.named, report.author, report.description, report.lang
    core.keywords, core.created, core.modified, core.last_modified_by = (
        ", ".join(report.keywords), moment, moment, report.author,
    )  # fmt: skip
    _Deck(made, report).fill()
    body = io.BytesIO()
    made.save(body)
    return _set_dates(body.getvalue(), report)


class _Deck:
    """The slides of a report."""

    def __init__(self, made: Presentation, report: Report) -> None:
        self.made, self.report = made, report
        self.rtl = DESK_LANGUAGES[report.lang].dir == "rtl"

    def fill(self) -> None:
        """Add the title slide, every section, and the facts about the report."""
        report = self.report
        first = self.add_slide(report.title)
        self.add_text(
            first,
            [SlideText(report.kind, 24), SlideText(report.subtitle), SlideText(report.description, 14, quiet=True)],
        )
        sections = list(report.sections)
        words = [block for block in sections[0].blocks if isinstance(block, Words)] if sections else []
        if sections and len(words) == len(sections[0].blocks):
            sections.pop(0)
            self.add_text(first, [SlideText(block.text, TEXT if block.role == "lead" else 14) for block in words], 1.9)
        for section in (*sections, Section(report.about_title, [Facts(report.about)])):
            self.add_section(section)
        self.add_page_numbers()

    def add_section(self, section: Section) -> None:
        """Add the slides of a section: its words together, each part of a table and each picture apart."""
        texts: list[SlideText] = []
        for block in section.blocks:
            if isinstance(block, Words):
                texts.append(SlideText(block.text, 14 if block.role == "note" else TEXT, block.role == "note"))
            elif isinstance(block, Facts):
                for name, says in block.pairs:
                    texts += [SlideText(name, 13, strong=True), SlideText(says, 13)]
            elif isinstance(block, Grid):
                self.add_table(section.title, block)
            else:
                assert isinstance(block, Pictures)
                for picture in block.pictures:
                    self.add_picture(picture)
        for page in _split_texts(texts):
            self.add_text(self.add_slide(section.title), page)

    def add_slide(self, title: str) -> Slide:
        """Add a slide with its title and foot."""
        slide = self.made.slides.add_slide(self.made.slide_layouts[5])  # a title alone
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = map(Inches, (LEFT, 0.4, WIDTH - 2 * LEFT, 0.95))
        size = 28 if len(title) <= 70 else 22 if len(title) <= 140 else 16
        self.write(shape.text_frame, [SlideText(title, size, strong=True)], ACCENT)
        shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        foot = slide.shapes.add_textbox(*map(Inches, (LEFT, 6.95, WIDTH - 2 * LEFT - 1.8, 0.4)))
        lines = [*self.report.foot[:-2][-1:], self.report.subtitle]
        self.write(foot.text_frame, [SlideText(" · ".join(lines), 10, quiet=True)])
        return slide

    def write(self, frame: Any, texts: Sequence[SlideText], colour: str = INK) -> None:
        """Write paragraphs into a frame, in the direction of the language."""
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        for at, text in enumerate(texts):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = _clean_text(text.text)
            run.font.size, run.font.bold = Pt(text.size), text.strong
            run.font.color.rgb = RGBColor.from_string(QUIET if text.quiet else colour)
            run._r.get_or_add_rPr().set("lang", self.report.lang)
            paragraph.space_after = Pt(4)
            paragraph.alignment = PP_ALIGN.RIGHT if self.rtl else PP_ALIGN.LEFT
            if self.rtl:
                paragraph._p.get_or_add_pPr().set("rtl", "1")

    def add_text(self, slide: Slide, texts: Sequence[SlideText], lower: float = 0.0) -> None:
        """Add paragraphs, ``lower`` inches further down than the usual place below the title."""
        if not any(text.text for text in texts):
            return
        top = TOP + lower
        box = slide.shapes.add_textbox(*map(Inches, (LEFT, top, WIDTH - 2 * LEFT, BOTTOM - top)))
        self.write(box.text_frame, [text for text in texts if text.text])

    def add_picture(self, picture: Picture) -> None:
        """Add a slide with a chart: unit above, picture with alternative text, sentence and source below."""
        slide = self.add_slide(picture.title)
        below = [SlideText(picture.sentence, 13), SlideText(picture.source, 11, quiet=True)]
        lines = sum(_count_lines(text, WIDTH - 2 * LEFT) for text in below)
        room = BOTTOM - TOP - 0.45 - 0.24 * lines
        self.add_text(slide, [SlideText(picture.subtitle, 13, quiet=True)])
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

    def add_table(self, title: str, grid: Grid) -> None:
        """Add a table over as many slides as it needs, the name of a part above its rows on each."""
        shown = [place for place, column in enumerate(grid.columns) if column.share]
        columns = [grid.columns[place] for place in shown]
        lines: list[SlideRow] = []
        for part in grid.parts:
            head = [Cell(part.label, part.note, strong=True)] if part.label else []
            lines += [SlideRow([row[place] for place in shown], head) for row in part.rows]
        for page in _split_rows(lines, columns):
            slide = self.add_slide(title)
            self.add_text(slide, [SlideText(grid.caption, 11, quiet=True)])
            self.add_native_table(slide, columns, page)

    def add_native_table(self, slide: Slide, columns: Sequence[Column], rows: Sequence[SlideRow]) -> None:
        """Add one native table to a slide."""
        wide, parts = WIDTH - 2 * LEFT, list(_insert_part_heads(rows))
        frame = slide.shapes.add_table(
            len(parts) + 1, len(columns), *map(Inches, (LEFT, TOP + 0.4, wide, 0.3 * (len(parts) + 1)))
        )
        table = frame.table
        frame._element.nvGraphicFramePr.cNvPr.set("descr", slide.shapes.title.text_frame.text)
        table._tbl.tblPr.set("rtl", "1" if self.rtl else "0")
        shares = sum(column.share for column in columns)
        for at, column in enumerate(columns):
            table.columns[at].width = Inches(wide * column.share / shares)
        for at, column in enumerate(columns):
            self.write_cell(table.cell(0, at), Cell(column.label, strong=True), WASH)
        for line, cells in enumerate(parts, 1):
            if len(cells) < len(columns):
                table.cell(line, 0).merge(table.cell(line, len(columns) - 1))
            for at, cell in enumerate(cells):
                self.write_cell(table.cell(line, at), cell or Cell(""), "FFFFFF")

    def write_cell(self, place: Any, cell: Cell, ground: str) -> None:
        """Write a cell with its note."""
        place.fill.solid()
        place.fill.fore_color.rgb = RGBColor.from_string(ground)
        place.margin_top = place.margin_bottom = Inches(0.03)
        texts = [SlideText(cell.text, SIZE, strong=cell.strong)]
        texts += [SlideText(cell.note, SIZE - 2, quiet=True)] if cell.note else []
        self.write(place.text_frame, texts)
        for paragraph in place.text_frame.paragraphs:
            paragraph.space_after = 0

    def add_page_numbers(self) -> None:
        """Add to each slide its number and how many there are."""
        slides = list(self.made.slides)
        for at, slide in enumerate(slides, 1):
            box = slide.shapes.add_textbox(*map(Inches, (WIDTH - LEFT - 1.7, 6.95, 1.7, 0.4)))
            words = self.report.page_of.format(page=at, pages=len(slides))
            self.write(box.text_frame, [SlideText(words, 10, quiet=True)])
            box.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT if self.rtl else PP_ALIGN.RIGHT


def _clean_text(text: str) -> str:
    """Return words in one line, with direction marks that keep a minus before its number in Arabic."""
    return " ".join(text.translate(_MARKS).split())


_MARKS = {ord(sign): "\u200e" for sign in "\u2066\u2067\u2068\u2069"}


def _count_lines(text: SlideText, inches: float) -> int:
    return ceil(len(text.text) * text.size * INCHES_PER_POINT / inches) if text.text else 0


def _split_texts(texts: Sequence[SlideText]) -> Iterator[list[SlideText]]:
    """Yield groups of paragraphs that fit on a slide; a bold name stays with the text after it."""
    page: list[SlideText] = []
    used = 0.0
    for text in texts:
        needed = _count_lines(text, WIDTH - 2 * LEFT) * text.size / TEXT + 0.3
        if page and used + needed + (1 if text.strong else 0) > TEXT_LINES:
            yield page
            page, used = [], 0.0
        page.append(text)
        used += needed
    if page:
        yield page


def _insert_part_heads(rows: Sequence[SlideRow]) -> Iterator[Sequence[Cell | None]]:
    """Yield rows with the name of a part above the first of it."""
    before: Sequence[Cell] = ()
    for row in rows:
        if row.part and row.part != before:
            yield row.part
        before = row.part
        yield row.cells


def _split_rows(rows: Sequence[SlideRow], columns: Sequence[Column]) -> Iterator[list[SlideRow]]:
    """Yield groups of rows that fit on a slide with the names of their parts."""
    shares = sum(column.share for column in columns)
    widths = [(WIDTH - 2 * LEFT) * column.share / shares - 0.25 for column in columns]

    def measure(cells: Sequence[Cell | None]) -> float:
        return 0.08 + max(
            0.2 * _count_lines(SlideText(cell.text, SIZE), wide)
            + 0.17 * _count_lines(SlideText(cell.note, SIZE - 2), wide)
            for cell, wide in ((cell or Cell("–"), wide) for cell, wide in zip(cells, widths, strict=False))
        )

    page: list[SlideRow] = []
    used = 0.0
    for row in rows:
        fresh = not page or page[-1].part != row.part
        more = measure(row.cells) + (measure(row.part) if row.part and fresh else 0)
        if page and used + more > TABLE_INCHES:
            yield page
            page, used, more = [], 0.0, measure(row.cells) + (measure(row.part) if row.part else 0)
        page.append(row)
        used += more
    if page:
        yield page


def _set_dates(body: bytes, report: Report) -> bytes:
    """Return the file with the dataset's moment instead of the clock's."""
    day = report.moment.astimezone(UTC)
    dated = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as original, zipfile.ZipFile(dated, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in original.infolist():
            plain = zipfile.ZipInfo(entry.filename, (day.year, day.month, day.day, day.hour, day.minute, 0))
            plain.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(plain, original.read(entry))
    return dated.getvalue()
