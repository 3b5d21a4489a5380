"""``as_of(n)`` is the state after vintage n, whatever vintages followed."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.evidence.database.engine import create_engine_for, migrate
from dashboard.evidence.dataset.changes import find_changes
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.store import Dataset
from dashboard.settings import Settings
from tests.evidence.database.figures import START, figure, figures, issue

FACTS = [(indicator, country) for indicator in ("trust", "bribery") for country in ("AZE", "GEO", "XKX")]
State = dict[tuple[str, str], float | None]

moves = st.dictionaries(st.sampled_from(FACTS), st.sampled_from([None, 1.0, 2.0, 3.0, "gone"]), max_size=4)
"""What a vintage says: a fact's figure (None: published as missing), or that it is no longer there."""


@pytest.fixture(scope="module")
def empty_record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("empty") / "monitor.sqlite3"
    migrate(Settings(database_url=f"sqlite:///{path}"))
    create_engine_for(f"sqlite:///{path}").dispose()
    return path


def row(fact: tuple[str, str], value: float | None) -> dict[str, Any]:
    return figure(value, indicator=fact[0], country=fact[1], status="normal" if value is not None else "missing")


def tell(record: Engine, history: list[dict[tuple[str, str], Any]], folder: Path, publish_each: bool) -> list[State]:
    """Write vintages as told; gives the state after each of them."""
    state: State = {}
    states: list[State] = []
    for said in history:
        new = {
            fact: value
            for fact, value in said.items()
            if value != "gone" and (fact not in state or state[fact] != value)
        }
        old = [fact for fact in said if fact in state and (fact in new or said[fact] == "gone")]
        if not new and not old:
            continue
        gone = figures(*(row(fact, state[fact]) for fact in old))["id"]
        issue(record, figures(*(row(fact, value) for fact, value in new.items())), gone)
        state = {fact: value for fact, value in state.items() if fact not in old} | new
        states.append(state)
        if publish_each:
            publish(record, folder)
    if states:
        publish(record, folder)
    return states


def shown(rows: pl.LazyFrame) -> State:
    return {(one["indicator"], one["country"]): one["value"] for one in rows.collect().rows(named=True)}


def check(folder: Path, states: list[State]) -> None:
    dataset = Dataset.current(folder)
    assert shown(dataset.scan()) == states[-1]
    for number, state in enumerate(states, start=1):
        day = (START + timedelta(days=number - 1)).date()
        for view in (dataset.as_of(number), dataset.as_of(day)):
            assert shown(view.scan()) == state
            assert view.vintages()[-1]["rows"] == len(state)
            rows = view.scan().collect()
            assert (rows.height, rows["superseded"].null_count()) == (len(state), rows.height)
        in_parts = [shown(dataset.as_of(number).rows(name)) for name in ("trust", "bribery")]
        assert in_parts[0] | in_parts[1] == state
        told = find_changes(dataset.as_of(number), dataset).collect()
        facts = {(one["indicator"], one["country"]): one["kind"] for one in told.rows(named=True)}
        now = states[-1]
        expected = dict.fromkeys(state.keys() - now.keys(), "vanished")
        expected |= dict.fromkeys(now.keys() - state.keys(), "new")
        expected |= {fact: "revised" for fact in state.keys() & now.keys() if state[fact] != now[fact]}
        assert facts == expected


@pytest.mark.long
@settings(max_examples=25, deadline=None)
@given(history=st.lists(moves, min_size=1, max_size=6), publish_each=st.booleans())
def test_as_of_is_the_state_after_the_vintage(
    empty_record: Path, history: list[dict[tuple[str, str], Any]], publish_each: bool
) -> None:
    with TemporaryDirectory() as place:
        shutil.copy(empty_record, Path(place) / "monitor.sqlite3")
        record = create_engine_for(f"sqlite:///{place}/monitor.sqlite3")
        try:
            states = tell(record, history, Path(place) / "dataset", publish_each)
            if states:
                check(Path(place) / "dataset", states)
        finally:
            record.dispose()


def test_as_of_on_either_database(record: Engine, tmp_path: Path) -> None:
    first: dict[tuple[str, str], Any] = dict.fromkeys(FACTS, 1.0)
    history: list[dict[tuple[str, str], Any]] = [
        first, {FACTS[0]: 2.0, FACTS[1]: "gone"}, {FACTS[0]: None, FACTS[1]: 1.0}, {FACTS[0]: 1.0, FACTS[5]: "gone"},
    ]  # fmt: skip
    check(tmp_path / "dataset", tell(record, history, tmp_path / "dataset", True))
