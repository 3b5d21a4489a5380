"""What several processes promise together; each check gives figures."""

import asyncio
import contextlib
import http.client
import json
import signal
import statistics
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import redis

from dashboard.evidence.codebook import loader
from dashboard.evidence.database.engine import open_engine
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.travel import pull_newest
from dashboard.settings import Settings
from tests.attack.data import serves
from tests.attack.reader import Reader
from tests.attack.sockets import BOOT
from tests.evidence.database.figures import figure, figures, issue
from tests.machines.place import CACHE, INSECURE, Place, Web, wait
from tests.machines.place import web as single

Figures = dict[str, float]

COUNTRIES = ("AZE", "GEO", "KAZ", "UZB", "UGA", "SEN", "PAK", "IDN")
MIX = [
    path
    for country in COUNTRIES
    for path in (
        f"/en/countries/{country}/",
        f"/api/v1/observations.json?indicator=wgi_cc&country={country}",
        f"/api/v1/observations.csv?indicator=internet_users&country={country}",
    )
]
DONE = '"is_hydrated_rx_state_":true'
"""In the last message of a page that loads."""

VIEW = "/en/compare/", {"indicator": "wgi_cc", "country": "GEO,AZE", "from": "2012"}
WGI = {
    "indicator": "wgi_cc", "source": "world_bank", "series": "GOV_WGI_CC.EST", "unit": "score", "nature": "",
    "edition": "2025", "interval_level": 90.0,
}  # fmt: skip


def pages(place: Place) -> Figures:
    """Pages, data and pictures through nginx; every process takes its part."""
    asked = ["/", "/en/", "/fr/indicators/", "/ar/countries/AZE/", "/readyz", "/sitemap.xml", *MIX]
    before = [one.counted("monitor_request_seconds_count") for one in place.webs]
    bad = 0
    for number, path in enumerate(asked):
        status, body = place.get(path, f"127.0.1.{number % 200 + 1}")
        well = status in (200, 307, 308) and (status != 200 or body)
        bad += not well
        if not well:
            print(f"    {path}: {status}")  # noqa: T201
    after = [one.counted("monitor_request_seconds_count") for one in place.webs]
    taking = sum(later > sooner for sooner, later in zip(before, after, strict=True))
    hidden = place.get("/metrics")[0] == 404
    return {"asked": len(asked), "bad": bad, "taking_part": taking, "metrics_hidden": float(hidden)}


def publications(place: Place, rounds: int = 3) -> Figures:
    """Seconds from a publication on another machine until every web process answers with it."""
    other = Settings(_env_file=None, data_dir=place.folder / "publisher", database_url=place.database_url)
    record, book = open_engine(other), loader.hash_folder(loader.DATA)
    pull_newest(record, other.dataset_dir)
    in_force, answered, right = 0.0, 0.0, 0
    for number in range(rounds):
        value = 1.001 + number / 1000
        issue(record, figures(figure(value, country="AZE", period=str(2031 + number), **WGI)))
        version = publish(record, other.dataset_dir, book).name
        began = time.monotonic()
        while any(_pointed(one) != version for one in place.webs) and time.monotonic() - began < 30:
            time.sleep(0.02)
        in_force = max(in_force, time.monotonic() - began)
        while any(one.version() != version for one in place.webs) and time.monotonic() - began < 60:
            time.sleep(0.05)
        answered = max(answered, time.monotonic() - began)
        asked = "/api/v1/observations.csv?indicator=wgi_cc&country=AZE"
        right += all(str(value).encode() in one.get(asked)[1] for one in place.webs)
    return {"rounds": rounds, "in_force_s": in_force, "answered_s": answered, "right": right}


def _pointed(one: Web) -> str:
    """The version that the next answer of a process is of: every answer looks at this file."""
    return (one.folder / "dataset" / "CURRENT").read_text().split()[0]


async def moved(place: Place) -> Figures:
    """A reader whose process is killed comes to another one by the same token, and sees the same."""
    token = str(uuid.uuid4())
    before, first = await _seen(place, token)
    held = len(redis.Redis.from_url(CACHE).keys(f"{token}_*"))
    at = next(one for one in place.webs if one.counted("monitor_sockets_open"))
    at.worker().send_signal(signal.SIGKILL)
    while await first.hear() is not None:
        pass
    after, second = await _seen(place, token)
    elsewhere = [one for one in place.webs if one is not at and one.counted("monitor_sockets_open")]
    await second.leave()
    wait(place.webs)
    for name in before.keys() | after.keys():
        if before.get(name) != after.get(name):
            print(f"    {name}: {before.get(name)!s:.200} → {after.get(name)!s:.200}")  # noqa: T201
    return {
        "variables": len(before),
        "same": float(before == after and "wgi_cc" in json.dumps(before)),
        "elsewhere": float(bool(elsewhere)),
        "in_redis": float(held > 0),
    }


async def _seen(place: Place, token: str) -> tuple[dict[str, Any], Reader]:
    """What a page shows after its first event: the variables it was sent, but for those that name the visit."""
    reader = Reader(place.port, token, "127.0.0.21", tls=INSECURE)
    path, query = VIEW
    said = "&".join(f"{name}={value}" for name, value in query.items())
    event = {"name": BOOT, "payload": {}}
    event["router_data"] = {"pathname": path, "query": query, "asPath": f"{path}?{said}"}
    assert await reader.open() == 101
    await reader.greet({"event": event})
    shown: dict[str, Any] = {}
    text = ""
    while DONE not in text:
        text = await asyncio.wait_for(reader.hear(), 60) or ""
        assert text, "the server hung up"
        if text.startswith("42/_event,"):
            for state, variables in json.loads(text.removeprefix("42/_event,"))[1]["delta"].items():
                shown |= {f"{state}.{name}": value for name, value in variables.items() if "router" not in name}
    return shown, reader


