"""The months of every centre's shares, as ``measures`` compares them; and which months are compared with which.

``courses(metric, reports, first, last) -> CentreCourses``; waiting is a share too: of visits that waited long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.delivery.metrics import APART, RECENT, YEAR, DeliveryMetric, shifted
from dashboard.delivery.model import BINS, CentreReport, Told
from dashboard.delivery.people.withholding import months_between
from dashboard.measures.counts.surveillance import Courses, Pairs, make_courses

YEARS = 3
"""Earlier years that a month is compared with, as far as they were sent."""

READ = RECENT + YEARS * YEAR
"""Months of counts that a comparison may rest on."""

BEYOND = {"waiting_p50": 0.5, "waiting_p90": 0.1}
"""Share of visits that is counted as long, by metric of waiting."""


@dataclass(frozen=True, slots=True)
class CentreCourses:
    """Of one metric: codes of centres in the order of rows, the month of the first column, the counts."""

    codes: tuple[str, ...]
    first: date
    counts: Courses

    def place(self, month: date) -> int:
        """The column of a month."""
        return months_between(self.first, month)


def courses(
    metric: DeliveryMetric, reports: Mapping[str, Sequence[CentreReport]], first: date, last: date
) -> CentreCourses:
    """Counts of a metric by centre and month, from ``first`` to ``last``."""
    codes, width = tuple(sorted(reports)), months_between(first, last) + 1
    cells = [[_Cell(len(BINS.get(metric.bins, ()))) for _ in range(width)] for _ in codes]
    for row, code in enumerate(codes):
        for one in reports[code]:
            column = months_between(first, one.month)
            if 0 <= column < width:
                cells[row][column].add(metric, one)
    made = make_courses(
        [[cell.top for cell in row] for row in cells],
        [[cell.low for cell in row] for row in cells],
        [[cell.seen for cell in row] for row in cells],
        [[cell.bins for cell in row] for row in cells] if metric.bins else None,
        BEYOND.get(metric.id, 0.5),
    )
    return CentreCourses(codes, first, made)


class _Cell:
    """What a centre counted of a metric in a month."""

    __slots__ = ("bins", "low", "seen", "top")

    def __init__(self, bins: int) -> None:
        self.top = self.low = 0.0
        self.seen = False
        self.bins = [0] * bins

    def add(self, metric: DeliveryMetric, one: CentreReport) -> None:
        """Add a report's counts, of people only what is told; counts that contradict themselves are none."""
        if metric.people:
            told = one.told.get(metric.id)
            self.seen |= told is not None and told != "contradictory"
            if isinstance(told, Told):
                self.top, self.low = self.top + told.numerator, self.low + told.denominator
        elif metric.bins:
            held = one.histograms.get(metric.bins)
            if held is not None:
                self.seen = True
                self.bins = [a + b for a, b in zip(self.bins, held.counts, strict=True)]
        elif all(name in one.counts for name in (*metric.numerator, *metric.denominator)):
            top, low = (sum(one.counts[name] for name in side) for side in (metric.numerator, metric.denominator))
            if 0 <= top <= low:
                self.seen, self.top, self.low = True, self.top + top, self.low + low


def same_months(last: int, before: int | None = None) -> Pairs:
    """The recent months up to ``last``, each with the same ones of earlier years, those before ``before`` alone."""
    end = last if before is None else before
    years = [YEAR * back for back in range(1, YEARS + 1)]
    return [(at, [at - lag for lag in years if at - lag < end]) for at in range(last - RECENT + 1, last + 1)]


def half_a_year_before(last: int) -> Pairs:
    """The recent months up to ``last``, each with the one half a year before: where there is no year yet."""
    return [(at, [at - APART]) for at in range(last - RECENT + 1, last + 1)]


def months_of(pairs: Pairs, first: date, seen: Sequence[bool]) -> tuple[list[date], list[date], int]:
    """The months of a comparison that a centre sent on both sides, now and before; and of how many years those are."""
    known = [(at, [ago for ago in earlier if ago >= 0 and seen[ago]]) for at, earlier in pairs if seen[at]]
    now = [at for at, earlier in known if earlier]
    before = sorted({ago for _, earlier in known for ago in earlier})
    years = max((len(earlier) for at, earlier in known if not any((at - ago) % YEAR for ago in earlier)), default=0)
    return [shifted(first, at) for at in now], [shifted(first, at) for at in before], years
