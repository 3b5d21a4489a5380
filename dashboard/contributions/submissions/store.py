"""The SQL of submissions; every function works within the transaction of its caller.

``get``, ``listing``, ``add``, ``checked``, ``set_method``, ``set_released``, ``move`` of submissions; ``moves_of``,
``note``; ``periods``, ``set_period``; ``mapping``, ``set_mapping``; ``add_reminder``, ``remove_reminders``.
"""

import io
import json
import zlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl
from sqlalchemy import Connection as Connection
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from dashboard.contributions.submissions.model import SEVERITIES, Finding, State, Submission
from dashboard.contributions.submissions.reading.figures import FIGURES
from dashboard.contributions.submissions.tables import (
    SubmissionMappingRow,
    SubmissionMoveRow,
    SubmissionPeriodRow,
    SubmissionReminderRow,
    SubmissionRow,
)

_TABLE = SubmissionRow.__table__  # type: ignore[attr-defined]
_PERIOD = SubmissionPeriodRow.__table__  # type: ignore[attr-defined]
_REMINDER = SubmissionReminderRow.__table__  # type: ignore[attr-defined]
_MAPPING = SubmissionMappingRow.__table__  # type: ignore[attr-defined]
_COLUMNS = [column for column in _TABLE.columns if column.name not in ("findings", "figures", "idempotency")]


NOBODY = 0, ""
"""Account and office of what the product does itself."""

OPEN: tuple[State, ...] = ("draft", "checked", "returned", "submitted", "approved")
"""States of what is sent and neither published nor withdrawn."""


def get(connection: Connection, number: int) -> Submission | None:
    """Return the submission of this number, without its figures and findings."""
    row = connection.execute(select(*_COLUMNS).where(col(SubmissionRow.id) == number)).first()
    return _submission(row) if row else None


def by_key(connection: Connection, account: int, key: str) -> Submission | None:
    """Return the submission that a request with this idempotency key has made already."""
    where = (col(SubmissionRow.created_by) == account, col(SubmissionRow.idempotency) == key)
    row = connection.execute(select(*_COLUMNS).where(*where)).first() if key else None
    return _submission(row) if row else None


def listing(
    connection: Connection, *, country: str = "", states: Sequence[State] = (), dataset: str = "", period: str = "",
    office: int = 0,
) -> list[Submission]:  # fmt: skip
    """Return submissions, oldest first; ``office`` is a number within the country, 0 of all of them."""
    query = select(*_COLUMNS).order_by(col(SubmissionRow.id))
    for column, value in (
        (SubmissionRow.country, country),
        (SubmissionRow.dataset, dataset),
        (SubmissionRow.period, period),
        (SubmissionRow.office_number, office),
    ):
        if value:
            query = query.where(col(column) == value)
    if states:
        query = query.where(col(SubmissionRow.state).in_(states))
    return [_submission(row) for row in connection.execute(query)]


def list_same(connection: Connection, submission: Submission, *states: State) -> list[Submission]:
    """Return an office's submissions of the same year and dataset in any of these states, oldest first; itself too."""
    return listing(
        connection, country=submission.country, states=states, dataset=submission.dataset, period=submission.period,
        office=submission.office_number,
    )  # fmt: skip


class Used(NamedTuple):
    """Files that count, and their bytes together."""

    files: int
    size: int


def used(connection: Connection, since: datetime, *, account: int | None = None, country: str = "") -> Used:
    """Return files that are open, or were sent since a moment, of an account or of a country."""
    counted = col(SubmissionRow.state).in_(OPEN) | (col(SubmissionRow.created_at) >= since)
    query = select(func.count(), func.coalesce(func.sum(col(SubmissionRow.size)), 0)).where(
        counted, col(SubmissionRow.sha256) != ""
    )
    if account is not None:
        query = query.where(col(SubmissionRow.created_by) == account)
    if country:
        query = query.where(col(SubmissionRow.country) == country)
    files, size = connection.execute(query).one()
    return Used(int(files), int(size))


def count_drafts(connection: Connection) -> tuple[int, int]:
    """Return how many drafts there are, and how many of them have errors."""
    counts = connection.execute(select(_TABLE.c.counts).where(_TABLE.c.state == "draft")).scalars().all()
    return len(counts), sum(bool(found.get("error")) for found in counts)


def unused_files(connection: Connection) -> list[str]:
    """Return hashes of files of submissions that were withdrawn, and that no other submission has."""
    of = col(SubmissionRow.sha256)
    kept = select(of).where(col(SubmissionRow.state) != "withdrawn")
    query = select(of).distinct().where(
        col(SubmissionRow.state) == "withdrawn", col(SubmissionRow.dataset) != "survey", of != "", of.not_in(kept)
    )  # fmt: skip
    return list(connection.execute(query).scalars())


def has_file(connection: Connection, sha256: str) -> bool:
    """Return True if any submission is made of this file."""
    query = select(col(SubmissionRow.id)).where(col(SubmissionRow.sha256) == sha256).limit(1)
    return connection.execute(query).first() is not None


