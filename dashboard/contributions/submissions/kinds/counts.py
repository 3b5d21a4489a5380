"""Monthly counts of services: read in a process with limits, seen beside the month before, kept when published."""

import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.accounts.model import FIRST_OFFICE
from dashboard.contributions.delivery import pooling
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.delivery.metrics import YEAR, shifted
from dashboard.contributions.delivery.model import BINS, COUNTS, Centre, CentreReport, ServiceMerger, at
from dashboard.contributions.delivery.people.withholding import columns as people_columns
from dashboard.contributions.submissions import inbox, store
from dashboard.contributions.submissions.comparison import PublicationComparison
from dashboard.contributions.submissions.kinds.base import Kind, ReadingContext, parse_month
from dashboard.contributions.submissions.model import (
    MOST_PLACES,
    Finding,
    MoveNotAllowed,
    Removed,
    Submission,
    Withdrawal,
)
from dashboard.contributions.submissions.reading.process import FileReading, findings_of, run
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.locales import format_day
from dashboard.settings import Settings

OFFERED_MONTHS = 24
"""Months, up to the last whole one, that a page offers to send for."""


class CountsKind(Kind):
    """Counts of a month; each report of a centre, service and channel stands for itself."""

    dataset = "counts"
    intents = ("corrects",)
    sheet = "services"
    fixed_level = 2  # the service's own cases, whatever is said of them
    writes_vintage = False
    can_roll_back = False
    is_monthly = True

    def require_period(self, period: str) -> None:
        """Raise ``MoveNotAllowed`` unless counts can be sent for this month."""
        parse_month(period)

    def offer_periods(self, today: date) -> list[str]:
        """Return the months that its page offers, newest first."""
        return [f"{shifted(today, -back):%Y-%m}" for back in range(1, OFFERED_MONTHS + 1)]

    def format_period(self, period: str, lang: str) -> str:
        """Return the month in words."""
        try:
            return format_day(period, lang)
        except ValueError:  # a row of an earlier release that is no month: it is shown, for its owner to withdraw
            return period

    def read(self, submission: Submission, context: ReadingContext) -> FileReading:
        """Read and check the file of a submission."""
        country, period = submission.country, submission.period
        ground = load_ground(context.settings, country, period, submission.office_number)
        path = inbox.path_of(context.settings, submission.sha256)
        return read_file(path, submission.filename, country=country, period=period, ground=ground, who=context.who)

    def find_conflicts(self, submission: Submission, read: FileReading, context: ReadingContext) -> list[Finding]:
        """Return errors for reports of the month that another office of the country has published."""
        if not read.parquet:
            return []
        with reading(open_engine(context.settings)) as connection:
            sent = pl.read_parquet(io.BytesIO(read.parquet))
            return _find_reports_of_others(connection, submission, sent)[:MOST_PLACES]

    def removed_on(
        self, connection: store.Connection, book: Codebook, submission: Submission, sent: pl.DataFrame
    ) -> list[Removed]:
        """Return counts in force that a report sent again has no more; a report that is not sent again stays."""
        month = _month(submission)
        now = {report.key: report for report in delivery.reports_on(connection, submission.country, since=month)}
        gone = []
        for after in _unpack(sent).reports:
            before = now.get(after.key)
            if before is None or before == after:
                continue
            group = " · ".join((after.centre, after.service, after.channel))
            left = _list_counts(after)
            missing = {name: value for name, value in _list_counts(before).items() if name not in left}
            gone += [Removed(name, submission.period, group, value) for name, value in missing.items()]
        return sorted(gone)

    def withdrawals_on(self, connection: store.Connection, book: Codebook, submission: Submission) -> list[Withdrawal]:
        """Return the reports in force that a submission takes back, a line each, with their reasons.

        A line tells the first count of work that a report has: of people's answers and reports none, everybody reads
        it.
        """
        reasons = _unpack(store.figures_of(connection, submission.id)).withdrawn
        if not reasons:
            return []
        month = _month(submission)
        found = []
        for report in delivery.reports_on(connection, submission.country, since=month):
            if report.month == month and (reason := reasons.get(report.key[:3])):
                work = [name for name in COUNTS if name in report.counts and name not in people_columns()]
                name = next((name for name in ("completed", *work) if name in report.counts), "services")
                group = " · ".join(report.key[:3])
                figure = Removed(name, submission.period, group, report.counts.get(name, 0))
                found.append(Withdrawal(figure, reason))
        return sorted(found, key=lambda withdrawal: (withdrawal.figure.group, withdrawal.figure.indicator))

    def require_own(
        self, connection: store.Connection, submission: Submission, comparison: PublicationComparison | None
    ) -> None:
        """Raise ``MoveNotAllowed`` where another office has published one of the reports since the file was checked."""
        sent = store.figures_of(connection, submission.id)
        if sent is not None and (found := _find_reports_of_others(connection, submission, sent)):
            values = found[0].values
            raise MoveNotAllowed(
                "assigned_since",
                f"{values['group']} is sent by another office now: {values['office']}. Return the file.",
            )

    def put_in_force(self, connection: store.Connection, submission: Submission, now: datetime) -> None:
        """Put the counts in force.

        Raises:
            MoveNotAllowed: a centre's code has come to be that of another country meanwhile.
        """
        content, month = _unpack(store.figures_of(connection, submission.id)), _month(submission)
        owners = delivery.country_on(connection)
        codes = (centre.code for centre in content.centres)
        if taken := [code for code in codes if owners.get(code, submission.country) != submission.country]:
            raise MoveNotAllowed(
                "taken", f"The code {taken[0]} is that of another country's centre by now: choose another."
            )
        delivery.save_centres_on(connection, content.centres)
        delivery.save_reports_on(connection, submission.country, content.reports, now)
        gone = [(*place, month) for place in content.withdrawn]
        delivery.withdraw_reports_on(connection, submission.country, gone, now)
        delivery.save_mergers_on(connection, submission.country, month, content.mergers)

    def refresh(self, settings: Settings, submission: Submission) -> None:
        """Compute the sums of the country anew, so that no reader waits for them."""
        pooling.added(open_engine(settings), submission.country)


