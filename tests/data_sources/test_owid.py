"""Our World in Data: the right column of the right chart, countries only, and nothing that may not be passed on."""

import json
from collections.abc import Mapping

import pytest

from data_sources.contract import Parsed, SeriesRef, Source, Task
from data_sources.errors import SourceError
from data_sources.fetching.fetch import Collected, collect
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.raw import RawStore
from data_sources.registry import build_sources, list_hosts
from tests.checks import all_of
from tests.data_sources.server import Publisher, json_reply, status
from tests.data_sources.shapes import csv_file, owid_metadata, reply

CHART = "ti-corruption-perception-index"
HEADER = "Entity,Code,Year,a_score"


@pytest.fixture
def room() -> Source:
    return build_sources({})["owid"]


def task(room: Source, **options: str) -> Task:
    return room.plan([SeriesRef(CHART, "an_indicator", options=options)])[0]


def read(room: Source, *lines: str, metadata: bytes = owid_metadata(), **options: str) -> Parsed:
    planned = task(room, **options)
    replies = [reply(planned.requests[0], metadata)]
    return room.parse(planned, [*replies, reply(room.follow(planned, replies)[0], csv_file(*lines))])


def codes(parsed: Parsed) -> list[str]:
    return [finding.code for finding in parsed.findings if finding.code != "licence_unknown"]


def test_a_chart_is_asked_whole_with_short_names(room: Source) -> None:
    planned = task(room)
    (metadata,) = planned.requests
    assert metadata.url == f"https://ourworldindata.org/grapher/{CHART}.metadata.json"
    body = owid_metadata("https://api.ourworldindata.org/v1/indicators/1.metadata.json")
    data, full = room.follow(planned, [reply(metadata, body)])
    assert data.url == f"https://ourworldindata.org/grapher/{CHART}.csv"
    assert data.params == metadata.params == {"v": "1", "csvType": "full", "useColumnShortNames": "true"}
    assert (data.media, full.url, full.optional) == (
        "file", "https://api.ourworldindata.org/v1/indicators/1.metadata.json", True,
    )  # fmt: skip


@pytest.mark.parametrize("header", [HEADER, "entity,code,year,a_score", "Entity,Code,Year,A score"])
def test_figures_come_with_producer_and_edition(room: Source, header: str) -> None:
    parsed = read(room, header, "Antarctica,ATA,2020,12.50", "Antarctica,ATA,2021,0")
    columns = ("area", "area_scheme", "area_name", "period", "value", "value_text", "source_detail", "edition")
    producer = "A producer (2026) – with minor processing by Our World in Data"
    assert parsed.observations.select(columns).rows() == [
        ("ATA", "iso3", "Antarctica", "2020", 12.5, "12.50", producer, "lastUpdated 2026-02-11"),
        ("ATA", "iso3", "Antarctica", "2021", 0.0, "0", producer, "lastUpdated 2026-02-11"),
    ]
    assert codes(parsed) == []


def test_only_codes_of_three_capitals_are_countries(room: Source) -> None:
    parsed = read(
        room, HEADER, "Antarctica,ATA,2020,1", "World,OWID_WRL,2020,2", "Africa,,2020,3", "Africa,,2021,3",
        "Kosovo,OWID_KOS,2020,4", "Brunei,,,",
    )  # fmt: skip
    assert parsed.observations.select("area", "value").rows() == [("ATA", 1.0), ("XKX", 4.0)]
    (finding,) = (finding for finding in parsed.findings if finding.code == "not_a_country")
    assert (finding.count, finding.severity) == (3, "info")
    assert "Africa, World" in finding.message


def test_columns_for_the_chart_are_known_and_others_said(room: Source) -> None:
    header = f"{HEADER},World region according to OWID,time,time"
    assert codes(read(room, header, "Antarctica,ATA,2020,1,Antarctica,2023,2024")) == []
    parsed = read(room, f"{HEADER},new", "Antarctica,ATA,2020,1,2")
    assert codes(parsed) == ["unknown_column"]
    assert parsed.observations["value"].to_list() == [1.0]


COLUMNS: Mapping[str, Mapping[str, object]] = {
    "A score": {"shortName": "a_score", "unit": "points", "lastUpdated": "2026-01-01"},
    "B share": {"shortName": "b_share", "shortUnit": "%"},
}


