"""Histograms, funnels, rates, agreement and availability against published examples and brute force."""

import math
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, poisson

from dashboard.analysis.measures.counts.coding import compute_krippendorff_alpha, find_threshold
from dashboard.analysis.measures.counts.funnel import FunnelLimits, compute_limit, compute_limits, place_on_funnel
from dashboard.analysis.measures.counts.histogram import Histogram, UnequalBins, estimate_quantile, pool_histograms
from dashboard.analysis.measures.counts.rates import (
    Ratio,
    bound_events,
    estimate_event_rate,
    estimate_rate_ratio,
    find_discoveries,
    find_ratios_beyond_chance,
)
from dashboard.analysis.measures.counts.uptime import UptimeProbe, find_outages, sum_probes
from tests.given import some

EDGES = (0.0, 5.0, 10.0, 20.0, 40.0)


def test_pooled_quantiles_lie_in_the_bin_of_the_exact_ones() -> None:
    chance = Random(7)
    for _ in range(50):
        centres = [[chance.expovariate(1 / 9) for _ in range(chance.randint(1, 80))] for _ in range(5)]
        whole = pool_histograms(
            Histogram(EDGES, tuple(np.histogram(values, [*EDGES, math.inf])[0].tolist())) for values in centres
        )
        assert whole is not None
        everyone = sorted(value for values in centres for value in values)
        for p in (0.5, 0.9):
            exact = everyone[math.ceil(p * len(everyone)) - 1]
            found = some(estimate_quantile(whole, p))
            assert found.lower <= exact < (math.inf if found.upper is None else found.upper)
            assert (found.value is None) == (found.upper is None)


def test_a_quantile_by_hand() -> None:
    found = some(estimate_quantile(Histogram(EDGES, (10, 20, 10, 0, 0)), 0.5))
    assert (found.value, found.lower, found.upper, found.n) == (7.5, 5, 10, 40)
    long = some(estimate_quantile(Histogram(EDGES, (1, 0, 0, 0, 9)), 0.9))
    assert (long.value, long.lower) == (None, 40)
    assert estimate_quantile(Histogram(EDGES, (0,) * 5), 0.5) is None


def test_bins_that_differ_or_overlap_are_refused() -> None:
    with pytest.raises(UnequalBins, match="0, 5, 10, 20, 40"):
        pool_histograms([Histogram(EDGES, (1,) * 5), Histogram((0, 15), (1, 1))])
    with pytest.raises(ValueError, match="bins overlap: one starts at 10 and the next at 5"):
        Histogram((0, 10, 5), (1, 1, 1))
    with pytest.raises(ValueError, match="-1 is not a count"):
        Histogram((0, 10), (1, -1))


@pytest.mark.parametrize(("n", "target"), [(10, 0.5), (37, 0.9), (400, 0.03), (5000, 0.991)])
def test_funnel_limits_are_the_binomial_ones(n: int, target: float) -> None:
    for tail in (0.001, 0.025, 0.975, 0.999):
        count = int((binom.cdf(np.arange(n + 1), n, target) < tail).sum())
        inside = (binom.cdf(count, n, target) - tail) / binom.pmf(count, n, target)
        assert compute_limit(n, target, tail) == pytest.approx(max(0.0, (count - inside) / n), abs=1e-9)
    bounds = compute_limits(n, target)
    assert bounds.outer_low <= bounds.inner_low <= target <= bounds.inner_high <= bounds.outer_high


def test_a_small_centre_is_not_called_different_for_one_case() -> None:
    found = some(place_on_funnel([(900, 1000), (880, 1000), (2, 4), (600, 1000)], disperse=False))
    assert [place.outside for place in found.places] == ["outer", "outer", "", "outer"]
    wide = some(place_on_funnel([(900, 1000), (880, 1000), (2, 4), (600, 1000)]))
    assert wide.widened
    assert [place.outside for place in wide.places] == ["", "", "", ""]


def test_one_of_a_handful_that_lies_far_out_does_not_widen_the_limits_until_it_fits() -> None:
    found = some(place_on_funnel([(900, 1000)] * 5 + [(600, 1000)]))
    assert [place.outside for place in found.places] == [""] * 5 + ["outer"]


