"""Anyone can call a handler: what is not an argument of theirs changes nothing; what is, changes state and address."""

import asyncio
from collections.abc import Callable
from typing import get_args

import pytest
from reflex.istate.data import RouterData

from dashboard.states.compare import CompareState
from dashboard.states.indicators import IndicatorsState
from dashboard.states.provenance import ProvenanceState
from dashboard.states.search import SearchState
from dashboard.states.shell import Shell
from dashboard.states.ways import WaysState


def at(state: Shell, path: str, query: dict[str, str]) -> Shell:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    state.router = RouterData.from_router_data(
        {"pathname": path, "asPath": f"{path}?{asked}", "query": query, "headers": {"origin": "http://test"}}
    )
    return state


@pytest.fixture
def compare() -> CompareState:
    state = CompareState()
    at(state, "/en/compare/", {"country": "AZE,GEO"})
    state._select(state._address(), "en")
    state._draw("trend", "wgi_cc", state._address())
    return state


def address_of(event: object) -> str:
    return str(getattr(event, "args", ""))


@pytest.mark.parametrize(
    ("handler", "argument"),
    [
        (CompareState.add_country, "XXX"), (CompareState.add_country, "'; drop"), (CompareState.remove_country, "UGA"),
        (CompareState.choose_rule, "everything"), (CompareState.choose_tab, "pie"), (CompareState.turn_to, -1),
        (CompareState.turn_to, 10**9), (CompareState.turn_to, "two"), (CompareState.choose_indicator, "no_such"),
        (CompareState.choose_indicator, "../../etc"),
    ],
)  # fmt: skip
def test_what_is_not_an_argument_changes_nothing(compare: CompareState, handler: Callable, argument: object) -> None:
    before = (compare.picked, compare.chart, compare.tab, compare.rule)
    assert handler.fn(compare, argument) is None
    assert (compare.picked, compare.chart, compare.tab, compare.rule) == before


def test_a_control_changes_chart_and_address_in_one_event(compare: CompareState) -> None:
    event = CompareState.add_country.fn(compare, "UGA")
    assert "country=AZE,GEO,UGA" in address_of(event)
    assert [choice["label"] for choice in compare.picked] == ["Azerbaijan", "Georgia", "Uganda"]
    assert compare.chart == "/api/v1/charts/trend.json?indicator=wgi_cc&country=AZE,GEO,UGA&lang=en"
    event = CompareState.choose_first.fn(compare, "2010")
    assert "from=2010" in address_of(event)
    assert "from=2010" in compare.chart


def test_a_second_control_builds_on_the_first_also_before_the_address_has_changed(compare: CompareState) -> None:
    CompareState.add_country.fn(compare, "UGA")
    CompareState.choose_first.fn(compare, "2010")
    event = CompareState.add_country.fn(compare, "RWA")
    assert "country=AZE,GEO,UGA,RWA" in address_of(event)
    assert "from=2010" in address_of(event)


def test_an_address_the_reader_went_to_counts_more_than_what_was_on_its_way(compare: CompareState) -> None:
    CompareState.add_country.fn(compare, "UGA")
    at(compare, "/en/compare/", {"country": "KAZ"})
    assert "country=KAZ,RWA" in address_of(CompareState.add_country.fn(compare, "RWA"))


def test_countries_that_we_chose_stay_shown_until_the_indicator_changes(compare: CompareState) -> None:
    ours = compare.picked
    at(compare, "/en/compare/", {})
    event = CompareState.choose_first.fn(compare, "2010")
    assert compare.picked == ours
    assert "country=AZE,GEO&from=2010" in compare.chart
    assert "country" not in address_of(event)  # the address names what the reader chose, and nothing else
    CompareState.choose_indicator.fn(compare, "ti_cpi")
    assert compare.picked == []
    assert "country" not in compare.chart


@pytest.mark.parametrize("year", ["", "twenty", "-5", "99999", "²⁰¹⁰"])
def test_a_year_that_is_none_means_all_years(compare: CompareState, year: str) -> None:
    CompareState.choose_first.fn(compare, year)
    assert compare.first == ""


TWELVE = "AZE,GEO,UGA,UZB,PAK,IDN,KAZ,ETH,RWA,MAR,KEN,FRA"


def test_a_thirteenth_country_is_not_added(compare: CompareState) -> None:
    at(compare, "/en/compare/", {"country": TWELVE})
    compare._select(compare._address(), "en")
    assert len(compare.picked) == 12
    assert CompareState.add_country.fn(compare, "SEN") is None