@dataclass(frozen=True, slots=True)
class CountTotal:
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
class CountsPreview:
    """What publishing counts would change: reports new, revised and as they were; centres; and their sums."""

    new: int
    revised: int
    unchanged: int
    centres: tuple[CentreChange, ...]
    totals: tuple[CountTotal, ...]


@dataclass(frozen=True)
class CountsGround:
    """What is known of a country before a month of counts: what the file is held against.

    ``earlier``: reports of the month in force; ``before``: places of the month before of the same office; ``history``:
    place, months, complaints and cases of the twelve months before.
    """

    centres: tuple[Centre, ...] = ()
    others: tuple[str, ...] = ()  # codes of other countries' centres
    earlier: tuple[CentreReport, ...] = ()
    before: tuple[tuple[str, str, str], ...] = ()
    history: tuple[tuple[str, str, str, int, int, int], ...] = ()
    mergers: tuple[ServiceMerger, ...] = ()


def load_ground(settings: Settings, country: str, period: str, office: int = FIRST_OFFICE) -> CountsGround:
    """Return what the record holds that an office's counts of a month are checked against."""
    record, month = open_engine(settings), date.fromisoformat(f"{period}-01")
    last = shifted(month, -1)
    sums: dict[tuple[str, str, str], list[int]] = {}
    before = set()
    for centre, service, channel, of, counts in delivery.counts_between(record, country, shifted(month, -YEAR), month):
        place = (centre, service, channel)
        sum_ = sums.setdefault(place, [0, 0, 0])
        if {"complaints_received", "completed"} <= counts.keys():
            for at, count in enumerate((1, counts["complaints_received"], counts["completed"])):
                sum_[at] += count
        if of == last:
            before.add(place)
    with reading(record) as connection:
        of_others = _find_owners(connection, country, f"{last:%Y-%m}", office)
        countries = delivery.country_on(connection)
    return CountsGround(
        centres=tuple(row for rows in delivery.centres(record, country).values() for row in rows),
        others=tuple(code for code, of_country in countries.items() if of_country != country),
        earlier=tuple(_list_month(settings, country, month)),
        before=tuple(sorted(before - of_others.keys())),
        history=tuple((*place, *counts) for place, counts in sorted(sums.items())),  # type: ignore[misc]
        mergers=tuple(delivery.mergers(record, country).values()),
    )


def _find_owners(
    connection: store.Connection, country: str, period: str, office: int
) -> dict[tuple[str, str, str], Submission]:
    """Return places of a month that other offices of the country have published last, with the submission that did.

    What an office has taken back since is nobody's.
    """
    published = store.listing(
        connection, country=country, dataset="counts", period=period, states=("published", "superseded")
    )
    owners: dict[tuple[str, str, str], Submission] = {}
    for submission in sorted((it for it in published if it.published_at), key=lambda it: (it.published_at, it.id)):
        content = _unpack(store.figures_of(connection, submission.id))
        owners |= {report.key[:3]: submission for report in content.reports}
        for place in content.withdrawn:
            owners.pop(place, None)
    return {place: owner for place, owner in owners.items() if owner.office_number != office}