class Repeated(Exception):
    """A request with this idempotency key was a moment sooner: it can be found in another transaction."""


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Keep a new submission; gives its number.

    Raises:
        Repeated: its idempotency key has come in meanwhile.
    """
    row = SubmissionRow.model_validate(dict(values)).model_dump(exclude={"id"})
    try:
        number = connection.execute(_TABLE.insert().values(**row)).inserted_primary_key
    except IntegrityError as error:
        if "idempotency" in str(error.orig):  # the unique index of account and key
            raise Repeated from error
        raise
    assert number is not None
    return int(number[0])


def checked(
    connection: Connection,
    number: int,
    *,
    findings: Sequence[Finding],
    figures: bytes,
    values: Mapping[str, Any],
) -> None:
    """Keep what was found in a file: findings, its rows as Parquet, and further columns (``values``)."""
    done = update(SubmissionRow).where(col(SubmissionRow.id) == number)
    connection.execute(done.values(findings=_packed(findings), counts=_counted(findings), figures=figures, **values))


def set_method(connection: Connection, number: int, before: Sequence[State], stated: Mapping[str, str]) -> bool:
    """Keep what is said beside a file of how its figures were made; False when it is in none of ``before``."""
    here = (col(SubmissionRow.id) == number, col(SubmissionRow.state).in_(before))
    return connection.execute(update(SubmissionRow).where(*here).values(stated=dict(stated))).rowcount == 1


def set_released(
    connection: Connection,
    number: int,
    before: Sequence[State],
    released: Mapping[str, Any],
    findings: Sequence[Finding],
) -> bool:
    """Keep who answered for what a submission removes, and its findings; False when it is in none of ``before``."""
    here = (col(SubmissionRow.id) == number, col(SubmissionRow.state).in_(before))
    values = {"released": dict(released), "findings": _packed(findings), "counts": _counted(findings)}
    return connection.execute(update(SubmissionRow).where(*here).values(**values)).rowcount == 1


def findings_of(connection: Connection, number: int) -> list[Finding]:
    """Return every finding, errors first."""
    packed = connection.execute(select(col(SubmissionRow.findings)).where(col(SubmissionRow.id) == number)).scalar()
    return [Finding.of(one) for one in json.loads(zlib.decompress(packed))] if packed else []


def set_findings(connection: Connection, number: int, findings: Sequence[Finding]) -> None:
    """Keep other findings of a submission."""
    values = {"findings": _packed(findings), "counts": _counted(findings)}
    connection.execute(update(SubmissionRow).where(col(SubmissionRow.id) == number).values(**values))


def numbers_of_offices(connection: Connection, country: str) -> dict[int, int]:
    """Return number of each submission of a country → number of the office whose it is."""
    query = select(col(SubmissionRow.id), col(SubmissionRow.office_number)).where(col(SubmissionRow.country) == country)
    return {int(row[0] or 0): row[1] for row in connection.execute(query)}


def figures_of(connection: Connection, number: int) -> pl.DataFrame | None:
    """Return the rows as read (columns: ``reading.figures.FIGURES``); None where the file has not been read yet."""
    parquet = connection.execute(select(col(SubmissionRow.figures)).where(col(SubmissionRow.id) == number)).scalar()
    if parquet is None:
        return None
    if not parquet:
        return pl.DataFrame(schema=FIGURES)
    read = pl.read_parquet(io.BytesIO(parquet))
    if "indicator" not in read.columns:  # counts and activities have columns of their own
        return read
    # what was read before a column was known has none in it
    return read.match_to_schema(FIGURES, missing_columns="insert", extra_columns="ignore")


def move(connection: Connection, number: int, before: Sequence[State], after: State, **values: Any) -> bool:
    """Put a submission from one of ``before`` into ``after``; False when it is in none of them: someone was faster."""
    done = connection.execute(
        update(SubmissionRow)
        .where(col(SubmissionRow.id) == number, col(SubmissionRow.state).in_(before))
        .values(state=after, **values)
    )
    return done.rowcount == 1


def note(
    connection: Connection, submission: Submission, move: str, who: tuple[int, str], moment: datetime, *,
    before: str | None = None, after: str | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Write a move, or a comment (``move`` is ``comment``), into the submission's history.

    ``who`` are account and office, or ``NOBODY``; it stays in its state where ``before`` and ``after`` say no other.
    """
    row = {
        "submission": submission.id, "move": move, "account": who[0], "office": who[1], "moment": moment,
        "before": submission.state if before is None else before, "after": after or submission.state, "reason": reason,
    }  # fmt: skip
    connection.execute(SubmissionMoveRow.__table__.insert().values(**row))  # type: ignore[attr-defined]


def last_moves(
    connection: Connection, numbers: Sequence[int], without: Sequence[str], only: str = ""
) -> dict[int, datetime]:
    """When something was done with each of these submissions last: any move but some, or one kind of move alone."""
    of, moment = col(SubmissionMoveRow.submission), col(SubmissionMoveRow.moment)
    query = select(of, func.max(moment)).where(of.in_(numbers), col(SubmissionMoveRow.move).not_in(without))
    if only:
        query = query.where(col(SubmissionMoveRow.move) == only)
    return {row[0]: row[1] for row in connection.execute(query.group_by(of))}


