"""Tasks that a server runs by itself, registered in the composition root.

They verify and repair published files, sort opinions, destroy what is due, remind offices and send messages.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from starlette.concurrency import run_in_threadpool

from dashboard.evidence.dataset import agreement, layout
from dashboard.evidence.dataset.store import Dataset, NotPublished
from dashboard.operations.trouble import explain_error
from dashboard.operations.watching import jobs
from dashboard.settings import Settings, settings

log = logging.getLogger(__name__)

VERIFY_INTERVAL_S = 20.0
"""Time between two checks of every published byte."""

VERIFY_DEADLINE_S = 300.0
"""Time in which such a check has to succeed, on a large record too."""

FIRST_DELAY_S = 60.0
"""Delay of hourly tasks after the start: visitors come first."""

HOUR_S = 3600.0

OPINIONS_INTERVAL_S = 60.0
"""Time between two rounds through opinions: as long may a hint at a bribe stand before moderators."""


MESSAGES_INTERVAL_S = 15.0
"""Time between two rounds of messages to subscribers, who wait for the one that asks to confirm."""

MESSAGES_DEADLINE_S = 600.0
"""Time in which such a round has to succeed."""

MAX_REDACTIONS = 2_000
"""Opinions redacted again by newer rules in a round: some seconds of work."""


@dataclass(slots=True)
class UpkeepStatus:
    """The result of the last check, for ``/readyz``, the log and the metrics."""

    faults: tuple[str, ...] = ()
    looks: int = 0
    healed: int = 0
    trouble: str = ""  # why it could not be made whole


async def keep_whole() -> None:
    """Verify published files repeatedly, until cancelled. Never raises."""
    status, now = UpkeepStatus(), settings()
    if (now.dataset_dir / layout.NEXT).exists():  # the server before this one was killed while it published
        await run_in_threadpool(_settle_publication, now, status)
    jobs.expect(keep_whole.__name__, VERIFY_DEADLINE_S)
    while True:
        await asyncio.sleep(VERIFY_INTERVAL_S)
        await _run_job(keep_whole.__name__, lambda: verify_published(settings(), status))


async def do_hourly() -> None:
    """Run the hourly tasks until cancelled. Never raises."""
    for task in HOURLY:
        jobs.expect(task.__name__, HOUR_S)
    while True:
        await asyncio.sleep(FIRST_DELAY_S)
        for task in HOURLY:
            await _run_job(task.__name__, partial(task, settings()))
        await asyncio.sleep(HOUR_S - FIRST_DELAY_S)


async def send_messages() -> None:
    """Send subscribers what is due, until cancelled. Never raises; ends if no address can be stored."""
    from dashboard.interfaces.subscriptions.model import can_post
    from dashboard.interfaces.subscriptions.sweep import sweep

    if not can_post(settings()):
        return
    jobs.expect(send_messages.__name__, MESSAGES_DEADLINE_S)
    while True:
        await asyncio.sleep(MESSAGES_INTERVAL_S)
        await _run_job(
            send_messages.__name__,
            lambda: _log_count("messages to subscribers sent: %s", sweep(settings(), datetime.now(UTC))),
        )


async def look_through_often() -> None:
    """Sort new opinions every minute, until cancelled. Never raises."""
    jobs.expect(look_through_opinions.__name__, HOUR_S)  # a hundred thousand that came at once take as long
    while True:
        await asyncio.sleep(OPINIONS_INTERVAL_S)
        await _run_job(look_through_opinions.__name__, lambda: look_through_opinions(settings()))


async def _run_job(name: str, work: Callable[[], object]) -> None:
    """Run a job in a thread; a failure is logged and must not take the server down."""
    try:
        with jobs.track(name):
            await run_in_threadpool(work)
    except Exception as error:
        log.error("%s was not done: %s", name, explain_error(error) or type(error).__name__)


def _log_count(message: str, count: int) -> int:
    """Log a count that is not zero, and return it."""
    if count:
        log.info(message, count)
    return count


def watch_clock(now: Settings) -> int:
    """Note the time before anything is destroyed by it; return 1 if the clock has leapt."""
    if not now.accounts.enabled and not now.voice.keys:
        return 0
    from dashboard.evidence.database import clock
    from dashboard.evidence.database.engine import open_engine

    moment = datetime.now(UTC)
    clock.record_time(open_engine(now), moment)
    leap = clock.find_leap(open_engine(now), moment)
    if leap:
        log.error("the clock leapt from %s to %s: what is due since is not destroyed yet; see doctor", *leap)
    return int(leap is not None)


def destroy_surveys(now: Settings) -> int:
    """Destroy survey files whose retention is over, and return their number."""
    keys = now.survey_keys_dir
    if not now.accounts.enabled and not (keys.is_dir() and any(keys.iterdir())):
        return 0
    from dashboard.contributions.submissions.microdata.retention import sweep

    return _log_count("survey files destroyed: %s", sweep(now))


def end_drafts(now: Settings) -> int:
    """Withdraw expired drafts, warn of those that end soon, and return how many ended."""
    if not now.accounts.enabled:
        return 0
    from dashboard.contributions.submissions.keeping.drafts import sweep

    return _log_count("drafts ended: %s", sweep(now))


def remind_of_deadlines(now: Settings) -> int:
    """Remind offices of what is due, and return how many messages were sent."""
    if not now.accounts.enabled:
        return 0
    from dashboard.contributions.submissions.keeping.reminders import sweep

    return _log_count("reminders of what is due sent: %s", sweep(now))


def pull_figures(now: Settings) -> int:
    """Fetch due figures from offices' own addresses, and return how many drafts were made."""
    if not now.accounts.enabled or not now.submissions.pull.hosts:
        return 0
    from dashboard.contributions.submissions.pulling.sweep import sweep

    return _log_count("drafts made of fetched figures: %s", sweep(now))


