"""SDG 16.6.2 is a mean of five shares with the covariance of its answers; what silence may hide is said in bounds."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.measures.breakdown import GapGroup, estimate_gap
from dashboard.analysis.measures.surveys import satisfaction
from dashboard.analysis.measures.surveys.linearised import estimate_shares
from dashboard.analysis.measures.surveys.survey import Design, Estimate
from tests.reference import Vector, agree, reproduces


def positive(column: str) -> pl.Expr:
    valid = pl.col(column).is_in(satisfaction.VALID)
    return pl.when(valid).then(pl.col(column).is_in(satisfaction.POSITIVE))


@reproduces("satisfaction", "sdg_16_6_2_unequal_item_nonresponse")
def test_unequal_answers_are_not_pooled(vector: Vector) -> None:
    """Each attribute counts alike, however many answered it: never one share over all answers."""
    most = max(vector["inputs"]["valid"])
    answers = {
        f"a{at}": [1] * yes + [0] * (valid - yes) + [None] * (most - valid)
        for at, (yes, valid) in enumerate(zip(vector["inputs"]["positives"], vector["inputs"]["valid"], strict=True))
    }
    rows = pl.LazyFrame(answers | {"w": [1.0] * most})
    figures = {name: [name] for name in answers} | {"average": list(answers)}
    found = estimate_shares(rows, {name: pl.col(name) == 1 for name in answers}, figures, Design("w"))[None]
    percent = {name: 100 * made.value for name, made in found.items() if made}
    agree(vector, {
        "shares_percent": [percent[name] for name in answers], "average_percent": percent["average"],
    })  # fmt: skip


@reproduces("satisfaction", "sdg_16_6_2_from_microdata_with_design")
def test_microdata_with_the_covariance_of_the_five_answers(vector: Vector) -> None:
    inputs, expected = vector["inputs"], vector["expected"]
    rows = pl.DataFrame(inputs["rows"], schema=inputs["columns"], orient="row")
    attributes = [f"a{number}" for number in range(1, 6)]
    figures = {name: [name] for name in (*attributes, "overall")} | {"average": attributes}
    parts = {name: positive(name) for name in (*attributes, "overall")}
    found = estimate_shares(rows.lazy(), parts, figures, Design(weight="w", stratum="stratum", psu="psu"))[None]
    made: dict[str, Estimate] = {name: it for name, it in found.items() if it}
    agree(
        vector,
        {
            "valid": [made[name].n for name in (*attributes, "overall")],
            "shares": [made[name].value for name in attributes],
            "shares_se": [made[name].std_error for name in attributes],
            "average": made["average"].value,
            "average_se_with_covariance": made["average"].std_error,
            "average_logit_95": made["average"].estimate_interval("logit", inputs["level"]),
            "overall": made["overall"].value,
            "overall_se": made["overall"].std_error,
            "df": made["average"].df,
            "overall_ci_95": {name: made["overall"].estimate_interval(name) for name in expected["overall_ci_95"]},
        },
        beside=("positive_unweighted", "excluded", "overall_deff"),  # what a table of the answers counts
    )


@reproduces("satisfaction", "worst_and_best_case_bounds")
def test_bounds_of_nonresponse(vector: Vector) -> None:
    found = satisfaction.bound_nonresponse(**vector["inputs"])
    agree(vector, {
        "share_of_responders": found.of_responders, "response_rate": found.response_rate,
        "lower_bound": found.lower, "upper_bound": found.upper,
    })  # fmt: skip


@reproduces("satisfaction", "equity_gap_two_independent_groups")
def test_equity_gap(vector: Vector) -> None:
    pairs = zip(vector["inputs"]["p"], vector["inputs"]["se"], strict=True)
    found = estimate_gap({f"group {at}": GapGroup(p, se) for at, (p, se) in enumerate(pairs)})
    agree(vector, {
        "gap_points": found.points, "se_points": found.std_error, "ci_95": [found.lower, found.upper],
    })  # fmt: skip


def test_no_gap_is_made_of_hidden_or_unreliable_groups():
    groups = {"women": GapGroup(0.5, 0.01), "men": GapGroup(0.6, 0.01), "few": GapGroup(0.0, 0.2, usable=False)}
    found = estimate_gap(groups)
    assert (found.best, found.worst, found.points) == ("men", "women", pytest.approx(10))
    assert estimate_gap(groups | {"men": GapGroup(0.6, 0.01, usable=False)}) is None


def test_each_area_has_five_attributes():
    assert {len(attributes) for attributes in satisfaction.AREAS.values()} == {5}


@given(st.lists(st.integers(0, 300), min_size=3, max_size=3).map(sorted))
def test_silence_can_only_widen_what_is_known(counts):
    satisfied, responded, invited = counts
    found = satisfaction.bound_nonresponse(invited, responded, satisfied)
    if found is not None:
        assert found.lower <= found.of_responders + 1e-12
        assert found.of_responders <= found.upper + 1e-12
        assert found.upper - found.lower == pytest.approx(1 - found.response_rate)


def test_bounds_by_hand():
    assert satisfaction.bound_nonresponse(100, 40, 10) == satisfaction.NonresponseBounds(0.25, 0.4, 0.1, 0.7)
    assert satisfaction.bound_nonresponse(40, 40, 40) == satisfaction.NonresponseBounds(1, 1, 1, 1)
    assert satisfaction.bound_nonresponse(100, 0, 0) is None


@pytest.mark.parametrize("impossible", [(10, 20, 5), (10, 5, 6), (10, 5, -1), (5, 6, 2)])
def test_counts_that_do_not_fit_are_refused(impossible):
    with pytest.raises(ValueError, match="does not hold"):
        satisfaction.bound_nonresponse(*impossible)


@pytest.mark.parametrize(
    ("shares", "gap"),
    [({"a": 0.5, "b": 0.5}, ("a", "b", 0)), ({"a": 0.2, "b": 0.7, "c": 0.4}, ("b", "a", 50)), ({"a": 0.2}, None)],
)  # fmt: skip
def test_the_gap_is_between_the_best_and_the_worst_and_of_equal_ones_between_first_and_last(shares, gap):
    found = estimate_gap({name: GapGroup(share, 0.03 if name == "a" else 0.04) for name, share in shares.items()})
    assert (found and (found.best, found.worst, found.points)) == (gap and (*gap[:2], pytest.approx(gap[2])))
    if found:
        assert (found.std_error, found.upper - found.points) == pytest.approx((5, 5 * 1.959963984540054))
        assert found.points - found.lower == pytest.approx(found.upper - found.points)
