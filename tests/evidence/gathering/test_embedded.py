"""A first start publishes real figures; a second one finds them there."""

import csv
import hashlib
import json
import shutil
import threading
from pathlib import Path

import polars as pl
import pytest

from dashboard.evidence.codebook import loader
from dashboard.evidence.database import runs, vintages
from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.evidence.dataset import publish as publishing
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.store import Dataset
from dashboard.evidence.gathering import embedded, renewal, startup
from dashboard.evidence.gathering.snapshot import FOLDER, MANIFEST, OBSERVATIONS, RECORDS, RETRIEVED_NOTE, read_plan
from dashboard.settings import Settings
from tests.given import some

FACTS = [
    (row["indicator"], row["country"], row["year"], float(row["value"]), row["source"])
    for row in csv.DictReader(Path(__file__).with_name("spot_checks.csv").read_text(encoding="utf-8").splitlines())
]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(data_dir=tmp_path_factory.mktemp("first-start"), database_url=None)
    said: list[str] = []
    startup.ensure_ready(settings, said.append)
    assert [line.split()[0] for line in said] == ["Loading", "Published"]
    return settings


@pytest.mark.parametrize(("indicator", "country", "period", "value", "source"), FACTS)
def test_published_figures_are_those_of_the_publishers(
    ready: Settings, indicator: str, country: str, period: str, value: float, source: str
) -> None:
    rows = Dataset.current(ready.dataset_dir).rows(indicator)
    shown = rows.filter(
        pl.col("primary"), pl.col("country") == country, pl.col("period") == period, pl.col("dimensions") == "{}"
    ).collect()
    assert shown["value"].to_list() == [value], source


def test_every_row_says_which_file_it_was_read_from(ready: Settings) -> None:
    dataset = Dataset.current(ready.dataset_dir)
    for sha256 in dataset.scan().select(pl.col("raw_sha256").unique()).collect()["raw_sha256"]:
        record = some(dataset.record(sha256))
        assert record["publisher"]
        assert record["licence"]
        assert record["url"].startswith("https://")
        assert record["origin"].startswith("https://github.com/")
        assert "not known" in record["note"]


def test_intervals_and_standard_errors_came_along(ready: Settings) -> None:
    first = Dataset.current(ready.dataset_dir).as_of(1)  # the edition of 2025 at hand comes without them
    scores = first.rows("wgi_cc").filter(pl.col("value").is_not_null()).collect()
    assert ((((scores["upper"] - scores["lower"]) / 2) - 1.645 * scores["std_error"]).abs() < 1e-12).all()
    assert scores["interval_level"].unique().to_list() == [90.0]


def test_indicator_16_6_2_was_empty_on_24_november(ready: Settings) -> None:
    book, dataset = loader.load_codebook(), Dataset.current(ready.dataset_dir).as_of(1)
    official = {m.id for m in book.metrics.values() for link in m.links if link.sdg_indicator == "16.6.2"}
    assert official
    assert not dataset.scan(official).collect()["primary"].any()
    assert not official & set(dataset.coverage()["indicator"])
    assert not official & set(dataset.latest().collect()["indicator"])


@pytest.mark.parametrize(
    ("indicator", "country", "source", "series", "year", "value", "text"),
    [
        ("sat_overall_gov", "KAZ", "open_sdg", "kaz:16-6-2", 2023, 81.3, "81.3"),
        ("sat_overall_gov", "RWA", "sdmx", "rwa:_L_RW_160602_1", 2017, 74.25, "74.25"),
        ("bribery_persons", "KAZ", "open_sdg", "kaz:16-5-1", 2020, 3.6, "3.6"),
        ("bribery_persons", "RWA", "sdmx", "rwa:_L_RW_160501_1", 2024, 13.2, "13.2"),
        ("bribery_firms", "RWA", "sdmx", "rwa:IC_FRM_BRIB", 2024, 12.8, "12.8"),
        ("budget_reliability", "RWA", "sdmx", "rwa:GF_XPD_GBPC", 2017, 47.2, "47.2"),
        ("birth_registration", "RWA", "sdmx", "rwa:SG_REG_BRTH", 2022, 94.3, "94.3"),
    ],
)
def test_a_country_s_own_figure_is_kept_as_printed_and_never_as_the_total(
    ready: Settings, indicator: str, country: str, source: str, series: str, year: int, value: float, text: str
) -> None:
    rows = Dataset.current(ready.dataset_dir).rows(indicator).filter(pl.col("series") == series).collect()
    assert set(rows["country"]) == {country}
    assert set(rows["source"]) == {source}
    assert not rows["primary"].any()
    assert set(rows["nature"]) == {""}, "N is the code of the United Nations for not relevant"
    assert all(json.loads(told)["Reporting Type"] == "N" for told in rows["dimensions"])
    whole = rows.filter(pl.col("dimensions") == '{"Reporting Type":"N"}', pl.col("year") == year)
    assert whole.select("value", "value_text").rows() == [(value, text)]


