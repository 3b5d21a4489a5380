"""Before a page leaves: the reader's language, the head of the shell, the status of an address that leads nowhere."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html import unescape
from typing import NoReturn
from urllib.parse import unquote
from xml.etree import ElementTree

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dashboard.answers.base.context import open_context
from dashboard.answers.base.rows import load_holdings
from dashboard.answers.base.words import name_metric
from dashboard.answers.wording.citation import cite_row
from dashboard.answers.wording.publishers import find_publisher
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.dataset.wholeness import Damaged
from dashboard.interfaces.pages.registry import PAGES
from dashboard.interfaces.pages.shell.guessing import PLACES, find_guessed, index_countries
from dashboard.interfaces.pages.shell.head import Head
from dashboard.interfaces.pages.shell.serving import choose_language, serve_pages
from dashboard.locales import LANGUAGES
from tests.checks import all_of
from tests.interfaces.pages.documents import read_answer

SHELL = (
    '<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><title>Country</title></head>'
    '<body><a href="/ar/-/">built</a></body></html>'
)


async def _anything(request: object) -> HTMLResponse:
    return HTMLResponse(SHELL, headers={"etag": "one-for-all"})


async def _file(request: object) -> PlainTextResponse:
    return PlainTextResponse("file")


async def _chart(request: object) -> JSONResponse:
    return JSONResponse({"usermeta": {"title": "As drawn"}})


PRODUCT = Starlette(
    routes=[
        Route("/assets/{rest:path}", _file),
        Route("/api/v1/charts/trend.json", _chart),
        Route("/api/v1/charts/{rest:path}", lambda request: Response(status_code=429)),
        Route("/{rest:path}", _anything),
    ]
)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=serve_pages(PAGES)(PRODUCT))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as one:
        yield one


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("", "en"), ("ar", "ar"), ("ar-EG,ar;q=0.9,en;q=0.8", "ar"), ("fr,de;q=0.5", "fr"), ("pt,de;q=0.5", "en"),
        ("en;q=0.4, ar;q=0.9", "ar"), ("ar;q=0, en", "en"), ("*", "en"), (";;;q=,", "en"), ("ar;q=much", "en"),
    ],
)  # fmt: skip
def test_the_reader_gets_the_language_liked_most(wish: str, language: str) -> None:
    assert choose_language(wish) == language


@given(st.text(max_size=200))
def test_any_accept_language_leads_to_a_language_of_ours(wish: str) -> None:
    assert choose_language(wish) in LANGUAGES


async def test_the_root_redirects_and_keeps_the_query(client: httpx.AsyncClient) -> None:
    reply = await client.get("/?country=AZE", headers={"accept-language": "ar"})
    assert (reply.status_code, reply.headers["location"]) == (307, "/ar/?country=AZE")
    assert reply.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_shell_gets_the_head_of_its_address(client: httpx.AsyncClient, lang: str) -> None:
    reply = await client.get(f"/{lang}/indicators/wgi_cc/", headers={"accept-encoding": "identity"})
    assert reply.status_code == 200
    assert f"<title>{choose_text(load_codebook().metrics['wgi_cc'].name, lang)} · " in reply.text
    assert reply.text.count("<title") == 1, "React takes the first one for its own"


@pytest.mark.usefixtures("embedded")
async def test_an_address_cannot_end_the_script_that_asks_for_its_chart(client: httpx.AsyncClient) -> None:
    page = await client.get("/en/indicators/basic_water/?tab=breakdown&dimension=</script><b>&country=</script>")
    assert "</script><b>" not in page.text


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_view_that_was_to_be_printed_leads_to_the_brief(client: httpx.AsyncClient, lang: str) -> None:
    reply = await client.get(f"/{lang}/countries/UGA/?tab=brief&as_of=2026-03-01&page=2")
    assert reply.status_code == 308
    assert reply.headers["location"] == f"/api/v1/reports/brief/UGA.pdf?lang={lang}&as_of=2026-03-01"
    assert (await client.get(f"/{lang}/countries/XYZ/?tab=brief")).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/en/indicators/no_such/",
        "/en/countries/XXX/",
        "/en/targets/18.1/",
        "/ar/nowhere/",
        "/en/goals/18/",
        "/de",
        "/zz/",
    ],
)
async def test_what_does_not_exist_is_404(client: httpx.AsyncClient, path: str) -> None:
    reply = await client.get(path)
    assert reply.status_code == 404
    assert 'name="robots" content="noindex"' in reply.text


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("path", ["/en/countries/UZB/", "/en/compare/"])
async def test_a_page_whose_figures_are_being_restored_says_so(path: str) -> None:
    def damaged(*_: object) -> NoReturn:
        raise Damaged("observations/cpi.parquet is not as it was published")

    pages = [replace(page, head=page.head and damaged, preview=damaged) for page in PAGES]
    transport = httpx.ASGITransport(app=serve_pages(pages)(PRODUCT))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as one:
        reply = await one.get(path)
    assert reply.status_code == (503 if "countries" in path else 200)
    assert "cpi.parquet" not in reply.text


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/effects/", "/fr/progress/effects/"), ("/about", "/fr/sources/"), ("/help/", "/fr/method/"),
        ("/glossary/", "/fr/glossary/"), ("/targets/", "/fr/mapping/?view=table"), ("/contact/", "/fr/sending/"),
        ("/reports/?country=KAZ", "/fr/progress/?tab=reports&country=KAZ"), ("/en/effects/", "/en/progress/effects/"),
        ("/countries/AZE/?from=2010", "/fr/countries/AZE/?from=2010"), ("/progress/effects/", "/fr/progress/effects/"),
        ("/en/countries/az/", "/en/countries/AZE/"), ("/ar/countries/kazakhstan", "/ar/countries/KAZ/"),
        ("/en/countries/Côte d’Ivoire/", "/en/countries/CIV/"), ("/en/countries/ouzbékistan/", "/en/countries/UZB/"),
        ("/en/country/uga/", "/en/countries/UGA/"), ("/en/indicators/WGI-CC/", "/en/indicators/wgi_cc/"),
        ("/EN/Goals/", "/en/goals/"), ("/en/sdg/16/", "/en/goals/16/"), ("/en/targets/16.A/", "/en/targets/16.a/"),
        ("/kazakhstan/", "/fr/countries/KAZ/"), ("/wgi_cc/", "/fr/indicators/wgi_cc/"), ("/home/", "/fr/"),
        ("/en/news/", "/en/changes/"), ("/download/", "/fr/indicators/"), ("/excel", "/fr/indicators/"),
    ],
)  # fmt: skip
async def test_a_guessed_address_leads_to_the_page_that_is_meant(client: httpx.AsyncClient, path: str, to: str) -> None:
    reply = await client.get(path, headers={"accept-language": "fr"})
    assert unquote(reply.headers["location"]) == to
    named = path[:4].lower() in ("/en/", "/ar/")
    assert reply.status_code == (308 if named else 307)
    assert named or reply.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/subscribe/", "/follow/"), ("/en/follow/", "/follow/?lang=en"), ("/newsletter", "/follow/"),
        ("/ar/slides/?country=UGA", "/brief/?lang=ar&country=UGA"), ("/FR/check", "/check/?lang=fr"),
    ],
)  # fmt: skip
async def test_a_guessed_address_of_a_desk_keeps_the_language(client: httpx.AsyncClient, path: str, to: str) -> None:
    reply = await client.get(path)
    assert (reply.status_code, reply.headers["location"]) == (308, to)
    assert (await client.get(to)).status_code == 200, "it leads nowhere else from there"


@pytest.mark.parametrize(
    "path", ["/uz/", "/ru/", "/en/countries/guinea-korea/", "/en/countries/XX/", "/api/v1/x", "/contribute/", "/foo/"]
)
async def test_what_could_mean_nothing_of_ours_is_led_nowhere(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code in (200, 404), "what the front end or a desk says of it"


def test_a_name_of_two_countries_leads_to_neither_and_a_code_to_its_own() -> None:
    book = load_codebook()
    two = {one: replace(book.countries[one], name={"en": name}) for one, name in (("FRA", "Land"), ("UGA", "FR"))}
    known = index_countries(replace(book, countries=two, area_aliases={}, search_aliases=()))
    assert known["land"] == "FRA"
    assert known["fr"] == "FRA", "the code, not the name of another"
    both = {one: replace(country, name={"en": "Land"}) for one, country in two.items()}
    assert "land" not in index_countries(replace(book, countries=both, area_aliases={}, search_aliases=()))


def test_no_guess_takes_an_address_of_a_desk_or_of_a_page() -> None:
    desks = {"account", "admin", "contribute", "custodian", "offices", "review", "submissions", "voice", "actions"}
    desks |= {"embed", "training", "api", "first", "assets", "ping", "livez", "readyz"}
    own = {page.route_in("").strip("/") for page in PAGES if not page.dynamic}
    assert not desks & set(PLACES)
    assert not own & set(PLACES)
    assert {to.partition("/")[0] for to in PLACES.values() if to} <= {one.partition("/")[0] for one in own}
    assert {to for to in PLACES.values() if to.startswith("/")} == {"/follow/", "/brief/", "/check/"}
    assert all_of(find_guessed(f"/{desk}/", own) is None for desk in desks)


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    ("path", "title", "chart"),
    [
        ("/en/compare/?country=AZE,GEO&from=2010", "Compare countries · Control of corruption (WGI) · Azerbaijan, "
         "Georgia · 2010–…", "trend.png?indicator=wgi_cc&country=AZE,GEO&from=2010&lang=en"),
        ("/fr/indicators/egdi/?country=UZB&tab=ranking", "Ouzbékistan", "ranking.png?indicator=egdi&country=UZB"),
        ("/en/countries/UGA/", "Uganda", "beside.png?"),
        ("/ar/progress/?goal=16", "16", ""),
    ],
)  # fmt: skip
async def test_a_shared_link_shows_the_view_it_leads_to(
    client: httpx.AsyncClient, path: str, title: str, chart: str
) -> None:
    page = (await client.get(path)).text
    said = {name: unescape(value) for name, value in re.findall(r'property="og:(\w+)" content="([^"]*)"', page)}
    assert title in said["title"]
    assert said["url"] == f"http://test{path}"
    assert said["description"]
    assert said.get("image", "").startswith("http://test/api/v1/charts/" if chart else "")
    assert chart in said.get("image", "")


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    ("path", "chart"),
    [
        ("/fr/indicators/wgi_cc/", r"trend.*indicator=wgi_cc&country=AZE(,[A-Z]{3}){5}&lang=fr"),
        (
            "/en/indicators/wgi_cc/?country=aze,geo,xxx&from=2010&tab=ranking",
            r"ranking.*country=AZE,GEO&from=2010&lang=en",
        ),
        ("/en/countries/UGA/?tab=indicators&indicator=wgi_cc", r"beside.*indicator=wgi_cc&country=UGA&lang=en"),
        ("/ar/?rule=operating", r"corruption.*rule=operating&lang=ar"),
        ("/en/mapping/?side=goals", r"mapping.*side=goals&lang=en&v=\w+"),
        ("/en/compare/?country=AZE,GEO&view=slope", r"slope.*indicator=wgi_cc&country=AZE,GEO&lang=en"),
        ("/en/indicators/wgi_cc/?tab=table", ""), ("/en/indicators/bribe_service_point/", ""),
        ("/en/indicators/wgi_cc/?as_of=2099-01-01", ""), ("/en/countries/XXX/", ""),
        ("/en/compare/?country=AZE&view=table", ""), ("/en/compare/?country=AZE&indicator=none&group=none", ""),
        ("/en/compare/?as_of=2099-01-01", ""), ("/en/sources/", ""),
    ],
)  # fmt: skip
async def test_a_link_is_shared_with_the_chart_that_its_page_shows_first(
    client: httpx.AsyncClient, path: str, chart: str
) -> None:
    """The same chart that the answer of the page names; none where the page begins with none."""
    reply = await client.get(path)
    image = re.search(r'property="og:image" content="[^"]*/api/v1/charts/([^"]*)&amp;theme=light"', reply.text)
    shared = unescape(image[1]).replace(".png?", ".json?") if image else ""
    assert re.fullmatch(chart, shared)
    if chart:
        held = [value for state in (read_answer(reply) or {}).values() for value in state.values()]
        assert f"/api/v1/charts/{shared}" in held


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(("tab", "words"), [("trend", {"title": "As drawn"}), ("ranking", None)])
async def test_a_document_holds_the_words_of_its_chart_unless_it_cannot_be_drawn_now(
    client: httpx.AsyncClient, tab: str, words: dict[str, str] | None
) -> None:
    answer = read_answer(await client.get(f"/en/indicators/wgi_cc/?tab={tab}"))
    assert answer is not None
    assert list(answer["charts"].values()) == ([words] if words else [])


async def test_links_of_a_page_that_leaves_as_built_lead_to_its_own_address(client: httpx.AsyncClient) -> None:
    assert '<a href="/ar/countries/UGA/">' in (await client.get("/en/countries/UGA/?x=1")).text
    hostile = await client.get("/en/no%22%3E%3Cscript%3E/")
    assert "<script>" not in hostile.text.split("<body", 1)[1]


async def test_files_and_other_methods_pass_untouched(client: httpx.AsyncClient) -> None:
    assert (await client.get("/assets/en/x.js")).text == "file"
    assert (await client.head("/en/countries/UGA/")).content == b""


async def test_an_address_without_its_last_slash_is_sent_on(client: httpx.AsyncClient) -> None:
    reply = await client.get("/en/countries/UGA?from=2010")
    assert (reply.status_code, reply.headers["location"]) == (308, "/en/countries/UGA/?from=2010")


async def test_a_name_from_the_address_cannot_write_html(client: httpx.AsyncClient) -> None:
    reply = await client.get("/en/indicators/%3Cscript%3Ealert(1)%3C%2Fscript%3E/")
    assert "<script>alert" not in reply.text


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_goal_can_be_read_without_script(client: httpx.AsyncClient, lang: str) -> None:
    reply = await client.get(f"/{lang}/goals/16/")
    assert reply.status_code == 200
    assert choose_text(load_codebook().goals[16].title, lang) in unescape(reply.text)


async def test_a_shell_names_the_page_in_every_language(client: httpx.AsyncClient) -> None:
    named = re.findall(r'hreflang="([a-z-]+)" href="([^"]+)"', (await client.get("/en/targets/16.6/")).text)
    assert dict(named) == {lang: f"/{lang}/targets/16.6/" for lang in LANGUAGES} | {"x-default": "/en/targets/16.6/"}


async def test_every_view_of_a_page_has_the_same_canonical_address(client: httpx.AsyncClient) -> None:
    for view in ("", "?tab=table&country=AZE"):
        page = (await client.get(f"/fr/indicators/wgi_cc/{view}")).text
        assert re.findall(r'rel="canonical" href="([^"]*)"', page) == ["/fr/indicators/wgi_cc/"]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("place", ["indicators/wgi_cc", "countries/COL"])
async def test_a_page_describes_its_figures_with_their_sources(
    client: httpx.AsyncClient, lang: str, place: str
) -> None:
    """Each is the latest that the pages show, has its own address, publisher and day, and nothing else is said."""
    page = (await client.get(f"/{lang}/{place}/")).text
    (block,) = re.findall(r'<script data-page type="application/ld\+json">(.*?)</script>', page)
    document, ctx = json.loads(block), open_context(lang)
    about, *figures = document["@graph"]
    assert (document["@context"], about["@type"]) == (
        "https://schema.org", "Dataset" if place.startswith("indicators") else "WebPage",
    )  # fmt: skip
    rows = {row["id"]: row for latest in load_holdings(ctx).latest.values() for row in latest.values()}
    assert {(figure["observationAbout"]["identifier"], figure["variableMeasured"]) for figure in figures} >= {
        ("COL", name_metric(ctx, "wgi_cc"))
    }
    assert len(figures) == len({figure["@id"] for figure in figures}) > 3
    for figure in figures:
        row = rows[figure["identifier"]]
        assert figure.get("value") == row["value"]
        assert (figure["observationAbout"]["identifier"], figure["observationDate"]) == (row["country"], row["period"])
        assert figure["url"] == f"/{lang}/figures/{row['id']}/"
        source = figure["subjectOf"]
        assert source["name"] == cite_row(ctx, row)
        assert source["publisher"]["name"] == find_publisher(row["source"], row["series"]).publisher  # type: ignore[union-attr]
        assert source["dateModified"] == row["retrieved_at"].date().isoformat()


async def test_the_sitemap_lists_what_is_answered_at_run_time_and_robots_names_it(client: httpx.AsyncClient) -> None:
    reply = await client.get("/sitemap.xml")
    assert reply.headers["content-type"].startswith("application/xml")
    places = [element.text for element in ElementTree.fromstring(reply.content).iter() if element.tag.endswith("loc")]
    assert len(places) == len(set(places))
    for lang in LANGUAGES:
        assert {f"http://test/{lang}/", f"http://test/{lang}/countries/AZE/", f"http://test/{lang}/goals/16/"} <= {
            *places
        }
    assert "Sitemap: http://test/sitemap.xml" in (await client.get("/robots.txt")).text


@pytest.mark.usefixtures("embedded")
async def test_the_sitemap_says_when_pages_changed(client: httpx.AsyncClient) -> None:
    """A page with the newest vintage, the page of a vintage with its own."""
    urls = ElementTree.fromstring((await client.get("/sitemap.xml")).content)
    changed = {url[0].text: url[1].text for url in urls}
    days = {
        vintage["number"]: vintage["created_at"].date().isoformat() for vintage in open_context().dataset.vintages()
    }
    for number, day in days.items():
        assert changed[f"http://test/en/vintages/{number}/"] == day
    assert changed["http://test/ar/countries/AZE/"] == days[max(days)]


def test_linked_data_cannot_end_its_element() -> None:
    head = Head("en", "</script><b>", "what it is", True, data={"@type": "Dataset"})
    assert "</script>" not in head.linked_data()
    assert json.loads(head.linked_data())["name"] == "</script><b>"


async def test_a_shell_is_asked_for_by_its_kind_of_page() -> None:
    asked: list[str] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await HTMLResponse(SHELL)(scope, receive, send)

    transport = httpx.ASGITransport(app=serve_pages(PAGES)(inner))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        await client.get("/ar/countries/UGA/")
        await client.get("/en/indicators/wgi_cc/")
        await client.get("/en/indicators/no_such/")
        for nowhere in ("/ar/nowhere/", "/fr/no/where/", "/de"):
            await client.get(nowhere)
    assert asked == [
        "/ar/countries/shell.html", "/en/indicators/shell.html", "/en/indicators/shell.html", "/ar/shell.html",
        "/fr/shell.html", "/en/shell.html",
    ]  # fmt: skip
