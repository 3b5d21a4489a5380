"""Counts and centres from the rows of files: every fault with row and column, what is right is taken.

``read_centres(text)``, ``read_reports(text, centres, earlier, today)`` of CSV; ``centres_of(rows)``,
``reports_of(rows, …)`` of rows that were read elsewhere. The columns are those of ``model``.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dashboard.contributions.delivery.model import Centre, CentreReport, ColumnFault, DeliveryError, RowRefused, at
from dashboard.contributions.submissions.rules.counts import (
    AGAIN_CHECKS,
    CENTRE_CHECKS,
    REPORT_CHECKS,
    SentAgain,
    SentCentre,
    SentReport,
    faults_of,
)

MOST_ROWS = 200_000
OF_CENTRES = ("code", "country", "name", "since")
OF_REPORTS = ("centre", "service", "channel", "month")
"""Columns that must be there."""

KEPT = ("region", "opened", "closed", "latitude", "longitude", "services", "form")
"""Columns of centres of which what stands is kept where a file has them not."""

Rows = Iterable[tuple[int, Mapping[str, str]]]
"""Number of a row in its file, and its cells by column."""


class NotATable(DeliveryError):
    """The file is no table with the columns needed; the message names the first that is missing."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """A fault and the row of the file it is in; the head is row 1."""

    row: int
    fault: ColumnFault

    def __str__(self) -> str:
        return f"row {self.row}, {self.fault.column} ({self.fault.rule}): {self.fault.message}"


def checked_centre(cells: Mapping[str, str]) -> Centre:
    """Return a centre from the columns of a row.

    Raises:
        RowRefused: with every fault.
    """
    row = SentCentre(cells)
    if faults := faults_of(CENTRE_CHECKS, row):
        raise RowRefused(faults)
    since = row.day("since")
    assert since is not None
    return Centre(
        code=row.cell("code"),
        country=row.cell("country"),
        name=row.cell("name")[:120],
        since=since,
        region=row.cell("region")[:80],
        opened=row.day("opened"),
        closed=row.day("closed"),
        latitude=row.degrees("latitude"),
        longitude=row.degrees("longitude"),
        services=row.services,
        form=row.cell("form").lower() in ("yes", "true", "1"),
    )


def checked_report(
    cells: Mapping[str, str], centres: Mapping[str, Sequence[Centre]], today: date
) -> tuple[CentreReport, list[ColumnFault]]:
    """Return a report from the columns of a row, and what is told of it though it is taken.

    Args:
        cells: by column, see ``SentReport``.
        centres: the dated rows of each centre.
        today: the day of the one who asks.

    Raises:
        RowRefused: with every fault.
    """
    row = SentReport(cells, centres, today)
    faults = faults_of(REPORT_CHECKS, row)
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors or row.month is None:
        raise RowRefused(errors)
    report = CentreReport(
        row.cell("centre"), row.cell("service"), row.cell("channel"), row.month, row.counts, row.histograms, row.cost,
        row.cell("currency"), row.cell("measured_by")[:80],
    )  # fmt: skip
    return report, faults


def read_centres(text: str, known: Mapping[str, Sequence[Centre]] | None = None) -> tuple[list[Centre], list[RowFault]]:
    """Return centres of a file with the columns code, country, name, since and others of ``Centre``.

    Args:
        text: the file.
        known: the dated rows of each centre. Of a column that the file has not, what stands is kept; an empty cell
            says that there is nothing.

    Raises:
        NotATable: a column that must be there is not.
    """
    return centres_of(_rows(text, OF_CENTRES), known)


def centres_of(rows: Rows, known: Mapping[str, Sequence[Centre]] | None = None) -> tuple[list[Centre], list[RowFault]]:
    """Return the same of rows."""
    centres: list[Centre] = []
    faults: list[RowFault] = []
    for line, row in rows:
        try:
            one = checked_centre(row)
        except RowRefused as refused:
            faults += [RowFault(line, fault) for fault in refused.faults]
            continue
        if standing := at((known or {}).get(one.code, ()), one.since):
            one = replace(one, **{name: getattr(standing, name) for name in KEPT if name not in row})
        centres.append(one)
    return centres, faults


def read_reports(
    text: str,
    centres: Mapping[str, Sequence[Centre]],
    earlier: Mapping[tuple[str, str, str, date], CentreReport],
    today: date,
) -> tuple[list[CentreReport], list[RowFault]]:
    """Reports of a file; one that says the same centre, service, channel and month twice is refused the second time.

    Raises:
        NotATable: a column that must be there is not.
    """
    return reports_of(_rows(text, OF_REPORTS), centres, earlier, today)


def reports_of(
    rows: Rows,
    centres: Mapping[str, Sequence[Centre]],
    earlier: Mapping[tuple[str, str, str, date], CentreReport],
    today: date,
) -> tuple[list[CentreReport], list[RowFault]]:
    """Return the same of rows."""
    found: dict[tuple[str, str, str, date], CentreReport] = {}
    faults: list[RowFault] = []
    for line, row in rows:
        try:
            one, told = checked_report(row, centres, today)
        except RowRefused as refused:
            faults += [RowFault(line, fault) for fault in refused.faults]
            continue
        if one.key in found:
            message = "This centre, service, channel and month stands in an earlier row: leave one of them out."
            faults.append(RowFault(line, ColumnFault("month", "report.twice", message)))
            continue
        if one.key in earlier:
            told += faults_of(AGAIN_CHECKS, SentAgain(earlier[one.key], one))
        faults += [RowFault(line, fault) for fault in told]
        found[one.key] = one
    return list(found.values()), faults


def _rows(text: str, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        if missing:
            raise NotATable(f"The file has no column {missing[0]!r}. It needs {', '.join(needed)} in its first row.")
        doubled = sorted({name for name in reader.fieldnames or () if list(reader.fieldnames or ()).count(name) > 1})
        if doubled:
            raise NotATable(f"The column {doubled[0]!r} is there twice: leave one out.")
        for line, row in enumerate(reader, start=2):
            if line > MOST_ROWS + 1:
                raise NotATable(f"More than {MOST_ROWS:,} rows: send the file in parts.")
            beyond = row.pop(None, None)
            # an empty cell too: 12,5 before an empty last column leaves one, and the 5 under the next head
            if beyond is not None and any((*beyond, *row.values())):
                moved = f"Row {line} has more cells than the head: a comma has moved them. Nothing of the file is kept"
                raise NotATable(f"{moved}; put quotation marks around what holds the comma.")
            yield line, {name: value or "" for name, value in row.items() if isinstance(name, str)}
    except csv.Error as error:
        text = f"Row {reader.line_num} cannot be read as CSV ({error}): save the file as CSV in UTF-8."
        raise NotATable(text) from error
