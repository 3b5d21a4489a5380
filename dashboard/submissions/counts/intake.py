"""Monthly counts as a submission: read in a process with limits, seen beside the month before, kept when published."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from dashboard.database.engine import open_engine, reading
from dashboard.delivery import store as delivery
from dashboard.delivery.metrics import shifted
from dashboard.delivery.model import BINS, COUNTS, Centre, CentreReport, at
from dashboard.settings import Settings
from dashboard.submissions import inbox, store
from dashboard.submissions.model import Finding, MoveNotAllowed, Removed, Submission
from dashboard.submissions.reading.process import FileReading, findings_of, run


@dataclass(frozen=True, slots=True)
class Total:
    """One count of all a country's centres: the month before, the month with what is sent, the change in per cent."""

    name: str
    before: int | None
    after: int
    percent: float | None


@dataclass(frozen=True, slots=True)
class CentreChange:
    """A centre as it is sent, and as it stands on the day from which that holds; None for a new one."""

    before: Centre | None
    after: Centre


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing counts would change: reports new, revised and as they were; centres; and their sums."""

    new: int
    revised: int
    unchanged: int
    centres: tuple[CentreChange, ...]
    totals: tuple[Total, ...]


def read_counts(settings: Settings, submission: Submission, who: str = "") -> FileReading:
    """Read and check the file of a submission.

    Raises:
        UploadRefused: the file cannot be read.
    """
    record, month = open_engine(settings), _month(submission)
    mine = [row for rows in delivery.centres(record, submission.country).values() for row in rows]
    others = [code for code, country in delivery.country_of(record).items() if country != submission.country]
    return read_file(
        inbox.path_of(settings, submission.sha256),
        submission.filename,
        country=submission.country,
        period=submission.period,
        centres=mine,
        others=others,
        earlier=_of_month(settings, submission.country, month),
        who=who,
    )


def read_file(
    path: Path,
    name: str,
    *,
    country: str,
    period: str,
    centres: Sequence[Centre] = (),
    others: Sequence[str] = (),
    earlier: Sequence[CentreReport] = (),
    who: str = "",
) -> FileReading:
    """Read and check a file in a process with limits.

    Args:
        path: the file as received.
        name: what its owner calls it.
        country: ISO3 of who sends it.
        period: the month, ``2026-10``.
        centres: the dated rows of the country's centres that are known.
        others: codes of other countries' centres.
        earlier: reports of the month that are in force.
        who: the account that asks.

    Raises:
        UploadRefused: it cannot be read, or needs more than the limits give.
    """
    with tempfile.TemporaryDirectory(prefix="counts-") as folder:
        out = Path(folder) / "counts.parquet"
        job = {
            "path": str(path.resolve()), "name": name, "country": country, "period": period,
            "today": datetime.now(UTC).date().isoformat(), "centres": [one.as_json() for one in centres],
            "others": list(others), "earlier": [one.as_json() for one in earlier], "out": str(out),
        }  # fmt: skip
        answer = run("dashboard.submissions.counts.child:read", job, who=who)
        return FileReading(findings_of(answer["findings"]), out.read_bytes(), answer["rows"])


def preview(settings: Settings, submission: Submission) -> Preview:
    """What publishing a submission would change, as approver and reviewer see it."""
    with reading(open_engine(settings)) as connection:
        centres, sent = _held(store.figures_of(connection, submission.id))
    month = _month(submission)
    now = {one.key: one for one in _of_month(settings, submission.country, month)}
    before = _sums(_of_month(settings, submission.country, shifted(month, -1)))
    new = sum(one.key not in now for one in sent)
    revised = sum(one.key in now and now[one.key] != one for one in sent)
    totals = tuple(
        Total(name, past := before.get(name), value, 100 * (value - past) / past if past else None)
        for name, value in _sums([*(now | {one.key: one for one in sent}).values()]).items()
    )
    held = delivery.centres(open_engine(settings), submission.country)
    changed = [CentreChange(at(held.get(one.code, []), one.since), one) for one in centres]
    changed = [one for one in changed if one.before != one.after]
    return Preview(new, revised, len(sent) - new - revised, tuple(changed), totals)


def removed_on(connection: store.Connection, submission: Submission, sent: pl.DataFrame) -> list[Removed]:
    """The counts in force that a report which is sent again has no more; a report that is not sent again stays."""
    _, reports = _held(sent)
    month = _month(submission)
    now = {one.key: one for one in delivery.reports_on(connection, submission.country, since=month)}
    gone = []
    for after in reports:
        before = now.get(after.key)
        if before is None or before == after:
            continue
        group = " · ".join((after.centre, after.service, after.channel))
        left = _counted(after)
        missing = {name: value for name, value in _counted(before).items() if name not in left}
        gone += [Removed(name, submission.period, group, value) for name, value in missing.items()]
    return sorted(gone)


def _counted(report: CentreReport) -> dict[str, float]:
    """Everything a report counts, by column: of a histogram its bins, and the cost."""
    held: dict[str, float] = dict(report.counts)
    for name, histogram in report.histograms.items():
        held |= {f"{name}_{edge}": count for edge, count in zip(BINS[name], histogram.counts, strict=True)}
    return held | ({"cost": report.cost} if report.cost is not None else {})


def find_of_others(connection: store.Connection, submission: Submission, sent: pl.DataFrame) -> list[Finding]:
    """Errors for reports of the month that another office of the country has published: a report is one office's."""
    published = [
        one
        for one in store.listing(
            connection, country=submission.country, dataset="counts", period=submission.period,
            states=("published", "superseded"),
        )
        if one.office_number != submission.office_number
    ]  # fmt: skip
    held = {report.key: one for one in published for report in _held(store.figures_of(connection, one.id))[1]}
    return [
        Finding("count_of_office", "error", read=report.centre, values={
            "group": " · ".join((report.centre, report.service, report.channel)), "period": submission.period,
            "office": held[report.key].submitted_office,
        })
        for report in _held(sent)[1]
        if report.key in held
    ]  # fmt: skip


