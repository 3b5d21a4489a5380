"""The register's filters are in the address and in the file's; what is no filter changes nothing."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.search import search
from dashboard.interfaces.pages.adoption import page
from dashboard.interfaces.pages.adoption.state import RegisterState
from dashboard.interfaces.pages.shell.address import PageAddress, add_selection
from tests.checks import all_of
from tests.interfaces.states.arrival import arrived as at

pytestmark = pytest.mark.usefixtures("embedded")


def arrived(query: dict[str, str]) -> RegisterState:
    return at(RegisterState, "/en/adoption/", **query)


def test_the_address_restores_filters_rule_chart_and_file() -> None:
    state = arrived({"rule": "operating", "event": "mou", "source": "press", "evidence": "E3", "disputed": "no"})
    assert (state.event, state.source, state.evidence, state.disputed) == ("mou", "press", "E3", "no")
    assert state.chart == "/api/v1/charts/lanes.json?rule=operating&lang=en"
    assert state.table["csv"] == "/api/v1/adoption.csv?event=mou&source=press&evidence=E3&disputed=no&lang=en"
    assert (state.table["shown"], len(state.table["rows"]), state.pages) == (9, 9, 1)
    assert all_of(row["type"] == "mou" for row in state.table["rows"])


def test_clearing_takes_the_filters_of_the_table_away_and_keeps_the_rule() -> None:
    state = arrived({"rule": "operating", "evidence": "E3", "country": "AZE"})
    assert state.cleared == "/en/adoption/?rule=operating&tab=events"
    assert {one["to"] for one in state.rules if not one["current"]} >= {
        "/en/adoption/?country=AZE&rule=signed&evidence=E3"
    }


def test_the_pages_of_the_table_hold_every_event_once() -> None:
    """Events would be left out between two pages, or a page beyond the last be empty."""
    whole = arrived({"tab": "events"})
    pages = [arrived({"tab": "events", "page": str(n)}) for n in range(1, whole.pages + 1)]
    found = [row["id"] for one in pages for row in one.table["rows"]]
    assert len(found) == len(set(found)) == whole.table["shown"]
    assert [one.number for one in pages] == list(range(1, whole.pages + 1))
    assert len({len(one.table["rows"]) for one in pages[:-1]}) == 1
    assert arrived({"page": "99"}).table["rows"] == pages[-1].table["rows"]
    assert pages[0].around == ["/en/adoption/?tab=events", "/en/adoption/?tab=events&page=2"]
    assert pages[1].around == ["/en/adoption/?tab=events", "/en/adoption/?tab=events&page=3"]
    assert pages[-1].around[1] == f"/en/adoption/?tab=events&page={whole.pages}"


@pytest.mark.parametrize(
    ("asked", "tab", "chart"),
    [
        ({}, "timeline", "lanes"),
        ({"tab": "claims"}, "claims", "claims"),
        ({"evidence": "E3"}, "events", "lanes"),
        ({"page": "2"}, "events", "lanes"),
        ({"evidence": "E3", "tab": "timeline"}, "timeline", "lanes"),
        ({"tab": "map"}, "timeline", "lanes"),
    ],
)
def test_a_part_opens_that_the_address_asks_for(asked: dict[str, str], tab: str, chart: str) -> None:
    state = arrived(asked)
    assert (state.open, [one["id"] for one in state.tabs if one["current"]]) == (tab, [tab])
    assert state.chart == f"/api/v1/charts/{chart}.json?rule=signed&lang=en"
    assert [one["current"] for one in state.rules].count(True) == 1
    (closed,) = (dict(parse_qsl(one["to"].partition("?")[2])) for one in state.tabs if one["id"] == "timeline")
    assert arrived(closed).open == "timeline"
    assert (arrived({}).tabs[0]["to"], arrived({}).sort) == ("/en/adoption/", "newest")


def test_countries_with_a_record_and_the_origin_are_sent_and_no_others() -> None:
    tiles = arrived({}).view["tiles"]
    assert len(tiles) > 10
    assert all_of(one["status"] != "no_record" or one["origin"] for one in tiles)


def test_a_link_to_an_event_leaves_countries_and_period_behind() -> None:
    """Who looks at Kazakhstan and opens an event of Afghanistan saw an empty table."""
    found = search(open_context("en"), "AFG-03")["groups"][0]["hits"][0]["href"]
    for href in (found, str(page._draw_caveats("en", RegisterState.view).render())):
        assert "&country=&from=&to=" in href
    kept = PageAddress(countries=("KAZ",), first=2025)
    shown = at(RegisterState, "/en/adoption/", **dict(parse_qsl(urlsplit(add_selection(found, kept)).query)))
    assert [row["id"] for row in shown.table["rows"]] == ["AFG-03"]
