"""What readers get of a published version."""

from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread

import polars as pl
import pytest
from sqlalchemy import Engine

from dashboard.evidence.database import runs, vintages
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.schema import ROWS
from dashboard.evidence.dataset.store import AsOfTooEarly, Dataset, NotPublished
from tests.evidence.database.figures import NOTHING, SHA, START, figure, figures, issue

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # readers know no database

FEMALE = '{"sex":"FEMALE"}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dataset"


@pytest.fixture
def dataset(record: Engine, folder: Path) -> Dataset:
    """Three vintages of 1, 2 and 3 March: a first issue, a revision of AZE 2020, a withdrawal of GEO."""
    issue(
        record,
        figures(
            figure(60.0), figure(58.0, period="2018"), figure(64.0, dimensions=FEMALE), figure(70.0, country="GEO"),
            figure(None, status="missing", period="2021"), figure(99.0, period="2022", primary=False),
            figure(3.0, indicator="bribery", country="GEO"),
        ),
    )  # fmt: skip
    revised = vintages.read_current_rows(record, "trust", "un_sdg").filter(
        country="AZE", period="2020", dimensions="{}"
    )
    issue(record, figures(figure(61.0)), revised["id"], note="Revised")
    gone = vintages.read_current_rows(record, "trust", "un_sdg").filter(country="GEO")
    issue(record, NOTHING, gone["id"])
    publish(record, folder, codebook="c0deb00c")
    return Dataset.current(folder)


def values(rows: pl.LazyFrame) -> list[float]:
    return rows.collect()["value"].drop_nulls().to_list()


def test_it_says_what_it_is(dataset: Dataset) -> None:
    assert (dataset.vintage, dataset.codebook, dataset.indicators()) == (3, "c0deb00c", {"trust", "bribery"})
    assert dataset.created_at == datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert dataset.version.startswith("3-2026-03-03-")


def test_an_earlier_vintage_is_not_said_to_be_the_newest_version(dataset: Dataset) -> None:
    assert [dataset.as_of(number).name for number in (1, 2, 3, None)] == [
        "1-2026-03-01", "2-2026-03-02", dataset.version, dataset.version,
    ]  # fmt: skip
    assert dataset.as_of(1).version == dataset.version


def test_rows_in_force_of_an_indicator(dataset: Dataset) -> None:
    rows = dataset.rows("trust").collect()
    assert rows.schema == ROWS
    assert rows.select("country", "period", "dimensions", "value").rows() == [
        ("AZE", "2018", "{}", 58.0),
        ("AZE", "2020", FEMALE, 64.0),
        ("AZE", "2020", "{}", 61.0),
        ("AZE", "2021", "{}", None),
        ("AZE", "2022", "{}", 99.0),
    ]
    assert rows["superseded"].null_count() == rows.height


def test_an_unknown_indicator_has_no_rows(dataset: Dataset) -> None:
    for rows in (dataset.rows("nobody"), dataset.scan(["nobody"]), dataset.scan([]), dataset.history("../manifest")):
        assert rows.collect().schema == ROWS
        assert rows.collect().is_empty()


def test_rows_of_several_indicators(dataset: Dataset) -> None:
    assert values(dataset.scan(["bribery", "nobody", "bribery"])) == [3.0]
    assert sorted(values(dataset.scan())) == [3.0, 58.0, 61.0, 64.0, 99.0]


def test_history_holds_superseded_figures(dataset: Dataset) -> None:
    rows = dataset.history("trust").filter(pl.col("superseded").is_not_null()).collect()
    assert rows.select("country", "value", "vintage", "superseded").rows() == [("AZE", 60.0, 1, 2), ("GEO", 70.0, 1, 3)]


def test_the_latest_figure_is_a_shown_national_total_with_a_value(dataset: Dataset) -> None:
    assert dataset.latest().collect().select("indicator", "country", "year", "value").rows() == [
        ("bribery", "GEO", 2020, 3.0),
        ("trust", "AZE", 2020, 61.0),
    ]
    assert dataset.latest().collect_schema() == ROWS
    assert values(dataset.latest(["trust"])) == [61.0]
    assert values(dataset.as_of(1).latest(["trust"])) == [60.0, 70.0]


def test_coverage_counts_years_with_a_shown_figure(dataset: Dataset) -> None:
    assert dataset.coverage().rows() == [("bribery", "GEO", 1, 2020, 2020), ("trust", "AZE", 2, 2018, 2020)]
    assert ("trust", "GEO", 1, 2020, 2020) in dataset.as_of(1).coverage().rows()


def test_an_observation_is_found_by_its_id_also_when_superseded(dataset: Dataset) -> None:
    for row in dataset.history("trust").collect().rows(named=True):
        assert dataset.observation(row["id"]) == row
        assert dataset.as_of(1).observation(row["id"]) == (row if row["vintage"] == 1 else None)
    assert dataset.observation("0123456789abcdef") is None
    assert dataset.observation("") is None


