"""A country's own figures from its platform to the API: both layouts of Open SDG, and SDMX, over real HTTP."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboard import settings as settings_module
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import migrate
from dashboard.evidence.gathering.plan import GatheringChoice
from dashboard.evidence.gathering.run import Summary, gather
from dashboard.settings import Settings
from tests.data_sources.sdmx_shapes import specific, total
from tests.data_sources.server import Publisher, Scripted, json_reply
from tests.data_sources.shapes import csv_file, workbook

pytestmark = pytest.mark.usefixtures("embedded")

POLL = csv_file("Year,Value", "2022,61.5", "2023,62.5")
BRIBES = csv_file("Year,UNIT_MEASURE,Value", "2022,PT,30.5", "2023,PT,28.5")
COMMENT = "Citizens' satisfaction with service delivery"


def built(publisher: Publisher) -> dict[str, Any]:
    """The site's own output, by language."""
    for code, body in (("16-6-2", POLL), ("16-5-1", BRIBES)):
        publisher.on(f"/kz/en/data/{code}.csv", Scripted(body))
        publisher.on(f"/kz/en/meta/{code}.json", json_reply(json.dumps({"reporting_status": "complete"}).encode()))
    return {"id": "kaz", "base_url": f"{publisher.url}/kz"}


def repository(publisher: Publisher) -> dict[str, Any]:
    """The repository the site is built from: data, metadata in two files, translations."""
    for code, body in (("16-6-2", POLL), ("16-5-1", BRIBES)):
        publisher.on(f"/repo/data/indicator_{code}.csv", Scripted(body))
        publisher.on(f"/repo/meta/{code}.yml", Scripted(f"source_data_1: sources.{code}-data\n".encode()))
        publisher.on(f"/repo/indicator-config/{code}.yml", Scripted(b"reporting_status: complete\n"))
    publisher.on("/repo/translations/en/sources.yml", Scripted(b"16-6-2-data: Poll\n16-5-1-data: Poll\n"))
    options = {"metadata": "meta/{}.yml indicator-config/{}.yml"}
    return {"id": "kaz", "base_url": "", "repository_url": f"{publisher.url}/repo", "options": options}


def message(publisher: Publisher) -> dict[str, Any]:
    """Rwanda's SDMX-ML: its own series codes, its own code for the country, each figure with its words."""
    series = {"FREQ": "A", "REPORTING_TYPE": "N", "REF_AREA": "RW", "COMMENT_OBS": COMMENT, "OBS_STATUS": "A"}
    told = [("_L_RW_160602_1", "2023", "75.0"), ("_L_RW_160602_1", "2024", "76.1"), ("_L_RW_160501_1", "2024", "13.2")]
    rows = [total(**series, SERIES=code, TIME_PERIOD=year, OBS_VALUE=value) for code, year, value in told]
    publisher.on("/rw/data.xml", Scripted(specific(*rows)))
    return {"id": "rwa", "base_url": f"{publisher.url}/rw/data.xml", "options": {}}


def converter(publisher: Publisher) -> dict[str, Any]:
    """The same as the workbook that the office gives to the SDMX Converter."""
    data: list[list[Any]] = [
        ["Name", "Code", "Type", "Area", "2023", "2024"],
        [COMMENT, "_L_RW_160602_1", "N", "RW", 75, 76.1],
        ["Encountered corruption", "_L_RW_160501_1", "N", "RW", None, 13.2],
    ]
    places: list[list[Any]] = [
        ["Element", "Type", "PosType", "Position", None, "DataStart", "E2"],
        ["FREQ", "DIM", "FIX", "A", None, "NumColumns", "2"],
        ["SERIES", "DIM", "COLUMN", "B"],
        ["REPORTING_TYPE", "DIM", "COLUMN", "C"],
        ["REF_AREA", "DIM", "COLUMN", "D"],
        ["TIME_PERIOD", "DIM", "ROW", "1"],
        ["UNIT_MEASURE", "ATT", "FIX", "PT"],
        ["COMMENT_OBS", "ATT", "COLUMN", "A"],
    ]
    publisher.on("/rw/data.xlsx", Scripted(workbook(Data=data, Parameters=places)))
    return {"id": "rwa", "base_url": f"{publisher.url}/rw/data.xlsx", "options": {}}


