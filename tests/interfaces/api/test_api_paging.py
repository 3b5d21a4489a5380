"""Every list that can be long comes a page at a time: the pages together are the whole, in its order."""

import json

import httpx
import pytest
from fastapi import Request
from fastapi.responses import Response

from dashboard.interfaces.api.paging import answer_lines, split_lines
from dashboard.interfaces.api.parameters import Paged
from tests.checks import all_of
from tests.interfaces.api.contract import FILE
from tests.interfaces.api.lists import read_list, walk_list

LISTS = {
    "adoption": ("", "register"),
    "adoption/activities": ("", "sent"),
    "availability.json": ("theme=integrity", "indicators"),
    "changes": ("indicator=wgi_cc&country=AZE,KAZ", "rows"),
    "changes/between.json": ("since=2026-11-24&country=AZE&goal=16", "rows"),
    "countries": ("", "countries"),
    "disagreements.json": ("country=UGA", "rows"),
    "indicators": ("", "indicators"),
    "observations.json": ("indicator=wgi_cc&country=AZE,UGA", "rows"),
    "peers": ("country=ETH", "peers"),
    "progress": ("country=AZE", "rows"),
    "progress/results.json": ("country=AZE", "rows"),
    "reported-figures": ("country=AZE", "figures"),
    "adoption.csv": ("", ""),
    "adoption/documents.csv": ("", ""),
    "availability.csv": ("theme=integrity&group=ldc", ""),
    "changes/between.csv": ("since=2026-11-24&country=AZE&goal=16", ""),
    "claims.csv": ("", ""),
    "compare.csv": ("indicator=wgi_cc,wgi_ge&country=AZE,UGA,KAZ", ""),
    "compare/pairs.csv": ("indicator=wgi_cc,wgi_ge&country=AZE,UGA,KAZ", ""),
    "countries/AZE/missing.csv": ("", ""),
    "disagreements.csv": ("country=UGA", ""),
    "reported-figures.csv": ("country=AZE", ""),
    "survey-figures": ("country=IDN", "figures"),
    "survey-figures.csv": ("country=IDN", ""),
    "observations.csv": ("indicator=wgi_cc&country=AZE,UGA", ""),
    "progress.csv": ("country=AZE", ""),
    "progress/results.csv": ("country=AZE", ""),
}
"""Route → a question that several rows answer, and the field of the list in JSON."""

OF_CENTRES = {
    "services/{iso3}/voices.csv",
    "services/{iso3}/voices.json",
    "services/{iso3}/centres/{code}.csv",
    "services/{iso3}/centres/{code}/services.csv",
    "services/{iso3}/channels/hours.csv",
}
"""Walked where there are counts: ``tests/contributions/delivery``."""

FILES = {"observations.xlsx", "observations.metadata.json"}
"""What takes the same question as a list and is a file."""

SHORT = {
    "claims": "the 21 claims of the statement, by group",
    "compare": "at most twelve countries on four indicators",
    "dataset.json": "four files",
    "progress/matrix.json": "seventeen goals by the adopters",
    "search": "`limit` hits of each group, the best first; what is further is asked for more closely",
}
"""Lists that cannot be long, and why."""


def _routes() -> dict[str, set[str]]:
    paths = json.loads(FILE.read_text(encoding="utf-8"))["paths"]
    return {
        path.removeprefix("/api/v1/"): {one["name"] for one in told["get"].get("parameters", ())}
        for path, told in paths.items()
        if path.startswith("/api/v1/") and "get" in told
    }


def test_every_route_that_takes_a_cursor_is_walked() -> None:
    walked = {route.replace("/AZE/", "/{iso3}/") for route in LISTS} | OF_CENTRES | FILES
    assert {route for route, names in _routes().items() if "cursor" in names} == walked
    assert all_of("limit" in _routes()[route] for route in walked)


def test_every_table_takes_a_cursor() -> None:
    tables = {route for route in _routes() if route.endswith(".csv") and not route.startswith("charts/")}
    assert {route for route in tables if "cursor" not in _routes()[route]} == set()
    assert set(SHORT) <= set(_routes())


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("route", LISTS)
async def test_pages_of_one_row_are_the_whole_list_in_its_order(client: httpx.AsyncClient, route: str) -> None:
    question, name = LISTS[route]
    address = f"/api/v1/{route}?{question}"
    whole, following = await read_list(client, f"{address}&limit=10000" if route != "peers" else f"{address}&limit=50",
                                       name)  # fmt: skip
    if route == "peers":
        more, _ = await read_list(client, following, name)
        whole += more
    assert (len(whole) > 1) == (route != "adoption/activities")  # nobody has sent any yet
    assert await walk_list(client, address, 1, name) == whole


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("route", ["countries", "adoption.csv"])
async def test_a_cursor_holds_for_its_own_list(client: httpx.AsyncClient, route: str) -> None:
    _, following = await read_list(client, f"/api/v1/{route}?limit=3", LISTS[route][1])
    cursor = httpx.URL(following).params["cursor"]
    for wrong in (f"indicators?cursor={cursor}", f"{route}?lang=fr&cursor={cursor}", f"{route}?cursor=x"):
        assert (await client.get(f"/api/v1/{wrong}")).status_code == 422


@pytest.mark.usefixtures("embedded")
async def test_a_page_is_a_304_and_no_page_is_another(client: httpx.AsyncClient) -> None:
    first = await client.get("/api/v1/adoption.csv?limit=2")
    assert first.headers["etag"] != (await client.get(first.links["next"]["url"])).headers["etag"]
    again = await client.get("/api/v1/adoption.csv?limit=2", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_file_is_made_once_for_all_its_parts_and_for_none_that_is_held_already() -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"a\r\n1\r\n2\r\n3\r\n"

    async def part(limit: int, cursor: str | None = None, tag: str = "") -> Response:
        headers = [(b"if-none-match", tag.encode())] if tag else []
        scope = {"type": "http", "path": "/x.csv", "query_string": b"", "headers": headers, "server": ("x", 80)}
        asked = Paged.model_validate({"limit": str(limit), "cursor": cursor})
        return await answer_lines(Request(scope), "mark", ("a file of this test",), asked, make, "x.csv")

    first = await part(1)
    cursor = httpx.URL(first.headers["link"].split(">")[0][1:]).params["cursor"]
    rest = await part(2, cursor)
    assert [first.body, rest.body, "link" in rest.headers] == [b"a\r\n1\r\n", b"a\r\n2\r\n3\r\n", False]
    assert (await part(1, tag=first.headers["etag"])).status_code == 304
    assert len(made) == 1


def test_a_cell_of_several_lines_is_of_one_row() -> None:
    file = b'a,b\r\n1,"x\r\ny ""z"""\r\n2,\r\n'
    assert split_lines(file) == [b"a,b\r\n", b'1,"x\r\ny ""z"""\r\n', b"2,\r\n"]
