"""Shares of a survey agree with R's ``survey`` on its own samples, and with the library beside it."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.analysis.measures.surveys.linearised import estimate_shares
from dashboard.analysis.measures.surveys.survey import Design, Estimate, NotEstimable
from tests.reference import Vector, agree, reproduces

HERE = Path(__file__).parent
CLUSTERED = Design(weight="pw", psu="dnum", population="fpc")
YES = {"yes": pl.col("y") == 1}
ONE = {"yes": ["yes"]}


def api() -> pl.DataFrame:
    return pl.read_csv(HERE / "apiclus1.csv").with_columns(y=(pl.col("sch.wide") == "Yes").cast(pl.Int8))


def proportion(rows: pl.DataFrame, design: Design) -> Estimate:
    found = estimate_shares(rows.lazy(), YES, ONE, design)[None]["yes"]
    assert found is not None
    return found


def expanded(inputs: dict[str, Any]) -> tuple[pl.DataFrame, Design]:
    """The sample a vector's counts stand for."""
    groups = inputs.get("strata") or inputs["psus"]
    rows = [
        {
            "unit": group.get("stype", group.get("dnum")),
            "w": group.get("weight", inputs.get("weight")),
            "N": group.get("population", inputs.get("population_psus")),
            "y": int(at < group["yes"]),
        }
        for group in groups
        for at in range(group["n"])
    ]
    drawn = {"stratum": "unit"} if "strata" in inputs else {"psu": "unit"}
    return pl.DataFrame(rows), Design(weight="w", population="N" if inputs["fpc"] else "", **drawn)


@reproduces("survey")
def test_proportions_with_all_four_intervals(vector: Vector) -> None:
    found = proportion(*expanded(vector["inputs"]))
    methods = ("logit", "beta", "korn-graubard", "wilson")
    agree(
        vector,
        {"p": found.value, "se": found.std_error, "df": found.df, "n": found.n}
        | {method: found.estimate_interval(method) for method in methods},
        beside=("r_likelihood", "r_asin", "deff"),  # R's further results, which the product does not offer
    )


@pytest.mark.parametrize("method", ["logit", "beta", "korn-graubard", "wilson"])
def test_our_intervals_are_those_of_the_library(method: Any) -> None:
    import svy

    sample = svy.Sample(api().with_columns(pl.col("fpc").cast(float)), svy.Design(psu="dnum", wgt="pw", pop_size="fpc"))
    theirs = sample.estimation.prop("y", ci_method=method).to_polars().filter(pl.col("y") == 1)
    assert proportion(api(), CLUSTERED).estimate_interval(method) == pytest.approx(
        theirs.select("lci", "uci").row(0), abs=1e-9
    )


def test_a_part_of_the_population_is_a_domain_and_not_a_smaller_sample() -> None:
    inside = estimate_shares(api().lazy(), YES, ONE, CLUSTERED, "stype")["H"]["yes"]
    cut = proportion(api().filter(pl.col("stype") == "H"), CLUSTERED)
    assert inside.value == pytest.approx(cut.value)
    assert inside.std_error != pytest.approx(cut.std_error)


SMALL = pl.DataFrame({"h": ["a", "a", "b", "b"], "u": [1, 2, 3, 3], "w": [1.0, 2.0, 1.0, 2.0], "y": [0, 1, 1, 0]})


def test_a_stratum_of_one_unit_takes_a_rule_that_is_kept_with_the_result() -> None:
    found = proportion(SMALL, Design("w", stratum="h", psu="u", single_psu="center"))
    assert (found.single_psu, found.value) == ("center", pytest.approx(3 / 6))


def test_strata_of_one_respondent_are_named() -> None:
    rows = SMALL.with_columns(h=pl.Series(["c", "a", "b", "b"]))
    with pytest.raises(NotEstimable, match=r"one sampling unit: a, c$") as refused:
        proportion(rows, Design("w", stratum="h"))
    assert refused.value.reason == "single_psu"
    with pytest.raises(NotEstimable, match=r"one sampling unit: 0$"):
        proportion(SMALL.with_columns(u=7), Design("w", psu="u"))
