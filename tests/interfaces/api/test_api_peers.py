"""Peers over the API: reasons, faults explained, and an answer that is cached."""

import httpx
import pytest

from dashboard.analysis.measures.peers import MAX_PEERS
from dashboard.answers.base.context import open_context
from dashboard.answers.countries.peers import list_peers
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


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
