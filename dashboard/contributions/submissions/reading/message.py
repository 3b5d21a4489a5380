"""SDMX-ML data messages as sheets: the ids of the components in the first row, an observation in each row below it."""

import polars as pl

from dashboard.contributions.submissions.model import MAX_ROWS, Finding, UploadRefused
from dashboard.contributions.submissions.reading.sheet import UploadSheet
from data_sources.errors import SourceError
from data_sources.sdmx.markup import read_data

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def is_message(begins: bytes) -> bool:
    """Return True if a file that begins so is XML: no table of a spreadsheet does."""
    for mark in _MARKS:
        begins = begins.removeprefix(mark)
    return begins.replace(b"\0", b"").lstrip().startswith(b"<")


def nothing_withdrawn(observations: int) -> None:
    """A message that takes figures back is no submission: a correction is sent with the figures.

    Raises:
        UploadRefused: it withdraws at least one observation.
    """
    if observations:
        what = "an observation" if observations == 1 else f"{observations:,} observations"
        raise UploadRefused("withdraws", f"The message withdraws {what}. Send a correction with the figures.")


def read_message(name: str, body: bytes) -> tuple[UploadSheet, list[Finding]]:
    """Return the observations of a message, generic or structure-specific, and how its rows are counted.

    Raises:
        UploadRefused: it is no data message, is broken off, withdraws figures, or has too many observations.
    """
    try:
        message = read_data(name, body)
    except SourceError as error:
        if error.code == "sent_and_withdrawn":
            nothing_withdrawn(1)
        what = "The file is a web page: save the figures as a workbook (XLSX) or CSV."
        raise UploadRefused(error.code, what if error.code == "html_instead_of_data" else f"{error}.") from error
    nothing_withdrawn(message.deleted)
    if len(message.records) > MAX_ROWS:
        raise UploadRefused("too_many_rows", f"The message has more than {MAX_ROWS:,} observations. Send it in parts.")
    columns = {
        f"c{at}": [id_, *(record.cells.get(id_, "") for record in message.records)]
        for at, id_ in enumerate(message.columns)
    }
    notes = [Finding("message", "suggestion", read="SDMX-ML", values={"count": f"{len(message.records)}"})]
    return UploadSheet(name, pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))), notes
