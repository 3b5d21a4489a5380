"""An edition older than the published one never takes its place by itself."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import SecretStr

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.editions import find_edition_date, is_older
from dashboard.evidence.database import runs, vintages
from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.evidence.dataset.identity import add_ids
from dashboard.evidence.dataset.store import Dataset
from dashboard.evidence.gathering import embedded
from dashboard.evidence.gathering.plan import GatheringChoice
from dashboard.evidence.gathering.review import review
from dashboard.evidence.gathering.run import Summary, gather
from dashboard.evidence.gathering.snapshot import FOLDER
from dashboard.settings import ReviewSettings, Settings
from tests.data_sources.server import Publisher, Scripted, json_reply
from tests.data_sources.shapes import csv_file, wb_body, wb_row
from tests.evidence.gathering.publishers import Fact, UnSdg, WorldBank


@pytest.mark.parametrize(
    ("edition", "date"),
    [
        ("lastupdated 2026-07-01", (2026, 7, 1)), ("2026.Q2.G.02", (2026, 6, 2)), ("2022.Q1.G.03", (2022, 3, 3)),
        ("October 2020", (2020, 10)), ("WDI, pull of June 2024, WDI, pull of July 2026", (2026, 7)),
        ("WGI 2025 edition", (2025,)), ("SPI 2016-2019", (2019,)), ("updated 2020-02-07", (2020, 2, 7)),
        ("file of Mon, 01 Jun 2026 10:00:00 GMT", (2026, 6, 1)), ("content 3f2a1b9c2015", ()),
        ("SDG data repository, commit 72277878d125", ()), ("file 2015abcd", ()), ("", ()),
    ],
)  # fmt: skip
def test_the_date_of_an_edition_is_what_its_name_states(edition: str, date: tuple[int, ...]) -> None:
    assert find_edition_date(edition) == date


@pytest.mark.parametrize(
    ("after", "before", "older"),
    [
        ("lastupdated 2022-07-01", "lastupdated 2026-07-01", True), ("2026.Q2.G.01", "2026.Q2.G.02", True),
        ("2025.Q4.G.03", "2026.Q1.G.01", True), ("WGI 2024 edition", "WGI 2025 edition", True),
        ("lastupdated 2026-07-01", "WDI, pull of July 2026", False), ("WGI 2025 edition", "2025.Q1.G.01", False),
        ("content 3f2a1b9c0d4e", "updated 2026-02-07", False), ("2026.Q3.G.01", "October 2020", False),
        ("lastupdated 2026-07-01", "lastupdated 2026-07-01", False),
    ],
)  # fmt: skip
def test_older_is_told_as_far_as_both_are_precise(after: str, before: str, older: bool) -> None:
    assert is_older(after, before) is older
    assert not (older and is_older(before, after))


@pytest.fixture
def settings(tmp_path: Path, database_url: str, publisher: Publisher) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        database_url=SecretStr(database_url),
        http={"attempts": 1, "backoff": 0.01},
        review={"share": 1, "countries": 1},
        sources={
            "world_bank": {"base_url": f"{publisher.url}/v2"},
            "un_sdg": {"base_url": f"{publisher.url}/sdg"},
            "open_sdg": {"sites": [{"id": "kaz", "base_url": f"{publisher.url}/kaz"}]},
        },
    )


COMPANIONS = {
    "GOV_WGI_CC.EST": {"SR": lambda value: 6, "SE": lambda value: 0.2},
    "GOV_WGI_CC.SC": {
        "SC_LB": lambda value: max(0.0, value - 8),
        "SR": lambda value: 6,
        "SC_UB": lambda value: min(100.0, value + 8),
    },
}
"""Codes asked beside a governance series, in the order asked, and an invented figure of each."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("edition", ["2026-09-25", "2025-12-08"])
async def test_the_first_gathering_replaces_our_transcript_by_itself(
    publisher: Publisher, settings: Settings, edition: str
) -> None:
    """What comes with the product holds parts of two editions; the API has all of one, and revises most of it.

    An edition older than ours waits for a person as ever.
    """
    manifest, raw, rows = embedded.read(FOLDER)
    rows = rows.filter(pl.col("series").is_in([*COMPANIONS]), pl.col("value").is_not_null())
    assert set(rows["edition"]) == {"WGI 2025 edition", "WGI 2026 edition"}
    migrate(settings)
    run = embedded.begin(settings, manifest)
    embedded.record_received(settings, run, rows, "new", embedded.read_moment(manifest))
    vintages.write_vintage(
        open_engine(settings),
        created_at=embedded.read_moment(manifest), note="as it comes", run_id=run, added=add_ids(rows), superseded=(),
        records=[embedded.record_of(one) for one in raw if one["sha256"] in set(rows["raw_sha256"])],
    )  # fmt: skip
    runs.finish_run(open_engine(settings), run, "succeeded", {})
    for series, beside in COMPANIONS.items():
        facts = [(*place, figure * 0.99) for *place, figure in rows.filter(series=series).select(
            "country", "period", "value").rows()]  # fmt: skip
        value = [wb_row(iso3, year, figure, code=series) for iso3, year, figure in facts]
        others = {f"GOV_WGI_CC.{part}": figure_of for part, figure_of in beside.items()}
        more = [
            wb_row(iso3, year, figure_of(figure), code=code)
            for code, figure_of in others.items()
            for iso3, year, figure in facts
        ]
        for codes, body in ((series, value), (";".join(others), more)):
            reply = json_reply(wb_body(*body, lastupdated=edition))
            publisher.on(f"/v2/country/all/indicator/{codes}", reply, source="3")
    guarded = settings.model_copy(update={"review": ReviewSettings()})
    choice = GatheringChoice(("world_bank",), ("wgi_cc", "wgi_cc_score"), countries=())
    summary = await gather(guarded, load_codebook(), choice)
    if edition < "2026":
        assert len(summary.waiting) == 1
        return
    assert [(one.state, one.message) for one in summary.verdicts] == [("changed", "")] * 2
    assert summary.waiting == ()
    shown = Dataset.current(settings.dataset_dir).scan(["wgi_cc", "wgi_cc_score"]).collect()
    assert set(shown["edition"]) == {f"lastupdated {edition}"}
    assert shown.height == rows.height
    assert shown.filter(pl.col("lower").is_null() | pl.col("upper").is_null()).is_empty()
    again = await gather(guarded, load_codebook(), choice)  # no longer a copy: as much once more waits for a person
    assert [one.state for one in again.verdicts] == ["unchanged"] * 2


