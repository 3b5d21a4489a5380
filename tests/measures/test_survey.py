"""Estimates from a survey's design agree with R's ``survey`` on its own samples, and are refused without a design.

``apistrat.csv`` and ``apiclus1.csv`` are two samples of the California Department of Education's school data of 2000, a
few columns of what R's ``survey`` distributes as ``data(api)``.
"""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures.surveys.survey import Design, NotEstimable, association, effective_sample_size, mean, proportion
from dashboard.measures.surveys.survey import ratio as ratio_of
from dashboard.measures.surveys.survey import total as total_of
from tests.reference import Vector, agree, reproduces

HERE = Path(__file__).parent
STRATIFIED = Design(weight="pw", stratum="stype", population="fpc")
CLUSTERED = Design(weight="pw", psu="dnum", population="fpc")
YES = pl.col("y") == 1


def api(name: str) -> pl.DataFrame:
    return pl.read_csv(HERE / f"{name}.csv")


def expanded(inputs: dict[str, Any]) -> tuple[pl.DataFrame, Design]:
    """The sample a vector's counts stand for."""
    groups = inputs.get("strata") or inputs["psus"]
    rows = [
        {
            "unit": group.get("stype", group.get("dnum")),
            "w": group.get("weight", inputs.get("weight")),
            "N": group.get("population", inputs.get("population_psus")),
            "y": int(at < group["yes"]) if "yes" in group else group["sum_api00"] / group["n"],
        }
        for group in groups
        for at in range(group["n"])
    ]
    drawn = {"stratum": "unit"} if "strata" in inputs else {"psu": "unit"}
    return pl.DataFrame(rows), Design(weight="w", population="N" if inputs["fpc"] else "", **drawn)


@reproduces("survey", "design_based_proportion", "design_based_proportion_near_zero")
def test_proportions_with_all_four_intervals(vector: Vector) -> None:
    found = proportion(*expanded(vector["inputs"])[:1], YES, expanded(vector["inputs"])[1])
    methods = ("logit", "beta", "korn-graubard", "wilson")
    agree(
        vector,
        {"p": found.value, "se": found.std_error, "deff": found.deff, "df": found.df, "n": found.n}
        | {method: found.interval(method) for method in methods},
        beside=("r_likelihood", "r_asin"),  # R's further methods, which the product does not offer
    )


@reproduces("survey", "design_based_mean_from_psu_sums")
def test_means_of_clusters(vector: Vector) -> None:
    rows, design = expanded(vector["inputs"])
    found = mean(rows, pl.col("y"), design)
    full = mean(api("apiclus1"), pl.col("api00"), CLUSTERED if design.population else Design("pw", psu="dnum"))
    agree(vector, {"mean": found.value, "se": found.std_error, "r_deff_full_data": full.deff})
    assert (full.value, full.std_error) == pytest.approx((found.value, found.std_error))


@reproduces("survey", "stratified_mean_from_summaries")
def test_mean_of_strata(vector: Vector) -> None:
    rows = api("apistrat")
    for stratum, summary in zip("EHM", vector["inputs"]["strata"], strict=True):
        inside = rows.filter(pl.col("stype") == stratum)["api00"]
        assert (inside.len(), inside.mean(), inside.var()) == pytest.approx(
            (summary["n"], summary["mean"], summary["variance"])
        )
    with_fpc = mean(rows, pl.col("api00"), STRATIFIED)
    without = mean(rows, pl.col("api00"), Design("pw", stratum="stype"))
    agree(vector, {
        "mean": with_fpc.value, "se_fpc": with_fpc.std_error, "se_nofpc": without.std_error,
        "r_deff_fpc": with_fpc.deff,
    })  # fmt: skip


