"""``python -m tests.bench.kills [COUNT]``: kill gatherings with SIGKILL at random moments, on SQLite and PostgreSQL.

Each kill waits until the gathering fetches, writes or publishes; the first of each kind strikes there, later ones after
a random part of the time that takes.

After each kill the published dataset must be whole and exactly the old or the new one, and the next gathering must
complete. Every figure of a round is half the round's number, so that a mixture of two rounds shows at once.
"""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, Self

import psycopg

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database import runs, vintages
from dashboard.evidence.database.engine import create_engine_for, migrate, open_engine
from dashboard.evidence.dataset import layout
from dashboard.evidence.dataset.store import Dataset
from dashboard.evidence.gathering.plan import GatheringChoice
from dashboard.evidence.gathering.run import gather
from dashboard.evidence.gathering.startup import ensure_ready
from dashboard.settings import Settings
from tests.data_sources.server import Publisher, json_reply
from tests.data_sources.shapes import wb_body, wb_row
from tests.evidence.database.places import SERVER

ROOT = Path(__file__).parents[2]
SERIES = {"internet_users": "IT.NET.USER.ZS", "mobile_subscriptions": "IT.CEL.SETS.P2"}
CHOICE = GatheringChoice(("world_bank",), tuple(SERIES))
EACH = 10
"""Kills of one record: it grows with each, and so does the time they take."""

COUNTRIES, YEARS = 150, range(2005, 2025)


Stage = Literal["start", "fetch", "write", "publish", "end"]
STAGES: tuple[Stage, ...] = ("fetch", "write", "publish")
"""Replies are awaited and read; the vintage is written; the dataset is built and put in force."""


@dataclass
class Tally:
    """What was found after the kills: how often in which stage, which dataset, and everything that must not be."""

    hit: Counter[Stage] = field(default_factory=Counter)  # the stage a gathering had reached when it was killed
    old: int = 0
    new: int = 0
    cut_short: int = 0  # runs that had not ended by their own account
    faults: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Tally") -> Self:
        self.hit += other.hit
        self.old, self.new = self.old + other.old, self.new + other.new
        self.cut_short += other.cut_short
        self.faults += other.faults
        return self


class Gathering:
    """A gathering in a process of its own, and how far it has come, seen from outside."""

    def __init__(self, settings: Settings, publisher: Publisher) -> None:
        self._settings, self._publisher, self._before = settings, publisher, len(publisher.asked)
        self._judged, self._pointer = 0, settings.dataset_dir / layout.CURRENT
        self._pointed = self._pointer.read_bytes()
        self.process = _start(settings, publisher)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._judged += "(world_bank " in line

    @property
    def stage(self) -> Stage:
        """What it is at: the publisher was asked, the last series was judged, a dataset is being built, is in force."""
        if self.process.poll() is not None or self._pointer.read_bytes() != self._pointed:
            return "end"
        if any((self._settings.dataset_dir / layout.VERSIONS).glob(f"{layout.UNFINISHED}*")):
            return "publish"
        if self._judged >= len(SERIES):
            return "write"
        return "fetch" if len(self._publisher.asked) > self._before else "start"

    def reaches(self, stage: Stage) -> float:
        """Wait for a stage, or a later one; gives the moment."""
        order = ("start", *STAGES, "end")
        while order.index(self.stage) < order.index(stage):
            time.sleep(0.001)
        return time.monotonic()

    def ends(self) -> None:
        """Wait until it is over and all it said is read."""
        self.process.wait()
        self._reader.join()

    def kill(self) -> Stage:
        """SIGKILL, the signal no program can answer; gives the stage it was at."""
        at = self.stage
        self.process.send_signal(signal.SIGKILL)
        self.ends()
        return at


@contextlib.contextmanager
def alone(url: str) -> Iterator[tuple[Settings, Publisher]]:
    """A data folder with one vintage in the database of this URL, and the publisher it is gathered from."""
    publisher = Publisher()
    publisher.start()
    try:
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            settings = Settings(
                data_dir=Path(folder), database_url=url or f"sqlite:///{folder}/monitor.sqlite3",
                review={"share": 1}, sources={"world_bank": {"base_url": f"{publisher.url}/v2"}},
            )  # fmt: skip
            migrate(settings)
            _serve(publisher, 0.5)
            asyncio.run(gather(settings, load_codebook(), CHOICE))
            yield settings, publisher
            open_engine(settings).dispose()
    finally:
        publisher.stop()


def kill(settings: Settings, publisher: Publisher, count: int, seed: int = 7) -> Tally:
    """Kill ``count`` gatherings, each of new figures, stage by stage in turn, and look at what is left."""
    chance, tally = random.Random(seed), Tally()
    usual = _timed(settings, publisher, 0.75, tally)  # how long the stages take here and now
    for number in range(2, count + 2):
        stage = STAGES[number % len(STAGES)]
        part = chance.random() if number >= 2 + len(STAGES) else 0.0  # a slow moment must not carry all past a stage
        old = _shown(settings)
        _serve(publisher, number / 2)
        gathering = Gathering(settings, publisher)
        gathering.reaches(stage)
        time.sleep(usual[stage] * part)
        at = gathering.kill()
        tally.hit[at] += 1
        _look(settings, old, number, at, tally)
        last = runs.find_latest(open_engine(settings))
        tally.cut_short += last is not None and last.state == "running"
        _complete(settings, number / 2, tally)
    return tally


