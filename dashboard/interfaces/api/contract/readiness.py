"""Check that this process can answer: the database is reachable and a dataset is published.

Other faults are warnings: the process serves, and somebody must look (``protection.condition``).
"""

import logging
import time
from threading import Lock
from typing import TYPE_CHECKING, Any

from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import NotReady
from dashboard.answers.base.stamp import write_stamp
from dashboard.evidence.dataset.wholeness import Damaged
from dashboard.interfaces.protection.condition import ConditionFault, find_faults
from dashboard.runtime.release import code_version
from dashboard.settings import settings

if TYPE_CHECKING:
    from dashboard.evidence.dataset.store import Dataset

log = logging.getLogger(__name__)


PARTS = ("database", "dataset", "record", "disk", "clock", "reading", "charts", "pages", "mail", "backups")
"""The parts that are checked. Only the first two can make this process not ready."""

CHECK_INTERVAL_S = 5.0
"""Time for which the result of all other checks is kept, since anybody may ask often."""

_kept: tuple[float, object, list[ConditionFault]] = (0.0, None, [])
_lock = Lock()


def check_readiness() -> dict[str, Any]:
    """Return the status and the state of each part: ``ok`` or what is wrong.

    The status is ``ready``, ``degraded`` (it serves, and somebody must look) or ``not ready``.
    """
    checks = {"database": _check_database(), "dataset": "ok"}
    versions: dict[str, Any] = {"code": code_version()}
    try:
        ctx = open_context()
        versions |= {
            "dataset": ctx.dataset.name,
            "vintage": ctx.dataset.vintage,
            "codebook": ctx.book.version,
            "stamp": write_stamp(ctx),
        }
        checks["dataset"] = _check_files(ctx.dataset)
        if checks["database"] == "ok":
            checks["database"] = _check_record()
    except NotReady as error:
        checks["dataset"] = str(error)
    ready = all(state == "ok" for state in checks.values())
    others = {part: "ok" for part in PARTS if part not in checks}
    for fault in _find_faults() if ready else ():
        others[fault.part] = fault.public
    is_well = all(state == "ok" for state in others.values())
    status = ("ready" if is_well else "degraded") if ready else "not ready"
    return {"status": status, "checks": checks | others if ready else checks, "versions": versions}


def _find_faults() -> list[ConditionFault]:
    """Return the faults, found again every few seconds; concurrent callers get the last result."""
    global _kept
    now, installation = time.monotonic(), (settings().data_dir, settings().sqlalchemy_url)
    checked_at, checked, last_faults = _kept
    faults = last_faults if checked == installation else []
    if (checked == installation and now - checked_at <= CHECK_INTERVAL_S) or not _lock.acquire(blocking=False):
        return faults
    try:
        before = {fault.part for fault in faults}
        faults = find_faults(settings())
        _kept = (now, installation, faults)
    finally:
        _lock.release()
    for fault in faults:
        if fault.part not in before:
            log.warning("%s: %s. %s", fault.part, fault.words.rstrip("."), fault.do)
    return faults


def _check_files(dataset: "Dataset") -> str:
    """Return "ok" if every file looks as it was published, by size and time."""
    from dashboard.evidence.dataset.wholeness import check_file

    for name in dataset.manifest["files"]:
        try:
            check_file(dataset.folder, dataset.manifest, name)
        except Damaged:
            return f"{name} is not as it was published; it is not served"
    return "ok"


def _check_record() -> str:
    """Return "ok" if the record is not behind the published dataset."""
    from dashboard.evidence.database.engine import Unusable
    from dashboard.evidence.dataset.agreement import explain_record_behind

    try:
        return "behind what is published" if explain_record_behind(settings()) else "ok"
    except Unusable:
        return "cannot be read; the log says why"


def _check_database() -> str:
    from dashboard.evidence.database.engine import explain_loss, open_engine, ping_database, reading

    path = settings().sqlite_path
    if path is not None and not path.exists():
        return "the database file is gone"
    if path is not None and (words := explain_loss(path)):
        log.error("%s", words)
        return "its file or its log was removed under the server: restart it"
    try:
        with reading(open_engine(settings())) as connection:
            ping_database(connection)
    except Exception as error:  # whatever the driver raises: the address in its words stays in the log
        log.warning("the database cannot be used yet: %s", type(error).__name__)
        return "cannot be used yet; the log says why"
    return "ok"
