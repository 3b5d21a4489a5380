"""When a series is to be asked for again: so many days after it was received, later where asking has failed.

When its publisher has something new is another question, which a day of ours does not answer
(``answers.freshness.editions``).

Pure but for the clock it is given. The embedded dataset counts as received on its own date; a series that was never
received counts from the beginning of the record.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from dashboard.evidence.gathering.plan import Planned

FIRST_WAIT = timedelta(hours=1)
"""Before a series that failed is asked for again; doubles with each failure in a row. Ours."""

LONGEST_WAIT = timedelta(days=7)
"""However often a series has failed, it is tried again after this long. Ours."""

Standing = Mapping[tuple[str, str, str], Mapping[str, Any]]
"""Source, series and indicator → its last outcome, a row of ``runs.LAST_OUTCOMES_SCHEMA``."""


def group_by_series(standing: pl.DataFrame) -> Standing:
    """Return the rows of ``runs.read_last_outcomes`` by what they are about."""
    return {(row["source"], row["series"], row["indicator"]): row for row in standing.iter_rows(named=True)}


def find_next_due(planned: Planned, standing: Standing, began: datetime) -> datetime:
    """Return the moment from which on a series is due.

    Args:
        standing: the last outcomes.
        began: moment of the first vintage.
    """
    wait = timedelta(days=planned.source.info.of(planned.link.series).asked_every_days)
    outcome = standing.get(planned.key)
    if outcome is None:
        return began + wait
    received: datetime = outcome["last_success_at"] or began
    if not outcome["failures"]:
        return received + wait
    failed: datetime = outcome["retrieved_at"]
    return max(received + wait, failed + pause(outcome["failures"]))


def pause(failures: int) -> timedelta:
    """Return how long to leave a publisher alone after so many failures in a row."""
    return min(FIRST_WAIT * (1 << min(failures - 1, 20)), LONGEST_WAIT)


def select_due(planned: Iterable[Planned], standing: Standing, began: datetime, now: datetime) -> list[Planned]:
    """Return the series that are due."""
    return [task for task in planned if find_next_due(task, standing, began) <= now]