def test_rates_and_ratios_are_exact() -> None:
    rate = some(estimate_event_rate(30, 20_000))
    assert rate.value == 15
    assert poisson.sf(29, rate.lower * 2) == pytest.approx(0.025, abs=1e-6)
    assert poisson.cdf(30, rate.upper * 2) == pytest.approx(0.025, abs=1e-6)
    assert estimate_event_rate(3, 0) is None
    ratio = some(estimate_rate_ratio((30, 10_000), (15, 10_000)))
    assert ratio.upper is not None
    assert (round(ratio.value or 0, 2), round(ratio.lower, 2), round(ratio.upper, 2)) == (2.0, 1.04, 4.0)
    assert ratio.p == pytest.approx(binomtest(30, 45, 0.5).pvalue)
    assert estimate_rate_ratio((0, 10), (0, 10)) is None


def test_false_discoveries_are_held_down() -> None:
    # Benjamini and Hochberg 1995, table of 15 p-values: four stand at 0.05
    values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
              0.7590, 1.0000]  # fmt: skip
    assert sum(find_discoveries(values)) == 4
    small = some(estimate_rate_ratio((11_000, 100_000), (10_000, 100_000)))
    assert small.p < 1e-6
    assert find_ratios_beyond_chance([small]) == [False]
    told = [
        estimate_rate_ratio((300, 10_000), (100, 10_000)),
        estimate_rate_ratio((100, 10_000), (300, 10_000)),
        estimate_rate_ratio((100, 10_000), (0, 10_000)),
        estimate_rate_ratio((11, 10_000), (8, 10_000)),
    ]
    assert find_ratios_beyond_chance([one for one in told if one]) == [True, True, True, False]


def test_alpha_of_krippendorffs_own_data() -> None:
    coders = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    assert compute_krippendorff_alpha(list(zip(*coders, strict=True))) == pytest.approx(0.743, abs=5e-4)
    assert compute_krippendorff_alpha([["a", "a"], ["b", "b"]]) == 1
    assert compute_krippendorff_alpha([["a"], ["b"]]) is None


def test_threshold_is_the_lowest_that_holds() -> None:
    sure = [(0.9, True)] * 60 + [(0.4, False)] * 40
    found = find_threshold(sure)
    assert (found.threshold, found.answered, found.right, found.coverage) == (0.9, 60, 60, 0.6)
    silent = find_threshold(sure[:49])
    assert (silent.threshold, silent.answered, silent.right, silent.coverage, silent.precision) == (None, 0, 0, 0, None)
    assert find_threshold([(0.9, at >= 5) for at in range(50)]).threshold is None  # 90 % are right, perhaps fewer
    assert find_threshold([(0.9, at % 2 == 0) for at in range(200)]).threshold is None
    assert (
        find_threshold([(0.5, True)] * 50 + [(0.5, False)] * 50).threshold is None
    )  # equal ones stand or fall together


def test_unmeasured_minutes_are_neither_up_nor_down() -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    probes = [UptimeProbe(start + timedelta(minutes=5 * at), at not in (3, 7, 8, 9)) for at in range(12)]
    found = sum_probes(probes, agreed=240)
    assert (found.up, found.down, found.measured) == (40, 20, 0.25)
    assert found.share == pytest.approx(2 / 3)
    assert [(one.since, one.until) for one in find_outages(probes)] == [
        (start + timedelta(minutes=35), start + timedelta(minutes=50))
    ]
    assert sum_probes([], 240).share is None
    assert find_outages([UptimeProbe(start, False), UptimeProbe(start + timedelta(hours=1), False)]) == []


@pytest.mark.parametrize(
    ("p", "value", "lower", "upper"),
    [
        (0.1, 4.0, 0, 5),  # 4 of the 5 cases of the first bin
        (0.125, 5.0, 0, 5),  # the last case of a bin ends it
        (0.25, 15.0, 10, 20),  # an empty bin is passed over
        (0.5, None, 40, None),  # the last bin is open
        (0.99, None, 40, None),
    ],
)
def test_quantiles_at_the_ends_of_bins(p: float, value: float | None, lower: float, upper: float | None) -> None:
    found = some(estimate_quantile(Histogram(EDGES, (5, 0, 10, 0, 25)), p))
    assert (found.value, found.lower, found.upper, found.n) == (value, lower, upper, 40)


@pytest.mark.parametrize("p", [0.0, 1.0, -0.1])
def test_the_whole_has_no_quantile(p: float) -> None:
    with pytest.raises(ValueError, match="not a share between 0 and 1"):
        estimate_quantile(Histogram(EDGES, (1,) * 5), p)


