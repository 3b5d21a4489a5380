"""The SQL of surveys; every function works within the transaction of its caller."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlmodel import Session, col

from dashboard.contributions.submissions.tables import SubmissionRow, SurveyFileRow

_TABLE = SurveyFileRow.__table__  # type: ignore[attr-defined]
_ENDED = ("published", "withdrawn", "superseded", "rolled_back")


def add(connection: Connection, submission: int, country: str, name: str, expires_at: datetime) -> None:
    """Keep that a submission has this file."""
    row = SurveyFileRow(submission=submission, country=country, name=name, expires_at=expires_at)
    connection.execute(_TABLE.insert().values(**row.model_dump()))


def get(connection: Connection, submission: int) -> SurveyFileRow | None:
    """Return the file of a submission."""
    with Session(connection) as session:
        return session.get(SurveyFileRow, submission)


def last_mapping(connection: Connection, country: str) -> dict[str, str]:
    """Return what a country said of the columns of its last survey that was mapped."""
    query = select(_TABLE.c.mapping).where(_TABLE.c.country == country).order_by(_TABLE.c.submission.desc()).limit(20)
    return next((dict(mapping) for mapping in connection.execute(query).scalars() if mapping), {})


def set_values(connection: Connection, submission: int, **values: Any) -> None:
    """Keep columns, mapping or results."""
    connection.execute(update(_TABLE).where(_TABLE.c.submission == submission).values(**values))


def destroyed(connection: Connection, submission: int, moment: datetime, why: str) -> bool:
    """Write that the file is gone; False when that was written before."""
    done = connection.execute(
        update(_TABLE)
        .where(_TABLE.c.submission == submission, _TABLE.c.destroyed_at.is_(None))
        .values(destroyed_at=moment, destroyed_why=why)
    )
    return done.rowcount == 1


def due(connection: Connection, now: datetime) -> list[tuple[int, str, str]]:
    """Files that must be gone: submission, name, and why: ``published``, ``withdrawn``, ``superseded``, ``expired``."""
    query = (
        select(_TABLE.c.submission, _TABLE.c.name, _TABLE.c.expires_at, col(SubmissionRow.state))
        .join(SubmissionRow, col(SubmissionRow.id) == _TABLE.c.submission)
        .where(_TABLE.c.destroyed_at.is_(None))
    )
    expired = []
    for number, name, expires_at, state in connection.execute(query):
        if state in _ENDED or expires_at <= now:
            expired.append((number, name, state if state in _ENDED else "expired"))
    return expired


def names(connection: Connection) -> set[str]:
    """Return names of all files that submissions have."""
    return set(connection.execute(select(_TABLE.c.name).where(_TABLE.c.destroyed_at.is_(None))).scalars())
