"""Every identifier that the API, catalogues, citations and code to take along print has a page that names it."""

import html
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from dashboard.answers.base.context import open_context
from dashboard.answers.files.share import view_shared, write_program
from dashboard.answers.files.snippets import PROGRAMS
from dashboard.answers.permalinks.series import list_codebook_series
from dashboard.answers.wording.addresses import locate_series
from dashboard.answers.wording.citation import cite_indicator, cite_indicator_in_styles
from dashboard.interfaces.desk.site import api
from dashboard.interfaces.pages.registry import PAGES
from dashboard.interfaces.pages.shell.serving import serve_pages
from dashboard.locales import LANGUAGES
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

SHELL = "<!doctype html><html><head></head><body><!--shell--><!--picture--><!--answer--></body></html>"
ADDRESS = re.compile(r"(?:http://test)?(/[^\s\u2066-\u2069\"'<>{}]+)")


async def product(scope: Scope, receive: Receive, send: Send) -> None:
    """What the server answers by itself; a built page is an empty shell, filled as it leaves."""
    path = scope["path"]
    written = path.startswith("/api/") or path.split("/")[2] in ("series", "vintages", "figures", "sdmx")
    await (api if written else HTMLResponse(SHELL))(scope, receive, send)


@pytest.fixture
async def reader() -> AsyncIterator[httpx.AsyncClient]:
    """A reader of the pages."""
    transport = httpx.ASGITransport(app=serve_pages(PAGES)(product))
    async with httpx.AsyncClient(transport=transport, base_url="http://test", follow_redirects=True) as client:
        yield client


async def open_page(reader: httpx.AsyncClient, address: str, *names: str) -> str:
    """The text of a page that is there and says these names."""
    reply = await reader.get(address)
    assert reply.status_code == 200, (address, reply.text[:300])
    text = html.unescape(unquote(reply.text))
    assert [name for name in names if name not in text] == [], address
    return text


def list_addresses(value: Any) -> Iterator[str]:
    """Every text of an answer that is an address of ours."""
    if isinstance(value, dict):
        for one in value.values():
            yield from list_addresses(one)
    elif isinstance(value, list):
        for one in value:
            yield from list_addresses(one)
    elif isinstance(value, str) and value.startswith("http://test/"):
        yield value.removeprefix("http://test")


async def test_every_series_of_the_api_has_its_page(reader: httpx.AsyncClient) -> None:
    seen = set()
    for entry in (await reader.get("/api/v1/indicators")).json()["indicators"]:
        for one in entry["series"]:
            seen.add((one["source"], one["series"]))
            text = await open_page(reader, one["page"], f"{one['source']}/{one['series']}", entry["name"])
            assert f'"identifier": "{one["source"]}/{one["series"]}"' in text
    assert seen == set(list_codebook_series())
    assert len(seen) > 80


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_pages_speak_every_language_and_lead_on(reader: httpx.AsyncClient, lang: str) -> None:
    page = await open_page(reader, f"/{lang}/series/world_bank/GOV_WGI_CC.EST/", f'lang="{lang}"', "GOV_WGI_CC.EST")
    assert f"/{lang}/indicators/wgi_cc/" in page
    vintage = await open_page(reader, f"/{lang}/vintages/1/", f'lang="{lang}"')
    assert "/api/v1/dataset.parquet?as_of=" in vintage
    for text in (page, vintage):
        links = re.findall(r'<a href="(/(?:api|[a-z]{2})/[^"]+)"', text)
        for link in {
            one for one in links if not one.startswith("/api/sdmx/v2/data/dataflow/ASAN_MONITOR/MONITOR/1.0?")
        }:
            assert (await reader.get(link)).status_code == 200, link


async def test_every_vintage_has_its_page(reader: httpx.AsyncClient) -> None:
    told = (await reader.get("/api/v1/changes?limit=1")).json()["vintages"]
    assert told
    for one in told:
        text = await open_page(reader, one["page"], one["created_at"][:4])
        for entry in one["sources"]:
            assert entry["title"] in text
    meta = (await reader.get("/api/v1/meta")).json()
    await open_page(reader, meta["vintage"]["page"], meta["dataset"])