def destroy_words(now: Settings) -> int:
    """Destroy citizens' raw words whose retention is over, and return their number.

    This works without a key, in case it was removed.
    """
    if not now.accounts.enabled and not now.voice.keys:
        return 0
    from dashboard.contributions.voice.inbox import keyring
    from dashboard.contributions.voice.intake import seal_services
    from dashboard.contributions.voice.keeping import expire_words
    from dashboard.contributions.voice.store import expire
    from dashboard.evidence.database.engine import open_engine

    gone = _log_count("raw words destroyed: %s", expire(open_engine(now), datetime.now(UTC)))  # first: it needs no key
    _log_count(
        "words of opinions expired: %s", expire_words(open_engine(now), now.voice.words_months, datetime.now(UTC))
    )
    if now.voice.keys:
        keys = keyring(now)
        _log_count("words given as a service sealed: %s", seal_services(open_engine(now), keys, datetime.now(UTC)))
    return gone


def look_through_opinions(now: Settings) -> int:
    """Sort new opinions, pass hints at a bribe to integrity officers, and return their number."""
    if not now.voice.keys:
        return 0
    from dashboard.accounts import people
    from dashboard.accounts.model import Role
    from dashboard.contributions.voice.inbox import keyring
    from dashboard.contributions.voice.keeping import look_through, redact_again
    from dashboard.evidence.database.engine import open_engine

    _log_count("opinions redacted again by newer rules: %s", redact_again(open_engine(now), MAX_REDACTIONS))
    keys = keyring(now)
    officers = people.list_countries_with(now, Role.OFFICER)
    passed = look_through(open_engine(now), keys, now.voice_dir, officers, vectors=now.voice.vectors)
    return _log_count("opinions passed on to integrity officers: %s", passed)


def publish_opinions(now: Settings) -> int:
    """Release counts of countries whose month is over, and return the number of countries."""
    if not now.voice.keys:
        return 0
    from dashboard.contributions.voice.publication.release import describe, publish_due
    from dashboard.contributions.voice.review import sort_new
    from dashboard.evidence.database.engine import open_engine

    sort_new(open_engine(now), now.voice_dir)
    outcomes = publish_due(now, datetime.now(UTC))
    for outcome in outcomes:
        log.info("counts of opinions released: %s: %s", outcome.country, describe(outcome, "en"))
    return len(outcomes)


