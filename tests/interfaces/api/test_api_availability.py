"""The matrix of adopters and indicators by address: the same cells in both forms, small, cached."""

import csv
import io

import httpx
import pytest


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    "query", ["", "theme=integrity&rule=operating", "gap=not_reported&group=asia", "goal=16&sort=most"]
)
async def test_the_file_holds_the_cells_that_are_shown(client: httpx.AsyncClient, query: str) -> None:
    shown = (await client.get(f"/api/v1/availability.json?{query}")).json()
    reply = await client.get(f"/api/v1/availability.csv?{query}")
    assert "attachment" in reply.headers["content-disposition"]
    cells = [
        (row["id"], country["iso3"], row["points"][place], row["latest"][place], row["gap"][place])
        for row in shown["indicators"]
        for place, country in enumerate(shown["countries"])
        if row["points"][place] is not None
    ]
    lines = [
        (
            line["indicator"], line["country"], int(line["points"]), int(line["latest_year"] or 0) or None,
            line["gap"] or None,
        )
        for line in csv.DictReader(io.StringIO(reply.text))
    ]  # fmt: skip
    assert lines == cells != []


@pytest.mark.usefixtures("embedded")
async def test_the_whole_matrix_is_small_and_unchanged_is_a_304(client: httpx.AsyncClient) -> None:
    async with client.stream("GET", "/api/v1/availability.json?rule=any_contact&lang=ar") as reply:
        packed = sum([len(part) async for part in reply.aiter_raw()])
    assert packed < 20_000
    for form in ("json", "csv"):
        first = await client.get(f"/api/v1/availability.{form}")
        again = await client.get(f"/api/v1/availability.{form}", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.usefixtures("handmade")
@pytest.mark.parametrize(
    "query", ["theme=x", "goal=99", "goal=x", "rule=x", "group=x", "gap=x", "sort=x", "source=x", "them=integrity"]
)
async def test_what_there_is_not_is_a_problem_in_words(client: httpx.AsyncClient, query: str) -> None:
    reply = await client.get(f"/api/v1/availability.json?{query}")
    assert reply.status_code in (404, 422)
    assert reply.json()["detail"]


@pytest.mark.usefixtures("handmade")
async def test_as_of_an_earlier_day(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/availability.json?as_of=2026-03-01")).json()["as_of"] == "2026-03-01"
