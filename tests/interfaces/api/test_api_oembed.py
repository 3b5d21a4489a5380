"""An editor is told how to show a chart's frame, and of nothing else."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest

from dashboard import settings as settings_module

pytestmark = pytest.mark.usefixtures("handmade")
FRAME = "http://test/embed/fr/trend/?indicator=internet_users&country=AZE,GEO"


async def _ask(client: httpx.AsyncClient, url: str, more: str = "") -> httpx.Response:
    return await client.get(f"/api/v1/oembed?url={quote(url, safe='')}{more}")


async def test_a_frame_is_told(client: httpx.AsyncClient) -> None:
    told: dict[str, Any] = (await _ask(client, FRAME)).json()
    assert (told["type"], told["version"], told["width"]) == ("rich", "1.0", 800)
    assert 'src="http://test/embed/fr/trend/?indicator=internet_users&amp;country=AZE,GEO"' in told["html"]
    assert told["title"] in told["html"]
    source = told["html"].split('src="')[1].split('"')[0].replace("&amp;", "&")
    assert (await client.get(source)).status_code == 200


async def test_it_is_no_larger_than_asked(client: httpx.AsyncClient) -> None:
    told = (await _ask(client, FRAME, "&maxwidth=300&maxheight=200")).json()
    assert (told["width"], told["height"]) == (300, 200)
    assert 'width="300" height="200"' in told["html"]


async def test_the_day_is_kept(client: httpx.AsyncClient) -> None:
    assert "as_of=2026-03-01" in (await _ask(client, f"{FRAME}&as_of=2026-03-01")).json()["html"]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://elsewhere/embed/en/trend/?indicator=internet_users", 404),
        ("http://test/en/indicators/internet_users/", 404),
        ("http://test/embed/de/trend/?indicator=internet_users", 404),
        ("http://test/embed/en/nothing/?indicator=internet_users", 404),
        ("http://test/embed/en/trend/?indicator=nothing", 404),
        ("http://test/embed/en/trend/?indicator=internet_users&contry=AZE", 422),
        ("http://test/embed/en/trend/", 422),
        ("http://test/embed/en/../trend/?indicator=internet_users", 404),
        ('javascript:alert(1)//"><script>', 404),
    ],
)
async def test_other_addresses_are_not(client: httpx.AsyncClient, url: str, status: int) -> None:
    answer = await _ask(client, url)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_what_stands_in_the_address_cannot_leave_the_attribute(client: httpx.AsyncClient) -> None:
    assert "<script>" not in (await _ask(client, f'{FRAME}&theme=dark&lang="><script>')).text


async def test_a_frame_names_where_to_ask(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "oembed" not in (await client.get(urlsplit(FRAME).path + "?" + urlsplit(FRAME).query)).text
    monkeypatch.setenv("MONITOR_PUBLIC_URL", "https://monitor.example")
    settings_module.settings.cache_clear()
    page = (
        await client.get("/embed/en/trend/?indicator=internet_users&country=ROU&as_of=2026-03-01")
    ).text  # kept: asked nowhere else
    link = page.split('type="application/json+oembed" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "as_of=2026-03-01" in parse_qs(urlsplit(link).query)["url"][0]
    assert (await client.get(link)).status_code == 200
