"""Can this process answer? The database reachable, a dataset published, and which versions are at work."""

import logging
from typing import TYPE_CHECKING, Any

from dashboard.dataset.wholeness import Damaged
from dashboard.release import code_version
from dashboard.services.base.context import context
from dashboard.services.base.errors import NotReady
from dashboard.services.base.stamp import stamp
from dashboard.settings import settings

if TYPE_CHECKING:
    from dashboard.dataset.store import Dataset

log = logging.getLogger(__name__)


def readiness() -> dict[str, Any]:
    """``status`` is ``ready`` or ``not ready``; ``checks`` says of each part ``ok`` or what is wrong."""
    checks = {"database": _database(), "dataset": "ok"}
    versions: dict[str, Any] = {"code": code_version()}
    try:
        ctx = context()
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
    return {"status": "ready" if ready else "not ready", "checks": checks, "versions": versions}


def _whole(dataset: "Dataset") -> str:
    """Whether every file is there as it was published, as far as the file system tells."""
    from dashboard.dataset.wholeness import checked

    for name in dataset.manifest["files"]:
        try:
            checked(dataset.folder, dataset.manifest, name)
        except Damaged:
            return f"{name} is not as it was published; it is not served"
    return "ok"


def _behind() -> str:
    """Whether the record stands behind what is published."""
    from dashboard.database.engine import Unusable
    from dashboard.dataset.agreement import issued
    from dashboard.dataset.wholeness import going_back

    try:
        return "behind what is published" if going_back(settings().dataset_dir, issued(settings())) else "ok"
    except Unusable:
        return "cannot be read; the log says why"


def _database() -> str:
    from dashboard.database.engine import engine, reading

    path = settings().sqlite_path
    if path is not None and not path.exists():
        return "the database file is gone"
    try:
        with reading(engine(settings())) as connection:
            connection.exec_driver_sql("SELECT 1 FROM vintage LIMIT 1")
    except Exception as error:  # whatever the driver raises: the address in its words stays in the log
        log.warning("the database cannot be used yet: %s", type(error).__name__)
        return "cannot be used yet; the log says why"
    return "ok"
