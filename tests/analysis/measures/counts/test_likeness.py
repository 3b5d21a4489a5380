"""Centres like with like, against hypergeometric moments, the paper's formulas written out, and random networks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from dashboard.analysis.measures.counts.likeness import (
    INNER,
    OUTER,
    Likeness,
    compare_alike,
    find_hidden,
    find_outside,
    measure_spread,
)

PAIR = {"x": {"easy": (95, 100), "hard": (600, 1000)}, "y": {"easy": (900, 1000), "hard": (50, 100)}}
"""X is better in both services (95 against 90, 60 against 50 per cent), and pooled far worse (63 against 86)."""


def of(found: Likeness | None, code: str):  # type: ignore[no-untyped-def]
    assert found is not None
    return next(one for one in found.centres if one.code == code)


def test_two_centres_are_compared_as_mantel_and_haenszel_do() -> None:
    found = compare_alike(PAIR)
    means, variances = [], []
    for name in ("easy", "hard"):
        (a, n), (b, m) = PAIR["x"][name], PAIR["y"][name]
        law = hypergeom(n + m, a + b, n)  # of all cases a + b fall on n by chance
        means.append(law.mean())
        variances.append(law.var())
    x, y = of(found, "x"), of(found, "y")
    assert x.expected * x.n == pytest.approx(sum(means), rel=1e-12)
    assert (x.error * x.n) ** 2 == pytest.approx(sum(variances), rel=1e-12)
    assert x.difference * x.n == pytest.approx(-y.difference * y.n, rel=1e-9), "what one has more the other has less"
    assert (x.observed, x.n) == (695 / 1100, 1100)


def test_simpson_s_pair_is_told() -> None:
    found = compare_alike(PAIR)
    assert found is not None
    assert found.raw == {"x": ("y",), "y": ()}
    assert of(found, "x").difference > 0 > of(found, "y").difference


def test_the_spread_is_the_paper_s_formula() -> None:
    """Computed apart with numpy, from z to τ²; numpy's quantile is R's type 7 as well."""
    rng = np.random.default_rng(20261130)
    error = rng.uniform(0.002, 0.05, 40)
    y = rng.normal(0, np.hypot(0.03, error))
    y[:2] = (0.5, -0.6)  # two that would widen everything, were they not pulled in
    z = y / error
    phi, w = (np.clip(z, *np.quantile(z, (0.1, 0.9))) ** 2).mean(), 1 / error**2
    tau2 = (40 * phi - 39) / (w.sum() - (w**2).sum() / w.sum())
    assert measure_spread(list(zip(y, error, strict=True))) == pytest.approx(tau2, rel=1e-12)
    assert 0.01 < tau2**0.5 < 0.06
    assert measure_spread([(0.001, 0.02)] * 5 + [(-0.001, 0.02)] * 5) == 0.0
    assert measure_spread([(0.4, 0.02)]) == 0.0


def test_large_centres_are_not_outside_for_little_and_small_ones_not_hidden_by_them() -> None:
    """Ten large centres half a point apart, and one small that is far off: each is judged with both kinds of error."""
    cases = {f"large-{at}": {"id": (90_000 + 500 * (-1) ** at, 100_000)} for at in range(10)}
    found = compare_alike(cases | {"small": {"id": (120, 200)}})
    assert found is not None
    assert found.spread == pytest.approx(0.005, abs=0.002)
    assert {one.code: one.outside for one in found.centres if one.outside} == {"small": "outer"}


@pytest.mark.parametrize(("away", "where"), [(1.95, ""), (1.97, "inner"), (3.08, "inner"), (3.10, "outer")])
def test_limits_are_of_error_and_spread_together(away: float, where: str) -> None:
    assert find_outside(away * 0.05, 0.03, 0.04) == find_outside(-away * 0.05, 0.03, 0.04) == where
    assert (INNER < 1.97, OUTER < 3.10) == (True, True)


def test_one_centre_and_services_of_one_centre_say_nothing() -> None:
    for cases in ({}, {"a": {"id": (5, 10)}}, {"a": {"id": (5, 10)}, "b": {"pass": (5, 10)}}):
        assert compare_alike(cases) is None
    found = compare_alike({"a": {"id": (5, 10), "own": (0, 90)}, "b": {"id": (5, 10)}})
    one = of(found, "a")
    assert (one.observed, one.n, one.alone) == (0.5, 10, 90)


def test_a_service_of_which_nothing_was_counted_changes_nothing() -> None:
    plain = {"a": {"id": (50, 100)}, "b": {"id": (70, 100)}}
    nothing = {code: {**services, "zero": (0, 0)} for code, services in plain.items()}
    assert compare_alike(nothing) == compare_alike(plain)
    failed = compare_alike({"a": {"id": (0, 100)}, "b": {"id": (0, 300)}})  # nobody has one: all did the same
    assert failed is not None
    assert [(one.difference, one.error, one.outside) for one in failed.centres] == [(0, 0, ""), (0, 0, "")]


def test_few_cases_have_no_place_and_are_of_the_network() -> None:
    found = compare_alike({"a": {"id": (50, 100)}, "b": {"id": (70, 100)}, "c": {"id": (0, 20)}}, least=30)
    assert found is not None
    assert [one.code for one in found.centres] == ["a", "b"]
    assert of(found, "a").expected == pytest.approx(120 / 220)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no more than its cases"):
        compare_alike({"a": {"id": (11, 10)}, "b": {"id": (1, 10)}})


SERVICES = ("a", "b", "c", "d")
CENTRES = st.dictionaries(
    st.sampled_from(SERVICES),
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
)
NETWORKS = st.lists(CENTRES, min_size=2, max_size=7).map(lambda some: {f"c{at}": one for at, one in enumerate(some)})


@settings(max_examples=400, deadline=None)
@given(NETWORKS)
def test_who_is_better_in_every_service_is_never_shown_as_worse_without_the_word(
    cases: dict[str, dict[str, tuple[int, int]]],
) -> None:
    found = compare_alike(cases)
    if found is None:
        return
    pooled = {code: sum(t for t, _ in of.values()) / sum(n for _, n in of.values()) for code, of in cases.items()}
    shown = {one.code: one.difference for one in found.centres}
    for x in shown:
        for y in shown:
            both = cases[x].keys() & cases[y].keys()
            better = bool(both) and all(
                cases[x][name][0] * cases[y][name][1] > cases[y][name][0] * cases[x][name][1] for name in both
            )
            assert (y in found.raw[x]) == (better and pooled[x] < pooled[y])
            assert (y in found.likened[x]) == (better and shown[x] < shown[y])


@settings(max_examples=200, deadline=None)
@given(NETWORKS)
def test_what_is_above_expectation_is_made_up_for_by_what_is_below(
    cases: dict[str, dict[str, tuple[int, int]]],
) -> None:
    found = compare_alike(cases)
    if found is not None and {one.code for one in found.centres} == set(cases):
        assert sum(one.difference * one.n for one in found.centres) == pytest.approx(0, abs=1e-6)


def test_hidden_needs_a_service_of_both() -> None:
    assert find_hidden([{"a": (9, 10)}, {"b": (1, 10)}], [0.1, 0.9]) == [[], []]
    assert find_hidden([{"a": (9, 10)}, {"a": (1, 10)}], [0.1, 0.9]) == [[1], []]
