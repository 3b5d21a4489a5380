"""Monthly counts as a submission: read in a process with limits, seen beside the month before, kept when published."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from dashboard.accounts.model import FIRST_OFFICE
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.delivery.metrics import YEAR, shifted
from dashboard.contributions.delivery.model import BINS, COUNTS, Centre, CentreReport, ServiceMerger, at
from dashboard.contributions.delivery.people.withholding import columns as people_columns
from dashboard.contributions.submissions import inbox, store
from dashboard.contributions.submissions.model import Finding, MoveNotAllowed, Removed, Submission, Withdrawal
from dashboard.contributions.submissions.reading.process import FileReading, findings_of, run
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.settings import Settings


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


def know_ground(settings: Settings, country: str, period: str, office: int = FIRST_OFFICE) -> CountsGround:
    """What the record holds that a month's counts of an office are held against."""
    record, month = open_engine(settings), date.fromisoformat(f"{period}-01")
    last = shifted(month, -1)
    sums: dict[tuple[str, str, str], list[int]] = {}
    before = set()
    for centre, service, channel, of, counts in delivery.counts_between(record, country, shifted(month, -YEAR), month):
        place = (centre, service, channel)
        told = sums.setdefault(place, [0, 0, 0])
        if {"complaints_received", "completed"} <= counts.keys():
            for at, n in enumerate((1, counts["complaints_received"], counts["completed"])):
                told[at] += n
        if of == last:
            before.add(place)
    with reading(record) as connection:
        of_others = _places_of_others(connection, country, f"{last:%Y-%m}", office)
        countries = delivery.country_on(connection)
    return CountsGround(
        centres=tuple(row for rows in delivery.centres(record, country).values() for row in rows),
        others=tuple(code for code, of_country in countries.items() if of_country != country),
        earlier=tuple(_of_month(settings, country, month)),
        before=tuple(sorted(before - of_others.keys())),
        history=tuple((*place, *told) for place, told in sorted(sums.items())),  # type: ignore[misc]
        mergers=tuple(delivery.mergers(record, country).values()),
    )


def _places_of_others(
    connection: store.Connection, country: str, period: str, office: int
) -> dict[tuple[str, str, str], Submission]:
    """Places of a month that other offices of the country have published last, with the submission that did.

    What an office has taken back since is nobody's.
    """
    published = store.listing(
        connection, country=country, dataset="counts", period=period, states=("published", "superseded")
    )
    owners: dict[tuple[str, str, str], Submission] = {}
    for one in sorted((it for it in published if it.published_at), key=lambda it: (it.published_at, it.id)):
        held = _held(store.figures_of(connection, one.id))
        owners |= {report.key[:3]: one for report in held.reports}
        for place in held.withdrawn:
            owners.pop(place, None)
    return {place: one for place, one in owners.items() if one.office_number != office}


def read_counts(settings: Settings, submission: Submission, who: str = "") -> FileReading:
    """Read and check the file of a submission.

    Raises:
        UploadRefused: the file cannot be read.
    """
    country, period = submission.country, submission.period
    ground = know_ground(settings, country, period, submission.office_number)
    path = inbox.path_of(settings, submission.sha256)
    return read_file(path, submission.filename, country=country, period=period, ground=ground, who=who)


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
            "today": datetime.now(UTC).date().isoformat(), "centres": [one.as_json() for one in ground.centres],
            "others": ground.others, "earlier": [one.as_json() for one in ground.earlier], "before": ground.before,
            "history": ground.history, "mergers": [one.as_json() for one in ground.mergers], "out": str(out),
        }  # fmt: skip
        answer = run("dashboard.contributions.submissions.counts.child:read", job, who=who)
        return FileReading(findings_of(answer["findings"]), out.read_bytes(), answer["rows"])


def preview(settings: Settings, submission: Submission) -> Preview:
    """What publishing a submission would change, as approver and reviewer see it."""
    with reading(open_engine(settings)) as connection:
        held = _held(store.figures_of(connection, submission.id))
    month, sent = _month(submission), held.reports
    now = {one.key: one for one in _of_month(settings, submission.country, month)}
    left = {key: one for key, one in now.items() if key[:3] not in held.withdrawn}
    before = _sums(_of_month(settings, submission.country, shifted(month, -1)))
    new = sum(one.key not in now for one in sent)
    revised = sum(one.key in now and now[one.key] != one for one in sent)
    totals = tuple(
        Total(name, past := before.get(name), value, 100 * (value - past) / past if past else None)
        for name, value in _sums([*(left | {one.key: one for one in sent}).values()]).items()
    )
    standing = delivery.centres(open_engine(settings), submission.country)
    changed = [CentreChange(at(standing.get(one.code, []), one.since), one) for one in held.centres]
    changed = [one for one in changed if one.before != one.after]
    return Preview(new, revised, len(sent) - new - revised, tuple(changed), totals)


