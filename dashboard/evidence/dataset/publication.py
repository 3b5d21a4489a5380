"""Publication in one step: changes of the record and the dataset built from them take effect together.

If interrupted before the commit, nothing has changed; after it, the next process finishes the publication.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine

from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import is_disk_full, reading, writing
from dashboard.evidence.dataset import layout
from dashboard.evidence.dataset.force import (
    SettledPublication,
    clear_old,
    clear_unfinished,
    compare_with_record,
    lock_folder,
    read_announced,
    settle_publication_on,
    switch_version,
)
from dashboard.evidence.dataset.layout import Version
from dashboard.evidence.dataset.publish import prepare_version, publish
from dashboard.evidence.dataset.travel import offer_version_on, pull_newest
from dashboard.evidence.dataset.wholeness import RecordBehind, explain_going_back

log = logging.getLogger(__name__)


class Unpublished(Exception):
    """Nothing was published or changed: the disk is full or failed. Try again."""

    def __init__(self, full: bool, why: str = "") -> None:
        super().__init__(
            "Not published, and nothing has changed: "
            + ("there is no room left on the disk. Free some" if full else f"the disk refused ({why}). See to it")
            + ", then try again."
        )
        self.full = full


@dataclass(slots=True)
class Publication:
    """A publication under way: write through ``connection``; ``version`` is None without a new vintage."""

    connection: Connection
    version: Version | None = None


@contextmanager
def open_publication(engine: Engine, folder: Path, codebook: str) -> Iterator[Publication]:
    """Publish what is written in the block at its end, or roll all of it back.

    Nothing else may write to the record within the block: SQLite has one writer at a time.

    Raises:
        Unpublished: the disk is full or failed; nothing has changed.
        RecordBehind: the version in force was not built from this record.
    """
    step: Publication | None = None
    with lock_folder(folder):
        _settle_locked(engine, folder)
        try:
            clear_unfinished(folder)
            with writing(engine) as connection:
                before = vintages.list_digests_on(connection)
                if reason := explain_going_back(folder, before):
                    raise RecordBehind(reason)
                step = Publication(connection)
                yield step
                if vintages.list_digests_on(connection) != before:
                    step.version = prepare_version(connection, folder, codebook)
                    offer_version_on(connection, folder, step.version.name)
        except BaseException as error:
            if not clear_failed(engine, folder):
                full = is_disk_full(error)
                if full or isinstance(error, OSError):
                    raise Unpublished(full, getattr(error, "strerror", "") or str(error)) from error
                raise
            log.warning("the record was committed although it said otherwise: %s", type(error).__name__)
        else:
            _activate(folder, step)


@contextmanager
def open_record_transaction(engine: Engine) -> Iterator[Connection]:
    """Open a write transaction for what needs no dataset; raise Unpublished if the disk is full."""
    try:
        with writing(engine) as connection:
            yield connection
    except Exception as error:
        if is_disk_full(error):
            raise Unpublished(full=True) from error
        raise


def finish_publication(engine: Engine, folder: Path, codebook: str) -> SettledPublication | None:
    """Make sure that readers are served what the record holds; quick if they are.

    Returns:
        The publication that was finished or undone, or None.

    Raises:
        RecordBehind: what is served is ahead of the record, or belongs to another one.
    """
    with reading(engine) as connection:
        now = compare_with_record(folder, vintages.list_digests_on(connection))
    if now.todo == "refuse":
        with lock_folder(folder), reading(engine) as connection:  # what was published between both looks is not ahead
            if reason := explain_going_back(folder, vintages.list_digests_on(connection)):
                raise RecordBehind(reason)
        return None
    if not now.todo:
        return None
    done = settle_publication(engine, folder)
    pull_newest(engine, folder)  # what another machine has published is no publication cut short
    with reading(engine) as connection:
        after = compare_with_record(folder, vintages.list_digests_on(connection))
    if after.todo != "finish" or after.announced:
        # one that was damaged here may have come whole from where other machines find it
        return replace(done, finished=True) if done and done.version == after.version else done
    version = publish(engine, folder, codebook)
    return SettledPublication(version.name, version.vintage, finished=True)


def settle_publication(engine: Engine, folder: Path) -> SettledPublication | None:
    """Finish or undo an interrupted publication; return None if there was none."""
    if not (folder / layout.NEXT).exists():
        return None
    with lock_folder(folder):
        return _settle_locked(engine, folder)


def _settle_locked(engine: Engine, folder: Path) -> SettledPublication | None:
    """Do the same as ``settle_publication`` while holding the lock."""
    if not (folder / layout.NEXT).exists():
        return None
    with reading(engine) as connection:
        done = settle_publication_on(connection, folder)
    if done is not None:
        became = "was finished: readers are served it" if done.finished else "was taken back: nothing has changed"
        log.warning("the publication of %s, which was cut short, %s", done.version, became)
    return done


def clear_failed(engine: Engine, folder: Path) -> bool:
    """Clean up after a failure; return True if the record was committed nevertheless."""
    name, _ = read_announced(folder)
    try:
        done = _settle_locked(engine, folder)
        clear_unfinished(folder)
    except Exception as error:  # whoever comes next does it
        log.warning("%s could not be settled: %s", name or "a publication", type(error).__name__)
        return False
    return done is not None and done.finished


def _activate(folder: Path, step: Publication | None) -> None:
    """Switch readers to the committed version; if that fails, the next process finishes."""
    if step is None or step.version is None:
        return
    try:
        if read_announced(folder)[0]:
            switch_version(folder)
    except OSError as error:
        log.error("%s could not be put in force yet: %s", step.version.name, error.strerror)
    with suppress(OSError):
        clear_old(folder, step.version.name)
