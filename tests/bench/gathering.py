"""Gathering 100 series of 200 areas from three publishers on localhost, against the same with one request at a time.

What is assumed: each reply takes 250 ms before its first byte, as of a publisher far away when it is quick. (The World
Bank and the United Nations often take seconds: the longer they take, the more there is to gain.) Nothing is assumed of
the way, bytes arrive as fast as the machine goes. Both gatherings do all the rest too, from parsing to publishing, so
the ratio is that of what a person waits for. The limits per host are those of ``source.toml``. The Data Commons is left
out: no indicator is asked there, and a POST can bear no condition.

Memory is the most that a process which only gathers ever held. The figures are counted up, for speed only; they live in
a temporary folder and are never part of the product.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Codebook, Country, SeriesLink
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.evidence.dataset import publication
from dashboard.evidence.gathering import run as room
from dashboard.evidence.gathering.plan import GatheringChoice, Planned, plan
from dashboard.evidence.gathering.run import gather
from dashboard.evidence.gathering.series import judge
from dashboard.runtime.process import collect_rarely
from dashboard.settings import Settings
from data_sources.fetching.fetch import Collected, collect
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.raw import RawStore
from data_sources.registry import build_sources, list_hosts, list_infos
from tests.bench.measure import Figure
from tests.data_sources.server import Publisher, Scripted, json_reply
from tests.data_sources.shapes import (
    csv_file,
    owid_metadata,
    un_body,
    un_releases,
    un_row,
    wb_body,
    wb_row,
)

ROOT = Path(__file__).parents[2]
SERIES = {"world_bank": ("BENCH.{:03d}", 40), "un_sdg": ("BENCH_{:03d}", 40), "owid": ("bench-{:03d}", 20)}
"""Publisher → how its series are called, and how many there are."""

AREAS, YEARS = 200, range(2010, 2020)
DELAY = 0.25
FEWEST_TIMES, MOST_MEMORY = 4.0, 400.0


def figures() -> Iterator[Figure]:
    """Starts servers and processes of its own."""
    served = {source: Publisher() for source in SERIES}
    for server in served.values():
        server.start()
    try:
        for source, server in served.items():
            _SCRIPTS[source](server)
        yield from _speeds(served)
        with TemporaryDirectory() as one, TemporaryDirectory() as many:
            single = _gather(Path(one), served, one_at_a_time=True)
            for server in served.values():
                server.most_at_once = 0
            first = _gather(Path(many), served)
            yield Figure("gathering 100 series × 200 areas", first["seconds"], "s")
            faster = single["seconds"] / first["seconds"]
            yield Figure("one request at a time takes that many times as long", faster, "×")
            yield Figure("share of the promised four times", FEWEST_TIMES / faster, "×", 1)
            for source, server in served.items():
                most = list_infos()[source].per_host
                yield Figure(f"most requests at once, {source}", server.most_at_once, "", most)
            yield Figure("memory of a gathering, highest", first["memory"], "MiB", MOST_MEMORY)
            yield Figure("publishing", first["publishing"], "s")
            sent = sum(server.bytes_sent for server in served.values())
            again = _gather(Path(many), served)
            transferred = sum(server.bytes_sent for server in served.values()) - sent
            yield Figure("the same again: new vintages", float(again["vintage"] is not None), "", 0)
            yield Figure("the same again: bytes of bodies transferred", transferred / 1000, "kB", 100)
            yield Figure("the same again", again["seconds"], "s")
    finally:
        for server in served.values():
            server.stop()


def _countries() -> list[Country]:
    return [one for one in load_codebook().countries.values() if one.m49][:AREAS]


def _codes(source: str) -> list[str]:
    pattern, count = SERIES[source]
    return [pattern.format(number) for number in range(count)]


def _reply(body: bytes, tag: object) -> Scripted:
    return json_reply(body, delay=DELAY, headers={"ETag": f'"{tag}"'})


def _script_bank(server: Publisher) -> None:
    for number, code in enumerate(_codes("world_bank")):
        rows = [
            wb_row(one.iso3, str(year), (number + year) % 97 + 0.5, code=code, name=one.name["en"])
            for one in _countries() for year in YEARS
        ]  # fmt: skip
        server.on(f"/country/all/indicator/{code}", _reply(wb_body(*rows), number))


def _script_un(server: Publisher) -> None:
    for number, code in enumerate(_codes("un_sdg")):
        rows = [
            un_row(str(int(one.m49)), float(year), f"{(number + year) % 97}.5", series=code, geoAreaName=one.name["en"])
            for one in _countries() for year in YEARS
        ]  # fmt: skip
        server.on("/Series/Data", _reply(un_body(*rows, release="2026.Q2"), number), seriesCode=code)
    server.on("/Indicator/List", _reply(un_releases(), "list"))


def _script_owid(server: Publisher) -> None:
    for number, code in enumerate(_codes("owid")):
        rows = [
            f'"{one.name["en"]}",{one.iso3},{year},{(number + year) % 97}.5' for one in _countries() for year in YEARS
        ]
        server.on(f"/{code}.metadata.json", _reply(owid_metadata(), number))
        server.on(f"/{code}.csv", _reply(csv_file("entity,code,year,a_score", *rows), number))


_SCRIPTS = {"world_bank": _script_bank, "un_sdg": _script_un, "owid": _script_owid}


def _book() -> Codebook:
    """The codebook with 100 indicators, each of one series."""
    book = load_codebook()
    like = book.metrics["internet_users"]
    metrics = {}
    for source in SERIES:
        for number, code in enumerate(_codes(source)):
            name = f"{source}_{number:03d}"
            metrics[name] = replace(like, id=name, series=(SeriesLink(name, source, code, "primary", ""),))
    return replace(book, metrics=metrics)


def _speeds(served: Mapping[str, Publisher]) -> Iterator[Figure]:
    """Rows per second from the reply to a row of the record, per source, without the publisher's time."""
    book, rooms = _book(), build_sources({source: server.url for source, server in served.items()})
    for source in SERIES:
        first = [one for one in plan(book, rooms, GatheringChoice((source,))) if one.link.source == source][:5]
        with TemporaryDirectory() as folder:
            settings = Settings(data_dir=Path(folder), database_url=None)
            migrate(settings)
            collected = asyncio.run(_ask(first, RawStore(Path(folder))))
            began = time.perf_counter()
            verdicts = []
            for planned, found in zip(first, collected, strict=True):
                (task,) = planned.source.plan([planned.ref])
                parsed = planned.source.parse(task, found.replies)
                none = partial(vintages.read_current_rows, open_engine(settings))
                verdicts.append(judge(planned, replace(found, parsed=parsed), book, none))
            vintages.write_vintage(
                open_engine(settings), created_at=datetime.now(UTC), note="bench", run_id=None, superseded=(),
                added=[one.added for one in verdicts], records=[record for one in verdicts for record in one.records],
            )  # fmt: skip
            seconds = time.perf_counter() - began
        yield Figure(f"rows parsed and loaded, {source}", sum(one.added.height for one in verdicts) / seconds, "/s")


