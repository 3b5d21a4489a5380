"""Doing the requests of one task: all pages, one consistent state of the publisher, every reply kept."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from data_sources.contract import Finding, Parsed, Reply, Request, Source, Task
from data_sources.errors import Changed, Rejected, SourceError
from data_sources.http import HttpClient
from data_sources.raw import RawStore
from data_sources.replies import read_json

_RESTARTS = 3
_TOTALS_CHANGED = "totals_changed"


@dataclass(frozen=True)
class Collected:
    """What a task brought: rows and findings, and the replies they were read from."""

    parsed: Parsed
    replies: tuple[Reply, ...]


async def collect(
    client: HttpClient, source: Source, task: Task, store: RawStore, *, fresh_since: datetime | None = None
) -> Collected:
    """Ask for everything a task needs and read it.

    When the publisher changes its data between two pages the task starts again, three times at most, so that rows of
    two states are never mixed.

    Args:
        client: asks the publisher.
        source: the publisher's room.
        task: the series.
        store: keeps the replies.
        fresh_since: replies in the store that came at or after this moment are used instead of asking again (a run
            that was cut short goes on where it stopped); None asks for everything.

    Raises:
        SourceError: the series could not be had; nothing of it is to be used. Replies of a failed task are not
            found again by a later run.
    """
    for restart in range(_RESTARTS + 1):
        asked: list[Request] = []
        try:
            replies, notes = await _receive(client, source, task, store, fresh_since, asked)
            parsed = await asyncio.to_thread(source.parse, task, replies)
        except SourceError as error:
            for request in asked:
                await asyncio.to_thread(store.forget, request)
            if error.code != _TOTALS_CHANGED:
                raise
            if restart == _RESTARTS:
                message = f"{error.args[0]}; after {_RESTARTS} new starts still so: gather again later"
                raise Changed(_TOTALS_CHANGED, message) from error
            fresh_since = None
        else:
            return Collected(replace(parsed, findings=(*parsed.findings, *notes)), tuple(replies))
    raise AssertionError("the last start returns or raises")


async def _receive(
    client: HttpClient,
    source: Source,
    task: Task,
    store: RawStore,
    fresh_since: datetime | None,
    asked: list[Request],
) -> tuple[list[Reply], list[Finding]]:
    """All replies of a task in the order asked, and what was noted of optional ones. Fills ``asked``."""
    replies: list[Reply] = []
    notes: list[Finding] = []

    async def one(request: Request) -> Reply | None:
        if fresh_since is not None:
            found = await asyncio.to_thread(store.find, request, fresh_since)
            if found is not None:
                return found
        try:
            reply = await client.get(request, check=read_json if source.info.access == "api" else None)
        except Rejected as error:
            if not request.optional:
                raise
            notes.append(Finding(error.code, "warning", f"{error}: read without it", task.series.code, request.url))
            return None
        await asyncio.to_thread(store.put, reply)
        return reply

    pending = list(task.requests)
    while pending:
        asked += pending
        try:
            async with asyncio.TaskGroup() as group:
                jobs = [group.create_task(one(request)) for request in pending]
        except ExceptionGroup as failures:
            raise _first(failures) from failures
        replies += [reply for job in jobs if (reply := job.result()) is not None]
        followed = await asyncio.to_thread(source.follow, task, replies)
        pending = [request for request in followed if request not in asked]
    return replies, notes


def _first(failures: ExceptionGroup[Exception]) -> Exception:
    error = failures.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error
