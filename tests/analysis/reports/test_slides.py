"""Slides: native text and tables, pictures with words, nothing over the edge, equal bytes."""

import io
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import pytest
from lxml import etree
from pptx import Presentation
from pptx.util import Inches

from dashboard.analysis.reports.content import (
    Cell,
    Column,
    Facts,
    Grid,
    Part,
    Picture,
    Pictures,
    Report,
    Section,
    Words,
)
from dashboard.analysis.reports.slides import BOTTOM, HEIGHT, WIDTH, write_pptx
from tests.checks import all_of

SVG_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)
PICTURE = Picture(
    "Control of corruption", "score", "<svg/>", "Uganda rose.", "Source: World Bank, WGI 2025", True, SVG_PNG
)


def report(*sections: Section, lang: str = "en", title: str = "Uganda and Kenya") -> Report:
    return Report(
        kind="Own brief", title=title, named=f"Own brief: {title}", subtitle="As of 2 March 2026 · dataset 2-2026",
        lang=lang, author="ASAN SDG Monitor", description="two countries", keywords=("SDG",),
        moment=datetime(2026, 3, 2, 12, 30, tzinfo=UTC),
        foot=("ASAN SDG Monitor · Own brief", "As of 2 March 2026 · dataset 2-2026 · filters", "Link to this view: https://monitor.test"),
        page_of="Page {page} of {pages}", about=(("As of", "2 March 2026"), ("Dataset version", "2-2026")),
        about_title="About this report", sections=sections,
    )  # fmt: skip


def grid(rows: int, words: str = "Uganda") -> Grid:
    columns = (Column("Country", 2), Column("Value", 2, "number"), Column("Id", 0), Column("Source", 3))
    cells = [(Cell(words), Cell(str(at), "90 %", at), Cell("x"), Cell("World Bank", "WGI 2025")) for at in range(rows)]
    return Grid("Figures", "caption", "Indicator", columns, [Part("Control of corruption", "score", cells)])


def opened(made: bytes) -> Presentation:
    return Presentation(io.BytesIO(made))


def xml_of(shape: object) -> str:
    return etree.tostring(shape.element, encoding="unicode")  # type: ignore[attr-defined, no-any-return]


def texts(slide: object) -> str:
    shapes = [one for one in slide.shapes if one.has_text_frame]  # type: ignore[attr-defined]
    tables = [cell.text for one in slide.shapes if one.has_table for row in one.table.rows for cell in row.cells]  # type: ignore[attr-defined]
    return "\n".join([*(one.text_frame.text for one in shapes), *tables])


def test_equal_reports_are_equal_bytes_of_the_datasets_moment() -> None:
    whole = report(Section("In short", [Words("Two of three.", "lead")]), Section("Charts", [Pictures([PICTURE])]))
    made = write_pptx(whole)
    assert made == write_pptx(whole)
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(2026, 3, 2, 12, 30, 0)}
    core = opened(made).core_properties
    assert (core.title, core.author, core.created) == (
        "Own brief: Uganda and Kenya", "ASAN SDG Monitor", datetime(2026, 3, 2, 12, 30)
    )  # fmt: skip


def test_every_slide_has_a_title_the_day_and_its_number() -> None:
    made = opened(write_pptx(report(Section("Figures", [grid(3)]), Section("Charts", [Pictures([PICTURE])]))))
    slides = list(made.slides)
    assert len(slides) == 4
    for at, slide in enumerate(slides, 1):
        assert slide.shapes.title.text_frame.text
        assert "dataset 2-2026" in texts(slide)
        assert f"Page {at} of 4" in texts(slide)


def test_a_chart_is_a_picture_with_words_for_those_who_do_not_see_it_and_its_source_as_text() -> None:
    slide = list(opened(write_pptx(report(Section("Charts", [Pictures([PICTURE])])))).slides)[1]
    (picture,) = [one for one in slide.shapes if one.shape_type == 13]
    assert 'descr="Control of corruption. Uganda rose."' in xml_of(picture)
    assert "Source: World Bank, WGI 2025" in texts(slide)
    assert "Uganda rose." in texts(slide)


def test_a_table_is_native_and_goes_on_on_the_next_slide() -> None:
    made = opened(write_pptx(report(Section("Figures", [grid(30)]))))
    tables = [one.table for slide in made.slides for one in slide.shapes if one.has_table]
    assert len(tables) > 1
    rows = [[cell.text for cell in row.cells] for table in tables for row in list(table.rows)[1:]]
    parts, rows = [row for row in rows if not row[1]], [row for row in rows if row[1]]
    assert [row[0] for row in parts] == ["Control of corruption\nscore"] * len(tables), "on each slide"
    assert [row[1].splitlines()[0] for row in rows] == [str(at) for at in range(30)]
    assert {row[2] for row in rows} == {"World Bank\nWGI 2025"}
    assert {tuple(cell.text for cell in table.rows[0].cells) for table in tables} == {("Country", "Value", "Source")}


@pytest.mark.parametrize("words", ["Uganda", "a long reason why there is no figure " * 9])
def test_nothing_begins_or_is_counted_beyond_the_edge(words: str) -> None:
    facts = Facts([(f"name {at}", words * 3) for at in range(12)])
    tall = Picture("t" * 200, "unit", "", "sentence " * 60, "source " * 30, True, SVG_PNG)
    made = opened(write_pptx(report(Section("All", [facts, Words(words * 4), grid(25, words), Pictures([tall])]))))
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= Inches(WIDTH) + 1
            assert shape.top < Inches(HEIGHT)
            if shape.shape_type == 13:
                assert shape.top + shape.height <= Inches(BOTTOM)
    for slide in list(made.slides)[1:]:
        for table in (one.table for one in slide.shapes if one.has_table):
            assert sum(max(len(cell.text) for cell in row.cells) / 45 + 1 for row in table.rows) < 30


def test_arabic_reads_from_the_right_and_shows_no_signs_of_direction() -> None:
    words = "القيمة \u2066−1.12\u2069 في أوغندا"
    made = write_pptx(report(Section("باختصار", [Words(words), grid(2, words)]), lang="ar", title="أوغندا"))
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        slides = [
            file.read(name).decode() for name in file.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)
        ]
    assert all_of('rtl="1"' in one for one in slides)
    assert all_of("\u2066" not in one and "\u2069" not in one for one in slides)
    assert any("\u200e−1.12\u200e" in one for one in slides), "the minus stays before its number"
    assert any("<a:tblPr" in one and 'rtl="1"' in one for one in slides)


def test_a_process_that_sets_reports_loads_nothing_of_services() -> None:
    """It begins when a reader asks; figures and charts are in the report it gets."""
    forms = ", ".join(f"dashboard.analysis.reports.{name}" for name in ("forms", "slides", "document", "sheets"))
    asked = (
        f"import sys, {forms}; print([one for one in ('polars', 'altair', 'dashboard.answers') if one in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
