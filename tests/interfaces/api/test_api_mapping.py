"""The picture of what serves which target, in every form a program can ask for."""

import csv
import io
from html import unescape

import httpx
import pytest

from dashboard.answers.base.context import open_context

pytestmark = pytest.mark.usefixtures("handmade")
ROUTE = "/api/v1/charts/mapping"


async def test_every_form_is_the_same_picture(client: httpx.AsyncClient) -> None:
    query = "side=goals&country=AZE&strength=direct"
    about = (await client.get(f"{ROUTE}.json?{query}")).json()["usermeta"]
    rows = list(csv.DictReader(io.StringIO((await client.get(f"{ROUTE}.csv?{query}")).text)))
    assert len(rows) == about["rows"] > 0
    assert about["dataset"] == open_context().dataset.version
    compiled = (await client.get(f"{ROUTE}.vega?{query}")).json()
    assert (compiled["$schema"].split("/")[-2], compiled["usermeta"]["sentence"]) == ("vega", about["sentence"])
    svg = unescape((await client.get(f"{ROUTE}.svg?{query}")).text)
    assert svg.startswith("<svg")
    assert about["title"] in svg
    png = await client.get(f"{ROUTE}.png?{query}")
    assert png.content.startswith(b"\x89PNG")
    assert png.headers["content-type"] == "image/png"
    assert png.headers["content-disposition"].startswith("inline; filename=")


@pytest.mark.parametrize(("form", "way"), [("json", "inline"), ("csv", "attachment")])
async def test_a_file_is_named_by_what_was_asked_and_its_day(client: httpx.AsyncClient, form: str, way: str) -> None:
    day = open_context().today.isoformat()
    chosen = "side=rights&country=AZE&strength=direct"
    for query, name in (("", "mapping_principles"), (chosen, "mapping_rights_AZE_direct")):
        reply = await client.get(f"{ROUTE}.{form}?{query}")
        assert reply.headers["content-disposition"] == f'{way}; filename="{name}_{day}.{form}"'


@pytest.mark.parametrize("query", ["side=left", "strength=strong", "country=XXX", "pin=a", "pin=a,b,c,d"])
async def test_what_the_picture_does_not_know_is_refused(client: httpx.AsyncClient, query: str) -> None:
    reply = await client.get(f"{ROUTE}.json?{query}")
    assert reply.status_code in (404, 422)
    assert reply.headers["content-type"] == "application/problem+json"
