"""``python -m tests.attack.soak [SHARE]``: three days' work in one go, while the product is killed and publishes.

A million requests and events (``SHARE`` of them, 1 unless said), 50 publications and 20 kills of the process that
serves, all kills in the first half. Addresses are wanted as on any site: the hundredth a hundredth as often as the
first (Zipf). Wanted: no wrong figure, no answer of 500 and above but while it restarts, and memory that stays within 5
per cent of its mean over the last half.
"""

import asyncio
import csv
import io
import itertools
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from dashboard.evidence.codebook import load_codebook, loader
from dashboard.evidence.database.engine import open_engine
from dashboard.evidence.dataset.publish import publish
from dashboard.settings import Settings
from tests.attack.data import serves
from tests.attack.reader import Reader
from tests.attack.sockets import BOOT, LOAD
from tests.attack.target import Target, running
from tests.bench.readers import COUNTRIES, PAGES
from tests.evidence.database.figures import figure, figures, issue
from tests.machines.checks import WGI

REQUESTS, EVENTS, PUBLICATIONS, RESTARTS = 950_000, 50_000, 50, 20
LINKS = 8
FLAT = 0.05
SWITCHED = 3.0
"""Seconds after a publication in which an answer may be of the vintage before."""

ASKED = "/api/v1/observations.csv?indicator=wgi_cc&country=AZE&from=2030"
STILL = "/api/v1/observations.csv?indicator=internet_users&country=AZE,UGA"


@dataclass
class Watch:
    """What answers are held against, and what was seen."""

    values: dict[int, float] = field(default_factory=dict)  # year → the figure in force
    before: dict[int, float] = field(default_factory=dict)
    changed: float = 0.0  # when the last publication was in force
    still: list[tuple[str, str, str]] = field(default_factory=list)
    restarting: threading.Event = field(default_factory=threading.Event)
    seen: Counter[str] = field(default_factory=Counter)

    def look(self, path: str, status: int, body: bytes) -> None:
        """Count an answer, and what is wrong with it."""
        self.seen["answers"] += 1
        if status >= 500 and not self.restarting.is_set():
            self.seen["5xx"] += 1
        if status != 200:
            self.seen[f"of {status}"] += 1
            return
        if path == ASKED:
            found = {int(row["period"]): float(row["value"]) for row in rows(body)}
            recent = time.monotonic() - self.changed < SWITCHED
            self.seen["wrong"] += found != self.values and not (recent and found == self.before)
        elif path == STILL:
            self.seen["wrong"] += told(body) != self.still


def rows(body: bytes) -> list[dict[str, str]]:
    """Rows of a file."""
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def told(body: bytes) -> list[tuple[str, str, str]]:
    """Country, period and value of its rows."""
    return [(row["country"], row["period"], row["value"]) for row in rows(body)]


def paths(chance: random.Random) -> list[str]:
    """What readers ask for: pages, first answers, charts and figures; the first are wanted most."""
    metrics = [one.id for one in load_codebook().metrics.values() if one.quantity]
    pairs = list(itertools.combinations(sorted(load_codebook().countries), 2))
    charts = [
        f"/api/v1/charts/{chance.choice(('trend', 'slope', 'dumbbell'))}.vega?indicator={chance.choice(metrics)}"
        f"&country={','.join(chance.choice(pairs))}"
        for _ in range(3_000)
    ]
    some = [
        f"/api/v1/observations.json?indicator={chance.choice(metrics)}&country={','.join(chance.choice(pairs))}"
        for _ in range(1_000)
    ]
    seldom = [*charts, *some]
    chance.shuffle(seldom)
    return [ASKED, STILL, *PAGES, *seldom]


def ask(target: Target, watch: Watch, wanted: Sequence[str], own: str) -> None:
    """Ask for paths one after the other; what a restart breaks off is asked again when it answers."""
    link = HTTPConnection("127.0.0.1", target.port, timeout=60, source_address=(own, 0))
    for path in wanted:
        for _ in range(200):
            try:
                link.request("GET", path)
                reply = link.getresponse()
                body = reply.read()
            except (OSError, HTTPException):
                link.close()
                if not watch.restarting.is_set():
                    watch.seen["broken"] += 1
                time.sleep(0.1)
                continue
            watch.look(path, reply.status, body)
            break
    link.close()