@pytest.mark.parametrize(("column", "value", "unit"), [("a_score", 1.0, "points"), ("B share", 2.0, "%")])
def test_the_column_is_chosen_by_name_where_a_chart_has_several(
    room: Source, column: str, value: float, unit: str
) -> None:
    lines = (f"{HEADER},b_share", "Antarctica,ATA,2020,1,2", "Bouvet Island,BVT,2020,,")
    parsed = read(room, *lines, metadata=owid_metadata(columns=COLUMNS), column=column)
    assert parsed.observations.select("area", "value", "unit").rows() == [("ATA", value, unit)]
    assert codes(parsed) == ([] if column == "a_score" else ["edition_unknown"])


@pytest.mark.parametrize(
    ("lines", "metadata", "options", "code"),
    [
        ((HEADER,), owid_metadata(columns=COLUMNS), {}, "column_not_named"),
        ((HEADER,), owid_metadata(), {"column": "other"}, "column_not_named"),
        (("Entity,Code,Year,renamed",), owid_metadata(), {}, "changed_columns"),
        (("Entity,Year,a_score",), owid_metadata(), {}, "changed_columns"),
        (("Entity,Code,Day,a_score",), owid_metadata(), {}, "not_yearly"),
        ((HEADER,), b'{"chart": {}}', {}, "unexpected_shape"),
        ((HEADER,), owid_metadata(columns={"A": {"nonRedistributable": True}}), {}, "not_redistributable"),
    ],
)
def test_what_is_not_as_documented_is_named(
    room: Source, lines: tuple[str, ...], metadata: bytes, options: dict[str, str], code: str
) -> None:
    with pytest.raises(SourceError) as raised:
        read(room, *lines, metadata=metadata, **options)
    assert raised.value.code == code


def test_a_figure_that_is_none_is_left_out_and_said(room: Source) -> None:
    wrong = ("Antarctica,ATA,2021,n/a", "Antarctica,ATA,-500,1")
    parsed = read(room, HEADER, "Antarctica,ATA,2020,1", "Antarctica,ATA,2022,1", *wrong)
    assert parsed.observations["period"].to_list() == ["2020", "2022"]
    assert (sorted(codes(parsed)), parsed.rejected) == (["unreadable_period", "unreadable_value"], 2)


async def gathered(publisher: Publisher, store: RawStore, full: Mapping[str, object] | None) -> Collected:
    source = build_sources({"owid": f"{publisher.url}/grapher"})["owid"]
    address = f"{publisher.url}/v1/indicators/1.metadata.json"
    publisher.on(f"/grapher/{CHART}.metadata.json", json_reply(owid_metadata(address)))
    publisher.on(f"/grapher/{CHART}.csv", json_reply(csv_file(HEADER, "Antarctica,ATA,2020,1")))
    if full is not None:
        publisher.on("/v1/indicators/1.metadata.json", json_reply(json.dumps(full).encode()))
    (planned,) = source.plan([SeriesRef(CHART, "an_indicator")])
    async with HttpClient(HttpLimits(attempts=1), list_hosts([source])) as client:
        return await collect(client, source, planned, store)


async def test_the_licence_of_the_producer_stands_with_the_figure(publisher: Publisher, store: RawStore) -> None:
    licences = [{"license": {"name": "CC BY-ND 4.0"}}, {"license": {"name": "CC BY-ND 4.0"}}, {"license": None}]
    collected = await gathered(publisher, store, {"nonRedistributable": False, "origins": licences})
    assert collected.parsed.observations["source_detail"].to_list()[0].endswith("; licence CC BY-ND 4.0")
    assert collected.parsed.findings == ()
    assert all_of(headers["user-agent"] for headers in publisher.headers)


@pytest.mark.parametrize("said", [True, 1])
async def test_figures_that_may_not_be_passed_on_are_refused(
    publisher: Publisher, store: RawStore, said: object
) -> None:
    with pytest.raises(SourceError) as raised:
        await gathered(publisher, store, {"nonRedistributable": said})
    assert raised.value.code == "not_redistributable"


async def test_an_unknown_licence_is_said(publisher: Publisher, store: RawStore) -> None:
    collected = await gathered(publisher, store, None)
    assert {finding.code for finding in collected.parsed.findings} == {"http_404", "licence_unknown"}
    assert collected.parsed.observations.height == 1


async def test_the_api_refuses_what_may_not_be_passed_on(publisher: Publisher, store: RawStore) -> None:
    source = build_sources({"owid": publisher.url})["owid"]
    publisher.on(f"/{CHART}.metadata.json", json_reply(owid_metadata()))
    publisher.on(f"/{CHART}.csv", status(403, b'{"error": "not redistributable"}'))
    (planned,) = source.plan([SeriesRef(CHART, "an_indicator")])
    async with HttpClient(HttpLimits(attempts=1), list_hosts([source])) as client:
        with pytest.raises(SourceError) as raised:
            await collect(client, source, planned, store)
    assert raised.value.code == "http_403"
