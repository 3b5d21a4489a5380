"""What the server sends of every public page: its HTML, what fills it tab by tab, and what the API answers.

Every figure has an edition, no verdict stands without its margin in the same edition, and equal words about one thing
have equal numbers on all of them. The unit tests read some countries, indicators and goals of each kind of page,
``long`` those of adopters in every language, ``nightly`` all addresses there are.
"""

import re
from collections.abc import AsyncIterator, Collection, Iterator
from html.parser import HTMLParser
from typing import Any

import httpx
import polars as pl
import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from dashboard.analysis.charts.registry import TABS as CHART_TABS
from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import find_latest
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.desk.site import api
from dashboard.interfaces.pages.registry import PAGES
from dashboard.interfaces.pages.shell.address import ADOPTION_TABS, COUNTRY_TABS, INDICATOR_TABS, PROGRESS_TABS, VIEWS
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.serving import serve_pages
from dashboard.locales import LANGUAGES, format_edition, t
from tests.answers.faults import (
    JUDGED_KINDS,
    N_OF_M,
    find_figures_without_edition,
    find_unequal_counts,
    find_verdicts_without_margin,
    walk,
)

pytestmark = pytest.mark.usefixtures("embedded")

SOME = (
    "AZE", "UZB", "UGA", "wgi_cc", "sat_overall_hlth", "bribery_firms", "goals/16", "targets/16.5", "S-06", "S-08",
    "integrity",
)  # fmt: skip
"""Parts of the addresses that the unit tests read of pages whose addresses are many."""
VIEWS_OF = {
    "country": [f"tab={tab}" for tab in COUNTRY_TABS[1:]],
    "adoption": [f"tab={tab}" for tab in ADOPTION_TABS],
    "progress": [f"tab={tab}" for tab in PROGRESS_TABS[1:]],
    "indicator": [f"part={part}" for part in INDICATOR_TABS[1:]] + [f"tab={tab}" for tab in (*CHART_TABS, "table")],
    "compare": [f"view={view}" for view in VIEWS],
}  # fmt: skip
"""What else a kind of page shows, by what its address asks for."""
API = (
    "indicators", "countries", "adoption", "claims", "progress/results.json", "progress/matrix.json",
    "availability.json",
    "progress?indicator=wgi_cc,internet_users", "compare?indicator=wgi_cc&country=AZE,UZB,GEO",
    "compare?indicator=internet_users&country=AZE,UZB,GEO", "changes", "peers?country=ETH", "search?q=corruption",
    "observations.json?indicator=wgi_cc&country=AZE,UZB", "charts/corruption.json", "charts/pipeline.json",
    "charts/lanes.json", "charts/claims.json", "effects?indicator=wgi_cc&country=AFG",
)  # fmt: skip
"""Answers of the API beside those of a country, an indicator or a claim."""
SHELL = '<html><head></head><body><div id="shell"><!--shell--></div><div><!--picture--></div></body></html>'


async def _shell(request: object) -> HTMLResponse:
    return HTMLResponse(SHELL)


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """Pages and API as one site, where every page has the shortest shell there is, and waits for its first figures."""
    monkeypatch.setattr("dashboard.interfaces.pages.shell.serving.FIGURES_TIMEOUT_S", 60.0)
    pages = Starlette(routes=[Mount("/api", api), Route("/{rest:path}", _shell)])
    site = serve_pages(PAGES)(pages)

    async def both(scope: Any, receive: Any, send: Any) -> None:
        await (api if scope.get("path", "").startswith("/api/") else site)(scope, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=both), base_url="http://test") as one:
        yield one


def list_addresses(page: Page, some: Collection[str]) -> list[str]:
    """Addresses of a page below the language, and its example; where they are many, those with a part of ``some``."""
    found = dict.fromkeys([*page.addresses(), page.example])
    return [one for one in found if not page.dynamic or not some or any(part in one for part in some)]


async def read_html(client: httpx.AsyncClient, lang: str, some: Collection[str]) -> dict[str, str]:
    """The HTML of pages, by address."""
    found = {}
    for page in PAGES:
        for address in list_addresses(page, some):
            reply = await client.get(f"/{lang}/{address}")
            assert reply.status_code == 200, address
            found[f"/{address}"] = reply.text
    return found