def test_bins_are_refused_that_are_not_bins_and_none_are_pooled_from_nothing() -> None:
    assert pool_histograms([]) is None
    for edges, counts in (((), ()), ((0, 10), (1,)), ((0, 0), (1, 1))):
        with pytest.raises(ValueError, match=r"one count for each bin|bins overlap"):
            Histogram(edges, counts)


@pytest.mark.parametrize(
    ("share", "outside"),
    [(0.0, "outer"), (0.1, "inner"), (0.15, "inner"), (0.2, ""), (0.8, ""), (0.85, "inner"), (0.9, "inner"),
     (0.95, "outer")],
)  # fmt: skip
def test_a_share_on_a_limit_is_not_outside_of_it(share: float, outside: str) -> None:
    assert FunnelLimits(10, 0.1, 0.2, 0.8, 0.9).find_breached(share) == outside


def test_limits_are_widened_by_the_root_of_dispersion_and_never_narrowed_and_stay_shares() -> None:
    plain, wide = compute_limits(100, 0.4), compute_limits(100, 0.4, 4.0)
    for name in ("outer_low", "inner_low", "inner_high", "outer_high"):
        assert getattr(wide, name) - 0.4 == pytest.approx(2 * (getattr(plain, name) - 0.4))
    assert compute_limits(100, 0.4, 0.25) == plain
    edge = compute_limits(1, 0.97, 25.0)
    assert (edge.outer_low, edge.outer_high) == (0, 1)
    assert (compute_limits(7, 0.0), compute_limits(7, 1.0)) == (
        FunnelLimits(7, 0, 0, 0, 0),
        FunnelLimits(7, 1, 1, 1, 1),
    )
    for n, target in ((0, 0.5), (5, -0.1), (5, 1.1)):
        with pytest.raises(ValueError, match="no limits"):
            compute_limits(n, target)


@pytest.mark.parametrize("centres", [3, 10, 25])
def test_dispersion_is_the_mean_square_of_winsorised_z(centres: int) -> None:
    """Held against the quantiles of NumPy, which are those of R: between neighbours."""
    chance = Random(centres)
    cases = [(chance.randint(0, n), n) for n in (chance.randint(1, 60) for _ in range(centres))]
    target = sum(counted for counted, _ in cases) / sum(n for _, n in cases)
    z = [2 * math.sqrt(n) * (math.asin(math.sqrt(k / n)) - math.asin(math.sqrt(target))) for k, n in cases]
    expected = float((np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2).mean())
    found = some(place_on_funnel(cases))
    assert (found.dispersion, found.widened) == (pytest.approx(expected), expected > 1)
    assert [(one.share, one.n, one.limits) for one in found.places] == [
        (k / n, n, compute_limits(n, target, found.dispersion)) for k, n in cases
    ]


def test_a_funnel_has_only_centres_with_cases() -> None:
    assert place_on_funnel([]) is None
    for cases in ([(0, 0)], [(3, 2)], [(-1, 2)]):
        with pytest.raises(ValueError, match="at least one case"):
            place_on_funnel(cases)
    even = some(place_on_funnel([(0, 1), (1, 1)], disperse=False))
    assert (even.target, even.dispersion, even.widened) == (0.5, 1.0, False)


def test_rates_without_events_and_without_end() -> None:
    none = some(estimate_event_rate(0, 10_000))
    assert (none.value, none.lower, none.upper) == (0, 0, pytest.approx(-math.log(0.025)))
    for counts in ((-1, 5), (1, -5)):
        with pytest.raises(ValueError, match="not negative"):
            estimate_event_rate(*counts)
    new = some(estimate_rate_ratio((3, 1000), (0, 500)))
    assert (new.value, new.upper, new.p) == (None, None, pytest.approx(15 / 27))  # all but two of three
    # of three events none before: R such that (R·1000/(R·1000 + 500))³ = 0.025
    assert (new.lower * 1000 / (new.lower * 1000 + 500)) ** 3 == pytest.approx(0.025)
    for now, before in (((1, 0), (1, 10)), ((1, 10), (1, 0))):
        assert estimate_rate_ratio(now, before) is None


@given(st.integers(1, 40), st.integers(1, 40), st.integers(50, 5000), st.integers(50, 5000))
def test_a_ratio_asked_the_other_way_is_its_inverse(first: int, second: int, t1: int, t2: int) -> None:
    there, back = estimate_rate_ratio((first, t1), (second, t2)), estimate_rate_ratio((second, t2), (first, t1))
    assert there.value == pytest.approx(first / t1 / (second / t2))
    assert (back.value, back.lower, back.upper) == pytest.approx((1 / there.value, 1 / there.upper, 1 / there.lower))
    assert there.lower < there.value < there.upper


