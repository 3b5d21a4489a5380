"""Search over the API: cached like every answer, faults explained, and what the header's list needs."""

import httpx
import pytest

pytestmark = pytest.mark.usefixtures("embedded")


async def test_a_code_in_arabic_digits_is_answered_and_cached(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/search", params={"q": "١٦.٦.٢", "lang": "ar"})
    assert reply.status_code == 200
    assert reply.json()["groups"][0]["hits"][0]["href"] == "/ar/targets/16.6/#sdg-16.6.2"
    again = await client.get(
        "/api/v1/search", params={"q": " ١٦.٦.٢ ", "lang": "ar"}, headers={"if-none-match": reply.headers["etag"]}
    )
    assert again.status_code == 304


async def test_a_typing_error_is_no_answer(client: httpx.AsyncClient) -> None:
    found = (await client.get("/api/v1/search?q=azerbajan")).json()
    assert (found["total"], found["groups"]) == (0, [])
    assert found["near"][0]["id"] == "AZE"


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("", "q"), ("q=", "q"), ("q=%20", "q"), ("q=" + "a" * 81, "80"), ("q=a&kind=pages", "country"),
        ("q=a&limit=0", "limit"), ("q=a&limit=101", "limit"), ("q=a&lang=xx", "lang"), ("query=a", "query"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_said(client: httpx.AsyncClient, query: str, word: str) -> None:
    reply = await client.get(f"/api/v1/search?{query}")
    assert (reply.status_code, reply.headers["content-type"]) == (422, "application/problem+json")
    assert word in reply.json()["detail"]
