"""Can this process answer? The database reachable, a dataset published, and which versions are at work."""

import logging
from typing import Any

from dashboard.services.context import context
from dashboard.services.errors import NotReady
from dashboard.services.versions import code_version, stamp
from dashboard.settings import settings

log = logging.getLogger(__name__)


def readiness() -> dict[str, Any]:
    """``status`` is ``ready`` or ``not ready``; ``checks`` says of each part ``ok`` or what is wrong."""
    checks = {"database": _database(), "dataset": "ok"}
    versions: dict[str, Any] = {"code": code_version()}
    try:
        ctx = context()
        versions |= {
            "dataset": ctx.dataset.version,
            "vintage": ctx.dataset.vintage,
            "codebook": ctx.book.version,
            "stamp": stamp(ctx),
        }
    except NotReady as error:
        checks["dataset"] = str(error)
    ready = all(state == "ok" for state in checks.values())
    return {"status": "ready" if ready else "not ready", "checks": checks, "versions": versions}


def _database() -> str:
    from dashboard.database.engine import engine, reading

    try:
        with reading(engine(settings())) as connection:
            connection.exec_driver_sql("SELECT 1 FROM vintage LIMIT 1")
    except Exception as error:  # whatever the driver raises: the address in its words stays in the log
        log.warning("the database cannot be used yet: %s", type(error).__name__)
        return "cannot be used yet; the log says why"
    return "ok"
