"""Dated issues of the record: writing one, finding them, and reading their rows as frames.

* ``write(engine, *, created_at, note, run_id, added, superseded, records) -> Vintage``: one transaction, all or nothing
* ``write_on(connection, …) -> Vintage``: the same within a transaction under way
* ``latest(engine) -> Vintage | None``, ``listing(engine) -> list[Vintage]``
* ``current_rows(engine, indicator, source) -> pl.DataFrame``: the rows in force, columns as published
* ``rows_on(connection, indicators) -> pl.LazyFrame``: also the superseded ones; what publishing reads

``added`` has the columns of the published rows (``dashboard.dataset.schema.ROWS``); ``vintage`` and ``superseded`` may
be left out and are ignored. It may come in several frames, as series do: no more than one indicator is worked on at a
time, so that a large vintage needs little more memory than its rows. ``superseded`` are ids of rows in force.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial

import polars as pl
from sqlalchemy import ColumnElement, Connection, Engine, func, select, text, update
from sqlmodel import Session, col

from dashboard.codebook import load_codebook
from dashboard.database import columns
from dashboard.database.engine import reading, writing
from dashboard.database.incoming import prepare_rows, split_by_indicator, work_ahead
from dashboard.database.observations import COLUMNS, OWN, SHARED, Batch, Observation, Vintage
from dashboard.database.records import RawRecord, save_on
from dashboard.database.runs import GatherRun
from data_sources.contract import extract_year
from data_sources.national_submission.made import BETWEEN, SUBMITTED

NOWHERE = pl.DataFrame(schema={"indicator": pl.String, "country": pl.String})


class Conflict(Exception):
    """The record has moved on since these changes were worked out: compare with it again, then write."""


def find_latest(engine: Engine) -> Vintage | None:
    """The newest vintage, or None before the first."""
    return next(iter(list_vintages(engine)[-1:]), None)


def list_vintages(engine: Engine) -> list[Vintage]:
    """All vintages, oldest first."""
    with reading(engine) as connection:
        return list_vintages_on(connection)


def list_vintages_on(connection: Connection) -> list[Vintage]:
    """``list_vintages`` within a transaction under way."""
    with Session(connection) as session:
        return list(session.scalars(select(Vintage).order_by(col(Vintage.number))))


def list_issued_on(connection: Connection) -> list[tuple[int, str]]:
    """Number and digest of every vintage, oldest first, within a transaction under way."""
    rows = connection.execute(select(col(Vintage.number), col(Vintage.digest)).order_by(col(Vintage.number)))
    return [(int(row.number), str(row.digest)) for row in rows]


def wait_for_writers(connection: Connection) -> None:
    """Wait until who writes a vintage has ended, one that was killed too; before this transaction reads anything.

    The server may still be committing for a client that is gone. SQLite's writer ends with its process.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE vintage IN SHARE MODE"))


def read_current_rows(engine: Engine, indicator: str, source: str) -> pl.DataFrame:
    """The rows in force of an indicator from a source, columns as published, by country, period and breakdown."""
    with reading(engine) as connection:
        return _rows(connection, col(Batch.indicator) == indicator, col(Batch.source) == source, current=True).collect()


def find_gone_back(engine: Engine) -> tuple[frozenset[str], frozenset[str]]:
    """Ids of figures that going back to an older vintage put out of force, and of those in force that it put back.

    A change that brings the first, or takes the second away, does again what a person has undone.
    """
    went_back = select(col(GatherRun.id)).where(col(GatherRun.trigger) == "rollback")
    with reading(engine) as connection:
        numbers = list(connection.scalars(select(col(Vintage.number)).where(col(Vintage.run).in_(went_back))))
        if not numbers:
            return frozenset(), frozenset()
        query = select(col(Observation.id)).join(Batch, col(Batch.number) == col(Observation.batch))
        back = query.where(col(Batch.vintage).in_(numbers), col(Observation.superseded).is_(None))
        gone = query.where(col(Observation.superseded).in_(numbers))
        return frozenset(connection.scalars(gone)), frozenset(connection.scalars(back))


