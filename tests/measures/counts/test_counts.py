"""Histograms, funnels, rates, agreement and availability against published examples and brute force."""

import math
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from scipy.stats import binom, binomtest, poisson

from dashboard.measures.counts.coding import alpha, threshold
from dashboard.measures.counts.funnel import funnel, limit, limits
from dashboard.measures.counts.histogram import Histogram, UnequalBins, histogram, pooled, quantile, share_below
from dashboard.measures.counts.rates import beyond_chance, discoveries, event_rate, rate_ratio
from dashboard.measures.counts.uptime import Probe, outages, probed, promised, reported

EDGES = (0.0, 5.0, 10.0, 20.0, 40.0)


def test_pooled_quantiles_lie_in_the_bin_of_the_exact_ones() -> None:
    chance = Random(7)
    for _ in range(50):
        centres = [[chance.expovariate(1 / 9) for _ in range(chance.randint(1, 80))] for _ in range(5)]
        whole = pooled(histogram(values, EDGES) for values in centres)
        assert whole is not None
        everyone = sorted(value for values in centres for value in values)
        for p in (0.5, 0.9):
            exact = everyone[math.ceil(p * len(everyone)) - 1]
            found = quantile(whole, p)
            assert found is not None
            assert found.lower <= exact < (math.inf if found.upper is None else found.upper)
            assert (found.value is None) == (found.upper is None)


def test_a_quantile_by_hand() -> None:
    found = quantile(Histogram(EDGES, (10, 20, 10, 0, 0)), 0.5)
    assert found is not None
    assert (found.value, found.lower, found.upper, found.n) == (7.5, 5, 10, 40)
    long = quantile(Histogram(EDGES, (1, 0, 0, 0, 9)), 0.9)
    assert long is not None
    assert (long.value, long.lower) == (None, 40)
    assert quantile(Histogram(EDGES, (0,) * 5), 0.5) is None
    assert share_below(Histogram(EDGES, (1, 2, 3, 4, 5)), 20) == (6, 15)
    assert share_below(Histogram(EDGES, (1, 2, 3, 4, 5)), 15) is None


def test_bins_that_differ_or_overlap_are_refused() -> None:
    with pytest.raises(UnequalBins, match="0, 5, 10, 20, 40"):
        pooled([Histogram(EDGES, (1,) * 5), Histogram((0, 15), (1, 1))])
    with pytest.raises(ValueError, match="bins overlap: one starts at 10 and the next at 5"):
        Histogram((0, 10, 5), (1, 1, 1))
    with pytest.raises(ValueError, match="-1 is not a count"):
        Histogram((0, 10), (1, -1))


@pytest.mark.parametrize(("n", "target"), [(10, 0.5), (37, 0.9), (400, 0.03), (5000, 0.991)])
def test_funnel_limits_are_the_binomial_ones(n: int, target: float) -> None:
    for tail in (0.001, 0.025, 0.975, 0.999):
        count = next(r for r in range(n + 1) if binom.cdf(r, n, target) >= tail)
        inside = (binom.cdf(count, n, target) - tail) / binom.pmf(count, n, target)
        assert limit(n, target, tail) == pytest.approx(max(0.0, (count - inside) / n), abs=1e-9)
    bounds = limits(n, target)
    assert bounds.outer_low <= bounds.inner_low <= target <= bounds.inner_high <= bounds.outer_high


def test_a_small_centre_is_not_called_different_for_one_case() -> None:
    found = funnel([(900, 1000), (880, 1000), (2, 4), (600, 1000)], disperse=False)
    assert found is not None
    assert [place.outside for place in found.places] == ["outer", "outer", "", "outer"]
    wide = funnel([(900, 1000), (880, 1000), (2, 4), (600, 1000)])
    assert wide is not None
    assert wide.widened
    assert [place.outside for place in wide.places] == ["", "", "", ""]


