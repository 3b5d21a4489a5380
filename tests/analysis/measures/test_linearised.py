"""Many shares at once are what the library held against R gives one by one."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.measures.surveys.linearised import estimate_shares
from dashboard.analysis.measures.surveys.survey import Design, Estimate, NotEstimable
from tests.analysis.measures.library import satisfaction, share
from tests.given import some

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
    assert (one.value, one.std_error) == pytest.approx((other.value, other.std_error), rel=1e-9, abs=1e-12)
    assert one.df == other.df


DESIGNS = (
    Design("w", "stratum", "psu"), Design("w", "stratum", "psu", "population"), Design("w", "", "psu"),
    Design("w", "stratum"), Design("w", "stratum", "", "population"), Design("w"),
)  # fmt: skip


@pytest.mark.long
@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(DESIGNS))
def test_every_design_agrees_with_the_library(seed: int, design: Design) -> None:
    rows = sample(seed)
    found = estimate_shares(rows.lazy(), PARTS, FIGURES, design, "group") | estimate_shares(
        rows.lazy(), PARTS, FIGURES, design
    )
    assert set(found) == {"A", "B", "C", None}
    for category, made in found.items():
        among = None if category is None else pl.col("group") == category
        average, overall = satisfaction(rows, FIGURES["average"], "q6", design, among)
        same(made["average"], average)
        same(made["overall"], overall)


def test_strata_of_two_units_are_not_strata_of_one() -> None:
    """Their error would be left out of that of the figure, and it would look surer than it is."""
    rows, design = sample(3).filter(pl.col("psu") % 10 < 2), Design("w", "stratum", "psu")
    _, overall = satisfaction(rows, FIGURES["average"], "q6", design)
    same(estimate_shares(rows.lazy(), PARTS, FIGURES, design)[None]["overall"], overall)


@pytest.mark.parametrize("rule", ["center", "scale", "skip", "refuse"])
def test_a_stratum_of_one_unit_takes_its_rule(rule: str) -> None:
    rows = sample(3).filter((pl.col("stratum") != 2) | (pl.col("psu") == 20))
    design = Design("w", "stratum", "psu", single_psu=rule)  # type: ignore[arg-type]
    if rule == "refuse":
        with pytest.raises(NotEstimable, match="one sampling unit: 2"):
            estimate_shares(rows.lazy(), PARTS, FIGURES, design)
        return
    for breakdown in ("", "group"):
        for category, made in estimate_shares(rows.lazy(), PARTS, FIGURES, design, breakdown).items():
            among = None if category is None else pl.col("group") == category
            same(made["overall"], share(rows, PARTS["q6"], design, among))


def test_nothing_to_estimate_from_is_none() -> None:
    rows = sample(5).with_columns(q6=pl.lit(99))
    assert estimate_shares(rows.lazy(), PARTS, FIGURES, DESIGNS[0])[None]["overall"] is None


ONE = {"yes": ["yes"]}


def estimated(answers: list[bool | None], design: Design = Design("w"), **columns: list[object]) -> Estimate | None:
    """One question of respondents of weight 1."""
    rows = pl.DataFrame({"w": [1.0] * len(answers), "yes": pl.Series(answers, dtype=pl.Boolean)} | columns)
    return estimate_shares(rows.lazy(), {"yes": pl.col("yes")}, ONE, design)[None]["yes"]


def test_the_error_of_a_plain_sample_by_hand() -> None:
    """Of four one is positive: √(p(1 − p)/(n − 1)) is a quarter; of a drawn half the error is √½ of it."""
    found = some(estimated([True, False, False, False]))
    assert (found.value, found.std_error, found.n, found.df, found.deff) == (0.25, pytest.approx(0.25), 4, 3, None)
    half = estimated([True, False, False, False], Design("w", population="N"), N=[8] * 4)
    whole = estimated([True, False, False, False], Design("w", population="N"), N=[4] * 4)
    assert (half.std_error, whole.std_error) == (pytest.approx(0.25 * 0.5**0.5), 0)


def test_two_answers_have_an_error_and_one_has_none() -> None:
    two = some(estimated([True, False, None]))
    assert (two.value, two.n) == (0.5, 2)
    assert estimated([True, None, None]) is None
    assert estimated([True, False], w=[0.0, 0.0]) is None


def test_who_has_no_weight_has_answered_and_is_no_sampling_unit() -> None:
    rows = pl.DataFrame({"w": [2.0, 1.0, 1.0, 0.0], "yes": [True, False, True, True]})
    found = estimate_shares(rows.lazy(), {"yes": pl.col("yes")}, ONE, Design("w"))[None]["yes"]
    same(found, share(rows, pl.col("yes"), Design("w")))
    assert (found.value, found.n, found.df) == (0.75, 4, 2)


def test_where_every_stratum_has_one_unit_no_other_gives_its_error() -> None:
    design = Design("w", "h", "u", single_psu="scale")
    assert estimated([True, False, True, True], design, h=[1, 1, 2, 2], u=[1, 1, 2, 2]) is None
    with_pair = estimated([True, False, True, True, True, False], design, h=[1, 1, 2, 2, 3, 3], u=[1, 1, 2, 2, 3, 4])
    skipped = estimated(
        [True, False, True, True, True, False], Design("w", "h", "u", single_psu="skip"),
        h=[1, 1, 2, 2, 3, 3], u=[1, 1, 2, 2, 3, 4],
    )  # fmt: skip
    assert with_pair.std_error == pytest.approx(3**0.5 * skipped.std_error)
    assert (with_pair.single_psu, with_pair.df) == ("scale", 1)


def test_rows_without_a_category_are_in_none_and_each_category_has_its_own_numbers() -> None:
    rows = pl.DataFrame(
        {"w": [1.0] * 7, "yes": [True, False, True, True, None, True, False], "g": [*"aaabb", None, None]}
    )
    found = estimate_shares(rows.lazy(), {"yes": pl.col("yes")}, ONE, Design("w"), "g")
    assert set(found) == {"a", "b"}
    made = some(found["a"]["yes"])
    assert (made.value, made.n) == (pytest.approx(2 / 3), 3)
    assert found["b"]["yes"] is None
