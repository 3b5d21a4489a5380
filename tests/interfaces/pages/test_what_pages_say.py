"""What the server sends of every public page: what fills it, tab by tab, and what the API answers.

Every figure has an edition, no verdict stands without its margin in the same edition, and equal words about one thing
have equal numbers on all of them. The unit tests read some countries, indicators and goals of each kind of page,
``long`` those of adopters in every language, ``nightly`` all addresses there are.
"""

from collections.abc import AsyncIterator, Collection
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from dashboard.analysis.charts.registry import TABS as CHART_TABS
from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.interfaces.desk.site import api
from dashboard.interfaces.pages.registry import PAGES
from dashboard.interfaces.pages.shell.address import ADOPTION_TABS, COUNTRY_TABS, INDICATOR_TABS, PROGRESS_TABS, VIEWS
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.serving import serve_pages
from dashboard.locales import LANGUAGES
from tests.answers.faults import (
    JUDGED_KINDS,
    find_figures_without_edition,
    find_unequal_counts,
    find_verdicts_without_margin,
    walk,
)
from tests.interfaces.pages.documents import read_answer

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


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Pages and API as one site."""
    site = serve_pages(PAGES)(Starlette())

    async def both(scope: Any, receive: Any, send: Any) -> None:
        await (api if scope.get("path", "").startswith("/api/") else site)(scope, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=both), base_url="http://test") as one:
        yield one


def list_addresses(page: Page, some: Collection[str]) -> list[str]:
    """Addresses of a page below the language, and its example; where they are many, those with a part of ``some``."""
    found = dict.fromkeys([*page.addresses(), page.example])
    return [one for one in found if not page.dynamic or not some or any(part in one for part in some)]


async def read_views(client: httpx.AsyncClient, lang: str, some: Collection[str]) -> dict[str, Any]:
    """What fills pages by address, every tab apart; of pages whose addresses are many, tabs of those in ``SOME``."""
    found = {}
    for page in PAGES:
        for address in list_addresses(page, some):
            tabs = not page.dynamic or any(part in address for part in SOME)
            for view in ("", *(VIEWS_OF.get(page.id, ()) if tabs else ())):
                full = address + ("&" if "?" in address else "?") * bool(view) + view
                reply = await client.get(f"/{lang}/{full}")
                answer = read_answer(reply)
                assert (reply.status_code, answer is None) == (200, False), full
                found[f"/{full}"] = answer
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


async def sweep(client: httpx.AsyncClient, lang: str, some: Collection[str]) -> tuple[list[str], dict[str, int]]:
    """All faults of a selection, and how much was looked at."""
    ctx = open_context(lang)
    views = await read_views(client, lang, some)
    answers = views | await read_api(client, lang, ctx, some)
    faults = find_unequal_counts(list(answers.items()))
    for page, answer in answers.items():
        faults += find_figures_without_edition(page, answer)
        faults += find_verdicts_without_margin(ctx, page, answer)
    everything = [one for answer in answers.values() for _, one in walk(answer)]
    return faults, {
        "pages": len(views),
        "views": len(answers),
        "figures": sum(one.get("value") is not None and "edition" in one for one in everything),
        "verdicts": sum(one.get("change") in JUDGED_KINDS for one in everything),
    }


async def test_what_the_server_sends_has_editions_margins_and_equal_counts(client: httpx.AsyncClient) -> None:
    faults, looked = await sweep(client, "en", SOME)
    assert faults == []
    assert looked["pages"] > 40
    assert looked["views"] > 120
    assert looked["figures"] > 600
    assert looked["verdicts"] > 100


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
