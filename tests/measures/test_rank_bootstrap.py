"""Ranks from microdata are as wide as the samples are small, repeatable, and refused where nothing can be known."""

from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.measures.rank_bootstrap import bootstrap_ranks
from dashboard.measures.survey import Design, NotEstimable

DESIGN = Design("w", stratum="h", psu="u")
YES = pl.col("y") == 1


def sample(share: float, per_unit: int = 20, units: int = 10) -> pl.DataFrame:
    """Two strata of ``units`` units each, with about this share of positive answers in every unit."""
    rows = [
        {"h": h, "u": f"{h}{u}", "w": 1.0, "y": int((at + u * 0.37) % per_unit < share * per_unit)}
        for h in "ab" for u in range(units) for at in range(per_unit)
    ]  # fmt: skip
    return pl.DataFrame(rows)


FAR = {name: sample(share) for name, share in zip("ABCDE", (0.9, 0.7, 0.5, 0.3, 0.1), strict=True)}


def test_samples_far_apart_have_one_place_each_and_the_direction_turns_it():
    up = bootstrap_ranks(FAR, YES, DESIGN, seed=1, replicates=200)
    down = bootstrap_ranks(FAR, YES, DESIGN, seed=1, replicates=200, higher_is_better=False)
    assert [(it.best, it.worst) for it in up.values()] == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]
    assert [(it.best, it.worst) for it in down.values()] == [(5, 5), (4, 4), (3, 3), (2, 2), (1, 1)]
    assert up["C"].share == pytest.approx(0.5, abs=0.05)


def test_samples_that_cannot_be_told_apart_share_places():
    chance = Random(3)
    near = {
        name: sample(0.5, 10, 3).with_columns(y=pl.Series([chance.randint(0, 1) for _ in range(60)])) for name in FAR
    }
    found = bootstrap_ranks(near, YES, DESIGN, seed=7, replicates=400)
    assert max(it.worst - it.best for it in found.values()) >= 1
    assert found == bootstrap_ranks(near, YES, DESIGN, seed=7, replicates=400)


def test_few_groups_lone_units_and_silence_are_refused():
    assert bootstrap_ranks(dict(list(FAR.items())[:4]), YES, DESIGN, seed=1) == {}
    lone = FAR | {"E": sample(0.5, units=1)}
    with pytest.raises(NotEstimable) as refused:
        bootstrap_ranks(lone, YES, DESIGN, seed=1, replicates=10)
    assert refused.value.reason == "single_psu"
    silent = FAR | {"E": sample(0.5).with_columns(y=pl.lit(None, pl.Int8))}
    with pytest.raises(NotEstimable) as refused:
        bootstrap_ranks(silent, YES, DESIGN, seed=1, replicates=10)
    assert refused.value.reason == "no_answers"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.05, 0.95), min_size=5, max_size=8), st.integers(0, 2**32))
def test_ranges_are_places_and_hold_the_order_of_the_shares(shares, seed):
    found = bootstrap_ranks(
        {str(at): sample(share, 10, 4) for at, share in enumerate(shares)}, YES, DESIGN, seed=seed, replicates=60
    )
    for one in found.values():
        assert 1 <= one.best <= one.worst <= len(shares)
        for other in found.values():
            if one.share > other.share + 1e-9:
                assert one.best <= other.worst
