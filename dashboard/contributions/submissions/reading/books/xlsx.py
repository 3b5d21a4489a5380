"""XLSX workbooks as sheets of cells; only files that the guard has let pass (``data_sources.workbook``)."""

import zipfile
from pathlib import Path

import fastexcel
import polars as pl

from dashboard.contributions.submissions.model import MAX_ROWS, UploadRefused
from dashboard.contributions.submissions.reading.books.markup import percent_styles, scan, sheets_of
from dashboard.contributions.submissions.reading.cells import TWO_READINGS
from dashboard.contributions.submissions.reading.sheet import UploadSheet, index_of
from data_sources.errors import Changed
from data_sources.workbook import SheetFacts, WorkbookLimits, guard


def read_xlsx(path: Path, name: str, limits: WorkbookLimits) -> list[UploadSheet]:
    """Return every sheet of a workbook, hidden ones too.

    Raises:
        UploadRefused: the guard does not let it pass, it cannot be read, or a sheet has too many rows.
    """
    try:
        inspection = guard(path, name, limits=limits)
    except Changed as error:
        raise UploadRefused(error.code, f"{error}.") from error
    try:
        book = fastexcel.read_excel(str(path))
        with zipfile.ZipFile(path) as archive:
            parts, percents = sheets_of(archive), percent_styles(archive)
            return [
                _sheet(book, archive, facts, parts[facts.name], percents)
                for facts in inspection.sheets
                if facts.name in parts
            ]
    except (fastexcel.FastExcelError, zipfile.BadZipFile, KeyError) as error:
        raise UploadRefused(
            "not_a_workbook", "The file is not a workbook that can be read. Save it again as Excel workbook (.xlsx)."
        ) from error


def _sheet(
    book: fastexcel.ExcelReader, archive: zipfile.ZipFile, facts: SheetFacts, part: str, percents: frozenset[bytes]
) -> UploadSheet:
    if facts.last_row > MAX_ROWS:
        raise UploadRefused(
            "too_many_rows",
            f"Sheet “{facts.name}” has {facts.last_row:,} rows; at most {MAX_ROWS:,} are read. Send it in parts.",
        )
    loaded = book.load_sheet(facts.name, header_row=None, skip_rows=0, dtypes="string")
    texts = _named(loaded.to_polars())
    numbers = _named(book.load_sheet(facts.name, header_row=None, skip_rows=0, dtypes="float").to_polars())
    texts = texts.with_columns(pl.all().fill_null(""))
    # A reader's columns begin with the first that holds something, which the guard has seen.
    first = next((first for first, last in facts.starts if last - first + 1 == texts.width), 1)
    markup = scan(archive, part, percents, _of_two_readings(texts, first - 1))
    texts, numbers = _without(texts, numbers, facts, first - 1)
    for at, rows in markup.text.items():  # the reader takes text for a number where it can: "1.234" is read, not stored
        name = f"c{at - first + 1}"
        inside = [row - 1 for row in rows if row <= numbers.height]
        numbers = numbers.with_columns(numbers[name].scatter(inside, None))
    return UploadSheet(
        name=facts.name,
        texts=texts,
        stored=numbers,
        first_column=first - 1,
        hidden=facts.hidden,
        hidden_rows=markup.hidden_rows,
        hidden_columns=markup.hidden_columns,
        merged=markup.merged,
        without_value=facts.without_value,
        errors=facts.errors,
        percent_cells={column: frozenset(rows) for column, rows in markup.percent.items()},
    )


def _of_two_readings(texts: pl.DataFrame, first: int) -> frozenset[int]:
    """Return the columns (0 is A) in which something looks like a number that two readings fit."""
    return frozenset(
        int(name[1:]) + first for name in texts.columns if texts[name].str.contains(TWO_READINGS.pattern).any()
    )


def _without(
    texts: pl.DataFrame, numbers: pl.DataFrame, facts: SheetFacts, first: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return cells that hold no value as such: a reader gives 0 for a formula that was never calculated."""
    problems = dict.fromkeys(facts.without_value, "") | dict(facts.errors)
    places: dict[str, dict[int, str]] = {}
    for cell, text in problems.items():
        column = cell.rstrip("0123456789")
        places.setdefault(f"c{index_of(column) - first}", {})[int(cell[len(column) :]) - 1] = text
    for name, rows in places.items():
        if name in texts.columns:
            at = list(rows)
            texts = texts.with_columns(texts[name].scatter(at, list(rows.values())))
            numbers = numbers.with_columns(numbers[name].scatter(at, None))
    return texts, numbers


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({name: f"c{at}" for at, name in enumerate(frame.columns)})
