"""Every choice of a comparison is in the address and comes back from it, and each control leads to an address."""

import asyncio

import pytest

from dashboard.interfaces.pages.compare.state import CompareState
from dashboard.interfaces.pages.indicator.state import IndicatorState
from tests.checks import all_of
from tests.interfaces.states import arrival
from tests.interfaces.states.arrival import arrived as at

pytestmark = pytest.mark.usefixtures("embedded")
TWELVE = "AZE,GEO,UGA,UZB,PAK,IDN,KAZ,ETH,RWA,MAR,KEN,FRA"


def arrived(**query: str) -> CompareState:
    state = at(CompareState, "/en/compare/", **query)
    assert state.phase == "ready"
    return state


def test_a_chip_leads_to_the_comparison_without_it() -> None:
    state = arrived(country="AZE,GEO", view="slope")
    assert [one["to"] for one in state.picked] == [
        "/en/compare/?country=GEO&view=slope",
        "/en/compare/?country=AZE&view=slope",
    ]


def test_countries_that_we_chose_are_in_no_address_until_one_is_taken_out() -> None:
    state = arrived()
    shown = [one["id"] for one in state.picked]
    assert state.default_selection
    assert all_of("country" not in one["to"] for one in state.tabs)
    assert f"country={','.join(shown[1:])}" in state.picked[0]["to"]


def test_a_group_is_its_countries_from_then_on() -> None:
    state = arrived(group="adopters", country="FRA")
    assert len(state.picked) == 12
    assert state.picked[0]["id"] == "FRA"
    assert "group" not in {one["name"] for one in state.fields}
    assert "group" not in state.picked[0]["to"]
    assert state.group_left


def test_more_than_six_countries_get_a_panel_each_and_other_forms_say_who_is_left_out() -> None:
    state = arrived(country=TWELVE)
    assert state.charts[0]["url"].startswith(f"/api/v1/charts/multiples.json?indicator=wgi_cc&country={TWELVE}&")
    state = arrived(country=TWELVE, view="slope")
    assert "slope.json?indicator=wgi_cc&country=AZE,GEO,UGA,UZB,PAK,IDN&" in state.charts[0]["url"]
    assert "Kazakhstan" in state.left_out
    state = arrived(country="AZE,GEO,UGA,UZB,PAK,IDN")
    assert "trend.json?indicator=wgi_cc&country=AZE,GEO,UGA,UZB,PAK,IDN&" in state.charts[0]["url"]
    assert state.left_out == ""
    state = arrived(country=",".join(TWELVE.split(",")[:7]))
    assert state.charts[0]["url"].startswith("/api/v1/charts/multiples.json")
    state = arrived(country=TWELVE, view="dumbbell")
    assert (f"country={TWELVE}&" in state.charts[0]["url"], state.left_out) == (True, "")


def test_the_choices_of_a_comparison_are_those_of_its_address() -> None:
    state = arrived(country="ETH,KEN", indicator="wgi_cc,egdi", event="centre_opened", unequal="1")
    assert [chart["url"].split("?")[0] for chart in state.charts] == ["/api/v1/charts/aligned.json"] * 2
    assert all_of("event=centre_opened&unequal=1" in chart["url"] for chart in state.charts)
    assert "unequal" not in state.insisted
    assert state.further[0]["to"] == "/en/compare/?country=ETH,KEN&indicator=wgi_cc&event=centre_opened&unequal=1"


def test_years_are_counted_from_the_event_of_the_address_or_from_the_opening_of_a_centre() -> None:
    def starts(event: str) -> list[tuple[object, ...]]:
        shown = arrived(country="UZB,KGZ", indicator="wgi_cc", event=event).view["starts"]
        return [tuple(one.values()) for one in shown]

    assert starts("mou") != starts("centre_opened")
    assert starts("birthday") == starts("") == starts("centre_opened"), "no such event"


def test_a_head_of_the_heatmap_turns_the_order_and_turns_it_back() -> None:
    order, seen = "", []
    for _ in range(3):
        state = arrived(country="ETH,KEN", view="table", **({"sort": order} if order else {}))
        order = dict(part.split("=") for part in state.sorts["wgi_cc"].split("?")[1].split("&")).get("sort", "")
        seen.append(order)
    assert seen == ["wgi_cc", "wgi_cc_up", ""]


def test_a_chip_that_is_pressed_draws_the_comparison_without_it_at_once() -> None:
    """The chart would stand still until the whole page is answered; a further indicator would look unchosen."""
    state = arrived(country="ETH,KEN", indicator="wgi_cc,egdi")
    charts = " ".join(f"/api/v1/charts/trend.json?indicator={one}&country=%s&lang=en" for one in ("wgi_cc", "egdi"))
    assert [one["chart"].split() for one in state.picked] == [(charts % (one, one)).split() for one in ("KEN", "ETH")]
    assert state.charts_with.replace("%7Bid%7D", "UGA") == charts % (("ETH,KEN,UGA",) * 2)
    assert [(one["id"], one["current"]) for one in state.further] == [("egdi", True)]
    more = arrived(country="ETH,KEN", indicator="wgi_cc,egdi,internet_users")
    assert [one["to"].partition("indicator=")[2] for one in more.further] == ["wgi_cc,internet_users", "wgi_cc,egdi"]
    assert [one["id"] for one in state.tabs if one["current"]] == ["lines"]


