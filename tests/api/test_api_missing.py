"""What is missing of one country, as a file by address."""

import csv
import io

import httpx
import pytest

pytestmark = pytest.mark.usefixtures("embedded")


async def test_gaps_of_a_country_are_a_file(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/countries/AZE/missing.csv")
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert reply.status_code == 200
    assert "missing_AZE.csv" in reply.headers["content-disposition"]
    assert {row["country"] for row in rows} == {"AZE"}
    assert all(row["kind"] and row["who"] for row in rows)


async def test_an_unknown_country_is_explained(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/countries/XXX/missing.csv")
    assert reply.status_code == 404
    assert "XXX" in reply.json()["detail"]
