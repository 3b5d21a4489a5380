"""How many files an account and a country may have open, and how large they may be together.

A file counts while its submission is open (sent, and neither published nor withdrawn), and in any case for a day: who
sends and withdraws fills the disk too.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from dashboard.accounts.model import Principal
from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.model import MAX_BYTES, UploadRefused
from dashboard.settings import Settings, SubmissionSettings

FRESH = timedelta(days=1)
"""How long a file counts whatever becomes of it."""

MEGABYTE = 10**6


class Limit(NamedTuple):
    """What one may have: files, and bytes of them all."""

    files: int
    size: int


class Full(UploadRefused):
    """There is no room for another file; ``values`` say how much is used."""

    def __init__(self, whose: str, used: store.Used, limit: Limit, *, files: bool) -> None:
        values = {
            "files": str(used.files), "most_files": str(limit.files), "size": _megabytes(used.size),
            "most_size": _megabytes(limit.size),
        }  # fmt: skip
        words = "Your account" if whose == "account" else "Your country"
        super().__init__(
            f"quota_{'files' if files else 'bytes'}",
            f"{words} has {values['files']} of {values['most_files']} files open, {values['size']} of "
            f"{values['most_size']} MB together: this file does not fit. Withdraw at /contribute/ what is not needed, "
            "or have it decided on; what was sent within a day counts in any case.",
        )
        self.values = values


class Room(NamedTuple):
    """Bytes that a file may have, and why not more; no ``full`` where only its kind limits it."""

    size: int
    full: Full | None = None


def limits(settings: SubmissionSettings) -> dict[str, Limit]:
    """Return the limits of one account and of one country."""
    return {
        "account": Limit(settings.account_files, settings.account_megabytes * MEGABYTE),
        "country": Limit(settings.country_files, settings.country_megabytes * MEGABYTE),
    }


def room_on(connection: store.Connection, settings: Settings, by: Principal, now: datetime, size: int = 1) -> Room:
    """Return what a further file of somebody may have.

    Args:
        connection: of a transaction.
        settings: with the limits.
        by: who sends it.
        now: the moment.
        size: bytes that it has at least.

    Raises:
        Full: it may have none, or fewer than ``size``.
    """
    room = Room(MAX_BYTES)
    whose = {"account": {"account": by.id}, "country": {"country": by.country}}
    for name, limit in limits(settings.submissions).items():
        used = store.used(connection, now - FRESH, **whose[name])  # type: ignore[arg-type]
        if used.files >= limit.files:
            raise Full(name, used, limit, files=True)
        if used.size + size > limit.size:
            raise Full(name, used, limit, files=False)
        if limit.size - used.size < room.size:
            room = Room(limit.size - used.size, Full(name, used, limit, files=False))
    return room


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".removesuffix(".0")
