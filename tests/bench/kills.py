"""``python -m tests.bench.kills [COUNT]``: kill gatherings with SIGKILL at random moments, on SQLite and PostgreSQL.

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
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from dashboard.codebook import codebook
from dashboard.database import runs, vintages
from dashboard.database.engine import engine, engine_of, migrate
from dashboard.dataset.store import Dataset
from dashboard.gathering.plan import Choice
from dashboard.gathering.run import gather
from dashboard.settings import Settings
from tests.data_sources.server import Publisher, json_reply
from tests.data_sources.shapes import wb_body, wb_row
from tests.database.places import SERVER

ROOT = Path(__file__).parents[2]
SERIES = {"internet_users": "IT.NET.USER.ZS", "mobile_subscriptions": "IT.CEL.SETS.P2"}
CHOICE = Choice(("world_bank",), tuple(SERIES))
COUNTRIES, YEARS = 60, range(2005, 2025)


@dataclass
class Tally:
    """What was found after the kills: how often which dataset, and everything that must not be."""

    old: int = 0
    new: int = 0
    ended: int = 0  # gatherings that were over before they could be killed
    resumed: int = 0  # kills after which the run was found interrupted
    faults: list[str] = field(default_factory=list)


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
            asyncio.run(gather(settings, codebook(), CHOICE))
            yield settings, publisher
            engine(settings).dispose()
    finally:
        publisher.stop()


def kill(settings: Settings, publisher: Publisher, count: int, seed: int = 7) -> Tally:
    """Kill ``count`` gatherings, each of new figures, and look at what is left."""
    chance, tally, usual = random.Random(seed), Tally(), 0.0
    for number in range(2, count + 2):
        if number % 25 == 2:  # how long a gathering takes here and now, to the end
            began = time.monotonic()
            _complete(settings, publisher, number / 2 + 0.25, tally)
            usual = time.monotonic() - began
        old = _shown(settings)
        _serve(publisher, number / 2)
        process = _start(settings, publisher)
        time.sleep(usual * chance.uniform(0.35, 1.0))
        tally.ended += process.poll() is not None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        _look(settings, old, number, tally)
        last = runs.latest(engine(settings))
        tally.resumed += last is not None and last.state == "running"
        _complete(settings, publisher, number / 2, tally)
    return tally


def _look(settings: Settings, old: set[float], number: int, tally: Tally) -> None:
    dataset = Dataset.current(settings.dataset_dir)
    tally.faults += [f"kill {number}: {fault}" for fault in dataset.verify()]
    now = _shown(settings)
    if now == old:
        tally.old += 1
    elif now == {number / 2}:
        tally.new += 1
    else:
        tally.faults.append(f"kill {number}: {sorted(now)} is shown, {sorted(old)} was")
    issued = vintages.listing(engine(settings))
    if any(vintage.state != "sealed" for vintage in issued):
        tally.faults.append(f"kill {number}: a vintage is not sealed")


def _complete(settings: Settings, publisher: Publisher, value: float, tally: Tally) -> None:
    _serve(publisher, value)
    process = _start(settings, publisher)
    said, _ = process.communicate(timeout=120)
    if process.returncode:
        tally.faults.append(f"round {value}: exit code {process.returncode}: {said.strip().splitlines()[-1:]}")
    if _shown(settings) != {value}:
        tally.faults.append(f"round {value}: {sorted(_shown(settings))} is shown after a complete gathering")


def _shown(settings: Settings) -> set[float]:
    rows = Dataset.current(settings.dataset_dir).scan().collect()
    if rows.height != len(SERIES) * COUNTRIES * len(YEARS):
        return {-float(rows.height)}
    return set(rows["value"])


def _serve(publisher: Publisher, value: float) -> None:
    countries = list(codebook().countries.values())[:COUNTRIES]
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
    }
    chosen = [part for indicator in SERIES for part in ("--indicator", indicator)]
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard", "gather", "--source", "world_bank", *chosen],
        cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
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
            engine_of(url).dispose()
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def main(count: int) -> int:
    """Kill ``count`` gatherings on each engine; the exit code says whether all was well."""
    wrong = 0
    for kind, place in (("SQLite", contextlib.nullcontext("")), ("PostgreSQL", postgres())):
        with place as url, alone(url) as (settings, publisher):
            tally = kill(settings, publisher, count)
        print(  # noqa: T201
            f"{kind}: {count} kills; the dataset was the old one {tally.old} times, the new one {tally.new} times; "
            f"{tally.resumed} runs were cut short, {tally.ended} had ended; {len(tally.faults)} faults", flush=True,
        )  # fmt: skip
        for fault in tally.faults:
            print(f"  {fault}", flush=True)  # noqa: T201
        wrong += len(tally.faults)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
