"""The SQL of drafts that are typed in the page; every function works within the transaction of its caller."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection as Connection
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from dashboard.contributions.submissions.tables import GridDraftRow

_TABLE = GridDraftRow.__table__  # type: ignore[attr-defined]

_KEY = ("country", "office_number", "period")

Key = tuple[str, int, str]
"""Country, number of the office, year."""

Cells = Mapping[str, Mapping[str, str]]
"""Row → column → what is written there."""


def find_draft(connection: Connection, key: Key) -> GridDraftRow | None:
    """Return the draft of a year, where something was ever kept of it."""
    with Session(connection) as session:
        return session.get(GridDraftRow, key)


def keep_draft(connection: Connection, key: Key, version: int, values: Mapping[str, Any]) -> bool:
    """Keep a draft in the place of this version of it, 0 for none; False where somebody else was faster."""
    after = {**values, "version": version + 1}
    if version:
        here = (*_where(key), _TABLE.c.version == version)
        return connection.execute(update(_TABLE).where(*here).values(**after)).rowcount == 1
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = dict(zip(_KEY, key, strict=True)) | after
    made = insert(_TABLE).values(**row).on_conflict_do_nothing().returning(_TABLE.c.version)
    return connection.execute(made).first() is not None  # of an insertion PostgreSQL's driver tells no count of rows


def set_submission(connection: Connection, key: Key, mark: str, number: int) -> None:
    """Keep which submission was made of a draft."""
    connection.execute(update(_TABLE).where(*_where(key), _TABLE.c.mark == mark).values(submission=number))


def remove_before(connection: Connection, moment: datetime) -> list[Key]:
    """Remove drafts in which nobody has written since a moment; gives which."""
    old = connection.execute(select(_TABLE).where(_TABLE.c.saved_at <= moment)).all()
    for row in old:
        key = row.country, row.office_number, row.period
        connection.execute(delete(_TABLE).where(*_where(key), _TABLE.c.version == row.version))
    return [(row.country, row.office_number, row.period) for row in old]


def _where(key: Key) -> tuple[Any, ...]:
    return tuple(_TABLE.c[name] == value for name, value in zip(_KEY, key, strict=True))
