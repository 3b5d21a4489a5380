"""SDMX-CSV: 2.0 and 2.1 of SDMX 3.x, 1.0 of SDMX 2.1.

Formula-like texts are not marked: a statistician's tool would read the mark as part of the text.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from dashboard.analysis.sdmx.model import CHUNK_PIECES, DataMessage, DataPart


def write_csv(message: DataMessage, parts: Iterable[DataPart], *, old: bool = False) -> Iterator[bytes]:
    """Yield a message in SDMX-CSV 2.x, or in 1.0 if ``old``: a header, then a row for each observation.

    Dated data sets add the columns ``VALID_FROM`` and ``VALID_TO``, and ``ACTION`` in 1.0.
    """
    flow = str(message.flow.name)
    before = ["DATAFLOW"] if old else ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    after = ["VALID_FROM", "VALID_TO"] if message.dated else []
    if message.dated and old:
        after = ["ACTION", *after]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*before, *message.columns, *after])
    rows = 0
    for part in parts:
        left = (flow,) if old else ("dataflow", flow, part.action)
        right: tuple[str, ...] = (part.valid_from, part.valid_to) if message.dated else ()
        if message.dated and old:
            right = (part.action, *right)
        for row in part.rows:
            writer.writerow((*left, *row, *right))
            rows += 1
            if rows % CHUNK_PIECES == 0:
                yield _take(buffer)
    yield _take(buffer)


def _take(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
