"""Metrics of what waits, is old or fails, measured at each reading of ``/metrics``.

Counts of reports and complaints are small and reveal something about people, so they are only in ``/metrics``, never
on a page. ``deploy/alerts.yml`` holds the alerts on these names.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from dashboard.interfaces.protection.condition import find_newest_backup
from dashboard.interfaces.protection.metrics import REGISTRY
from dashboard.operations.trouble import explain_error
from dashboard.operations.watching import jobs
from dashboard.settings import Settings, settings

log = logging.getLogger(__name__)

RECENT_PROBE = timedelta(minutes=15)
"""How old the newest probe of an address may be to count as its present state."""


def register_metrics() -> None:
    """Register the collector of these metrics, once in a process."""
    if not any(isinstance(collector, OperationCollector) for collector in REGISTRY._collector_to_names):
        REGISTRY.register(OperationCollector())


class OperationCollector(Collector):
    """Collects every part anew; a part that fails is named and the others are still collected."""

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics of all parts."""
        configured = settings()
        path = configured.sqlite_path
        unreadable = GaugeMetricFamily("monitor_unreadable", "Parts that cannot be told of now.", labels=["part"])
        for part, needs_database, measure in PARTS:
            has_failed = 0
            try:
                if not needs_database or path is None or path.is_file():
                    yield from list(measure(configured))
            except Exception as error:
                has_failed = 1
                log.warning("metrics of %s could not be read: %s", part, explain_error(error) or type(error).__name__)
            unreadable.add_metric([part], has_failed)
        yield unreadable


def _make_gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _measure_waiting(name: str, words: str, waiting: tuple[int, datetime | None]) -> Iterator[Metric]:
    """Yield how many wait, and for how many seconds the oldest has."""
    count, oldest = waiting
    yield _make_gauge(f"monitor_{name}", f"{words}.", count)
    age = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
    yield _make_gauge(f"monitor_{name}_oldest_seconds", f"{words}: seconds that the oldest waits.", max(0.0, age))


def _measure_jobs(_: Settings) -> Iterator[Metric]:
    now = time.time()
    overdue = GaugeMetricFamily("monitor_job_overdue", "Tasks not well ended in twice their interval.", labels=["job"])
    failed = GaugeMetricFamily("monitor_job_failed", "Tasks that failed last.", labels=["job"])
    for job in jobs.list_jobs():
        overdue.add_metric([job.name], job.is_overdue(now))
        failed.add_metric([job.name], job.failed)
    yield overdue
    yield failed


def _measure_backups(configured: Settings) -> Iterator[Metric]:
    newest = find_newest_backup(configured.data_dir / "backups")
    yield _make_gauge("monitor_backup_present", "Whether there is a backup in the data folder.", newest is not None)
    if newest is not None:
        age = (datetime.now(UTC) - newest).total_seconds()
        yield _make_gauge("monitor_backup_age_seconds", "Seconds since the newest backup.", age)


def _measure_publishers(configured: Settings) -> Iterator[Metric]:
    from dashboard.evidence.dataset.store import Dataset, NotPublished

    try:
        outcomes = Dataset.current(configured.dataset_dir).outcomes()
    except NotPublished:
        return
    failing = sum(outcome["state"] == "failed" for outcome in outcomes)
    yield _make_gauge("monitor_series_failing", "Series of publishers that failed last.", failing)


def _measure_probes(configured: Settings) -> Iterator[Metric]:
    from dashboard.contributions.delivery import store
    from dashboard.contributions.delivery.model import ONLINE
    from dashboard.evidence.database.engine import open_engine

    listed = store.addresses(open_engine(configured))
    newest = store.find_newest_probes(open_engine(configured), datetime.now(UTC) - RECENT_PROBE) if listed else {}
    states = Counter[tuple[str, str]]()
    for address in listed:
        probe = newest.get(address.url)
        states[address.channel, "unasked" if probe is None else "up" if probe.up else "down"] += 1
    family = GaugeMetricFamily(
        "monitor_probes", "Addresses of services: up, down, or not asked in 15 minutes.", labels=["channel", "state"]
    )
    for channel in ONLINE:
        for state in ("up", "down", "unasked"):
            family.add_metric([channel, state], states[channel, state])
    yield family


def _measure_opinions(configured: Settings) -> Iterator[Metric]:
    from dashboard.contributions.voice import store
    from dashboard.evidence.database.engine import open_engine

    unread = store.count_unread_reports(open_engine(configured))
    yield from _measure_waiting("integrity_reports_unread", "Integrity reports that no officer has opened", unread)
    unanswered = store.count_unanswered(open_engine(configured))
    yield from _measure_waiting("complaints_unanswered", "Complaints without an answer", unanswered)


def _measure_submissions(configured: Settings) -> Iterator[Metric]:
    from dashboard.contributions.submissions import store
    from dashboard.contributions.submissions.pulling import store as pulls
    from dashboard.evidence.database.engine import open_engine, reading

    with reading(open_engine(configured)) as connection:
        drafts, faulty = store.count_drafts(connection)
        failing = pulls.count_failing(connection)
    yield _make_gauge("monitor_drafts", "Drafts that nobody has submitted yet.", drafts)
    yield _make_gauge("monitor_drafts_with_errors", "Drafts that errors keep from being submitted.", faulty)
    yield _make_gauge("monitor_pulls_failing", "Addresses of offices from which no figures came last.", failing)


PARTS: tuple[tuple[str, bool, Callable[[Settings], Iterator[Metric]]], ...] = (
    ("jobs", False, _measure_jobs), ("backups", False, _measure_backups), ("publishers", False, _measure_publishers),
    ("probes", True, _measure_probes), ("opinions", True, _measure_opinions),
    ("submissions", True, _measure_submissions),
)  # fmt: skip
"""Each part, whether it needs the database, and what measures it."""
