"""The chart of groups by address: all four forms, its own parameters, and refusals."""

import httpx
import pytest

pytestmark = [pytest.mark.usefixtures("embedded")]
ASKED = "indicator=basic_water&country=AZE,UGA&dimension=location"


@pytest.mark.parametrize(
    ("form", "media"),
    [("json", "application/json"), ("csv", "text/csv"), ("svg", "image/svg+xml"), ("png", "image/png")],
)
async def test_every_form(client: httpx.AsyncClient, form: str, media: str) -> None:
    reply = await client.get(f"/api/v1/charts/breakdown.{form}?{ASKED}")
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"].startswith(media)
    if form == "csv":
        assert "basic_water_breakdown_AZE_UGA_location" in reply.headers["content-disposition"]
        assert "urban areas" in reply.text
    if form == "svg":
        assert len(reply.content) <= 60_000
        assert "urban areas" in reply.text


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ("indicator=basic_water&dimension=sex", 404, "Location"),
        ("indicator=wgi_cc", 404, "The dataset holds no breakdown of wgi_cc, only totals"),
        ("indicator=wgi_cc&dimension=sex", 404, "The dataset holds no breakdown of wgi_cc, only totals"),
        ("indicator=basic_water&sort=size", 422, "sort"),
    ],
)
async def test_refusals_say_what_there_is(client: httpx.AsyncClient, query: str, status: int, word: str) -> None:
    reply = await client.get(f"/api/v1/charts/breakdown.json?{query}")
    assert reply.status_code == status
    assert word in reply.text


@pytest.mark.parametrize(
    ("kind", "query", "refused"),
    [
        ("trend", "with=egdi", "with"),
        ("map", "event=centre_opened", "event"),
        ("ranking", "unequal=1", "unequal"),
        ("map", "unequal=0", ""),
        ("scatter", "with=egdi", ""),
        ("aligned", "event=pilot&unequal=1", ""),
    ],
)
async def test_what_a_kind_does_not_take_is_refused(
    client: httpx.AsyncClient, kind: str, query: str, refused: str
) -> None:
    for address in (f"/api/v1/charts/{kind}.json", f"/api/v1/charts/{kind}.csv"):
        reply = await client.get(f"{address}?indicator=basic_water&{query}")
        assert reply.status_code == (422 if refused else 200)
        assert not refused or reply.json()["errors"][0]["parameter"] == refused


async def test_no_other_kind_takes_a_dimension(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/charts/trend.json?indicator=basic_water&dimension=location")
    assert reply.status_code == 422
    assert "breakdown" in reply.text
