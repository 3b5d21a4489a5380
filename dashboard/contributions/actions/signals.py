"""What calls for a decision: what is missing, what got worse beyond error, what differs, what is promised and not met.

``known(engine, country, today) -> Known`` reads once; ``signals(known, overdue) -> list[Signal]`` looks at all of it;
``measure(known, kind, place, metric) -> Reading | None`` takes one figure again, at the newest month there is.
The rules are docs/method.md, changes of centres and decisions: beyond chance and scatter against the same months of
earlier years, later bins, the funnel's outer limits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dashboard.analysis.measures.counts.surveillance import (
    WINDOW_MONTHS,
    find_changes,
    find_outliers,
    measure_differences,
    measure_scatter,
)
from dashboard.contributions.actions.courses import (
    CentreCourses,
    courses,
    half_a_year_before,
    months_of,
    same_months,
)
from dashboard.contributions.actions.model import Case, FigureReading, Kind, Signal
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.delivery.metrics import (
    RECENT,
    SHARES,
    YEAR,
    DeliveryMetric,
    PooledFigure,
    change,
    figure,
    metrics,
    placed,
    satisfaction,
    shifted,
    within,
)
from dashboard.contributions.delivery.model import Centre, CentreReport, at
from dashboard.contributions.delivery.pooling import added
from dashboard.contributions.voice import store as voice
from dashboard.contributions.voice.publication import withholding
from dashboard.contributions.voice.tables import VoiceCount

SLOWER = ("waiting_p50", "waiting_p90")
EVERYWHERE = 5.0
"""Points by which the share of a country's centres together has to fall to be told (ours)."""

LEAST_UP = 99.0
"""Per cent of agreed minutes: a month of less is an outage to look at (ours)."""

ALL_CENTRES = "*"
"""Each centre by itself."""

SPANS = {"slower": RECENT, "fell": RECENT, "differs": YEAR, "target": YEAR}
"""Months a figure of a kind is pooled over; of the others it is one."""

LOOKED_BACK = 6
"""Months in which an outage, or a theme that rose, still calls for a decision."""


@dataclass(frozen=True, slots=True)
class SignalContext:
    """What is known of a country: its counts, its centres, the newest release of opinions."""

    reports: dict[str, list[CentreReport]]  # by centre
    centres: dict[str, list[Centre]]
    counts: tuple[VoiceCount, ...]
    newest: date | None  # month of the newest counts, of those that are over
    people: Sequence[CentreReport] = ()  # what is told of people of all centres together: not what is told of each
    held: dict[str, CentreCourses | None] = field(default_factory=dict, compare=False, repr=False)

    def months(self, place: str, last: date, many: int) -> list[CentreReport]:
        """Return the reports of a centre (all: "") in ``many`` months up to and with ``last``."""
        of = [self.reports.get(place, [])] if place else self.reports.values()
        return [one for rows in of for one in within(rows, last, many)]

    def courses(self, metric: DeliveryMetric, place: str = ALL_CENTRES) -> CentreCourses | None:
        """Return the courses of a metric by centre; of the place "" that of all centres as one."""
        key = metric.id + place
        if key not in self.held:
            self.held[key] = courses(metric, self.reports if place else {"": self.of(metric, "")})
        return self.held[key]

    def of(self, metric: DeliveryMetric, place: str) -> Sequence[CentreReport]:
        """What a metric of a centre rests on; of all centres ("") and of people, what is told of them together."""
        if not place and metric.people and self.people:
            return self.people
        return self.reports.get(place, ()) if place else [one for rows in self.reports.values() for one in rows]


def known(engine: delivery.Engine, country: str, today: date) -> SignalContext:
    """Read what decisions of a country rest on; the month under way is not over, and nobody is late with it."""
    newest = delivery.newest_month(engine, country, today.replace(day=1))
    sums = added(engine, country)
    over = newest or date.min
    grouped: dict[str, list[CentreReport]] = {}
    for row in sums.monthly:
        if row.month <= over:
            grouped.setdefault(row.centre, []).append(row)
    people = [one for one in sums.together if one.told and one.month <= over]
    return SignalContext(
        grouped, delivery.centres(engine, country), tuple(voice.published(engine, country)), newest, people
    )