def test_a_scatter_has_another_indicator_to_the_right() -> None:
    for asked, right in (("wgi_cc", "egdi"), ("egdi", "internet_users"), ("egdi,wgi_cc", "wgi_cc")):
        state = arrived(country="ETH,KEN", view="scatter", indicator=asked)
        assert (state.across, len(state.charts)) == (right, 1)
    state = arrived(country="ETH,KEN", view="scatter", with_="internet_users")
    assert state.across == "internet_users"
    assert "with=internet_users&" in state.chart


def test_an_indicator_to_the_right_that_does_not_exist_is_left_out_and_named() -> None:
    plain = arrived(country="ETH,KEN", view="scatter")
    state = arrived(country="ETH,KEN", view="scatter", with_="egdy")
    assert (state.across, state.chart, state.fields) == (plain.across, plain.chart, plain.fields)
    assert "with=egdy" in state.ignored


def test_the_files_hold_every_indicator_and_country_compared() -> None:
    state = arrived(country="ETH,KEN", indicator="wgi_cc,egdi", event="centre_opened", view="slope")
    assert state.files == "indicator=wgi_cc,egdi&country=ETH,KEN&lang=en"


def test_countries_are_proposed_that_are_not_compared_yet() -> None:
    state = arrived(country="ETH,KEN")
    assert state.peers_of
    assert len(state.peers) == 8
    assert [one["to"].split("country=ETH,KEN,")[0] for one in state.peers] == ["/en/compare/?"] * len(state.peers)
    assert state.peers_sources.count(";") == 2
    eleven = TWELVE.rpartition(",")[0]
    assert [len(arrived(country=codes).peers) for codes in (eleven, TWELVE)] == [8, 0], "a thirteenth finds no place"


def test_every_year_of_the_lines_can_be_chosen_and_the_first_indicator_not_be_added_again() -> None:
    state = arrived(country="ETH,KEN")
    spans = [(line["first_year"], line["last_year"]) for line in state.view["metrics"][0]["lines"]]
    assert state.years == list(range(min(first for first, _ in spans), max(last for _, last in spans) + 1))
    added = {one["id"] for one in state.addable}
    assert ("wgi_cc" in added, "egdi" in added) == (False, True)
    assert (state.event, state.insisted) == ("", "/en/compare/?country=ETH,KEN&unequal=1")


def test_an_indicator_without_figures_is_no_choice_unless_it_is_compared() -> None:
    for asked, there in (("wgi_cc", False), ("wgi_cc,bribe_service_point", True)):
        state = arrived(country="ETH,KEN", indicator=asked)
        assert ("bribe_service_point" in {one["id"] for one in state.addable}) == there
        assert (
            "bribe_service_point" in {one["id"] for group in state.indicator_groups for one in group["options"]}
        ) == there
    words = arrived(country="ETH,KEN", indicator="wgi_cc,access_to_information")
    assert [one["metric"] for one in words.charts] == ["wgi_cc"], "words are not drawn"
    alone = arrived(country="ETH,KEN", indicator="access_to_information")
    assert (alone.charts, alone.chart, alone.years) == ([], "", [])


@pytest.mark.parametrize("asked", [{"view": "rows"}, {"tab": "table"}])
def test_the_rows_are_one_of_the_forms_and_come_in_pages(asked: dict[str, str]) -> None:
    state = arrived(country="ETH,KEN", **asked)
    assert (state.form, state.charts, len(state.rows["rows"])) == ("rows", [], 25)
    further = arrived(country="ETH,KEN", page="2", **asked)
    assert {row["iso3"] for row in (*state.rows["rows"], *further.rows["rows"])} == {"ETH", "KEN"}
    ((name, value),) = asked.items()
    first = f"/en/compare/?country=ETH,KEN&{name}={value}"
    assert state.around == [first, f"{first}&page=2"]
    drawn = arrived(country="ETH,KEN")
    assert (drawn.rows, drawn.around) == ({}, ["", ""])


def test_charts_of_a_comparison_are_not_asked_for_on_the_next_page() -> None:
    state = arrival.at(IndicatorState(), "/en/indicators/wgi_cc/", {"country": "AZE"})
    state.charts_with = "/api/v1/charts/trend.json?indicator=egdi"
    asyncio.run(IndicatorState.load.fn(state))
    assert (state.phase, state.charts_with) == ("ready", "")
