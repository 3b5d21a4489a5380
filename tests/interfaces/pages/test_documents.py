"""The document of an address holds what its states would say; where that is not ready, it holds none."""

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

from dashboard.interfaces.pages.countries import country
from dashboard.interfaces.pages.countries import state as country_state
from dashboard.interfaces.pages.registry import PAGES
from dashboard.interfaces.pages.shell import serving as serving_module
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.serving import serve_pages
from dashboard.settings import Settings, settings
from tests.interfaces.pages.documents import EmptyRenderer, read_answer, read_variable


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=serve_pages(PAGES)(Starlette()))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as one:
        yield one


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
@pytest.mark.parametrize("lang", ["en", "ar"])
async def test_every_page_has_its_answer(client: httpx.AsyncClient, page: Page, lang: str) -> None:
    address = f"/{lang}/{page.example}"
    reply = await client.get(address)
    assert (reply.status_code, reply.headers["cache-control"]) == (200, "no-cache")
    assert read_variable(reply, "shown") == address.partition("?")[0]
    assert read_variable(reply, "phase") == "ready"
    assert (
        re.findall(
            "\u2066[^\u2069]*[\u0620-\u064a]{2}[^\u2069]*\u2069", json.dumps(read_answer(reply), ensure_ascii=False)
        )
        == []
    ), "Arabic words are never set from left to right: “0 of 14” would be read as “14 of 0”"


@pytest.mark.usefixtures("embedded")
async def test_it_is_the_answer_to_this_very_address(client: httpx.AsyncClient) -> None:
    reply = await client.get("/fr/indicators/wgi_cc/?country=AZE,GEO&from=2010&tab=ranking")
    assert [one["label"] for one in read_variable(reply, "picked")] == ["Azerbaïdjan", "Géorgie"]
    assert read_variable(reply, "first") == "2010"
    chart = "/api/v1/charts/ranking.json?indicator=wgi_cc&country=AZE,GEO&from=2010&lang=fr"
    assert read_variable(reply, "chart") == chart


@pytest.mark.usefixtures("embedded")
async def test_nothing_of_another_reader_is_in_it(client: httpx.AsyncClient) -> None:
    before = await client.get("/en/compare/")
    await client.get("/en/compare/?country=UGA,RWA&view=slope")
    assert (await client.get("/en/compare/")).text == before.text


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/en/countries/XYZ/", 404, "There is no country with the code XYZ"),
        ("/en/indicators/none/", 404, "There is no indicator"),
        ("/en/?as_of=1999-01-01", 200, "1 January 1999"),
    ],
)  # fmt: skip
async def test_what_is_not_there_is_said_in_the_document_and_kept_for_nobody(
    client: httpx.AsyncClient, renderer: EmptyRenderer, address: str, status: int, words: str
) -> None:
    for times in (1, 2):
        reply = await client.get(address)
        assert (reply.status_code, read_variable(reply, "phase"), len(renderer.asked)) == (status, "unknown", times)
        assert words in read_variable(reply, "said")


@pytest.mark.usefixtures("embedded")
async def test_an_address_of_no_page_is_not_rendered(client: httpx.AsyncClient, renderer: EmptyRenderer) -> None:
    for address in ("/en/nowhere/", "/xx/"):
        reply = await client.get(address)
        assert (reply.status_code, read_answer(reply), renderer.asked) == (404, None, [])


@pytest.mark.usefixtures("unpublished")
async def test_before_the_first_dataset_pages_leave_as_they_were_built(
    client: httpx.AsyncClient, renderer: EmptyRenderer
) -> None:
    reply = await client.get("/en/")
    assert (reply.status_code, read_answer(reply), renderer.asked) == (200, None, [])


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("address", ["/en/", "/en/countries/AZE/"])
async def test_a_page_leaves_without_figures_where_no_renderer_answers(
    client: httpx.AsyncClient, renderer: EmptyRenderer, address: str
) -> None:
    renderer.dead = True
    reply = await client.get(address)
    assert (reply.status_code, read_answer(reply)) == (200, None)
    renderer.dead = False
    assert read_answer(await client.get(address)) is not None, "what could not be rendered is not kept"


@pytest.mark.usefixtures("embedded")
async def test_a_document_is_packed_for_those_who_unpack_and_sent_once(client: httpx.AsyncClient) -> None:
    address = "/en/countries/AZE/?tab=indicators"
    async with client.stream("GET", address, headers={"accept-encoding": "gzip"}) as reply:
        raw = b"".join([part async for part in reply.aiter_raw()])
    plain = await client.get(address, headers={"accept-encoding": "identity"})
    assert reply.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 4
    again = await client.get(address, headers={"if-none-match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await client.get("/en/countries/GEO/", headers={"if-none-match": plain.headers["etag"]})
    assert other.status_code == 200
    assert (await client.head(address)).content == b""


@pytest.mark.usefixtures("embedded")
async def test_a_document_has_its_language_and_begins_its_scripts_after_its_answer(client: httpx.AsyncClient) -> None:
    text = (await client.get("/ar/countries/UZB/")).text
    assert text.startswith('<!DOCTYPE html><html lang="ar" dir="rtl"><head>')
    assert text.index("<main>rendered") < text.index('id="answer"') < text.index("const scripts = ")
    assert 'type="module"' not in text.partition("const scripts")[0]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("page", [page for page in PAGES if page.kept], ids=lambda page: page.id)
async def test_what_is_kept_for_all_readers_asks_nothing_but_the_dataset(
    client: httpx.AsyncClient, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sqlalchemy.engine.Engine.connect", _no_database)
    monkeypatch.setattr("sqlalchemy.engine.Engine.begin", _no_database)
    first = await client.get(f"/en/{page.example}")
    assert read_variable(first, "phase") == "ready"
    monkeypatch.setattr(serving_module, "write_first_answer", _not_asked)
    assert (await client.get(f"/en/{page.example}")).content == first.content


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
        rows = read_variable(await client.get("/en/countries/RWA/?tab=gaps"), "view")["missing"]
        assert {row["next_due"] for row in rows if row["sent"]} == {day.isoformat()}
        assert len(asked) == times, "kept until another day is set"


def _no_database(*_: object) -> None:
    raise AssertionError("the database was asked")


async def _not_asked(*_: object) -> str:
    raise AssertionError("it was worked out again")


async def test_a_new_dataset_day_or_host_makes_a_new_document(
    client: httpx.AsyncClient, embedded_settings: Settings, handmade_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(path: str, folder: Path, host: str = "test") -> bytes:
        monkeypatch.setenv("MONITOR_DATA_DIR", str(folder))
        settings.cache_clear()
        return (await client.get(f"/en/{path}", headers={"host": host})).content

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
    assert (b"//test/" in answers[1], b"//test/" in elsewhere, b"//elsewhere/" in elsewhere) == (True, False, True)
