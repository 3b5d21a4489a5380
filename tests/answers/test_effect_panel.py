"""Which estimates of an effect are possible, and all of them at once: counted beside chance, with what was refused."""

from collections import defaultdict
from typing import Any

import pytest

from dashboard.analysis.measures.effects.study import foresee_admission
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.effects import estimates, overview, query
from dashboard.answers.effects.overview import judge_family, view_overview
from dashboard.answers.effects.panel import OUTSIDE, draw_panel, name_source_estimated, write_address
from dashboard.answers.effects.query import (
    METHODS,
    ask_plan,
    build_outcome,
    list_outcomes,
    list_quantities,
    list_treatable,
    load_figures,
    propose_country,
)
from dashboard.answers.effects.wording import view_plan
from dashboard.locales import LANGUAGES
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


def rows_of(query):
    found = defaultdict(list)
    for row in draw_panel(query, "light").rows:
        found[row["country"]].append(row)
    return dict(found)


def test_each_country_is_judged_as_its_own_plan_would_be(ctx):
    query = ask_plan(ctx, METHODS[0], "wgi_ge", "AFG")
    found = rows_of(query)
    assert set(found) == set(list_treatable(ctx))
    for iso3, rows in found.items():
        plan = ask_plan(ctx, METHODS[0], "wgi_ge", iso3)
        reasons = foresee_admission(plan.plan, build_outcome(plan))[0].reasons
        assert rows[0]["reasons"] == " ".join(reasons), iso3
        assert all_of(row["admitted"] == (not reasons) for row in rows)
        held = {row["year"] for row in rows if row["period"] != "none"}
        values = load_figures(ctx, query.metric).values.get(iso3, {})
        assert held == {year for year in values if plan.plan.first <= year <= plan.plan.last}
        first = plan.plan.treated[0].year
        if first:
            assert {row["year"] for row in rows if row["period"] == "since"} == {y for y in held if y >= first}
    order = [rows[0]["admitted"] for rows in found.values()]
    assert order == sorted(order, reverse=True), "those that can be studied come first"


def test_the_country_asked_for_stands_with_its_own_event_window_and_donors(ctx):
    plain = rows_of(ask_plan(ctx, METHODS[0], "wgi_ge", "AFG"))["AFG"]
    all_near = ask_plan(ctx, METHODS[0], "wgi_ge", "AFG").plan
    fewer = ask_plan(ctx, METHODS[0], "wgi_ge", "AFG", without=(*all_near.donors, *all_near.tied)[9:])
    assert plain[0]["admitted"]
    assert rows_of(fewer)["AFG"][0]["reasons"] == "too_few_donors"
    cut = ask_plan(ctx, METHODS[0], "wgi_ge", "AFG", first=2012, last=2022)
    assert [row["year"] for row in rows_of(cut)["AFG"]] == list(range(2012, 2023))
    assert "too_few_pre_points" in rows_of(cut)["AFG"][0]["reasons"]


def test_a_tile_leads_to_the_plan_of_its_country_with_the_years_that_were_chosen():
    def leads(**years):
        tiles = draw_panel(ask_plan(open_context("fr"), METHODS[0], "wgi_cc", "AFG", **years), "light").spec[
            "datasets"
        ]["tiles"]
        return {tile["country"]: tile["to"] for tile in tiles}

    assert leads()["UZB"] == "/fr/progress/effects/?country=UZB&indicator=wgi_cc"
    assert leads(first=2005, last=2022)["UZB"].endswith("country=UZB&indicator=wgi_cc&from=2005&to=2022")
    together = draw_panel(ask_plan(open_context(), METHODS[1], "wgi_cc"), "light").spec["datasets"]["tiles"]
    assert {tile["to"] for tile in together} == {""}