def moves_of(connection: Connection, number: int) -> list[SubmissionMoveRow]:
    """Return the history of a submission, oldest first."""
    table = SubmissionMoveRow.__table__  # type: ignore[attr-defined]
    rows = connection.execute(select(table).where(col(SubmissionMoveRow.submission) == number).order_by(table.c.id))
    return [SubmissionMoveRow(**it._mapping) for it in rows]


def last_answers(connection: Connection, numbers: Sequence[int], moves: Sequence[str]) -> dict[int, SubmissionMoveRow]:
    """Return the last of some kinds of moves of each of these submissions that has one."""
    table = SubmissionMoveRow.__table__  # type: ignore[attr-defined]
    where = (col(SubmissionMoveRow.submission).in_(numbers), col(SubmissionMoveRow.move).in_(moves))
    rows = connection.execute(select(table).where(*where).order_by(table.c.id))
    return {it.submission: SubmissionMoveRow(**it._mapping) for it in rows}


def accounts_in(connection: Connection, numbers: Sequence[int]) -> set[int]:
    """Return accounts that took part in any of these submissions: sent it, made a move, or said something."""
    of = col(SubmissionMoveRow.submission).in_(numbers)
    rows = connection.execute(select(col(SubmissionMoveRow.account)).distinct().where(of))
    sent = connection.execute(select(col(SubmissionRow.created_by)).where(col(SubmissionRow.id).in_(numbers)))
    return {int(it) for it in (*rows.scalars(), *sent.scalars()) if it}


def add_reminder(connection: Connection, key: str, moment: datetime) -> bool:
    """Keep that somebody is told this; False where it is kept already, also by another server a moment ago."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    query = insert(_REMINDER).values(key=key, moment=moment).on_conflict_do_nothing().returning(_REMINDER.c.key)
    return connection.execute(query).first() is not None  # of an insert PostgreSQL's driver counts no rows


def remove_reminders(connection: Connection, keys: Sequence[str]) -> None:
    """Forget what could not be told."""
    connection.execute(delete(_REMINDER).where(_REMINDER.c.key.in_(keys)))


def periods(connection: Connection, country: str = "", office: int = 0) -> list[SubmissionPeriodRow]:
    """Return years that are due or closed, by country, year and office; ``office`` is a number, 0 of all of them."""
    query = select(_PERIOD).order_by(_PERIOD.c.country, _PERIOD.c.dataset, _PERIOD.c.period, _PERIOD.c.office_number)
    if country:
        query = query.where(_PERIOD.c.country == country)
    if office:
        query = query.where(_PERIOD.c.office_number == office)
    return [SubmissionPeriodRow(**row._mapping) for row in connection.execute(query)]


def set_period(
    connection: Connection, country: str, dataset: str, period: str, office: int, **values: Any
) -> None:  # fmt: skip
    """Set when a year is due, or whether it is closed; the rest of it stays."""
    here = {"country": country, "dataset": dataset, "period": period, "office_number": office}
    there = (_PERIOD.c[name] == value for name, value in here.items())
    if connection.execute(update(_PERIOD).where(*there).values(**values)).rowcount == 0:
        plain = {"due": None, "closed": False, "reason": ""}
        connection.execute(_PERIOD.insert().values(**here | plain | values))


def mapping(connection: Connection, country: str, office: int) -> dict[str, str]:
    """Return what an office's own column names mean."""
    here = (_MAPPING.c.country == country, _MAPPING.c.office_number == office)
    return dict(connection.execute(select(_MAPPING.c.heads).where(*here)).scalar() or {})


def set_mapping(connection: Connection, country: str, office: int, heads: Mapping[str, str]) -> None:
    """Add to what an office's own column names mean."""
    together = mapping(connection, country, office) | dict(heads)
    here = (_MAPPING.c.country == country, _MAPPING.c.office_number == office)
    if connection.execute(update(_MAPPING).where(*here).values(heads=together)).rowcount == 0:
        connection.execute(_MAPPING.insert().values(country=country, office_number=office, heads=together))


def forget_unread(connection: Connection, country: str, office: int, heads: Collection[str]) -> None:
    """Ask again what these of an office's columns mean, where it has said that they are not read."""
    left = {head: name for head, name in mapping(connection, country, office).items() if name or head not in heads}
    here = (_MAPPING.c.country == country, _MAPPING.c.office_number == office)
    connection.execute(update(_MAPPING).where(*here).values(heads=left))


def _packed(findings: Sequence[Finding]) -> bytes:
    return zlib.compress(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False).encode(), 6)


def _counted(findings: Sequence[Finding]) -> dict[str, int]:
    counts = Counter(finding.severity for finding in findings)
    return {name: counts.get(name, 0) for name in SEVERITIES}


def _submission(row: Any) -> Submission:
    return Submission(**row._mapping)
