"""Every route answers in its promised shape; values are the publishers'; files and JSON hold the same rows."""

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from dashboard.analysis.charts import converter
from dashboard.answers.base.context import open_context
from dashboard.answers.holdings.observations import Selection, read_page, read_start
from dashboard.answers.public import shapes
from dashboard.evidence.dataset.schema import PUBLIC
from dashboard.evidence.gathering.snapshot import read_plan
from tests.checks import all_of

SPOT_CHECKS = Path(__file__).parents[2] / "evidence" / "gathering" / "spot_checks.csv"
FACTS = [
    (row["indicator"], row["country"], row["year"], float(row["value"]))
    for row in csv.DictReader(SPOT_CHECKS.read_text(encoding="utf-8").splitlines())
]
ROUTES: list[tuple[str, Any]] = [
    ("meta", shapes.Meta), ("indicators", shapes.Indicators), ("indicators/wgi_cc", shapes.Indicator),
    ("indicators/sat_overall_gov?lang=ar", shapes.Indicator), ("countries", shapes.Countries),
    ("countries/AZE", shapes.Country), ("countries/uga?lang=ar", shapes.Country), ("adoption", shapes.AdoptionRegister),
    ("observations.json?indicator=wgi_cc&country=AZE", shapes.Rows),
    ("observations.json?country=AZE&dimensions=total&limit=5", shapes.Rows),
    ("observations.json?indicator=bribery_persons,bribery_firms&series=all", shapes.Rows),
]  # fmt: skip
CHARTS = ("trend", "ranking", "map", "world", "distribution")


async def _rows(client: httpx.AsyncClient, query: str) -> list[dict[str, Any]]:
    reply = await client.get(f"/api/v1/observations.json?{query}")
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["rows"]
    return found


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(("route", "shape"), ROUTES)
async def test_answers_have_the_documented_shape(client: httpx.AsyncClient, route: str, shape: Any) -> None:
    reply = await client.get(f"/api/v1/{route}")
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "application/json"
    answer = reply.json()
    TypeAdapter(shape).validate_python(answer, strict=True, extra="forbid")
    if "dataset" in answer:
        assert answer["dataset"] == open_context().dataset.version


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(("indicator", "country", "year", "value"), FACTS)
async def test_published_facts_are_reproduced_exactly(
    client: httpx.AsyncClient, indicator: str, country: str, year: str, value: float
) -> None:
    rows = await _rows(client, f"indicator={indicator}&country={country}&from={year}&to={year}")
    assert (rows[0]["value"], rows[0]["period"], rows[0]["dimensions"]) == (value, year, {})
    total = await _rows(client, f"indicator={indicator}&country={country}&from={year}&to={year}&dimensions=total")
    assert [row["value"] for row in total] == [value]


@pytest.mark.usefixtures("embedded")
async def test_rows_have_the_fourteen_columns_in_their_order(client: httpx.AsyncClient) -> None:
    rows = await _rows(client, "indicator=basic_water&country=AZE&from=2016")
    assert all_of(tuple(row) == PUBLIC for row in rows)
    assert {json.dumps(row["dimensions"]) for row in rows} == {"{}", '{"Location": "RURAL"}', '{"Location": "URBAN"}'}


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    "query",
    [
        "indicator=wgi_cc&country=AZE,GEO",
        "indicator=basic_water&country=UGA",
        "indicator=stat_law",
        "country=AFG&to=2005",
    ],
)
async def test_the_csv_holds_the_same_rows_as_the_json(client: httpx.AsyncClient, query: str) -> None:
    rows = await _rows(client, f"{query}&limit=10000")
    reply = await client.get(f"/api/v1/observations.csv?{query}")
    assert reply.headers["content-type"].startswith("text/csv")
    assert "attachment" in reply.headers["content-disposition"]
    lines = list(csv.reader(io.StringIO(reply.text)))
    assert tuple(lines[0]) == PUBLIC
    told = [dict(zip(PUBLIC, line, strict=True)) for line in lines[1:]]
    assert len(told) == len(rows) > 0
    for line, row in zip(told, rows, strict=True):
        assert json.loads(line["dimensions"]) == row["dimensions"]
        for name in ("value", "lower", "upper"):
            assert (float(line[name]) if line[name] else None) == row[name]
        for name in ("id", "indicator", "country", "period", "unit", "status", "nature", "edition", "retrieved_at"):
            assert line[name] == row[name]


