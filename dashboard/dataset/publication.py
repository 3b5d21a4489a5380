"""Publication as one step: what is written to the record and the dataset made of it come into force together.

``with publishing(engine, folder, codebook) as step:`` write through ``step.connection``; at the end of the block the
dataset is built from the transaction, made durable and announced, the transaction is committed, and readers are
switched by renaming one file. Killed or without room before the commit, nothing has changed; after it, whoever comes
next finishes (``finish``). Readers see the old version or the new one.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine

from dashboard.database import vintages
from dashboard.database.engine import is_disk_full, reading, writing
from dashboard.dataset import layout
from dashboard.dataset.force import (
    Settled,
    clear_old,
    clear_unfinished,
    compare_with_record,
    lock_folder,
    read_announced,
    settle_on,
    switch,
)
from dashboard.dataset.layout import Version
from dashboard.dataset.publish import prepare_version, publish
from dashboard.dataset.travel import offer_on, pull
from dashboard.dataset.wholeness import GoesBack, explain_going_back

log = logging.getLogger(__name__)


class Unpublished(Exception):
    """Nothing was published, and nothing has changed: the disk has no room, or refused. Try again."""

    def __init__(self, full: bool, why: str = "") -> None:
        super().__init__(
            "Not published, and nothing has changed: "
            + ("there is no room left on the disk. Free some" if full else f"the disk refused ({why}). See to it")
            + ", then try again."
        )
        self.full = full


@dataclass(slots=True)
class Publication:
    """One on its way: write through ``connection``; ``version`` is what came of it, None without a new vintage."""

    connection: Connection
    version: Version | None = None


@contextmanager
def open_publication(engine: Engine, folder: Path, codebook: str) -> Iterator[Publication]:
    """What is written in the block is published at its end, or nothing of it is in the record.

    Nothing else may write to the record within the block but ``connection``: SQLite has one writer at a time.

    Args:
        engine: the record.
        folder: the folder of published datasets; made when absent.
        codebook: version of the codebook in effect.

    Raises:
        Unpublished: there was no room, or the disk refused; nothing has changed.
        GoesBack: the record is not the one that the version in force was made of.
    """
    step: Publication | None = None
    with lock_folder(folder):
        _settled(engine, folder)
        try:
            clear_unfinished(folder)
            with writing(engine) as connection:
                before = vintages.list_issued_on(connection)
                if reason := explain_going_back(folder, before):
                    raise GoesBack(reason)
                step = Publication(connection)
                yield step
                if vintages.list_issued_on(connection) != before:
                    step.version = prepare_version(connection, folder, codebook)
                    offer_on(connection, folder, step.version.name)
        except BaseException as error:
            if not clear_failed(engine, folder):
                full = is_disk_full(error)
                if full or isinstance(error, OSError):
                    raise Unpublished(full, getattr(error, "strerror", "") or str(error)) from error
                raise
            log.warning("the record was committed although it said otherwise: %s", type(error).__name__)
        else:
            _switch(folder, step)


@contextmanager
def open_record(engine: Engine) -> Iterator[Connection]:
    """The same for what is published by the record alone (counts, voices): all of it is written, or nothing.

    Raises:
        Unpublished: there was no room; nothing has changed.
    """
    try:
        with writing(engine) as connection:
            yield connection
    except Exception as error:
        if is_disk_full(error):
            raise Unpublished(full=True) from error
        raise


def finish(engine: Engine, folder: Path, codebook: str) -> Settled | None:
    """Look both ways, and see to it that readers are served what the record says; quick when they are.

    Returns:
        What was finished or taken back; None where record and served agreed, or nothing was ever written.

    Raises:
        GoesBack: what is served is ahead of the record, or of another one.
    """
    with reading(engine) as connection:
        now = compare_with_record(folder, vintages.list_issued_on(connection))
    if now.todo == "refuse":
        with lock_folder(folder), reading(engine) as connection:  # what was published between both looks is not ahead
            if reason := explain_going_back(folder, vintages.list_issued_on(connection)):
                raise GoesBack(reason)
        return None
    if not now.todo:
        return None
    done = settle(engine, folder)
    pull(engine, folder)  # what another machine has published is no publication cut short
    with reading(engine) as connection:
        after = compare_with_record(folder, vintages.list_issued_on(connection))
    if after.todo != "finish" or after.announced:
        # one that was damaged here may have come whole from where other machines find it
        return replace(done, finished=True) if done and done.version == after.version else done
    version = publish(engine, folder, codebook)
    return Settled(version.name, version.vintage, finished=True)


def settle(engine: Engine, folder: Path) -> Settled | None:
    """Finish or take back what was announced and cut short; None where nothing was."""
    if not (folder / layout.NEXT).exists():
        return None
    with lock_folder(folder):
        return _settled(engine, folder)


def _settled(engine: Engine, folder: Path) -> Settled | None:
    """``settle`` for whoever holds the lock."""
    if not (folder / layout.NEXT).exists():
        return None
    with reading(engine) as connection:
        done = settle_on(connection, folder)
    if done is not None:
        became = "was finished: readers are served it" if done.finished else "was taken back: nothing has changed"
        log.warning("the publication of %s, which was cut short, %s", done.version, became)
    return done


def clear_failed(engine: Engine, folder: Path) -> bool:
    """Clear away what failed; True where the record was committed in spite of it."""
    name, _ = read_announced(folder)
    try:
        done = _settled(engine, folder)
        clear_unfinished(folder)
    except Exception as error:  # whoever comes next does it
        log.warning("%s could not be settled: %s", name or "a publication", type(error).__name__)
        return False
    return done is not None and done.finished


def _switch(folder: Path, step: Publication | None) -> None:
    """The record is committed: what fails from here on is finished by whoever comes next, and no failure of it."""
    if step is None or step.version is None:
        return
    try:
        if read_announced(folder)[0]:
            switch(folder)
    except OSError as error:
        log.error("%s could not be put in force yet: %s", step.version.name, error.strerror)
    with suppress(OSError):
        clear_old(folder, step.version.name)