async def visit(target: Target, watch: Watch, events: int, number: int) -> None:
    """Readers who open a page, go on to others and leave; whom a restart turns away comes again."""
    each = 10
    left = events // each
    while left:
        reader = Reader(target.port, str(uuid.uuid4()), f"127.4.{number % 250}.{left % 250 + 1}")
        try:
            await asyncio.wait_for(_visit(reader, each), 60)
            watch.seen["events"] += each
        except (OSError, AssertionError, TimeoutError, asyncio.IncompleteReadError):
            if watch.restarting.is_set():
                await asyncio.sleep(0.1)
                continue
            watch.seen["broken"] += 1
        left -= 1


async def _visit(reader: Reader, events: int) -> None:
    assert await reader.open() == 101
    await reader.greet()
    await reader.ask(BOOT, path=PAGES[0])
    for at in range(events - 1):
        await reader.ask(LOAD, path=PAGES[at % len(COUNTRIES)])
        await reader.hear()
    await reader.leave()


def restarted(target: Target, watch: Watch, number: int) -> None:
    """``kill -9`` of each process of the server in turn; readers wait until it answers again."""
    watch.restarting.set()
    victims = [one for one in target.serve.children(recursive=True) if serves(one)]
    victims[number % len(victims)].send_signal(signal.SIGKILL)
    time.sleep(0.5)
    until = time.monotonic() + 30
    while not target.answers():
        assert time.monotonic() < until, "it does not come back"
        time.sleep(0.1)
    time.sleep(1)
    watch.restarting.clear()


def published(settings: Settings, watch: Watch, number: int) -> None:
    """A figure more, in a vintage of its own."""
    record = open_engine(settings)
    value = round(1 + number / 100, 2)
    issue(record, figures(figure(value, country="AZE", period=str(2031 + number), **WGI)))
    watch.before = dict(watch.values)
    watch.values = watch.values | {2031 + number: value}
    watch.changed = time.monotonic() + 60  # until it is in force both may be answered
    publish(record, settings.dataset_dir, loader.hash_folder(loader.DATA))
    watch.changed = time.monotonic()


def main() -> int:
    """Soak, and say what was seen; 1 where it is not as wanted."""
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    chance, watch, memory = random.Random(72), Watch(), []
    wanted = paths(chance)
    often = list(itertools.accumulate(1 / place for place in range(1, len(wanted) + 1)))
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, running(Path(folder)) as target:
        settings = Settings(_env_file=None, data_dir=Path(folder), database_url=None)
        watch.still = told(target.get(STILL)[2])
        began = time.monotonic()
        for number in range(PUBLICATIONS):
            each = round(REQUESTS * share / PUBLICATIONS / LINKS)
            threads = [
                threading.Thread(
                    target=ask,
                    args=(target, watch, chance.choices(wanted, cum_weights=often, k=each), f"127.3.0.{at + 1}"),
                )
                for at in range(LINKS)
            ]
            events = round(EVENTS * share / PUBLICATIONS)
            threads.append(threading.Thread(target=lambda n=number, e=events: asyncio.run(visit(target, watch, e, n))))
            for one in threads:
                one.start()
            published(settings, watch, number)
            if number < RESTARTS:
                restarted(target, watch, number)
            for one in threads:
                one.join()
            time.sleep(1)
            memory.append(target.memory())
            line = f"{number + 1:3} {time.monotonic() - began:6.0f} s {memory[-1]:6.0f} MiB {dict(watch.seen)}"
            print(line, flush=True)  # noqa: T201
    last = memory[len(memory) // 2 :]
    middle = statistics.mean(last)
    apart = max(abs(one - middle) for one in last) / middle
    print(f"memory of the last half {middle:.0f} MiB ± {100 * apart:.1f} %")  # noqa: T201
    return int(apart > FLAT or any(watch.seen[name] for name in ("wrong", "5xx", "broken")))


if __name__ == "__main__":
    sys.exit(main())
