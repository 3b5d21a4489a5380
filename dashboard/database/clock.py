"""Whether the clock is believed where something is destroyed because its time is over.

A clock that leaps ahead by a year would make every survey file and every raw word of citizens overdue at once. So a
running server notes the time once an hour; after a leap of more than ``LEAP`` what is to be destroyed is counted up to
the moment before it, until the server has run for ``DOUBTED`` with the new time, or the operator says that it is right.
Who was only switched off for a week destroys a few days later; nothing is destroyed by a wrong clock.

``tick(engine, now)``: note the time. ``counted_on(connection, now)``: up to which moment is counted.
``leap(engine, now)``: from when to when it leapt. ``believe(engine, now)``: the operator's word.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlmodel import Field, SQLModel, col

from dashboard.database.columns import Moment
from dashboard.database.engine import reading, writing

LEAP = timedelta(days=3)
"""A step ahead between two looks that is longer is not believed at once. Ours."""

DOUBTED = timedelta(days=7)
"""How long the server must run with the new time until it is believed. Ours."""

BACK = timedelta(hours=1)
"""A step back by less, within the time that is doubted, is no return to the former time."""


class ClockRow(SQLModel, table=True):
    """The last look at the clock, and a leap that is doubted; one row."""

    __tablename__ = "clock"

    id: int = Field(primary_key=True)
    seen_at: datetime = Field(sa_type=Moment)
    leapt_from: datetime | None = Field(default=None, sa_type=Moment)
    leapt_at: datetime | None = Field(default=None, sa_type=Moment)


def note_time(engine: Engine, now: datetime) -> None:
    """Note what the clock says; any number of servers may do so, each with its own."""
    with writing(engine) as connection:
        row = _row(connection)
        if row is None:
            connection.execute(insert(ClockRow).values(id=1, seen_at=now))
            return
        leapt_from, leapt_at = row.leapt_from, row.leapt_at
        if now - row.seen_at > LEAP:
            leapt_from, leapt_at = leapt_from or row.seen_at, now
        elif leapt_at is not None and (now < leapt_at - BACK or now - leapt_at >= DOUBTED):
            leapt_from = leapt_at = None
        values = {"seen_at": now, "leapt_from": leapt_from, "leapt_at": leapt_at}
        connection.execute(update(ClockRow).where(col(ClockRow.id) == 1).values(**values))


def find_counted_on(connection: Connection, now: datetime) -> datetime:
    """Up to which moment something is overdue: now, or the last that was seen before the clock leapt."""
    found = _leap(_row(connection), now)
    return found[0] if found else now


def find_leap(engine: Engine, now: datetime) -> tuple[datetime, datetime] | None:
    """From when to when the clock has leapt, as long as that is doubted; None where it is believed."""
    with reading(engine) as connection:
        return _leap(_row(connection), now)


def believe(engine: Engine, now: datetime) -> None:
    """The clock is right: count with it from now on."""
    with writing(engine) as connection:
        connection.execute(delete(ClockRow))
        connection.execute(insert(ClockRow).values(id=1, seen_at=now))


def _leap(row: ClockRow | None, now: datetime) -> tuple[datetime, datetime] | None:
    if row is None:
        return None
    if row.leapt_at is not None and row.leapt_from is not None and now >= row.leapt_at - BACK:
        return row.leapt_from, row.leapt_at
    return (row.seen_at, now) if row.leapt_at is None and now - row.seen_at > LEAP else None


def _row(connection: Connection) -> ClockRow | None:
    found = connection.execute(select(ClockRow.__table__)).first()  # type: ignore[attr-defined]
    return None if found is None else ClockRow(**found._mapping)
