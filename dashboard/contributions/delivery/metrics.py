"""The metrics of service delivery and how each comes from counts: add numerators, add denominators, divide once.

``metrics() -> dict``: rows of ``metrics.csv``. ``figure(metric, reports) -> Figure`` with n and interval; below 30
cases no rate. ``satisfaction(reports)`` adds response bounds and the test of the 99 per cent target; ``change(…)`` says
whether the last three months differ from three that ended half a year before, beyond error.
"""

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from dashboard.analysis.measures.counts.funnel import Funnel, place_on_funnel
from dashboard.analysis.measures.counts.histogram import Quantile, estimate_quantile, pool_histograms
from dashboard.analysis.measures.counts.rates import estimate_event_rate
from dashboard.analysis.measures.delivery.service import compute_cost_per_transaction
from dashboard.analysis.measures.delivery.service import pool_rate as pooled_rate
from dashboard.analysis.measures.delivery.target99 import ExactTargetTest, judge_count
from dashboard.analysis.measures.intervals import estimate_wilson_interval
from dashboard.analysis.measures.surveys.satisfaction import NonresponseBounds, bound_nonresponse
from dashboard.contributions.delivery.model import ONLINE, OUTCOMES, CentreReport, Told, Untold, minutes_of

LEAST = 30
"""Fewest cases of a rate that is told (ours); below, the counts alone."""

EVIDENCE = 2
"""Level of everything here: the service's own data, method and n published, checkable."""

YEAR = 12
"""Months that a figure is pooled over, so that no season weighs more than another."""

RECENT = 3
"""Months pooled on each side of a comparison, so that one odd month changes nothing."""

APART = 6
"""Months between the two sides: a figure that slips a little each month is found too."""

SHARES = ("completion", "standard_met", "satisfaction")
"""Metrics of centres that are placed in a funnel."""

Change = Literal["rose", "fell", "unclear", ""]
"""``unclear``: the limits overlap; "": there is nothing to compare, or no limits."""

Kind = Literal["value", "not_reported", "too_few", "not_applicable", "contradictory", "more_than", "withheld"]
_FILE = Path(__file__).with_name("metrics.csv")


@dataclass(frozen=True, slots=True)
class DeliveryMetric:
    """A metric: the counts above and below the line, unit, direction, and the caution that stands beside it."""

    id: str
    metric: str
    kind: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    unit: str
    direction: str
    bins: str
    caution: str
    cases: str  # what is counted below the line, as ``delivery.of`` names it; "" for a number that is no rate
    people: str = ""  # whose answers or reports it counts: what is told together; "" for counts of the service's work

    @property
    def whole(self) -> int:
        """Of how many a share is told: 100, or 10,000 where it is small."""
        return 10_000 if self.unit == "per 10 000 documents" else 100


@dataclass(frozen=True, slots=True)
class PooledFigure:
    """A pooled figure. ``kind`` says why there is no value; ``n`` are the cases it rests on, ``centres`` who sent them.

    ``lower`` and ``upper`` are 95 per cent limits, or the bin of a quantile; ``more_than`` is ``lower`` without end.
    """

    metric: str
    kind: Kind
    value: float | None
    lower: float | None
    upper: float | None
    numerator: float
    n: float
    centres: int
    currency: str = ""

    @property
    def drawn(self) -> float | None:
        """What a picture shows: the value, or where its bin begins if that has no end; None where there is neither."""
        return self.lower if self.kind == "more_than" else self.value


@dataclass(frozen=True, slots=True)
class Satisfied:
    """Satisfaction of visitors with what it may hide: bounds if those who did not answer were all against or for it."""

    figure: PooledFigure
    bounds: NonresponseBounds | None
    tested: ExactTargetTest | None


