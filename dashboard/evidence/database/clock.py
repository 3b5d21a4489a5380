"""Guard deletions by age against a clock that leaps ahead.

A leap of more than ``MAX_TRUSTED_STEP`` is distrusted until the server has run for ``DISTRUST_PERIOD`` or the operator
confirms the time; until then only what was overdue before the leap is deleted.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlmodel import Field, SQLModel, col

from dashboard.evidence.database.columns import Moment
from dashboard.evidence.database.engine import reading, writing

MAX_TRUSTED_STEP = timedelta(days=3)
"""A step ahead between two looks that is longer is not believed at once. Ours."""

DISTRUST_PERIOD = timedelta(days=7)
"""How long the server must run with the new time until it is believed. Ours."""

STEP_BACK_TOLERANCE = timedelta(hours=1)
"""A step back by less, within the time that is doubted, is no return to the former time."""


class ClockRow(SQLModel, table=True):
    """The last time recorded and a leap not trusted yet; a single row."""

    __tablename__ = "clock"

    id: int = Field(primary_key=True)
    seen_at: datetime = Field(sa_type=Moment)
    leapt_from: datetime | None = Field(default=None, sa_type=Moment)
    leapt_at: datetime | None = Field(default=None, sa_type=Moment)


def record_time(engine: Engine, now: datetime) -> None:
    """Record the current time and detect leaps; several servers may do so."""
    with writing(engine) as connection:
        row = _read_row(connection)
        if row is None:
            connection.execute(insert(ClockRow).values(id=1, seen_at=now))
            return
        leapt_from, leapt_at = row.leapt_from, row.leapt_at
        if now - row.seen_at > MAX_TRUSTED_STEP:
            leapt_from, leapt_at = leapt_from or row.seen_at, now
        elif leapt_at is not None and (now < leapt_at - STEP_BACK_TOLERANCE or now - leapt_at >= DISTRUST_PERIOD):
            leapt_from = leapt_at = None
        values = {"seen_at": now, "leapt_from": leapt_from, "leapt_at": leapt_at}
        connection.execute(update(ClockRow).where(col(ClockRow.id) == 1).values(**values))


def find_trusted_time(connection: Connection, now: datetime) -> datetime:
    """Return the moment up to which deadlines count: now, or the last one before an untrusted leap."""
    leap = _find_leap(_read_row(connection), now)
    return leap[0] if leap else now


def find_leap(engine: Engine, now: datetime) -> tuple[datetime, datetime] | None:
    """Return start and end of a leap not trusted yet, or None."""
    with reading(engine) as connection:
        return _find_leap(_read_row(connection), now)


def trust_clock(engine: Engine, now: datetime) -> None:
    """Confirm that the clock is right."""
    with writing(engine) as connection:
        connection.execute(delete(ClockRow))
        connection.execute(insert(ClockRow).values(id=1, seen_at=now))


def _find_leap(row: ClockRow | None, now: datetime) -> tuple[datetime, datetime] | None:
    if row is None:
        return None
    if row.leapt_at is not None and row.leapt_from is not None and now >= row.leapt_at - STEP_BACK_TOLERANCE:
        return row.leapt_from, row.leapt_at
    return (row.seen_at, now) if row.leapt_at is None and now - row.seen_at > MAX_TRUSTED_STEP else None


def _read_row(connection: Connection) -> ClockRow | None:
    found = connection.execute(select(ClockRow.__table__)).first()  # type: ignore[attr-defined]
    return None if found is None else ClockRow(**found._mapping)
