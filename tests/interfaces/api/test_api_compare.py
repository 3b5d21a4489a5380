"""A comparison over the API: the same figures as JSON, CSV and workbook, and what keeps them from being compared."""

import csv
import io

import httpx
import openpyxl
import pytest

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
