"""Write vintages of the record and read their rows as frames.

Rows are processed one indicator at a time, so that a large vintage needs little more memory than its rows.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial

import polars as pl
from sqlalchemy import ColumnElement, Connection, Engine, func, select, text, update
from sqlmodel import Session, col

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database import columns
from dashboard.evidence.database.engine import reading, writing
from dashboard.evidence.database.incoming import map_ahead, prepare_rows, split_by_indicator
from dashboard.evidence.database.observations import (
    BATCH_COLUMNS,
    OBSERVATION_COLUMNS,
    ROW_COLUMNS,
    Batch,
    Observation,
    Vintage,
)
from dashboard.evidence.database.records import RawRecord, save_records_on
from dashboard.evidence.database.runs import GatherRun
from data_sources.contract import extract_year
from data_sources.national_submission.made import BETWEEN, SUBMITTED

NO_PLACES = pl.DataFrame(schema={"indicator": pl.String, "country": pl.String})


class Conflict(Exception):
    """The record has changed since these changes were computed: compare again, then write."""


def find_latest(engine: Engine) -> Vintage | None:
    """Return the newest vintage, or None."""
    vintages = list_vintages(engine)
    return vintages[-1] if vintages else None


def list_vintages(engine: Engine) -> list[Vintage]:
    """Return all vintages, oldest first."""
    with reading(engine) as connection:
        return list_vintages_on(connection)


def list_vintages_on(connection: Connection) -> list[Vintage]:
    """Return all vintages, oldest first, within an open transaction."""
    with Session(connection) as session:
        return list(session.scalars(select(Vintage).order_by(col(Vintage.number))))


def list_digests_on(connection: Connection) -> list[tuple[int, str]]:
    """Return number and digest of every vintage, oldest first, within an open transaction."""
    rows = connection.execute(select(col(Vintage.number), col(Vintage.digest)).order_by(col(Vintage.number)))
    return [(int(row.number), str(row.digest)) for row in rows]


def wait_for_writers(connection: Connection) -> None:
    """Wait until no vintage is being written; call it before the transaction reads anything.

    PostgreSQL may still be committing for a client that was killed. SQLite's writer ends with its process.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE vintage IN SHARE MODE"))


def read_current_rows(engine: Engine, indicator: str, source: str) -> pl.DataFrame:
    """Return an indicator's current rows from a source, by country, period and dimensions."""
    with reading(engine) as connection:
        return _read_rows(
            connection, col(Batch.indicator) == indicator, col(Batch.source) == source, current=True
        ).collect()


def find_rolled_back_ids(engine: Engine) -> tuple[frozenset[str], frozenset[str]]:
    """Return ids of figures that rollbacks removed, and of current figures that they restored.

    A change that adds the former or removes the latter would repeat what a person has undone.
    """
    rollbacks = select(col(GatherRun.id)).where(col(GatherRun.trigger) == "rollback")
    with reading(engine) as connection:
        numbers = list(connection.scalars(select(col(Vintage.number)).where(col(Vintage.run).in_(rollbacks))))
        if not numbers:
            return frozenset(), frozenset()
        query = select(col(Observation.id)).join(Batch, col(Batch.number) == col(Observation.batch))
        back = query.where(col(Batch.vintage).in_(numbers), col(Observation.superseded).is_(None))
        gone = query.where(col(Observation.superseded).in_(numbers))
        return frozenset(connection.scalars(gone)), frozenset(connection.scalars(back))


def read_rows_on(connection: Connection, indicators: Sequence[str]) -> pl.LazyFrame:
    """Return all rows of these indicators, superseded ones too, with the published columns.

    Rows are read at once and joined when collected, which no longer needs the connection.
    """
    return _read_rows(connection, col(Batch.indicator).in_(indicators), current=False)


def read_rows(engine: Engine, indicators: Sequence[str]) -> pl.DataFrame:
    """Return all rows of these indicators, superseded ones too, with the published columns."""
    with reading(engine) as connection:
        return read_rows_on(connection, indicators).collect()


def write_vintage(
    engine: Engine,
    *,
    created_at: datetime,
    note: str,
    run_id: int | None,
    added: pl.DataFrame | Iterable[pl.DataFrame],
    superseded: Iterable[str],
    records: Iterable[RawRecord],
) -> Vintage:
    """Write the next vintage in a transaction of its own; see ``write_vintage_on``."""
    with writing(engine) as connection:
        return write_vintage_on(
            connection,
            created_at=created_at,
            note=note,
            run_id=run_id,
            added=added,
            superseded=superseded,
            records=records,
        )


