"""All estimates at once: each with its draws, the number of chance beside the number found, and what was refused."""

from typing import Any

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.effects import estimates, overview
from dashboard.answers.effects.overview import judge_family, view_overview
from dashboard.answers.effects.query import ask, outcomes, quantities
from dashboard.answers.effects.wording import plan_view

pytestmark = pytest.mark.usefixtures("embedded")


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
    left_out = {metric.id for metric in quantities(ctx)} - {metric.id for metric in outcomes(ctx)}
    assert left_out
    for name in left_out:
        assert overview.name_metric(ctx, name) in listed


def test_an_earlier_day_has_no_estimates_that_are_kept() -> None:
    assert view_overview(open_context(as_of="2026-11-24")) == {"text": "", "rows": [], "refused": []}


def test_the_plan_says_which_year_is_the_first_after_only_where_it_is_not_that_of_the_event(ctx: Context) -> None:
    assert (
        "2013 is the first year counted as after it."
        in plan_view(ask(ctx, "synthetic_control", "wgi_ge", "AZE"))["text"]
    )
    assert "first year counted" not in plan_view(ask(ctx, "synthetic_control", "wgi_ge", "UGA"))["text"]