async def read_views(client: httpx.AsyncClient, lang: str, some: Collection[str]) -> dict[str, Any]:
    """What fills pages by address, every tab apart; of pages whose addresses are many, tabs of those in ``SOME``."""
    found = {}
    for page in PAGES:
        for address in list_addresses(page, some):
            tabs = not page.dynamic or any(part in address for part in SOME)
            for view in ("", *(VIEWS_OF.get(page.id, ()) if tabs else ())):
                full = address + ("&" if "?" in address else "?") * bool(view) + view
                reply = await client.get(f"/first/{lang}/{full}")
                assert reply.status_code == 200, full
                found[f"/{full}"] = reply.json()
    return found


async def read_api(client: httpx.AsyncClient, lang: str, ctx: Context, some: Collection[str]) -> dict[str, Any]:
    """What the API answers; of a country under its page's address, as it is of the country too."""
    places = {f"/{one}": one for one in API}
    for iso3 in ctx.book.countries:
        places |= {f"/countries/{iso3}/?api": f"countries/{iso3}"} if not some or iso3 in some else {}
    for metric in ctx.book.metrics:
        places |= {f"/indicators/{metric}/?api": f"indicators/{metric}"} if not some or metric in some else {}
    for claim in ctx.book.claims:
        places |= {f"/statement/{claim.id}/?api": f"claims/{claim.id}"}
    found = {}
    for name, place in places.items():
        reply = await client.get(f"/api/v1/{place}{'&' if '?' in place else '?'}lang={lang}")
        assert reply.status_code == 200, (place, reply.text[:200])
        found[name] = reply.json()
    return found


