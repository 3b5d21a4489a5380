"""Errors from replicate weights agree with R's ``survey``, and with what can be worked out by hand."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from dashboard.analysis.measures.surveys.linearised import estimate_shares
from dashboard.analysis.measures.surveys.survey import Design, Estimate, ReplicateMethod, Replicates
from tests.given import some

HERE = Path(__file__).parent
R = json.loads((HERE / "replicates.json").read_text(encoding="utf-8"))
PARTS = {f"q{at}": pl.when(pl.col(f"q{at}") != 99).then(pl.col(f"q{at}") >= 2) for at in range(1, 7)}
FIGURES = {"average": [f"q{at}" for at in range(1, 6)], "overall": ["q6"]}
YES = {"yes": pl.col("y") == 1}


def sample() -> pl.DataFrame:
    return pl.read_csv(HERE / "replicates.csv")


def design(method: ReplicateMethod, rows: pl.DataFrame) -> Design:
    columns = tuple(name for name in rows.columns if name.startswith(f"{method}_"))
    stated = {"fay": (0.3,), "jkn": tuple(R["factors"]["jkn"])}.get(method, ())
    return Design("w", replicates=Replicates(columns, method, stated))


@pytest.mark.parametrize("one", R["results"], ids=lambda one: f"{one['method']} {one['group']} {one['figure']}")
def test_every_method_gives_the_figures_of_r(one: dict[str, Any]) -> None:
    rows = sample()
    made = estimate_shares(rows.lazy(), PARTS, FIGURES, design(one["method"], rows), "group" if one["group"] else "")
    found = some(made[one["group"] or None][one["figure"]])
    assert (found.value, found.std_error) == pytest.approx((one["value"], one["std_error"]), rel=1e-9)
    assert found.df == one["df"]
    assert found.estimate_interval() == pytest.approx((one["lower"], one["upper"]), rel=1e-9)


@pytest.mark.parametrize("method", ["jk1", "jkn", "brr", "fay", "bootstrap"])
def test_the_factors_are_those_of_r(method: ReplicateMethod) -> None:
    drawn = some(design(method, sample()).replicates)
    assert drawn.factors == pytest.approx(R["factors"][method], rel=1e-12)


def share(rows: pl.DataFrame, drawn: Replicates) -> Estimate | None:
    return estimate_shares(rows.lazy(), YES, {"yes": ["yes"]}, Design("w", replicates=drawn))[None]["yes"]


def leaving_out(answers: list[int]) -> pl.DataFrame:
    """A simple random sample and its jackknife: each replicate leaves one out and weighs the others up."""
    n = len(answers)
    weights = {f"r{at}": [0.0 if row == at else n / (n - 1) for row in range(n)] for at in range(n)}
    return pl.DataFrame({"y": answers, "w": [1.0] * n, **weights})


@pytest.mark.parametrize("answers", [[1, 0], [1, 1, 0, 0, 0, 1, 0], [1] * 9 + [0]])
def test_the_jackknife_of_a_simple_random_sample_is_its_textbook_error(answers: list[int]) -> None:
    rows, n, p = leaving_out(answers), len(answers), sum(answers) / len(answers)
    found = some(share(rows, Replicates(tuple(f"r{at}" for at in range(n)), "jk1")))
    assert (found.value, found.df) == (pytest.approx(p), n - 1)
    assert found.std_error == pytest.approx(math.sqrt(p * (1 - p) / (n - 1)), rel=1e-12)


def test_the_apiclus1_of_r_s_manual_has_the_error_that_r_gives_it() -> None:
    """``as.svrepdesign(…, type = "JK1", mse = TRUE)`` of 15 districts: 0.87431693989071, error 0.02077, 14 degrees."""
    rows = pl.read_csv(HERE / "apiclus1.csv").with_columns(
        y=(pl.col("sch.wide") == "Yes").cast(pl.Int8), w=pl.col("pw")
    )
    districts = rows["dnum"].unique().sort()
    again = {
        f"r{at}": rows.select(pl.when(pl.col("dnum") == one).then(0.0).otherwise(pl.col("w") * 15 / 14)).to_series()
        for at, one in enumerate(districts)
    }
    found = some(share(rows.with_columns(**again), Replicates(tuple(again), "jk1")))
    assert (round(found.value, 14), round(found.std_error, 5), found.df) == (0.87431693989071, 0.02077, 14)


def test_fay_s_factor_of_nothing_is_balanced_half_samples_and_a_stated_factor_replaces_the_usual() -> None:
    rows = sample().with_columns(y=(pl.col("q6") >= 2).cast(pl.Int8))
    columns = tuple(name for name in rows.columns if name.startswith("brr_"))
    plain, fay = share(rows, Replicates(columns, "brr")), share(rows, Replicates(columns, "fay", (0.0,)))
    assert plain == fay
    half = share(rows, Replicates(columns, "brr", (1 / (4 * len(columns)),)))
    assert half.std_error == pytest.approx(plain.std_error / 2)


def test_a_group_of_which_a_replicate_holds_nobody_has_no_error_and_replicates_alike_have_none() -> None:
    rows = leaving_out([1, 0, 1]).with_columns(group=pl.Series(["one", "two", "two"]))
    drawn = Design("w", replicates=Replicates(("r0", "r1", "r2"), "jk1"))
    made = estimate_shares(rows.lazy(), YES, {"yes": ["yes"]}, drawn, "group")
    assert made["one"]["yes"] is None  # one answer, of which the first replicate has none
    assert made["two"]["yes"] is not None
    same = rows.with_columns(r1=pl.col("w"), r2=pl.col("w"), r0=pl.col("w"))
    assert share(same, Replicates(("r0", "r1", "r2"), "jk1")) is None


def test_weights_of_nothing_count_for_nothing() -> None:
    rows = sample()
    more = pl.concat(
        [rows, rows.head(3).with_columns(pl.selectors.matches(r"^w$|_\d+$") * 0.0, q6=pl.lit(3))],
        how="vertical_relaxed",
    )
    one, other = (
        estimate_shares(each.lazy(), PARTS, FIGURES, design("brr", rows))[None]["overall"] for each in (rows, more)
    )
    assert (one.value, one.std_error, one.df) == pytest.approx((other.value, other.std_error, other.df))
    assert np.isfinite(other.std_error)