def test_a_p_on_its_step_stands_and_a_ratio_of_exactly_a_fifth_more_is_told() -> None:
    assert find_discoveries([]) == []
    assert find_discoveries([0.06]) == [False]
    assert find_discoveries([0.05]) == [True]
    assert find_discoveries([0.05, 0.05]) == [True, True]
    assert find_discoveries([0.9, 0.03, 0.8, 0.012]) == [False, False, False, True]
    told = [Ratio(value, 0.5, 2.0, 0.001) for value in (1.2, 1.19, 1 / 1.2, 0.84, None)]
    assert find_ratios_beyond_chance(told) == [True, False, True, False, True]


def test_alpha_is_of_pairs_and_wants_two_codes_to_tell_apart() -> None:
    assert compute_krippendorff_alpha([["a", "a"], ["a", None]]) is None
    assert compute_krippendorff_alpha([["a", "b"]]) == 0
    # differing pairs: 2 of 6 observed, 18 of 30 expected of three a and three b
    assert compute_krippendorff_alpha([["a", "a"], ["b", "b"], ["a", "b"]]) == pytest.approx(1 - (1 / 3) / (18 / 30))
    # a unit of three codes weighs its pairs by a half: Krippendorff 2011, section C
    assert compute_krippendorff_alpha([["a", "a", "b"], ["b", "b"]]) == pytest.approx(1 - (2 / 5) / (12 / 20))


@pytest.mark.parametrize(("sure", "of", "lowest"), [(15, 50, 0.9), (14, 50, None), (50, 50, 0.9), (49, 49, None)])
def test_a_threshold_wants_fifty_labels_and_a_limit_of_nine_in_ten(sure: int, of: int, lowest: float | None) -> None:
    """All right: the limit is n/(n + 1.2816²), which reaches 0.90 at fifteen."""
    found = find_threshold([(0.9, True)] * sure + [(0.1, False)] * (of - sure))
    assert (found.threshold, found.n, found.coverage) == (lowest, of, sure / of if lowest else 0.0)
    assert found.precision == (1.0 if lowest else None)
    assert found.lower == (pytest.approx(sure / (sure + 1.2815516**2)) if lowest else None)


def test_uptime_is_of_what_was_measured() -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    over = sum_probes([UptimeProbe(start, True)] * 3, agreed=10)
    assert (over.up, over.down, over.share, over.measured) == (15, 0, 1, 1)
    assert sum_probes([UptimeProbe(start, True)], agreed=0).measured == 0


def test_an_outage_lasts_from_the_first_failure_to_the_next_success_or_has_no_end() -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)

    def found(*failed_at: float, up: tuple[int, ...] = ()) -> list[tuple[int, int | None, int]]:
        """From minute, to minute, failures; asked newest first."""
        probes = [
            UptimeProbe(start + timedelta(minutes=at), at in up) for at in sorted({*failed_at, *up}, reverse=True)
        ]
        minutes = [(one.since, one.until, one.probes) for one in find_outages(probes)]
        return [(int((a - start).seconds / 60), b and int((b - start).seconds / 60), n) for a, b, n in minutes]

    assert found(5, 10, up=(0, 15)) == [(5, 15, 2)]
    assert found(5, up=(0, 10)) == []
    assert found(0, 10) == [(0, None, 2)]  # two steps apart are in a row
    assert found(0, 10.02) == []
    assert found(0, 5, 20, 25, 30, up=(35,)) == [(0, None, 2), (20, 35, 3)]


@pytest.mark.parametrize(("events", "transactions", "coming"), [(12, 1000, 100), (0, 1000, 100), (144, 12000, 1000)])
def test_the_bound_of_coming_events_is_that_of_the_integral(events: int, transactions: int, coming: int) -> None:
    """The predictive distribution again, as a Poisson count over the rates that the history leaves, by quadrature."""
    middle = np.sqrt(np.linspace(1e-6, 12 * (events + 2) / transactions, 400_001))  # even in the root: no pole at 0
    rates = middle**2
    steps = np.gradient(rates)
    logs = (events - 0.5) * np.log(rates) - rates * transactions
    weights = np.exp(logs - logs.max()) * steps
    weights /= weights.sum()

    def above(count: int) -> float:
        return float((weights * poisson.sf(count, rates * coming)).sum())

    bound = bound_events(events, transactions, coming)
    assert above(bound) <= 0.001 < above(bound - 1)