def removed_on(connection: store.Connection, submission: Submission, sent: pl.DataFrame) -> list[Removed]:
    """The counts in force that a report which is sent again has no more; a report that is not sent again stays."""
    month = _month(submission)
    now = {one.key: one for one in delivery.reports_on(connection, submission.country, since=month)}
    gone = []
    for after in _held(sent).reports:
        before = now.get(after.key)
        if before is None or before == after:
            continue
        group = " · ".join((after.centre, after.service, after.channel))
        left = _counted(after)
        missing = {name: value for name, value in _counted(before).items() if name not in left}
        gone += [Removed(name, submission.period, group, value) for name, value in missing.items()]
    return sorted(gone)


def withdrawals(settings: Settings, submission: Submission) -> list[Withdrawal]:
    """The reports that publishing a submission would take back."""
    with reading(open_engine(settings)) as connection:
        return withdrawn_on(connection, submission, store.figures_of(connection, submission.id))


def withdrawn_on(connection: store.Connection, submission: Submission, sent: pl.DataFrame | None) -> list[Withdrawal]:
    """The reports in force that a submission takes back, a line each, with their reasons.

    A line tells the first count of work that a report has: of people's answers and reports none, everybody reads it.
    """
    reasons = _held(sent).withdrawn
    if not reasons:
        return []
    month = _month(submission)
    found = []
    for one in delivery.reports_on(connection, submission.country, since=month):
        if one.month == month and (reason := reasons.get(one.key[:3])):
            work = [name for name in COUNTS if name in one.counts and name not in people_columns()]
            name = next((it for it in ("completed", *work) if it in one.counts), "services")
            group = " · ".join(one.key[:3])
            found.append(Withdrawal(Removed(name, submission.period, group, one.counts.get(name, 0)), reason))
    return sorted(found, key=lambda it: (it.figure.group, it.figure.indicator))


def _counted(report: CentreReport) -> dict[str, float]:
    """Everything a report counts, by column: of a histogram its bins, and the cost."""
    held: dict[str, float] = dict(report.counts)
    for name, histogram in report.histograms.items():
        held |= {f"{name}_{edge}": count for edge, count in zip(BINS[name], histogram.counts, strict=True)}
    return held | ({"cost": report.cost} if report.cost is not None else {})


def find_of_others(connection: store.Connection, submission: Submission, sent: pl.DataFrame) -> list[Finding]:
    """Errors for reports of the month, sent or taken back, that another office of the country has published."""
    theirs = _places_of_others(connection, submission.country, submission.period, submission.office_number)
    held = _held(sent)
    return [
        Finding("count_of_office", "error", read=place[0], values={
            "group": " · ".join(place), "period": submission.period, "office": theirs[place].submitted_office,
        })
        for place in (*(report.key[:3] for report in held.reports), *held.withdrawn)
        if place in theirs
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
    held, month = _held(store.figures_of(connection, submission.id)), _month(submission)
    elsewhere = delivery.country_on(connection)
    if taken := [one.code for one in held.centres if elsewhere.get(one.code, submission.country) != submission.country]:
        raise MoveNotAllowed(
            "taken", f"The code {taken[0]} is that of another country's centre by now: choose another."
        )
    delivery.save_centres_on(connection, held.centres)
    delivery.save_reports_on(connection, submission.country, held.reports, now)
    gone = [(*place, month) for place in held.withdrawn]
    delivery.withdraw_reports_on(connection, submission.country, gone, now)
    delivery.save_mergers_on(connection, submission.country, month, held.answers)


@dataclass(frozen=True)
class HeldCounts:
    """What was read of a submission: centres, reports, what is withdrawn and why, what services have taken over."""

    centres: list[Centre]
    reports: list[CentreReport]
    withdrawn: Mapping[tuple[str, str, str], str]
    answers: Mapping[str, Sequence[str]]


def _held(frame: pl.DataFrame | None) -> HeldCounts:
    rows = frame.rows() if frame is not None and "json" in frame.columns else []
    plain = [(kind, json.loads(text)) for kind, text in rows]
    of = {name: [one for kind, one in plain if kind == name] for name in ("centre", "report", "withdrawal", "merger")}
    return HeldCounts(
        [*map(Centre.of, of["centre"])],
        [*map(CentreReport.of, of["report"])],
        {(one["place"][0], one["place"][1], one["place"][2]): one["reason"] for one in of["withdrawal"]},
        {one["new"]: one["old"] for one in of["merger"]},
    )


def _of_month(settings: Settings, country: str, month: date) -> list[CentreReport]:
    return [one for one in delivery.reports(open_engine(settings), country, since=month) if one.month == month]


def _sums(reports: Sequence[CentreReport]) -> Mapping[str, int]:
    """Name of each count that any report has → its sum."""
    given = {name: [one.counts[name] for one in reports if name in one.counts] for name in COUNTS}
    return {name: sum(values) for name, values in given.items() if values}


def _month(submission: Submission) -> date:
    return date.fromisoformat(f"{submission.period}-01")
