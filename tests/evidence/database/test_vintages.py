"""The record in vintages: what goes in comes out, nothing is lost, and a vintage is written whole or not at all."""

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import Engine, text

from dashboard.evidence.database import records, vintages
from dashboard.evidence.database.engine import migrate, open_engine, reading, writing
from dashboard.evidence.database.observations import BATCH_COLUMNS, OBSERVATION_COLUMNS, ROW_COLUMNS
from dashboard.evidence.dataset.schema import ROWS
from dashboard.settings import Settings
from tests.evidence.database.figures import NOTHING, SHA, START, figure, figures, issue, raw_record
from tests.given import raising

AWKWARD = [
    figure(0.1 + 0.2, country="AZE", source_detail='Survey, "2020"\n\tround 2'),
    figure(-1.7976931348623157e308, country="ARM", footnote="\\N"),
    figure(5e-324, country="BLR", footnote="NULL", dimensions='{"age":"<5Y","sex":"FEMALE"}'),
    figure(2.0, country="CIV", source_detail="Côte d’Ivoire; الجزائر; 国家统计局", unit="per_100"),
    figure(None, country="GEO", status="missing", value_text="NaN"),
    figure(None, country="KAZ", status="censored", value_text="<2.5", upper=2.5),
    figure(
        48.0, country="MDA", lower=45.5, upper=50.25, interval_level=90.0, std_error=1.443, primary=False, nature=""
    ),
]


def rows_of(record: Engine, indicator: str = "trust", source: str = "un_sdg") -> pl.DataFrame:
    return vintages.read_current_rows(record, indicator, source)


def all_rows(record: Engine) -> pl.DataFrame:
    with reading(record) as connection:
        return vintages.read_rows_on(connection, ["trust", "bribery"]).collect()


def test_this_room_knows_the_columns_of_the_published_rows() -> None:
    assert tuple(ROWS) == ROW_COLUMNS
    others = {name: dtype for name, dtype in ROWS.items() if name not in ("year", "vintage", "superseded")}
    assert others == {**BATCH_COLUMNS, **OBSERVATION_COLUMNS}


def test_figures_come_back_to_the_last_bit(record: Engine) -> None:
    given = figures(*AWKWARD)
    issue(record, given)
    stored = rows_of(record)
    assert stored.schema == ROWS
    assert stored["country"].to_list() == ["ARM", "AZE", "BLR", "CIV", "GEO", "KAZ", "MDA"]
    assert_frame_equal(stored.select(given.columns), given.sort("country"), check_exact=True)
    assert set(stored["vintage"]) == {1}
    assert set(stored["superseded"]) == {None}


def test_a_new_figure_supersedes_and_the_old_one_stays(record: Engine) -> None:
    issue(record, figures(figure(60.0), figure(70.0, country="GEO")))
    old = rows_of(record).filter(country="AZE")
    vintage = issue(record, figures(figure(61.0)), old["id"], note="Revised by the publisher")
    assert (vintage.number, vintage.rows, vintage.added, vintage.superseded) == (2, 2, 1, 1)
    assert rows_of(record).select("country", "value").rows() == [("AZE", 61.0), ("GEO", 70.0)]
    history = all_rows(record).filter(country="AZE").select("value", "vintage", "superseded")
    assert history.rows() == [(60.0, 1, 2), (61.0, 2, None)]


def test_a_figure_that_went_may_come_back_with_its_id(record: Engine) -> None:
    row = figures(figure(60.0))
    issue(record, row)
    issue(record, figures(figure(9.0, country="GEO")), row["id"])
    issue(record, row)
    history = all_rows(record).filter(country="AZE")
    assert history.select("id", "vintage", "superseded").rows() == [
        (row.item(0, "id"), 1, 2),
        (row.item(0, "id"), 3, None),
    ]


