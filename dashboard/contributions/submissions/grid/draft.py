"""The table of an office and a year: its rows, what is written in them, and what is wrong with it.

What is written is kept with a version: who knows an older one than another has kept is told, and overwrites nothing.
Faults are found by the rules of files, on what is filled in as a file.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from dashboard.accounts.model import Principal, Right
from dashboard.contributions.submissions import store as submissions
from dashboard.contributions.submissions.comparison import history
from dashboard.contributions.submissions.grid import store
from dashboard.contributions.submissions.grid.block import GridRefused, clean, is_block, read_block
from dashboard.contributions.submissions.grid.store import Cells
from dashboard.contributions.submissions.model import BREAKDOWNS, MoveNotAllowed, State
from dashboard.contributions.submissions.offices import choice
from dashboard.contributions.submissions.reading.figures import read_reason
from dashboard.contributions.submissions.tables import GridDraftRow
from dashboard.contributions.submissions.workbooks.template import TemplateRow, lines
from dashboard.contributions.submissions.workflow import open_period
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings

COLUMNS = ("value", "sample", "lower", "upper", "reason", "note", "numerator", "denominator")
"""What is written of a row, in the order of the table: a pasted block goes over them."""

LONGEST = {"note": 500}
LONGEST_CELL = 100
"""Letters of a note, and of any other cell. Ours."""

MAX_UNFIT_LETTERS = 100_000
"""Letters of all cells of a table that hold more than they can, and are kept until they are mended. Ours."""

MOST_ROWS = 200
"""Rows of one table: what is more is sent as a file. Ours."""

GROUPS = tuple(category for pairs in BREAKDOWNS.values() for _, category in pairs)

SENT: tuple[State, ...] = ("submitted", "approved", "published", "superseded", "rolled_back")
"""How a submission stands whose figures are no draft any more: the table of its year begins anew."""


@dataclass(frozen=True)
class TypedGrid:
    """A table as it stands; ``draft`` is what was kept of it, ``sent`` the number of what was submitted of it last."""

    period: str
    rows: tuple[TemplateRow, ...]
    left_out: int  # rows that it has no room for
    cells: Cells = field(default_factory=dict)
    draft: GridDraftRow | None = None
    sent: int | None = None
    ends: datetime | None = None

    @property
    def version(self) -> int:
        """Of what was kept; 0 before anything was."""
        return self.draft.version if self.draft else 0

    @property
    def filled(self) -> list[TemplateRow]:
        """The rows in which anything is written: only these count."""
        return [row for row in self.rows if any(self.cells.get(row.key, {}).values())]

    @property
    def may_undo(self) -> bool:
        """Whether what was kept last can be taken back."""
        return self.draft is not None and self.sent is None and self.draft.before != self.draft.cells


class RefusedCell(NamedTuple):
    """A cell, and why what was written in it has no place there."""

    key: str
    column: str
    refusal: GridRefused


class GridUnplaced(GridRefused):
    """The table has no place for these cells; ``grid`` is the table with everything else kept."""

    def __init__(self, grid: TypedGrid, cells: list[RefusedCell]) -> None:
        refusal = cells[0].refusal
        super().__init__(refusal.code, str(refusal), **refusal.values)
        self.grid, self.cells = grid, cells


class GridStale(GridRefused):
    """Somebody else has kept the table since; ``grid`` is as it stands now, and nothing of it was overwritten."""

    def __init__(self, grid: TypedGrid) -> None:
        super().__init__("stale", "This table was changed elsewhere meanwhile: open it again. Nothing was overwritten.")
        self.grid = grid


def open_grid(settings: Settings, book: Codebook, by: Principal, period: str) -> TypedGrid:
    """Return the table of a year as this person's office has left it.

    Raises:
        MoveNotAllowed: not this person, no year, or one that is closed.
    """
    if not (by.country and by.may(Right.SUBMIT)):
        raise MoveNotAllowed("right", "Only contributors of a country can send figures.")
    chosen = choice.list_chosen(settings, book, by)
    known = history(settings, book, by.country) if chosen else None
    with reading(open_engine(settings)) as connection:
        open_period(connection, by.country, "figures", period, by.office_number)
        draft = store.find_draft(connection, (by.country, by.office_number, period))
        made = submissions.get(connection, draft.submission) if draft and draft.submission else None
    sent = made.id if made is not None and made.state in SENT else None
    cells = draft.cells if draft and sent is None else {}
    rows = []
    for id_, usual in groupby(lines(book, known, chosen) if known is not None else (), key=lambda one: one.metric.id):
        here = list(usual)
        there = {row.category for row in here}
        rows += here
        rows += [TemplateRow(here[0].metric, one) for one in GROUPS if one not in there and f"{id_}:{one}" in cells]
    days = timedelta(days=settings.submissions.draft_days)
    ends = draft.saved_at + days if draft and sent is None else None
    return TypedGrid(period, tuple(rows[:MOST_ROWS]), len(rows[MOST_ROWS:]), cells, draft, sent, ends)


def save(
    settings: Settings, book: Codebook, by: Principal, period: str, written: Cells, version: int, page: str = ""
) -> TypedGrid:
    """Keep what was written; blocks that were pasted into a cell are spread over the rows below it. Gives the table.

    A block without room below and beside its cell, and a text too long for it, stay in their cell as they were typed;
    ``list_unfit`` names them, and the table is not sent before they are mended.

    Args:
        settings: where things are.
        book: the codebook.
        by: who writes.
        period: the year.
        written: row → column → text, of cells that were written in; others stay as they are. A row without cells is a
            group to add.
        version: that the writer has seen.
        page: in which window it was written; what it has kept itself is no stranger's.

    Raises:
        MoveNotAllowed: not this person, or not this year.
        GridUnplaced: the table has no place for a part of it; everything else is kept.
        GridStale: another window has kept it since.
    """
    grid = open_grid(settings, book, by, period)
    _demand_current(grid, version, page)
    cells, unplaced = _merge(grid, written)
    if cells != {key: dict(row) for key, row in grid.cells.items()}:
        grid = _keep(settings, book, by, grid, cells, page)
    if unplaced:
        raise GridUnplaced(grid, unplaced)
    return grid


def undo(settings: Settings, book: Codebook, by: Principal, period: str, version: int, page: str = "") -> TypedGrid:
    """Put back what was written before it was kept last; once more brings it again.

    Raises:
        GridRefused: ``undo``: there is nothing to take back.
        GridStale: another window has kept it since.
    """
    grid = open_grid(settings, book, by, period)
    _demand_current(grid, version, page)
    if not grid.may_undo or grid.draft is None:
        raise GridRefused("undo", "There is nothing to take back.")
    return _keep(settings, book, by, grid, grid.draft.before, page)


def _keep(settings: Settings, book: Codebook, by: Principal, grid: TypedGrid, cells: Cells, page: str) -> TypedGrid:
    hands = dict(grid.draft.hands) if grid.draft and grid.sent is None else {}
    values = {
        "mark": grid.draft.mark if grid.draft and grid.sent is None else secrets.token_hex(8),
        "cells": cells, "before": grid.cells, "hands": hands | {str(by.id): by.office}, "account": by.id,
        "page": page[:40], "saved_at": datetime.now(UTC),
        "submission": grid.draft.submission if grid.draft and grid.sent is None else None,
    }  # fmt: skip
    with writing(open_engine(settings)) as connection:
        open_period(connection, by.country, "figures", grid.period, by.office_number)
        kept = store.keep_draft(connection, (by.country, by.office_number, grid.period), grid.version, values)
    after = open_grid(settings, book, by, grid.period)
    if kept:
        return after
    if page and after.draft is not None and after.draft.page == page:  # what it said before came in a moment later
        return _keep(settings, book, by, after, cells, page)
    raise GridStale(after)


def _demand_current(grid: TypedGrid, version: int, page: str) -> None:
    own = grid.draft is not None and page and (grid.draft.page, grid.sent) == (page, None)
    if version != grid.version and not own:
        raise GridStale(grid)


def _merge(grid: TypedGrid, written: Cells) -> tuple[dict[str, dict[str, str]], list[RefusedCell]]:
    """Return the cells of a table once these are written in, and what the table has no place for."""
    rows = [row.key for row in grid.rows]
    metrics = {row.metric.id for row in grid.rows}
    cells = {key: dict(row) for key, row in grid.cells.items()}
    blocks = [  # there may be room by now for one that had none
        (key, name, text)
        for key in rows for name, text in cells.get(key, {}).items()
        if name not in written.get(key, {}) and is_block(text, words=name == "note")
    ]  # fmt: skip
    unplaced = []
    for key, row in written.items():
        indicator, _, category = key.partition(":")
        if indicator not in metrics and row and not any(row.values()):
            continue  # of a form that was opened before the office chose others
        refusal = None
        if indicator not in metrics or category not in ("", *GROUPS) or (":" in key and not category):
            refusal = GridRefused("row", f"Your office sends no indicator “{key[:80]}”.", row=key[:80])
        elif key not in rows and len(rows) >= MOST_ROWS:
            refusal = GridRefused("rows", f"The table has {MOST_ROWS} rows already.", most=str(MOST_ROWS))
        if refusal is not None:
            unplaced += [RefusedCell(key, column, refusal) for column in row or ("",)]
            continue
        if key not in rows:
            rows.append(key)
        here = cells.setdefault(key, {})
        for column, text in row.items():
            if is_block(text, words=column == "note"):
                blocks.append((key, column, text))
            else:
                here[column] = _normalize(column, _of_one(text))
    for key, column, text in blocks:
        top, left = rows.index(key), COLUMNS.index(column)
        block = [] if _find_misfit(rows, key, column, text) else read_block(text)
        cells[key][column] = text
        for at, line in enumerate(block):
            for place, words in enumerate(line):
                name = COLUMNS[left + place]
                cells.setdefault(rows[top + at], {})[name] = _normalize(name, words)
    unfit = _list_unfit(rows, cells)
    if sum(len(cells[cell.key][cell.column]) for cell in unfit) > MAX_UNFIT_LETTERS:
        for cell in unfit:
            before = grid.cells.get(cell.key, {}).get(cell.column, "")
            if cells[cell.key][cell.column] != before:
                cells[cell.key][cell.column] = before
                unplaced.append(cell)
    usual = {row.key for row in grid.rows if not row.category or row.last_period}
    filled = {key: {column: text for column, text in row.items() if text} for key, row in cells.items()}
    return {key: row for key, row in filled.items() if row or key not in usual}, unplaced


def list_unfit(grid: TypedGrid) -> list[RefusedCell]:
    """Return the cells that are kept as typed although they hold too much: a block without room, too many letters."""
    return _list_unfit([row.key for row in grid.rows], grid.cells)


def _list_unfit(rows: list[str], cells: Cells) -> list[RefusedCell]:
    found = (
        (key, name, _find_misfit(rows, key, name, text)) for key in rows for name, text in cells.get(key, {}).items()
    )
    return [RefusedCell(key, name, refusal) for key, name, refusal in found if refusal]


def _find_misfit(rows: list[str], key: str, column: str, text: str) -> GridRefused | None:
    """Return why a text does not fit into its cell, or the cells below and beside it where it is a block."""
    if not is_block(text, words=column == "note"):
        most = LONGEST.get(column, LONGEST_CELL)
        too_long = GridRefused("cell", f"A cell has {len(text):,} letters; at most {most} are taken.", most=str(most))
        return too_long if len(text) > most else None
    try:
        block = read_block(text)
    except GridRefused as refusal:
        return refusal
    wide, room, width = (
        max(len(line) for line in block),
        len(rows) - rows.index(key),
        len(COLUMNS) - COLUMNS.index(column),
    )
    if len(block) <= room and wide <= width:
        return None
    return GridRefused(
        "block_size",
        f"The pasted block has {len(block)} rows and {wide} columns; from its cell on there are {room} and {width}.",
        rows=str(len(block)), columns=str(wide), room=str(room), width=str(width),
    )  # fmt: skip


def _of_one(text: str) -> str:
    """What a single cell holds; of one that was pasted with line breaks a spreadsheet has put quotes around it."""
    rows = read_block(text) if text.startswith('"') and "\n" in text else [[]]
    return rows[0][0] if [len(row) for row in rows] == [1] else clean(text)


def _normalize(column: str, text: str) -> str:
    """Return the code of a reason that is named in words; any other text as it is."""
    return (read_reason(text) or text) if column == "reason" else text