def kills(place: Place, rounds: int = 20) -> Figures:
    """``kill -9`` of each process of each web in turn, while readers ask through nginx."""
    longest, back = 0.0, 0
    with _asking(place) as tally:
        for number in range(rounds):
            one = place.webs[number % len(place.webs)]
            victims = [process for process in one.processes() if serves(process)]
            victims[number // len(place.webs) % len(victims)].send_signal(signal.SIGKILL)
            began = time.monotonic()
            time.sleep(0.3)
            while not one.ready() and time.monotonic() - began < 30:
                time.sleep(0.05)
            took = time.monotonic() - began
            longest, back = max(longest, took), back + (took < 10)
    return {"rounds": rounds, "back_in_10s": back, "longest_s": longest, "asked": tally["asked"], "bad": tally["bad"]}


@contextlib.contextmanager
def _asking(place: Place) -> Iterator[dict[str, int]]:
    """Ask for one address after another until the block ends; counts what was not answered well."""
    tally, over = {"asked": 0, "bad": 0}, threading.Event()

    def ask() -> None:
        while not over.wait(0.05):
            number = tally["asked"] = tally["asked"] + 1
            try:
                status, _ = place.get(MIX[number % len(MIX)], f"127.0.2.{number % 200 + 1}")
            except (OSError, http.client.HTTPException):
                status = 0
            tally["bad"] += status != 200

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield tally
    finally:
        over.set()
        asking.join()


def throughput(place: Place, rounds: int = 3, times: int = 40) -> Figures:
    """Answers per second of processor time: three processes with PostgreSQL and Redis, beside one as `make run` has it.

    Both are measured in turn, so that what else the machine does meets both alike; for seconds, since Linux counts
    time in hundredths of them.
    """
    alone = {"MONITOR_PUBLIC_URL": place.url, "MONITOR_SCHEDULE__ENABLED": "false", "MONITOR_PROXIES": "1"}
    with single(place.folder / "one", alone) as one:
        wait([one])
        _settle([one, *place.webs])
        groups: dict[str, list[Web]] = {"one": [one], "three": place.webs}
        figure_of: dict[str, list[float]] = {"one": [], "three": [], "events_one": [], "events_three": []}
        for group in groups.values():
            _load(group, 1)
        for _ in range(rounds):
            for name, group in groups.items():
                figure_of[name].append(_per_core(group, lambda webs: _load(webs, times)))
                figure_of[f"events_{name}"].append(_per_core(group, lambda webs: asyncio.run(_events(webs, 20))))
    found = {name: statistics.median(values) for name, values in figure_of.items()}
    found["ratio"] = found["three"] / found["one"]
    found["events_ratio"] = found["events_three"] / found["events_one"]
    return found


def _settle(webs: list[Web], within: float = 90.0) -> None:
    """Wait until nothing is being warmed up any more: what a process does after its start is no answer."""
    deadline, quiet = time.monotonic() + within, 0
    while quiet < 3 and time.monotonic() < deadline:
        before = sum(one.cpu() for one in webs)
        time.sleep(1)
        quiet = quiet + 1 if sum(one.cpu() for one in webs) - before < 0.05 * len(webs) else 0


def _per_core(webs: list[Web], work: Any) -> float:
    before = sum(one.cpu() for one in webs)
    return float(work(webs) / (sum(one.cpu() for one in webs) - before))


def _load(webs: list[Web], times: int) -> int:
    """Ask every process for the whole mix so many times, at once; gives the answers."""

    def ask(one: Web) -> None:
        link = http.client.HTTPConnection("127.0.0.1", one.port, timeout=60)
        for number in range(times * len(MIX)):
            link.request("GET", MIX[number % len(MIX)])
            reply = link.getresponse()
            reply.read()
            if reply.status != 200:
                raise AssertionError(f"{MIX[number % len(MIX)]}: {reply.status}")
        link.close()

    asking = [threading.Thread(target=ask, args=(one,)) for one in webs]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return len(webs) * times * len(MIX)


async def _events(webs: list[Web], many: int) -> int:
    """Load a page by event again and again in every process; gives the events."""

    async def read(one: Web) -> None:
        reader = Reader(one.port, str(uuid.uuid4()), "127.0.0.22")
        assert await reader.open() == 101
        await reader.greet()
        for number in range(many):
            await reader.ask(BOOT, path=f"/en/countries/{COUNTRIES[number % len(COUNTRIES)]}/")
            while DONE not in (text := await reader.hear() or ""):
                assert text, "the server hung up"
        await reader.leave()

    await asyncio.gather(*(read(one) for one in webs))
    return len(webs) * many


def left(folder: Path) -> list[int]:
    """Processes of the monitor that still run on a folder."""
    found = []
    for process in psutil.process_iter(["environ"]):
        if str(folder) in str((process.info["environ"] or {}).get("MONITOR_DATA_DIR", "")):
            found.append(process.pid)
    return found