def test_a_figure_that_came_back_is_shown_as_it_is_now_and_as_it_was_earlier(record: Engine, folder: Path) -> None:
    row = figures(figure(60.0))
    issue(record, row)
    issue(record, NOTHING, row["id"])
    issue(record, row)
    publish(record, folder)
    found = Dataset.current(folder).observation(row.item(0, "id"))
    assert (found["vintage"], found["superseded"]) == (3, None)
    for earlier in (1, 2):
        then = Dataset.current(folder).as_of(earlier).observation(row.item(0, "id"))
        assert then is not None, earlier
        assert (then["vintage"], then["superseded"]) == (1, 2)


def test_records_say_what_a_figure_was_read_from(dataset: Dataset) -> None:
    found = dataset.record(SHA)
    assert (found["url"], found["publisher"], found["size"]) == (
        "https://publisher.example/trust",
        "United Nations",
        120,
    )
    assert (found["params"], found["retrieved_at"]) == ({"seriesCode": "IU_TRUST"}, START)
    assert dataset.record("00" * 32) is None
    assert dataset.records() == [found]


def test_vintages_and_outcomes(record: Engine, dataset: Dataset, folder: Path) -> None:
    run = runs.start_run(record, trigger="command", plan={})
    runs.record_outcome(
        record,
        runs.SeriesOutcome(
            run=run, source="wgi", series="CC", indicator="control", state="failed", code="http.502",
            message="The publisher is down", retrieved_at=START,
        ),
    )  # fmt: skip
    publish(record, folder)
    now = Dataset.current(folder)
    assert [(one["number"], one["rows"], one["note"]) for one in now.vintages()] == [
        (1, 7, ""),
        (2, 7, "Revised"),
        (3, 6, ""),
    ]
    assert [one["number"] for one in now.as_of(2).vintages()] == [1, 2]
    (outcome,) = now.outcomes()
    assert (outcome["series"], outcome["code"], outcome["failures"], outcome["last_success_at"]) == (
        "CC",
        "http.502",
        1,
        None,
    )
    assert dataset.outcomes() == [], "a version never changes"


def test_as_of_shows_the_state_at_the_end_of_a_day(dataset: Dataset) -> None:
    first, second = dataset.as_of(date(2026, 3, 1)), dataset.as_of(date(2026, 3, 2))
    assert values(first.rows("trust").filter(pl.col("dimensions") == "{}")) == [58.0, 60.0, 99.0, 70.0]
    assert values(second.rows("trust").filter(pl.col("dimensions") == "{}")) == [58.0, 61.0, 99.0, 70.0]
    assert (first.vintage, first.created_at) == (1, START)
    assert (first.version, first.codebook) == (dataset.version, dataset.codebook)
    assert first.rows("trust").collect()["superseded"].null_count() == 6, "as it stood then, nothing was superseded yet"
    assert dataset.as_of(datetime(2026, 3, 2, 11, 59, tzinfo=UTC)).vintage == 1


def test_as_of_now_or_later_is_the_dataset_itself(dataset: Dataset) -> None:
    for when in (None, 3, 99, date(2026, 3, 3), date(2030, 1, 1)):
        assert dataset.as_of(when) == dataset
    assert dataset.as_of(1).as_of(None) == dataset


@pytest.mark.parametrize("when", [0, date(2026, 2, 28), datetime(2026, 3, 1, 11, 59, tzinfo=UTC)])
def test_before_the_first_vintage_there_is_nothing(dataset: Dataset, when: date | int) -> None:
    with pytest.raises(AsOfTooEarly, match="the first vintage is 1, of 2026-03-01 12:00 UTC") as refused:
        dataset.as_of(when)
    assert (refused.value.first, refused.value.since) == (1, START)


def test_the_handle_is_the_same_until_another_version_is_in_force(
    record: Engine, dataset: Dataset, folder: Path
) -> None:
    assert Dataset.current(folder) is dataset
    issue(record, figures(figure(3.5, indicator="bribery")))
    assert Dataset.current(folder) is dataset
    publish(record, folder)
    assert Dataset.current(folder).vintage == 4
    assert values(dataset.rows("bribery")) == [3.0], "who holds the old version goes on reading it"


def test_a_pointer_to_nowhere_is_said(dataset: Dataset, folder: Path) -> None:
    (folder / "CURRENT").write_text("9-2030-01-01-00000000\n")
    with pytest.raises(NotPublished, match="9-2030-01-01-00000000 holds no published dataset"):
        Dataset.current(folder)


def test_many_threads_may_ask_at_once(dataset: Dataset, folder: Path) -> None:
    found: list[bool] = []

    def ask() -> None:
        for _ in range(20):
            one = Dataset.current(folder)
            found.append(
                one.rows("trust").collect().height == 5 and one.record(SHA) is not None and one.coverage().height == 2
            )

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 80


def test_damage_is_named(dataset: Dataset) -> None:
    assert dataset.verify() == []
    (dataset.folder / "coverage.parquet").write_bytes(b"")
    (dataset.folder / "observations" / "trust.parquet").unlink()
    assert sorted(dataset.verify()) == [
        "coverage.parquet is not as it was published",
        "observations/trust.parquet is gone",
    ]
