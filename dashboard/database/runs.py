"""Gatherings, and what became of each series in them.

``start(engine, *, trigger, plan) -> int`` (the run's id), ``outcome(engine, SeriesOutcome(…))``,
``finish(engine, run, state, summary)``, ``mark_interrupted(engine) -> list[int]``,
``latest(engine) -> GatherRun | None``, ``last_of(engine, trigger) -> GatherRun | None``,
``get(engine, run)``, ``outcomes(engine, run) -> list[SeriesOutcome]``.
``standing_on(connection) -> pl.DataFrame``: the last outcome of every series, for publishing;
``standing(engine)``: the same now.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import polars as pl
from sqlalchemy import JSON, Connection, Engine, select, update
from sqlmodel import Field, Session, SQLModel, col

from dashboard.database.columns import Moment
from dashboard.database.engine import reading, writing

RunState = Literal["running", "succeeded", "partly", "failed", "interrupted"]
OutcomeState = Literal["new", "changed", "unchanged", "waiting", "failed"]


class GatherRun(SQLModel, table=True):
    """One gathering, from its plan to its summary."""

    __tablename__ = "gather_run"

    id: int | None = Field(default=None, primary_key=True)
    started_at: datetime = Field(sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    state: str = Field(default="running", index=True, description="RunState")
    trigger: str = Field(description="What started it, e.g. command, schedule, snapshot.")
    plan: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class SeriesOutcome(SQLModel, table=True):
    """What became of one publisher's series for one indicator in one run."""

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


def start(engine: Engine, *, trigger: str, plan: Mapping[str, Any]) -> int:
    """Begin a run; gives its id."""
    with writing(engine) as connection:
        return start_on(connection, trigger=trigger, plan=plan)


def start_on(connection: Connection, *, trigger: str, plan: Mapping[str, Any]) -> int:
    """``start`` within a writing transaction under way."""
    with Session(connection) as session:
        run = GatherRun(started_at=datetime.now(UTC), trigger=trigger, plan=dict(plan))
        session.add(run)
        session.flush()
        assert run.id is not None
        return run.id


def outcome(engine: Engine, outcome: SeriesOutcome) -> None:
    """Keep what became of a series; said again in the same run, the later word stands."""
    with writing(engine) as connection:
        outcomes_on(connection, [outcome])


def outcomes_on(connection: Connection, outcomes: Iterable[SeriesOutcome]) -> None:
    """``outcome`` of several, within a writing transaction under way."""
    with Session(connection) as session:
        for one in outcomes:
            session.merge(one)
        session.flush()


def finish(engine: Engine, run: int, state: RunState, summary: Mapping[str, Any]) -> None:
    """End a run.

    Raises:
        LookupError: no such run is under way.
    """
    with writing(engine) as connection:
        finish_on(connection, run, state, summary)


def finish_on(connection: Connection, run: int, state: RunState, summary: Mapping[str, Any]) -> None:
    """``finish`` within a writing transaction under way."""
    done = connection.execute(
        update(GatherRun)
        .where(col(GatherRun.id) == run, col(GatherRun.state) == "running")
        .values(state=state, finished_at=datetime.now(UTC), summary=dict(summary))
    )
    if done.rowcount != 1:
        raise LookupError(f"Run {run} is not under way")


def mark_interrupted(engine: Engine) -> list[int]:
    """Say of every run still called running that it was interrupted; gives their ids.

    Call it while holding the gathering lease: then none of them can be alive.
    """
    with writing(engine) as connection:
        running = connection.execute(select(col(GatherRun.id)).where(col(GatherRun.state) == "running")).scalars()
        left = [run for run in running if run is not None]
        for run in left:
            connection.execute(
                update(GatherRun)
                .where(col(GatherRun.id) == run)
                .values(state="interrupted", finished_at=datetime.now(UTC))
            )
        return left


def latest(engine: Engine) -> GatherRun | None:
    """The run started last, or None."""
    with reading(engine) as connection, Session(connection) as session:
        return session.scalars(select(GatherRun).order_by(col(GatherRun.id).desc()).limit(1)).first()


def last_of(engine: Engine, trigger: str) -> GatherRun | None:
    """The last run that this started and that succeeded, or None."""
    wanted = (col(GatherRun.trigger) == trigger, col(GatherRun.state) == "succeeded")
    query = select(GatherRun).where(*wanted).order_by(col(GatherRun.id).desc()).limit(1)
    with reading(engine) as connection, Session(connection) as session:
        return session.scalars(query).first()


def outcomes(engine: Engine, run: int) -> list[SeriesOutcome]:
    """The outcomes of a run, by source, series and indicator."""
    with reading(engine) as connection, Session(connection) as session:
        query = select(SeriesOutcome).where(col(SeriesOutcome.run) == run)
        order = (col(SeriesOutcome.source), col(SeriesOutcome.series), col(SeriesOutcome.indicator))
        return list(session.scalars(query.order_by(*order)))


STANDING = pl.Schema(
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
"""Columns of ``standing_on``."""


def standing(engine: Engine) -> pl.DataFrame:
    """``standing_on`` in a transaction of its own."""
    with reading(engine) as connection:
        return standing_on(connection)


def standing_on(connection: Connection) -> pl.DataFrame:
    """The last outcome of every series and indicator, by source, series and indicator.

    ``last_success_at`` is when it was last received well (null: never), ``failures`` how often in a row it has failed
    since then.
    """
    series = ("source", "series", "indicator")
    columns = [name for name in STANDING if name not in ("trigger", "last_success_at", "failures")]
    query = select(*(getattr(SeriesOutcome, name) for name in columns), col(GatherRun.trigger)).join(
        GatherRun, col(GatherRun.id) == col(SeriesOutcome.run)
    )
    values = [tuple(row) for row in connection.execute(query)]
    rows = pl.DataFrame(values, schema={name: STANDING[name] for name in (*columns, "trigger")}, orient="row").sort(
        "run"
    )
    well = pl.col("state") != "failed"
    last_well = pl.col("run").filter(well).max()
    return (
        rows.group_by(series)
        .agg(
            pl.exclude(*series).last(),
            pl.col("retrieved_at").filter(well).last().alias("last_success_at"),
            (pl.col("run") > last_well.fill_null(-1)).sum().cast(pl.Int64).alias("failures"),
        )
        .select(STANDING.names())
        .sort(series)
    )
