"""The page of a country sends what its part shows, and every control leads to a part."""

from typing import Any

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.countries.country import view_country
from dashboard.interfaces.pages.countries.state import CountriesState, CountryState
from tests.checks import all_of
from tests.interfaces.states.arrival import arrived

pytestmark = pytest.mark.usefixtures("embedded")


def country(**asked: str) -> CountryState:
    return arrived(CountryState, "/en/countries/AZE/", **asked)


def current(links: Any) -> list[str]:
    return [one["id"] for one in links if one["current"]]


@pytest.mark.parametrize(
    ("tab", "shown", "sent"),
    [
        ("", "summary", {"legal", "strip_legend"}),
        ("pie", "summary", {"legal", "strip_legend"}),
        ("brief", "summary", {"legal", "strip_legend"}),
        ("indicators", "indicators", {"themes"}),
        ("adoption", "adoption", {"acts"}),
        ("services", "services", {"voices"}),
        ("gaps", "gaps", {"missing", "missing_kinds"}),
    ],
)
def test_a_part_sends_what_it_shows_and_nothing_else(tab: str, shown: str, sent: set[str]) -> None:
    """A part would open empty, or every reader load the whole country."""
    state = country(**({"tab": tab} if tab else {}))
    assert current(state.tabs) == [shown]
    lists = (
        "themes",
        "strip",
        "strip_legend",
        "missing",
        "missing_kinds",
        "voices",
        "reported",
        "legal",
        "acts",
    )
    assert {name for name in lists if state.view[name]} == sent
    assert bool(state.view["summary"]["lanes"]) == (shown == "summary")
    assert (bool(state.beside), bool(state.charted), bool(state.drawn), bool(state.chart)) == (
        (shown == "indicators",) * 4
    )
    assert "national" not in [one["id"] for one in state.tabs], "AZE publishes no indicators of its own"
    assert state.tabs[0]["to"] == "/en/countries/AZE/"


def test_one_national_series_is_shown_and_the_others_are_links() -> None:
    state = arrived(CountryState, "/en/countries/KAZ/", tab="national")
    own = [one["indicator"] for one in state.view["national"]]
    assert (len(own), state.national) == (5, own[0])
    last = arrived(CountryState, "/en/countries/KAZ/", tab="national", indicator=own[-1])
    assert (last.national, list(last.national_links)) == (own[-1], own)
    assert last.national_links[own[0]] == f"/en/countries/KAZ/?indicator={own[0]}&tab=national"
    assert arrived(CountryState, "/en/countries/KAZ/", tab="national", indicator="wgi_cc").national == own[0]


def test_what_is_missing_comes_a_page_at_a_time() -> None:
    first, last = country(tab="gaps"), country(tab="gaps", page="99")
    assert (first.number, first.pages, last.number) == (1, last.pages, last.pages)
    assert first.around == ["/en/countries/AZE/?tab=gaps", "/en/countries/AZE/?tab=gaps&page=2"]
    every = view_country(open_context(), "AZE")["missing"]
    pages = [country(tab="gaps", page=str(page)).view["missing"] for page in range(1, first.pages + 1)]
    assert [row for page in pages for row in page] == every
    assert max(map(len, pages)) <= 25


def test_one_theme_of_indicators_is_open() -> None:
    for asked, theme in (({"theme": "digital"}, "digital"), ({}, "satisfaction"), ({"theme": "x"}, "satisfaction")):
        state = country(tab="indicators", **asked)
        assert current(state.themes) == [one["theme"] for one in state.view["themes"]] == [theme]
        assert all_of(row["medians"] == [] for row in state.view["themes"][0]["rows"])
        assert len(state.themes) > 3


def test_the_median_of_the_address_is_opened_with_its_figures_and_no_other() -> None:
    opened = country(tab="indicators", indicator="wgi_cc", group="income")
    assert opened.opened
    assert len(opened.median["rows"]) >= 5
    for asked in ({"group": "income"}, {"indicator": "wgi_cc"}, {"indicator": "wgi_cc", "group": "friends"}):
        closed = country(tab="indicators", **asked)
        assert (closed.opened, closed.median) == (False, {}), asked


def test_the_report_is_of_the_day_that_is_shown() -> None:
    state = country()
    assert state.report == f"/api/v1/reports/country/AZE.pdf?lang=en&as_of={state.dataset_status['as_of']}"
    assert state.brief == f"/api/v1/reports/brief/AZE.pdf?lang=en&as_of={state.dataset_status['as_of']}", "two pages"


def test_the_list_of_countries_keeps_its_filters_and_clears_them() -> None:
    state = arrived(CountriesState, "/en/countries/", q="a", page="2")
    assert (state.index["page"], state.around[0]) == (2, "/en/countries/?q=a")
    assert state.cleared == "/en/countries/"
    for asked in ({}, {"sort": "name"}, {"status": "operating", "group": "africa"}):
        state = arrived(CountriesState, "/en/countries/", **asked)
        assert [state.order] == [one["id"] for one in state.index["sorts"] if one["chosen"]]
        assert (state.status, state.region) == (asked.get("status", ""), asked.get("group", ""))
