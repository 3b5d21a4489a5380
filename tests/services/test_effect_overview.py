"""All estimates at once: what the page says adds up to the results, each outcome under its own answer."""

from collections import Counter

import pytest

from dashboard.services.base.context import open_context
from dashboard.services.effects import estimates
from dashboard.services.effects.overview import view_overview
from dashboard.services.effects.wording import plan_view

pytestmark = pytest.mark.usefixtures("embedded")


def test_every_country_and_outcome_has_its_answer_or_its_reason() -> None:
    ctx = open_context()
    results, told = estimates.list_default_results(ctx), view_overview(ctx)
    counts = Counter(one["verdict"] for one in results.values())
    assert [row["name"] for row in told["rows"]] == sorted(row["name"] for row in told["rows"])
    assert {row["iso3"] for row in told["rows"]} == {iso3 for iso3, _ in results}
    assert "AZE" in {row["iso3"] for row in told["rows"]}, "the country of origin is estimated too"
    for field, word in (
        ("consistent", "consistent_with_effect"), ("undetected", "no_detectable_effect"), ("unclear", "cannot_tell"),
    ):  # fmt: skip
        assert sum(len(row[field]) for row in told["rows"]) == counts[word]  # type: ignore[literal-required]
    for row in told["rows"]:
        answered = len(row["consistent"]) + len(row["undetected"]) + len(row["unclear"])
        assert bool(row["refused"]) == (answered < sum(iso3 == row["iso3"] for iso3, _ in results))
        assert all(one["why"] for one in row["unclear"]), "cannot tell: why"
        for one in row["undetected"]:
            assert f"country={row['iso3']}" in one["to"]
    assert f"Of {len(results)} estimates for {len(told['rows'])} countries: " in told["text"]
    made = len(results) - counts["not_identifiable"]
    assert f"{counts['not_identifiable']} cannot be estimated." in told["text"]
    assert told["text"].endswith(f"of the {made} that could be judged would be expected to stand out."), (
        "many looks at once"
    )


def test_an_earlier_day_has_no_estimates_that_are_kept() -> None:
    assert view_overview(open_context(as_of="2026-11-24")) == {"text": "", "rows": []}


def test_the_plan_says_which_year_is_the_first_after_only_where_it_is_not_that_of_the_event() -> None:
    from dashboard.services.effects.query import ask

    ctx = open_context()
    assert (
        "2013 is the first year counted as after it."
        in plan_view(ask(ctx, "synthetic_control", "wgi_ge", "AZE"))["text"]
    )
    assert "first year counted" not in plan_view(ask(ctx, "synthetic_control", "wgi_ge", "UGA"))["text"]