async def gathered(source: str, site: dict[str, Any], country: str, monkeypatch: Any, folder: Path) -> Summary:
    """Gather a country's satisfaction and bribery from its own platform, and make the product show the result."""
    made = Settings(
        data_dir=folder,
        database_url=None,
        http={"attempts": 1, "read_timeout": 10},
        sources={source: {"sites": [site]}},
    )
    migrate(made)
    choice = GatheringChoice((source,), ("sat_overall_gov", "bribery_persons"), countries=(country,))
    summary = await gather(made, load_codebook(), choice)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(folder))
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)
    settings_module.settings.cache_clear()
    return summary


async def own(client: httpx.AsyncClient, country: str) -> dict[str, Any]:
    reply = await client.get(f"/api/v1/countries/{country}")
    assert reply.status_code == 200, reply.text
    assert reply.json()["latest"] == []  # a national figure is no figure of the indicator
    return {entry["indicator"]: entry for entry in reply.json()["national"]}


@pytest.mark.parametrize("layout", [built, repository])
async def test_kazakhstan_s_own_figures_come_by_url_in_both_layouts(
    layout: Any, publisher: Publisher, client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = await gathered("open_sdg", layout(publisher), "KAZ", monkeypatch, tmp_path)
    assert [(one.state, one.code) for one in summary.verdicts] == [("new", ""), ("new", "")]
    found = await own(client, "KAZ")
    assert found["sat_overall_gov"]["latest"]["value"] == 62.5
    assert found["bribery_persons"]["latest"]["value"] == 28.5
    assert found["sat_overall_gov"]["latest"]["dimensions"] == {"Reporting Type": "N"}
    assert found["sat_overall_gov"]["definition"].startswith("Satisfaction with public services")
    assert "Not SDG 16.6.2" in found["sat_overall_gov"]["caution"]
    assert found["budget_reliability"]["points"] == 0  # not gathered: said, and nothing invented
    assert found["budget_reliability"]["latest"] is None
    way = (await client.get(f"/api/v1/provenance/{found['sat_overall_gov']['latest']['id']}")).json()
    assert way["received"]["url"].startswith(publisher.url)
    assert way["publisher"]["publisher"] == "Bureau of National Statistics of Kazakhstan"


@pytest.mark.parametrize("form", [message, converter])
async def test_rwanda_s_own_figures_come_by_url_in_both_files(
    form: Any, publisher: Publisher, client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = await gathered("sdmx", form(publisher), "RWA", monkeypatch, tmp_path)
    assert [(one.state, one.code) for one in summary.verdicts] == [("new", ""), ("new", "")]
    found = await own(client, "RWA")
    assert (found["sat_overall_gov"]["latest"]["value"], found["sat_overall_gov"]["points"]) == (76.1, 2)
    assert (found["bribery_persons"]["latest"]["value"], found["bribery_persons"]["points"]) == (13.2, 1)
    way = (await client.get(f"/api/v1/provenance/{found['sat_overall_gov']['latest']['id']}")).json()
    assert COMMENT in way["footnote"]
    assert way["publisher"]["publisher"] == "National Institute of Statistics of Rwanda"


@pytest.mark.parametrize("form", ["json", "svg", "png", "csv"])
async def test_a_chart_of_a_national_series_says_so(form: str, client: httpx.AsyncClient) -> None:
    query = "indicator=sat_overall_gov&country=KAZ&series=kaz:16-6-2"
    reply = await client.get(f"/api/v1/charts/trend.{form}?{query}")
    assert reply.status_code == 200, reply.text
    if form == "json":
        about = reply.json()["usermeta"]
        assert "national figures, Kazakhstan, own definition" in about["title"]
        assert about["sentence"].startswith(about["title"])
        assert about["rows"] == 9
    if form == "svg":
        assert "National, own definition. Bureau of National Statistics of Kazakhstan" in reply.text
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(reply.text)))
        assert [row["value"] for row in rows if row["period"] == "2023"] == ["81.3"]
        assert {(row["series"], row["definition"]) for row in rows} == {("kaz:16-6-2", "National, own definition")}
        assert "kaz-16-6-2" in reply.headers["content-disposition"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("trend.json?indicator=sat_overall_gov&series=kaz:16-5-1", "there are: kaz:16-6-2, rwa:_L_RW_160602_1"),
        ("trend.json?indicator=wgi_cc&series=kaz:16-6-2", "there are: none"),
        ("trend.json?indicator=sat_overall_gov&country=RWA&series=kaz:16-6-2", "KAZ's own"),
        ("trend.json?indicator=sat_overall_gov&country=KAZ,RWA&series=kaz:16-6-2", "no other country"),
        ("ranking.json?indicator=bribery_firms&series=kaz:16-5-2", "never ranked"),
        ("map.json?indicator=bribery_firms&series=kaz:16-5-2", "never ranked"),
        ("distribution.json?indicator=bribery_firms&series=kaz:16-5-2", "never ranked"),
    ],
)
async def test_a_national_series_stands_alone(query: str, words: str, client: httpx.AsyncClient) -> None:
    reply = await client.get(f"/api/v1/charts/{query}")
    assert reply.status_code == 422
    assert words in reply.text