@reproduces("survey", "golden_values_that_need_the_full_api_files")
def test_totals_domains_ratio_and_association_of_the_full_files(vector: Vector) -> None:
    stratified, clustered = api("apistrat"), api("apiclus1")
    enrolled = total_of(stratified, pl.col("enroll"), STRATIFIED)
    enrolled_clustered = total_of(clustered, pl.col("enroll"), CLUSTERED)
    by_type = {
        stype: mean(clustered, pl.col("api00"), CLUSTERED, among=pl.col("stype") == stype) for stype in ("E", "H", "M")
    }
    tested = ratio_of(clustered, pl.col("api.stu"), pl.col("enroll"), CLUSTERED)
    table = association(clustered, "sch.wide", "stype", CLUSTERED)
    expected = vector["expected"]
    # totals are printed with one and two decimals, so they agree within half a unit of the last
    for name, found, within in (("apistrat", enrolled, 0.005), ("apiclus1", enrolled_clustered, 0.05)):
        assert (found.value, found.std_error) == pytest.approx(expected[name]["total_enroll"], abs=within, rel=0)
    agree(vector, {
        "apistrat": {"total_enroll": expected["apistrat"]["total_enroll"], "total_enroll_deff": enrolled.deff},
        "apiclus1": {
            "total_enroll": expected["apiclus1"]["total_enroll"],
            "mean_api00_by_stype": {stype: (it.value, it.std_error) for stype, it in by_type.items()},
            "ratio_api_stu_over_enroll": (tested.value, tested.std_error),
            "rao_scott_sch_wide_by_stype": {
                "F": table.f, "ndf": table.df_numerator, "ddf": table.df_denominator, "p": table.p,
            },
        },
    })  # fmt: skip


@pytest.mark.parametrize("method", ["logit", "beta", "korn-graubard", "wilson"])
def test_our_intervals_are_those_of_the_library(method: Any) -> None:
    import svy

    rows = api("apiclus1").with_columns(y=(pl.col("sch.wide") == "Yes").cast(pl.Int8), fpc=pl.col("fpc").cast(float))
    sample = svy.Sample(rows, svy.Design(psu="dnum", wgt="pw", pop_size="fpc"))
    theirs = sample.estimation.prop("y", ci_method=method).to_polars().filter(YES)
    ours = proportion(rows, YES, CLUSTERED).interval(method)
    assert ours == pytest.approx(theirs.select("lci", "uci").row(0), abs=1e-9)


def test_a_part_of_the_population_is_a_domain_and_not_a_smaller_sample() -> None:
    rows = api("apiclus1")
    high = pl.col("stype") == "H"
    inside = mean(rows, pl.col("api00"), CLUSTERED, among=high)
    cut = mean(rows.filter(high), pl.col("api00"), CLUSTERED)
    assert inside.value == pytest.approx(cut.value)
    assert inside.std_error != pytest.approx(cut.std_error)


def test_an_unanswered_question_leaves_the_denominator_and_not_the_design() -> None:
    rows = api("apiclus1").with_columns(api00=pl.when(pl.col("stype") != "H").then(pl.col("api00")))
    found = mean(rows, pl.col("api00"), CLUSTERED)
    assert found.n == rows["api00"].count()
    assert found.value == pytest.approx(mean(rows, pl.col("api00"), CLUSTERED, among=pl.col("stype") != "H").value)


SMALL = pl.DataFrame({"h": ["a", "a", "b", "b"], "u": [1, 2, 3, 3], "w": [1.0, 2.0, 1.0, 2.0], "y": [0, 1, 1, 0]})


