"""How often unchanged centres raise an alarm, and how soon a real fall is found:
``python -m tests.contributions.actions.alarms``.

Invented centres send counts month by month into a database, and the product's own functions say each month what calls
for a decision. An alarm is new where the same kind, centre and metric called for none the month before. Each figure
stands beside its limit; one that is missed ends the command with 1. ``docs/method.md`` holds the figures.
"""

import math
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from dashboard.analysis.measures.counts.histogram import Histogram
from dashboard.contributions.actions.model import Signal
from dashboard.contributions.actions.signals import known, signals
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.metrics import shifted
from dashboard.contributions.delivery.model import BINS, Centre, CentreReport
from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.settings import Settings

COUNTRY = "AZE"
FIRST = date(2022, 1, 1)
EDGES = tuple(map(float, BINS["waiting"]))


@dataclass(frozen=True)
class World:
    """What centres are like. Shares are of 1, ``season`` and ``scatter`` in points of them; waiting is multiplied.

    ``fall``: points by which a tenth of the centres lose satisfaction from the first watched month on.
    """

    scatter: float = 0.0
    season: float = 0.0
    waiting_season: float = 0.0
    waiting_scatter: float = 0.0
    own_season: bool = False  # every centre has its peak in a month of its own
    shock: float = 0.0  # points that all centres share in a month
    memory: float = 0.0  # correlation of scatter from month to month
    unequal: bool = False  # centres of 40 to 4,000 visits, of different levels
    fall: float = 0.0
    answers: int = 150
    centres: int = 200
    history: int = 24
    watched: int = 12


