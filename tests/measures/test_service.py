"""Service metrics: added up before they are divided, not applicable instead of zero, no arrow where none is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures.delivery import service
from tests.reference import Vector, agree, reproduces


@reproduces("service", "waiting_time_summary")
def test_waiting(vector: Vector) -> None:
    found = service.waiting(vector["inputs"]["minutes"], vector["inputs"]["standard"])
    agree(vector, {"median": found.median, "p90": found.p90, "share_within_standard": found.within_standard})


@reproduces("service", "pool_numerators_and_denominators")
def test_pooling(vector: Vector) -> None:
    found = service.pooled((it["completed"], it["started"]) for it in vector["inputs"]["centres"])
    agree(vector, {"completion_percent": found.value})


@reproduces("service", "completion_rate")
def test_completion(vector: Vector) -> None:
    found = service.completion(**vector["inputs"])
    agree(vector, {"value": found.value, "kind": found.kind})
    assert service.completion(3, 4).kind == "value"


@reproduces("service", "digital_take_up")
def test_take_up(vector: Vector) -> None:
    agree(vector, {"percent": service.digital_take_up(**vector["inputs"]).value})


@reproduces("service", "cost_per_transaction")
def test_cost(vector: Vector) -> None:
    found = service.cost_per_transaction(*vector["inputs"].values())
    agree(vector, {"local": found.local, "ppp": found.ppp})
    assert service.cost_per_transaction(100, 10).ppp is None
    assert service.cost_per_transaction(100, 0) is None


@reproduces("service", "no_show_rate")
def test_no_show(vector: Vector) -> None:
    found = service.no_show(**vector["inputs"])
    agree(vector, {"no_show": found.numerator, "percent": found.value})


@reproduces("service", "complaints_per_10000")
def test_complaints_have_no_arrow(vector: Vector) -> None:
    pairs = list(zip(vector["inputs"]["complaints"], vector["inputs"]["transactions"], strict=True))
    found = service.complaints(pairs)
    agree(vector, {"rates": [it.value for it in found.rates], "arrow": found.arrow, "reason": found.reason})


@reproduces("service", "availability")
def test_availability(vector: Vector) -> None:
    agree(vector, {"percent": service.availability(*vector["inputs"].values()).value})


@reproduces("service", "population_coverage")
def test_coverage(vector: Vector) -> None:
    agree(vector, {"percent": service.coverage(*vector["inputs"].values()).value})


@reproduces("service", "mystery_shopper_score")
def test_mystery_shopping(vector: Vector) -> None:
    visits = [(it["met"], it["applicable"]) for it in vector["inputs"]["visits"]]
    agree(vector, {"score": service.mystery_shopping(visits).value})


@reproduces("service", "cohen_kappa_two_raters")
def test_kappa(vector: Vector) -> None:
    agree(vector, {"kappa": service.kappa(vector["inputs"]["table"])})
    assert service.kappa([[5, 0], [0, 0]]) is None
    assert service.kappa([[0, 0], [0, 0]]) is None
    with pytest.raises(ValueError, match="square"):
        service.kappa([[1, 2, 3], [4, 5, 6]])


def test_a_part_is_never_larger_than_its_whole():
    for metric in (service.completion, service.digital_take_up, service.coverage):
        with pytest.raises(ValueError, match="larger than the whole"):
            metric(5, 4)
    with pytest.raises(ValueError, match="negative"):
        service.no_show(5, 6)
    assert service.waiting([], 15) is None


PAIRS = st.lists(st.integers(0, 1000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1)


@given(PAIRS, st.randoms())
def test_pooling_depends_neither_on_order_nor_on_how_centres_are_grouped(pairs, random):
    whole = service.pooled(pairs)
    shuffled = random.sample(pairs, len(pairs))
    assert service.pooled(shuffled).value == whole.value
    half = service.pooled(pairs[: len(pairs) // 2])
    assert service.pooled([(half.numerator, half.denominator), *pairs[len(pairs) // 2 :]]).value == whole.value
    rates = [100 * part / of for part, of in pairs if of]
    if rates:
        assert min(rates) - 1e-9 <= whole.value <= max(rates) + 1e-9
    else:
        assert whole.kind == "not_applicable"


@given(st.lists(st.integers(0, 600), min_size=1), st.integers(0, 600))
def test_half_wait_no_longer_than_the_median_and_nine_in_ten_no_longer_than_p90(minutes, standard):
    found = service.waiting(minutes, standard)
    assert min(minutes) <= found.median <= found.p90 <= max(minutes)
    assert 2 * sum(it <= found.median for it in minutes) >= len(minutes)
    assert 0 <= found.within_standard <= 1
    assert service.waiting(sorted(minutes, reverse=True), standard) == found


def test_metrics_by_hand():
    assert service.availability(200, 50).value == service.coverage(3, 4).value == 75
    assert service.no_show(8, 6) == service.Rate(25, 2, 8)
    assert service.complaints([(3, 6000), (0, 0)]).rates == (service.Rate(5, 3, 6000), service.Rate(None, 0, 0))
    assert service.completion(4, 4).value == 100
    assert service.pooled([(0, 5)]).value == 0
    assert service.cost_per_transaction(600, 3, 4) == service.Cost(200, 50)
    for parts in ([(-1, 5)], [(1, 2), (1, -2)]):
        with pytest.raises(ValueError, match="negative"):
            service.pooled(parts)


@pytest.mark.parametrize(
    ("minutes", "median", "p90", "within"),
    [
        ([7], 7, 7, 1), ([20, 10], 15, 19, 0.5), ([16], 16, 16, 0),
        ([15, 0, 10, 5, 20, 25, 30, 35, 40, 45, 55], 25, 45, 4 / 11),
    ],
)  # fmt: skip
def test_waiting_times_are_interpolated_between_those_around_the_place(minutes, median, p90, within):
    """R: quantile(x, c(.5, .9)); whoever waits exactly the standard of 15 minutes is within it."""
    found = service.waiting(minutes, 15)
    assert (found.n, found.median, found.p90, found.within_standard) == pytest.approx(
        (len(minutes), median, p90, within)
    )


@pytest.mark.parametrize(
    ("table", "kappa"),
    [([[3, 0], [0, 5]], 1), ([[0, 3], [3, 0]], -1), ([[1, 1], [1, 1]], 0), ([[20, 5], [10, 15]], 0.4),
     ([[6, 1, 0], [0, 2, 1], [2, 0, 3]], 4 / 7)],
)  # fmt: skip
def test_kappa_is_agreement_beyond_chance(table, kappa):
    """The fourth is the example of the textbooks: agreed 0.7, by chance 0.5; the last 11/15 and 85/225."""
    assert service.kappa(table) == pytest.approx(kappa)
