"""Workbooks as sheets of cells, each looked through before a library opens it.

``read_workbook(path, name)``; ``xlsx`` and ``markup``: Excel's since 2007; ``xls``: before; ``ods``: OpenDocument's.
"""

from pathlib import Path

from dashboard.contributions.submissions.model import MAX_ROWS
from dashboard.contributions.submissions.reading.sheet import UploadSheet
from data_sources.workbook import WorkbookLimits

LIMITS = WorkbookLimits(cells=6_000_000, unpacked=512 * 2**20, text=256 * 2**20, rows=MAX_ROWS)
"""What a ministry's workbook may cost: 200,000 rows of thirty columns."""


def read_workbook(path: Path, name: str) -> list[UploadSheet]:
    """Return every sheet of a workbook of any of the three kinds, hidden ones too.

    Raises:
        UploadRefused: it is not let pass, or cannot be read.
    """
    from dashboard.contributions.submissions.reading.books import ods, xls, xlsx

    if xls.is_xls(path):
        return xls.read_xls(path, LIMITS)
    if ods.is_open_document(path):
        return ods.read_ods(path, LIMITS)
    return xlsx.read_xlsx(path, name, LIMITS)
