"""The SQL of addresses from which figures are fetched; every function works within the transaction of its caller."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection as Connection
from sqlalchemy import delete, func, select, update

from dashboard.contributions.submissions.tables import PullRow

_PULL = PullRow.__table__  # type: ignore[attr-defined]


def get(connection: Connection, number: int) -> PullRow | None:
    """Return the address of this number."""
    row = connection.execute(select(_PULL).where(_PULL.c.id == number)).first()
    return PullRow(**row._mapping) if row else None


def of_office(connection: Connection, country: str, office: int) -> list[PullRow]:
    """Return the addresses of an office, the oldest first."""
    here = (_PULL.c.country == country, _PULL.c.office_number == office)
    return [PullRow(**row._mapping) for row in connection.execute(select(_PULL).where(*here).order_by(_PULL.c.id))]


def due(connection: Connection, now: datetime) -> list[int]:
    """Return numbers of those that are due, the longest due first."""
    return list(connection.execute(select(_PULL.c.id).where(_PULL.c.due_at <= now).order_by(_PULL.c.due_at)).scalars())


def count_failing(connection: Connection) -> int:
    """Return how many of all offices' addresses gave nothing when they were asked last."""
    return int(connection.execute(select(func.count()).where(_PULL.c.failures > 0)).scalar() or 0)


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Keep a new address; gives its number."""
    row = PullRow.model_validate(dict(values)).model_dump(exclude={"id"})
    number = connection.execute(_PULL.insert().values(**row)).inserted_primary_key
    assert number is not None
    return int(number[0])


def change(connection: Connection, pull: PullRow, **values: Any) -> bool:
    """Change an address that is as it was read; False where it was set again or removed meanwhile."""
    here = (_PULL.c.id == pull.id, _PULL.c.set_at == pull.set_at)
    return connection.execute(update(_PULL).where(*here).values(**values)).rowcount == 1


def remove(connection: Connection, number: int) -> None:
    """Forget an address; what came from it stays."""
    connection.execute(delete(_PULL).where(_PULL.c.id == number))
