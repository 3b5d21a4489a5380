"""SDG 16.6.2 is a mean of five shares with the covariance of its answers; counts are pooled before they are divided."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures.gap import Group, equity_gap
from dashboard.measures.surveys import satisfaction
from dashboard.measures.surveys.survey import Design, effective_sample_size
from tests.reference import Vector, agree, reproduces


@reproduces("satisfaction", "sdg_16_6_2_average_of_attributes")
def test_average_of_attributes(vector: Vector) -> None:
    agree(vector, {"average_percent": satisfaction.average_of_attributes(vector["inputs"]["shares_percent"])})


@reproduces("satisfaction", "sdg_16_6_2_overall_share")
def test_overall_share(vector: Vector) -> None:
    agree(vector, {"overall_percent": satisfaction.overall_share(**{
        key.removesuffix("_percent"): value for key, value in vector["inputs"].items()
    })})  # fmt: skip


@reproduces("satisfaction", "sdg_16_6_2_valid_denominator")
def test_valid_denominator(vector: Vector) -> None:
    agree(vector, {"valid": satisfaction.valid_answers(vector["inputs"]["asked"], vector["inputs"]["dk_na_ra"])})


def test_where_everybody_answered_all_are_counted() -> None:
    assert satisfaction.valid_answers(1_000, 0) == 1_000


@reproduces("satisfaction", "sdg_16_6_2_unequal_item_nonresponse")
def test_unequal_answers_are_not_pooled(vector: Vector) -> None:
    pairs = zip(vector["inputs"]["positives"], vector["inputs"]["valid"], strict=True)
    shares = [satisfaction.share(positive, valid) for positive, valid in pairs]
    average = satisfaction.average_of_attributes(shares)
    agree(vector, {"shares_percent": shares, "average_percent": average})


@reproduces("satisfaction", "sdg_16_6_2_from_microdata_with_design")
def test_microdata_with_the_covariance_of_the_five_answers(vector: Vector) -> None:
    inputs, expected = vector["inputs"], vector["expected"]
    rows = pl.DataFrame(inputs["rows"], schema=inputs["columns"], orient="row")
    attributes = [f"a{number}" for number in range(1, 6)]
    design = Design(weight="w", stratum="stratum", psu="psu")
    found = satisfaction.from_microdata(rows, attributes, "overall", design)
    items = [*found.attributes, found.overall]
    agree(vector, {
        "valid": [it.valid for it in items],
        "positive_unweighted": [it.positive for it in items],
        "excluded": [it.excluded for it in items],
        "shares": [it.share.value for it in found.attributes],
        "shares_se": [it.share.std_error for it in found.attributes],
        "average": found.average.value,
        "average_se_with_covariance": found.average.std_error,
        "average_logit_95": found.average.interval("logit", inputs["level"]),
        "overall": found.overall.share.value,
        "overall_se": found.overall.share.std_error,
        "overall_deff": found.overall.share.deff,
        "df": found.average.df,
        "overall_ci_95": {name: found.overall.share.interval(name) for name in expected["overall_ci_95"]},
    })  # fmt: skip


@reproduces("satisfaction", "gds_likert_score")
def test_five_point_score(vector: Vector) -> None:
    found = satisfaction.likert(vector["inputs"]["counts_1_to_5"])
    agree(vector, {"mean": found.mean, "score": found.score, "n": found.n, "top_two_share": found.top_two})


@reproduces("satisfaction", "pool_counts_never_average_periods")
def test_periods_are_pooled(vector: Vector) -> None:
    counts = satisfaction.pooled([vector["inputs"]["period_1"], vector["inputs"]["period_2"]])
    agree(vector, {"pooled_score": satisfaction.likert(counts).score})


@reproduces("satisfaction", "nps_and_standard_error")
def test_net_promoters(vector: Vector) -> None:
    found = satisfaction.net_promoters(**vector["inputs"])
    agree(vector, {"nps": found.score, "se_points": found.std_error})


@reproduces("satisfaction", "worst_and_best_case_bounds")
def test_bounds_of_nonresponse(vector: Vector) -> None:
    found = satisfaction.nonresponse_bounds(**vector["inputs"])
    agree(vector, {
        "share_of_responders": found.of_responders, "response_rate": found.response_rate,
        "lower_bound": found.lower, "upper_bound": found.upper,
    })  # fmt: skip


@reproduces("satisfaction", "effective_sample_size")
def test_effective_sample(vector: Vector) -> None:
    agree(vector, {"n_eff": effective_sample_size(**vector["inputs"])})


@reproduces("satisfaction", "equity_gap_two_independent_groups")
def test_equity_gap(vector: Vector) -> None:
    pairs = zip(vector["inputs"]["p"], vector["inputs"]["se"], strict=True)
    found = equity_gap({f"group {at}": Group(p, se) for at, (p, se) in enumerate(pairs)})
    agree(vector, {
        "gap_points": found.points, "se_points": found.std_error, "ci_95": [found.lower, found.upper],
    })  # fmt: skip


def test_no_gap_is_made_of_hidden_or_unreliable_groups():
    groups = {"women": Group(0.5, 0.01), "men": Group(0.6, 0.01), "few": Group(0.0, 0.2, usable=False)}
    found = equity_gap(groups)
    assert (found.best, found.worst, found.points) == ("men", "women", pytest.approx(10))
    assert equity_gap(groups | {"men": Group(0.6, 0.01, usable=False)}) is None


def test_each_area_has_five_attributes_and_another_number_is_refused():
    assert {len(attributes) for attributes in satisfaction.AREAS.values()} == {5}
    with pytest.raises(ValueError, match="5 attributes"):
        satisfaction.average_of_attributes([50, 60, 70, 80])
    with pytest.raises(ValueError, match="5 attributes"):
        satisfaction.from_microdata(pl.DataFrame(), ["a1"], "overall", Design("w"))


def test_a_code_outside_the_scale_is_refused_not_counted():
    rows = pl.DataFrame({"w": [1.0, 1.0], "a": [3, 4], "b": [2, 97]})
    with pytest.raises(ValueError, match="four-point"):
        satisfaction.from_microdata(rows, ["a"] * 5, "b", Design("w"))


def test_nobody_who_answered_gives_no_number_and_impossible_counts_are_refused():
    assert satisfaction.share(0, 0) is None
    assert satisfaction.likert([0] * 5) is None
    assert satisfaction.net_promoters(0, 0, 0) is None
    assert satisfaction.nonresponse_bounds(100, 0, 0) is None
    for impossible in (
        lambda: satisfaction.share(3, 2),
        lambda: satisfaction.valid_answers(10, 11),
        lambda: satisfaction.likert([1, 2, 3]),
        lambda: satisfaction.nonresponse_bounds(10, 20, 5),
    ):
        with pytest.raises(ValueError, match=r"not possible|needed|does not hold"):
            impossible()


COUNTS = st.lists(st.integers(0, 500), min_size=5, max_size=5)


@given(st.lists(COUNTS, min_size=1, max_size=6).filter(lambda periods: any(map(sum, periods))))
def test_a_pooled_score_lies_between_those_of_its_parts_and_does_not_depend_on_how_they_are_cut(periods):
    whole = satisfaction.likert(satisfaction.pooled(periods))
    scores = [part.score for counts in periods if (part := satisfaction.likert(counts))]
    assert min(scores) - 1e-9 <= whole.score <= max(scores) + 1e-9
    assert satisfaction.pooled([satisfaction.pooled(periods[:1]), *periods[1:]]) == satisfaction.pooled(periods)
    assert whole.top_two_interval[0] <= whole.top_two <= whole.top_two_interval[1]


@given(COUNTS.filter(any))
def test_turning_the_scale_round_mirrors_the_score(counts):
    turned = satisfaction.likert(counts[::-1])
    assert turned.score == pytest.approx(1 - satisfaction.likert(counts).score)


@given(st.lists(st.integers(0, 300), min_size=3, max_size=3).map(sorted))
def test_silence_can_only_widen_what_is_known(counts):
    satisfied, responded, invited = counts
    found = satisfaction.nonresponse_bounds(invited, responded, satisfied)
    if found is not None:
        assert found.lower <= found.of_responders + 1e-12
        assert found.of_responders <= found.upper + 1e-12
        assert found.upper - found.lower == pytest.approx(1 - found.response_rate)


def test_scores_by_hand():
    found = satisfaction.likert([1, 0, 2, 3, 4])
    assert (found.n, found.mean, found.score, found.top_two) == (10, 3.9, pytest.approx(0.725), 0.7)
    assert [satisfaction.likert(counts).score for counts in ([7, 0, 0, 0, 0], [0, 0, 0, 0, 7])] == [0, 1]
    points = satisfaction.net_promoters(5, 3, 2)
    assert (points.score, points.std_error) == (pytest.approx(30), pytest.approx(100 * (0.61 / 10) ** 0.5))
    assert satisfaction.net_promoters(0, 4, 0) == satisfaction.Promoters(0, 0)
    assert satisfaction.nonresponse_bounds(100, 40, 10) == satisfaction.Bounds(0.25, 0.4, 0.1, 0.7)
    assert satisfaction.nonresponse_bounds(40, 40, 40) == satisfaction.Bounds(1, 1, 1, 1)
    assert (satisfaction.share(0, 5), satisfaction.share(5, 5), satisfaction.valid_answers(5, 5)) == (0, 100, 0)
    assert satisfaction.average_of_attributes([1, 2, 3, 4, 10]) == 4


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: satisfaction.share(-1, 2), lambda: satisfaction.valid_answers(10, -1),
        lambda: satisfaction.likert([1, 2, 3, 4, -1]), lambda: satisfaction.likert([1] * 6),
        lambda: satisfaction.nonresponse_bounds(10, 5, 6), lambda: satisfaction.nonresponse_bounds(10, 5, -1),
        lambda: satisfaction.nonresponse_bounds(5, 6, 2), lambda: satisfaction.average_of_attributes([1] * 6),
        lambda: satisfaction.pooled([[1, 2], [1, 2, 3]]),
    ],
)  # fmt: skip
def test_counts_that_do_not_fit_are_refused(impossible):
    with pytest.raises(ValueError, match=r"not possible|needed|does not hold|attributes|zip"):
        impossible()


def test_each_question_of_a_part_of_the_sample_counts_its_own_answers():
    """Six men of one weight: two of three valid answers are positive in ``a``; the women are not looked at."""
    rows = pl.DataFrame({
        "w": [1.0] * 8, "sex": ["m"] * 6 + ["f"] * 2, "a": [3, 2, 0, 97, 98, None, 0, 0], "b": [3, 3, 1, 1, 0, 0, 0, 0],
    }).with_columns(pl.col("b").alias(name) for name in "cde")  # fmt: skip
    found = satisfaction.from_microdata(rows, list("abcde"), "a", Design("w"), among=pl.col("sex") == "m")
    item = found.overall
    assert (item.share.value, item.valid, item.positive, item.excluded) == (pytest.approx(2 / 3), 3, 2, 3)
    assert found.average.value == pytest.approx((2 / 3 + 4 / 3) / 5)
    assert (found.average.n, found.average.deff, found.average.n_effective) == (6, None, None)


@pytest.mark.parametrize(
    ("shares", "gap"),
    [({"a": 0.5, "b": 0.5}, ("a", "b", 0)), ({"a": 0.2, "b": 0.7, "c": 0.4}, ("b", "a", 50)), ({"a": 0.2}, None)],
)  # fmt: skip
def test_the_gap_is_between_the_best_and_the_worst_and_of_equal_ones_between_first_and_last(shares, gap):
    found = equity_gap({name: Group(share, 0.03 if name == "a" else 0.04) for name, share in shares.items()})
    assert (found and (found.best, found.worst, found.points)) == (gap and (*gap[:2], pytest.approx(gap[2])))
    if found:
        assert (found.std_error, found.upper - found.points) == pytest.approx((5, 5 * 1.959963984540054))
        assert found.points - found.lower == pytest.approx(found.upper - found.points)
