"""Lists walked a page at a time, as a program does that follows where each page leads."""

import csv
import io
from typing import Any

import httpx


async def read_list(client: httpx.AsyncClient, address: str, name: str = "") -> tuple[list[Any], str]:
    """The rows at an address and the address of those after ("" at the end): of ``name`` in JSON, lines of a CSV."""
    reply = await client.get(address)
    assert reply.status_code == 200, (address, reply.text[:300])
    if name:
        told = reply.json()
        following = told["next"]
        url = httpx.URL(address)
        return told[name], str(url.copy_set_param("cursor", following)) if following else ""
    _, *lines = csv.reader(io.StringIO(reply.text, newline=""))
    return lines, reply.links.get("next", {}).get("url", "")


async def walk_list(client: httpx.AsyncClient, address: str, limit: int, name: str = "") -> list[Any]:
    """All rows, ``limit`` at a time: no page is longer, and none but the last is shorter."""
    rows: list[Any] = []
    following = str(httpx.URL(address).copy_set_param("limit", limit))
    while following:
        page, following = await read_list(client, following, name)
        assert len(page) == limit or (len(page) < limit and not following)
        rows += page
    return rows