def read_rows_on(connection: Connection, indicators: Sequence[str]) -> pl.LazyFrame:
    """Every row ever held of these indicators, columns as published, by indicator, country, period and breakdown.

    Read at once; put together when collected, which needs the connection no more and can be done in another thread.
    """
    return _rows(connection, col(Batch.indicator).in_(indicators), current=False)


def read_rows(engine: Engine, indicators: Sequence[str]) -> pl.DataFrame:
    """Every row ever held of these indicators; see ``read_rows_on``."""
    with reading(engine) as connection:
        return read_rows_on(connection, indicators).collect()


def write(
    engine: Engine,
    *,
    created_at: datetime,
    note: str,
    run_id: int | None,
    added: pl.DataFrame | Iterable[pl.DataFrame],
    superseded: Iterable[str],
    records: Iterable[RawRecord],
) -> Vintage:
    """Write the next vintage, in one transaction: it is there as a whole or not at all.

    Args:
        engine: the database.
        created_at: its moment, aware; later than that of the vintage before.
        note: what a reader should know of it.
        run_id: the gathering it comes from, if any.
        added: rows that come into force (columns: ``REQUIRED``), with ids from ``dataset.identity.with_ids``.
        superseded: ids of rows that go out of force.
        records: what the added rows were read from, unless kept already.

    Returns:
        The sealed vintage.

    Raises:
        ValueError: the rows break a rule of the record; the message names it and the first row.
        Conflict: a superseded id is not in force, an added one is already, or a later vintage exists.
    """
    with writing(engine) as connection:
        return write_on(
            connection,
            created_at=created_at,
            note=note,
            run_id=run_id,
            added=added,
            superseded=superseded,
            records=records,
        )


def settle_shown_on(
    connection: Connection, added: Iterable[pl.DataFrame], superseded: Iterable[str]
) -> tuple[list[pl.DataFrame], list[str]]:
    """What publishers change, with what follows for figures that a country sent: one of both is shown.

    Where a publisher has come to have figures of the country they are shown no longer, and where none has any left they
    are shown (again).

    Args:
        connection: of the transaction that writes it.
        added: rows of publishers that come into force.
        superseded: ids of rows that go out of force.

    Returns:
        Both, with those figures among them: the same rows, primary or not any more.
    """
    parts, gone, place = list(added), list(superseded), ["indicator", "country"]
    sent = _rows(connection, col(Batch.source) == SUBMITTED, current=True).collect().filter(~pl.col("id").is_in(gone))
    others = pl.col("primary") & (pl.col("source") != SUBMITTED)
    come = pl.concat([rows for one in parts if (rows := one.filter(others).select(place)).height] or [NOWHERE])
    behind = sent.filter("primary").join(come, on=place, how="semi").with_columns(primary=pl.lit(value=False))
    hidden = sent.filter(~pl.col("primary"), is_showable())
    of_hidden = _rows(connection, col(Batch.indicator).in_(hidden["indicator"].unique().to_list()), current=True)
    stand = of_hidden.filter(others, ~pl.col("id").is_in(gone)).select(place).collect()
    shown = hidden.join(pl.concat([come, stand]), on=place, how="anti").with_columns(primary=pl.lit(value=True))
    settled = [one for one in (behind, shown) if one.height]
    return [*parts, *settled], [*gone, *(id_ for one in settled for id_ in one["id"])]


def is_showable() -> pl.Expr:
    """Whether a figure that a country sent may be shown where no publisher has any: it is by the indicator's own
    definition, and made in the one way in which its figures are made, where there is one."""
    only = {one.id: f"{BETWEEN}method: {one.only_from}" for one in load_codebook().metrics.values() if one.only_from}
    way = pl.col("indicator").replace_strict(only, default="", return_dtype=pl.String)
    return (pl.col("nature") == "C") & pl.col("source_detail").str.contains(way, literal=True)


