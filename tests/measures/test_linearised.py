"""Many shares at once are what the library held against R gives one by one."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.measures.surveys.linearised import shares
from dashboard.measures.surveys.satisfaction import from_microdata
from dashboard.measures.surveys.survey import Design, Estimate, NotEstimable, proportion

PARTS = {f"q{at}": pl.when(pl.col(f"q{at}").is_in([0, 1, 2, 3])).then(pl.col(f"q{at}") >= 2) for at in range(1, 7)}
FIGURES = {"average": [f"q{at}" for at in range(1, 6)], "overall": ["q6"]}


def sample(seed: int, n: int = 240, strata: int = 3) -> pl.DataFrame:
    """Answers of a stratified sample of clusters, with refusals, people without a group and rows of no weight."""
    draw = np.random.default_rng(seed)
    answers = {f"q{at}": draw.choice([0, 1, 2, 3, 99], n, p=[0.1, 0.2, 0.3, 0.3, 0.1]) for at in range(1, 7)}
    stratum = draw.integers(0, strata, n)
    return pl.DataFrame({
        "w": np.where(draw.random(n) < 0.03, 0.0, draw.uniform(1, 9, n)), "stratum": stratum,
        "psu": stratum * 10 + draw.integers(0, 5, n), "population": (stratum + 2) * 50, **answers,
        "group": ["ABC"[at] if at < 3 else None for at in draw.integers(0, 4, n)],
    })  # fmt: skip


def same(one: Estimate | None, other: Estimate) -> None:
    assert one is not None
    assert (one.value, one.std_error) == pytest.approx((other.value, other.std_error), rel=1e-9, abs=1e-12)
    assert one.df == other.df


DESIGNS = (
    Design("w", "stratum", "psu"), Design("w", "stratum", "psu", "population"), Design("w", "", "psu"),
    Design("w", "stratum"), Design("w", "stratum", "", "population"), Design("w"),
)  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(DESIGNS))
def test_every_design_agrees_with_the_library(seed: int, design: Design) -> None:
    rows = sample(seed)
    found = shares(rows.lazy(), PARTS, FIGURES, design, "group") | shares(rows.lazy(), PARTS, FIGURES, design)
    assert set(found) == {"A", "B", "C", None}
    for category, made in found.items():
        among = None if category is None else pl.col("group") == category
        known = from_microdata(rows, FIGURES["average"], "q6", design, among=among)
        same(made["average"], known.average)
        same(made["overall"], known.overall.share)


def test_strata_of_two_units_are_not_strata_of_one() -> None:
    """Their error would be left out of that of the figure, and it would look surer than it is."""
    rows, design = sample(3).filter(pl.col("psu") % 10 < 2), Design("w", "stratum", "psu")
    known = from_microdata(rows, FIGURES["average"], "q6", design)
    same(shares(rows.lazy(), PARTS, FIGURES, design)[None]["overall"], known.overall.share)


@pytest.mark.parametrize("rule", ["center", "scale", "skip", "refuse"])
def test_a_stratum_of_one_unit_takes_its_rule(rule: str) -> None:
    rows = sample(3).filter((pl.col("stratum") != 2) | (pl.col("psu") == 20))
    design = Design("w", "stratum", "psu", single_psu=rule)  # type: ignore[arg-type]
    if rule == "refuse":
        with pytest.raises(NotEstimable, match="one sampling unit: 2"):
            shares(rows.lazy(), PARTS, FIGURES, design)
        return
    for breakdown in ("", "group"):
        for category, made in shares(rows.lazy(), PARTS, FIGURES, design, breakdown).items():
            among = None if category is None else pl.col("group") == category
            same(made["overall"], proportion(rows, PARTS["q6"], design, among=among))


def test_nothing_to_estimate_from_is_none() -> None:
    rows = sample(5).with_columns(q6=pl.lit(99))
    assert shares(rows.lazy(), PARTS, FIGURES, DESIGNS[0])[None]["overall"] is None
