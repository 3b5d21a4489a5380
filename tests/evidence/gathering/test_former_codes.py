"""A series that its publisher renamed is found under the code in use and under the one it had."""

import json
from pathlib import Path

import polars as pl
import pytest
from pydantic import SecretStr

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.dataset.store import Dataset
from dashboard.evidence.gathering.plan import GatheringChoice
from dashboard.evidence.gathering.run import gather
from dashboard.settings import Settings
from tests.data_sources.server import Publisher, json_reply, status
from tests.data_sources.shapes import un_body, un_releases, un_row

NOW, BEFORE = "VC_PRS_UNSNT", "VC_PRS_UNSEC"
NOTHING = json_reply(un_body(release="2026.Q2.G.02"))


@pytest.fixture
def settings(tmp_path: Path, database_url: str, publisher: Publisher) -> Settings:
    made = Settings(
        data_dir=tmp_path / "data",
        database_url=SecretStr(database_url),
        http={"attempts": 1, "backoff": 0.01},
        sources={"un_sdg": {"base_url": f"{publisher.url}/sdg"}},
    )
    publisher.on("/sdg/Indicator/List", json_reply(un_releases()))
    return made


def rows_of(code: str) -> bytes:
    return un_body(un_row("31", 2020.0, "17.25", series=code, geoAreaName="Azerbaijan"), release="2026.Q2.G.02")


def asked(publisher: Publisher) -> list[str]:
    return [query["seriesCode"][0] for path, query in publisher.asked if path == "/sdg/Series/Data"]


async def test_the_code_in_use_is_asked_first_and_alone(settings: Settings, publisher: Publisher) -> None:
    publisher.on("/sdg/Series/Data", json_reply(rows_of(NOW)), seriesCode=NOW)
    publisher.on("/sdg/Series/Data", json_reply(rows_of(BEFORE)), seriesCode=BEFORE)
    summary = await gather(settings, load_codebook(), GatheringChoice(("un_sdg",), ("unsentenced_detainees",)))
    assert summary.state == "succeeded"
    assert asked(publisher) == [NOW]
    assert published(settings) == [(NOW, 17.25)]


@pytest.mark.parametrize("unknown", [NOTHING, status(404, json.dumps({}).encode())], ids=["empty", "refused"])
async def test_a_publisher_that_knows_only_the_code_before_still_gives_the_series(
    settings: Settings, publisher: Publisher, unknown: object
) -> None:
    publisher.on("/sdg/Series/Data", unknown, seriesCode=NOW)  # type: ignore[arg-type]
    publisher.on("/sdg/Series/Data", json_reply(rows_of(BEFORE)), seriesCode=BEFORE)
    summary = await gather(settings, load_codebook(), GatheringChoice(("un_sdg",), ("unsentenced_detainees",)))
    assert asked(publisher) == [NOW, BEFORE]
    assert published(settings) == [(BEFORE, 17.25)]
    (verdict,) = summary.verdicts
    assert "series.former_code" in {finding.code for finding in verdict.findings}


async def test_a_figure_under_the_new_code_takes_the_place_of_the_one_under_the_old(
    settings: Settings, publisher: Publisher
) -> None:
    publisher.on("/sdg/Series/Data", NOTHING, seriesCode=NOW)
    publisher.on("/sdg/Series/Data", json_reply(rows_of(BEFORE)), seriesCode=BEFORE)
    await gather(settings, load_codebook(), GatheringChoice(("un_sdg",), ("unsentenced_detainees",)))
    publisher.on("/sdg/Series/Data", json_reply(rows_of(NOW)), seriesCode=NOW)
    await gather(settings, load_codebook(), GatheringChoice(("un_sdg",), ("unsentenced_detainees",)))
    assert published(settings) == [(NOW, 17.25)]


async def test_a_series_that_is_nowhere_fails_as_before(settings: Settings, publisher: Publisher) -> None:
    publisher.on("/sdg/Series/Data", status(404))
    summary = await gather(settings, load_codebook(), GatheringChoice(("un_sdg",), ("unsentenced_detainees",)))
    assert [(one.state, one.code) for one in summary.verdicts] == [("failed", "http_404")]


def published(settings: Settings) -> list[tuple[str, float]]:
    rows = Dataset.current(settings.dataset_dir).rows("unsentenced_detainees").filter("primary")
    return rows.select(pl.col("series"), pl.col("value")).collect().rows()