def lock_on(connection: Connection) -> None:
    """Let nobody else write a vintage before this transaction ends: what is compared with the record then holds."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        connection.execute(text("LOCK TABLE vintage IN EXCLUSIVE MODE"))


def write_on(
    connection: Connection,
    *,
    created_at: datetime,
    note: str,
    run_id: int | None,
    added: pl.DataFrame | Iterable[pl.DataFrame],
    superseded: Iterable[str],
    records: Iterable[RawRecord],
) -> Vintage:
    """``write`` within a writing transaction under way."""
    parts = split_by_indicator([added] if isinstance(added, pl.DataFrame) else added)
    gone = sorted(set(superseded))
    if not parts and not gone:
        raise ValueError("A vintage needs a change: nothing was added or superseded")
    lock_on(connection)
    before = next(iter(list_vintages_on(connection)[-1:]), None)
    if before is not None and created_at <= before.created_at:
        raise Conflict(
            f"Vintage {before.number} is of {before.created_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"the new one would be of {created_at:%Y-%m-%d %H:%M:%S}: vintages only go forward"
        )
    number = before.number + 1 if before else 1
    vintage = Vintage(number=number, created_at=created_at, note=note, run=run_id)
    save_on(connection, records)
    _insert(connection, vintage)
    taken = _supersede(connection, number, gone)
    recorded = set(connection.execute(select(col(RawRecord.sha256))).scalars())
    content = _Content(before, vintage)
    given: dict[str, int] = {}
    for part, batches, rows in work_ahead(partial(prepare_rows, number), parts):
        _refuse_known(connection, part)
        last = connection.execute(select(func.max(col(Batch.number)))).scalar() or 0
        batches, rows = batches.with_columns(pl.col("number") + last), rows.with_columns(pl.col("batch") + last)
        _refuse_unrecorded(recorded, batches)
        columns.load(connection, "batch", _stored(connection, batches))
        columns.load(connection, "observation", rows)
        content.add(batches, rows)
        given[part.item(0, "indicator")] = part.height
    vintage.added, vintage.superseded = sum(given.values()), len(gone)
    vintage.rows = (before.rows if before else 0) + vintage.added - vintage.superseded
    vintage.changes = {name: [given.get(name, 0), taken.get(name, 0)] for name in sorted({*given, *taken})}
    vintage.digest = content.digest(gone)
    vintage.state = "sealed"
    _seal(connection, vintage)
    return vintage


def _insert(connection: Connection, vintage: Vintage) -> None:
    connection.execute(Vintage.__table__.insert(), vintage.model_dump())  # type: ignore[attr-defined]


def _seal(connection: Connection, vintage: Vintage) -> None:
    values = vintage.model_dump(exclude={"number"})
    connection.execute(update(Vintage).where(col(Vintage.number) == vintage.number).values(**values))


def _supersede(connection: Connection, number: int, gone: list[str]) -> dict[str, int]:
    """Put ids out of force; gives how many per indicator."""
    if not gone:
        return {}
    connection.execute(text("CREATE TEMPORARY TABLE gone (id TEXT PRIMARY KEY)"))
    columns.load(connection, "gone", pl.DataFrame({"id": gone}, schema={"id": pl.String}))
    if connection.dialect.name == "postgresql":
        # Tables just filled, and the rows a trigger sees, have no statistics: the planner takes them for few and would
        # compare every row with every other, which with fifty thousand takes minutes.
        connection.execute(text("ANALYZE gone"))
        connection.execute(text("SET LOCAL enable_nestloop = off"))
    done = connection.execute(
        text("UPDATE observation SET superseded = :number WHERE superseded IS NULL AND id IN (SELECT id FROM gone)"),
        {"number": number},
    ).rowcount
    connection.execute(text("DROP TABLE gone"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL enable_nestloop = on"))
    if done != len(gone):
        raise Conflict(f"{len(gone) - done} of the {len(gone)} superseded observations are not in force")
    counted = connection.execute(
        text(
            "SELECT b.indicator, count(*) FROM observation o JOIN batch b ON b.number = o.batch "
            "WHERE o.superseded = :number GROUP BY b.indicator"
        ),
        {"number": number},
    )
    return {str(indicator): int(count) for indicator, count in counted}


def _refuse_known(connection: Connection, added: pl.DataFrame) -> None:
    """An id is made of indicator and content, so only rows of the same indicators can have it already."""
    indicators = added["indicator"].unique().to_list()
    query = (
        select(col(Observation.id))
        .join(Batch, col(Batch.number) == col(Observation.batch))
        .where(col(Batch.indicator).in_(indicators), col(Observation.superseded).is_(None))
    )
    known = columns.read(connection, query, pl.Schema({"id": pl.String}))
    again = added.join(known, on="id", how="semi")
    if not again.is_empty():
        row = again.row(0, named=True)
        raise Conflict(
            f"{again.height} of the {added.height} added observations are in force already, first "
            f"{row['indicator']} {row['country']} {row['period']} ({row['id']})"
        )


def _refuse_unrecorded(recorded: set[str], batches: pl.DataFrame) -> None:
    for hash_ in batches["raw_sha256"].unique(maintain_order=True):
        if hash_ not in recorded:
            raise ValueError(f"Rows were read from {hash_ or 'nothing'}, of which there is no raw record: give it too")


def _stored(connection: Connection, batches: pl.DataFrame) -> pl.DataFrame:
    """Batches as the driver takes them: SQLite keeps moments as text, as the ``Moment`` column reads them."""
    if connection.dialect.name == "postgresql":
        return batches
    return batches.with_columns(pl.col("retrieved_at").dt.to_string("%Y-%m-%d %H:%M:%S%.6f"))


class _Content:
    """What a vintage holds, in one hash that also covers the vintage before.

    A chain: what a vintage shows is fixed by its own digest, so that two records can be told apart by it.
    """

    def __init__(self, before: Vintage | None, vintage: Vintage) -> None:
        moment = vintage.created_at.astimezone(UTC).isoformat()
        head = [before.digest if before else "", vintage.number, moment, vintage.note]
        self._hash = hashlib.sha256(json.dumps(head).encode())
        self._first: int | None = None
        self._ids: list[str] = []

    def add(self, batches: pl.DataFrame, rows: pl.DataFrame) -> None:
        """Batches and observations of the next indicator; batches are numbered from the vintage's first."""
        if self._first is None:
            self._first = batches.item(0, "number")
        for batch in batches.with_columns(pl.col("number") - self._first).iter_rows():
            self._hash.update(json.dumps(batch, default=str).encode())
        relative = pl.format("{}:{}", pl.col("batch") - self._first, "id")
        self._ids.append(rows.select(relative.str.join("\n")).item())

    def digest(self, gone: list[str]) -> str:
        """The hash, with the ids that went out of force."""
        self._hash.update("\n".join(self._ids).encode())
        self._hash.update("\n".join(["", *gone]).encode())
        return self._hash.hexdigest()


def _rows(connection: Connection, *conditions: ColumnElement[bool], current: bool) -> pl.LazyFrame:
    shared = [getattr(Batch, name) for name in SHARED]
    stored_batches = connection.execute(select(col(Batch.number), col(Batch.vintage), *shared).where(*conditions)).all()
    schema = pl.Schema({"batch": pl.Int64(), "vintage": pl.Int32(), **SHARED})
    batches = pl.DataFrame([tuple(row) for row in stored_batches], schema=schema, orient="row")
    own = [getattr(Observation, name) for name in OWN]
    query = select(col(Observation.batch), col(Observation.superseded), *own)
    query = query.join(Batch, col(Batch.number) == col(Observation.batch)).where(*conditions)
    if current:
        query = query.where(col(Observation.superseded).is_(None))
    rows = columns.read(connection, query, pl.Schema({"batch": pl.Int64(), "superseded": pl.Int32(), **OWN}))
    return (
        rows.lazy()
        .join(batches.lazy(), on="batch")
        .with_columns(extract_year().alias("year"))
        .select(COLUMNS)
        .sort("indicator", "country", "period", "dimensions", "source", "vintage", "id")
    )