@pytest.mark.usefixtures("handmade")
async def test_secondary_series_come_only_when_asked_for_and_after_the_primary(client: httpx.AsyncClient) -> None:
    query = "indicator=internet_users&country=AZE&from=2023&to=2023"
    assert [row["source"] for row in await _rows(client, query)] == ["world_bank"]
    assert [row["source"] for row in await _rows(client, f"{query}&series=all")] == ["world_bank", "un_sdg"]


@pytest.mark.usefixtures("handmade")
async def test_a_missing_figure_is_null_with_its_reason(client: httpx.AsyncClient) -> None:
    missing = await _rows(client, "indicator=birth_registration&country=AZE")
    assert [(row["value"], row["status"]) for row in missing] == [(None, "missing")]
    bound = (await _rows(client, "indicator=bribery_persons&country=AFG&to=2012"))[0]
    assert (bound["value"], bound["upper"], bound["status"]) == (None, 2.5, "censored")


@pytest.mark.usefixtures("handmade")
async def test_as_of_shows_the_figures_of_that_day(client: httpx.AsyncClient) -> None:
    query = "indicator=internet_users&country=AZE"
    assert [row["value"] for row in await _rows(client, query)] == [91.0]
    assert [row["value"] for row in await _rows(client, f"{query}&as_of=2026-03-01")] == [90.4]
    old = (await _rows(client, f"{query}&as_of=2026-03-01"))[0]["id"]
    way = (await client.get(f"/api/v1/provenance/{old}")).json()
    TypeAdapter(shapes.Provenance).validate_python(way, strict=True, extra="forbid")
    assert (way["superseded"]["number"], way["observation"]["value"]) == (2, 90.4)
    assert way["superseded_by"] == (await _rows(client, query))[0]["id"]


@pytest.mark.usefixtures("embedded")
async def test_provenance_leads_from_the_value_to_the_bytes(client: httpx.AsyncClient) -> None:
    row = (await _rows(client, "indicator=ti_cpi&country=AZE&from=2025"))[0]
    way = (await client.get(f"/api/v1/provenance/{row['id']}")).json()
    TypeAdapter(shapes.Provenance).validate_python(way, strict=True, extra="forbid")
    assert way["observation"] == row
    assert way["publisher"]["publisher"] == "Transparency International"
    assert way["publisher"]["licence"] == "CC BY-ND 4.0"
    assert len(way["received"]["sha256"]) == 64
    assert way["received"]["url"].startswith("https://")
    assert way["vintage"]["number"] == 1


