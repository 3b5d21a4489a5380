"""The page of adoption effects: the plan is its address; what is no choice changes nothing."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.locales import t
from dashboard.pages.effects.state import YEARS, Chosen, EffectsState, list_parameters, read
from dashboard.services.base.errors import Busy, Invalid, NotReady, NotYours, Unknown
from dashboard.services.effects import jobs
from tests.states import arrival
from tests.states.arrival import at

pytestmark = pytest.mark.usefixtures("embedded")
PAGE = "/en/progress/effects/"


def arrived(query: dict[str, str]) -> EffectsState:
    return arrival.arrived(EffectsState, PAGE, **query)


def test_the_address_holds_the_whole_plan_and_reading_it_gives_it_back() -> None:
    chosen = Chosen(
        country="AFG", outcome="wgi_cc", event="AFG-01", first=2004, last=2020, without=("BGD", "BFA"), own=("BDI",)
    )
    assert read({one["name"]: one["value"] for one in list_parameters(chosen)}) == chosen
    assert list_parameters(Chosen()) == []
    assert read({"by": "magic", "outcome": "x", "country": "XX", "from": "abc", "job": "../x"}) == Chosen()


def test_years_are_those_of_the_scale_and_stand_in_order() -> None:
    """A first or last year at the edge would be dropped unsaid, or a plan end before it begins."""
    first, last = YEARS
    plan = read({"from": str(first), "to": str(last)})
    assert (plan.first, plan.last) == YEARS
    assert read({"from": str(first - 1), "to": str(last + 1)}) == Chosen()
    assert read({"from": "2020", "to": "2010"}) == Chosen(first=2010, last=2020)
    assert (read({"from": "2020"}), read({"to": "2010"})) == (Chosen(first=2020), Chosen(last=2010))
    assert read({"from": "9" * 5_000}) == Chosen()  # more than Python makes a number of
    assert read({"when": "x" * 50}).event == "x" * 40


def test_a_plan_of_an_earlier_day_stays_on_that_day() -> None:
    state = arrived({"country": "AFG", "as_of": "2026-11-26"})
    assert state.phase == "ready"
    assert {one["name"]: one["value"] for one in state.fields} == {"country": "AFG", "as_of": "2026-11-26"}


def test_a_plan_fixed_on_an_earlier_day_is_carried_out_on_the_figures_of_that_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its result would be of other figures than the reader looked at."""
    vintages: list[int] = []

    class Jobs:
        def submit(self, asked: Any, *_: str) -> dict[str, str]:
            vintages.append(asked.ctx.dataset.vintage)
            return {"job": "0123456789abcdef"}

    monkeypatch.setattr(jobs, "jobs", Jobs)
    for day in ("", "2026-11-25"):
        state = at(EffectsState(), PAGE, {"country": "AFG"} | ({"as_of": day} if day else {}))
        asyncio.run(EffectsState.fix.fn(state))
        assert state.led_to.startswith(f"{PAGE}?country=AFG&job=0123456789abcdef")
    assert vintages == [2, 1]


