"""Service metrics: added up before they are divided, and not applicable instead of zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.measures.delivery import service
from tests.reference import Vector, agree, reproduces


@reproduces("service", "pool_numerators_and_denominators")
def test_pooling(vector: Vector) -> None:
    found = service.pool_rate((it["completed"], it["started"]) for it in vector["inputs"]["centres"])
    agree(vector, {"completion_percent": found.value})


@reproduces("service", "cost_per_transaction")
def test_cost(vector: Vector) -> None:
    found = service.compute_cost_per_transaction(*vector["inputs"].values())
    agree(vector, {"local": found.local, "ppp": found.ppp})
    assert service.compute_cost_per_transaction(100, 10).ppp is None
    assert service.compute_cost_per_transaction(100, 0) is None
    assert service.compute_cost_per_transaction(600, 3, 4) == service.Cost(200, 50)


PAIRS = st.lists(st.integers(0, 1000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1)


@given(PAIRS, st.randoms())
def test_pooling_depends_neither_on_order_nor_on_how_centres_are_grouped(pairs, random):
    whole = service.pool_rate(pairs)
    assert service.pool_rate(random.sample(pairs, len(pairs))).value == whole.value
    half = service.pool_rate(pairs[: len(pairs) // 2])
    assert service.pool_rate([(half.numerator, half.denominator), *pairs[len(pairs) // 2 :]]).value == whole.value
    rates = [100 * part / of for part, of in pairs if of]
    if rates:
        assert min(rates) - 1e-9 <= whole.value <= max(rates) + 1e-9
    else:
        assert whole.kind == "not_applicable"


def test_rates_by_hand():
    assert service.pool_rate([(0, 5)]) == service.Rate(0, 0, 5)
    assert service.pool_rate([(3, 6000)], 10_000) == service.Rate(5, 3, 6000)
    assert service.pool_rate([(0, 0)]) == service.Rate(None, 0, 0)
    for parts in ([(-1, 5)], [(1, 2), (1, -2)]):
        with pytest.raises(ValueError, match="negative"):
            service.pool_rate(parts)
