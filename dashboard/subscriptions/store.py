"""The SQL of subscriptions; every function works within the transaction of its caller."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy import Connection as Connection

from dashboard.subscriptions.model import Subscription
from dashboard.subscriptions.tables import SubscriptionRow

_ROW = SubscriptionRow.__table__  # type: ignore[attr-defined]


def get(connection: Connection, number: int) -> Subscription | None:
    """The subscription of this number."""
    return _first(connection, _ROW.c.id == number)


def find_to_confirm(connection: Connection, confirm_hash: str, now: datetime) -> Subscription | None:
    """The one that a link confirms, confirmed already or still to be; None where its time is over."""
    found = _first(connection, _ROW.c.confirm_hash == confirm_hash)
    over = found is not None and found.confirmed_at is None and (found.expires_at is None or found.expires_at <= now)
    return None if over else found


def find_to_stop(connection: Connection, stop_hash: str) -> Subscription | None:
    """The one that a link stops."""
    return _first(connection, _ROW.c.stop_hash == stop_hash)


def _first(connection: Connection, condition: ColumnElement[bool]) -> Subscription | None:
    row = connection.execute(select(_ROW).where(condition)).first()
    return Subscription(**row._mapping) if row else None


def list_due(connection: Connection, now: datetime) -> list[int]:
    """Numbers of those that something is to be sent of, the longest due first."""
    rows = select(_ROW.c.id).where(_ROW.c.due_at <= now).order_by(_ROW.c.due_at, _ROW.c.id)
    return list(connection.execute(rows).scalars())


def list_sealed_otherwise(connection: Connection, with_: str) -> list[Subscription]:
    """Those that another secret than the present one has sealed."""
    rows = connection.execute(select(_ROW).where(_ROW.c.sealed_with != with_))
    return [Subscription(**row._mapping) for row in rows]


def count_waiting(connection: Connection, now: datetime, bound_mark: str = "") -> int:
    """How many wait to be confirmed, of one address or of all."""
    conditions = [_ROW.c.confirmed_at.is_(None), _ROW.c.expires_at > now]
    conditions += [_ROW.c.bound_mark == bound_mark] if bound_mark else []
    return int(connection.execute(select(func.count()).where(*conditions)).scalar() or 0)


def count_confirmed(connection: Connection, bound_mark: str) -> int:
    """How many an address has confirmed."""
    conditions = (_ROW.c.confirmed_at.is_not(None), _ROW.c.bound_mark == bound_mark)
    return int(connection.execute(select(func.count()).where(*conditions)).scalar() or 0)


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Keep a new one; gives its number."""
    row = SubscriptionRow.model_validate(dict(values)).model_dump(exclude={"id"})
    number = connection.execute(_ROW.insert().values(**row)).inserted_primary_key
    assert number is not None
    return int(number[0])


def change(connection: Connection, known: Subscription, **values: Any) -> bool:
    """Change one that is as it was read; False where it was stopped, confirmed or told meanwhile."""
    same = (
        _ROW.c.id == known.id, _ROW.c.told == known.told, _ROW.c.pending == known.pending,
        _ROW.c.due_at == known.due_at, _ROW.c.confirmed_at.is_not_distinct_from(known.confirmed_at),
    )  # fmt: skip
    return connection.execute(update(_ROW).where(*same).values(**values)).rowcount == 1


def remove(connection: Connection, number: int) -> None:
    """Forget one with its address."""
    connection.execute(delete(_ROW).where(_ROW.c.id == number))


def remove_replaced(connection: Connection, by: Subscription) -> None:
    """Forget what the same address followed of the same before."""
    same = (
        _ROW.c.address_mark == by.address_mark, _ROW.c.countries == by.countries, _ROW.c.claim == by.claim,
        _ROW.c.indicators == by.indicators, _ROW.c.id != by.id, _ROW.c.confirmed_at.is_not(None),
    )  # fmt: skip
    connection.execute(delete(_ROW).where(*same))


def expire(connection: Connection, now: datetime) -> int:
    """Forget those that nobody confirmed in time; gives how many."""
    over = (_ROW.c.confirmed_at.is_(None), _ROW.c.expires_at <= now)
    return connection.execute(delete(_ROW).where(*over)).rowcount
