"""The UN System Data Commons: every country asked on one line, facets joined, silence never a zero."""

import json

import pytest

from dashboard.evidence.codebook import load_codebook
from data_sources.contract import Parsed, SeriesRef, Source, Task
from data_sources.errors import Changed
from data_sources.fetching.fetch import collect
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.raw import RawStore
from data_sources.registry import build_sources, list_hosts
from data_sources.undata.places import COUNTRIES
from tests.checks import all_of
from tests.data_sources.server import Publisher, Scripted, json_reply
from tests.data_sources.shapes import reply, undata_body

CODE = "IU_COR_BRIB"


@pytest.fixture
def room() -> Source:
    return build_sources({})["undata"]


def task(room: Source, code: str = CODE, **options: str) -> Task:
    return room.plan([SeriesRef(code, "an_indicator", options=options)])[0]


def read(room: Source, body: bytes, code: str = CODE, **options: str) -> Parsed:
    planned = task(room, code, **options)
    return room.parse(planned, [reply(planned.requests[0], body)])


def codes(parsed: Parsed) -> list[str]:
    return [finding.code for finding in parsed.findings if finding.code != "areas_without_data"]


def test_every_country_of_the_codebook_is_asked_for_in_batches(room: Source) -> None:
    asked = [place for request in task(room).requests for place in (request.payload or {})["entities"]]
    countries = load_codebook().countries.values()
    assert sorted(asked) == sorted(f"country/{country.iso3}" for country in countries if country.m49_area)
    assert max(len((request.payload or {})["entities"]) for request in task(room).requests) == 100
    assert {(request.payload or {})["variables"][0] for request in task(room).requests} == {"undata/sdg/IU_COR_BRIB"}


@pytest.mark.parametrize(
    ("code", "variable"),
    [
        ("SG_GEN_PARL.SEX--F", "undata/sdg/SG_GEN_PARL.SEX--F"),
        ("undata/unodc/VIC_HOM_RT", "undata/unodc/VIC_HOM_RT"),
    ],
)
def test_a_part_or_another_collection_can_be_named(room: Source, code: str, variable: str) -> None:
    assert (task(room, code).requests[0].payload or {})["variables"] == [variable]
    rows = read(room, undata_body({"country/ATA": {"2020": 24}}, variable=variable), code).observations
    assert rows.select("series", "dimensions").row(0) == (code, "{}")


def test_unit_and_provenance_come_from_the_facet(room: Source) -> None:
    parsed = read(room, undata_body({"country/ATA": {"2020": 12.50, "2021": 0}, "country/BVT": {}}))
    columns = ("area", "area_scheme", "period", "value", "value_text", "unit", "status", "nature", "source_detail")
    detail = "undata/p/SDG, https://unstats.un.org/sdgs/dataportal"
    assert parsed.observations.select(columns).rows() == [
        ("ATA", "iso3", "2020", 12.5, "12.5", "Percent", "normal", "", detail),
        ("ATA", "iso3", "2021", 0.0, "0", "Percent", "normal", "", detail),
    ]
    assert parsed.edition == "edition not stated"
    assert [(finding.code, finding.count) for finding in parsed.findings] == [
        ("areas_without_data", len(COUNTRIES) - 1)
    ]  # fmt: skip


def test_a_facet_without_a_unit_name_gives_the_code(room: Source) -> None:
    facet = {"unit": "undata/UNIT_MEASURE-PERCENT", "observationPeriod": "P5Y", "provenanceId": "undata/p/WHO"}
    parsed = read(room, undata_body({"country/ATA": {"2020": 1}}, facet=facet))
    assert parsed.observations.select("unit", "footnote", "source_detail").row(0) == (
        "PERCENT", "Observation period: P5Y", "undata/p/WHO",
    )  # fmt: skip
    assert codes(parsed) == ["other_provenance"]


def test_a_missing_facet_is_said(room: Source) -> None:
    body = json.loads(undata_body({"country/ATA": {"2020": 1}}))
    del body["facets"]
    parsed = read(room, json.dumps(body).encode())
    assert (codes(parsed), parsed.observations["unit"].to_list()) == (["facet_missing"], [""])


def test_places_are_countries_m49_areas_or_left_out(room: Source) -> None:
    years = {"2020": 1}
    parsed = read(room, undata_body({"country/AZE": years, "undata-geo/31": years, "undata-geo/G00404000": years}))
    assert parsed.observations.select("area", "area_scheme").rows() == [("AZE", "iso3"), ("031", "m49")]
    assert codes(parsed) == ["not_a_country"]


