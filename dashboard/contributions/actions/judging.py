"""Did it work? The figure in the month it should show, beside the one that raised the decision.

``judge(context, row, standing) -> Judgement``: by the method that raised it, from what readers are told alone, computed
from the counts in force: a month that is corrected is judged anew. Rules: docs/method.md, did it work.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from dashboard.analysis.measures.counts.rates import find_ratios_beyond_chance
from dashboard.analysis.measures.counts.surveillance import (
    WINDOW_MONTHS,
    Courses,
    Differences,
    Direction,
    judge_difference,
    measure_differences,
    measure_scatter,
)
from dashboard.contributions.actions.courses import one_by_one, same_months, since
from dashboard.contributions.actions.model import FigureReading
from dashboard.contributions.actions.signals import ALL_CENTRES, LEAST_UP, SPANS, SignalContext, measure, read_theme
from dashboard.contributions.actions.tables import Decision
from dashboard.contributions.delivery.metrics import RECENT, YEAR, change, figure, metrics, shifted, within
from dashboard.contributions.delivery.people.withholding import months_between
from dashboard.contributions.voice.publication.withholding import compare_months

Verdict = Literal["worked", "no_change", "worse", "cannot_tell"]
AGAINST: tuple[Verdict, ...] = ("no_change", "worse")
"""Verdicts against which a decision may have been closed as done."""

VERDICTS: Mapping[Direction, Verdict] = {"better": "worked", "unclear": "no_change", "worse": "worse"}

Reason = Literal["", "not_yet", "withheld", "too_few", "not_reported", "contradictory", "no_scatter", "in_review"]
"""Why nobody can tell yet; "" where one can."""

PATIENCE = 12
"""Months after the named one in which the first that can be told is judged instead, where it cannot be."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of the figure, in which month, and why nobody can tell."""

    verdict: Verdict
    reason: Reason
    month: str
    reading: FigureReading | None = None


class NotTold(Exception):
    """A month cannot be judged; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def first_month(kind: str, raised: str) -> str:
    """Return the first month whose figure shares no month with the one that raised a decision."""
    apart = RECENT if kind in SPANS else 1
    return f"{shifted(_month(raised), apart):%Y-%m}"


def judge(of: SignalContext, row: Decision, standing: str = "") -> Judgement:
    """Return what became of a decision's figure.

    Args:
        of: what is known of the country.
        row: the decision; where it names no month, the first that its figure can show something in.
        standing: of the year's figures, where they were overdue.
    """
    if row.kind == "overdue":
        reading = FigureReading(row.month, standing or "overdue")
        if reading.state in ("published", "not_reported"):
            return Judgement("worked", "", row.month, reading)
        if reading.state == "overdue":
            return Judgement("no_change", "", row.month, reading)
        return Judgement("cannot_tell", "in_review", row.month, reading)
    named = row.shows or first_month(row.kind, row.month)
    newest = max((one.month for one in of.counts), default=None) if row.kind == "rose" else of.newest
    first: Judgement | None = None
    for later in range(PATIENCE):
        month = shifted(_month(named), later)
        if newest is None or month > newest:
            break
        try:
            return Judgement(_judge(of, row, month), "", f"{month:%Y-%m}", _read(of, row, month))
        except NotTold as not_told:
            first = first or Judgement("cannot_tell", not_told.reason, named, _read(of, row, month))
    return first or Judgement("cannot_tell", "not_yet", named)


def _judge(of: SignalContext, row: Decision, month: date) -> Verdict:
    reading = _read(of, row, month)
    if row.kind == "silent":
        return "worked" if reading is not None and reading.state == "received" else "no_change"
    if row.kind == "rose":
        return _rose(of, row, month)
    if row.kind == "down":
        if reading is None or reading.value is None:
            raise NotTold(_reason(reading))
        raised = row.figure.get("value")
        below = raised is not None and reading.value < raised
        return "worked" if reading.value >= LEAST_UP else "worse" if below else "no_change"
    if row.kind == "target" and reading is not None and reading.state == "met":
        return "worked"
    return _changed(of, row, month)


def _changed(of: SignalContext, row: Decision, month: date) -> Verdict:
    """By how the figure changed since, as centres are compared when it is raised."""
    metric = metrics().get(row.metric)
    if metric is None:
        raise NotTold("not_reported")
    raised = _month(row.month)
    recent = row.kind in ("slower", "fell")
    span = RECENT if recent else YEAR
    sides = [figure(metric, within(of.of(metric, row.place), end, span)) for end in (month, raised)]
    for side in sides:
        if side.kind not in ("value", "more_than"):
            raise NotTold(_reason(FigureReading("", side.kind, n=side.n)))
    held = of.courses(metric, ALL_CENTRES if row.place else "")
    if held is None or row.place not in held.codes:
        raise NotTold("not_reported")
    counts, first = held.up_to(month)
    at, then = months_between(first, month), months_between(first, raised)
    if at != counts.lows.shape[1] - 1 or then < 0:
        raise NotTold("not_reported")
    place = held.codes.index(row.place)
    compared = _compared(counts, at, then, recent=recent)
    if not compared.is_compared[place]:
        compared = measure_differences(counts, one_by_one(at, then))  # no earlier year was sent
    scatter = measure_scatter(counts, [same_months(at - back) for back in range(WINDOW_MONTHS)])
    if scatter is None:
        raise NotTold("no_scatter")
    judged = judge_difference(compared, place, scatter, higher_is_better=not metric.bins)
    if judged is None:
        raise NotTold("too_few")
    if metric.bins:  # as when it is raised, minutes are better or worse in another bin alone
        expected = {"better": "fell", "worse": "rose"}.get(judged)
        if expected and change(metric, *sides) != expected:
            judged = "unclear"
    return VERDICTS[judged]


def _compared(counts: Courses, at: int, then: int, *, recent: bool) -> Differences:
    """Return what changed of every centre since the figure was raised, each in its season."""
    if not recent:
        return measure_differences(counts, since(at, then))
    if (at - then) % YEAR == 0:
        return measure_differences(counts, one_by_one(at, then))
    return measure_differences(counts, same_months(at, then - RECENT + 1)).subtract(
        measure_differences(counts, same_months(then))
    )


def _rose(of: SignalContext, row: Decision, month: date) -> Verdict:
    ratio = compare_months(of.counts, row.place, row.metric, month, _month(row.month))
    if ratio is None:
        raise NotTold("withheld")
    if not find_ratios_beyond_chance([ratio])[0]:
        return "no_change"
    return "worked" if ratio.upper is not None and ratio.upper < 1 else "worse"


def _read(of: SignalContext, row: Decision, month: date) -> FigureReading | None:
    if row.kind == "rose":
        found = [one for one in of.counts if (one.centre, one.theme, one.month) == (row.place, row.metric, month)]
        return read_theme(found)
    return measure(replace(of, newest=month), row.kind, row.place, row.metric)


def _reason(reading: FigureReading | None) -> Reason:
    """Return why a figure is no value."""
    state = reading.state if reading is not None else "not_reported"
    reasons: dict[str, Reason] = {one: one for one in ("withheld", "too_few", "contradictory")}
    return reasons.get(state, "not_reported")


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")