async def test_every_figure_has_its_page_and_its_citation_leads_there(reader: httpx.AsyncClient) -> None:
    rows = (await reader.get("/api/v1/observations.json?country=AZE,UGA&series=all&limit=10000")).json()["rows"]
    for row in rows[:: max(1, len(rows) // 40)]:
        told = (await reader.get(f"/api/v1/provenance/{row['id']}")).json()
        await open_page(reader, told["page"], row["id"], told["citation"])
        assert told["page"] in told["citation"]


async def test_every_address_in_the_catalogues_is_answered(reader: httpx.AsyncClient) -> None:
    told = (await reader.get("/api/v1/catalog.jsonld")).json()
    asked = {one.partition("#")[0] for one in list_addresses(told)}
    assert len(asked) > 100
    pages = {one for one in asked if one.startswith("/en/")}
    assert {one.split("/")[2] for one in pages} >= {"indicators", "series", "vintages"}
    for address in sorted(pages | {"/api/v1/dataset.json", "/api/v1/catalog.jsonld"}):
        name = unquote(address.rstrip("/").rpartition("/")[2])
        await open_page(reader, address, *([name] if address.startswith("/en/") and name != "en" else []))
    cited = (await reader.get("/api/v1/dataset.croissant.json")).json()["citeAs"]
    (place,) = [one for one in ADDRESS.findall(cited) if "/vintages/" in one]
    await open_page(reader, place, open_context().dataset.name)


async def test_every_citation_of_an_indicator_leads_to_a_page_that_names_it(reader: httpx.AsyncClient) -> None:
    ctx = open_context()
    cited = 0
    for metric in ctx.book.metrics.values():
        for text in (cite_indicator(ctx, metric), *(one["text"] for one in cite_indicator_in_styles(ctx, metric))):
            places = {one for one in ADDRESS.findall(text) if one.startswith("/en/")}
            assert bool(places) == bool(text), text
            for place in places:
                await open_page(reader, place.rstrip(".,"), metric.name["en"])
                cited += 1
    assert cited > 200


async def test_every_claim_has_its_page(reader: httpx.AsyncClient) -> None:
    told = (await reader.get("/api/v1/claims")).json()
    claims = [one["id"] for group in told["groups"] for one in group["claims"]]
    assert len(claims) == 21
    for name in claims:
        await open_page(reader, f"/en/statement/{name}/", name)


async def test_code_to_take_along_names_addresses_that_answer(reader: httpx.AsyncClient) -> None:
    view = view_shared(open_context(), "/api/v1/charts/trend.json?indicator=wgi_cc&country=AZE,GEO")
    for which in view["rows"]:
        for program in PROGRAMS:
            (place,) = re.findall(r"http://test(/[^\"]+)", write_program(view, which, program, "http://test"))
            assert (await reader.get(place)).status_code == 200, place


async def test_a_code_given_up_leads_to_the_present_one(reader: httpx.AsyncClient) -> None:
    links = [one for metric in open_context().book.metrics.values() for one in metric.series if one.aliases]
    assert links
    reply = await reader.get(locate_series("en", links[0].source, links[0].aliases[0].code))
    assert urlsplit(str(reply.url)).path == urlsplit(locate_series("en", links[0].source, links[0].series)).path


@pytest.mark.parametrize(
    "address",
    [
        "/en/series/world_bank/none/", "/en/series/none/GOV_WGI_CC.EST/", "/en/series/world_bank/%00/",
        "/en/vintages/0/",
        "/en/vintages/99999/", "/en/vintages/1e3/", "/en/vintages/%D9%A1/", "/en/figures/0000000000000000/",
        "/en/figures/x/", "/xx/vintages/1/", "/xx/series/world_bank/GOV_WGI_CC.EST/", "/xx/sdmx/",
    ],
)  # fmt: skip
async def test_what_is_not_there_is_a_404_that_leads_on(reader: httpx.AsyncClient, address: str) -> None:
    reply = await reader.get(address)
    assert reply.status_code == 404
    assert 'href="/' in reply.text


async def test_addresses_without_a_slash_lead_to_the_page(reader: httpx.AsyncClient) -> None:
    for place in ("/en/vintages/1", "/en/series/cpi/CPI%20score", "/ar/sdmx"):
        reply = await reader.get(place)
        assert (reply.status_code, str(reply.url)) == (200, f"http://test{place}/")


async def test_the_sitemap_has_sdmx_series_and_vintages(reader: httpx.AsyncClient) -> None:
    text = (await reader.get("/sitemap.xml")).text
    for place in ("sdmx/", "series/cpi/CPI%20score/", "vintages/1/"):
        assert all_of(f"<loc>http://test/{lang}/{place}</loc>" in text for lang in LANGUAGES), place
