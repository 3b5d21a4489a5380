"""A comparison and peers over the API: the same figures in every form, reasons, and faults explained."""

import csv
import io

import httpx
import openpyxl
import pytest

from dashboard.analysis.measures.peers import MAX_PEERS
from dashboard.answers.base.context import open_context
from dashboard.answers.countries.peers import list_peers
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

ASKED = "indicator=wgi_cc,egdi&country=ETH,KEN"


async def test_json_csv_and_workbook_hold_the_same_figures(client: httpx.AsyncClient) -> None:
    told = (await client.get(f"/api/v1/compare?{ASKED}")).json()
    lines = list(csv.DictReader(io.StringIO((await client.get(f"/api/v1/compare.csv?{ASKED}")).text)))
    reply = await client.get(f"/api/v1/compare.xlsx?{ASKED}")
    assert reply.status_code == 200, reply.text[:600]
    book = openpyxl.load_workbook(io.BytesIO(reply.content))
    cells = [row[5] for row in book["figures"].iter_rows(min_row=2, values_only=True)]
    values = [row["value"] for row in told["rows"]]
    assert [(row["indicator"], row["country"]) for row in told["rows"]] == [
        ("wgi_cc", "ETH"), ("wgi_cc", "KEN"), ("egdi", "ETH"), ("egdi", "KEN"),
    ]  # fmt: skip
    assert [float(line["value"]) for line in lines] == values == cells
    assert book.sheetnames == ["figures", "pairs", "comparability", "sources"]
    assert {"year", "edition"} <= {part["id"] for part in told["comparability"][0]["parts"]}


async def test_bounds_say_their_level_in_every_form(client: httpx.AsyncClient) -> None:
    """Lower and upper stood without it, so that nobody could tell 90 from 95 per cent."""
    asked = "indicator=ti_cpi&country=KEN&to=2024"
    (told,) = (await client.get(f"/api/v1/compare?{asked}")).json()["rows"]
    (line,) = csv.DictReader(io.StringIO((await client.get(f"/api/v1/compare.csv?{asked}")).text))
    reply = await client.get(f"/api/v1/compare.xlsx?{asked}")
    head, cells = openpyxl.load_workbook(io.BytesIO(reply.content))["figures"].iter_rows(values_only=True)
    assert told["lower"] < told["value"] < told["upper"]
    held = dict(zip(head, cells, strict=True))
    assert told["interval_level"] == float(line["interval_level"]) == held["interval_level"] == 90


async def test_a_fifth_indicator_and_a_country_that_is_none_are_refused(client: httpx.AsyncClient) -> None:
    five = "wgi_cc,wgi_ge,wgi_rl,wgi_rq,wgi_va"
    assert (await client.get(f"/api/v1/compare?indicator={five}")).status_code == 422
    assert (await client.get("/api/v1/compare?indicator=wgi_cc&country=XXX")).status_code == 404


async def test_peers_come_with_reasons_and_are_cached(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/peers?country=eth&limit=3")
    assert reply.status_code == 200
    answer = reply.json()
    assert (answer["country"], len(answer["peers"])) == ("ETH", 3)
    assert all_of(it["reasons"] for it in answer["peers"])
    again = await client.get("/api/v1/peers?country=ETH&limit=3", headers={"if-none-match": reply.headers["etag"]})
    assert again.status_code == 304
    told = (await client.get("/api/v1/peers?country=ETH")).json()["peers"]
    assert tuple(it["iso3"] for it in told) == list_peers(open_context(), "ETH")
    assert len(told) == MAX_PEERS


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ("", 422, "country"), ("country=", 422, "country"), ("country=ET", 422, "ETH"), ("country=XXX", 404, "XXX"),
        ("country=ETH&limit=0", 422, "limit"), ("country=ETH&limit=51", 422, "limit"), ("country=ETH&n=5", 422, "n"),
        ("country=ETH&limit=1_0", 422, "limit"), ("country=ETH&limit=%2B5", 422, "limit"),
        ("country=ETH&limit=%205", 422, "limit"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_said(client: httpx.AsyncClient, query: str, status: int, word: str) -> None:
    reply = await client.get(f"/api/v1/peers?{query}")
    assert reply.status_code == status
    assert word in reply.json()["detail"]