@pytest.mark.usefixtures("embedded")
@given(
    metrics=st.lists(
        st.sampled_from(["stat_law", "bribery_persons", "ti_cpi", "basic_water"]), max_size=3, unique=True
    ),
    countries=st.lists(st.sampled_from(["AZE", "AFG", "UGA", "PER"]), min_size=1, max_size=3, unique=True),
    totals=st.booleans(),
    limit=st.integers(1, 60),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_following_the_cursor_gives_every_row_once(
    metrics: list[str], countries: list[str], totals: bool, limit: int
) -> None:
    ctx = open_context()
    chosen = Selection(tuple(metrics or ["stat_law"]), tuple(countries), totals=totals)
    whole = [row["id"] for row in read_page(ctx, chosen, 10_000)["rows"]]
    walked: list[str] = []
    given_cursor = None
    while True:
        part = read_page(ctx, chosen, limit, read_start(ctx, chosen, given_cursor))
        assert len(part["rows"]) <= limit
        walked += [row["id"] for row in part["rows"]]
        given_cursor = part["next"]
        if given_cursor is None:
            break
    assert walked == whole
    assert len(set(walked)) == len(walked)


@pytest.mark.usefixtures("embedded")
async def test_csv_pages_are_joined_by_links(client: httpx.AsyncClient) -> None:
    address = "/api/v1/observations.csv?indicator=wgi_cc&country=AZE&limit=10"
    ids: list[str] = []
    while address:
        reply = await client.get(address)
        ids += [line["id"] for line in csv.DictReader(io.StringIO(reply.text))]
        link = reply.headers.get("link", "")
        address = link.split(">")[0].removeprefix("<") if link else ""
    assert ids == [row["id"] for row in await _rows(client, "indicator=wgi_cc&country=AZE")]
    whole = await client.get(f"/api/v1/observations.csv?indicator=wgi_cc&country=AZE&limit={len(ids)}")
    assert "link" not in whole.headers, "a page behind the last would be empty"


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("kind", CHARTS)
async def test_a_chart_is_one_thing_as_specification_picture_and_rows(client: httpx.AsyncClient, kind: str) -> None:
    query = "indicator=wgi_cc&country=AZE,GEO&from=2020"
    spec = (await client.get(f"/api/v1/charts/{kind}.json?{query}")).json()
    told = spec["usermeta"]
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/v6")
    assert spec["datasets"]
    assert told["title"]
    assert told["dataset"] == open_context().dataset.version
    lines = list(csv.DictReader(io.StringIO((await client.get(f"/api/v1/charts/{kind}.csv?{query}")).text)))
    assert len(lines) == told["rows"] > 0
    assert {"AZE", "GEO"} <= {line["country"] for line in lines}
    picture = (await client.get(f"/api/v1/charts/{kind}.svg?{query}")).text
    assert ElementTree.fromstring(picture).tag.endswith("svg")
    assert "World Bank" in picture
    assert open_context().dataset.version in picture


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("kind", ["trend", "ranking", "map", "distribution"])
async def test_a_png_is_the_picture_of_the_svg(client: httpx.AsyncClient, kind: str) -> None:
    question = "indicator=egdi&country=AZE&theme=dark&lang=ar"
    reply = await client.get(f"/api/v1/charts/{kind}.png?{question}")
    assert reply.headers["content-type"] == "image/png"
    assert "content-encoding" not in reply.headers
    document = (await client.get(f"/api/v1/charts/{kind}.svg?{question}")).text
    assert reply.content == converter.convert_to_png(document, 2)


@pytest.mark.usefixtures("embedded")
async def test_without_countries_the_default_selection_is_drawn(client: httpx.AsyncClient) -> None:
    rows = (await client.get("/api/v1/charts/trend.csv?indicator=wgi_cc")).text
    assert next(csv.DictReader(io.StringIO(rows)))["country"] == "AZE"


@pytest.mark.usefixtures("embedded")
async def test_countries_may_be_repeated_joined_and_of_any_case(client: httpx.AsyncClient) -> None:
    joined = await _rows(client, "indicator=wgi_cc&country=aze,GEO&from=2020")
    repeated = await _rows(client, "indicator=wgi_cc&country=AZE&country=Geo&country=AZE&from=2020")
    assert joined == repeated
    assert {row["country"] for row in joined} == {"AZE", "GEO"}


@pytest.mark.usefixtures("embedded")
async def test_files_have_names_that_say_what_they_hold(client: httpx.AsyncClient) -> None:
    named = {
        "observations.csv?indicator=wgi_cc&country=AZE,GEO&from=2015&to=2020": "wgi_cc_AZE_GEO_2015-2020.csv",
        "observations.csv?indicator=wgi_cc&from=2020": "wgi_cc_2020-.csv",
        "observations.json?country=AZE&to=2010": "AZE_-2010.json",
        "observations.csv?indicator=wgi_cc,egdi,ti_cpi,wgi_ge&country=AZE,GEO,UGA,UZB,PAK,IDN,KAZ&to=1999": (
            "wgi_cc_egdi_ti_cpi_AZE_GEO_UGA_UZB_PAK_IDN_-1999.csv"
        ),
        "charts/trend.svg?indicator=wgi_cc&country=AZE": f"wgi_cc_trend_AZE_{read_plan().on.isoformat()}.svg",
    }
    for address, name in named.items():
        reply = await client.get(f"/api/v1/{address}")
        assert f'filename="{name}"' in reply.headers["content-disposition"]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    ("route", "name", "most"),
    [
        ("observations.json?indicator=wgi_cc", "rows", 1000), ("changes", "rows", 1000),
        ("peers?country=ETH", "peers", 11), ("peers?country=ETH&limit=50", "peers", 50),
    ],
)  # fmt: skip
async def test_as_many_are_told_as_the_documentation_promises(
    client: httpx.AsyncClient, route: str, name: str, most: int
) -> None:
    answer = (await client.get(f"/api/v1/{route}")).json()
    assert len(answer[name]) == most
    assert answer.get("next", "more")
    hits = [len(group["hits"]) for group in (await client.get("/api/v1/search?q=a")).json()["groups"]]
    assert max(hits) == 5


