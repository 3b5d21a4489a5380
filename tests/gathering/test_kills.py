"""Killed at any moment, a gathering leaves the old dataset or the new; ``tests.bench.kills`` does it 100 times."""

import pytest

from tests.bench.kills import alone, kill

KILLS = 4


@pytest.mark.timeout(300)
def test_killed_at_random_moments(database_url: str) -> None:
    with alone(database_url) as (settings, publisher):
        tally = kill(settings, publisher, KILLS, seed=11)
    assert tally.faults == []
    assert tally.old + tally.new == KILLS
