"""What changed between two vintages, as a reviewer would say it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.evidence.database import vintages
from dashboard.evidence.dataset.changes import (
    CHANGE_COLUMNS,
    SUMMARY_COLUMNS,
    find_changes,
    read_change_log,
    summarise_changes,
)
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.store import Dataset
from tests.evidence.database.figures import figure, figures, issue

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # readers know no database


@pytest.fixture
def dataset(record: Engine, tmp_path: Path) -> Dataset:
    """Five facts; then one of each kind of change, two revisions, and a fact in two natures of which one changes."""
    names = ("AZE", "GEO", "KAZ", "ARM", "MDA")
    first = figures(*(figure(50.0, country=country) for country in names))
    twice = figures(figure(7.0, nature="C", indicator="bribery"), figure(8.0, nature="E", indicator="bribery"))
    issue(record, first.vstack(twice))
    second = figures(
        figure(50.0, country="AZE", edition="2026.Q2"),  # reissued
        figure(53.0, country="GEO", edition="2026.Q2"),  # revised
        figure(50.0, country="ARM", edition="2026.Q2", status="estimated"),  # revised in its status
        figure(None, country="KAZ", status="missing", value_text="NaN"),  # revised to no figure
        figure(1.0, country="XKX"),  # new
        figure(8.5, nature="E", indicator="bribery"),
    )
    gone = [*first["id"], twice.filter(nature="E").item(0, "id")]  # MDA vanishes
    issue(record, second, gone)
    publish(record, tmp_path / "dataset")
    assert vintages.find_latest(record).rows == 7  # type: ignore[union-attr]
    return Dataset.current(tmp_path / "dataset")


def test_each_changed_figure_is_told_once(dataset: Dataset) -> None:
    told = find_changes(dataset.as_of(1), dataset).collect()
    assert tuple(told.columns) == CHANGE_COLUMNS
    columns = ("indicator", "country", "kind", "before", "after", "size")
    assert told.select(columns).rows() == [
        ("bribery", "AZE", "revised", 8.0, 8.5, 0.5),
        ("trust", "ARM", "revised", 50.0, 50.0, 0.0),
        ("trust", "AZE", "reissued", 50.0, 50.0, 0.0),
        ("trust", "GEO", "revised", 50.0, 53.0, 3.0),
        ("trust", "KAZ", "revised", 50.0, None, None),
        ("trust", "MDA", "vanished", 50.0, None, None),
        ("trust", "XKX", "new", None, 1.0, None),
    ]
    armenia = told.filter(country="ARM").row(0, named=True)
    assert (armenia["status_before"], armenia["status_after"]) == ("normal", "estimated")
    assert (armenia["edition_before"], armenia["edition_after"]) == ("2026.Q1", "2026.Q2")
    assert dataset.observation(armenia["id_before"])["superseded"] == 2  # type: ignore[index]
    assert dataset.observation(armenia["id_after"])["vintage"] == 2  # type: ignore[index]


def test_the_other_way_round_new_and_vanished_change_places(dataset: Dataset) -> None:
    back = find_changes(dataset, dataset.as_of(1)).collect()
    assert back.filter(country="MDA")["kind"].to_list() == ["new"]
    assert (back.filter(country="XKX")["kind"].to_list(), back.height) == (["vanished"], 7)


def test_a_summary_counts_per_indicator(dataset: Dataset) -> None:
    told = summarise_changes(find_changes(dataset.as_of(1), dataset)).collect()
    assert tuple(told.columns) == SUMMARY_COLUMNS
    assert told.rows() == [("bribery", 0, 1, 0, 0, 0.5, 0.5), ("trust", 1, 3, 1, 1, 1.5, 3.0)]


def test_nothing_changes_from_a_vintage_to_itself(dataset: Dataset) -> None:
    assert find_changes(dataset.as_of(1), dataset.as_of(1)).collect().is_empty()
    assert summarise_changes(find_changes(dataset, dataset)).collect().is_empty()


def test_the_log_tells_each_vintage_what_it_brought(dataset: Dataset) -> None:
    told = read_change_log(dataset).collect()
    assert tuple(told.columns) == ("vintage", *CHANGE_COLUMNS)
    first, second = (told.filter(vintage=number).drop("vintage") for number in (1, 2))
    assert set(first["kind"]) == {"new"}
    assert first.height == 7
    assert second.sort(CHANGE_COLUMNS).equals(find_changes(dataset.as_of(1), dataset).collect().sort(CHANGE_COLUMNS))


def test_the_log_begins_after_a_vintage_ends_with_the_one_shown_and_keeps_to_its_indicators(dataset: Dataset) -> None:
    assert set(read_change_log(dataset, after=1).collect()["vintage"]) == {2}
    assert set(read_change_log(dataset.as_of(1)).collect()["vintage"]) == {1}
    assert read_change_log(dataset, after=2).collect().is_empty()
    assert set(read_change_log(dataset, indicators=["bribery"]).collect()["indicator"]) == {"bribery"}