def adjust_primary_on(
    connection: Connection, added: Iterable[pl.DataFrame], superseded: Iterable[str]
) -> tuple[list[pl.DataFrame], list[str]]:
    """Add the consequences of publishers' changes for submitted figures, of which only one is shown.

    Submitted figures are hidden where a publisher now has figures of the country, and shown where none has any left.

    Returns:
        Rows to add and ids to supersede, including submitted rows that changed ``primary``.
    """
    parts, gone, place = list(added), list(superseded), ["indicator", "country"]
    sent = (
        _read_rows(connection, col(Batch.source) == SUBMITTED, current=True).collect().filter(~pl.col("id").is_in(gone))
    )
    published = pl.col("primary") & (pl.col("source") != SUBMITTED)
    come = pl.concat([rows for part in parts if (rows := part.filter(published).select(place)).height] or [NO_PLACES])
    demoted = sent.filter("primary").join(come, on=place, how="semi").with_columns(primary=pl.lit(value=False))
    hidden = sent.filter(~pl.col("primary"), is_showable())
    of_hidden = _read_rows(connection, col(Batch.indicator).in_(hidden["indicator"].unique().to_list()), current=True)
    remaining = of_hidden.filter(published, ~pl.col("id").is_in(gone)).select(place).collect()
    promoted = hidden.join(pl.concat([come, remaining]), on=place, how="anti").with_columns(primary=pl.lit(value=True))
    changed = [frame for frame in (demoted, promoted) if frame.height]
    return [*parts, *changed], [*gone, *(id_ for frame in changed for id_ in frame["id"])]


def is_showable() -> pl.Expr:
    """Return an expression: may a submitted figure be shown where no publisher has any?

    It must follow the indicator's own definition, and its only method where the indicator has one.
    """
    metrics = load_codebook().metrics.values()
    methods = {metric.id: f"{BETWEEN}method: {metric.only_from}" for metric in metrics if metric.only_from}
    method = pl.col("indicator").replace_strict(methods, default="", return_dtype=pl.String)
    return (pl.col("nature") == "C") & pl.col("source_detail").str.contains(method, literal=True)


