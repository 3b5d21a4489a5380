"""A workbook that opens as it was meant: numbers are numbers, texts are texts, equal figures are equal bytes."""

import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from dashboard.analysis.reports.workbook import (
    MAX_CELL_LETTERS,
    MAX_WIDTH,
    SheetColumn,
    WorkbookSheet,
    shorten_sheet_name,
    write_workbook,
)
from tests.checks import all_of

CREATED = datetime(2026, 3, 2, 12, tzinfo=UTC)
EXACT = -0.9525731801986693
SHEET = WorkbookSheet(
    "Data",
    [SheetColumn("name"), SheetColumn("value", "number", 2), SheetColumn("year", "whole"), SheetColumn("note", "long")],
    [
        ["=HYPERLINK(\"http://x\")", EXACT, 2015, "+1"],
        ["@cmd", 1234.5, 2016, "-2"],
        ["https://example.org", None, 2017, ""],
    ],
)  # fmt: skip


def _read(body: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(body))


def test_numbers_are_numbers_with_every_digit_and_the_decimals_of_the_indicator() -> None:
    page = _read(write_workbook([SHEET], "en", "T", CREATED)).active
    assert (page["B2"].value, page["B2"].number_format) == (EXACT, "#,##0.00")
    assert (page["C2"].value, page["C2"].number_format) == (2015, "0")
    assert page["B4"].value is None


def test_no_text_is_a_formula_or_a_link() -> None:
    page = _read(write_workbook([SHEET], "en", "T", CREATED)).active
    texts = [page[cell] for cell in ("A2", "A3", "D2", "D3")]
    assert [cell.value for cell in texts] == ['=HYPERLINK("http://x")', "@cmd", "+1", "-2"]
    assert {cell.data_type for cell in texts} == {"s"}
    assert all_of(cell.quotePrefix for cell in texts)  # stays a text when it is edited
    assert page["A4"].hyperlink is None


def test_the_header_stays_and_columns_are_as_wide_as_their_texts() -> None:
    page = _read(write_workbook([SHEET], "en", "T", CREATED)).active
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:D4")
    assert page.column_dimensions["A"].width >= len("=HYPERLINK(")
    assert page["D2"].alignment.wrap_text


def test_sentences_are_wrapped_and_not_cut_off_by_the_next_cell() -> None:
    sheet = WorkbookSheet("S", [SheetColumn("a", "wrapped"), SheetColumn("b")], [["word " * 30, "x" * 60]])
    page = _read(write_workbook([sheet], "en", "T", CREATED)).active
    assert page["A2"].alignment.wrap_text
    assert not page["B2"].alignment.wrap_text
    assert page.column_dimensions["A"].width < MAX_WIDTH + 2


def test_a_sheet_is_printed_as_wide_as_the_page_with_its_header_on_each() -> None:
    page = _read(write_workbook([SHEET], "en", "T", CREATED)).active
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
    assert page.print_title_rows == "$1:$1"


def test_the_properties_say_what_the_file_is_and_who_made_it() -> None:
    found = _read(write_workbook([SHEET], "en", "T", CREATED, author="Us", description="Figures")).properties
    assert (found.title, found.creator, found.description) == ("T", "Us", "Figures")


@pytest.mark.parametrize(("lang", "expected"), [("en", False), ("ar", True)])
def test_sheets_run_as_their_language_does(lang: str, expected: bool) -> None:
    page = _read(write_workbook([SHEET], lang, "T", CREATED)).active
    assert bool(page.sheet_view.rightToLeft) is expected


def test_equal_sheets_are_equal_bytes_and_dated_by_their_figures() -> None:
    first, second = (write_workbook([SHEET], "en", "T", CREATED) for _ in range(2))
    assert first == second
    assert _read(first).properties.created == CREATED.replace(tzinfo=None)


def test_the_package_holds_nothing_that_runs_or_calls_out() -> None:
    with zipfile.ZipFile(io.BytesIO(write_workbook([SHEET], "en", "T", CREATED))) as package:
        assert package.testzip() is None
        assert [n for n in package.namelist() if "vba" in n.lower() or "external" in n.lower()] == []
        assert "<f>" not in package.read("xl/worksheets/sheet1.xml").decode()


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    body = write_workbook([WorkbookSheet("S", [SheetColumn("a")], [["x" * 40_000]])], "en", "T", CREATED)
    text = _read(body).active["A2"].value
    assert len(text) == MAX_CELL_LETTERS
    assert text.endswith("…")


def test_a_row_of_another_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="row 1: 2 cells for 1 columns"):
        write_workbook([WorkbookSheet("S", [SheetColumn("a")], [["x", "y"]])], "en", "T", CREATED)


def test_names_of_sheets_are_allowed_ones() -> None:
    assert shorten_sheet_name("A/B: what [is] this? " + "x" * 40) == "A B  what  is  this  xxxxxxxxxx"
