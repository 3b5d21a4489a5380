"""Leases on work that only one process may do at a time, such as gathering.

A lease expires by the database's clock, so that machines agree and a killed holder is replaced.
"""

from sqlalchemy import ColumnElement, Engine, literal_column, select, text
from sqlmodel import Field, SQLModel, col

from dashboard.evidence.database.engine import reading, writing


class Lease(SQLModel, table=True):
    """A name leased by a holder until a moment of the database's clock."""

    name: str = Field(primary_key=True)
    holder: str
    expires_at: float = Field(description="Seconds since 1970-01-01 UTC.")


NOW_SQL = {
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
    "postgresql": "extract(epoch from clock_timestamp())::double precision",
}


def acquire_lease(engine: Engine, name: str, holder: str, seconds: float) -> bool:
    """Take the lease for ``seconds`` if it is free, expired or already ours; return True on success.

    ``holder`` must be unique per attempt (host, process and a random part).
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


def renew_lease(engine: Engine, name: str, holder: str, seconds: float) -> bool:
    """Extend our lease to ``seconds`` from now; return False if it expired or belongs to another."""
    return _change(
        engine,
        "UPDATE lease SET expires_at = {now} + :seconds WHERE name = :name AND holder = :holder AND expires_at > {now}",
        name=name,
        holder=holder,
        seconds=seconds,
    )


def release_lease(engine: Engine, name: str, holder: str) -> bool:
    """Release our lease; return False if it was no longer ours."""
    return _change(engine, "DELETE FROM lease WHERE name = :name AND holder = :holder", name=name, holder=holder)


def find_holder(engine: Engine, name: str) -> str | None:
    """Who holds the lease now; None when nobody does."""
    with reading(engine) as connection:
        now: ColumnElement[float] = literal_column(NOW_SQL[engine.dialect.name])
        return connection.scalar(select(col(Lease.holder)).where(col(Lease.name) == name, col(Lease.expires_at) > now))


def _change(engine: Engine, statement: str, **values: object) -> bool:
    with writing(engine) as connection:
        sql = text(statement.format(now=NOW_SQL[engine.dialect.name]))
        return connection.execute(sql, values).rowcount == 1