@pytest.mark.usefixtures("handmade")
async def test_a_country_is_said_to_have_the_indicators_it_has_figures_of(client: httpx.AsyncClient) -> None:
    entries = (await client.get("/api/v1/countries")).json()["countries"]
    assert [one["iso3"] for one in entries] == sorted(one["iso3"] for one in entries)
    having = {one["iso3"]: one["indicators_with_data"] for one in entries if one["indicators_with_data"]}
    assert having == {"AFG": 1, "AZE": 2, "GEO": 2, "ROU": 1}  # a missing figure is none
    meta = (await client.get("/api/v1/meta")).json()
    assert (meta["countries"], meta["countries_with_data"], meta["indicators_with_data"]) == (len(entries), 4, 3)
    for iso3, count in (*having.items(), ("FRA", 0)):
        one = (await client.get(f"/api/v1/countries/{iso3}")).json()
        assert one["country"]["indicators_with_data"] == len({row["indicator"] for row in one["latest"]}) == count


@pytest.mark.usefixtures("handmade")
async def test_whoever_counts_the_statuses_of_the_list_can_leave_out_the_origin(client: httpx.AsyncClient) -> None:
    entries = (await client.get("/api/v1/countries")).json()["countries"]
    counts = (await client.get("/api/v1/adoption")).json()["counts"]
    operating = [one["iso3"] for one in entries if one["adoption_status"] == "operating" and not one["adoption_origin"]]
    assert operating == counts["operating"]["countries"]
    assert [one["iso3"] for one in entries if one["adoption_origin"]] == ["AZE"]


@pytest.mark.usefixtures("embedded")
async def test_the_register_is_told_in_the_language_asked_for(client: httpx.AsyncClient) -> None:
    """A reader of Arabic would read the scope and note of an event in English, or none at all."""
    english, arabic = [(await client.get(f"/api/v1/adoption?lang={lang}")).json() for lang in ("en", "ar")]
    pairs = [
        (one, other)
        for first, second in zip(english["register"], arabic["register"], strict=True)
        for one, other in zip(first["events"], second["events"], strict=True)
    ]
    for name in ("scope", "note"):
        assert [bool(one[name]) for one, _ in pairs] == [bool(other[name]) for _, other in pairs]
        assert not [one["id"] for one, other in pairs if one[name] and one[name] == other[name]]
    scale = (await client.get("/api/v1/indicators/wgi_cc")).json()["indicator"]
    assert (scale["lower_bound"], scale["upper_bound"]) == (-2.5, 2.5)  # World Bank: about -2.5 to 2.5


@pytest.mark.usefixtures("embedded")
async def test_a_national_series_is_asked_for_by_its_indicator_and_by_no_other(client: httpx.AsyncClient) -> None:
    own = await _rows(client, "indicator=sat_overall_gov&series=kaz:16-6-2")
    assert {(row["country"], row["source"]) for row in own} == {("KAZ", "open_sdg")}
    for indicators in ("", "indicator=sat_overall_gov,wgi_cc&"):
        refused = await client.get(f"/api/v1/observations.json?{indicators}country=KAZ&series=kaz:16-6-2")
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, "series")
    (told,) = [one for one in (await client.get("/api/v1/countries/KAZ")).json()["national"]
               if one["series"] == "kaz:16-6-2"]  # fmt: skip
    assert told["points"] == len([row for row in own if row["value"] is not None])
    assert told["latest"] == own[-1]
    assert "series=kaz:16-6-2" in told["chart"]
    assert (await client.get(told["csv"])).status_code == 200