def signals(of: SignalContext, overdue: Iterable[str] = ()) -> list[Signal]:
    """Return all that calls for a decision; ``overdue`` are the years a country has not sent although they were due."""
    result = [Signal("overdue", "", "", FigureReading(year, "overdue")) for year in overdue]
    if of.newest is None:
        return [*result, *_themes(of)]
    last = of.newest
    for code in sorted({*of.reports, *of.centres}):
        result += _centre(of, code, last)
    result += _changes(of, last)
    for metric in SHARES:
        result += _outliers(of, metrics()[metric], last)
    result += [one for one in _read(of, "target", "", "satisfaction") if one.now.state != "met"]
    return [*result, *_themes(of)]


def measure(of: SignalContext, kind: str, place: str, metric: str) -> FigureReading | None:
    """Return the figure of a decision at the newest month; None where nothing came since that could tell it.

    Nothing can where a later version no longer has the metric.
    """
    if kind == "rose":
        return _theme(of, place, metric)
    if of.newest is None or kind == "overdue":
        return None
    month = of.newest
    if kind == "silent":
        return FigureReading(_text(month), "received" if of.months(place, month, 1) else "missing")
    measured = metrics().get(metric)
    if measured is None:
        return None
    if kind == "target":
        tested = satisfaction(within(of.of(measured, place), month, YEAR))
        reading = _reading(tested.figure, month)
        if reading.state == "withheld":
            return reading
        verdict = tested.tested.verdict if tested.tested else "cannot_tell"
        return replace(reading, state=verdict)
    rows = within(of.of(measured, place), month, SPANS.get(kind, 1))
    return _reading(figure(measured, rows), month)


def _centre(of: SignalContext, code: str, last: date) -> list[Signal]:
    result = []
    held = at(of.centres.get(code, []), last)
    working = held is not None and (held.opened or held.since) <= last and (held.closed is None or held.closed > last)
    if working and not of.months(code, last, 1):
        result += _read(of, "silent", code, "")
    for back in range(LOOKED_BACK):
        month = shifted(last, -back)
        up = figure(metrics()["availability_reported"], of.months(code, month, 1))
        if up.value is not None and up.value < LEAST_UP:
            result.append(Signal("down", code, "availability_reported", _reading(up, month)))
            break  # what went before is the same case
    return result


def _changes(of: SignalContext, last: date) -> list[Signal]:
    """Return centres that got worse; where all did, the country alone. Median and P90 of waiting are one case."""
    found: dict[Case, Signal] = {}
    for metric in (metrics()[name] for name in (*SLOWER, *SHARES)):
        held = of.courses(metric)
        for signal in _changed(of, held, last) if held is not None else ():
            found.setdefault(signal.case, signal)
    return list(found.values())


def _changed(of: SignalContext, held: CentreCourses, last: date) -> Iterable[Signal]:
    counts, first = held.up_to(last)
    at = counts.lows.shape[1] - 1
    if shifted(first, at) != last:  # nobody counted it in the newest month
        return
    kind: Kind = "slower" if held.metric.bins else "fell"
    left = [True] * len(held.codes)  # not compared yet: a centre with a year behind it is not put to half a year ago
    for pairs_up_to in (same_months, half_a_year_before):
        compared = measure_differences(counts, pairs_up_to(at)).select(left)
        scatter = measure_scatter(counts, [pairs_up_to(at - back) for back in range(WINDOW_MONTHS)])
        if scatter is None:
            continue
        left = [still and not there for still, there in zip(left, compared.is_compared, strict=True)]
        changes = find_changes(compared, scatter, higher_is_better=not held.metric.bins)
        if changes.everywhere and pairs_up_to is same_months:
            yield from _signal(of, held.metric, kind, "", months_of(pairs_up_to(at), first, [True] * (at + 1)))
        for row, code in enumerate(held.codes):
            if changes.worse[row]:
                yield from _signal(of, held.metric, kind, code, months_of(pairs_up_to(at), first, counts.seen[row]))


