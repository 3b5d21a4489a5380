"""The country that the page on effects opens with can have an estimate, where any can."""

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.effects import query
from dashboard.answers.effects.query import METHODS, ask, outcome_of, outcomes, proposed_country, treatable

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.mark.parametrize("outcome", ["wgi_ge", "wgi_cc"])
def test_it_is_admitted_and_none_admitted_has_more_years_since(outcome: str) -> None:
    from dashboard.analysis.measures.effects.study import foresee_admission

    ctx = open_context()
    assert outcome in {metric.id for metric in outcomes(ctx)}
    plans = {iso3: ask(ctx, METHODS[0], outcome, iso3) for iso3 in treatable(ctx)}
    told = {iso3: foresee_admission(plan.plan, outcome_of(plan)) for iso3, plan in plans.items()}
    admitted = {iso3: years for iso3, (admission, years) in told.items() if not admission.reasons}
    chosen = proposed_country(ctx, outcome)
    assert {iso3 for iso3, (admission, _) in told.items() if admission.reasons}, "some are refused"
    assert admitted[chosen] == max(admitted.values())


def test_without_any_the_first_by_name_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "_proposed", lambda ctx, outcome: "")
    assert proposed_country(open_context(), "wgi_ge") == "AFG"
