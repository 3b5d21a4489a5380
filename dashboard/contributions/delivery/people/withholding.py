"""What may be told of people's answers and reports: nothing that speaks of fewer than ten, now or by subtraction.

``told(changes) -> list[Report]``: the only way from what centres sent of people (satisfaction, attributes, bribery,
reports of integrity, complaints) to what readers see. All that is told is a sum of batches, no answer is in two, and
each batch speaks of ten people or more in every part: totals, months, windows and earlier states subtract to batches
and to nothing smaller. A correction is a change like any other and waits for its ten.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import combinations

from dashboard.analysis.measures.surveys.suppression import THRESHOLD
from dashboard.contributions.delivery.metrics import LEAST, YEAR, DeliveryMetric, metrics
from dashboard.contributions.delivery.model import CHANNELS, CentreReport, Told, Untold

Sums = tuple[float, float, float, float, float]
"""Of one metric: above the line, below it, reports that counted it, people invited, reports silent on that."""

NOTHING: Sums = (0.0, 0.0, 0.0, 0.0, 0.0)

ALL = ""
"""The place of what is told of a country as a whole."""

Cell = tuple[str, date]


@dataclass(frozen=True, slots=True)
class PeopleChange:
    """What one sending changed in the people's counts of a centre and month: at first all, later differences."""

    at: datetime
    centre: str
    month: date
    sums: Mapping[str, Sums]  # by metric


@dataclass(slots=True)
class PeopleBatch:
    """Changes that are told together, or wait to be; ``opened`` in the newest month anybody had sent by then."""

    opened: date
    sums: dict[str, Sums] = field(default_factory=dict)
    cells: dict[str, set[Cell]] = field(default_factory=dict)  # by metric

    def add(self, metric: str, sums: Sums, cells: Iterable[Cell]) -> None:
        """Put changes of a metric in some centres and months to it."""
        self.sums[metric] = added_up(self.sums.get(metric, NOTHING), sums)
        self.cells.setdefault(metric, set()).update(cells)


@lru_cache
def groups() -> dict[str, tuple[DeliveryMetric, ...]]:
    """Metrics of people's answers and reports by what is told together: those that share people or a denominator."""
    found: dict[str, list[DeliveryMetric]] = {}
    for one in metrics().values():
        if one.people:
            found.setdefault(one.people, []).append(one)
    return {name: tuple(ones) for name, ones in found.items()}


@lru_cache
def columns() -> frozenset[str]:
    """Columns of people's answers and reports, and how many were asked: readers are told of them by ``told`` alone."""
    of = [one for ones in groups().values() for one in ones]
    above = {name for one in of for name in one.numerator}
    below = {name for one in of if one.kind != "per_10000" for name in one.denominator}
    return frozenset(above | below | {"integrity_cases"})


def tellable(sums: Mapping[str, Sums], *, none: bool) -> bool:
    """Return True if a batch speaks of ten people or more in every part.

    Args:
        sums: of the batch, by metric.
        none: whether a part may be of nobody; then of thirty answers or more: of few it would tell what each said.
    """
    wholes = []
    for metric, (top, low, *_) in sums.items():
        of = metrics()[metric]
        events = of.kind == "per_10000"
        parts = (top,) if events else (top, low - top)
        if any(0 < abs(part) < THRESHOLD for part in parts):
            return False
        if not events and of.people != "survey":
            wholes.append(low)
        few = not none or (not events and 0 < abs(low) < LEAST)
        if 0 in parts and few and metric != "response":  # who did not answer said nothing
            return False
    return not any(0 < abs(one - other) < THRESHOLD for one, other in combinations(wholes, 2))


def told(changes: Iterable[PeopleChange], wrong: Mapping[Cell, Iterable[str]] | None = None) -> list[CentreReport]:
    """Return what readers are told of people, as reports without other counts: of centres, and of all under ``ALL``.

    A centre's changes are gathered as they came, month by month, until they speak of ten people in every part. What has
    not after twelve months is told if its parts are of ten or of nobody, else together with what is left of other
    centres, of all centres alone. A batch stands in its newest month, a correction where what it corrects is told, and
    only if what then stands there is of ten in every part, or of nobody. Where nobody was counted, that is told.

    Args:
        changes: of one country.
        wrong: metrics of a centre and month whose counts contradict themselves; they are in no change.
    """
    steps: dict[tuple[datetime, date], list[PeopleChange]] = defaultdict(list)
    for one in changes:
        steps[one.at, one.month].append(one)
    ordered = [steps[key] for key in sorted(steps)]
    cells: dict[Cell, dict[str, Told | Untold]] = defaultdict(dict)
    for group in groups().values():
        gathered = _gathered(ordered, {one.id for one in group})
        for batch in gathered.left():
            for metric, of in batch.cells.items():
                for centre, month in of:
                    cells[centre, month][metric] = cells[ALL, month][metric] = "waiting"
        for closed in gathered.closed:
            _put(cells, closed)
    for change in (one for step in ordered for one in step):
        for metric in (name for name, sums in change.sums.items() if _of_nobody(name, sums)):
            for at in (change.centre, ALL):
                cells[at, change.month].setdefault(metric, Told(0, 0, frozenset((change.centre,))))
    for (centre, month), names in (wrong or {}).items():
        for name in names:
            cells[centre, month][name] = cells[ALL, month][name] = "contradictory"
    return [CentreReport(centre, "", CHANNELS[0], month, told=held) for (centre, month), held in sorted(cells.items())]


