"""A report as a workbook: a sheet about the report, then a sheet for each table."""

from collections.abc import Sequence
from typing import Any

from dashboard.analysis.reports import workbook
from dashboard.analysis.reports.content import Block, Cell, Column, Facts, Grid, Report, Words


def write_xlsx(report: Report, name_heading: str, text_heading: str) -> bytes:
    """Write the workbook; both headings are of the columns of its first sheet."""
    grids = [block for section in report.sections for block in section.blocks if isinstance(block, Grid)]
    sheets = [_describe_report(report, name_heading, text_heading), *map(_make_sheet, grids)]
    return workbook.write_workbook(
        sheets, report.lang, report.named, report.moment, author=report.author, description=report.description
    )


def _describe_report(report: Report, name_heading: str, text_heading: str) -> workbook.WorkbookSheet:
    """Return the sheet with all words of the document, so that no table leaves without them."""
    rows: list[tuple[str, str]] = [(report.kind, report.title), *report.about]
    for section in report.sections:
        rows += [(section.title, line) for block in section.blocks for line in _list_sentences(block)]
    columns = (workbook.SheetColumn(name_heading), workbook.SheetColumn(text_heading, "long"))
    return workbook.WorkbookSheet(report.about_title, columns, rows)


def _list_sentences(block: Block) -> list[str]:
    """Return the sentences of a block: definitions of statuses and notes of tables among them."""
    if isinstance(block, Words):
        return [block.text]
    if isinstance(block, Facts):
        return [_join(pair) for pair in block.pairs]
    return [block.caption] if isinstance(block, Grid) and block.caption else []


def _make_sheet(grid: Grid) -> workbook.WorkbookSheet:
    places = [place for place, column in enumerate(grid.columns) if column.sheet]
    first = (workbook.SheetColumn(grid.part_label),) if grid.part_label else ()
    columns = [workbook.SheetColumn(grid.columns[place].label, _choose_kind(grid.columns[place])) for place in places]
    rows = [
        (*((part.label,) if grid.part_label else ()), *(_read_value(row[place]) for place in places))
        for part in grid.parts
        for row in part.rows
    ]
    return workbook.WorkbookSheet(grid.name, (*first, *columns), rows)


def _choose_kind(column: Column) -> workbook.Kind:
    """Return the kind of a column, wrapping texts, which are whole sentences."""
    return "wrapped" if column.kind == "text" else column.kind


def _read_value(cell: Cell | None) -> Any:
    """Return the number behind a cell, or else its text with its note."""
    if cell is None:
        return None
    if cell.value is not None:
        return cell.value
    return _join((cell.text, cell.note))


def _join(parts: Sequence[str]) -> str:
    return " · ".join(part for part in parts if part)
