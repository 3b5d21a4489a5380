"""Two platforms of one publisher feed one indicator: each changes only its own figures."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import migrate
from dashboard.evidence.dataset.store import Dataset
from dashboard.evidence.gathering.plan import GatheringChoice
from dashboard.evidence.gathering.run import gather
from dashboard.settings import Settings
from tests.data_sources.server import Publisher, Scripted
from tests.data_sources.shapes import csv_file

PATH = {"kaz": "/kz/en/data/16-6-2.csv", "ata": "/aq/en/data/16-6-2.csv"}


def two_sites() -> Codebook:
    """The codebook with a second country's own series under the same indicator and source."""
    book = load_codebook()
    metric = book.metrics["sat_overall_gov"]
    kazakhstan = next(own for own in metric.national if own.source == "open_sdg")
    second = replace(kazakhstan, country="ATA", series="ata:16-6-2")
    return replace(book, metrics={**book.metrics, metric.id: replace(metric, national=(kazakhstan, second))})


def shown(settings: Settings) -> dict[str, list[tuple[str, float]]]:
    rows = Dataset.current(settings.dataset_dir).rows("sat_overall_gov").sort("country", "period").collect()
    assert rows["primary"].any() is False
    assert rows["dimensions"].unique().to_list() == ['{"Reporting Type":"N"}']
    return {
        str(iso3): rows.filter(pl.col("country") == iso3).select("period", "value").rows() for iso3 in ("ATA", "KAZ")
    }


async def test_each_site_changes_only_its_own_series(publisher: Publisher, tmp_path: Path) -> None:
    sites = [
        {"id": "kaz", "base_url": f"{publisher.url}/kz"},
        {"id": "ata", "country": "ATA", "language": "en", "base_url": f"{publisher.url}/aq"},
    ]
    settings = Settings(
        data_dir=tmp_path, database_url=None, http={"attempts": 1}, sources={"open_sdg": {"sites": sites}}
    )
    migrate(settings)
    book, choice = two_sites(), GatheringChoice(("open_sdg",), ("sat_overall_gov",))
    publisher.on(PATH["kaz"], Scripted(csv_file("Year,Value", "2022,61.5", "2023,62.5")))
    publisher.on(PATH["ata"], Scripted(csv_file("Year,Value", "2023,71")))
    first = await gather(settings, book, choice)
    assert [verdict.state for verdict in first.verdicts] == ["new", "new"]
    assert shown(settings) == {"ATA": [("2023", 71.0)], "KAZ": [("2022", 61.5), ("2023", 62.5)]}
    publisher.on(PATH["ata"], Scripted(csv_file("Year,Value", "2023,71", "2024,72")))
    second = await gather(settings, book, choice)
    assert {one.planned.link.series: one.state for one in second.verdicts} == {
        "ata:16-6-2": "changed", "kaz:16-6-2": "unchanged",
    }  # fmt: skip
    assert shown(settings) == {"ATA": [("2023", 71.0), ("2024", 72.0)], "KAZ": [("2022", 61.5), ("2023", 62.5)]}
    publisher.asked.clear()
    await gather(settings, book, replace(choice, countries=("KAZ",)))
    assert [path for path in publisher.paths() if path.startswith("/aq")] == []
    assert shown(settings)["ATA"] == [("2023", 71.0), ("2024", 72.0)]


async def test_a_country_alone_is_gathered_in_its_new_edition_and_an_older_one_waits(
    publisher: Publisher, tmp_path: Path
) -> None:
    site = {"id": "ata", "country": "ATA", "language": "en", "base_url": f"{publisher.url}/aq"}
    settings = Settings(
        data_dir=tmp_path, database_url=None, http={"attempts": 1}, sources={"open_sdg": {"sites": [site]}}
    )
    migrate(settings)
    book, choice = two_sites(), GatheringChoice(("open_sdg",), ("sat_overall_gov",), countries=("ATA",))

    async def gathered(day: str, *lines: str) -> str:
        publisher.on(PATH["ata"], Scripted(csv_file("Year,Value", *lines)))
        metadata = f'{{"national_data_update_url_text":"{day}"}}'.encode()
        publisher.on("/aq/en/meta/16-6-2.json", Scripted(metadata))
        (verdict,) = (await gather(settings, book, choice)).verdicts
        return verdict.state

    assert await gathered("2025-02-01", "2023,71") == "new"
    assert await gathered("2026-02-01", "2023,71", "2024,72") == "changed"
    assert shown(settings)["ATA"] == [("2023", 71.0), ("2024", 72.0)]
    assert await gathered("2022-02-01", "2023,55") == "waiting"
    assert shown(settings)["ATA"] == [("2023", 71.0), ("2024", 72.0)]
    assert await gathered("2026-02-01", "2023,71", "2024,72") == "unchanged"
