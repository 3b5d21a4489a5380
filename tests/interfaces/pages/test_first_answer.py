"""The answer of a page by address is what its state would say; where that is not ready, there is none."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from dashboard.answers.base.cache import BytesCache
from dashboard.interfaces.pages.countries import country
from dashboard.interfaces.pages.countries import state as country_state
from dashboard.interfaces.pages.registry import PAGES
from dashboard.interfaces.pages.shell import serving as serving_module
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.serving import serve_pages
from dashboard.settings import Settings, settings


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=serve_pages(PAGES)(Starlette()))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as one:
        yield one


def said(reply: httpx.Response, name: str) -> Any:
    """What the states of an answer hold under a name."""
    return next(held[key] for held in reply.json().values() for key in held if key.startswith(f"{name}_rx_state"))


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
@pytest.mark.parametrize("lang", ["en", "ar"])
async def test_every_page_has_its_answer(client: httpx.AsyncClient, page: Page, lang: str) -> None:
    address = f"/{lang}/{page.example}"
    reply = await client.get(f"/first{address}")
    assert (reply.status_code, reply.headers["cache-control"]) == (200, "no-store")
    assert said(reply, "shown") == address.partition("?")[0]
    assert said(reply, "phase") == "ready"
    assert (
        re.findall("\u2066[^\u2069]*[\u0620-\u064a]{2}[^\u2069]*\u2069", json.dumps(reply.json(), ensure_ascii=False))
        == []
    ), "Arabic words are never set from left to right: “0 of 14” would be read as “14 of 0”"


@pytest.mark.usefixtures("embedded")
async def test_it_is_the_answer_to_this_very_address(client: httpx.AsyncClient) -> None:
    reply = await client.get("/first/fr/indicators/wgi_cc/?country=AZE,GEO&from=2010&tab=ranking")
    assert [one["label"] for one in said(reply, "picked")] == ["Azerbaïdjan", "Géorgie"]
    assert said(reply, "first") == "2010"
    assert said(reply, "chart") == ("/api/v1/charts/ranking.json?indicator=wgi_cc&country=AZE,GEO&from=2010&lang=fr")


@pytest.mark.usefixtures("embedded")
async def test_nothing_of_another_reader_is_in_it(client: httpx.AsyncClient) -> None:
    before = await client.get("/first/en/compare/")
    await client.get("/first/en/compare/?country=UGA,RWA&view=slope")
    assert (await client.get("/first/en/compare/")).json() == before.json()


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    "address",
    [
        "/en/countries/XYZ/", "/en/indicators/none/", "/en/nowhere/", "/xx/", "/",
        "/en/?as_of=1999-01-01", "/en/countries/AZE/?as_of=1999-01-01",
    ],
)  # fmt: skip
async def test_what_is_not_there_has_none(client: httpx.AsyncClient, address: str) -> None:
    reply = await client.get(f"/first{address}")
    assert reply.status_code == 204
    assert not reply.content


@pytest.mark.usefixtures("unpublished")
async def test_before_the_first_dataset_there_is_none(client: httpx.AsyncClient) -> None:
    assert (await client.get("/first/en/")).status_code == 204


@pytest.mark.usefixtures("embedded")
async def test_it_is_packed_for_those_who_unpack(client: httpx.AsyncClient) -> None:
    address = "/first/en/countries/AZE/?tab=indicators"
    async with client.stream("GET", address, headers={"accept-encoding": "gzip"}) as reply:
        raw = b"".join([part async for part in reply.aiter_raw()])
    plain = await client.get(address, headers={"accept-encoding": "identity"})
    assert reply.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 4


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("page", [page for page in PAGES if page.kept], ids=lambda page: page.id)
async def test_what_is_kept_for_all_readers_asks_nothing_but_the_dataset(
    client: httpx.AsyncClient, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving_module, "_answers", BytesCache(2**20))
    monkeypatch.setattr("sqlalchemy.engine.Engine.connect", _no_database)
    monkeypatch.setattr("sqlalchemy.engine.Engine.begin", _no_database)
    first = await client.get(f"/first/en/{page.example}")
    assert said(first, "phase") == "ready"
    monkeypatch.setattr(serving_module, "write_first_answer", _not_asked)
    assert (await client.get(f"/first/en/{page.example}")).content == first.content


@pytest.mark.usefixtures("embedded")
async def test_a_kept_worklist_has_the_deadline_that_is_set_now(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = serving_module.write_first_answer
    asked: list[str] = []

    async def counted(*arguments: Any) -> str:
        asked.append(arguments[2])
        return await written(*arguments)

    monkeypatch.setattr(serving_module, "write_first_answer", counted)
    for day, times in ((date(2027, 3, 31), 1), (date(2027, 3, 31), 1), (date(2027, 5, 1), 2)):
        for module in (country, country_state):
            monkeypatch.setattr(module, "find_deadline", lambda iso3, day=day: (day, "2026"))
        rows = said(await client.get("/first/en/countries/RWA/?tab=gaps"), "view")["missing"]
        assert {row["next_due"] for row in rows if row["sent"]} == {day.isoformat()}
        assert len(asked) == times, "kept until another day is set"


def _no_database(*_: object) -> None:
    raise AssertionError("the database was asked")


async def _not_asked(*_: object) -> str:
    raise AssertionError("it was worked out again")


async def test_a_new_dataset_or_day_makes_a_new_answer_and_another_host_none(
    client: httpx.AsyncClient, embedded_settings: Settings, handmade_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(path: str, folder: Path, host: str = "test") -> bytes:
        monkeypatch.setenv("MONITOR_DATA_DIR", str(folder))
        settings.cache_clear()
        return (await client.get(f"/first/en/{path}", headers={"host": host})).content

    monkeypatch.delenv("MONITOR_PUBLIC_URL", raising=False)
    embedded, handmade = embedded_settings.data_dir, handmade_settings.data_dir
    answers = [
        await answer("countries/AZE/", embedded),
        await answer("countries/AZE/", handmade),
        await answer("countries/AZE/?as_of=2026-03-01", handmade),
        await answer("countries/AZE/?tab=gaps", handmade),
    ]
    elsewhere = await answer("countries/AZE/", handmade, "elsewhere")
    settings.cache_clear()
    assert len(set(answers)) == len(answers)
    assert elsewhere == answers[1]