def send(of: World, at: int, chance: np.random.Generator, state: dict[str, np.ndarray]) -> list[CentreReport]:
    """What the centres of a world send of month ``at``."""
    n = of.centres
    if not state:
        state["peak"] = chance.uniform(0, 2 * math.pi, n) if of.own_season else np.zeros(n)
        state["size"] = np.exp(chance.uniform(math.log(0.1), math.log(10), n)) if of.unequal else np.ones(n)
        state["level"] = chance.normal(0, 0.03 if of.unequal else 0, n)
        state["scatter"] = np.zeros((4, n))
        state["fallen"] = np.arange(n) < (n // 10 if of.fall else 0)
    wave = np.cos(2 * math.pi * at / 12 + state["peak"])
    fresh = chance.normal(0, 1, (4, n)) * math.sqrt(1 - of.memory**2)
    state["scatter"] = of.memory * state["scatter"] + fresh
    common = chance.normal(0, of.shock) if of.shock else 0.0
    size = state["size"]

    def share(usual: float, which: int, fallen: float = 0.0) -> np.ndarray:
        moved = of.scatter * state["scatter"][which] + of.season * wave + common - fallen * state["fallen"]
        return np.clip(usual + state["level"] + moved / 100, 0.01, 0.995)

    started = np.maximum(5, chance.poisson(400 * size))
    completed = chance.binomial(started, share(0.92, 0))
    within = chance.binomial(started, share(0.85, 1))
    answered = np.minimum(started, np.round(of.answers * size).astype(int))
    satisfied = chance.binomial(answered, share(0.88, 2, of.fall if at >= of.history else 0.0))
    mean = 12 * (1 + of.waiting_season / 100 * wave) * np.exp(of.waiting_scatter / 100 * state["scatter"][3])
    rows = []
    for place in range(n):
        minutes = chance.lognormal(math.log(mean[place]), 0.8, started[place])
        bins = np.histogram(minutes, [*EDGES, np.inf])[0]
        good, bad = int(satisfied[place]), int(answered[place] - satisfied[place])
        counts = {
            "started": int(started[place]), "completed": int(completed[place]),
            "standard_total": int(started[place]), "standard_within": int(within[place]),
            "satisfied_1": bad // 2, "satisfied_2": bad - bad // 2, "satisfied_3": good // 2,
            "satisfied_4": good - good // 2, "answered": good + bad,
        }  # fmt: skip
        waiting = {"waiting": Histogram(EDGES, tuple(map(int, bins)))}
        rows.append(CentreReport(f"c{place:03}", "id", "counter", shifted(FIRST, at), counts, waiting))
    return rows


def watch(of: World, seed: int = 1) -> Iterator[list[Signal]]:
    """What calls for a decision in each watched month, by the product's own functions."""
    chance, state = np.random.default_rng(seed), dict[str, np.ndarray]()
    with tempfile.TemporaryDirectory() as folder:
        made = Settings(data_dir=Path(folder))
        migrate(made)
        database = open_engine(made)
        store.save_centres(database, [Centre(f"c{at:03}", COUNTRY, f"C{at}", FIRST) for at in range(of.centres)])
        for at in range(of.history + of.watched):
            after = shifted(FIRST, at + 1)
            now = datetime(after.year, after.month, 5, tzinfo=UTC)
            store.save_reports(database, COUNTRY, send(of, at, chance, state), now)
            if at >= of.history:
                yield signals(known(database, COUNTRY, (now + timedelta(days=5)).date()))
        database.dispose()


Subject = tuple[str, str, str]


def subjects(found: Sequence[Signal]) -> set[Subject]:
    """What is wrong where; 99 per cent not demonstrated is no alarm of a centre, and true of all these worlds."""
    return {(one.kind, one.place, one.metric) for one in found if one.kind != "target"}


def count_new(months: Sequence[set[Subject]]) -> int:
    """Alarms that called for nothing the month before."""
    return sum(len(month - before) for before, month in zip([set[Subject](), *months], months, strict=False))


def count_alarms(of: World, seed: int = 1) -> int:
    """New alarms in the watched months of a world without change."""
    return count_new([subjects(found) for found in watch(of, seed)])


def months_to_find(of: World, seed: int = 1) -> float:
    """Median months until a fallen centre calls for a decision; those never found count as more than were watched."""
    found: dict[str, int] = {}
    for at, month in enumerate(watch(of, seed), start=1):
        for kind, place, metric in subjects(month):
            if kind == "fell" and metric == "satisfaction":
                found.setdefault(place, at)
    fallen = [f"c{at:03}" for at in range(of.centres // 10)]
    return float(np.median([found.get(code, of.watched + 1) for code in fallen]))


YEAR_OF_HISTORY = 15
"""Months before the first that is watched where there is one earlier year alone."""

UNCHANGED: tuple[tuple[str, World, int], ...] = (
    ("pure chance", World(), 8),
    ("scatter between months, sd 2 points", World(scatter=2), 15),
    ("season of ± 4 points", World(season=4), 15),
    ("season of waiting, ± 30 %", World(waiting_season=30), 20),
    ("pure chance, one earlier year", World(history=YEAR_OF_HISTORY), 8),
    ("scatter, one earlier year", World(scatter=2, history=YEAR_OF_HISTORY), 15),
    ("all of it, each centre its own season", World(2, 4, 30, 10, own_season=True), 20),
    ("scatter that lasts (correlation 0.6)", World(scatter=2, memory=0.6), 15),
    ("scatter, and 2 points that all share", World(scatter=2, shock=2), 15),
    ("40 to 4,000 visits, own levels, all of it", World(2, 4, 30, 10, unequal=True), 20),
)
"""Worlds without change, and the most new alarms of 200 centres in twelve months."""

FALLS: tuple[tuple[str, World, int], ...] = (
    ("by 10 points", World(fall=10), 5),
    ("by 10 points, one earlier year", World(fall=10, history=YEAR_OF_HISTORY), 5),
    ("by 10 points, with scatter", World(fall=10, scatter=2), 5),
    ("by 10 points, season and scatter, one earlier year", World(2, 4, fall=10, history=YEAR_OF_HISTORY), 9),
)
"""Worlds in which a tenth of the centres lose satisfaction, and the most months until half of these are found."""


def main() -> int:
    """Print every figure beside its limit; 1 where one is missed."""
    missed = 0
    _say(f"{'new alarms of 200 unchanged centres in 12 months':56}{'found':>7}{'limit':>7}")
    for name, world, most in UNCHANGED:
        missed += _tell(name, count_alarms(world), most)
    _say(f"{'months until a fall is found, median, 150 answers a month':56}")
    for name, world, most in FALLS:
        missed += _tell(name, months_to_find(world), most)
    return 1 if missed else 0


def _tell(name: str, found: float, most: float) -> bool:
    _say(f"  {name:54}{found:7g}{most:7g}{'' if found <= most else '  MISSED'}")
    return found > most


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
