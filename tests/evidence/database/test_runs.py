"""Gatherings and what became of each series."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from dashboard.evidence.database import runs
from dashboard.evidence.database.engine import reading
from dashboard.evidence.database.runs import LAST_OUTCOMES_SCHEMA, GatherRun, SeriesOutcome
from tests.evidence.database.figures import START


def told(run: int, state: str, *, day: int = 0, series: str = "IU_TRUST", **more: Any) -> SeriesOutcome:
    moment: datetime = START + timedelta(days=day)
    return SeriesOutcome(
        run=run, source="un_sdg", series=series, indicator="trust", state=state, retrieved_at=moment, **more
    )


def test_a_run_from_plan_to_summary(record: Engine) -> None:
    assert runs.find_latest(record) is None
    run = runs.start_run(record, trigger="command", plan={"sources": ["un_sdg"]})
    under_way = runs.find_latest(record)
    assert (under_way.id, under_way.state, under_way.finished_at) == (run, "running", None)
    runs.record_outcome(record, told(run, "new", new=12))
    runs.finish_run(record, run, "succeeded", {"vintage": 1})
    done = runs.find_latest(record)
    assert done.finished_at is not None
    assert (done.state, done.plan, done.summary) == ("succeeded", {"sources": ["un_sdg"]}, {"vintage": 1})
    assert done.finished_at >= done.started_at
    assert runs.read_last_outcomes(record).select("series", "run", "new").rows() == [("IU_TRUST", run, 12)]


def test_a_run_ends_once(record: Engine) -> None:
    run = runs.start_run(record, trigger="command", plan={})
    runs.finish_run(record, run, "failed", {})
    with pytest.raises(LookupError, match=f"Run {run} is not under way"):
        runs.finish_run(record, run, "succeeded", {})


def test_runs_that_were_killed_are_called_interrupted(record: Engine) -> None:
    killed = runs.start_run(record, trigger="command", plan={})
    done = runs.start_run(record, trigger="command", plan={})
    runs.finish_run(record, done, "succeeded", {})
    assert (runs.mark_interrupted(record), runs.mark_interrupted(record)) == ([killed], [])
    with reading(record) as connection:
        states = {run.id: run.state for run in connection.execute(select(col(GatherRun.id), col(GatherRun.state)))}
    assert states == {killed: "interrupted", done: "succeeded"}


def test_the_later_word_on_a_series_stands(record: Engine) -> None:
    run = runs.start_run(record, trigger="command", plan={})
    runs.record_outcome(record, told(run, "failed", code="http.timeout", message="no answer in 60 s"))
    runs.record_outcome(record, told(run, "changed", changed=3))
    assert runs.read_last_outcomes(record).select("state", "code", "changed").rows() == [("changed", "", 3)]


def test_standing_says_when_a_series_last_came_and_how_often_it_failed_since(record: Engine) -> None:
    first, second, third = (runs.start_run(record, trigger="schedule", plan={}) for _ in range(3))
    for day, run in enumerate((first, second, third)):
        runs.record_outcome(record, told(run, "failed", day=day, series="NEVER", code="http.404"))
        runs.record_outcome(record, told(run, "unchanged" if run == first else "failed", day=day, series="ONCE"))
        runs.record_outcome(record, told(run, "failed" if run == second else "new", day=day, series="NOW"))
    runs.record_outcome(record, told(first, "new", day=0, series="DROPPED"))
    with reading(record) as connection:
        standing = runs.read_last_outcomes_on(connection)
    assert standing.schema == LAST_OUTCOMES_SCHEMA
    last = START + timedelta(days=2)
    assert standing.select("series", "run", "state", "retrieved_at", "last_success_at", "failures").rows() == [
        ("DROPPED", first, "new", START, START, 0),
        ("NEVER", third, "failed", last, None, 3),
        ("NOW", third, "new", last, last, 0),
        ("ONCE", third, "failed", last, START, 2),
    ]


def test_before_the_first_run_nothing_stands(record: Engine) -> None:
    with reading(record) as connection:
        assert runs.read_last_outcomes_on(connection).schema == LAST_OUTCOMES_SCHEMA