def test_only_the_asked_indicator_and_source_are_given(record: Engine) -> None:
    issue(record, figures(figure(1.0), figure(2.0, source="wgi"), figure(3.0, indicator="bribery")))
    assert rows_of(record)["value"].to_list() == [1.0]
    assert rows_of(record, "trust", "wgi")["value"].to_list() == [2.0]
    assert rows_of(record, "trust", "nobody").schema == ROWS
    assert all_rows(record)["value"].to_list() == [3.0, 1.0, 2.0]


def test_vintages_are_listed_oldest_first(record: Engine) -> None:
    for value in (1.0, 2.0, 3.0):  # on 1, 2 and 3 March at noon
        issue(record, figures(figure(value)), rows_of(record)["id"])
    assert vintages.find_latest(record).number == 3  # type: ignore[union-attr]
    assert [vintage.created_at for vintage in vintages.list_vintages(record)] == [
        START + timedelta(days=n) for n in range(3)
    ]


def test_an_empty_record_has_no_vintage(record: Engine) -> None:
    assert vintages.find_latest(record) is None
    assert vintages.list_vintages(record) == []


BROKEN = {
    "id is not 16 hexadecimal digits": {"id": "not an id"},
    "year does not agree with period": {"year": 2019},
    "status is unknown": {"status": "guessed"},
    "a number is not finite": {"value": float("nan")},
    "a value stands where its status says there is none": {"status": "missing"},
    "a value is absent without a status that says why": {"value": None},
    "is empty": {"country": ""},
    "retrieved_at or primary is absent": {"retrieved_at": None},
    "period is neither a year nor a span of years": {"period": "2020-01", "year": None},
}


@pytest.mark.parametrize("rule", BROKEN)
def test_rows_that_break_a_rule_are_refused_by_name_and_place(record: Engine, rule: str) -> None:
    good = figures(figure(60.0), figure(61.0, country="GEO"))
    change = [
        pl.when(pl.col("country") == "GEO").then(pl.lit(new)).otherwise(name).alias(name)
        for name, new in BROKEN[rule].items()
    ]
    with pytest.raises(ValueError, match=rule) as refused:
        issue(record, good.with_columns(change))
    assert "'period': '2020" in str(refused.value)
    assert vintages.find_latest(record) is None


def test_the_same_figure_twice_is_refused(record: Engine) -> None:
    row = figures(figure(60.0))
    with pytest.raises(ValueError, match="an id occurs twice"):
        issue(record, pl.concat([row, row]))


def test_an_absent_annotation_is_an_empty_one(record: Engine) -> None:
    issue(record, figures(figure(60.0, footnote=None, source_detail=None)))
    assert rows_of(record).select("footnote", "source_detail").row(0) == ("", "")


def test_rows_without_all_columns_are_refused(record: Engine) -> None:
    with pytest.raises(ValueError, match="lack the columns edition, footnote"):
        issue(record, figures(figure(1.0)).drop("edition", "footnote"))


def test_rows_must_name_what_they_were_read_from(record: Engine) -> None:
    with pytest.raises(ValueError, match="no raw record"):
        issue(record, figures(figure(60.0, raw_sha256="00" * 32)))
    assert vintages.find_latest(record) is None


def test_a_vintage_without_a_change_is_refused(record: Engine) -> None:
    with pytest.raises(ValueError, match="needs a change"):
        issue(record, NOTHING)


def test_what_was_worked_out_on_an_older_record_is_refused_whole(record: Engine) -> None:
    row = figures(figure(60.0))
    issue(record, row)
    new = figures(figure(61.0))
    with pytest.raises(
        vintages.Conflict, match="1 of the 1 added observations are in force already, first trust AZE 2020"
    ):
        issue(record, row)
    with pytest.raises(vintages.Conflict, match="1 of the 2 superseded observations are not in force"):
        issue(record, new, [*row["id"], "0123456789abcdef"])
    with pytest.raises(vintages.Conflict, match="vintages only go forward"):
        issue(record, new, days=0)
    assert [vintage.number for vintage in vintages.list_vintages(record)] == [1]
    assert rows_of(record)["value"].to_list() == [60.0]
    assert set(all_rows(record)["superseded"]) == {None}


