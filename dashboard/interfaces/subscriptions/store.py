"""The SQL of subscriptions; every function works within its caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy import Connection as Connection

from dashboard.interfaces.subscriptions.tables import Subscription

_ROW = Subscription.__table__  # type: ignore[attr-defined]


def find_by_id(connection: Connection, number: int) -> Subscription | None:
    """Return the subscription of this number."""
    return _find_first(connection, _ROW.c.id == number)


def find_to_confirm(connection: Connection, confirm_hash: str, now: datetime) -> Subscription | None:
    """Return the subscription that a link confirms, already confirmed or not; None once it has expired."""
    found = _find_first(connection, _ROW.c.confirm_hash == confirm_hash)
    is_expired = (
        found is not None and found.confirmed_at is None and (found.expires_at is None or found.expires_at <= now)
    )
    return None if is_expired else found


def find_to_stop(connection: Connection, stop_hash: str) -> Subscription | None:
    """Return the subscription that a link stops."""
    return _find_first(connection, _ROW.c.stop_hash == stop_hash)


def _find_first(connection: Connection, condition: ColumnElement[bool]) -> Subscription | None:
    row = connection.execute(select(_ROW).where(condition)).first()
    return Subscription(**row._mapping) if row else None


def list_due(connection: Connection, now: datetime) -> list[int]:
    """Return the numbers of due subscriptions, longest due first."""
    rows = select(_ROW.c.id).where(_ROW.c.due_at <= now).order_by(_ROW.c.due_at, _ROW.c.id)
    return list(connection.execute(rows).scalars())


def list_sealed_otherwise(connection: Connection, secret: str) -> list[Subscription]:
    """Return the subscriptions encrypted with another secret than this."""
    rows = connection.execute(select(_ROW).where(_ROW.c.sealed_with != secret))
    return [Subscription(**row._mapping) for row in rows]


def count_waiting(connection: Connection, now: datetime, bound_mark: str = "", since: datetime | None = None) -> int:
    """Count unconfirmed subscriptions, optionally of one address and since a moment."""
    conditions = [_ROW.c.confirmed_at.is_(None), _ROW.c.expires_at > now]
    conditions += [_ROW.c.bound_mark == bound_mark] if bound_mark else []
    conditions += [_ROW.c.made_at > since] if since else []
    return int(connection.execute(select(func.count()).where(*conditions)).scalar() or 0)


def count_confirmed(connection: Connection, bound_mark: str) -> int:
    """Count the confirmed subscriptions of an address."""
    conditions = (_ROW.c.confirmed_at.is_not(None), _ROW.c.bound_mark == bound_mark)
    return int(connection.execute(select(func.count()).where(*conditions)).scalar() or 0)


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Add a subscription and return its number."""
    row = Subscription.model_validate(dict(values)).model_dump(exclude={"id"})
    number = connection.execute(_ROW.insert().values(**row)).inserted_primary_key
    assert number is not None
    return int(number[0])


def change(connection: Connection, subscription: Subscription, **values: Any) -> bool:
    """Change a subscription that is still as it was read; False if it was changed meanwhile."""
    is_unchanged = (
        _ROW.c.id == subscription.id, _ROW.c.told == subscription.told, _ROW.c.pending == subscription.pending,
        _ROW.c.due_at == subscription.due_at, _ROW.c.confirmed_at.is_not_distinct_from(subscription.confirmed_at),
    )  # fmt: skip
    return connection.execute(update(_ROW).where(*is_unchanged).values(**values)).rowcount == 1


def remove(connection: Connection, subscription: Subscription) -> None:
    """Delete a subscription with its address."""
    connection.execute(delete(_ROW).where(_ROW.c.id == subscription.id))


def remove_replaced(connection: Connection, replacement: Subscription) -> None:
    """Delete other confirmed subscriptions of the same address to the same subject."""
    is_replaced = (
        _ROW.c.address_mark == replacement.address_mark, _ROW.c.countries == replacement.countries,
        _ROW.c.claim == replacement.claim,
        _ROW.c.indicators == replacement.indicators, _ROW.c.id != replacement.id, _ROW.c.confirmed_at.is_not(None),
    )  # fmt: skip
    connection.execute(delete(_ROW).where(*is_replaced))


def expire(connection: Connection, now: datetime) -> int:
    """Delete subscriptions that nobody confirmed in time, and return their number."""
    is_expired = (_ROW.c.confirmed_at.is_(None), _ROW.c.expires_at <= now)
    return connection.execute(delete(_ROW).where(*is_expired)).rowcount
