"""Gathering runs and the outcome of each series in them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import polars as pl
from sqlalchemy import JSON, Connection, Engine, select, update
from sqlmodel import Field, Session, SQLModel, col

from dashboard.evidence.database.columns import Moment
from dashboard.evidence.database.engine import reading, writing

RunState = Literal["running", "succeeded", "partly", "failed", "interrupted"]
OutcomeState = Literal["new", "changed", "unchanged", "waiting", "failed"]


class GatherRun(SQLModel, table=True):
    """A gathering, from its plan to its summary."""

    __tablename__ = "gather_run"

    id: int | None = Field(default=None, primary_key=True)
    started_at: datetime = Field(sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    state: str = Field(default="running", index=True, description="RunState")
    trigger: str = Field(description="What started it, e.g. command, schedule, snapshot.")
    plan: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class SeriesOutcome(SQLModel, table=True):
    """The outcome of a publisher's series for an indicator in a run."""

    __tablename__ = "series_outcome"

    run: int = Field(primary_key=True, foreign_key="gather_run.id")
    source: str = Field(primary_key=True)
    series: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    state: str = Field(description="OutcomeState")
    code: str = Field(default="", description="Finding id of a failure.")
    message: str = ""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    missing: int = 0
    rejected: int = 0
    vanished: int = 0
    retrieved_at: datetime = Field(sa_type=Moment)


def start_run(engine: Engine, *, trigger: str, plan: Mapping[str, Any]) -> int:
    """Start a run and return its id."""
    with writing(engine) as connection:
        return start_run_on(connection, trigger=trigger, plan=plan)


def start_run_on(connection: Connection, *, trigger: str, plan: Mapping[str, Any]) -> int:
    """Start a run within an open write transaction and return its id."""
    with Session(connection) as session:
        run = GatherRun(started_at=datetime.now(UTC), trigger=trigger, plan=dict(plan))
        session.add(run)
        session.flush()
        assert run.id is not None
        return run.id


def record_outcome(engine: Engine, outcome: SeriesOutcome) -> None:
    """Record the outcome of a series, replacing an earlier one of the same run."""
    with writing(engine) as connection:
        record_outcomes_on(connection, [outcome])


def record_outcomes_on(connection: Connection, outcomes: Iterable[SeriesOutcome]) -> None:
    """Record several outcomes within an open write transaction."""
    with Session(connection) as session:
        for outcome in outcomes:
            session.merge(outcome)
        session.flush()


def finish_run(engine: Engine, run: int, state: RunState, summary: Mapping[str, Any]) -> None:
    """Finish a run, or raise LookupError if it is not running."""
    with writing(engine) as connection:
        finish_run_on(connection, run, state, summary)


def finish_run_on(connection: Connection, run: int, state: RunState, summary: Mapping[str, Any]) -> None:
    """Finish a run within an open write transaction, or raise LookupError if it is not running."""
    finished = connection.execute(
        update(GatherRun)
        .where(col(GatherRun.id) == run, col(GatherRun.state) == "running")
        .values(state=state, finished_at=datetime.now(UTC), summary=dict(summary))
    )
    if finished.rowcount != 1:
        raise LookupError(f"Run {run} is not under way")


def mark_interrupted(engine: Engine) -> list[int]:
    """Mark all running runs as interrupted and return their ids.

    The caller must hold the gathering lease, so that none of them can still be running.
    """
    with writing(engine) as connection:
        running = col(GatherRun.state) == "running"
        runs = [
            run for run in connection.execute(select(col(GatherRun.id)).where(running)).scalars() if run is not None
        ]
        connection.execute(update(GatherRun).where(running).values(state="interrupted", finished_at=datetime.now(UTC)))
        return runs


def find_latest(engine: Engine) -> GatherRun | None:
    """Return the run started last, or None."""
    with reading(engine) as connection, Session(connection) as session:
        return session.scalars(select(GatherRun).order_by(col(GatherRun.id).desc()).limit(1)).first()


def find_last_success(engine: Engine, trigger: str) -> GatherRun | None:
    """Return the last successful run with this trigger, or None."""
    wanted = (col(GatherRun.trigger) == trigger, col(GatherRun.state) == "succeeded")
    query = select(GatherRun).where(*wanted).order_by(col(GatherRun.id).desc()).limit(1)
    with reading(engine) as connection, Session(connection) as session:
        return session.scalars(query).first()


LAST_OUTCOMES_SCHEMA = pl.Schema(
    {
        "source": pl.String(),
        "series": pl.String(),
        "indicator": pl.String(),
        "run": pl.Int32(),
        "trigger": pl.String(),
        "state": pl.String(),
        "code": pl.String(),
        "message": pl.String(),
        "new": pl.Int64(),
        "changed": pl.Int64(),
        "unchanged": pl.Int64(),
        "missing": pl.Int64(),
        "rejected": pl.Int64(),
        "vanished": pl.Int64(),
        "retrieved_at": pl.Datetime("us", "UTC"),
        "last_success_at": pl.Datetime("us", "UTC"),
        "failures": pl.Int64(),
    }
)
"""Columns of ``read_last_outcomes_on``."""


def find_never_gathered(engine: Engine, trigger: str) -> frozenset[tuple[str, str, str]]:
    """Return source, series and indicator of series received only in runs with this trigger."""
    query = (
        select(*(getattr(SeriesOutcome, name) for name in ("source", "series", "indicator")), col(GatherRun.trigger))
        .join(GatherRun, col(GatherRun.id) == col(SeriesOutcome.run))
        .where(col(SeriesOutcome.state) != "failed")
        .distinct()
    )
    with reading(engine) as connection:
        received = [tuple(row) for row in connection.execute(query)]
    gathered = {row[:3] for row in received if row[3] != trigger}
    return frozenset(row[:3] for row in received if row[:3] not in gathered)


def read_last_outcomes(engine: Engine) -> pl.DataFrame:
    """Return the last outcome of every series; see ``read_last_outcomes_on``."""
    with reading(engine) as connection:
        return read_last_outcomes_on(connection)


def read_last_outcomes_on(connection: Connection) -> pl.DataFrame:
    """Return the last outcome of every series and indicator, within an open transaction.

    ``last_success_at`` is null if there was none; ``failures`` counts the consecutive failures since.
    """
    series = ("source", "series", "indicator")
    columns = [name for name in LAST_OUTCOMES_SCHEMA if name not in ("trigger", "last_success_at", "failures")]
    query = select(*(getattr(SeriesOutcome, name) for name in columns), col(GatherRun.trigger)).join(
        GatherRun, col(GatherRun.id) == col(SeriesOutcome.run)
    )
    values = [tuple(row) for row in connection.execute(query)]
    rows = pl.DataFrame(
        values, schema={name: LAST_OUTCOMES_SCHEMA[name] for name in (*columns, "trigger")}, orient="row"
    ).sort("run")
    succeeded = pl.col("state") != "failed"
    last_success = pl.col("run").filter(succeeded).max()
    return (
        rows.group_by(series)
        .agg(
            pl.exclude(*series).last(),
            pl.col("retrieved_at").filter(succeeded).last().alias("last_success_at"),
            (pl.col("run") > last_success.fill_null(-1)).sum().cast(pl.Int64).alias("failures"),
        )
        .select(LAST_OUTCOMES_SCHEMA.names())
        .sort(series)
    )
