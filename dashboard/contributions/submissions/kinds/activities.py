"""Activities under the Contribution Agreement: sent by its parties, in force while their submission is published."""

import json
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from dashboard.accounts.model import ORGANISATIONS
from dashboard.contributions.submissions import inbox, store
from dashboard.contributions.submissions.kinds.base import Kind, ReadingContext
from dashboard.contributions.submissions.model import ACTIVITIES, Removed, Submission
from dashboard.contributions.submissions.reading.process import FileReading, findings_of, run
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.codebook.register.sent import AgreementActivity
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.settings import Settings

PARTY = "AZE"
"""The country that is party to the agreement; the other party is an organisation."""


class ActivitiesKind(Kind):
    """Activities of a year; a later submission of the year supersedes them."""

    dataset = ACTIVITIES
    intents = ("replaces",)
    sheet = "activities"
    writes_vintage = False

    def may_send(self, country: str) -> bool:
        """Return True for the parties of the agreement."""
        return country == PARTY or country in ORGANISATIONS

    def offer_periods(self, today: date) -> list[str]:
        """Return the periods that its page offers: this year, too."""
        return [str(today.year), *super().offer_periods(today)]

    def read(self, submission: Submission, context: ReadingContext) -> FileReading:
        """Read and check the file of a submission."""
        path = inbox.path_of(context.settings, submission.sha256)
        return read_file(path, submission.filename, period=submission.period, who=context.who)

    def removed_on(
        self, connection: store.Connection, book: Codebook, submission: Submission, sent: pl.DataFrame
    ) -> list[Removed]:
        """Return activities in force of the year that the file has no more."""
        there = {activity.key for activity in unpack(sent)}
        gone = [
            activity
            for activity in _published_on(connection, submission.country, submission.period, submission.office_number)
            if activity.key not in there and activity.submission != submission.id
        ]
        return sorted(Removed(ACTIVITIES, submission.period, f"{it.date} · {it.title}", 1) for it in gone)

    def closes_period(self, submission: Submission, now: datetime) -> bool:
        """Return True for a year that is over: one that goes on brings more of them."""
        return submission.period < f"{now:%Y}"


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
        answer = run("dashboard.contributions.submissions.reading.activities:read", job, who=who)
        return FileReading(findings_of(answer["findings"]), out.read_bytes(), answer["rows"])


def list_sent(settings: Settings, submission: Submission) -> list[AgreementActivity]:
    """Return the activities of a submission, oldest first."""
    with reading(open_engine(settings)) as connection:
        return unpack(store.figures_of(connection, submission.id))


def list_published(settings: Settings) -> list[AgreementActivity]:
    """Return every activity in force, newest first."""
    with reading(open_engine(settings)) as connection:
        return _published_on(connection)


def _published_on(
    connection: store.Connection, country: str = "", period: str = "", office: int = 0
) -> list[AgreementActivity]:  # fmt: skip
    rows = store.listing(
        connection, country=country, dataset=ACTIVITIES, period=period, states=("published",), office=office
    )
    found = [
        replace(activity, sent_by=row.country, submission=row.id)
        for row in rows
        for activity in unpack(store.figures_of(connection, row.id))
    ]
    return sorted(found, key=lambda activity: activity.key, reverse=True)


def unpack(frame: pl.DataFrame | None) -> list[AgreementActivity]:
    """Return the activities of a stored frame, oldest first."""
    if frame is None or "activity" not in frame.columns:
        return []
    activities = (AgreementActivity.of(json.loads(text)) for text in frame["activity"])
    return sorted(activities, key=lambda activity: activity.key)