@pytest.mark.parametrize(
    ("rows", "design", "reason"),
    [
        (SMALL.drop("w"), Design("w"), "missing_weight"),
        (SMALL.with_columns(w=pl.lit(None, pl.Float64)), Design("w"), "missing_weight"),
        (SMALL.with_columns(w=-1.0), Design("w"), "missing_weight"),
        (SMALL, Design("w", stratum="region"), "missing_design"),
        (SMALL.with_columns(u=pl.lit(None, pl.Int64)), Design("w", psu="u"), "missing_design"),
        (SMALL, Design("w", stratum="h", psu="u"), "single_psu"),
        (SMALL.with_columns(y=pl.lit(None, pl.Int64)), Design("w"), "no_answers"),
        (SMALL.head(1), Design("w"), "no_answers"),
        (SMALL.with_columns(w=0.0), Design("w"), "no_answers"),
    ],
)
def test_without_weights_design_or_answers_nothing_is_estimated(rows, design, reason):
    with pytest.raises(NotEstimable) as refused:
        proportion(rows, YES, design)
    assert refused.value.reason == reason


def test_a_stratum_of_one_unit_takes_a_rule_that_is_kept_with_the_result() -> None:
    found = proportion(SMALL, YES, Design("w", stratum="h", psu="u", single_psu="center"))
    assert found.single_psu == "center"
    assert found.value == pytest.approx(3 / 6)


@given(st.integers(1, 10_000), st.floats(0.1, 10))
def test_a_larger_design_effect_leaves_fewer_effective_answers(n, deff):
    assert effective_sample_size(n, deff) * deff == pytest.approx(n)
    with pytest.raises(ValueError, match="positive"):
        effective_sample_size(n, 0)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (SMALL.with_columns(w=pl.Series([1.0, 2.0, float("nan"), 1.0])), "missing_weight"),
        (SMALL.with_columns(w=pl.Series([1.0, 2.0, None, 1.0])), "missing_weight"),
        (SMALL.with_columns(w=pl.Series([1.0, 2.0, -0.1, 1.0])), "missing_weight"),
        (SMALL.with_columns(h=pl.Series(["a", None, "b", "b"])), "missing_design"),
        (SMALL.with_columns(y=pl.Series([1, None, None, None])), "no_answers"),
        (SMALL.with_columns(w=pl.Series([0.0, 0.0, 0.0, 2.0]), y=pl.Series([1, 1, 1, None])), "no_answers"),
    ],
)
def test_one_faulty_row_is_enough_to_refuse(rows: pl.DataFrame, reason: str) -> None:
    with pytest.raises(NotEstimable) as refused:
        proportion(rows, YES, Design("w", stratum="h"))
    assert refused.value.reason == reason


def test_two_answers_are_enough_and_weights_of_nothing_count_for_nothing() -> None:
    two = SMALL.with_columns(y=pl.Series([1, 0, None, None]))
    assert (proportion(two, YES, Design("w")).value, proportion(two, YES, Design("w")).n) == (pytest.approx(1 / 3), 2)
    weightless = SMALL.with_columns(w=pl.Series([1.0, 0.0, 1.0, 2.0]))
    assert proportion(weightless, YES, Design("w")).value == pytest.approx(1 / 4)
    unknown = proportion(SMALL, YES, Design("w"), among=pl.Series([True, None, True, True]).eq(True))
    assert (unknown.n, unknown.value) == (3, pytest.approx(1 / 4))


def test_strata_of_one_respondent_are_named() -> None:
    rows = SMALL.with_columns(h=pl.Series(["c", "a", "b", "b"]))
    with pytest.raises(NotEstimable, match=r"one sampling unit: a, c$"):
        proportion(rows, YES, Design("w", stratum="h"))
    with pytest.raises(NotEstimable, match=r"one sampling unit: 0$"):
        proportion(SMALL.with_columns(u=7), YES, Design("w", psu="u"))


def test_a_total_without_a_design_effect_and_a_table_of_one_row() -> None:
    found = total_of(SMALL, pl.col("y"), Design("w"), deff=False)
    assert (found.value, found.deff, found.n_effective) == (3, None, None)
    assert effective_sample_size(1200, 1.8) == pytest.approx(666.6667)
    with pytest.raises(NotEstimable, match="has no test"):
        association(SMALL.with_columns(x=1), "y", "x", Design("w"))
