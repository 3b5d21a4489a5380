"""What is filled in as a file of figures: rules look at it as at any other, and it goes the way of every file."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard.accounts.model import Principal
from dashboard.contributions.submissions import inbox, intake, workflow
from dashboard.contributions.submissions import store as submissions
from dashboard.contributions.submissions.grid import store
from dashboard.contributions.submissions.grid.draft import COLUMNS, GridStale, TypedGrid, list_unfit, open_grid
from dashboard.contributions.submissions.kinds.registry import kind_of
from dashboard.contributions.submissions.model import (
    FIGURE_REASONS,
    NOT_SUBMITTED,
    Finding,
    MoveNotAllowed,
    ReadingBusy,
    Submission,
)
from dashboard.contributions.submissions.workbooks.template import TemplateRow
from dashboard.evidence.codebook.model import Codebook, choose_text
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.locales import t
from dashboard.settings import Settings

GIVEN = ("indicator", "name", "breakdown", "period")
"""Columns of the file that are not written by hand."""


@dataclass(frozen=True, slots=True)
class CellFinding:
    """A finding at a cell of the table; a column of "" is the row's."""

    key: str
    column: str
    finding: Finding


def write_file(grid: TypedGrid, lang: str) -> bytes:
    """Return the rows that are filled in as CSV, with the heads of the template in a language.

    A cell that holds more than it can is left empty.
    """
    unfit = {(cell.key, cell.column) for cell in list_unfit(grid)}
    held = io.StringIO()
    held.write("sep=;\r\n")  # what is in the cells leaves no doubt of it
    writer = csv.writer(held, delimiter=";", lineterminator="\r\n")
    writer.writerow(t(f"submissions.column.{name}", lang) for name in (*GIVEN, *COLUMNS))
    for row in grid.filled:
        group = t(f"submissions.breakdown.{row.category.lower() or 'total'}", lang)
        given = [row.metric.id, choose_text(row.metric.name, lang), group, grid.period]
        cells = {name: text for name, text in grid.cells[row.key].items() if (row.key, name) not in unfit}
        if cells.get("reason") in FIGURE_REASONS:
            cells["reason"] = t(f"submissions.reason.{cells['reason']}", lang)
        writer.writerow([*given, *(cells.get(name, "") for name in COLUMNS)])
    return held.getvalue().encode("utf-8-sig")


def find_faults(settings: Settings, book: Codebook, by: Principal, grid: TypedGrid) -> list[CellFinding]:
    """Return what the rules of files say of the cells that are filled in, errors first."""
    rows = grid.filled
    if not rows:
        return []
    draft = Submission(
        0, by.country, "figures", grid.period, "draft", "en", _filename(grid), "", 0, by.id, by.office,
        datetime.now(UTC), office_number=by.office_number,
    )  # fmt: skip
    with TemporaryDirectory(prefix="grid-", dir=inbox.unfinished(settings)) as folder:
        path = Path(folder) / "grid.csv"
        path.write_bytes(write_file(grid, "en"))
        read, found = intake.find_all(settings, book, draft, path)
    columns = next(iter(read.columns.values()), {})
    names = {letter: name for name, letter in columns.items()}
    return [_placed(one, rows, names) for one in found if 2 <= one.row < len(rows) + 2]


def send(
    settings: Settings, book: Codebook, by: Principal, period: str, version: int, lang: str, address: str = "",
    said: Mapping[str, str] | None = None,
) -> Submission:  # fmt: skip
    """Make a submission of what is filled in, which adds and corrects, and check it; gives it.

    ``said`` is how the figures were made, as ``intake.stated`` gives it: for a table that nothing was said of before.

    Sent again as it stands it is the same submission; what was made of the table before and is not submitted is
    withdrawn for it.

    Raises:
        GridStale: the table is another by now.
        GridRefused: a cell holds more than it can.
        MoveNotAllowed: nothing is filled in, not this person, or not this year.
        Full: there is no room for another file.
    """
    grid = open_grid(settings, book, by, period)
    draft = grid.draft
    if not grid.filled or draft is None:
        raise MoveNotAllowed("grid_empty", "Nothing is filled in yet.")
    if version != grid.version:
        raise GridStale(grid)
    if unfit := list_unfit(grid):
        raise unfit[0].refusal
    before = workflow.see(settings, by, draft.submission) if draft.submission else None
    body = write_file(grid, lang)
    key = f"grid {draft.mark} {draft.version} {before.id if before and before.state == 'withdrawn' else 0}"
    intake.may_send(settings, by, "figures", period, key)
    part = inbox.begin(settings)
    part.write(body)
    others = {int(account): office for account, office in draft.hands.items() if int(account) != by.id}
    made = intake.receive(
        settings, by, part.finish(), filename=_filename(grid), period=period, lang=lang, intent="corrects", key=key,
        address=address, hands=others, stated=said or {},
    )  # fmt: skip
    with writing(open_engine(settings)) as connection:
        store.set_submission(connection, (by.country, by.office_number, period), draft.mark, made.id)
    if before is not None and before.id != made.id and before.state in ("draft", "checked"):
        workflow.make(settings, by, before.id, "withdraw", address=address)
    if made.state not in NOT_SUBMITTED:
        return made
    try:
        if said and dict(made.stated) != dict(said):  # the same table, of which more is said now
            return intake.set_method(settings, book, by, made.id, said, address)
        return intake.check(settings, book, by, made.id)
    except ReadingBusy:  # it is kept: its page offers to check it
        return made


def submit_faultless(settings: Settings, by: Principal, submission: Submission, address: str = "") -> Submission:
    """Submit what was just checked, where nothing was found that a person has to look at; gives it as it stands."""
    if submission.state != "checked" or submission.counts.get("error") or submission.counts.get("warning"):
        return submission
    try:
        return workflow.make(settings, by, submission.id, "submit", address=address)
    except MoveNotAllowed:  # it takes figures back, another one is being decided on: its page says so
        return submission


def is_said_before(settings: Settings, by: Principal) -> bool:
    """Whether an office has said of any year how its figures were made: that is proposed where it sends others."""
    with reading(open_engine(settings)) as connection:
        sent = submissions.listing(connection, country=by.country, dataset="figures", office=by.office_number)
    return any(one.method for one in sent)


def is_of_grid(settings: Settings, submission: Submission) -> bool:
    """Return True if a submission that is not submitted was made of the table of its year as it stands."""
    if not kind_of(submission).is_typed or submission.state not in NOT_SUBMITTED:
        return False
    key = submission.country, submission.office_number, submission.period
    with reading(open_engine(settings)) as connection:
        draft = store.find_draft(connection, key)
    return draft is not None and draft.submission == submission.id


def _placed(finding: Finding, rows: list[TemplateRow], names: Mapping[str, str]) -> CellFinding:
    name = names.get(finding.column, "")
    column = name if name in COLUMNS else ""
    return CellFinding(rows[finding.row - 2].key, column, replace(finding, sheet="", row=0, column=""))


def _filename(grid: TypedGrid) -> str:
    return f"grid-{grid.period}.csv"
