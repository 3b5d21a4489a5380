"""Decisions in the database (SQLite or PostgreSQL): ``add``, ``move``, ``decision_of``, ``listing``, ``countries``."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy import Engine as Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from dashboard.contributions.actions.tables import Decision
from dashboard.evidence.database.engine import reading


def add(connection: Connection, row: Decision) -> int | None:
    """Keep a new decision; its number, or None where there is one on the same figure already."""
    try:
        with connection.begin_nested():
            made = connection.execute(Decision.__table__.insert(), row.model_dump(exclude={"id"}))  # type: ignore[attr-defined]
    except IntegrityError:
        return None
    key = made.inserted_primary_key
    return int(key[0]) if key else None


def move(connection: Connection, number: int, states: tuple[str, ...], values: Mapping[str, Any]) -> bool:
    """Change a decision where it still is in one of these states; whether it was."""
    there = (col(Decision.id) == number) & col(Decision.state).in_(states)
    return connection.execute(update(Decision).where(there).values(**values)).rowcount == 1


def decision_of(engine: Engine, number: int) -> Decision | None:
    """Return the decision of this number, or None."""
    with reading(engine) as connection, Session(connection) as session:
        return session.get(Decision, number)


def listing(engine: Engine, country: str = "") -> list[Decision]:
    """Return decisions (of a country), newest first."""
    query = select(Decision).order_by(col(Decision.id).desc())
    if country:
        query = query.where(col(Decision.country) == country)
    with reading(engine) as connection, Session(connection) as session:
        return list(session.scalars(query))


def countries(engine: Engine) -> dict[str, int]:
    """Return countries with decisions, and how many each has."""
    query = select(col(Decision.country), func.count()).group_by(col(Decision.country))
    with reading(engine) as connection:
        return {country: int(count) for country, count in connection.execute(query)}