@dataclass(frozen=True, slots=True)
class _Closed:
    """A batch that is told: of a centre or ``ALL``, in which month of each metric."""

    place: str
    months: Mapping[str, date]
    batch: PeopleBatch


class _Gathering:
    """The batches of one group of metrics, as changes come."""

    def __init__(self) -> None:
        self.closed: list[_Closed] = []
        self.waiting: dict[str, PeopleBatch] = {}
        self.rest: PeopleBatch | None = None
        self._home: dict[tuple[str, Cell], date] = {}  # where what was sent of a metric, centre and month is told
        self._held: dict[tuple[str, str, date], Sums] = {}  # what is told, by place, metric and month

    def left(self) -> list[PeopleBatch]:
        """Return batches that wait."""
        return [*self.waiting.values(), *([self.rest] if self.rest is not None else ())]

    def add(self, change: PeopleChange, metric: str, latest: date) -> None:
        """A change of a metric; ``latest`` is the newest month anybody has sent."""
        batch = self.waiting.setdefault(change.centre, PeopleBatch(latest))
        batch.add(metric, change.sums[metric], [(change.centre, change.month)])

    def look(self, centre: str, latest: date) -> None:
        """Tell what waits of a centre, or put it to the rest, if it is time."""
        batch = self.waiting[centre]
        over = months_between(batch.opened, latest) >= YEAR - 1
        if self._tell(centre, batch, none=over):
            del self.waiting[centre]
        elif over:
            self.rest = self.rest or PeopleBatch(latest)
            for metric, sums in batch.sums.items():
                self.rest.add(metric, sums, batch.cells[metric])
            del self.waiting[centre]
            if self._tell(ALL, self.rest, none=True):
                self.rest = None

    def _tell(self, place: str, batch: PeopleBatch, *, none: bool) -> bool:
        if not tellable(batch.sums, none=none):
            return False
        months, after = {}, {}
        for metric, sums in batch.sums.items():
            newest = max(batch.cells[metric], key=lambda cell: cell[1])
            # a correction is told where what it corrects is
            months[metric] = newest[1] if place == ALL else self._home.get((metric, newest), newest[1])
            after[metric] = added_up(self._held.get((place, metric, months[metric]), NOTHING), sums)
        if not _possible(after) or not tellable(after, none=True):
            return False
        for metric, month in months.items():
            self._held[place, metric, month] = after[metric]
            if place != ALL:
                self._home.update({(metric, cell): month for cell in batch.cells[metric]})
        self.closed.append(_Closed(place, months, batch))
        return True


def _possible(sums: Mapping[str, Sums]) -> bool:
    """Return True if nothing is below nought, and no part larger than its whole."""
    return all(
        top >= 0 and (metrics()[metric].kind == "per_10000" or top <= low) for metric, (top, low, *_) in sums.items()
    )


def _gathered(steps: Sequence[Sequence[PeopleChange]], metrics_: set[str]) -> _Gathering:
    found = _Gathering()
    latest = date.min
    for step in steps:
        later = step[0].month > latest
        latest = max(latest, step[0].month)
        for change in step:
            for metric in sorted(metrics_ & change.sums.keys()):
                if not _of_nobody(metric, change.sums[metric]):
                    found.add(change, metric, latest)
        # time passes for every centre, but only those that sent something can have come to ten
        for centre in sorted(found.waiting if later else {one.centre for one in step} & found.waiting.keys()):
            found.look(centre, latest)
    return found


def _of_nobody(metric: str, sums: Sums) -> bool:
    """Return True if a change of a share is a report of no answer at all."""
    return metrics()[metric].kind != "per_10000" and sums[:2] == (0, 0) and sums[2] > 0


def _put(cells: dict[Cell, dict[str, Told | Untold]], closed: _Closed) -> None:
    place, batch = closed.place, closed.batch
    for metric, (top, low, _, invited, unsaid) in batch.sums.items():
        of, told_in = batch.cells[metric], closed.months[metric]
        for centre, month in of:
            # what is left over is told of all; of its centre it waits for ever
            cells[centre, month].setdefault(metric, "waiting" if place == ALL else "joined")
            cells[ALL, month].setdefault(metric, "joined")
        asked = invited if metric == "satisfaction" and not unsaid else None
        centres = frozenset(centre for centre, _ in of)
        for at in {place, ALL}:
            before = cells[at, told_in].get(metric)
            if isinstance(before, Told):
                both = None if asked is None or before.invited is None else asked + before.invited
                top_, low_ = top + before.numerator, low + before.denominator
                cells[at, told_in][metric] = Told(top_, low_, centres | before.centres, both, before.waiting)
            else:
                cells[at, told_in][metric] = Told(top, low, centres, asked, before == "waiting")


def added_up(one: Sums, other: Sums) -> Sums:
    """Return the sum of two, number by number: a country of 200 centres and 60 months asks for it 250,000 times."""
    if one is NOTHING:
        return other
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3], one[4] + other[4]


def months_between(first: date, last: date) -> int:
    """Return months from one to the other, both the first days of theirs."""
    return 12 * (last.year - first.year) + last.month - first.month
