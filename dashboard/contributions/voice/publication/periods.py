"""Months that were told, added up: what a page shows of a year of opinions. Nothing is told that no month told.

``pool_months(rows, months) -> PooledMonths``: of one place or several, each theme and answer summed over its months.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.contributions.delivery.people.withholding import months_between
from dashboard.contributions.voice.publication.given import TABLES, find_question
from dashboard.contributions.voice.tables import VoiceCount

YEAR = 12
"""Months of which pages tell where nobody asks for others: the newest alone hid what eleven had told."""


@dataclass(frozen=True, slots=True)
class PooledMonths:
    """Counts of months together, as rows of the last; ``first`` and ``last`` are the months that were told of."""

    first: date
    last: date
    rows: tuple[VoiceCount, ...]


def pool_months(rows: Sequence[VoiceCount], months: int = YEAR) -> PooledMonths | None:
    """Return the last months of a release together; None where there are no rows.

    A theme is summed over the months in which it is told, with the transactions of these; it stays hidden where it is
    told in none. A question is summed over the months in which each of its answers is told, so that they add up.

    Args:
        rows: themes or answers of a release.
        months: how many, back from the newest.
    """
    if not rows:
        return None
    last = max(row.month for row in rows)
    kept = [row for row in rows if months_between(row.month, last) < months]
    partly = {
        (row.centre, row.month, find_question(row.theme))
        for row in kept
        if find_question(row.theme) in TABLES and row.n is None
    }
    found: dict[tuple[str, str], VoiceCount] = {}
    for row in kept:
        told = row.n is not None and (row.centre, row.month, find_question(row.theme)) not in partly
        together = found.get((row.centre, row.theme))
        if together is None or (together.n is None and told):
            new = row.model_copy(update={"month": last, "n": row.n if told else None})
            found[row.centre, row.theme] = new
        elif told:
            together.n = (together.n or 0) + (row.n or 0)
            together.transactions = _sum(together.transactions, row.transactions)
    return PooledMonths(min(row.month for row in kept), last, tuple(found.values()))


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