def test_adopters_together_are_in_or_out_of_the_window():
    query = ask_plan(open_context(), METHODS[1], "wgi_ge")
    found = rows_of(query)
    assert set(found) == {one.country for one in query.plan.treated}
    for one in query.plan.treated:
        inside = query.plan.first < one.year <= query.plan.last
        whole = all(row["period"] != "none" for row in found[one.country])
        assert found[one.country][0]["reasons"] == ("" if inside and whole else OUTSIDE)
    count = sum(rows[0]["admitted"] for rows in found.values())
    chart = draw_panel(query, "light")
    assert chart.sentence.startswith(f"{count} of {len(found)} adopters")
    assert chart.subtitle.endswith("Filled circle: takes part in the estimate")
    assert draw_panel(ask_plan(open_context(), METHODS[0], "wgi_ge", "AFG"), "light").subtitle.endswith(
        "an estimate can be tried"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentence_counts_and_names_the_most_common_reason(lang):
    query = ask_plan(open_context(lang), METHODS[0], "wgi_ge", "AFG")
    rows = [rows[0] for rows in rows_of(query).values()]
    sentence = draw_panel(query, "light").sentence
    assert str(sum(row["admitted"] for row in rows)) in sentence
    assert str(len(rows)) in sentence
    if lang == "en":
        assert "not dated in the register" in sentence


def test_its_address_asks_the_same_plan_again():
    ctx = open_context("fr")
    asked = write_address(ask_plan(ctx, METHODS[0], "wgi_cc", "AFG", first=2000), ["GEO", "ARM"])
    assert asked.startswith(
        "/api/v1/effects/panel.json?method=synthetic_control&indicator=wgi_cc&country=AFG&from=2000"
    )
    assert "from=2000" in asked
    assert "without=GEO,ARM" in asked
    assert "lang=fr" in asked
    together = write_address(ask_plan(ctx, METHODS[1], "wgi_cc"))
    assert "country=" not in together
    assert "event=" not in asked + together


def test_the_source_of_a_plan_names_the_one_edition_that_it_is_estimated_from(ctx):
    for metric in ("wgi_ge", "wgi_cc"):
        query = ask_plan(ctx, METHODS[0], metric, "AZE")
        edition = load_figures(ctx, query.metric).edition
        other = {"WGI 2025 edition", "WGI 2026 edition"} - {edition}
        assert edition in name_source_estimated(query)
        assert not any(name in name_source_estimated(query) for name in other)
        assert view_plan(query)["source"] == name_source_estimated(query)


def result(*ps: float | None, verdict: str = "no_detectable_effect") -> Any:
    """A result with these p over its draws; none at all: one that was refused."""
    return {
        "p": ps[0] if ps else None, "verdict": verdict if ps else "not_identifiable", "estimate": -0.5, "doubts": [],
        "reasons": [] if ps else ["no_treatment_date"], "draws": [{"p": p} for p in ps],
    }  # fmt: skip


def keep_by_hand(ps: list[float], q: float = 0.10) -> int:
    """How many Benjamini and Hochberg keep, from their definition: the largest k with k p-values at most q·k/m."""
    return max((k for k in range(1, len(ps) + 1) if sum(p <= q * k / len(ps) for p in ps) >= k), default=0)


@pytest.mark.parametrize(
    ("largest", "standing"),
    [([0.02, 0.3, 0.5, 0.9], 1), ([0.025, 0.05, 0.1, 0.2], 3), ([0.1, 0.1, 0.1, 0.1], 4), ([0.026, 0.9, 0.9, 0.9], 1),
     ([0.101], 0), ([0.1], 1)],
)  # fmt: skip
def test_estimates_are_counted_beside_chance_by_the_largest_p_of_their_draws(
    largest: list[float], standing: int
) -> None:
    results = {("A", f"o{at}"): result(0.01, p, 0.01) for at, p in enumerate(largest)}
    family = judge_family(results | {("B", "refused"): result()})
    assert set(family.results) == set(results)
    assert len(family.standing) == standing
    assert family.expected == pytest.approx(0.1 * len(largest))
    assert len(family.surviving) == keep_by_hand(largest)


def test_a_draw_that_cannot_be_judged_stands_out_in_none() -> None:
    family = judge_family({("A", "x"): result(0.01, None, 0.01)})
    assert (family.standing, family.surviving) == (frozenset(), frozenset())


def test_only_what_survives_among_all_is_told_as_consistent() -> None:
    alone = {("A", "x"): result(0.05, verdict="consistent_with_effect")}
    assert set(judge_family(alone).consistent) == set(alone)
    assert judge_family(alone | {("B", f"o{at}"): result(0.5) for at in range(9)}).consistent == {}


def test_every_country_and_outcome_has_its_estimate_or_its_reason(ctx: Context) -> None:
    results, told = estimates.list_default_results(ctx), view_overview(ctx)
    made = {key for key, one in results.items() if one["p"] is not None}
    assert made == {("AFG", "wgi_ge"), ("AZE", "wgi_cc"), ("AZE", "wgi_ge")}
    assert len(told["rows"]) == len(made)
    assert results["AFG", "wgi_cc"]["reasons"] == ["poor_pre_fit"], "no mix of 62 countries went as Afghanistan's did"
    assert {row["to"] for row in told["rows"]} == {
        f"/en/progress/effects/?indicator={outcome}&country={iso3}" for iso3, outcome in made
    }
    for row in told["rows"]:
        assert "of 20 draws" in row["p"]
        assert row["difference"][0] in "+−"
    assert "Azerbaijan" in {row["country"] for row in told["rows"]}, "the country of origin is estimated too"
    assert f"Of {len(results)} country–outcome pairs" in told["text"]
    assert "0 of 3 estimates stand out in every draw; chance alone would give about 0.3" in told["text"]


def test_what_was_refused_is_listed_by_reason_and_nothing_is_missing(ctx: Context) -> None:
    refused = view_overview(ctx)["refused"]
    undated = next(row for row in refused if "memorandum" in row["reason"])
    for country in ("Indonesia", "Uzbekistan", "Montenegro", "Morocco"):
        assert country in undated["countries"]
    untied = next(row for row in refused if "No theory" in row["reason"])
    assert "GDP per capita" in untied["outcomes"]
    assert "Secondary enrolment" in untied["outcomes"]
    listed = " ".join(row["outcomes"] for row in refused)
    left_out = {metric.id for metric in list_quantities(ctx)} - {metric.id for metric in list_outcomes(ctx)}
    assert left_out
    for name in left_out:
        assert overview.name_metric(ctx, name) in listed


def test_an_earlier_day_has_no_estimates_that_are_kept() -> None:
    assert view_overview(open_context(as_of="2026-11-24")) == {"text": "", "rows": [], "refused": []}


def test_the_plan_says_which_year_is_the_first_after_only_where_it_is_not_that_of_the_event(ctx: Context) -> None:
    assert (
        "2013 is the first year counted as after it."
        in view_plan(ask_plan(ctx, "synthetic_control", "wgi_ge", "AZE"))["text"]
    )
    assert "first year counted" not in view_plan(ask_plan(ctx, "synthetic_control", "wgi_ge", "UGA"))["text"]


@pytest.mark.parametrize("outcome", ["wgi_ge", "wgi_cc"])
def test_it_is_admitted_and_none_admitted_has_more_years_since(outcome: str) -> None:
    from dashboard.analysis.measures.effects.study import foresee_admission

    ctx = open_context()
    assert outcome in {metric.id for metric in list_outcomes(ctx)}
    plans = {iso3: ask_plan(ctx, METHODS[0], outcome, iso3) for iso3 in list_treatable(ctx)}
    told = {iso3: foresee_admission(plan.plan, build_outcome(plan)) for iso3, plan in plans.items()}
    admitted = {iso3: years for iso3, (admission, years) in told.items() if not admission.reasons}
    chosen = propose_country(ctx, outcome)
    assert {iso3 for iso3, (admission, _) in told.items() if admission.reasons}, "some are refused"
    assert admitted[chosen] == max(admitted.values())


def test_without_any_the_first_by_name_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "_propose_admitted", lambda ctx, outcome: "")
    assert propose_country(open_context(), "wgi_ge") == "AFG"