async def test_the_codes_of_national_series_stand_with_the_indicator(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/indicators/sat_overall_gov")
    roles = {entry["series"]: entry["role"] for entry in reply.json()["indicator"]["series"]}
    assert (roles["kaz:16-6-2"], roles["rwa:_L_RW_160602_1"]) == ("national", "national")
    assert roles["SP_PSR_OSATIS_GOV"] == "primary"


async def test_rows_of_one_national_series_are_had_alone(client: httpx.AsyncClient) -> None:
    query = "/api/v1/observations.json?indicator=budget_reliability&series=kaz:16-6-1"
    whole = (await client.get(query)).json()["rows"]
    totals = (await client.get(f"{query}&dimensions=total")).json()["rows"]
    assert {(row["country"], row["source"], row["dimensions"]["Reporting Type"]) for row in whole} == {
        ("KAZ", "open_sdg", "N")
    }
    assert (len(whole), len(totals)) == (224, 14)
    assert {json.dumps(row["dimensions"]) for row in totals} == {'{"Reporting Type": "N"}'}
    among = (await client.get(f"{query.replace('kaz:16-6-1', 'all')}&country=KAZ&dimensions=total")).json()["rows"]
    assert {row["id"] for row in totals} < {row["id"] for row in among}, "totals of all series hold those of its own"
    shown = (await client.get("/api/v1/observations.json?indicator=budget_reliability&dimensions=total")).json()["rows"]
    assert {json.dumps(row["dimensions"]) for row in shown} == {"{}"}
    for wrong in ("series=kaz:16-5-1", "series=secondary", "series="):
        reply = await client.get(f"/api/v1/observations.json?indicator=budget_reliability&{wrong}")
        assert reply.status_code == 422, wrong
    several = await client.get("/api/v1/observations.json?indicator=wgi_cc,budget_reliability&series=kaz:16-6-1")
    assert several.status_code == 422


async def test_no_national_figure_is_drawn_without_being_asked_for(client: httpx.AsyncClient) -> None:
    for kind in ("trend", "ranking", "map", "distribution"):
        reply = await client.get(f"/api/v1/charts/{kind}.csv?indicator=bribery_persons&country=KAZ,RWA")
        rows = [row for row in csv.DictReader(io.StringIO(reply.text)) if row["country"] in ("KAZ", "RWA")]
        assert {row["source"] for row in rows} <= {"un_sdg", ""}, kind
