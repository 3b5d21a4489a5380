"""What a server looks after by itself while it serves pages; lifespan tasks, registered in the composition root.

``keep_whole``: at once, what a publication left that was cut short; then every byte of what is published, and whether
it is what the record says, again and again. A file that is not as it was published is no longer
read, and the version is made anew from the record when the record stands behind it; readers never see the difference.
``look_through_often``: what citizens wrote in the last minute is sorted, and hints at a bribe go to the officer; what
older rules redacted is redacted again.
``do_hourly``: survey files whose time has come are destroyed, with their keys, raw words of citizens, the words of old
opinions, drafts nobody submits, and files cut short; offices are reminded of what is due, and their own addresses asked
for figures; counts of opinions are released when a month is over.
``send_messages``: what subscribers are to confirm or are told of, within half a minute.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool

from dashboard.dataset import agreement, layout
from dashboard.dataset.store import Dataset, NotPublished
from dashboard.operations.trouble import in_words
from dashboard.operations.watching import jobs
from dashboard.settings import Settings, settings

log = logging.getLogger(__name__)

EVERY = 20.0
"""Seconds between two looks at every byte."""

KEPT_WHOLE_WITHIN = 300.0
"""Seconds in which a look at every byte is to have ended, on a large record too."""

FIRST = 60.0
"""Seconds after the start before the first look for what is due: visitors come first."""

HOUR = 3600.0
"""Seconds between two looks for what is due."""

SOON = 60.0
"""Seconds between two looks through what citizens wrote: as long may a hint at a bribe stand before moderators."""


SENDING = 15.0
"""Seconds between two looks for messages to subscribers: somebody waits for the one that asks to confirm."""

SENT_WITHIN = 600.0
"""Seconds in which a look for them is to have ended."""

AGAIN = 2_000
"""Opinions whose words are redacted again in one look, when the rules are newer: some seconds of work."""


@dataclass(slots=True)
class UpkeepStatus:
    """What the last look found, for `/readyz`, the log and the metrics."""

    faults: tuple[str, ...] = ()
    looks: int = 0
    healed: int = 0
    trouble: str = ""  # why it could not be made whole


async def keep_whole() -> None:
    """Look again and again, until cancelled. Never raises."""
    status, now = UpkeepStatus(), settings()
    if (now.dataset_dir / layout.NEXT).exists():  # the server before this one was killed while it published
        await run_in_threadpool(_settle, now, status)
    jobs.expect(keep_whole.__name__, KEPT_WHOLE_WITHIN)
    while True:
        await asyncio.sleep(EVERY)
        try:
            with jobs.doing(keep_whole.__name__):
                await run_in_threadpool(look, settings(), status)
        except Exception as error:  # upkeep must not take the server down, and looks again
            log.error("what is published could not be looked at: %s", in_words(error) or type(error).__name__)


async def do_hourly() -> None:
    """Destroy in time what may be kept no longer, and publish what is due, until cancelled. Never raises."""
    for task in HOURLY:
        jobs.expect(task.__name__, HOUR)
    while True:
        await asyncio.sleep(FIRST)
        for task in HOURLY:
            try:
                with jobs.doing(task.__name__):
                    await run_in_threadpool(task, settings())
            except Exception as error:  # an hour later is early enough; the log says so until then
                log.error("%s was not done: %s", task.__name__, in_words(error) or error)
        await asyncio.sleep(HOUR - FIRST)


async def send_messages() -> None:
    """Send subscribers what is due, until cancelled. Never raises; ends at once where no address can be kept."""
    from dashboard.subscriptions.model import can_post
    from dashboard.subscriptions.sweep import sweep

    if not can_post(settings()):
        return
    jobs.expect(send_messages.__name__, SENT_WITHIN)
    while True:
        await asyncio.sleep(SENDING)
        try:
            with jobs.doing(send_messages.__name__):
                sent = await run_in_threadpool(sweep, settings(), datetime.now(UTC))
            if sent:
                log.info("messages to subscribers sent: %s", sent)
        except Exception as error:  # the next look is soon; the log says so until then
            log.error("subscribers were not told: %s", in_words(error) or type(error).__name__)


async def look_through_often() -> None:
    """Look through opinions soon after they came, until cancelled. Never raises."""
    jobs.expect(look_through_opinions.__name__, HOUR)  # a hundred thousand that came at once take as long
    while True:
        await asyncio.sleep(SOON)
        try:
            with jobs.doing(look_through_opinions.__name__):
                await run_in_threadpool(look_through_opinions, settings())
        except Exception as error:
            log.error("opinions could not be looked through: %s", in_words(error) or error)


def _tell(words: str, count: int) -> int:
    """Say in the log how many there were, where there were any; gives them on."""
    if count:
        log.info(words, count)
    return count


def watch_clock(now: Settings) -> int:
    """Note what the clock says, before anything is destroyed by it; gives whether it has leapt and is doubted."""
    if not now.accounts.enabled and not now.voice.keys:
        return 0
    from dashboard.database import clock
    from dashboard.database.engine import open_engine

    moment = datetime.now(UTC)
    clock.note_time(open_engine(now), moment)
    leapt = clock.find_leap(open_engine(now), moment)
    if leapt:
        log.error("the clock leapt from %s to %s: what is due since is not destroyed yet; see doctor", *leapt)
    return int(leapt is not None)


def destroy_surveys(now: Settings) -> int:
    """Destroy survey files whose time has come; gives how many. Any number of workers may do so at once.

    An installation that never had accounts or surveys is not asked for its database.
    """
    keys = now.survey_keys_dir
    if not now.accounts.enabled and not (keys.is_dir() and any(keys.iterdir())):
        return 0
    from dashboard.submissions.microdata.retention import sweep

    return _tell("survey files destroyed: %s", sweep(now))


def end_drafts(now: Settings) -> int:
    """Withdraw drafts whose time is over, and tell of those whose end is near; gives how many have ended.

    An installation without accounts has none, and is not asked for its database.
    """
    if not now.accounts.enabled:
        return 0
    from dashboard.submissions.keeping.drafts import sweep

    return _tell("drafts ended: %s", sweep(now))


def remind_of_deadlines(now: Settings) -> int:
    """Remind offices of what is due; gives how many messages were taken.

    An installation without accounts has none, and is not asked for its database.
    """
    if not now.accounts.enabled:
        return 0
    from dashboard.submissions.keeping.reminders import sweep

    return _tell("reminders of what is due sent: %s", sweep(now))


def pull_figures(now: Settings) -> int:
    """Fetch figures from offices' own addresses that are due; gives how many drafts were made.

    An installation without accounts, or whose operator allows no host, has none, and is not asked for its database.
    """
    if not now.accounts.enabled or not now.submissions.pull.hosts:
        return 0
    from dashboard.submissions.pulling.sweep import sweep

    return _tell("drafts made of fetched figures: %s", sweep(now))


def destroy_words(now: Settings) -> int:
    """Destroy raw words of citizens whose time is over; gives how many. Redacted ones go, too.

    Also where the key was taken away since. An installation without key and accounts is not asked for its database.
    """
    if not now.accounts.enabled and not now.voice.keys:
        return 0
    from dashboard.database.engine import open_engine
    from dashboard.voice.inbox import Keyring
    from dashboard.voice.intake import seal_services
    from dashboard.voice.keeping import expire_words
    from dashboard.voice.store import expire

    gone = _tell("raw words destroyed: %s", expire(open_engine(now), datetime.now(UTC)))  # first: it needs no key
    _tell("words of opinions expired: %s", expire_words(open_engine(now), now.voice.words_months, datetime.now(UTC)))
    if now.voice.keys:
        keys = Keyring([key.get_secret_value() for key in now.voice.keys])
        _tell("words given as a service sealed: %s", seal_services(open_engine(now), keys, datetime.now(UTC)))
    return gone


def look_through_opinions(now: Settings) -> int:
    """Sort opinions that came since, and pass hints at a bribe on to integrity officers; gives how many hints.

    An installation without a key of citizens' voice has none, and is not asked for its database.
    """
    if not now.voice.keys:
        return 0
    from dashboard.accounts import people
    from dashboard.accounts.model import Role
    from dashboard.database.engine import open_engine
    from dashboard.voice.inbox import Keyring
    from dashboard.voice.keeping import look_through, redact_again

    _tell("opinions redacted again by newer rules: %s", redact_again(open_engine(now), AGAIN))
    keys = Keyring([key.get_secret_value() for key in now.voice.keys])
    officers = people.countries_with(now, Role.OFFICER)
    passed = look_through(open_engine(now), keys, now.voice_dir, officers, vectors=now.voice.vectors)
    return _tell("opinions passed on to integrity officers: %s", passed)


def publish_opinions(now: Settings) -> int:
    """Sort opinions that came since, and release counts of countries whose month is over; gives how many countries.

    An installation without a key of citizens' voice has none, and is not asked for its database.
    """
    if not now.voice.keys:
        return 0
    from dashboard.database.engine import open_engine
    from dashboard.voice.publication.release import describe, publish_due
    from dashboard.voice.review import sort_new

    sort_new(open_engine(now), now.voice_dir)
    done = publish_due(now, datetime.now(UTC))
    for one in done:
        log.info("counts of opinions released: %s: %s", one.country, describe(one, "en"))
    return len(done)


def train_classifier(now: Settings) -> int:
    """Train the classifier of opinions again where labels have come since, or no backup had its file; whether it was.

    An installation without a key of citizens' voice has none, and is not asked for its database.
    """
    if not now.voice.keys:
        return 0
    from dashboard.database.engine import open_engine
    from dashboard.voice.classifier import TooFewLabels
    from dashboard.voice.review import read_training_state, retrain

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
    """Note the end of the audit trail for readers of the public feed, once a day."""
    if not now.accounts.enabled:
        return
    from dashboard.accounts import audit
    from dashboard.database.engine import open_engine

    audit.publish_head(open_engine(now), datetime.now(UTC).date())


def remove_unfinished(now: Settings) -> int:
    """Remove what was cut short of files that people sent, a day after; gives how many files and folders."""
    if not now.submissions_dir.is_dir():
        return 0
    from dashboard.submissions.inbox import tidy

    return _tell("files cut short removed: %s", tidy(now))


HOURLY = (
    watch_clock, destroy_surveys, destroy_words, end_drafts, remind_of_deadlines, remove_unfinished, train_classifier,
    publish_opinions, publish_audit_head, pull_figures,
)  # fmt: skip
"""The clock first: what is destroyed and published by it is doubted where it leapt. What waits for others is last."""


def look(now: Settings, status: UpkeepStatus) -> UpkeepStatus:
    """Look at every byte of the version in force, and make it anew where it is damaged.

    Args:
        now: where things are.
        status: what was found before; changed and given back.
    """
    status.looks += 1
    try:
        folder = now.dataset_dir
        dataset = Dataset.current(folder)
        faults = [*dataset.verify(), *_manifest(now, dataset)]
    except NotPublished as error:
        if _is_begun(now):
            return status
        faults = [str(error)]
    if not faults:
        status.faults = ()
        _settle(now, status)
        return status
    if tuple(faults) != status.faults:
        log.error("published files are damaged and are not served: %s", "; ".join(faults[:5]))
    status.faults = tuple(faults)
    _heal(now, status)
    return status


def _is_begun(now: Settings) -> bool:
    """Whether nothing was published yet and somebody is about to: a first start loads all editions, then publishes.

    What is made of its record halfway would be figures of an older edition.
    """
    from dashboard.gathering.schedule.lease import is_held

    if (now.dataset_dir / layout.CURRENT).exists():
        return False
    path = now.sqlite_path
    return (path is not None and not path.is_file()) or not agreement.list_issued(now) or is_held(now)


def _settle(now: Settings, status: UpkeepStatus) -> None:
    """Finish or take back a publication that was cut short."""
    from dashboard.operations.settling import settle

    try:
        done = settle(now)
    except Exception as error:
        words = in_words(error) or type(error).__name__
        if words != status.trouble:
            log.error("record and published dataset could not be brought together: %s", words)
        status.trouble = words
        return
    status.trouble = ""
    status.healed += done is not None


def _manifest(now: Settings, dataset: Dataset) -> list[str]:
    """The manifest as it lies on the disk: readers hold what it said when they opened it."""
    from dashboard.dataset.wholeness import read_published

    version, _, digest = read_published(now.dataset_dir)
    return [] if version == dataset.version and digest else ["manifest.json is not as it was published"]


def _heal(now: Settings, status: UpkeepStatus) -> None:
    from dashboard.codebook import loader
    from dashboard.database.engine import open_engine
    from dashboard.dataset.publish import publish

    try:
        agreement.require(now)
        version = publish(open_engine(now), now.dataset_dir, loader.digest_folder(loader.find_folder()))
    except Exception as error:
        words = in_words(error) or type(error).__name__
        if words != status.trouble:
            log.error("what is published could not be made anew: %s", words)
        status.trouble = words
        return
    status.healed += 1
    status.faults, status.trouble = (), ""
    log.warning("the published version %s was made anew from the record", version.name)
