"""Every page answers for an earlier day: two vintages, and on the first day the figures of the first."""

import asyncio
import json
from typing import Any

import pytest

from dashboard.interfaces.pages.registry import PAGES
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.interfaces.pages.shell.state import Shell
from dashboard.locales import LANGUAGES, format_day, t
from tests.interfaces.states.arrival import at

pytestmark = pytest.mark.usefixtures("handmade")
FIRST, THEN, NOW = "2026-03-01", "90.4", "91.0"
REVISED = {
    "indicator": ("indicators/internet_users/", {"country": "AZE", "tab": "table"}),
    "country": ("countries/AZE/", {"tab": "indicators", "theme": "digital"}),
    "compare": ("compare/", {"indicator": "internet_users", "country": "AZE,GEO"}),
}
"""Pages that print the revised figure, and what they are asked."""


def arrived(page: Page, path: str, asked: dict[str, str]) -> Any:
    state = at(_class_of(page)(), path, asked)
    asyncio.run(page.load.fn(state))
    return state


def _class_of(page: Page) -> type[Shell]:
    name = page.load.fn.__qualname__.split(".")[0]
    return next(one for one in [Shell, *Shell.__subclasses__()] if one.__name__ == name)


def printed(state: Any) -> str:
    held = {name: getattr(state, name) for name in type(state).vars if name not in ("router", "is_hydrated")}
    return json.dumps(held, default=str)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES, ids=[page.id for page in PAGES])
def test_every_page_says_that_an_earlier_day_is_looked_at(page: Page, lang: str) -> None:
    path, _, query = page.example.partition("?")
    asked = dict(part.split("=") for part in query.split("&") if part)
    state = arrived(page, f"/{lang}/{path}", {**asked, "as_of": FIRST})
    assert state.phase == "ready"
    assert (state.dataset_status["as_of"], state.dataset_status["past"]) == (FIRST, True)
    assert state.past == t("changes.past.text", lang, date=format_day(FIRST, lang))
    assert arrived(page, f"/{lang}/{path}", asked).past == ""


OWN = [page for page in PAGES if page.id not in ("gallery", "sending")]
"""Pages with an answer of their own where no country sends figures."""


@pytest.mark.parametrize("page", OWN, ids=[page.id for page in OWN])
def test_what_a_page_asked_for_is_in_its_state(page: Page) -> None:
    """The page would stay empty, and say nothing of it."""
    path, _, query = page.example.partition("?")
    state = arrived(page, f"/en/{path}", dict(part.split("=") for part in query.split("&") if part))
    own = set(type(state).vars) - set(Shell.vars)
    assert [name for name in own if getattr(state, name) != getattr(type(state)(), name)]


@pytest.mark.parametrize("page", [page for page in PAGES if page.id in REVISED], ids=list(REVISED))
def test_pages_print_the_figure_of_that_day(page: Page) -> None:
    path, asked = REVISED[page.id]
    then, now = (printed(arrived(page, f"/en/{path}", {**asked, **more})) for more in ({"as_of": FIRST}, {}))
    assert THEN in then
    assert NOW not in then
    assert NOW in now


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_day_without_a_dataset_is_said_in_the_language_of_the_page(lang: str) -> None:
    page = next(page for page in PAGES if page.id == "country")
    before = arrived(page, f"/{lang}/countries/AZE/", {"as_of": "1999-01-01"})
    assert before.phase == "unknown"
    assert before.past == t("changes.past.asked", lang, date=format_day("1999-01-01", lang))
    assert before.said == t("ui.errors.day", lang, date=format_day("1999-01-01", lang))
    assert before.help == t("ui.errors.day_help", lang, first=format_day(FIRST, lang))
    ahead = arrived(page, f"/{lang}/countries/AZE/", {"as_of": "2999-01-01"})
    assert (ahead.phase, ahead.help) == ("unknown", "")
    assert ahead.said == t("ui.errors.day_ahead", lang, date=format_day("2999-01-01", lang))


def test_a_chart_is_asked_for_as_of_that_day() -> None:
    page = next(page for page in PAGES if page.id == "indicator")
    state = arrived(page, "/en/indicators/internet_users/", {"as_of": FIRST, "tab": "trend"})
    assert f"as_of={FIRST}" in state.chart
    assert f"as_of={FIRST}" in state.view["downloads"]["csv"]
    opened = arrived(page, "/en/indicators/internet_users/", {"as_of": FIRST, "part": "revisions"})
    assert f"as_of={FIRST}" in opened.revisions["json"]


def test_the_drawer_shows_the_figure_of_that_day() -> None:
    for asked, value in (({"as_of": FIRST}, THEN), ({}, NOW)):
        state = at(ProvenanceState(), "/en/compare/", asked)
        mark = {"indicator": "internet_users", "country": "AZE", "year": 2023}
        asyncio.run(ProvenanceState.pick.fn(state, json.dumps(mark)))
        assert state.way["figure"]["text"] == value
        assert (FIRST in state.way["json"]) == bool(asked)


def test_the_way_back_keeps_everything_else() -> None:
    page = next(page for page in PAGES if page.id == "indicator")
    state = arrived(page, "/en/indicators/internet_users/", {"as_of": FIRST, "country": "AZE", "tab": "map"})
    assert state.newest == "/en/indicators/internet_users/?country=AZE&tab=map"


def test_the_day_since_is_of_the_address_and_what_is_none_is_named() -> None:
    page = next(page for page in PAGES if page.id == "indicator")
    state = arrived(page, "/en/indicators/internet_users/", {"since": "2026-03-02"})
    assert state.revisions["rows"] == []
    assert state.every_vintage == "/en/indicators/internet_users/?part=revisions"
    assert "<script>" in arrived(page, "/en/indicators/internet_users/", {"since": "<script>"}).ignored
