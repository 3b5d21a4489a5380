"""Activities as a submission: read in a process with limits; in force while their submission is the published one."""

import json
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from dashboard.contributions.submissions import inbox, store
from dashboard.contributions.submissions.model import ACTIVITIES, Removed, Submission
from dashboard.contributions.submissions.reading.process import FileReading, findings_of, run
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.register.sent import AgreementActivity
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.settings import Settings


def read_activities(settings: Settings, submission: Submission, who: str = "") -> FileReading:
    """Read and check the file of a submission.

    Raises:
        UploadRefused: the file cannot be read.
    """
    path = inbox.path_of(settings, submission.sha256)
    return read_file(path, submission.filename, period=submission.period, who=who)


def read_file(path: Path, name: str, *, period: str, who: str = "") -> FileReading:
    """Read and check a file in a process with limits.

    Args:
        path: the file as received.
        name: what its owner calls it.
        period: the year.
        who: the account that asks.

    Raises:
        UploadRefused: it cannot be read, or needs more than the limits give.
    """
    with tempfile.TemporaryDirectory(prefix="activities-") as folder:
        out = Path(folder) / "activities.parquet"
        job = {
            "path": str(path.resolve()), "name": name, "period": period, "out": str(out),
            "today": datetime.now(UTC).date().isoformat(), "countries": sorted(load_codebook().countries),
        }  # fmt: skip
        answer = run("dashboard.contributions.submissions.activities.child:read", job, who=who)
        return FileReading(findings_of(answer["findings"]), out.read_bytes(), answer["rows"])


def list_sent(settings: Settings, submission: Submission) -> list[AgreementActivity]:
    """The activities of a submission as they were read, the oldest first."""
    with reading(open_engine(settings)) as connection:
        return held(store.figures_of(connection, submission.id))


def list_published(settings: Settings) -> list[AgreementActivity]:
    """Every activity that is in force, the newest first."""
    with reading(open_engine(settings)) as connection:
        return _published_on(connection)


def removed_on(connection: store.Connection, submission: Submission, sent: pl.DataFrame) -> list[Removed]:
    """Activities in force of the year that the file has no more."""
    there = {one.key for one in held(sent)}
    gone = [
        one
        for one in _published_on(connection, submission.country, submission.period, submission.office_number)
        if one.key not in there and one.submission != submission.id
    ]
    return sorted(Removed(ACTIVITIES, submission.period, f"{one.date} · {one.title}", 1) for one in gone)


def _published_on(
    connection: store.Connection, country: str = "", period: str = "", office: int = 0
) -> list[AgreementActivity]:  # fmt: skip
    rows = store.listing(
        connection, country=country, dataset=ACTIVITIES, period=period, states=("published",), office=office
    )
    found = [
        replace(one, sent_by=row.country, submission=row.id)
        for row in rows
        for one in held(store.figures_of(connection, row.id))
    ]
    return sorted(found, key=lambda one: one.key, reverse=True)


def held(frame: pl.DataFrame | None) -> list[AgreementActivity]:
    """The activities of a frame as it is kept, the oldest first."""
    if frame is None or "activity" not in frame.columns:
        return []
    return sorted((AgreementActivity.of(json.loads(text)) for text in frame["activity"]), key=lambda one: one.key)
