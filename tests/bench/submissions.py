"""Files of ministries: findings of 5,000 and of 200,000 rows, and the memory the reading process takes."""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import psutil
import xlsxwriter

from dashboard.contributions.submissions.reading.child import HISTORY
from dashboard.contributions.submissions.reading.process import read_file
from tests.bench.measure import Figure

PROMISES = {5_000: 3.0, 200_000: 20.0}
"""Rows → seconds for all findings."""

MEMORY = 500.0


def figures() -> Iterator[Figure]:
    """Seconds per file, and the largest reading process."""
    seen: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        for rows, promise in PROMISES.items():
            path = Path(folder) / f"{rows}.xlsx"
            workbook(path, rows)
            began = time.perf_counter()
            now = datetime.now(UTC).date()
            with watched(seen):
                read = read_file(
                    path,
                    path.name,
                    country="AZE",
                    period=str(now.year - 1),
                    today=now,
                    history=pl.DataFrame(schema=HISTORY),
                )
            assert read.rows == rows
            yield Figure(f"findings of a workbook of {rows:,} rows", time.perf_counter() - began, "s", promise)
    yield Figure("memory of the largest process that read one", max(seen) / 2**20, "MiB", MEMORY)


@contextmanager
def watched(seen: list[int]) -> Iterator[None]:
    """Look at the memory of whatever is started from here, every 20 milliseconds until the block ends."""
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.02):
            for one in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    seen.append(one.memory_info().rss)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join()


def workbook(path: Path, rows: int) -> None:
    """A workbook of so many rows of figures, as a ministry may send it."""
    year = datetime.now(UTC).year - 1
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    page = book.add_worksheet("Indicators")
    page.write_row(
        0,
        0,
        ("indicator", "breakdown", "period", "value", "numerator", "denominator", "sample", "unit", "reason", "note"),
    )
    for row in range(1, rows + 1):
        page.write_row(
            row,
            0,
            (
                "completion_rate",
                "sex=FEMALE",
                year - row % 30,
                row % 1000 / 10,
                row % 500,
                500,
                500,
                "percent",
                "",
                f"note {row % 50}",
            ),
        )
    book.close()
