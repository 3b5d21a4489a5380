"""Results of plans: kept, made once however many ask, refused where too much is asked for."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Busy, Invalid, NotReady
from dashboard.answers.effects import charts, estimates, query, wording
from dashboard.answers.effects.query import ask_plan, build_outcome, list_outcomes, load_figures
from dashboard.runtime.sandbox.pools import TooCostly
from tests.checks import all_of
from tests.given import raising

pytestmark = pytest.mark.usefixtures("embedded")


class Asked:
    """A sandbox that notes what it is asked and gives a result at once, or when it is let."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let = threading.Event()
        self.let.set()

    def call(self, function: str, job: Any, limits: object) -> Any:
        plan, outcome = job
        self.asked.append(estimates.name_result(plan, outcome))
        assert self.let.wait(30)
        return {"verdict": "cannot_tell", "path": [1], "reasons": [], "plan": self.asked[-1]}

    def close(self) -> None:
        self.let.set()


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """Nothing is there yet."""
    one = Asked()
    monkeypatch.setattr(estimates, "SANDBOX", one)
    monkeypatch.setattr(estimates, "LINE", estimates.EstimateLine())
    monkeypatch.setattr(estimates, "settings", lambda: SimpleNamespace(effects_dir=tmp_path / "effects"))
    yield one
    one.close()


def plan(country="AFG", outcome="wgi_ge", **choices):
    return ask_plan(open_context(), "synthetic_control", outcome, country, **choices)


def name_of(asked) -> str:
    return estimates.name_result(asked.plan, build_outcome(asked))


def test_every_country_and_outcome_has_the_result_of_its_own_plan_and_each_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ctx, made = open_context(), []
    monkeypatch.setattr(estimates, "settings", lambda: SimpleNamespace(effects_dir=tmp_path / "fresh"))
    monkeypatch.setattr(estimates, "estimate", lambda job: made.append(job) or {"verdict": "cannot_tell"})
    held = ctx.dataset
    other = SimpleNamespace(
        version="other", vintage=1, created_at=held.created_at, rows=held.rows, indicators=held.indicators
    )
    found = estimates.list_default_results(replace(ctx, dataset=other))
    assert set(found) == {(iso3, metric.id) for metric in list_outcomes(ctx) for iso3 in query.list_treatable(ctx)}
    estimated = {key for key, one in found.items() if one["verdict"] != "not_identifiable"}
    assert estimated == {("AFG", "wgi_cc"), ("AFG", "wgi_ge"), ("AZE", "wgi_cc"), ("AZE", "wgi_ge")}
    assert {(one.treated[0].country, one.outcome) for one, _ in made} == estimated
    assert len(made) == len(estimated)
    assert estimates.list_default_results(open_context(as_of="2026-11-24")) == {}


@pytest.mark.parametrize(("country", "reason"), [("UGA", "no_treatment_date"), ("ETH", "too_few_post_points")])
def test_a_refusal_needs_no_estimate(sandbox: Asked, country: str, reason: str):
    result = estimates.answer_plan(plan(country))
    assert (result["verdict"], result["estimate"]) == ("not_identifiable", None)
    assert result["reasons"] == [reason]
    assert sandbox.asked == []


def test_a_result_is_made_once_and_kept(sandbox: Asked):
    asked = plan(first=2003)
    assert estimates.find_result(asked) is None
    first = estimates.answer_plan(asked)
    assert estimates.find_result(asked) == estimates.answer_plan(plan(first=2003)) == first
    assert sandbox.asked == [name_of(asked)]


def test_a_result_is_named_by_its_plan_and_its_figures(sandbox: Asked):
    """Another plan or other figures are another question; another dataset with the same figures is not."""
    names = {name_of(one) for one in (plan(), plan(first=2003), plan(own=("BGD",)), plan(without=("BGD",)))}
    assert len(names) == 4
    then = ask_plan(open_context(as_of="2026-11-24"), "synthetic_control", "wgi_ge", "AFG", last=2022)
    now = plan(last=2022)
    assert then.plan == now.plan
    assert (name_of(then) == name_of(now)) == (build_outcome(then) == build_outcome(now))


def test_whoever_asks_the_same_meanwhile_waits_for_it(sandbox: Asked):
    sandbox.let.clear()
    with ThreadPoolExecutor(6) as threads:
        answers = [threads.submit(estimates.answer_plan, plan(first=2004)) for _ in range(6)]
        sandbox.let.set()
        results = [one.result(30) for one in answers]
    assert all_of(one == results[0] for one in results)
    assert len(sandbox.asked) == 1


def test_one_address_has_half_of_what_is_under_way_and_all_together_eight(sandbox: Asked):
    sandbox.let.clear()
    with ThreadPoolExecutor(9) as threads:

        def begin(year: int, address: str) -> None:
            before = len(sandbox.asked)
            threads.submit(estimates.answer_plan, plan(first=year), address)
            while len(sandbox.asked) == before:
                pass

        for year in range(2002, 2006):
            begin(year, "192.0.2.1")
        with pytest.raises(Busy, match="Your address"):
            estimates.answer_plan(plan(first=2006), "192.0.2.1")
        for year in range(2006, 2010):
            begin(year, "" if year % 2 else "192.0.2.2")
        with pytest.raises(Busy, match="Too many"):
            estimates.answer_plan(plan(first=2010), "192.0.2.3")
        sandbox.let.set()
    assert len(sandbox.asked) == 8


