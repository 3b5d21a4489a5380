"""Killed at any moment, a gathering leaves the old dataset or the new; ``tests.bench.kills`` does it 100 times."""

import pytest

from tests.bench.kills import STAGES, alone, kill

KILLS = 2 * len(STAGES)


@pytest.mark.nightly
@pytest.mark.timeout(300)
def test_killed_while_it_fetches_writes_and_publishes(database_url: str) -> None:
    with alone(database_url) as (settings, publisher):
        tally = kill(settings, publisher, KILLS, seed=11)
    assert tally.faults == []
    assert tally.old + tally.new == KILLS
    assert tally.hit["start"] == 0
    assert tally.hit["fetch"], tally.hit
    assert tally.hit["publish"], tally.hit