def test_a_national_file_is_recorded_with_its_office_and_licence(ready: Settings) -> None:
    dataset = Dataset.current(ready.dataset_dir)
    row = dataset.rows("sat_overall_gov").filter(pl.col("country") == "KAZ").collect().row(0, named=True)
    record = some(dataset.record(row["raw_sha256"]))
    assert record["publisher"] == "Bureau of National Statistics of Kazakhstan"
    assert record["licence"] == "MIT"
    assert "kazstat/sdg-data-kazstat" in record["origin"]


def test_a_start_that_finds_all_done_reads_no_figures_and_is_silent(
    ready: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, said = Dataset.current(ready.dataset_dir).version, []
    for place, name in (
        (embedded, "read"), (embedded, "load"), (renewal, "renew"), (publishing, "publish"), (loader, "load_codebook"),
        (pl, "read_parquet"), (pl, "scan_parquet"), (pl, "read_csv"),
    ):  # fmt: skip
        monkeypatch.setattr(place, name, lambda *_, name=name, **__: pytest.fail(f"{name} at a start that has all"))
    startup.ensure_ready(ready, said.append)
    monkeypatch.undo()
    assert said == []
    assert Dataset.current(ready.dataset_dir).version == version
    assert len(vintages.list_vintages(open_engine(ready))) == len(embedded.list_editions(FOLDER))


def test_each_vintage_is_dated_as_its_dataset_is(ready: Settings) -> None:
    dates = [
        json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["date"] for folder in embedded.list_editions(FOLDER)
    ]
    assert [(one.number, one.created_at.date().isoformat()) for one in vintages.list_vintages(open_engine(ready))] == [
        *enumerate(dates, start=1)
    ]
    run = some(runs.find_latest(open_engine(ready)))
    assert (run.trigger, run.state) == ("embedded", "succeeded")


@pytest.mark.long
def test_a_vintage_written_but_not_published_is_published_at_the_next_start(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=None)
    migrate(settings)
    assert startup.ensure_embedded(settings)
    said: list[str] = []
    startup.ensure_ready(settings, said.append)
    assert [line.split()[0] for line in said] == ["Published"]


def test_a_changed_codebook_is_published_at_the_next_start(ready: Settings) -> None:
    publish(open_engine(ready), ready.dataset_dir, "another")
    said: list[str] = []
    startup.ensure_ready(ready, said.append)
    assert len(said) == 1
    assert Dataset.current(ready.dataset_dir).codebook == loader.load_codebook().version


@pytest.mark.long
@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_first_start_publishes_the_same_rows_on_either_engine(ready: Settings, monitor_settings: Settings) -> None:
    startup.ensure_ready(monitor_settings, say=lambda line: None)
    here, there = (Dataset.current(settings.dataset_dir) for settings in (ready, monitor_settings))
    assert here.manifest["rows"] == there.manifest["rows"]
    ids = [dataset.scan().select(pl.col("id").sort()).collect()["id"] for dataset in (here, there)]
    assert ids[0].equals(ids[1])


@pytest.mark.long
def test_two_first_starts_at_once_load_once(tmp_path: Path) -> None:
    settings, faults = Settings(data_dir=tmp_path, database_url=None), []

    def start() -> None:
        try:
            startup.ensure_ready(settings, lambda line: None)
        except Exception as error:
            faults.append(error)

    starts = [threading.Thread(target=start) for _ in range(3)]
    for thread in starts:
        thread.start()
    for thread in starts:
        thread.join()
    assert faults == []
    assert len(vintages.list_vintages(open_engine(settings))) == len(embedded.list_editions(FOLDER))
    assert not Dataset.current(settings.dataset_dir).verify()


@pytest.mark.parametrize("name", [OBSERVATIONS, RECORDS])
def test_a_damaged_embedded_dataset_is_refused_by_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "embedded"
    shutil.copytree(FOLDER, folder)
    (folder / name).write_bytes((folder / name).read_bytes()[:-10])
    settings = Settings(data_dir=tmp_path, database_url=None)
    migrate(settings)
    with pytest.raises(embedded.DamagedEmbedded, match=name):
        startup.ensure_embedded(settings, folder=folder)
    assert vintages.find_latest(open_engine(settings)) is None


def test_the_embedded_dataset_is_small_and_whole() -> None:
    manifest = json.loads((FOLDER / MANIFEST).read_text(encoding="utf-8"))
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 4 * 2**20
    assert len(manifest["indicators"]) == len({one.indicator for one in read_plan().readings})
    assert set(manifest["indicators"]) <= set(loader.load_codebook().metrics)
    for name, expected in manifest["files"].items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == expected


def test_the_governance_workbook_is_recorded_under_its_own_title() -> None:
    records = json.loads((FOLDER / RECORDS).read_text(encoding="utf-8"))
    assert {record["retrieved_at_note"] for record in records} == {RETRIEVED_NOTE}
    titles = {record["file"]: record["title"] for record in records if record["source"] == "world_bank"}
    assert titles["wgi.xlsx"] == "Worldwide Governance Indicators"


def test_a_second_source_of_the_embedded_dataset_is_compared_and_never_shown() -> None:
    rows = pl.read_parquet(FOLDER / OBSERVATIONS)
    theirs = rows.filter(pl.col("indicator") == "internet_users", pl.col("source") == "un_sdg")
    assert theirs.height > 3000
    assert not theirs["primary"].any()