BrowserRequest = Callable[[str, float], Awaitable[Summary]]
CASES = {
    "world_bank": ("internet_users", "2026-07-01", "2022-07-01"),
    "un_sdg": ("bribery_persons", "2026.Q2.G.02", "2022.Q1.G.03"),
    "open_sdg": ("sat_overall_gov", "2026-02-07", "2022-02-07"),
}


def answer(publisher: Publisher, source: str, edition: str, figure: str) -> None:
    """Let a publisher give one figure in an edition."""
    if source == "open_sdg":
        publisher.on("/kaz/en/data/16-6-2.csv", Scripted(csv_file("Year,Value", f"2020,{figure}")))
        publisher.on("/kaz/en/meta/16-6-2.json", json_reply(
            f'{{"national_data_update_url_text":"{edition}: see changes"}}'.encode()))  # fmt: skip
        return
    room: Any = {"world_bank": WorldBank, "un_sdg": UnSdg}[source](publisher)
    facts: list[Fact] = [("AZE", "2020", figure)]
    room.on(CASES[source][0], json_reply(room.body(CASES[source][0], facts, edition=edition)))


@pytest.mark.parametrize("source", CASES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it says the same on any engine
async def test_an_older_edition_waits_for_a_person(publisher: Publisher, settings: Settings, source: str) -> None:
    indicator, newer, older = CASES[source]
    book = load_codebook()

    async def ask(edition: str, figure: str) -> Summary:
        answer(publisher, source, edition, figure)
        return await gather(settings, book, GatheringChoice((source,), (indicator,), countries=()))

    await ask(newer, "50.5")
    ((number, reason),) = (await ask(older, "40.5")).waiting
    assert "which is older" in reason
    assert indicator in reason
    assert Dataset.current(settings.dataset_dir).scan([indicator]).collect()["value"].to_list() == [50.5]
    review.approve(settings, book, number)  # a person may say that it is right
    assert Dataset.current(settings.dataset_dir).scan([indicator]).collect()["value"].to_list() == [40.5]
    assert (await ask(newer, "50.5")).waiting == ()
