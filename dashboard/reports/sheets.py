"""A report as a workbook: a sheet about the whole, then one sheet for each table, with numbers as numbers."""

from collections.abc import Iterator, Sequence
from typing import Any

from dashboard.reports import workbook
from dashboard.reports.content import Block, Cell, Column, Facts, Grid, Report, Words


def write_xlsx(report: Report, what: str, says: str) -> bytes:
    """The workbook; ``what`` and ``says`` head the two columns of its first sheet."""
    sheets = [_about(report, what, says), *(_sheet(grid) for grid in _grids(report))]
    return workbook.write_workbook(
        sheets, report.lang, report.named, report.moment, author=report.author, says=report.description
    )


def _grids(report: Report) -> Iterator[Grid]:
    for section in report.sections:
        yield from (block for block in section.blocks if isinstance(block, Grid))


def _about(report: Report, what: str, says: str) -> workbook.WorkbookSheet:
    """Everything the document says in words, so that no table leaves without what one must know of it."""
    rows: list[tuple[str, str]] = [(report.kind, report.title), *report.about]
    for section in report.sections:
        rows += [(section.title, line) for block in section.blocks for line in _in_words(block)]
    columns = (workbook.SheetColumn(what), workbook.SheetColumn(says, "long"))
    return workbook.WorkbookSheet(report.about_title, columns, rows)


def _in_words(block: Block) -> list[str]:
    """What a block says in sentences: no status stands in a table without its definition, no table without its note."""
    if isinstance(block, Words):
        return [block.text]
    if isinstance(block, Facts):
        return [_joined(pair) for pair in block.pairs]
    return [block.caption] if isinstance(block, Grid) and block.caption else []


def _sheet(grid: Grid) -> workbook.WorkbookSheet:
    places = [place for place, column in enumerate(grid.columns) if column.sheet]
    first = (workbook.SheetColumn(grid.part_label),) if grid.part_label else ()
    columns = [workbook.SheetColumn(grid.columns[place].label, _kind(grid.columns[place])) for place in places]
    rows = [
        (*((part.label,) if grid.part_label else ()), *(_cell_value(row[place]) for place in places))
        for part in grid.parts
        for row in part.rows
    ]
    return workbook.WorkbookSheet(grid.name, (*first, *columns), rows)


def _kind(column: Column) -> workbook.Kind:
    """Cells say whole sentences: they are wrapped, not cut off by the next one."""
    return "wrapped" if column.kind == "text" else column.kind


def _cell_value(cell: Cell | None) -> Any:
    """The number behind a cell, or else its words with their note."""
    if cell is None:
        return None
    if cell.value is not None:
        return cell.value
    return _joined((cell.text, cell.note))


def _joined(parts: Sequence[str]) -> str:
    return " · ".join(part for part in parts if part)
