"""A start without a network: database, embedded datasets as the first vintages, published dataset.

``ensure_ready`` is what ``serve`` and tests call; every step is done once and found done afterwards.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.evidence.codebook import loader
from dashboard.evidence.database import runs, vintages
from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.evidence.dataset.store import Dataset, NotPublished
from dashboard.evidence.gathering import embedded, renewal
from dashboard.evidence.gathering.schedule.lease import GatheringBusy, hold_lease
from dashboard.evidence.gathering.snapshot import FOLDER, MANIFEST, OBSERVATIONS
from dashboard.settings import Settings

if TYPE_CHECKING:
    from dashboard.evidence.dataset.layout import Version

PATIENCE = 120.0
"""Seconds to wait for another process that is loading the embedded dataset, or gathering."""


def ensure_ready(settings: Settings, say: Callable[[str], object] = print) -> None:
    """Bring database, embedded dataset and published dataset to where pages can be served; quick when they are.

    Args:
        say: told what is done, line by line; not called when all is done already.

    Raises:
        DamagedEmbedded: the embedded dataset is not whole.
        Busy: another process has been loading or gathering into an empty database for two minutes.
    """
    migrate(settings)
    ensure_embedded(settings, say)
    ensure_published(settings, say)


def ensure_embedded(
    settings: Settings, say: Callable[[str], object] = lambda line: None, folder: Path = FOLDER
) -> bool:
    """Load the embedded datasets, oldest first, when the record holds no vintage yet.

    Each is a vintage dated as the dataset is (``manifest.json``), so that ``as of`` answers truthfully and what the
    newer editions changed can be asked for. A newer one that came with a new release to a record in use becomes a
    further vintage of today, with the series that were not received later still.

    Returns:
        Whether one was loaded now; never in a training workspace, whose figures are all invented.
    """
    if settings.training:
        return False
    record = open_engine(settings)
    deadline = time.monotonic() + PATIENCE
    while vintages.find_latest(record) is None:
        try:
            with hold_lease(settings):
                if vintages.find_latest(record) is None:
                    say("Loading the embedded dataset…")
                    _begin(settings, folder)
                    return True
        except GatheringBusy:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    if not _is_newer(settings, folder):
        return False
    try:
        with hold_lease(settings):
            if not _is_newer(settings, folder):
                return False
            say("Loading the newer embedded dataset…")
            renewal.renew(settings, folder)
            return True
    except GatheringBusy:  # a gathering is under way: the next start does it
        return False


def _is_newer(settings: Settings, folder: Path) -> bool:
    """Return True if the product came with a later embedded dataset than the record's.

    One of the same day with other rows is later too: a release that reads the same files better.
    """
    loaded = runs.find_last_success(open_engine(settings), embedded.TRIGGER)
    if loaded is None:  # what is in the record was gathered
        return False
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        date, rows = manifest["date"], manifest["files"][OBSERVATIONS]
    except (OSError, ValueError, KeyError):  # what was loaded before serves as well
        return False
    return bool(date > loaded.plan["date"] or (date == loaded.plan["date"] and rows != loaded.plan.get("rows")))


def ensure_published(settings: Settings, say: Callable[[str], object] = lambda line: None) -> "Version | None":
    """Publish the newest vintage when it is not what readers see: after a crash, an upgrade or a new codebook.

    Returns:
        What was published, or None when it was already.
    """
    record = open_engine(settings)
    last = vintages.find_latest(record)
    if last is None:
        return None
    book = loader.hash_folder(loader.find_folder())
    from dashboard.evidence.dataset.publication import settle_publication
    from dashboard.evidence.dataset.travel import offer_version, pull_newest

    try:
        settle_publication(record, settings.dataset_dir)
        pull_newest(record, settings.dataset_dir)  # what another machine has published need not be built here
        seen = Dataset.current(settings.dataset_dir)
        if seen.manifest["digest"] == last.digest and seen.codebook == book:
            offer_version(record, settings.dataset_dir, seen.version)
            return None
    except NotPublished:
        pass
    from dashboard.evidence.dataset.publish import publish

    version = publish(record, settings.dataset_dir, book)
    say(f"Published dataset {version.name}: {version.rows} rows of vintage {version.vintage}.")
    return version


def _begin(settings: Settings, folder: Path) -> None:
    """Load every embedded dataset into an empty record, each as the vintage of its own day.

    All are read first: a record begun with one of them and not the next would be one that nobody can explain.
    """
    first, *later = embedded.list_editions(folder)
    for path in later:
        embedded.read(path)
    embedded.load(settings, first)
    for path in later:
        renewal.renew(settings, path, at=embedded.read_moment(embedded.read(path)[0]))
