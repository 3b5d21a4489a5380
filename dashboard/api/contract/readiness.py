"""Can this process answer? The database reachable, a dataset published, and which versions are at work.

What is wrong beside that is a warning: the process serves, and somebody must look (``protection.condition``).
"""

import logging
import time
from threading import Lock
from typing import TYPE_CHECKING, Any

from dashboard.dataset.wholeness import Damaged
from dashboard.protection.condition import ConditionFault, faults
from dashboard.release import code_version
from dashboard.services.base.context import open_context
from dashboard.services.base.errors import NotReady
from dashboard.services.base.stamp import stamp
from dashboard.settings import settings

if TYPE_CHECKING:
    from dashboard.dataset.store import Dataset

log = logging.getLogger(__name__)


PARTS = ("database", "dataset", "record", "disk", "clock", "reading", "charts", "mail", "backups")
"""What is looked at. Only the first two, as far as they keep this process from serving, make it not ready."""

KEPT = 5.0
"""Seconds for which a look at all else is kept: anybody may ask as often as they like."""

_kept: tuple[float, object, list[ConditionFault]] = (0.0, None, [])
_lock = Lock()


def readiness() -> dict[str, Any]:
    """``status`` and ``checks``, which say of each part ``ok`` or what is wrong.

    The status is ``ready``, ``degraded`` (it serves, and somebody must look) or ``not ready``.
    """
    checks = {"database": _database(), "dataset": "ok"}
    versions: dict[str, Any] = {"code": code_version()}
    try:
        ctx = open_context()
        versions |= {
            "dataset": ctx.dataset.name,
            "vintage": ctx.dataset.vintage,
            "codebook": ctx.book.version,
            "stamp": stamp(ctx),
        }
        checks["dataset"] = _whole(ctx.dataset)
        if checks["database"] == "ok":
            checks["database"] = _behind()
    except NotReady as error:
        checks["dataset"] = str(error)
    ready = all(state == "ok" for state in checks.values())
    others = {part: "ok" for part in PARTS if part not in checks}
    for fault in _faults() if ready else ():
        others[fault.part] = fault.public
    well = all(state == "ok" for state in others.values())
    status = ("ready" if well else "degraded") if ready else "not ready"
    return {"status": status, "checks": checks | others if ready else checks, "versions": versions}


def _faults() -> list[ConditionFault]:
    """What is wrong, looked for every few seconds and logged when it is new; who asks meanwhile gets the last look."""
    global _kept
    now, place = time.monotonic(), (settings().data_dir, settings().sqlalchemy_url)
    looked, of, known = _kept
    found = known if of == place else []
    if (of == place and now - looked <= KEPT) or not _lock.acquire(blocking=False):
        return found
    try:
        before = {fault.part for fault in found}
        found = faults(settings())
        _kept = (now, place, found)
    finally:
        _lock.release()
    for fault in found:
        if fault.part not in before:
            log.warning("%s: %s. %s", fault.part, fault.words.rstrip("."), fault.do)
    return found


def _whole(dataset: "Dataset") -> str:
    """Whether every file is there as it was published, as far as the file system tells."""
    from dashboard.dataset.wholeness import check_file

    for name in dataset.manifest["files"]:
        try:
            check_file(dataset.folder, dataset.manifest, name)
        except Damaged:
            return f"{name} is not as it was published; it is not served"
    return "ok"


def _behind() -> str:
    """Whether the record stands behind what is published."""
    from dashboard.database.engine import Unusable
    from dashboard.dataset.agreement import explain_behind

    try:
        return "behind what is published" if explain_behind(settings()) else "ok"
    except Unusable:
        return "cannot be read; the log says why"


def _database() -> str:
    from dashboard.database.engine import answer_of, explain_loss, open_engine, reading

    path = settings().sqlite_path
    if path is not None and not path.exists():
        return "the database file is gone"
    if path is not None and (words := explain_loss(path)):
        log.error("%s", words)
        return "its file or its log was removed under the server: restart it"
    try:
        with reading(open_engine(settings())) as connection:
            answer_of(connection)
    except Exception as error:  # whatever the driver raises: the address in its words stays in the log
        log.warning("the database cannot be used yet: %s", type(error).__name__)
        return "cannot be used yet; the log says why"
    return "ok"
