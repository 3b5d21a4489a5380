"""Gatherings and what became of each series."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from dashboard.database import runs
from dashboard.database.engine import reading
from dashboard.database.runs import STANDING, GatherRun, SeriesOutcome
from tests.database.figures import START


def told(run: int, state: str, *, day: int = 0, series: str = "IU_TRUST", **more: Any) -> SeriesOutcome:
    moment: datetime = START + timedelta(days=day)
    return SeriesOutcome(
        run=run, source="un_sdg", series=series, indicator="trust", state=state, retrieved_at=moment, **more
    )


def test_a_run_from_plan_to_summary(record: Engine) -> None:
    assert runs.latest(record) is None
    run = runs.start(record, trigger="command", plan={"sources": ["un_sdg"]})
    under_way = runs.latest(record)
    assert under_way is not None
    assert (under_way.id, under_way.state, under_way.finished_at) == (run, "running", None)
    runs.outcome(record, told(run, "new", new=12))
    runs.finish(record, run, "succeeded", {"vintage": 1})
    done = runs.latest(record)
    assert done is not None
    assert done.finished_at is not None
    assert (done.state, done.plan, done.summary) == ("succeeded", {"sources": ["un_sdg"]}, {"vintage": 1})
    assert done.finished_at >= done.started_at
    assert [(outcome.series, outcome.new) for outcome in runs.outcomes(record, run)] == [("IU_TRUST", 12)]


def test_a_run_ends_once(record: Engine) -> None:
    run = runs.start(record, trigger="command", plan={})
    runs.finish(record, run, "failed", {})
    with pytest.raises(LookupError, match=f"Run {run} is not under way"):
        runs.finish(record, run, "succeeded", {})


def test_runs_that_were_killed_are_called_interrupted(record: Engine) -> None:
    killed = runs.start(record, trigger="command", plan={})
    done = runs.start(record, trigger="command", plan={})
    runs.finish(record, done, "succeeded", {})
    assert runs.mark_interrupted(record) == [killed]
    assert runs.mark_interrupted(record) == []
    with reading(record) as connection:
        states = {run.id: run.state for run in connection.execute(select(col(GatherRun.id), col(GatherRun.state)))}
    assert states == {killed: "interrupted", done: "succeeded"}


def test_the_later_word_on_a_series_stands(record: Engine) -> None:
    run = runs.start(record, trigger="command", plan={})
    runs.outcome(record, told(run, "failed", code="http.timeout", message="no answer in 60 s"))
    runs.outcome(record, told(run, "changed", changed=3))
    assert [(one.state, one.code, one.changed) for one in runs.outcomes(record, run)] == [("changed", "", 3)]


def test_standing_says_when_a_series_last_came_and_how_often_it_failed_since(record: Engine) -> None:
    first, second, third = (runs.start(record, trigger="schedule", plan={}) for _ in range(3))
    for day, run in enumerate((first, second, third)):
        runs.outcome(record, told(run, "failed", day=day, series="NEVER", code="http.404"))
        runs.outcome(record, told(run, "unchanged" if run == first else "failed", day=day, series="ONCE"))
        runs.outcome(record, told(run, "failed" if run == second else "new", day=day, series="NOW"))
    runs.outcome(record, told(first, "new", day=0, series="DROPPED"))
    with reading(record) as connection:
        standing = runs.standing_on(connection)
    assert standing.schema == STANDING
    last = START + timedelta(days=2)
    assert standing.select("series", "run", "state", "retrieved_at", "last_success_at", "failures").rows() == [
        ("DROPPED", first, "new", START, START, 0),
        ("NEVER", third, "failed", last, None, 3),
        ("NOW", third, "new", last, last, 0),
        ("ONCE", third, "failed", last, START, 2),
    ]


def test_before_the_first_run_nothing_stands(record: Engine) -> None:
    with reading(record) as connection:
        assert runs.standing_on(connection).schema == STANDING