class Lines(HTMLParser):
    """The lines of a page: each list item, paragraph, heading and cell with its words and the titles in it."""

    BLOCKS = frozenset({"li", "p", "h1", "h2", "h3", "td", "th", "title"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[tuple[str, str]] = []
        self._open: list[tuple[str, list[str], list[str]]] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        if tag in self.BLOCKS:
            self._open.append((tag, [], []))
        title = dict(attrs).get("title")
        for _, _, titles in self._open if title else ():
            titles.append(title or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")
        while tag in self.BLOCKS and self._open:
            name, words, titles = self._open.pop()
            self.lines.append((" ".join(" ".join(words).split()), "; ".join(titles)))
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        for _, words, _ in self._open if not self._silent else ():
            words.append(data)


def list_editions(ctx: Context) -> set[str]:
    """Every edition that a figure in force has, a country's own too, as readers are told it."""
    figures = ctx.dataset.scan(list(ctx.book.metrics)).filter(pl.col("value").is_not_null())
    return {
        format_edition(one, ctx.lang) for one in figures.select(pl.col("edition").unique()).collect()["edition"] if one
    }


def write_patterns(ctx: Context) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How changes are told that were judged by their errors, and changes whose error is not known."""

    def pattern(*kinds: str) -> re.Pattern[str]:
        parts = dict.fromkeys(("difference", "first", "last", "before", "after"), "#")
        told = (t(f"answers.change.{kind}", ctx.lang, **parts) for kind in kinds)
        return re.compile("|".join(re.escape(one).replace(r"\#", ".{1,60}?") for one in told))

    return pattern(*JUDGED_KINDS), pattern("error_unknown")


def find_faults_of_html(ctx: Context, page: str, text: str, editions: Collection[str]) -> list[str]:
    """Lines of a page with a figure of an indicator and no edition, and with a verdict and no margin of its edition."""
    names = {choose_text(metric.name, ctx.lang): metric for metric in ctx.book.metrics.values()}
    places = {choose_text(country.name, ctx.lang) for country in ctx.book.countries.values()}
    judged, unknown = write_patterns(ctx)
    own = next((metric for metric in names.values() if page == f"/indicators/{metric.id}/"), None)
    faults = []
    for line, titles in Lines(text).lines:
        held = (line.startswith(name) and metric for name, metric in sorted(names.items(), key=lambda it: -len(it[0])))
        metric = next(filter(None, held), None) or (own if any(line.startswith(f"{it}:") for it in places) else None)
        behind = metric or next((one for name, one in names.items() if line.endswith(f" {name}")), None)
        if behind is None:
            continue
        rest = line.replace(choose_text(behind.name, ctx.lang), "")
        figure = re.search(r"\d.*(?:^|[ (])(?:19|20)\d\d\b", rest) and not re.search(N_OF_M, rest)
        if figure and not any(one in rest or one in titles for one in editions):
            faults.append(f"{page}: no edition: {line}")
        errors = any(row["std_error"] or row["lower"] for row in find_latest(ctx, behind.id).values())
        if judged.search(line) and behind.unit != "yes_no" and not errors:
            faults.append(f"{page}: no margin: {line}")
        if unknown.search(line) and re.search("[≈▲▼]", line):
            faults.append(f"{page}: a mark beside a margin that is not known: {line}")
    return faults


def list_texts(answer: Any) -> Iterator[str]:
    """Every text of an answer."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, dict | list):
        for one in answer.values() if isinstance(answer, dict) else answer:
            yield from list_texts(one)


def find_counts_apart(page: str, html: str, views: dict[str, Any]) -> list[str]:
    """“N of M” in the HTML of a page that what fills it tells in the same words with other numbers."""
    told: dict[str, set[tuple[str, ...]]] = {}
    for address, answer in views.items():
        if address.partition("?")[0] == page:
            for text in filter(N_OF_M.search, list_texts(answer)):
                told.setdefault(re.sub(r"\d+", "#", text), set()).add(tuple(re.findall(r"\d+", text)))
    lines = {line for line, _ in Lines(html).lines if N_OF_M.search(line)}
    return [
        f"{page}: {line}"
        for line in lines
        if (others := told.get(re.sub(r"\d+", "#", line))) and tuple(re.findall(r"\d+", line)) not in others
    ]


async def sweep(client: httpx.AsyncClient, lang: str, some: Collection[str]) -> tuple[list[str], dict[str, int]]:
    """All faults of a selection, and how much was looked at."""
    ctx = open_context(lang)
    html = await read_html(client, lang, some)
    views = await read_views(client, lang, some)
    answers = views | await read_api(client, lang, ctx, some)
    editions = list_editions(ctx)
    faults = find_unequal_counts(list(answers.items()))
    for page, text in html.items():
        faults += find_faults_of_html(ctx, page, text, editions)
        faults += find_counts_apart(page, text, views)
    for page, answer in answers.items():
        faults += find_figures_without_edition(page, answer)
        faults += find_verdicts_without_margin(ctx, page, answer)
    everything = [one for answer in answers.values() for _, one in walk(answer)]
    return faults, {
        "pages": len(html),
        "views": len(answers),
        "figures": sum(one.get("value") is not None and "edition" in one for one in everything),
        "verdicts": sum(one.get("change") in JUDGED_KINDS for one in everything),
        "lines": sum(any(one in line + titles for one in editions)
                     for text in html.values() for line, titles in Lines(text).lines),
    }  # fmt: skip


async def test_what_the_server_sends_has_editions_margins_and_equal_counts(client: httpx.AsyncClient) -> None:
    faults, looked = await sweep(client, "en", SOME)
    assert faults == []
    assert looked["pages"] > 40
    assert looked["views"] > 120
    assert looked["figures"] > 600
    assert looked["verdicts"] > 100
    assert looked["lines"] > 100


@pytest.mark.nightly
@pytest.mark.timeout(1800)
async def test_the_same_of_every_address(client: httpx.AsyncClient) -> None:
    faults, looked = await sweep(client, "en", ())
    assert faults == []
    assert looked["pages"] >= sum(len(list(page.addresses())) for page in PAGES)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("lang", [code for code in LANGUAGES if code != "en"])
async def test_the_same_in_every_language(client: httpx.AsyncClient, lang: str) -> None:
    faults, _ = await sweep(client, lang, (*SOME, *list_adopters(open_context(lang))))
    assert faults == []


async def test_the_sweep_notices_what_it_looks_for(client: httpx.AsyncClient) -> None:
    ctx, page = open_context(), "/countries/UZB/"
    editions = list_editions(ctx)
    text = (await client.get(f"/en{page}")).text
    assert find_faults_of_html(ctx, page, text, editions) == []
    without = re.sub(r' title="[^"]*WGI 2026 edition"', "", text)
    assert any("no edition: Control of corruption" in one for one in find_faults_of_html(ctx, page, without, editions))
    line = text.replace("WGI 2026 edition</li>", "</li>").replace("WGI 2026 edition</p>", "</p>")
    assert line == text or find_faults_of_html(ctx, page, line, editions)
    verdict = "<li>Internet users: +5.0 percentage points from 2015 to 2022, beyond the margin of error</li>"
    assert any("no margin: Internet users" in one for one in find_faults_of_html(ctx, page, verdict, editions))
    marked = "<li>Internet users ≈ +5.0 percentage points from 2015 to 2022; no margin of error published</li>"
    assert any("a mark beside" in one for one in find_faults_of_html(ctx, page, marked, editions))
    three = {"/goals/16/?tab=x": {"text": "3 of 19 indicators have data"}}
    assert find_counts_apart("/goals/16/", "<p>3 of 19 indicators have data</p>", three) == []
    assert len(find_counts_apart("/goals/16/", "<p>8 of 19 indicators have data</p>", three)) == 1
