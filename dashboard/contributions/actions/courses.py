"""The months of every centre's shares, as ``measures`` compares them; and which months are compared with which.

``courses(metric, reports) -> CentreCourses``; waiting is a share too: of visits that waited long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.analysis.measures.counts.surveillance import Courses, Pairs, make_courses, select_months
from dashboard.contributions.delivery.metrics import APART, RECENT, YEAR, DeliveryMetric, shifted
from dashboard.contributions.delivery.model import BINS, CentreReport, Told
from dashboard.contributions.delivery.people.withholding import months_between

YEARS = 3
"""Earlier years that a month is compared with, as far as they were sent."""

READ = YEAR + RECENT + YEARS * YEAR
"""Months of counts that a comparison may rest on: also that of a figure with one that was raised a year before."""

BEYOND = {"waiting_p50": 0.5, "waiting_p90": 0.1}
"""Share of visits that is counted as long, by metric of waiting."""


@dataclass(frozen=True, slots=True)
class CentreCourses:
    """Of one metric: codes of centres in the order of rows, the month of the first column, the counts."""

    metric: DeliveryMetric
    codes: tuple[str, ...]
    first: date
    counts: Courses

    def up_to(self, month: date) -> tuple[Courses, date]:
        """Return what is compared in a month: columns of so many months up to it, and the month of the first column."""
        last = months_between(self.first, month)
        first = max(0, last + 1 - READ)
        return select_months(self.counts, BEYOND.get(self.metric.id, 0.5), first, last), shifted(self.first, first)


def courses(metric: DeliveryMetric, reports: Mapping[str, Sequence[CentreReport]]) -> CentreCourses | None:
    """Counts of a metric by centre and month, from the first to the last that anybody sent; None where nothing was."""
    sent = [one.month for rows in reports.values() for one in rows]
    if not sent:
        return None
    first, codes = min(sent), tuple(sorted(reports))
    width = months_between(first, max(sent)) + 1
    cells = [[_Cell(len(BINS.get(metric.bins, ()))) for _ in range(width)] for _ in codes]
    for row, code in enumerate(codes):
        for one in reports[code]:
            cells[row][months_between(first, one.month)].add(metric, one)
    made = make_courses(
        [[cell.top for cell in row] for row in cells],
        [[cell.low for cell in row] for row in cells],
        [[cell.seen for cell in row] for row in cells],
        [[cell.bins for cell in row] for row in cells] if metric.bins else None,
    )
    return CentreCourses(metric, codes, first, made)


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
    """Return the recent months up to ``last``, each with the one half a year before: where there is no year yet."""
    return [(at, [at - APART]) for at in range(last - RECENT + 1, last + 1)]


def one_by_one(last: int, before: int) -> Pairs:
    """The recent months up to ``last``, each with the one as far from ``before``: where no earlier year was sent."""
    return [(last - back, [before - back]) for back in range(RECENT)]


def since(last: int, before: int) -> Pairs:
    """Return the months after ``before``, a year at most, each with the same one of the year up to ``before``."""
    months = range(max(before + 1, last - YEAR + 1), last + 1)
    return [(at, [at - YEAR * -(-(at - before) // YEAR)]) for at in months]


def months_of(pairs: Pairs, first: date, seen: Sequence[bool]) -> tuple[list[date], list[date], int]:
    """The months of a comparison that a centre sent on both sides, now and before; and of how many years those are."""
    known = [(at, [ago for ago in earlier if ago >= 0 and seen[ago]]) for at, earlier in pairs if seen[at]]
    now = [at for at, earlier in known if earlier]
    before = sorted({ago for _, earlier in known for ago in earlier})
    years = max((len(earlier) for at, earlier in known if not any((at - ago) % YEAR for ago in earlier)), default=0)
    return [shifted(first, at) for at in now], [shifted(first, at) for at in before], years
