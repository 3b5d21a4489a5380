"""The end of a survey's file: destroyed on publication, withdrawal or after thirty days, with a receipt."""

from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.accounts import audit
from dashboard.contributions.submissions.microdata import sealed, store
from dashboard.contributions.submissions.tables import SurveyFileRow
from dashboard.evidence.database import clock
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings

RETENTION = timedelta(days=30)
"""How long a survey's file is kept at most. Ours."""

ORPHANED = 24 * 3600.0
"""Seconds after which an encrypted file that no submission names is destroyed."""


def sweep(settings: Settings, now: datetime | None = None) -> int:
    """Destroy every file whose time has come, as far as the clock is believed, and what was cut short; how many went.

    The key goes first, then the word that it is gone is written, then the file: killed in between, the next sweep goes
    on. Of several servers only the one that holds the file can destroy it, and only that one writes that it did.
    """
    moment = now or datetime.now(UTC)
    with reading(open_engine(settings)) as connection:
        until = clock.find_trusted_time(connection, moment)
        due = store.due(connection, until)
        known = store.names(connection)
    gone = 0
    for number, name, why in due:
        if not any(path.exists() for path in sealed.places(settings, name)):
            continue
        sealed.destroy_key(settings, name)
        with writing(open_engine(settings)) as connection:
            if store.destroyed(connection, number, moment, why):
                audit.record(
                    connection, action="survey.destroyed", subject=f"submission {number}", by=None,
                    after={"why": why, "key": name},
                )  # fmt: skip
        sealed.destroy(settings, name)
        gone += 1
    return gone + _orphans(settings, known, until)


def receipt(file: SurveyFileRow, sha256: str) -> dict[str, Any]:
    """Return the receipt of destruction: what was destroyed, when, why and how; empty before."""
    if file.destroyed_at is None:
        return {}
    return {
        "submission": file.submission,
        "file_sha256": sha256,
        "key": file.name,
        "destroyed_at": file.destroyed_at.isoformat(),
        "why": file.destroyed_why,
        "how": "The file was kept encrypted (AES-256-GCM) under a key of its own; key and file were removed.",
    }


def _orphans(settings: Settings, known: set[str], moment: datetime) -> int:
    gone = 0
    for name in sealed.names(settings):
        if name in known:
            continue
        ages = [path.stat().st_mtime for path in sealed.places(settings, name) if path.exists()]
        if ages and moment.timestamp() - max(ages) > ORPHANED:
            sealed.destroy(settings, name)
            gone += 1
    return gone
