"""Every choice of a comparison is in the address and comes back from it, and each control leads to an address."""

import pytest

from dashboard.pages.compare.state import CompareState
from tests.states.arrival import arrived as at

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
    assert all("country" not in one["to"] for one in state.tabs)
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


def test_the_choices_of_a_comparison_are_those_of_its_address() -> None:
    state = arrived(country="ETH,KEN", indicator="wgi_cc,egdi", event="centre_opened", unequal="1")
    assert [chart["url"].split("?")[0] for chart in state.charts] == ["/api/v1/charts/aligned.json"] * 2
    assert all("event=centre_opened&unequal=1" in chart["url"] for chart in state.charts)
    assert "unequal" not in state.insisted
    assert state.further[0]["to"] == "/en/compare/?country=ETH,KEN&indicator=wgi_cc&event=centre_opened&unequal=1"


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
    assert [one["chart"] for one in state.picked] == [
        f"/api/v1/charts/trend.json?indicator=wgi_cc&country={other}&lang=en" for other in ("KEN", "ETH")
    ]
    assert [(one["id"], one["current"]) for one in state.further] == [("egdi", True)]
    more = arrived(country="ETH,KEN", indicator="wgi_cc,egdi,internet_users")
    assert [one["to"].partition("indicator=")[2] for one in more.further] == ["wgi_cc,internet_users", "wgi_cc,egdi"]
    assert [one["id"] for one in state.tabs if one["current"]] == ["lines"]


def test_a_scatter_has_another_indicator_to_the_right() -> None:
    for asked, right in (("wgi_cc", "egdi"), ("egdi", "internet_users"), ("egdi,wgi_cc", "wgi_cc")):
        assert arrived(country="ETH,KEN", view="scatter", indicator=asked).across == right


def test_the_files_hold_every_indicator_and_country_compared() -> None:
    state = arrived(country="ETH,KEN", indicator="wgi_cc,egdi", event="centre_opened", view="slope")
    assert state.files == "indicator=wgi_cc,egdi&country=ETH,KEN&lang=en"


def test_countries_are_proposed_that_are_not_compared_yet() -> None:
    state = arrived(country="ETH,KEN")
    assert state.peers_of
    assert len(state.peers) == 8
    assert [one["to"].split("country=ETH,KEN,")[0] for one in state.peers] == ["/en/compare/?"] * len(state.peers)


def test_every_year_of_the_lines_can_be_chosen_and_the_first_indicator_not_be_added_again() -> None:
    state = arrived(country="ETH,KEN")
    spans = [(line["first_year"], line["last_year"]) for line in state.view["lines"]]
    assert state.years == list(range(min(first for first, _ in spans), max(last for _, last in spans) + 1))
    added = {one["id"] for one in state.addable}
    assert ("wgi_cc" in added, "egdi" in added) == (False, True)
