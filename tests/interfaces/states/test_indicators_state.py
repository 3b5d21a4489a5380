"""The pages of indicators: what is open is asked for, and every choice draws its chart."""

from typing import Any

import pytest

from dashboard.interfaces.pages.indicator.state import IndicatorState
from dashboard.interfaces.pages.indicators.state import IndicatorsState
from tests.interfaces.states.arrival import arrived

pytestmark = pytest.mark.usefixtures("embedded")
PAGE = "/en/indicators/internet_users/"


def indicator(name: str = "internet_users", **asked: str) -> IndicatorState:
    return arrived(IndicatorState, f"/en/indicators/{name}/", **asked)


def current(links: Any) -> list[str]:
    return [one["id"] for one in links if one["current"]]


@pytest.mark.parametrize(
    ("asked", "filled"),
    [
        ({}, set()),
        ({"tab": "table"}, {"table"}),
        ({"part": "figures"}, {"table"}),
        ({"part": "revisions"}, {"revisions"}),
        ({"part": "status"}, {"progress"}),
        ({"tab": "breakdown"}, set()),
    ],
)
def test_what_is_not_open_is_not_sent(asked: dict[str, str], filled: set[str]) -> None:
    """A part would open empty, or every reader load what nobody looks at."""
    state = indicator(country="AZE", **asked)
    assert {name for name in ("table", "revisions", "progress", "groups") if getattr(state, name)} == filled
    assert current(state.parts) == [state.part] == [asked.get("part", "about")]


def test_groups_are_sent_where_there_are_some() -> None:
    state = indicator("bribery_persons", country="AFG", tab="breakdown")
    assert (state.tab, bool(state.groups)) == ("breakdown", True)
    assert state.chart.startswith("/api/v1/charts/breakdown.json?indicator=bribery_persons&country=AFG")
    assert not indicator("bribery_persons", country="AFG").groups
    for asked, order in (({}, "gap"), ({"sort": "name"}, "name"), ({"sort": "latest"}, "gap")):
        shown = indicator("bribery_persons", country="AFG", tab="breakdown", **asked).groups
        assert (shown["sort"], shown["dimension"]) == (order, "Sex")


def test_a_tab_draws_its_chart_and_the_table_none() -> None:
    state = indicator(country="AZE,GEO", tab="ranking")
    charts = {one["id"]: one["chart"].partition(".json")[0].rpartition("/")[2] for one in state.tabs}
    assert charts == {name: "" if name == "table" else name for name in charts}
    assert {"trend", "map", "ranking", "distribution", "table"} <= set(charts)
    assert "world" not in charts, "both maps are one tab"
    assert (current(state.tabs), state.chart) == (
        ["ranking"], "/api/v1/charts/ranking.json?indicator=internet_users&country=AZE,GEO&lang=en",
    )  # fmt: skip
    assert [one["chart"].partition("country=")[2] for one in state.picked] == ["GEO&lang=en", "AZE&lang=en"]
    assert indicator(tab="table").chart == ""
    assert (state.default_selection, indicator().default_selection) == (False, True)


def test_both_forms_of_the_map_are_one_tab() -> None:
    for form in ("map", "world"):
        state = indicator(tab=form)
        assert (current(state.tabs), current(state.maps)) == (["map"], [form])


def test_an_indicator_without_figures_draws_nothing() -> None:
    state = indicator("bribe_service_point")
    assert (state.view["empty"], state.chart, {one["chart"] for one in state.tabs}) == (True, "", {""})


def test_the_table_is_longer_alone_than_below_a_chart() -> None:
    alone, below = indicator(tab="table"), indicator(part="figures")
    assert len(alone.table["rows"]) > len(below.table["rows"]) > 0
    assert below.around == [f"{PAGE}?part=figures", f"{PAGE}?part=figures&page=2"]
    assert indicator().around == ["", ""]
    assert [one["to"] for one in below.parts][:2] == [PAGE, f"{PAGE}?part=figures"]


def test_the_list_is_sorted_as_marked_and_its_filters_can_be_cleared() -> None:
    for asked, name in (({}, "data"), ({"sort": "name"}, "name"), ({"sort": "latest"}, "latest")):
        state = arrived(IndicatorsState, "/en/indicators/", **asked)
        assert current(state.sorts) == [state.index["sort"]] == [name]
    assert [one["to"] for one in state.sorts][:2] == ["/en/indicators/", "/en/indicators/?sort=name"]
    filtered = arrived(IndicatorsState, "/en/indicators/", theme="digital", goal="9", sort="name", q="a")
    assert (filtered.theme, filtered.goal_number) == ("digital", "9")
    assert filtered.cleared == "/en/indicators/?sort=name"
    assert arrived(IndicatorsState, "/en/indicators/").goal_number == ""
    assert arrived(IndicatorsState, "/en/indicators/", page="2").around == [
        "/en/indicators/", "/en/indicators/?page=3",
    ]  # fmt: skip
