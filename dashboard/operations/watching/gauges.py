"""What waits, is old or fails, as ``/metrics`` tells it to the operator; asked for anew with each reading.

Counts of reports and complaints are small and tell of people: they are for whoever may read ``/metrics`` (this machine,
or who has the token) and are on no page. ``deploy/alerts.yml`` holds the rules that go with these names.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from dashboard.operations.trouble import in_words
from dashboard.operations.watching import jobs
from dashboard.protection.condition import newest_backup
from dashboard.protection.metrics import REGISTRY
from dashboard.settings import Settings, settings

log = logging.getLogger(__name__)

RECENT = timedelta(minutes=15)
"""How old the newest answer of an address may be to say how it is now."""


def tell_of_operation() -> None:
    """Let ``/metrics`` tell of it; once in a process."""
    if not any(isinstance(one, OperationCollector) for one in REGISTRY._collector_to_names):
        REGISTRY.register(OperationCollector())


class OperationCollector(Collector):
    """Each part as it is at the moment; one that cannot be read is named, and the others are told."""

    def collect(self) -> Iterator[Metric]:
        """The figures of all parts."""
        now = settings()
        path = now.sqlite_path
        unreadable = GaugeMetricFamily("monitor_unreadable", "Parts that cannot be told of now.", labels=["part"])
        for part, of_record, look in PARTS:
            failed = 0
            try:
                if not of_record or path is None or path.is_file():
                    yield from list(look(now))
            except Exception as error:
                failed = 1
                log.warning("metrics of %s could not be read: %s", part, in_words(error) or type(error).__name__)
            unreadable.add_metric([part], failed)
        yield unreadable


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _waiting(name: str, words: str, waiting: tuple[int, datetime | None]) -> Iterator[Metric]:
    """How many wait, and for how many seconds the oldest does."""
    count, oldest = waiting
    yield _gauge(f"monitor_{name}", f"{words}.", count)
    age = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
    yield _gauge(f"monitor_{name}_oldest_seconds", f"{words}: seconds that the oldest waits.", max(0.0, age))


def _jobs(_: Settings) -> Iterator[Metric]:
    now = time.time()
    overdue = GaugeMetricFamily("monitor_job_overdue", "Tasks not well ended in twice their interval.", labels=["job"])
    failed = GaugeMetricFamily("monitor_job_failed", "Tasks that failed last.", labels=["job"])
    for job in jobs.list_jobs():
        overdue.add_metric([job.name], job.is_overdue(now))
        failed.add_metric([job.name], job.failed)
    yield overdue
    yield failed


def _backups(now: Settings) -> Iterator[Metric]:
    newest = newest_backup(now.data_dir / "backups")
    yield _gauge("monitor_backup_present", "Whether there is a backup in the data folder.", newest is not None)
    if newest is not None:
        age = (datetime.now(UTC) - newest).total_seconds()
        yield _gauge("monitor_backup_age_seconds", "Seconds since the newest backup.", age)


def _publishers(now: Settings) -> Iterator[Metric]:
    from dashboard.dataset.store import Dataset, NotPublished

    try:
        outcomes = Dataset.current(now.dataset_dir).outcomes()
    except NotPublished:
        return
    failing = sum(outcome["state"] == "failed" for outcome in outcomes)
    yield _gauge("monitor_series_failing", "Series of publishers that failed last.", failing)


def _probes(now: Settings) -> Iterator[Metric]:
    from dashboard.database.engine import open_engine
    from dashboard.delivery import store
    from dashboard.delivery.model import ONLINE

    listed = store.addresses(open_engine(now))
    newest = store.find_newest_probes(open_engine(now), datetime.now(UTC) - RECENT) if listed else {}
    states = Counter[tuple[str, str]]()
    for one in listed:
        found = newest.get(one.url)
        states[one.channel, "unasked" if found is None else "up" if found.up else "down"] += 1
    family = GaugeMetricFamily(
        "monitor_probes", "Addresses of services: up, down, or not asked in 15 minutes.", labels=["channel", "state"]
    )
    for channel in ONLINE:
        for state in ("up", "down", "unasked"):
            family.add_metric([channel, state], states[channel, state])
    yield family


def _opinions(now: Settings) -> Iterator[Metric]:
    from dashboard.database.engine import open_engine
    from dashboard.voice import store

    unread = store.count_unread_reports(open_engine(now))
    yield from _waiting("integrity_reports_unread", "Integrity reports that no officer has opened", unread)
    unanswered = store.count_unanswered(open_engine(now))
    yield from _waiting("complaints_unanswered", "Complaints without an answer", unanswered)


def _submissions(now: Settings) -> Iterator[Metric]:
    from dashboard.database.engine import open_engine, reading
    from dashboard.submissions import store
    from dashboard.submissions.pulling import store as pulls

    with reading(open_engine(now)) as connection:
        drafts, faulty = store.count_drafts(connection)
        failing = pulls.count_failing(connection)
    yield _gauge("monitor_drafts", "Drafts that nobody has submitted yet.", drafts)
    yield _gauge("monitor_drafts_with_errors", "Drafts that errors keep from being submitted.", faulty)
    yield _gauge("monitor_pulls_failing", "Addresses of offices from which no figures came last.", failing)


PARTS: tuple[tuple[str, bool, Callable[[Settings], Iterator[Metric]]], ...] = (
    ("jobs", False, _jobs), ("backups", False, _backups), ("publishers", False, _publishers), ("probes", True, _probes),
    ("opinions", True, _opinions), ("submissions", True, _submissions),
)  # fmt: skip
"""Each part, whether it is told from the record, and what tells it."""