def test_a_job_is_shown_with_its_result_and_one_that_is_cancelled_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A result that is there would not be shown, or a plan that was given up stand as if it were carried out."""
    job = {"job": "0123456789abcdef-01234567", "plan": arrived({"country": "AFG"}).plan["name"], "state": "done"}
    asked = {"country": "AFG", "job": job["job"]}

    class Jobs:
        def status(self, name: str) -> dict[str, Any]:
            return job | {"done": 3, "of": 4}

        def cancel(self, name: str, owner: str) -> dict[str, Any]:
            return self.status(name) | {"state": "cancelled"}

    monkeypatch.setattr(jobs, "jobs", Jobs)
    monkeypatch.setattr("dashboard.pages.effects.state.result_view", lambda ctx, name: {"verdict": name})
    state = arrived(asked)
    assert (state.stage, state.job, state.done, state.of) == ("done", job["job"], 3, 4)
    assert state.result == {"verdict": job["job"]}
    other = arrived(asked | {"own": "BDI"})
    assert (other.stage, other.job, other.result) == ("", "", {}), "the job is of another plan"
    assert asyncio.run(EffectsState.cancel.fn(state)) is EffectsState.load
    assert (state.stage, state.trouble) == ("cancelled", t("effects.page.cancelled", "en"))


def test_a_plan_is_proposed_and_every_choice_is_written_to_the_address() -> None:
    state = arrived({"country": "AFG"})
    assert state.phase == "ready"
    assert (state.plan["country"], state.plan["event"], state.stage) == ("AFG", "AFG-02", "")
    assert len(state.plan["donors"]) == 40
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
    asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address brings it along: the reader met an error without controls."""
    plain = arrived({"country": "AFG"})
    state = arrived({"country": "AFG"} | asked)
    assert (state.phase, state.plan, state.fields) == ("ready", plain.plan, plain.fields)
    assert plain.ignored == ""
    assert all(f"{name}={year}" in state.ignored for name, year in asked.items())
    years = plain.plan["years"]
    assert f"{years[0]}–{years[-1]}" in state.ignored
    mixed = arrived({"country": "AFG,XXX", "as_of": "soon"} | asked)
    assert "as_of=soon" in mixed.ignored
    assert state.ignored in mixed.ignored
    monkeypatch.setattr(jobs, "jobs", lambda: SimpleNamespace(submit=lambda *_: {"job": "0" * 16}))
    fixed = at(EffectsState(), PAGE, {"country": "AFG"} | asked)
    asyncio.run(EffectsState.fix.fn(fixed))
    assert (fixed.trouble, fixed.led_to) == ("", f"{PAGE}?country=AFG&job={'0' * 16}")


def test_an_outcome_without_figures_is_empty_and_can_be_changed() -> None:
    for asked in ({}, {"from": "2020"}):
        state = arrived({"outcome": "bribe_service_point"} | asked)
        assert (state.phase, state.plan["empty"], state.ignored) == ("ready", True, "")
        assert [one["id"] for one in state.plan["outcomes"] if one["chosen"]] == ["bribe_service_point"]
    assert not arrived({"country": "AFG"}).plan["empty"]


def test_an_event_of_another_country_is_said_in_words() -> None:
    state = arrived({"country": "AFG", "when": "UGA-03"})
    assert state.phase == "trouble"
    assert "AFG-02" in state.help


class Following:
    """A job that is looked at: what it says each time, the last for ever."""

    def __init__(self, *states: str) -> None:
        self.states = list(states)

    def status(self, name: str) -> dict[str, Any]:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if state == "unknown":
            raise Unknown("job", name)
        return {"job": name, "plan": "p", "state": state, "done": 1, "of": 4}


@pytest.mark.parametrize(
    ("states", "stage", "trouble", "result"),
    [
        (("waiting", "running", "done"), "done", "", {"verdict": "0" * 16}),
        (("failed",), "failed", "effects.page.failed", {"verdict": "0" * 16}),
        (("interrupted",), "interrupted", "effects.page.failed", {"verdict": "0" * 16}),
        (("running", "cancelled"), "cancelled", "effects.page.cancelled", {"verdict": "0" * 16}),
        (("running", "unknown"), "", "", {}),
    ],
)
def test_a_job_is_followed_until_it_is_over(
    monkeypatch: pytest.MonkeyPatch, states: tuple[str, ...], stage: str, trouble: str, result: dict[str, str]
) -> None:
    """The page would ask for ever, or stop before there is a result."""
    monkeypatch.setattr("dashboard.pages.effects.state.PAUSE", 0)
    monkeypatch.setattr("dashboard.pages.effects.state.result_view", lambda ctx, name: {"verdict": name})
    following = Following(*states)
    monkeypatch.setattr(jobs, "jobs", lambda: following)
    state = at(EffectsState(), PAGE, {})
    state.job = "0" * 16
    asyncio.run(asyncio.wait_for(EffectsState.watch.fn(state), 20))
    assert len(following.states) == 1, "every look but the last was needed"
    assert (state.stage, state.result) == (stage, result)
    assert state.trouble == (t(trouble, "en") if trouble else "")
    assert bool(state.progress_text) == bool(stage)


