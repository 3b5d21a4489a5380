"""Who may do a thing that only one process may do at a time, such as gathering.

``acquire(engine, name, holder, seconds) -> bool``, ``renew(…) -> bool``, ``release(engine, name, holder)``.

A lease ends by the clock of the database, so that machines with different clocks agree; a holder that was killed
is replaced when its time is up.
"""

from sqlalchemy import ColumnElement, Engine, TextClause, literal_column, select, text
from sqlmodel import Field, SQLModel, col

from dashboard.database.engine import reading, writing


class Lease(SQLModel, table=True):
    """A name held by one holder until a moment of the database's clock."""

    name: str = Field(primary_key=True)
    holder: str
    expires_at: float = Field(description="Seconds since 1970-01-01 UTC.")


NOW = {
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
    "postgresql": "extract(epoch from clock_timestamp())::double precision",
}


def acquire(engine: Engine, name: str, holder: str, seconds: float) -> bool:
    """Take the lease for ``seconds``, when it is free, over, or already ours. Atomic.

    Args:
        engine: the database.
        name: what is leased, e.g. ``"gathering"``.
        holder: who takes it; unique per attempt (host, process and a random part).
        seconds: how long it lasts unless renewed.

    Returns:
        Whether it is now ours.
    """
    return _change(
        engine,
        """INSERT INTO lease (name, holder, expires_at) VALUES (:name, :holder, {now} + :seconds)
           ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
           WHERE lease.expires_at <= {now} OR lease.holder = excluded.holder""",
        name=name,
        holder=holder,
        seconds=seconds,
    )


def renew(engine: Engine, name: str, holder: str, seconds: float) -> bool:
    """Extend our lease to ``seconds`` from now; False when it is over or someone else's: stop what it was for."""
    return _change(
        engine,
        "UPDATE lease SET expires_at = {now} + :seconds WHERE name = :name AND holder = :holder AND expires_at > {now}",
        name=name,
        holder=holder,
        seconds=seconds,
    )


def release(engine: Engine, name: str, holder: str) -> bool:
    """Give our lease back; False when it was no longer ours."""
    return _change(engine, "DELETE FROM lease WHERE name = :name AND holder = :holder", name=name, holder=holder)


def holder(engine: Engine, name: str) -> str | None:
    """Who holds the lease now; None when nobody does."""
    with reading(engine) as connection:
        now: ColumnElement[float] = literal_column(NOW[engine.dialect.name])
        return connection.scalar(select(col(Lease.holder)).where(col(Lease.name) == name, col(Lease.expires_at) > now))


def _change(engine: Engine, statement: str, **values: object) -> bool:
    with writing(engine) as connection:
        return connection.execute(_sql(engine, statement), values).rowcount == 1


def _sql(engine: Engine, statement: str) -> TextClause:
    return text(statement.format(now=NOW[engine.dialect.name]))
