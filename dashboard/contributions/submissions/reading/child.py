"""What runs in a sandbox: one file in, rows and findings out; nothing else of it reaches the server.

The rows go to the Parquet file that the job names (see ``process.read_file``).
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

from dashboard.contributions.submissions.model import UploadRefused

Job = Mapping[str, Any]


def refusing(read: Callable[[Job], dict[str, Any]]) -> Callable[[Job], dict[str, Any]]:
    """``read``, with what it refuses as a plain answer: what a sandbox gives back."""

    @wraps(read)
    def answer(job: Job) -> dict[str, Any]:
        try:
            return read(job)
        except UploadRefused as error:
            return {"refused": error.code, "message": str(error)}

    return answer


@refusing
def read(job: Job) -> dict[str, Any]:
    """Return rows, findings, method and heads of a file."""
    import polars as pl

    from dashboard.contributions.submissions.methods.resolving import resolve
    from dashboard.contributions.submissions.reading.extract import extract
    from dashboard.contributions.submissions.rules import check
    from dashboard.contributions.submissions.rules.ground import Ground
    from dashboard.evidence.codebook import load_codebook

    book = load_codebook()
    history = pl.read_parquet(job["history"]) if job["history"] else None
    extracted = extract(Path(job["path"]), job["name"], job["mapping"], book)
    method, methods = resolve(extracted.method, extracted.methods, job["stated"])
    ground = Ground(
        figures=extracted.figures,
        columns=extracted.columns,
        book=book,
        country=job["country"],
        period=job["period"],
        today=date.fromisoformat(job["today"]),
        history=history if history is not None else pl.DataFrame(schema=HISTORY),
        method=method,
        methods=methods,
        stamp=extracted.stamp,
        closed=frozenset(job["closed"]),
        evidence=extracted.evidence,
        unread=extracted.unread,
    )
    findings = check(ground, extracted.findings)
    extracted.figures.write_parquet(job["out"], compression="zstd")
    return {
        "findings": [finding.as_json() for finding in findings],
        "rows": extracted.figures.height,
        "method": method,
        "methods": methods,
        "stamp": dict(extracted.stamp),
        "unknown": dict(extracted.asked),
        "columns": {sheet: dict(columns) for sheet, columns in extracted.columns.items()},
    }


HISTORY = {"indicator": str, "period": str, "dimensions": str, "value": float, "unit": str, "source": str}
"""Columns of what is published of a country, as rules look at it."""