def test_one_of_a_handful_that_lies_far_out_does_not_widen_the_limits_until_it_fits() -> None:
    cases = [(900, 1000)] * 5 + [(600, 1000)]
    found = funnel(cases)
    assert found is not None
    assert [place.outside for place in found.places] == [""] * 5 + ["outer"]
    z = sorted(2 * math.sqrt(n) * (math.asin(math.sqrt(k / n)) - math.asin(math.sqrt(0.85))) for k, n in cases)
    low, high = np.quantile(z, [0.1, 0.9])
    assert found.dispersion == pytest.approx(np.mean(np.clip(z, low, high) ** 2))


def test_rates_and_ratios_are_exact() -> None:
    rate = event_rate(30, 20_000)
    assert rate is not None
    assert rate.value == 15
    assert poisson.sf(29, rate.lower * 2) == pytest.approx(0.025, abs=1e-6)
    assert poisson.cdf(30, rate.upper * 2) == pytest.approx(0.025, abs=1e-6)
    assert event_rate(3, 0) is None
    ratio = rate_ratio((30, 10_000), (15, 10_000))
    assert ratio is not None
    assert ratio.upper is not None
    assert (round(ratio.value or 0, 2), round(ratio.lower, 2), round(ratio.upper, 2)) == (2.0, 1.04, 4.0)
    assert ratio.p == pytest.approx(binomtest(30, 45, 0.5).pvalue)
    assert rate_ratio((0, 10), (0, 10)) is None


def test_false_discoveries_are_held_down() -> None:
    # Benjamini and Hochberg 1995, table of 15 p-values: four stand at 0.05
    values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
              0.7590, 1.0000]  # fmt: skip
    assert sum(discoveries(values)) == 4
    small = rate_ratio((11_000, 100_000), (10_000, 100_000))
    assert small is not None
    assert small.p < 1e-6
    assert beyond_chance([small]) == [False]
    told = [rate_ratio((300, 10_000), (100, 10_000)), rate_ratio((100, 10_000), (300, 10_000)),
            rate_ratio((100, 10_000), (0, 10_000)), rate_ratio((11, 10_000), (8, 10_000))]  # fmt: skip
    assert beyond_chance([one for one in told if one]) == [True, True, True, False]


def test_alpha_of_krippendorffs_own_data() -> None:
    coders = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    assert alpha(list(zip(*coders, strict=True))) == pytest.approx(0.743, abs=5e-4)
    assert alpha([["a", "a"], ["b", "b"]]) == 1
    assert alpha([["a"], ["b"]]) is None


def test_threshold_is_the_lowest_that_holds() -> None:
    sure = [(0.9, True)] * 60 + [(0.4, False)] * 40
    found = threshold(sure)
    assert (found.threshold, found.answered, found.right, found.coverage) == (0.9, 60, 60, 0.6)
    silent = threshold(sure[:49])
    assert (silent.threshold, silent.answered, silent.right, silent.coverage, silent.precision) == (None, 0, 0, 0, None)
    assert threshold([(0.9, at >= 5) for at in range(50)]).threshold is None  # 90 % are right, perhaps fewer
    assert threshold([(0.9, at % 2 == 0) for at in range(200)]).threshold is None
    assert threshold([(0.5, True)] * 50 + [(0.5, False)] * 50).threshold is None  # equal ones stand or fall together


def test_unmeasured_minutes_are_neither_up_nor_down() -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    probes = [Probe(start + timedelta(minutes=5 * at), at not in (3, 7, 8, 9)) for at in range(12)]
    found = probed(probes, agreed=240)
    assert (found.up, found.down, found.measured) == (40, 20, 0.25)
    assert found.share == pytest.approx(2 / 3)
    assert [(one.since, one.until) for one in outages(probes)] == [
        (start + timedelta(minutes=35), start + timedelta(minutes=50))
    ]
    assert probed([], 240).share is None
    apart = [Probe(start, False), Probe(start + timedelta(hours=1), False)]
    assert outages(apart) == []


def test_reported_and_promised_minutes_must_fit() -> None:
    assert promised(43_200, 43_200) == 1
    assert reported(1000, 10, 40) == 0.95
    with pytest.raises(ValueError, match="do not fit"):
        reported(100, 60, 60)
    with pytest.raises(ValueError, match="do not fit a month"):
        promised(50_000, 43_200)