def test_thirty_are_begun_in_a_minute(sandbox: Asked, monkeypatch: pytest.MonkeyPatch):
    clock = [1000.0]
    monkeypatch.setattr(estimates, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    donors = plan().plan.tied
    asked = [plan(without=donors[place : place + 1]) for place in range(31)]
    for one in asked[:30]:
        estimates.answer_plan(one)
    clock[0] = 1060.0
    with pytest.raises(Busy):
        estimates.answer_plan(asked[30])
    clock[0] = 1060.1
    assert estimates.answer_plan(asked[30])["verdict"] == "cannot_tell"


def test_what_the_sandbox_cannot_make_is_said_and_asked_again(sandbox: Asked, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patched:
        patched.setattr(sandbox, "call", raising(TooCostly("x")))
        with pytest.raises(NotReady, match="Try again later"):
            estimates.answer_plan(plan(first=2005))
    assert estimates.answer_plan(plan(first=2005))["verdict"] == "cannot_tell"


def test_the_oldest_results_make_room(sandbox: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(estimates, "MAX_RESULT_FILES", 2)
    for age, year in enumerate((2002, 2003, 2004)):
        estimates.answer_plan(plan(first=year))
        os.utime(tmp_path / "effects" / f"{name_of(plan(first=year))}.json", (1e9 + age, 1e9 + age))
    assert estimates.find_result(plan(first=2002)) is None
    assert estimates.find_result(plan(first=2004)) is not None


def test_with_todays_register_group_time_effects_say_why_they_cannot_be_told():
    result = estimates.answer_plan(ask_plan(open_context(), "callaway_santanna", "wgi_ge"))
    assert (result["verdict"], result["reasons"]) == ("not_identifiable", ["too_few_treated"])


@pytest.mark.parametrize("lang", ["en", "ar", "fr", "az"])
def test_plan_and_result_in_words(lang: str):
    asked = ask_plan(open_context(lang), "synthetic_control", "wgi_ge", "AFG")
    view = wording.view_plan(
        ask_plan(open_context(lang), "synthetic_control", "wgi_ge", "AFG", own=("BGD",)), own=("BGD",)
    )
    assert "2002" in view["text"]
    assert [one["iso3"] for one in view["donors"] if one["own"]] == ["BGD"]
    kept = estimates.list_default_results(open_context(lang))["AFG", "wgi_ge"]
    result = wording.view_result(asked, kept)
    assert result["definition"]
    assert [chart["url"].split("?")[0].rsplit("/", 1)[-1] for chart in result["charts"]] == [
        "synthetic.json", "gap.json",
    ]  # fmt: skip
    assert abs(sum(kept["weights"].values()) - 1) < 1e-8
    for shown in (result["lead"], *(fact["text"] for fact in result["facts"])):
        assert "{" not in shown


def test_pictures_name_the_edition_and_the_day_of_the_figures_of_their_plan():
    then = ask_plan(open_context(as_of="2026-11-24"), "synthetic_control", "wgi_rq", "AFG", last=2022)
    result = {"path": [{"year": 2018, "actual": 1.0, "synthetic": 0.5}], "verdict": "cannot_tell"}
    options = charts.build_chart(then, result, "synthetic", "light").options
    assert "2024 edition" in options.source_line
    assert "2025" not in options.source_line
    assert options.as_of == "As of 24 November 2026 · dataset 1-2026-11-24 · ASAN SDG Monitor"


def test_outcomes_are_independent_yearly_quantities():
    found = list_outcomes(open_context())
    assert "wgi_ge" in {metric.id for metric in found}
    assert not {metric.id for metric in found} & {"egdi", "census_10y", "csat_exit_poll", "sat_overall_gov"}
    assert all_of(not {"national", "computed"} & set(metric.source_type) for metric in found)


def test_donors_are_countries_without_a_record_and_with_every_year(ctx):
    asked = plan()
    figures = load_figures(ctx, asked.metric)
    years = [year for year in range(asked.plan.first, asked.plan.last + 1) if year in figures.values["AFG"]]
    for code in (*asked.plan.donors, *asked.plan.tied):
        assert ctx.book.countries[code].m49_area
        assert query.find_adoption(ctx, code).status == "no_record"
        assert set(years) <= set(figures.values[code])
    assert len(asked.plan.donors) + asked.plan.drawn == query.MAX_DONORS < len(asked.plan.donors) + len(asked.plan.tied)
    assert not {"AFG", "AZE", "UGA", "UZB"} & {*asked.plan.donors, *asked.plan.tied}
    fewer = plan(without=asked.plan.donors[:1], own=asked.plan.donors[1:2])
    assert set(asked.plan.donors) - set(fewer.plan.donors) == set(asked.plan.donors[:1])
    assert (fewer.plan.other_models, fewer.plan.drawn) == (asked.plan.donors[1:2], asked.plan.drawn + 1)


@pytest.mark.parametrize(
    ("choices", "words_"),
    [
        ({"first": 2030}, "cannot begin"),
        ({"own": ("UGA",)}, "no proposed donor"),
    ],
)
def test_choices_that_are_none(choices, words_):
    with pytest.raises(Invalid, match=words_):
        plan(**choices)