def test_a_write_that_fails_at_its_end_leaves_nothing(record: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    issue(record, figures(figure(60.0)))

    monkeypatch.setattr(vintages._VintageHash, "digest", raising(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        issue(record, figures(figure(61.0)), rows_of(record)["id"])
    monkeypatch.undo()
    assert rows_of(record).select("value", "superseded").rows() == [(60.0, None)]
    with reading(record) as connection:
        assert connection.execute(text("SELECT count(*) FROM batch")).scalar() == 1
    assert issue(record, figures(figure(61.0)), rows_of(record)["id"]).number == 2


def test_the_digest_tells_records_apart_and_not_the_order_of_rows(
    record: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from dashboard.evidence.database.engine import create_engine_for, migrate
    from dashboard.settings import Settings

    rows = figures(figure(1.0), figure(2.0, country="GEO"), figure(3.0, country="ARM", edition="2025"))
    first = issue(record, rows)
    digests = []
    for given in (rows.reverse(), rows.with_columns(primary=pl.col("country") != "GEO")):
        url = f"sqlite:///{tmp_path_factory.mktemp('other') / 'monitor.sqlite3'}"
        migrate(Settings(database_url=url))
        digests.append(issue(create_engine_for(url), given).digest)
        create_engine_for(url).dispose()
    assert digests[0] == first.digest
    assert digests[1] != first.digest


def test_rows_in_several_frames_are_the_same_vintage(tmp_path: Path) -> None:
    rows = [figure(60.0 + n, country=country, indicator=indicator, source=source)
            for indicator in ("trust", "bribery") for source in ("un_sdg", "world_bank")
            for n, country in enumerate(("AZE", "GEO", "KAZ"))]  # fmt: skip
    written = []
    for number, added in enumerate((figures(*rows), [figures(row) for row in reversed(rows)])):
        record = open_engine(Settings(data_dir=tmp_path / str(number), database_url=None))
        migrate(Settings(data_dir=tmp_path / str(number), database_url=None))
        written.append(
            vintages.write_vintage(record, created_at=START, note="", run_id=None, added=added, superseded=(),
                           records=[raw_record()])
        )  # fmt: skip
    one, many = written
    assert (one.digest, one.rows, one.changes) == (many.digest, many.rows, many.changes)
    assert one.changes == {"bribery": [6, 0], "trust": [6, 0]}


def test_a_raw_record_is_kept_once_and_as_first_received(record: Engine) -> None:
    later = raw_record(url="https://elsewhere.example", retrieved_at=START + timedelta(days=3))
    with writing(record) as connection:
        records.save_records_on(connection, [raw_record(), raw_record("aa" * 32)])
        records.save_records_on(connection, [later])
    with reading(record) as connection:
        stored = records.read_frame_on(connection)
    assert stored["sha256"].to_list() == [SHA, "aa" * 32]
    assert stored.select("url", "retrieved_at", "params").row(0) == (
        "https://publisher.example/trust", START, '{"seriesCode": "IU_TRUST"}',
    )  # fmt: skip


def test_a_moment_without_zone_is_refused(record: Engine) -> None:
    with pytest.raises(Exception, match="has no time zone"), writing(record) as connection:
        records.save_records_on(connection, [raw_record(retrieved_at=datetime(2026, 3, 1))])


def test_a_span_of_years_belongs_to_no_year_and_comes_back_as_it_was_written(record: Engine) -> None:
    rows = figures(figure(60.0), figure(61.0, country="GEO")).with_columns(
        pl.when(pl.col("country") == "GEO").then(pl.lit("2015/2025")).otherwise("period").alias("period"),
        pl.when(pl.col("country") != "GEO").then("year").alias("year"),
    )
    issue(record, rows)
    kept = vintages.read_current_rows(record, "trust", "un_sdg").filter(pl.col("country") == "GEO")
    assert kept.select("period", "year").rows() == [("2015/2025", None)]