def _timed(settings: Settings, publisher: Publisher, value: float, tally: Tally) -> dict[Stage, float]:
    """Seconds of each stage of a gathering that nobody kills."""
    _serve(publisher, value)
    gathering = Gathering(settings, publisher)
    moments = [gathering.reaches(stage) for stage in (*STAGES, "end")]
    gathering.ends()
    if _shown(settings) != {value}:
        tally.faults.append(f"round {value}: {sorted(_shown(settings))} is shown, exit {gathering.process.returncode}")
    return {stage: moments[n + 1] - moments[n] for n, stage in enumerate(STAGES)}


def _look(settings: Settings, old: set[float], number: int, at: Stage, tally: Tally) -> None:
    dataset = Dataset.current(settings.dataset_dir)
    tally.faults += [f"kill {number} at {at}: {fault}" for fault in dataset.verify()]
    now = _shown(settings)
    if now == old and at != "end":
        tally.old += 1
    elif now == {number / 2} and at in ("publish", "end"):
        tally.new += 1
    else:
        tally.faults.append(f"kill {number} at {at}: {sorted(now)} is shown, {sorted(old)} was")
    if any(vintage.state != "sealed" for vintage in vintages.list_vintages(open_engine(settings))):
        tally.faults.append(f"kill {number} at {at}: a vintage is not sealed")


def _complete(settings: Settings, value: float, tally: Tally) -> None:
    """The next run, as a command does it: what was written is published, then everything is gathered."""
    ensure_ready(settings, say=lambda line: None)
    summary = asyncio.run(gather(settings, load_codebook(), CHOICE))
    if summary.failed or _shown(settings) != {value}:
        tally.faults.append(f"round {value}: {sorted(_shown(settings))} is shown after a complete gathering")


def _shown(settings: Settings) -> set[float]:
    rows = Dataset.current(settings.dataset_dir).scan().collect()
    if rows.height != len(SERIES) * COUNTRIES * len(YEARS):
        return {-float(rows.height)}
    return set(rows["value"])


def _serve(publisher: Publisher, value: float) -> None:
    countries = list(load_codebook().countries.values())[:COUNTRIES]
    for code in SERIES.values():
        rows = [
            wb_row(one.iso3, str(year), value, code=code, name=one.name["en"]) for one in countries for year in YEARS
        ]
        publisher.on(f"/v2/country/all/indicator/{code}", json_reply(wb_body(*rows), delay=0.05))


def _start(settings: Settings, publisher: Publisher) -> "subprocess.Popen[str]":
    environment = os.environ | {
        "MONITOR_DATA_DIR": str(settings.data_dir),
        "MONITOR_DATABASE_URL": settings.sqlalchemy_url,
        "MONITOR_SOURCES__WORLD_BANK__BASE_URL": f"{publisher.url}/v2",
        "MONITOR_REVIEW__SHARE": "1",
        "MONITOR_REVIEW__COUNTRIES": "1",
        "PYTHONUNBUFFERED": "1",
    }
    chosen = [part for indicator in SERIES for part in ("--indicator", indicator)]
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard", "gather", "--source", "world_bank", *chosen],
        cwd=ROOT, env=environment, text=True, bufsize=1, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """URL of an empty database of the local PostgreSQL server, dropped afterwards."""
    name = f"monitor_kills_{uuid.uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True, connect_timeout=5) as server:
        server.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
        url = f"postgresql+psycopg://postgres@127.0.0.1:5432/{name}"
        try:
            yield url
        finally:
            create_engine_for(url).dispose()
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def main(count: int) -> int:
    """Kill ``count`` gatherings on each engine; the exit code says whether all was well."""
    wrong = 0
    for kind, place in (("SQLite", contextlib.nullcontext), ("PostgreSQL", postgres)):
        tally = Tally()
        for first in range(0, count, EACH):
            with place() as url, alone(url or "") as (settings, publisher):
                tally += kill(settings, publisher, min(EACH, count - first), seed=first)
        where = ", ".join(f"{tally.hit[stage]} at {stage}" for stage in ("start", *STAGES, "end"))
        print(  # noqa: T201
            f"{kind}: {count} kills ({where}); the dataset was the old one {tally.old} times, the new one {tally.new} "
            f"times; {tally.cut_short} runs were cut short; {len(tally.faults)} faults", flush=True,
        )  # fmt: skip
        for fault in tally.faults:
            print(f"  {fault}", flush=True)  # noqa: T201
        wrong += len(tally.faults)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