def lock_vintages_on(connection: Connection) -> None:
    """Prevent others from writing a vintage until this transaction ends."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        connection.execute(text("LOCK TABLE vintage IN EXCLUSIVE MODE"))


def write_vintage_on(
    connection: Connection,
    *,
    created_at: datetime,
    note: str,
    run_id: int | None,
    added: pl.DataFrame | Iterable[pl.DataFrame],
    superseded: Iterable[str],
    records: Iterable[RawRecord],
) -> Vintage:
    """Write the next vintage within an open write transaction, and return it sealed.

    Args:
        connection: in that transaction.
        created_at: an aware datetime, later than that of the previous vintage.
        note: a note for readers.
        run_id: the gathering that produced it, if any.
        added: rows that become current (columns: ``REQUIRED_COLUMNS``), with ids from ``dataset.identity.add_ids``.
        superseded: ids of rows that are no longer current.
        records: the records the rows were read from, unless stored already.

    Raises:
        ValueError: the rows break a rule; the message names it and the first row.
        Conflict: a superseded id is not current, an added one is already, or a later vintage exists.
    """
    parts = split_by_indicator([added] if isinstance(added, pl.DataFrame) else added)
    gone = sorted(set(superseded))
    if not parts and not gone:
        raise ValueError("A vintage needs a change: nothing was added or superseded")
    lock_vintages_on(connection)
    before = next(iter(list_vintages_on(connection)[-1:]), None)
    if before is not None and created_at <= before.created_at:
        raise Conflict(
            f"Vintage {before.number} is of {before.created_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"the new one would be of {created_at:%Y-%m-%d %H:%M:%S}: vintages only go forward"
        )
    number = before.number + 1 if before else 1
    vintage = Vintage(number=number, created_at=created_at, note=note, run=run_id)
    save_records_on(connection, records)
    connection.execute(Vintage.__table__.insert(), vintage.model_dump())  # type: ignore[attr-defined]
    taken = _supersede(connection, number, gone)
    recorded = set(connection.execute(select(col(RawRecord.sha256))).scalars())
    content = _VintageHash(before, vintage)
    brought: dict[str, int] = {}
    for part, batches, rows in map_ahead(partial(prepare_rows, number), parts):
        _refuse_duplicates(connection, part)
        last = connection.execute(select(func.max(col(Batch.number)))).scalar() or 0
        batches, rows = batches.with_columns(pl.col("number") + last), rows.with_columns(pl.col("batch") + last)
        _refuse_unrecorded(recorded, batches)
        columns.append_frame(connection, "batch", _convert_for_driver(connection, batches))
        columns.append_frame(connection, "observation", rows)
        content.add(batches, rows)
        brought[part.item(0, "indicator")] = part.height
    vintage.added, vintage.superseded = sum(brought.values()), len(gone)
    vintage.rows = (before.rows if before else 0) + vintage.added - vintage.superseded
    vintage.changes = {name: [brought.get(name, 0), taken.get(name, 0)] for name in sorted({*brought, *taken})}
    vintage.digest = content.digest(gone)
    vintage.state = "sealed"
    values = vintage.model_dump(exclude={"number"})
    connection.execute(update(Vintage).where(col(Vintage.number) == number).values(**values))
    return vintage


def _supersede(connection: Connection, number: int, gone: list[str]) -> dict[str, int]:
    """Supersede ids and return their number per indicator."""
    if not gone:
        return {}
    connection.execute(text("CREATE TEMPORARY TABLE gone (id TEXT PRIMARY KEY)"))
    columns.append_frame(connection, "gone", pl.DataFrame({"id": gone}, schema={"id": pl.String}))
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


def _refuse_duplicates(connection: Connection, added: pl.DataFrame) -> None:
    """Raise Conflict if an added row is current already; only the same indicator can have its id."""
    indicators = added["indicator"].unique().to_list()
    query = (
        select(col(Observation.id))
        .join(Batch, col(Batch.number) == col(Observation.batch))
        .where(col(Batch.indicator).in_(indicators), col(Observation.superseded).is_(None))
    )
    current = columns.read_frame(connection, query, pl.Schema({"id": pl.String}))
    duplicates = added.join(current, on="id", how="semi")
    if not duplicates.is_empty():
        row = duplicates.row(0, named=True)
        raise Conflict(
            f"{duplicates.height} of the {added.height} added observations are in force already, first "
            f"{row['indicator']} {row['country']} {row['period']} ({row['id']})"
        )


def _refuse_unrecorded(recorded: set[str], batches: pl.DataFrame) -> None:
    for hash_ in batches["raw_sha256"].unique(maintain_order=True):
        if hash_ not in recorded:
            raise ValueError(f"Rows were read from {hash_ or 'nothing'}, of which there is no raw record: give it too")


def _convert_for_driver(connection: Connection, batches: pl.DataFrame) -> pl.DataFrame:
    """Return batches as the driver takes them: SQLite stores moments as text."""
    if connection.dialect.name == "postgresql":
        return batches
    return batches.with_columns(pl.col("retrieved_at").dt.to_string("%Y-%m-%d %H:%M:%S%.6f"))


class _VintageHash:
    """A hash of a vintage's content and of the previous vintage's digest, so that records can be compared."""

    def __init__(self, before: Vintage | None, vintage: Vintage) -> None:
        moment = vintage.created_at.astimezone(UTC).isoformat()
        head = [before.digest if before else "", vintage.number, moment, vintage.note]
        self._hash = hashlib.sha256(json.dumps(head).encode())
        self._first: int | None = None
        self._ids: list[str] = []

    def add(self, batches: pl.DataFrame, rows: pl.DataFrame) -> None:
        """Add an indicator's batches and observations, with batches numbered from the vintage's first."""
        if self._first is None:
            self._first = batches.item(0, "number")
        for batch in batches.with_columns(pl.col("number") - self._first).iter_rows():
            self._hash.update(json.dumps(batch, default=str).encode())
        relative = pl.format("{}:{}", pl.col("batch") - self._first, "id")
        self._ids.append(rows.select(relative.str.join("\n")).item())

    def digest(self, gone: list[str]) -> str:
        """Return the hash after adding the superseded ids."""
        self._hash.update("\n".join(self._ids).encode())
        self._hash.update("\n".join(["", *gone]).encode())
        return self._hash.hexdigest()


def _read_rows(connection: Connection, *conditions: ColumnElement[bool], current: bool) -> pl.LazyFrame:
    shared = [getattr(Batch, name) for name in BATCH_COLUMNS]
    stored_batches = connection.execute(select(col(Batch.number), col(Batch.vintage), *shared).where(*conditions)).all()
    schema = pl.Schema({"batch": pl.Int64(), "vintage": pl.Int32(), **BATCH_COLUMNS})
    batches = pl.DataFrame([tuple(row) for row in stored_batches], schema=schema, orient="row")
    own = [getattr(Observation, name) for name in OBSERVATION_COLUMNS]
    query = select(col(Observation.batch), col(Observation.superseded), *own)
    query = query.join(Batch, col(Batch.number) == col(Observation.batch)).where(*conditions)
    if current:
        query = query.where(col(Observation.superseded).is_(None))
    rows = columns.read_frame(
        connection, query, pl.Schema({"batch": pl.Int64(), "superseded": pl.Int32(), **OBSERVATION_COLUMNS})
    )
    return (
        rows.lazy()
        .join(batches.lazy(), on="batch")
        .with_columns(extract_year().alias("year"))
        .select(ROW_COLUMNS)
        .sort("indicator", "country", "period", "dimensions", "source", "vintage", "id")
    )