def read_file(
    path: Path,
    name: str,
    *,
    country: str,
    period: str,
    ground: CountsGround = CountsGround(),
    who: str = "",
) -> FileReading:
    """Read and check a file in a process with limits.

    Args:
        path: the file as received.
        name: what its owner calls it.
        country: ISO3 of who sends it.
        period: the month, ``2026-10``.
        ground: what is known of the country.
        who: the account that asks.

    Raises:
        UploadRefused: it cannot be read, or needs more than the limits give.
    """
    with tempfile.TemporaryDirectory(prefix="counts-") as folder:
        out = Path(folder) / "counts.parquet"
        job = {
            "path": str(path.resolve()), "name": name, "country": country, "period": period,
            "today": datetime.now(UTC).date().isoformat(), "centres": [it.as_json() for it in ground.centres],
            "others": ground.others, "earlier": [it.as_json() for it in ground.earlier], "before": ground.before,
            "history": ground.history, "mergers": [it.as_json() for it in ground.mergers], "out": str(out),
        }  # fmt: skip
        answer = run("dashboard.contributions.submissions.counts.child:read", job, who=who)
        return FileReading(findings_of(answer["findings"]), out.read_bytes(), answer["rows"])


def preview(settings: Settings, submission: Submission) -> CountsPreview:
    """Return what publishing a submission would change, as approver and reviewer see it."""
    with reading(open_engine(settings)) as connection:
        content = _unpack(store.figures_of(connection, submission.id))
    month, sent = _month(submission), content.reports
    now = {report.key: report for report in _list_month(settings, submission.country, month)}
    left = {key: report for key, report in now.items() if key[:3] not in content.withdrawn}
    before = _sum_counts(_list_month(settings, submission.country, shifted(month, -1)))
    new = sum(report.key not in now for report in sent)
    revised = sum(report.key in now and now[report.key] != report for report in sent)
    totals = tuple(
        CountTotal(name, past := before.get(name), value, 100 * (value - past) / past if past else None)
        for name, value in _sum_counts([*(left | {report.key: report for report in sent}).values()]).items()
    )
    centres = delivery.centres(open_engine(settings), submission.country)
    changes = [CentreChange(at(centres.get(it.code, []), it.since), it) for it in content.centres]
    changes = [change for change in changes if change.before != change.after]
    return CountsPreview(new, revised, len(sent) - new - revised, tuple(changes), totals)


def _list_counts(report: CentreReport) -> dict[str, float]:
    """Return everything a report counts, by column: of a histogram its bins, and the cost."""
    counts: dict[str, float] = dict(report.counts)
    for name, histogram in report.histograms.items():
        counts |= {f"{name}_{edge}": count for edge, count in zip(BINS[name], histogram.counts, strict=True)}
    return counts | ({"cost": report.cost} if report.cost is not None else {})


def _list_month(settings: Settings, country: str, month: date) -> list[CentreReport]:
    return [it for it in delivery.reports(open_engine(settings), country, since=month) if it.month == month]


def _sum_counts(reports: Sequence[CentreReport]) -> Mapping[str, int]:
    """Return the sum of each count that any report has."""
    counts = {name: [it.counts[name] for it in reports if name in it.counts] for name in COUNTS}
    return {name: sum(values) for name, values in counts.items() if values}


def _month(submission: Submission) -> date:
    return date.fromisoformat(f"{submission.period}-01")


@dataclass(frozen=True)
class CountsContent:
    """What was read of a submission: centres, reports, what is withdrawn and why, what services have taken over."""

    centres: list[Centre]
    reports: list[CentreReport]
    withdrawn: Mapping[tuple[str, str, str], str]
    mergers: Mapping[str, Sequence[str]]


def _unpack(frame: pl.DataFrame | None) -> CountsContent:
    rows: dict[str, list[dict[str, Any]]] = {"centre": [], "report": [], "withdrawal": [], "merger": []}
    for kind, text in frame.rows() if frame is not None and "json" in frame.columns else ():
        rows[kind].append(json.loads(text))
    return CountsContent(
        [*map(Centre.of, rows["centre"])],
        [*map(CentreReport.of, rows["report"])],
        {(row["place"][0], row["place"][1], row["place"][2]): row["reason"] for row in rows["withdrawal"]},
        {row["new"]: row["old"] for row in rows["merger"]},
    )


def _find_reports_of_others(connection: store.Connection, submission: Submission, sent: pl.DataFrame) -> list[Finding]:
    """Return errors for reports, sent or taken back, that another office of the country has published."""
    owners = _find_owners(connection, submission.country, submission.period, submission.office_number)
    content = _unpack(sent)
    return [
        Finding("count_of_office", "error", read=place[0], values={
            "group": " · ".join(place), "period": submission.period, "office": owners[place].submitted_office,
        })
        for place in (*(report.key[:3] for report in content.reports), *content.withdrawn)
        if place in owners
    ]  # fmt: skip
