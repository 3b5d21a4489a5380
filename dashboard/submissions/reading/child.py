"""What runs in the reading process: one file in, rows and findings out; nothing else of it reaches the server.

``python -m dashboard.submissions.reading.child``: a job as JSON at standard input (see ``process.Job``), an answer as
JSON at standard output; the rows go to the Parquet file that the job names.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

NO_MEMORY = 3
POLITE = 10
"""How far behind the server's its turn at the processor is (``nice``)."""


def main() -> int:
    """Set the limits, then read."""
    return served(_read)


def served(read: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    """Set the limits of the job at standard input and write what ``read`` makes of it; gives the exit code."""
    job: dict[str, Any] = json.load(sys.stdin)
    limit(job["memory"], job["seconds"])
    from dashboard.submissions.model import UploadRefused

    try:
        answer = read(job)
    except UploadRefused as error:
        answer = {"refused": error.code, "message": str(error)}
    except MemoryError:
        return NO_MEMORY
    json.dump(answer, sys.stdout, ensure_ascii=False)
    return 0


def limit(memory: int, seconds: int) -> None:
    """Bound what this process may take, and let readers go first."""
    with suppress(AttributeError, OSError):
        os.nice(POLITE)
    with suppress(ImportError):  # a system without such limits keeps that of the time
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))


def _read(job: Mapping[str, Any]) -> dict[str, Any]:
    import polars as pl

    from dashboard.codebook import codebook
    from dashboard.submissions.reading.extract import extract
    from dashboard.submissions.rules import check
    from dashboard.submissions.rules.ground import Ground

    book = codebook()
    history = pl.read_parquet(job["history"]) if job["history"] else None
    extracted = extract(Path(job["path"]), job["name"], job["mapping"], book)
    method = {**extracted.method, **job["stated"]}
    ground = Ground(
        figures=extracted.figures,
        columns=extracted.columns,
        book=book,
        country=job["country"],
        period=job["period"],
        today=date.fromisoformat(job["today"]),
        history=history if history is not None else pl.DataFrame(schema=HISTORY),
        method=method,
        stamp=extracted.stamp,
        closed=frozenset(job["closed"]),
    )
    findings = check(ground, extracted.findings)
    extracted.figures.write_parquet(job["out"], compression="zstd")
    return {
        "findings": [finding.as_json() for finding in findings],
        "rows": extracted.figures.height,
        "method": method,
        "stamp": dict(extracted.stamp),
        "unknown": dict(extracted.unknown),
        "columns": {sheet: dict(columns) for sheet, columns in extracted.columns.items()},
    }


HISTORY = {"indicator": str, "period": str, "dimensions": str, "value": float, "unit": str, "source": str}
"""Columns of what is published of a country, as rules look at it."""


if __name__ == "__main__":
    sys.exit(main())
