"""How each publisher stands: when it was last received, what failed, when it is due, and whether it answers now."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database import runs, vintages
from dashboard.evidence.database.engine import open_engine
from dashboard.evidence.gathering.plan import (
    GatheringChoice,
    NothingToGather,
    Planned,
    find_site,
    list_publishers,
    plan,
)
from dashboard.evidence.gathering.schedule.due import find_next_due, group_by_series
from dashboard.settings import Settings
from data_sources.contract import Source
from data_sources.errors import SourceError
from data_sources.fetching.fetch import Collected, collect
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.raw import RawStore
from data_sources.registry import list_hosts


@dataclass(frozen=True, slots=True)
class Standing:
    """One publisher. Moments are in UTC; None: never, or nothing to say it of."""

    source: str
    title: str
    askable: bool
    series: int  # in the codebook
    failing: int  # of them, when last asked
    last_success: datetime | None
    next_due: datetime | None  # of the first of its series that a schedule asks for
    last_failure: str  # code and words of the latest failure that still stands; "" when there is none


@dataclass(frozen=True, slots=True)
class Probe:
    """Whether a publisher, or one site of it, answers, by one small series; ``words`` are what was seen."""

    source: str
    well: bool
    words: str
    site: str = ""


def list_standings(settings: Settings, book: Codebook) -> list[Standing]:
    """Return every publisher, by id. The database must be migrated."""
    record = open_engine(settings)
    standing, issued = group_by_series(runs.read_last_outcomes(record)), vintages.list_vintages(record)
    began = issued[0].created_at if issued else datetime.now(UTC)
    result = []
    for source, room, planned in _by_source(settings, book):
        rows = [row for key, row in standing.items() if key[0] == source]
        failing = sorted((row for row in rows if row["state"] == "failed"), key=lambda row: row["retrieved_at"])
        scheduled = (task for task in planned if task.link.role != "secondary")  # others are asked for by command alone
        dues = [find_next_due(task, standing, began) for task in scheduled]
        result.append(
            Standing(
                source,
                room.info.title,
                room.info.askable,
                len(planned),
                len(failing),
                max((row["last_success_at"] for row in rows if row["last_success_at"]), default=None),
                min(dues, default=None) if room.info.askable else None,
                f"{failing[-1]['code']}: {failing[-1]['message']}" if failing else "",
            )
        )
    return result


def probe(settings: Settings, book: Codebook, chosen: tuple[str, ...], sizes: Mapping[str, int]) -> list[Probe]:
    """Ask publishers, and each site of a platform, for their smallest series, read it, and keep nothing.

    Args:
        settings: where they are asked, and within which limits; each request is tried once.
        book: the codebook, for their series.
        chosen: their ids; empty means all.
        sizes: rows that indicators hold, to find the smallest; unknown ones come last.

    Raises:
        NothingToGather: an unknown source.
    """
    links_by_source = _by_source(settings, book)
    if strangers := set(chosen) - {source for source, _, _ in links_by_source}:
        there = ", ".join(source for source, _, _ in links_by_source)
        raise NothingToGather(f"source {', '.join(sorted(strangers))} is no publisher we know; there are: {there}")
    rooms = [entry for entry in links_by_source if not chosen or entry[0] in chosen]
    return [
        asyncio.run(_probe(settings, room, site, series, sizes))
        for _, room, planned in rooms
        for site, series in _by_site(room, planned)
    ]


def _by_site(room: Source, planned: list[Planned]) -> list[tuple[str, list[Planned]]]:
    """Return the series of each site of a platform; of a publisher without sites all, under ""."""
    sites = [site.id for site in room.info.sites]
    return [(name, [task for task in planned if find_site(task) == name]) for name in sites] or [("", planned)]


async def _probe(
    settings: Settings, room: Source, site: str, planned: list[Planned], sizes: Mapping[str, int]
) -> Probe:
    source = room.info.id
    if not room.info.askable:
        return Probe(source, True, "no address configured: its figures come with the product", site)
    if not planned:
        return Probe(source, True, "no series of the codebook comes from it: nothing to ask for", site)
    smallest = min(planned, key=lambda task: (sizes.get(task.metric.id, 10**9), task.link.series))
    limits = HttpLimits(**settings.http.model_dump() | {"attempts": 1})
    began = perf_counter()
    try:
        with TemporaryDirectory() as folder:
            async with HttpClient(limits, list_hosts([room])) as client:
                (task,) = room.plan([smallest.ref])
                collected = await collect(client, room, task, RawStore(Path(folder)))
    except SourceError as error:
        return Probe(source, False, f"{smallest.link.series}: {error.code}: {error}", site)
    wrong = any(finding.severity == "error" for finding in collected.parsed.findings)
    return Probe(source, not wrong, _summary(smallest, collected, perf_counter() - began), site)


def _summary(planned: Planned, collected: Collected, seconds: float) -> str:
    size = sum(len(reply.body) for reply in collected.replies)
    return (
        f"{planned.link.series}: {collected.parsed.observations.height} rows, edition “{collected.parsed.edition}”, "
        f"{size / 1000:.0f} kB in {seconds:.1f} s"
        + "".join(
            f"; {finding.code}: {finding.message}"
            for finding in collected.parsed.findings
            if finding.severity != "info"
        )
    )


def _by_source(settings: Settings, book: Codebook) -> list[tuple[str, Source, list[Planned]]]:
    rooms = list_publishers(settings)
    planned = plan(book, rooms, GatheringChoice(secondary=True))
    return [(source, room, [task for task in planned if task.link.source == source]) for source, room in rooms.items()]