def train_classifier(now: Settings) -> int:
    """Train the classifier again where labels are new or its file is lost; return 1 if it was."""
    if not now.voice.keys:
        return 0
    from dashboard.contributions.voice.classifier import TooFewLabels
    from dashboard.contributions.voice.review import read_training_state, retrain
    from dashboard.evidence.database.engine import open_engine

    state = read_training_state(open_engine(now))
    lost = state.model is not None and not (now.voice_dir / f"{state.model.version}.npz").exists()
    if not (state.due or lost):
        return 0
    try:
        model = retrain(open_engine(now), now.voice_dir, datetime.now(UTC), vectors=now.voice.vectors)
    except TooFewLabels:  # of one theme, or split: nothing is wrong, and more may come
        return 0
    log.info("classifier of opinions trained on %s labels: %s", model.labels, model.version)
    return 1


def publish_audit_head(now: Settings) -> None:
    """Publish the end of the audit trail once a day."""
    if not now.accounts.enabled:
        return
    from dashboard.accounts import audit
    from dashboard.evidence.database.engine import open_engine

    audit.publish_head(open_engine(now), datetime.now(UTC).date())


def remove_unfinished(now: Settings) -> int:
    """Delete uploads that were cut short a day ago, and return their number."""
    if not now.submissions_dir.is_dir():
        return 0
    from dashboard.contributions.submissions.inbox import tidy

    return _log_count("files cut short removed: %s", tidy(now))


HOURLY = (
    watch_clock, destroy_surveys, destroy_words, end_drafts, remind_of_deadlines, remove_unfinished, train_classifier,
    publish_opinions, publish_audit_head, pull_figures,
)  # fmt: skip
"""The clock comes first, since a leap stops what is destroyed by it; tasks that wait for others come last."""


def verify_published(now: Settings, status: UpkeepStatus) -> UpkeepStatus:
    """Verify every byte of the version in force, and republish it where it is damaged."""
    status.looks += 1
    try:
        folder = now.dataset_dir
        dataset = Dataset.current(folder)
        faults = [*dataset.verify(), *_check_manifest(now, dataset)]
    except NotPublished as error:
        if _is_first_start(now):
            return status
        faults = [str(error)]
    if not faults:
        status.faults = ()
        _settle_publication(now, status)
        return status
    if tuple(faults) != status.faults:
        log.error("published files are damaged and are not served: %s", "; ".join(faults[:5]))
    status.faults = tuple(faults)
    _republish(now, status)
    return status


def _is_first_start(now: Settings) -> bool:
    """Return True while nothing was published and a first start is loading all editions.

    Publishing its half-loaded record would serve figures of an older edition.
    """
    from dashboard.evidence.gathering.schedule.lease import is_held

    if (now.dataset_dir / layout.CURRENT).exists():
        return False
    path = now.sqlite_path
    return (path is not None and not path.is_file()) or not agreement.list_digests(now) or is_held(now)


def _settle_publication(now: Settings, status: UpkeepStatus) -> None:
    """Finish or take back a publication that was cut short."""
    from dashboard.operations.settling import settle

    try:
        done = settle(now)
    except Exception as error:
        words = explain_error(error) or type(error).__name__
        if words != status.trouble:
            log.error("record and published dataset could not be brought together: %s", words)
        status.trouble = words
        return
    status.trouble = ""
    status.healed += done is not None


def _check_manifest(now: Settings, dataset: Dataset) -> list[str]:
    """Return a fault if the manifest on the disk differs from the published one."""
    from dashboard.evidence.dataset.wholeness import read_published

    version, _, digest = read_published(now.dataset_dir)
    return [] if version == dataset.version and digest else ["manifest.json is not as it was published"]


def _republish(now: Settings, status: UpkeepStatus) -> None:
    from dashboard.evidence.codebook import loader
    from dashboard.evidence.database.engine import open_engine
    from dashboard.evidence.dataset.publish import publish

    try:
        agreement.require_agreement(now)
        version = publish(open_engine(now), now.dataset_dir, loader.hash_folder(loader.find_folder()))
    except Exception as error:
        words = explain_error(error) or type(error).__name__
        if words != status.trouble:
            log.error("what is published could not be made anew: %s", words)
        status.trouble = words
        return
    status.healed += 1
    status.faults, status.trouble = (), ""
    log.warning("the published version %s was made anew from the record", version.name)