async def _ask(planned: Sequence[Planned], store: RawStore) -> list[Collected]:
    async with HttpClient(HttpLimits(), list_hosts([one.source for one in planned])) as client:
        return [
            await collect(client, one.source, task, store) for one in planned for task in one.source.plan([one.ref])
        ]


def _gather(folder: Path, served: Mapping[str, Publisher], *, one_at_a_time: bool = False) -> dict[str, Any]:
    addresses = json.dumps({source: server.url for source, server in served.items()})
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.gathering", str(folder), addresses, "one" if one_at_a_time else ""],
        cwd=ROOT, env=os.environ | {"NO_PROXY": "127.0.0.1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the gathering failed: {done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _be_measured(folder: Path, addresses: dict[str, str], one_at_a_time: bool) -> dict[str, Any]:
    collect_rarely()  # as the command line does
    settings = Settings(
        data_dir=folder, database_url=None,
        http={"per_host": 1} if one_at_a_time else {},
        sources={source: {"base_url": url} for source, url in addresses.items()},
    )  # fmt: skip
    migrate(settings)
    book, publishing = _book(), [0.0]
    prepare = publication.prepare_version

    def timed(*arguments: object) -> object:
        began = time.perf_counter()
        try:
            return prepare(*arguments)  # type: ignore[arg-type]
        finally:
            publishing[0] += time.perf_counter() - began

    publication.prepare_version = timed  # type: ignore[assignment]
    if one_at_a_time:  # one publisher after the other, one series after the other
        room.AT_ONCE = 1
    choices = [GatheringChoice((source,)) for source in SERIES] if one_at_a_time else [GatheringChoice(tuple(SERIES))]
    began = time.perf_counter()
    summaries = [asyncio.run(gather(settings, book, choice)) for choice in choices]
    seconds = time.perf_counter() - began
    if failed := [verdict for summary in summaries for verdict in summary.failed]:
        raise RuntimeError(f"{failed[0].planned.metric.id}: {failed[0].message}")
    return {
        "seconds": seconds,
        "memory": _highest(),
        "publishing": publishing[0],
        "vintage": summaries[-1].vintage,
    }


def _highest() -> float:
    """The most memory this process ever held, in MiB; not what its parent held when it began."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in told.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_be_measured(Path(sys.argv[1]), json.loads(sys.argv[2]), bool(sys.argv[3]))))  # noqa: T201
    else:
        for figure in figures():
            print(f"{figure.name:<60} {figure.value:>10.2f} {figure.unit} {'' if figure.kept else 'BROKEN'}")  # noqa: T201