def test_more_than_six_countries_get_a_panel_each_and_other_forms_say_who_is_left_out(compare: CompareState) -> None:
    at(compare, "/en/compare/", {"country": TWELVE})
    compare._draw("trend", "wgi_cc", compare._address())
    assert compare.chart.startswith(f"/api/v1/charts/multiples.json?indicator=wgi_cc&country={TWELVE}&")
    at(compare, "/en/compare/", {"country": TWELVE, "view": "slope"})
    compare._draw("trend", "wgi_cc", compare._address())
    assert "slope.json?indicator=wgi_cc&country=AZE,GEO,UGA,UZB,PAK,IDN&" in compare.chart
    assert "Kazakhstan" in compare.left_out


def test_every_choice_of_a_comparison_is_in_the_address_and_comes_back_from_it(compare: CompareState) -> None:
    event = CompareState.add_indicator.fn(compare, "egdi")
    assert "indicator=wgi_cc,egdi" in address_of(event)
    assert [chart["metric"] for chart in compare.charts] == ["wgi_cc", "egdi"]
    for handler, given, said in (
        (CompareState.choose_form, "scatter", "view=scatter"),
        (CompareState.choose_event, "centre_opened", "event=centre_opened"),
        (CompareState.insist, True, "unequal=1"),
        (CompareState.choose_across, "internet_users", "with=internet_users"),
        (CompareState.sort_by, "egdi", "sort=egdi"),
    ):
        assert said in address_of(handler.fn(compare, given))
    at(
        compare,
        "/en/compare/",
        {"country": "ETH,KEN", "indicator": "wgi_cc,egdi", "event": "centre_opened", "unequal": "1"},
    )
    compare._draw("trend", "wgi_cc", compare._address())
    assert [chart["url"].split("?")[0] for chart in compare.charts] == ["/api/v1/charts/aligned.json"] * 2
    assert all("event=centre_opened&unequal=1" in chart["url"] for chart in compare.charts)


@pytest.mark.parametrize(
    ("handler", "argument"),
    [
        (CompareState.choose_form, "pie"), (CompareState.choose_event, "all_centres_closed"),
        (CompareState.choose_event, "'"), (CompareState.insist, "1"), (CompareState.add_indicator, "nothing"),
        (CompareState.add_indicator, "wgi_cc"), (CompareState.remove_indicator, "egdi"),
        (CompareState.choose_across, "../"), (CompareState.sort_by, "wgi_cc;"),
    ],
)  # fmt: skip
def test_a_comparison_takes_only_choices_there_are(compare: CompareState, handler: Callable, argument: object) -> None:
    assert handler.fn(compare, argument) is None


def test_filters_are_cut_to_size() -> None:
    state = IndicatorsState()
    at(state, "/en/indicators/", {})
    assert "goal" not in address_of(IndicatorsState.choose_goal.fn(state, "99"))
    IndicatorsState.look_for.fn(state, {"q": "x" * 500})
    assert len(state.search) == 80


@pytest.mark.parametrize("observation", ["", "..", "0123456789abcde", "0123456789ABCDEF", None, 5, {"id": "x"}])
def test_the_drawer_opens_on_observation_ids_only(observation: object) -> None:
    state = ProvenanceState()
    at(state, "/en/compare/", {})
    asyncio.run(ProvenanceState.show.fn(state, observation))
    assert not state.drawer


@pytest.mark.parametrize(
    "mark", ["", "[]", "null", '{"country": "AZE"}', '{"indicator": 1, "country": 2, "year": "x"}', "2023", '"a"']
)
def test_a_mark_that_is_none_opens_nothing(mark: str) -> None:
    state = ProvenanceState()
    at(state, "/en/compare/", {})
    asyncio.run(ProvenanceState.pick.fn(state, mark))
    assert not state.drawer


def test_search_takes_words_and_known_kinds_only() -> None:
    state = at(SearchState(), "/en/search/", {"q": "corruption"})
    assert SearchState.choose_kind.fn(state, "everything") is None
    assert "q=corruption&kind=country" in address_of(SearchState.choose_kind.fn(state, "country"))
    assert "q=%26kind%3D" in address_of(SearchState.look_for.fn(state, {"q": " &kind= "}))
    assert "a" * 81 not in address_of(SearchState.look_for.fn(state, {"q": "a" * 500}))


def test_pages_and_api_know_the_kinds_of_search() -> None:
    from dashboard.api.parameters import SearchQuestion
    from dashboard.services.search.entries import GROUPS
    from dashboard.states.address import KINDS

    assert tuple(GROUPS) == KINDS
    assert get_args(SearchQuestion.model_fields["kind"].annotation) == ("", *KINDS)


def test_principles_are_sorted_by_known_columns_only() -> None:
    state = at(WaysState(), "/en/principles/", {})
    assert WaysState.sort_by.fn(state, "name; drop") is None
    assert "/en/principles/?sort=evidence" in address_of(WaysState.sort_by.fn(state, "evidence"))
