"""The first sheet of a file as rows of text, read in a sandbox; the file is in its memory alone.

For files whose words must not reach a disk as they are.
"""

import os
from pathlib import Path
from typing import Any

from dashboard.contributions.submissions.reading.child import Job, refusing

_ZIP = b"PK\x03\x04"


@refusing
def read(job: Job) -> dict[str, Any]:
    """Return the ``rows`` of ``body``, called ``name``: at most ``most`` below the head."""
    return {"rows": _rows(job["body"], job["name"], job["most"])}


def _rows(body: bytes, name: str, most: int) -> list[list[str]]:
    from dashboard.contributions.submissions.model import UploadRefused
    from dashboard.contributions.submissions.reading.text import read_text

    sheet = _first_sheet(body, name) if body.startswith(_ZIP) else read_text(name, body)[0]
    if sheet.texts.height > most + 1:
        raise UploadRefused("too_many_rows", f"The file has more than {most:,} rows. Send it in parts.")
    if moved := next(sheet.moved(1), None):
        place = f"Row {moved.row} has more cells than the head"
        raise UploadRefused(
            "cells_moved", f"{place}: a comma in it has moved them. Put quotation marks around its words."
        )
    return [list(row) for row in sheet.texts.iter_rows()]


def _first_sheet(body: bytes, name: str) -> Any:
    from dashboard.contributions.submissions.model import UploadRefused
    from dashboard.contributions.submissions.reading.books import read_workbook

    if not hasattr(os, "memfd_create"):
        raise UploadRefused(
            "not_text", "This server reads workbooks of opinions only on Linux. Save it as CSV in UTF-8."
        )
    held = os.memfd_create("opinions")  # a file in memory: readers of workbooks want a path
    with os.fdopen(held, "wb", closefd=False) as file:
        file.write(body)
    return read_workbook(Path(f"/proc/self/fd/{held}"), name)[0]