@lru_cache
def metrics() -> dict[str, DeliveryMetric]:
    """Return every metric by id, in the order of the file."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sides = ("numerator", "denominator")
    return {
        row["id"]: DeliveryMetric(**row | {side: tuple(filter(None, row[side].split("+"))) for side in sides})
        for row in rows
    }


def figure(metric: DeliveryMetric, reports: Iterable[CentreReport]) -> PooledFigure:
    """The metric over all reports at once, of those that counted all it needs, and of what may be told of people."""
    given = list(reports)
    if told := [one.told[metric.id] for one in given if metric.id in one.told]:
        return _told(metric, told)
    if metric.kind.startswith("quantile"):
        return _quantile(metric, given)
    if metric.kind == "largest":
        return _largest(metric, given)
    if metric.kind == "promised":
        counted = [one for one in given if "agreed_minutes" in one.counts]
        parts = [(float(one.counts["agreed_minutes"]), float(minutes_of(one.month))) for one in counted]
        return _share(metric, parts, counted, exact=True)
    if metric.kind == "cost":
        return _cost(metric, given)
    counted = [one for one in given if all(name in one.counts for name in (*metric.numerator, *metric.denominator))]
    if metric.kind == "standing":  # who works there is counted anew every month, and is no sample
        newest = max((one.month for one in counted), default=None)
        counted = [one for one in counted if one.month == newest]
    if metric.denominator == ("started",):
        return _of_cases(metric, counted)
    parts = [(_sum(one, metric.numerator), _sum(one, metric.denominator)) for one in counted]
    if metric.kind == "online_share":
        parts = [(top if one.channel in ONLINE else 0.0, low) for one, (top, low) in zip(counted, parts, strict=True)]
    if metric.kind in ("missing_share", "up_share"):
        parts = [(low - top, low) for top, low in parts]
    if metric.kind == "per_10000":
        return _events(metric, parts, counted)
    return _share(metric, parts, counted, exact=metric.kind in ("up_share", "standing"))


def satisfaction(reports: Sequence[CentreReport]) -> Satisfied:
    """Visitors' satisfaction, with non-response bounds and the verdict on 99 per cent (met, not met, cannot tell)."""
    of = metrics()["satisfaction"]
    found = figure(of, reports)
    satisfied, n = int(found.numerator), int(found.n)
    if any(of.id in one.told for one in reports):
        told = [one for report in reports if isinstance(one := report.told.get(of.id), Told)]
        known = found.kind == "value" and all(one.invited is not None for one in told)
        invited = int(math.fsum(one.invited or 0 for one in told)) if known else 0
        bounds = bound_nonresponse(invited, n, satisfied) if invited >= max(1, n) else None
        return Satisfied(found, bounds, judge_count(satisfied, n) if found.kind == "value" else None)
    asked = [one for one in reports if {"invited", *of.denominator} <= one.counts.keys()]
    # who answered the survey but not this question may be for or against it too
    invited = sum(one.counts["invited"] for one in asked)
    positive, valid = (int(sum(_sum(one, of_levels) for one in asked)) for of_levels in (of.numerator, of.denominator))
    bounds = bound_nonresponse(invited, valid, positive) if invited and valid <= invited else None
    return Satisfied(found, bounds, judge_count(satisfied, n) if n >= LEAST else None)


def by_centre(metric: DeliveryMetric, reports: Iterable[CentreReport]) -> dict[str, PooledFigure]:
    """Return the metric of each centre, over what it sent."""
    grouped: dict[str, list[CentreReport]] = {}
    for one in reports:
        grouped.setdefault(one.centre, []).append(one)
    return {centre: figure(metric, given) for centre, given in sorted(grouped.items())}


def placed(metric: DeliveryMetric, reports: Iterable[CentreReport]) -> tuple[tuple[str, ...], Funnel | None]:
    """Centres of a share in a funnel around their pooled share, those with 30 cases or more, with their codes."""
    found = {code: one for code, one in by_centre(metric, reports).items() if one.n >= LEAST and one.kind == "value"}
    cases = [(int(one.numerator), int(one.n)) for one in found.values()]
    return tuple(found), place_on_funnel(cases)