@pytest.mark.parametrize(
    ("date", "value", "code"),
    [("2024-06", 1, "unreadable_period"), ("2024", "1,5", "unreadable_value"), ("2024", True, "unreadable_value")],
)
def test_what_cannot_be_read_is_left_out_and_said(room: Source, date: str, value: object, code: str) -> None:
    parsed = read(room, undata_body({"country/ATA": {"2020": 1, date: value}}))
    assert parsed.observations["period"].to_list() == ["2020"]
    assert (codes(parsed), parsed.rejected) == ([code], 1)


def test_null_is_missing(room: Source) -> None:
    parsed = read(room, undata_body({"country/ATA": {"2020": None}}))
    assert parsed.observations.select("value", "status").row(0) == (None, "missing")


@pytest.mark.parametrize("body", [undata_body({"country/ATA": {}}), b'{"data": {}, "facets": {}}'])
def test_a_whole_that_holds_nothing_is_hinted_at(room: Source, body: bytes) -> None:
    parsed = read(room, body)
    assert parsed.observations.is_empty()
    assert [(finding.code, finding.severity) for finding in parsed.findings] == [("no_data", "warning")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (undata_body({}, variable="undata/sdg/OTHER"), "wrong_series"),
        (b'{"message": "not found", "code": 5}', "unexpected_shape"),
        (b'{"data": {"undata/sdg/IU_COR_BRIB": []}, "facets": []}', "unexpected_shape"),
        (b'{"data": {"undata/sdg/IU_COR_BRIB": {"country/ATA": {"series": {"2020": 1}}}}}', "unexpected_shape"),
        (b'{"data": {"undata/sdg/IU_COR_BRIB": {"country/ATA": {"series": [{"date": "2020"}]}}}}', "unexpected_shape"),
    ],
)
def test_another_shape_is_a_change(room: Source, body: bytes, code: str) -> None:
    with pytest.raises(Changed) as raised:
        read(room, body)
    assert raised.value.code == code


async def test_the_firewall_sees_one_line_a_user_agent_and_no_conditions(publisher: Publisher, store: RawStore) -> None:
    """A line break in a POST is answered 403 there, and a condition on a POST 412 by the standard."""
    source = build_sources({"undata": publisher.url})["undata"]
    publisher.on("/observations/series", json_reply(undata_body({"country/ATA": {"2020": 1}}), headers={"ETag": '"1"'}))
    (planned,) = source.plan([SeriesRef(CODE, "an_indicator")])
    async with HttpClient(HttpLimits(user_agent="test/1"), list_hosts([source])) as client:
        first = await collect(client, source, planned, store)
        again = await collect(client, source, planned, store)
    assert [first.unchanged, again.unchanged] == [False, False]  # one client: still the same run
    assert len(publisher.bodies) == 6
    for body, headers in zip(publisher.bodies, publisher.headers, strict=True):
        assert b"\n" not in body
        assert json.loads(body)["variables"] == ["undata/sdg/IU_COR_BRIB"]
        assert (headers["user-agent"], headers["content-type"]) == ("test/1", "application/json")
        assert "if-none-match" not in headers


async def test_a_redirect_that_would_drop_the_question_is_refused(publisher: Publisher, store: RawStore) -> None:
    source = build_sources({"undata": publisher.url})["undata"]
    publisher.on("/moved", json_reply(undata_body({"country/ATA": {"2020": 1}})))
    (planned,) = source.plan([SeriesRef(CODE, "an_indicator")])
    async with HttpClient(HttpLimits(attempts=1), list_hosts([source])) as client:
        publisher.on("/observations/series", Scripted(b"", 308, {"Location": "/moved"}))
        assert (await collect(client, source, planned, store)).parsed.observations.height == 1
        assert all_of(publisher.bodies)
        publisher.on("/observations/series", Scripted(b"", 302, {"Location": "/moved"}))
        with pytest.raises(Exception, match="would lose what was asked"):
            await collect(client, source, planned, store)


@pytest.mark.parametrize(
    ("factor", "unit"), [("100", "Percent × 1/100"), ("1", "Percent"), (1, "Percent"), ("1.0", "Percent")]
)
def test_a_factor_of_the_figures_stands_in_the_unit(room: Source, factor: object, unit: str) -> None:
    body = json.loads(undata_body({"country/ATA": {"2020": 12}}))
    body["facets"]["1"]["scalingFactor"] = factor
    assert read(room, json.dumps(body).encode()).observations["unit"].to_list() == [unit]