def require_own(connection: store.Connection, submission: Submission) -> None:
    """Make sure that no other office has published one of the reports since the file was checked.

    Raises:
        MoveNotAllowed: ``assigned_since``.
    """
    sent = store.figures_of(connection, submission.id)
    if sent is not None and (found := find_of_others(connection, submission, sent)):
        raise MoveNotAllowed(
            "assigned_since",
            f"{found[0].values['group']} is sent by another office now: {found[0].values['office']}. Return the file.",
        )


def keep_on(connection: store.Connection, submission: Submission, now: datetime) -> None:
    """Put the counts of a submission in force, within the transaction that publishes it.

    Raises:
        MoveNotAllowed: a centre's code has come to be that of another country meanwhile.
    """
    centres, reports = _held(store.figures_of(connection, submission.id))
    elsewhere = delivery.country_on(connection)
    if taken := [one.code for one in centres if elsewhere.get(one.code, submission.country) != submission.country]:
        raise MoveNotAllowed(
            "taken", f"The code {taken[0]} is that of another country's centre by now: choose another."
        )
    delivery.save_centres_on(connection, centres)
    delivery.save_reports_on(connection, submission.country, reports, now)


def _held(frame: pl.DataFrame | None) -> tuple[list[Centre], list[CentreReport]]:
    rows = frame.rows() if frame is not None and "json" in frame.columns else []
    plain = [(kind, json.loads(text)) for kind, text in rows]
    return (
        [Centre.of(one) for kind, one in plain if kind == "centre"],
        [CentreReport.of(one) for kind, one in plain if kind == "report"],
    )


def _of_month(settings: Settings, country: str, month: date) -> list[CentreReport]:
    return [one for one in delivery.reports(open_engine(settings), country, since=month) if one.month == month]


def _sums(reports: Sequence[CentreReport]) -> Mapping[str, int]:
    """Name of each count that any report has → its sum."""
    given = {name: [one.counts[name] for one in reports if name in one.counts] for name in COUNTS}
    return {name: sum(values) for name, values in given.items() if values}


def _month(submission: Submission) -> date:
    return date.fromisoformat(f"{submission.period}-01")
