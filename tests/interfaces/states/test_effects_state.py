"""The page of adoption effects: the plan is its address; what is no choice changes nothing."""

import asyncio
from typing import Any

import pytest

from dashboard.answers.base.errors import Busy, Invalid, NotReady, Unknown
from dashboard.answers.effects import estimates
from dashboard.interfaces.pages.effects.state import YEARS, Chosen, EffectsState, list_parameters, parse_plan
from dashboard.locales import t
from tests.checks import all_of
from tests.given import raising
from tests.interfaces.states import arrival
from tests.interfaces.states.arrival import at

pytestmark = pytest.mark.usefixtures("embedded")
PAGE = "/en/progress/effects/"


def arrived(query: dict[str, str]) -> EffectsState:
    return arrival.arrived(EffectsState, PAGE, **query)


def test_the_address_holds_the_whole_plan_and_reading_it_gives_it_back() -> None:
    chosen = Chosen(country="AFG", outcome="wgi_cc", first=2004, last=2020, without=("BGD", "BFA"), own=("BDI",))
    assert parse_plan({one["name"]: one["value"] for one in list_parameters(chosen)}) == chosen
    assert list_parameters(Chosen()) == []
    unread = parse_plan({"by": "magic", "outcome": "x", "country": "XX", "from": "abc"})
    assert unread == Chosen(ignored=("by=magic", "outcome=x"))
    assert parse_plan({"outcome": "wgi_cc"}) == parse_plan({"indicator": "wgi_cc"}) == Chosen(outcome="wgi_cc")
    assert parse_plan({"indicator": "wgi_cc", "outcome": "wgi_ge"}).outcome == "wgi_cc"


def test_years_are_those_of_the_scale_and_stand_in_order() -> None:
    """A first or last year at the edge would be dropped unsaid, or a plan end before it begins."""
    first, last = YEARS
    plan = parse_plan({"from": str(first), "to": str(last)})
    assert (plan.first, plan.last) == YEARS
    assert parse_plan({"from": str(first - 1), "to": str(last + 1)}) == Chosen()
    assert parse_plan({"from": "2020", "to": "2010"}) == Chosen(first=2010, last=2020)
    assert (parse_plan({"from": "2020"}), parse_plan({"to": "2010"})) == (Chosen(first=2020), Chosen(last=2010))
    assert parse_plan({"from": "9" * 5_000}) == Chosen()  # more than Python makes a number of


def test_a_plan_of_an_earlier_day_stays_on_that_day() -> None:
    state = arrived({"country": "AFG", "as_of": "2026-11-26"})
    assert state.phase == "ready"
    assert {one["name"]: one["value"] for one in state.fields} == {"country": "AFG", "as_of": "2026-11-26"}


def test_a_plan_is_proposed_and_every_choice_is_written_to_the_address() -> None:
    state = arrived({"country": "AFG"})
    assert state.phase == "ready"
    assert (state.plan["country"], state.stage) == ("AFG", "done")
    assert len(state.plan["donors"]) > 40
    name = state.plan["name"]
    donor = state.plan["donors"][0]["iso3"]
    assert state.removing[donor] == f"/en/progress/effects/?country=AFG&without={donor}"
    assert state.owning[donor] == f"/en/progress/effects/?country=AFG&own={donor}"
    other = arrived({"country": "AFG", "without": donor})
    assert other.plan["donors"][0]["removed"]
    assert other.plan["name"] != name
    assert other.removing[donor] == "/en/progress/effects/?country=AFG"


@pytest.mark.parametrize("asked", [{"from": "2090"}, {"to": "1905"}, {"from": "2090", "to": "2095"}])
def test_a_period_of_another_page_that_the_outcome_has_no_figures_of_is_left_out_and_named(
    asked: dict[str, str],
) -> None:
    """The address brings it along: the reader met an error without controls."""
    plain = arrived({"country": "AFG"})
    state = arrived({"country": "AFG"} | asked)
    assert (state.phase, state.plan, state.fields) == ("ready", plain.plan, plain.fields)
    assert plain.ignored == ""
    assert all_of(f"{name}={year}" in state.ignored for name, year in asked.items())
    years = plain.plan["years"]
    assert f"{years[0]}–{years[-1]}" in state.ignored
    mixed = arrived({"country": "AFG,XXX", "as_of": "soon"} | asked)
    assert "as_of=soon" in mixed.ignored
    assert state.ignored in mixed.ignored


