"""Gathering 100 series of 200 areas from two publishers on localhost that take 150 ms per reply.

Against the same gathering with one request at a time; memory is that of a process that only gathers. The figures are
counted up, for speed only; they live in a temporary folder and are never part of the product.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard.codebook import codebook
from dashboard.codebook.model import Codebook, SeriesLink
from dashboard.database.engine import migrate
from dashboard.gathering import run as room
from dashboard.gathering.run import Summary, gather
from dashboard.settings import Settings
from data_sources.contract import SeriesRef
from data_sources.fetch import collect
from data_sources.http import HttpClient
from data_sources.raw import RawStore
from data_sources.registry import hosts, sources
from tests.bench.measure import Figure
from tests.data_sources.server import Publisher, json_reply
from tests.data_sources.shapes import un_body, un_releases, un_row, wb_body, wb_row

ROOT = Path(__file__).parents[2]
SERIES, AREAS, YEARS = 50, 200, range(2010, 2020)
DELAY = 0.15
FEWEST_TIMES, MOST_MEMORY = 4.0, 400.0


def figures() -> Iterator[Figure]:
    """Starts servers and processes of its own."""
    bank, un = Publisher(), Publisher()
    for server in (bank, un):
        server.start()
    try:
        _script(bank, un)
        yield from _speeds(bank, un)
        with TemporaryDirectory() as one, TemporaryDirectory() as many:
            single = _gather(Path(one), bank, un, "single")
            bank.most_at_once = un.most_at_once = 0
            first = _gather(Path(many), bank, un)
            yield Figure("gathering 100 series × 200 areas", first["seconds"], "s")
            faster = single["seconds"] / first["seconds"]
            yield Figure("one request at a time takes that many times as long", faster, "×")
            yield Figure("share of the promised four times", FEWEST_TIMES / faster, "×", 1)
            yield Figure("most requests at once, World Bank", bank.most_at_once, "", 4)
            yield Figure("most requests at once, UN SDG", un.most_at_once, "", 2)
            yield Figure("memory of a gathering, highest", first["memory"], "MiB", MOST_MEMORY)
            yield Figure("publishing", first["publishing"], "s")
            sent = bank.bytes_sent + un.bytes_sent
            again = _gather(Path(many), bank, un)
            transferred = bank.bytes_sent + un.bytes_sent - sent
            yield Figure("the same again: new vintages", float(again["vintage"] is not None), "", 0)
            yield Figure("the same again: bytes of bodies transferred", transferred / 1000, "kB", 100)
            yield Figure("the same again", again["seconds"], "s")
    finally:
        for server in (bank, un):
            server.stop()


def _script(bank: Publisher, un: Publisher) -> None:
    countries = [one for one in codebook().countries.values() if one.m49][:AREAS]
    for number in range(SERIES):
        code = f"BENCH.{number:03d}"
        rows = [
            wb_row(one.iso3, str(year), (number + year) % 97 + 0.5, code=code, name=one.name["en"])
            for one in countries for year in YEARS
        ]  # fmt: skip
        reply = json_reply(wb_body(*rows), delay=DELAY, headers={"ETag": f'"{number}"'})
        bank.on(f"/v2/country/all/indicator/{code}", reply)
        code = f"BENCH_{number:03d}"
        told = [
            un_row(str(int(one.m49)), float(year), f"{(number + year) % 97}.5", series=code, geoAreaName=one.name["en"])
            for one in countries for year in YEARS
        ]  # fmt: skip
        reply = json_reply(un_body(*told, release="2026.Q2"), delay=DELAY, headers={"ETag": f'"{number}"'})
        un.on("/sdg/Series/Data", reply, seriesCode=code)
    un.on("/sdg/Indicator/List", json_reply(un_releases(), delay=DELAY, headers={"ETag": '"list"'}))


def _book() -> Codebook:
    """The codebook with 100 indicators, each of one series."""
    book = codebook()
    like = book.metrics["internet_users"]
    metrics = {}
    for number in range(SERIES):
        for source, code in (("world_bank", f"BENCH.{number:03d}"), ("un_sdg", f"BENCH_{number:03d}")):
            name = f"{source}_{number:03d}"
            link = SeriesLink(name, source, code, "primary", "")
            metrics[name] = replace(like, id=name, series=(link,))
    return replace(book, metrics=metrics)


def _speeds(bank: Publisher, un: Publisher) -> Iterator[Figure]:
    """Rows per second from the reply to the frame, per source, without the publisher's time."""
    addresses = {"world_bank": f"{bank.url}/v2", "un_sdg": f"{un.url}/sdg"}
    for source, code in (("world_bank", "BENCH.000"), ("un_sdg", "BENCH_000")):
        publisher = sources(addresses)[source]
        (task,) = publisher.plan([SeriesRef(code, "bench")])
        with TemporaryDirectory() as folder:
            replies = asyncio.run(_ask(publisher, task, RawStore(Path(folder))))
        began = time.perf_counter()
        rows = sum(publisher.parse(task, replies).observations.height for _ in range(5))
        yield Figure(f"rows parsed, {source}", rows / (time.perf_counter() - began), "rows/s")


async def _ask(publisher, task, store):  # type: ignore[no-untyped-def]
    async with HttpClient(_limits(), hosts([publisher])) as client:
        return (await collect(client, publisher, task, store)).replies


def _limits():  # type: ignore[no-untyped-def]
    from data_sources.http import Limits

    return Limits()


def _gather(folder: Path, bank: Publisher, un: Publisher, how: str = "") -> dict[str, float | None]:
    environment = os.environ | {"NO_PROXY": "127.0.0.1"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.gathering", str(folder), bank.url, un.url, how],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the gathering failed: {done.stderr[-2000:]}")
    told: dict[str, float | None] = json.loads(done.stdout)
    return told


def _be_measured(folder: Path, bank: str, un: str, how: str) -> dict[str, float | None]:
    settings = Settings(
        data_dir=folder, database_url=None,
        http={"per_host": 1} if how else {},
        sources={"world_bank": {"base_url": f"{bank}/v2"}, "un_sdg": {"base_url": f"{un}/sdg"}},
    )  # fmt: skip
    migrate(settings)
    book, publishing = _book(), [0.0]
    publish = room.publish

    def timed(*arguments: object) -> object:
        began = time.perf_counter()
        try:
            return publish(*arguments)  # type: ignore[arg-type]
        finally:
            publishing[0] = time.perf_counter() - began

    room.publish = timed  # type: ignore[assignment]
    began = time.perf_counter()
    if how:  # one request at a time: one series after the other, each of one request
        room.AT_ONCE = 1
        for source in ("world_bank", "un_sdg"):
            summary = _run(settings, book, source)
    else:
        summary = _run(settings, book)
    seconds = time.perf_counter() - began
    if summary.failed:
        raise RuntimeError(f"{summary.failed[0].planned.metric.id}: {summary.failed[0].message}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "memory": memory, "publishing": publishing[0], "vintage": summary.vintage}


def _run(settings: Settings, book: Codebook, *chosen: str) -> Summary:
    return asyncio.run(gather(settings, book, room.Choice(tuple(chosen))))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_be_measured(Path(sys.argv[1]), *sys.argv[2:5])))  # noqa: T201
    else:
        for figure in figures():
            print(f"{figure.name:<60} {figure.value:>10.2f} {figure.unit} {'' if figure.kept else 'BROKEN'}")  # noqa: T201
