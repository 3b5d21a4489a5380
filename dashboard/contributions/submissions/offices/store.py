"""The SQL of offices side by side; every function works within the transaction of its caller."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection as Connection
from sqlalchemy import delete, or_, select, update
from sqlmodel import Session

from dashboard.contributions.submissions.tables import AssignmentRow, ChoiceRow, OfficeConflict

_ASSIGNMENT = AssignmentRow.__table__  # type: ignore[attr-defined]
_CHOICE = ChoiceRow.__table__  # type: ignore[attr-defined]
_CONFLICT = OfficeConflict.__table__  # type: ignore[attr-defined]


def assignments(connection: Connection, country: str) -> dict[str, int]:
    """Return indicators of a country that one office alone sends → its number."""
    rows = connection.execute(select(_ASSIGNMENT).where(_ASSIGNMENT.c.country == country))
    return {row.indicator: row.office_number for row in rows}


def assign(connection: Connection, country: str, indicator: str, office: int) -> None:
    """Give an indicator to one office alone; 0: to any of them."""
    here = (_ASSIGNMENT.c.country == country, _ASSIGNMENT.c.indicator == indicator)
    connection.execute(delete(_ASSIGNMENT).where(*here))
    if office:
        connection.execute(_ASSIGNMENT.insert().values(country=country, indicator=indicator, office_number=office))


def find_choice(connection: Connection, country: str, office: int) -> list[str]:
    """Return the indicators an office has chosen to send; none before it has."""
    here = (_CHOICE.c.country == country, _CHOICE.c.office_number == office)
    return list(connection.execute(select(_CHOICE.c.indicators).where(*here)).scalar() or [])


def set_choice(connection: Connection, country: str, office: int, indicators: Sequence[str]) -> None:
    """Keep the indicators an office sends, instead of those before."""
    here, chosen = (_CHOICE.c.country == country, _CHOICE.c.office_number == office), list(indicators)
    if connection.execute(update(_CHOICE).where(*here).values(indicators=chosen)).rowcount == 0:
        connection.execute(_CHOICE.insert().values(country=country, office_number=office, indicators=chosen))


def add_conflict(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep a figure that two offices send; an open one of the same office about it is renewed by this."""
    same = ("country", "indicator", "period", "dimensions", "office_number")
    here = (*(_CONFLICT.c[name] == values[name] for name in same), _CONFLICT.c.state == "open")
    connection.execute(update(_CONFLICT).where(*here).values(state="renewed"))
    row = OfficeConflict.model_validate({**values, "state": "open"}).model_dump(exclude={"id"})
    connection.execute(_CONFLICT.insert().values(**row))


def get_conflict(connection: Connection, number: int) -> OfficeConflict | None:
    """Return the conflict of this number."""
    with Session(connection) as session:
        return session.get(OfficeConflict, number)


def conflicts(connection: Connection, country: str, submission: int = 0) -> list[OfficeConflict]:
    """Conflicts of a country, open ones first, then the newest; where it is given, those a submission is a side of."""
    query = select(OfficeConflict).where(_CONFLICT.c.country == country, _CONFLICT.c.state != "renewed")
    if submission:
        query = query.where(or_(_CONFLICT.c.submission == submission, _CONFLICT.c.holder == submission))
    with Session(connection) as session:
        return sorted(session.scalars(query.order_by(_CONFLICT.c.id.desc())), key=lambda one: one.state != "open")


def decide(connection: Connection, number: int, **values: Any) -> bool:
    """Close an open conflict; False when somebody was faster."""
    here = (_CONFLICT.c.id == number, _CONFLICT.c.state == "open")
    return connection.execute(update(_CONFLICT).where(*here).values(state="decided", **values)).rowcount == 1