def _signal(
    of: SignalContext, metric: DeliveryMetric, kind: Kind, place: str, compared: tuple[list[date], list[date], int]
) -> Iterable[Signal]:
    """Return the signal with both figures; of waiting where its bin is a later one, of all centres where it is felt."""
    *months, years = compared
    rows = of.of(metric, place)
    now, before = (figure(metric, [one for one in rows if one.month in side]) for side in months)
    worse = change(metric, now, before) == "rose" if metric.bins else _points(before, now) > 0
    if not worse or (not place and not metric.bins and _points(before, now) < EVERYWHERE):
        return
    then = replace(_reading(before, months[1][-1]), span=len(months[0]), years=years)
    yield Signal(kind, place, metric.id, replace(_reading(now, months[0][-1]), span=len(months[0])), then)


def _outliers(of: SignalContext, metric: DeliveryMetric, last: date) -> list[Signal]:
    """Return centres below the funnel's outer limits, as far as they stand among all."""
    codes, funnel = placed(metric, of.months("", last, YEAR))
    if funnel is None:
        return []
    low = find_outliers([one.share for one in funnel.places], [one.n for one in funnel.places])
    below = [one.outside == "outer" and one.share < funnel.target for one in funnel.places]
    called = [code for code, stands, outside in zip(codes, low, below, strict=True) if stands and outside]
    return [one for code in called for one in _read(of, "differs", code, metric.id)]


def _points(before: PooledFigure, now: PooledFigure) -> float:
    return before.value - now.value if before.value is not None and now.value is not None else 0.0


def _themes(of: SignalContext) -> list[Signal]:
    """Return themes that rose beyond chance from one month to the next, of each the latest rise."""
    if not of.counts:
        return []
    first = shifted(max(row.month for row in of.counts), 1 - LOOKED_BACK)
    rates = {(one.centre, one.month, one.theme): one for one in withholding.rates(of.counts)}
    by_theme: dict[tuple[str, str], Signal] = {}
    for one in sorted(withholding.changes(of.counts), key=lambda change: change.month):
        if one.month >= first and one.ratio.lower > 1:
            now, then = (rates[one.centre, month, one.theme] for month in (one.month, one.before))
            by_theme[one.centre, one.theme] = Signal("rose", one.centre, one.theme, _rate(now), _rate(then))
    return list(by_theme.values())


def _theme(of: SignalContext, place: str, theme: str) -> FigureReading | None:
    """Return the newest month that has a rate; the month under way has no transactions yet."""
    rows = [one for one in withholding.rates(of.counts) if (one.centre, one.theme) == (place, theme) and one.rate]
    return _rate(max(rows, key=lambda one: one.month)) if rows else None


def read_theme(counts: Sequence[VoiceCount]) -> FigureReading | None:
    """Return the rate of a theme in the month of its count; None without one."""
    return next((_rate(one) for one in withholding.rates(counts)), None)


def _rate(one: withholding.ThemeRate) -> FigureReading:
    if one.rate is None:
        return FigureReading(_text(one.month), "hidden" if one.n is None else "not_applicable", n=one.n or 0)
    return FigureReading(_text(one.month), "value", one.rate.value, one.rate.lower, one.rate.upper, one.rate.events)


def _read(of: SignalContext, kind: Kind, place: str, metric: str) -> list[Signal]:
    now = measure(of, kind, place, metric)
    return [Signal(kind, place, metric, now)] if now is not None else []


def _reading(measured: PooledFigure, month: date) -> FigureReading:
    batched = bool(metrics()[measured.metric].people)
    return FigureReading(
        _text(month), measured.kind, measured.value, measured.lower, measured.upper, measured.n, batched
    )


def _text(month: date) -> str:
    return f"{month:%Y-%m}"


def keyed(ordered: Sequence[Signal]) -> dict[str, Signal]:
    """Return signals by what a form names them by."""
    return {one.key: one for one in ordered}