def test_an_outcome_without_figures_is_empty_and_can_be_changed() -> None:
    for asked in ({}, {"from": "2020"}):
        state = arrived({"outcome": "bribe_service_point"} | asked)
        assert (state.phase, state.plan["empty"], state.ignored) == ("ready", True, "")
        assert [one["id"] for one in state.plan["outcomes"] if one["chosen"]] == ["bribe_service_point"]
    assert not arrived({"country": "AFG"}).plan["empty"]


def test_what_is_no_choice_or_no_parameter_of_the_page_is_named() -> None:
    """A parameter that nobody reads answered about another indicator without a word."""
    state = arrived({"country": "AFG", "when": "UGA-03", "indicator": "wgi_xx", "by": "magic", "metric": "wgi_cc"})
    assert (state.phase, state.plan["outcome"]) == ("ready", "wgi_ge")
    for part in ("when=UGA-03", "indicator=wgi_xx", "by=magic", "metric=wgi_cc"):
        assert part in state.ignored
    assert arrived({"country": "AFG", "indicator": "wgi_cc"}).plan["outcome"] == "wgi_cc"
    assert arrived({"country": "AFG", "outcome": "wgi_cc"}).plan["outcome"] == "wgi_cc"


def making(monkeypatch: pytest.MonkeyPatch, answer: Any) -> EffectsState:
    """The page of a plan whose result is not there, with what happens when it is asked for."""
    monkeypatch.setattr(estimates, "find_result", lambda asked: None)
    monkeypatch.setattr(estimates, "answer_plan", answer)
    monkeypatch.setattr(
        "dashboard.interfaces.pages.effects.state.view_result", lambda asked, result, *_: {"verdict": result}
    )
    state = at(EffectsState(), PAGE, {"country": "AFG"})
    assert asyncio.run(EffectsState.load.fn(state)) is EffectsState.estimate
    assert (state.stage, state.result) == ("making", {})
    return state


def test_a_result_that_is_there_is_shown_at_once_refusals_too() -> None:
    state = arrived({"country": "AFG", "outcome": "wgi_ge"})
    assert (state.stage, state.result["verdict"]) == ("done", "no_detectable_effect")
    for country, reason in (("UGA", "no_treatment_date"), ("ETH", "too_few_post_points")):
        refused = arrived({"country": country, "outcome": "wgi_ge"})
        assert (refused.stage, [one["id"] for one in refused.result["reasons"]]) == ("done", [reason])


def test_a_result_that_is_not_there_is_made_and_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    state = making(monkeypatch, lambda *given: asked.append(given) or "cannot_tell")
    assert asyncio.run(EffectsState.load.fn(state)) is None, "opened twice, it is asked for once"
    asyncio.run(EffectsState.estimate.fn(state))
    assert (state.stage, state.result, state.trouble) == ("done", {"verdict": "cannot_tell"}, "")
    assert len(asked) == 1


def test_a_result_of_a_plan_that_is_no_longer_shown_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(*_: object) -> str:
        monkeypatch.setattr(estimates, "find_result", lambda asked: "of UGA")
        asyncio.run(EffectsState.load.fn(at(state, PAGE, {"country": "UGA"})))
        return "of AFG"

    state = making(monkeypatch, leave)
    asyncio.run(EffectsState.estimate.fn(state))
    assert (state.stage, state.result) == ("done", {"verdict": "of UGA"})


def test_a_plan_of_an_earlier_day_is_estimated_on_the_figures_of_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    vintages: list[int] = []
    monkeypatch.setattr(estimates, "find_result", lambda asked: vintages.append(asked.ctx.dataset.vintage))
    for day in ("", "2026-11-25"):
        arrived({"country": "AFG"} | ({"as_of": day} if day else {}))
    assert vintages == [3, 1]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Busy("x"), "effects.page.busy"), (Unknown("event", "x"), "effects.page.changed"),
        (Invalid("own", "x"), "effects.page.changed"), (NotReady("x"), "effects.page.failed"),
        (OSError("x"), "effects.page.not_shown"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_now_is_said(monkeypatch: pytest.MonkeyPatch, error: Exception, words: str) -> None:
    state = making(monkeypatch, raising(error))
    asyncio.run(EffectsState.estimate.fn(state))
    assert (state.stage, state.result, state.trouble) == ("", {}, t(words, "en"))


def test_an_address_that_asks_too_much_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def too_many(*_: object) -> bool:
        return False

    state = making(monkeypatch, lambda *_: "cannot_tell")
    monkeypatch.setattr("dashboard.interfaces.pages.effects.state.count_action", too_many)
    asyncio.run(EffectsState.estimate.fn(state))
    assert (state.stage, state.trouble) == ("", t("effects.page.busy", "en"))