def shifted(month: date, by: int) -> date:
    """Return the first day of the month ``by`` months later."""
    place = month.year * 12 + month.month - 1 + by
    return date(place // 12, place % 12 + 1, 1)


def within(rows: Iterable[CentreReport], last: date, months: int) -> list[CentreReport]:
    """Return the reports of so many months up to and with ``last``."""
    first = shifted(last, 1 - months)
    return [one for one in rows if first <= one.month <= last]


def change(metric: DeliveryMetric, now: PooledFigure, before: PooledFigure) -> Change:
    """Return whether the limits of two figures, or their bins, lie wholly apart, and on which side."""
    if now.lower is None or before.lower is None:
        return ""
    if _above(metric, now.lower, before.upper):
        return "rose"
    return "fell" if _above(metric, before.lower, now.upper) else "unclear"


def _above(metric: DeliveryMetric, lower: float | None, upper: float | None) -> bool:
    """Return True if one begins where the other has ended; bins that touch share no value, limits that touch do."""
    if lower is None or upper is None:
        return False
    return lower >= upper if metric.bins else lower > upper


def _told(metric: DeliveryMetric, given: Sequence[Told | Untold]) -> PooledFigure:
    """Return a figure of what may be told of people; a share of 0 or 100 per cent is withheld while some wait."""
    if "contradictory" in given:
        return PooledFigure(metric.id, "contradictory", None, None, None, 0, 0, 0)
    told = [one for one in given if isinstance(one, Told)]
    waiting = "waiting" in given or any(one.waiting for one in told)
    share = metric.kind != "per_10000"
    top, low = (math.fsum(getattr(one, side) for one in told) for side in ("numerator", "denominator"))
    if not told or top < 0 or (share and top > low) or (waiting and (top == 0 or (share and top == low))):
        return PooledFigure(metric.id, "withheld", None, None, None, 0, 0, 0)
    found = _share(metric, [(top, low)], (), exact=False) if share else _events(metric, [(top, low)], ())
    return replace(found, centres=len(frozenset[str]().union(*(one.centres for one in told))))


def _share(
    metric: DeliveryMetric, parts: Sequence[tuple[float, float]], counted: Sequence[CentreReport], *, exact: bool
) -> PooledFigure:
    centres = len({one.centre for one in counted})
    if not parts:
        return PooledFigure(metric.id, "not_reported", None, None, None, 0, 0, 0)
    # refused today when it is sent, but older reports are kept as they came; summed up, others would hide it
    if not all(0 <= part <= whole for part, whole in parts):
        return PooledFigure(metric.id, "contradictory", None, None, None, 0, 0, centres)
    rate = pooled_rate(parts)
    if rate.value is None:
        return PooledFigure(metric.id, "not_applicable", None, None, None, rate.numerator, 0, centres)
    if rate.denominator < LEAST:
        return PooledFigure(metric.id, "too_few", None, None, None, rate.numerator, rate.denominator, centres)
    value = rate.value * (metric.whole / 100)
    if exact:  # minutes of a clock and all of the staff are no sample: there is no interval
        return PooledFigure(metric.id, "value", value, None, None, rate.numerator, rate.denominator, centres)
    lower, upper = estimate_wilson_interval(rate.numerator, rate.denominator)
    ends = (metric.whole * lower, metric.whole * upper)
    return PooledFigure(metric.id, "value", value, *ends, rate.numerator, rate.denominator, centres)


def _of_cases(metric: DeliveryMetric, counted: Sequence[CentreReport]) -> PooledFigure:
    """Return a share of the cases started; of those that ended, where more did, because some were carried over."""
    pairs, more = [], 0.0
    for one in counted:
        top, low = _sum(one, metric.numerator), _sum(one, metric.denominator)
        if top > low + one.counts.get("carried_over", 0):
            return PooledFigure(metric.id, "contradictory", None, None, None, 0, 0, len({it.centre for it in counted}))
        pairs.append((top, low))
        if "carried_over" in one.counts:
            more += sum(one.counts.get(name, 0) for name in OUTCOMES) - low
    # of all months at once: what one month ends of another's is no more in the whole
    whole = (math.fsum(top for top, _ in pairs), math.fsum(low for _, low in pairs) + max(0.0, more))
    return _share(metric, [whole] if pairs else [], counted, exact=False)


def _events(
    metric: DeliveryMetric, parts: Sequence[tuple[float, float]], counted: Sequence[CentreReport]
) -> PooledFigure:
    events, transactions = (int(math.fsum(part[place] for part in parts)) for place in (0, 1))
    centres = len({one.centre for one in counted})
    if not parts:
        return PooledFigure(metric.id, "not_reported", None, None, None, 0, 0, 0)
    rate = estimate_event_rate(events, transactions)
    if rate is None or transactions < LEAST:
        kind: Kind = "not_applicable" if rate is None else "too_few"
        return PooledFigure(metric.id, kind, None, None, None, events, transactions, centres)
    return PooledFigure(metric.id, "value", rate.value, rate.lower, rate.upper, events, transactions, centres)


def _quantile(metric: DeliveryMetric, given: Sequence[CentreReport]) -> PooledFigure:
    counted = [one for one in given if metric.bins in one.histograms]
    whole = pool_histograms(one.histograms[metric.bins] for one in counted)
    centres = len({one.centre for one in counted})
    if whole is None:
        return PooledFigure(metric.id, "not_reported", None, None, None, 0, 0, 0)
    found: Quantile | None = estimate_quantile(whole, 0.5 if metric.kind.endswith("50") else 0.9)
    if found is None or whole.n < LEAST:
        kind: Kind = "not_applicable" if found is None else "too_few"
        return PooledFigure(metric.id, kind, None, None, None, 0, whole.n, centres)
    kind = "more_than" if found.value is None else "value"
    return PooledFigure(metric.id, kind, found.value, found.lower, found.upper, 0, whole.n, centres)


def _largest(metric: DeliveryMetric, given: Sequence[CentreReport]) -> PooledFigure:
    name = metric.numerator[0]
    counted = [one for one in given if name in one.counts]
    if not counted:
        return PooledFigure(metric.id, "not_reported", None, None, None, 0, 0, 0)
    newest = max(one.month for one in counted)
    values = [float(one.counts[name]) for one in counted if one.month == newest]
    return PooledFigure(
        metric.id, "value", max(values), None, None, max(values), 1, len({one.centre for one in counted})
    )


def _cost(metric: DeliveryMetric, given: Sequence[CentreReport]) -> PooledFigure:
    counted = [one for one in given if one.cost is not None and "cost_transactions" in one.counts]
    centres = len({one.centre for one in counted})
    if not counted:
        return PooledFigure(metric.id, "not_reported", None, None, None, 0, 0, 0)
    currencies = {one.currency for one in counted}
    total = math.fsum(one.cost or 0 for one in counted)
    n = sum(one.counts["cost_transactions"] for one in counted)
    cost = compute_cost_per_transaction(total, n)
    if cost is None or len(currencies) > 1 or n < LEAST:
        kind: Kind = "too_few" if cost is not None and len(currencies) == 1 else "not_applicable"
        return PooledFigure(metric.id, kind, None, None, None, total, n, centres)
    return PooledFigure(metric.id, "value", cost.local, None, None, total, n, centres, currencies.pop())


def _sum(one: CentreReport, names: Iterable[str]) -> float:
    return float(sum(one.counts[name] for name in names))
