"""What is missing of one country, as a file by address."""

import csv
import io
from datetime import date

import httpx
import pytest

from dashboard.contributions.submissions import deadlines
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


async def test_gaps_of_a_country_are_a_file(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/countries/AZE/missing.csv")
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert reply.status_code == 200
    assert "missing_AZE.csv" in reply.headers["content-disposition"]
    assert {row["country"] for row in rows} == {"AZE"}
    assert all_of(row["kind"] and row["who"] for row in rows)


async def test_its_lines_carry_office_and_due_day_and_another_day_is_another_answer(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = set()
    for day in (None, date(2027, 3, 31), date(2027, 5, 1)):
        monkeypatch.setattr(deadlines, "find_next", lambda *_, day=day: (day, "2026") if day else None)
        reply = await client.get("/api/v1/countries/AZE/missing.csv")
        rows = list(csv.DictReader(io.StringIO(reply.text)))
        assert all_of(row["office"] for row in rows)
        assert {row["next_due"] for row in rows if row["template"]} == {day.isoformat() if day else ""}
        tags.add(reply.headers["etag"])
        same = await client.get("/api/v1/countries/AZE/missing.csv", headers={"if-none-match": reply.headers["etag"]})
        assert same.status_code == 304
    assert len(tags) == 3


async def test_an_unknown_country_is_explained(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/countries/XXX/missing.csv")
    assert reply.status_code == 404
    assert "XXX" in reply.json()["detail"]