def test_a_job_is_followed_once_however_often_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each visit of the page began another watcher, and all of them asked until the end."""
    looks: list[str] = []

    def status(name: str) -> dict[str, Any]:
        looks.append(name)
        return {"job": name, "plan": "p", "state": "running" if len(looks) < 12 else "done", "done": 1, "of": 4}

    monkeypatch.setattr("dashboard.pages.effects.state.PAUSE", 0.01)
    monkeypatch.setattr("dashboard.pages.effects.state.result_view", lambda ctx, name: {"verdict": name})
    monkeypatch.setattr(jobs, "jobs", lambda: SimpleNamespace(status=status))
    state = at(EffectsState(), PAGE, {})
    state.job = "0" * 16

    async def followed() -> None:
        await asyncio.gather(*(EffectsState.watch.fn(state) for _ in range(6)))

    asyncio.run(asyncio.wait_for(followed(), 20))
    assert len(looks) == 12, "all but one stopped at their first look"
    assert (state.stage, state.result) == ("done", {"verdict": "0" * 16})


@pytest.mark.parametrize("fails", ["status", "result_view"])
def test_a_job_that_cannot_be_shown_is_not_said_to_run(monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    """The page would say for ever that it is being carried out."""

    def failing(*_: object) -> None:
        raise OSError("no place left")

    following = Following("running", "done") if fails == "result_view" else SimpleNamespace(status=failing)
    monkeypatch.setattr("dashboard.pages.effects.state.PAUSE", 0)
    monkeypatch.setattr("dashboard.pages.effects.state.result_view", failing)
    monkeypatch.setattr(jobs, "jobs", lambda: following)
    state = at(EffectsState(), PAGE, {})
    state.job, state.stage = "0" * 16, "running"
    asyncio.run(asyncio.wait_for(EffectsState.watch.fn(state), 20))
    assert (state.stage, state.job, state.result) == ("", "", {})
    assert state.trouble == t("effects.page.not_shown", "en")


def test_a_page_follows_a_job_that_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = arrived({"country": "AFG"}).plan["name"]
    monkeypatch.setattr("dashboard.pages.effects.state.result_view", lambda ctx, name: None)
    for stage, follows in (("waiting", True), ("running", True), ("done", False), ("failed", False)):
        job = {"job": "0123456789abcdef-01234567", "plan": plan, "state": stage, "done": 0, "of": 0}
        monkeypatch.setattr(jobs, "jobs", lambda job=job: SimpleNamespace(status=lambda name: job))
        state = at(EffectsState(), PAGE, {"country": "AFG", "job": str(job["job"])})
        assert (asyncio.run(EffectsState.load.fn(state)) is EffectsState.watch) == follows
        assert (state.stage, state.progress_text) == (stage, "")


def test_what_cannot_be_done_now_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(error: Exception) -> Any:
        def raising(*_: object) -> None:
            raise error

        return lambda: SimpleNamespace(submit=raising, cancel=raising)

    async def too_many(*_: object) -> bool:
        return False

    state = at(EffectsState(), PAGE, {"country": "AFG"})
    assert asyncio.run(EffectsState.cancel.fn(state)) is None, "there is no job"
    monkeypatch.setattr(jobs, "jobs", refuse(Busy("x")))
    asyncio.run(EffectsState.fix.fn(state))
    assert (state.trouble, state.led_to) == (t("effects.page.busy", "en"), "")
    for error, words in (
        (Unknown("event", "x"), "effects.page.changed"), (Invalid("own", "x"), "effects.page.changed"),
        (NotReady("x"), "ui.errors.unavailable"),
    ):  # fmt: skip
        monkeypatch.setattr(jobs, "jobs", refuse(error))
        asyncio.run(EffectsState.fix.fn(state))
        assert (state.trouble, state.led_to) == (t(words, "en"), "")
    state.job, state.stage, state.trouble = "0" * 16, "running", ""
    monkeypatch.setattr(jobs, "jobs", refuse(NotYours("x")))
    assert asyncio.run(EffectsState.cancel.fn(state)) is None
    assert (state.trouble, state.stage) == (t("effects.page.not_yours", "en"), "running")
    monkeypatch.setattr(jobs, "jobs", refuse(Unknown("job", "x")))
    assert asyncio.run(EffectsState.cancel.fn(state)) is EffectsState.load
    assert (state.job, state.stage, state.done, state.of) == ("", "", 0, 0)
    state.trouble = ""
    monkeypatch.setattr("dashboard.pages.effects.state.allowed", too_many)
    asyncio.run(EffectsState.fix.fn(state))
    assert (state.trouble, state.led_to) == (t("effects.page.busy", "en"), "")
