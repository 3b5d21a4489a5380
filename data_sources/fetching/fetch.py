"""Doing the requests of one task: all pages, one consistent state of the publisher, every reply kept."""

import asyncio
import contextlib
import errno
from dataclasses import dataclass, field, replace
from datetime import datetime

from data_sources.contract import Document, Parsed, Reply, Request, Source, SourceFinding, Task
from data_sources.errors import Changed, Rejected, Retriable, SourceError
from data_sources.fetching.conditional import is_dated_ahead
from data_sources.fetching.http import HttpClient
from data_sources.fetching.local import is_local, read_local
from data_sources.fetching.raw import RawStore
from data_sources.fetching.replies import look_at_file, read_json

_RESTARTS = 3
_TOTALS_CHANGED = "totals_changed"
_NOT_THERE = ("http_404", "http_410")
_OURS = ("disk_full", "not_kept")


@dataclass(frozen=True)
class Collected:
    """What a task brought: rows and findings, and the replies they were read from.

    ``unchanged`` is true when the publisher gave the very bytes of the time before to every question of the task, by a
    304 or by sending them again. It says nothing of what was made of them: the codebook may have changed meanwhile.
    """

    parsed: Parsed
    replies: tuple[Reply, ...]
    unchanged: bool = False


@dataclass
class _Received:
    """What has come in one start of a task. ``kept`` are requests whose replies a later run could find."""

    replies: list[Reply] = field(default_factory=list)
    notes: list[SourceFinding] = field(default_factory=list)
    kept: list[Request] = field(default_factory=list)
    unchanged: bool = True


async def collect(
    client: HttpClient, source: Source, task: Task, store: RawStore, *, fresh_since: datetime | None = None
) -> Collected:
    """Ask for everything a task needs and read it.

    What the store holds of an earlier time is asked for on condition that it has changed. When the publisher changes
    its data between two pages the task starts again, three times at most, so that rows of two states are never mixed.
    When the publisher's address is down, its other addresses are asked, each for the whole task.

    Args:
        fresh_since: replies in the store that came at or after this moment are used instead of asking again (a run
            that was cut short goes on where it stopped); None asks for everything.

    Raises:
        SourceError: the series could not be had; nothing of it is to be used. Replies of a failed task are not
            found again by a later run.
    """
    declared = source.info.base_url
    addresses = sorted((declared, *source.info.mirrors), key=client.given_up.__contains__)  # what answers comes first
    failures: list[SourceError] = []
    for address in addresses:
        try:
            collected = await _settled(client, source, _moved(task, declared, address), store, fresh_since)
        except SourceError as error:
            if error.code in _OURS or not (isinstance(error, Retriable) or error.code in _NOT_THERE):
                raise
            failures.append(error)
            if isinstance(error, Retriable):
                client.given_up.add(address)
        else:
            return collected if address == declared else _noted(collected, task, declared, address, failures)
    raise failures[0]


def _noted(collected: Collected, task: Task, declared: str, address: str, failures: list[SourceError]) -> Collected:
    """Return what was collected, with a word on which address answered."""
    why = str(failures[0]) if failures else "it was down before in this run"
    message = f"{address} answered instead of {declared}: {why}"
    note = SourceFinding("mirror_answered", "warning", message, task.series.code, address)
    return replace(collected, parsed=replace(collected.parsed, findings=(*collected.parsed.findings, note)))


def _moved(task: Task, declared: str, address: str) -> Task:
    """Return the task at another address of the publisher."""
    if address == declared:
        return task
    requests = tuple(replace(r, url=address + r.url.removeprefix(declared)) for r in task.requests)
    return replace(task, requests=requests)


async def _settled(
    client: HttpClient, source: Source, task: Task, store: RawStore, fresh_since: datetime | None
) -> Collected:
    """Return the task at one address, started again while the publisher's data move under it."""
    for restart in range(_RESTARTS + 1):
        received = _Received()
        try:
            await _receive(client, source, task, store, fresh_since, received)
            parsed = await asyncio.to_thread(source.parse, task, received.replies)
        except SourceError as error:
            for request in received.kept:
                with contextlib.suppress(OSError):
                    await asyncio.to_thread(store.forget, request)
            if error.code != _TOTALS_CHANGED:
                raise
            if restart == _RESTARTS:
                message = f"{error.args[0]}; after {_RESTARTS} new starts still so: gather again later"
                raise Changed(_TOTALS_CHANGED, message) from error
            fresh_since = None
        else:
            whole = replace(parsed, findings=(*parsed.findings, *received.notes))
            replies = tuple(replace(reply, document=Document()) for reply in received.replies)  # read: let it go
            return Collected(whole, replies, received.unchanged)
    raise AssertionError("the last start returns or raises")


async def _receive(
    client: HttpClient, source: Source, task: Task, store: RawStore, fresh_since: datetime | None, received: _Received
) -> None:
    """Fill ``received`` with all replies of a task, in the order asked."""
    requested: list[Request] = []

    async def receive(request: Request) -> Reply | None:
        cached = await asyncio.to_thread(store.latest, request)
        before = client.before.setdefault(request.question, cached.sha256 if cached else "")
        if fresh_since is not None and cached is not None and cached.retrieved_at >= fresh_since:
            stored = await asyncio.to_thread(store.find, request)
            if stored is not None:
                received.kept.append(request)
                received.unchanged = False  # what came before it is not known any more
                return stored
        try:
            reply = await _request(client, source, request, store, cached)
        except Rejected as error:
            if not request.optional:
                raise
            received.unchanged = False
            message = "the publisher has no such file" if error.code in _NOT_THERE else str(error)
            words = f"{message}: read without it ({request.key})"
            note = SourceFinding(error.code, "warning", words, task.series.code, request.url)
            received.notes.append(note)
            return None
        await _keep(store, reply)
        received.kept.append(request)
        received.unchanged &= reply.sha256 == before
        if is_dated_ahead(reply):
            message = f"last modified on {reply.headers['last-modified']}, after it was received: the date is not used"
            received.notes.append(SourceFinding("clock_skew", "info", message, task.series.code, reply.url))
        return reply

    pending = list(task.requests)
    while pending:
        requested += pending
        try:
            async with asyncio.TaskGroup() as group:
                jobs = [group.create_task(receive(request)) for request in pending]
        except ExceptionGroup as failures:
            raise _first(failures) from failures
        received.replies += [reply for job in jobs if (reply := job.result()) is not None]
        followed = await asyncio.to_thread(source.follow, task, received.replies)
        pending = [request for request in followed if request not in requested]


async def _request(
    client: HttpClient, source: Source, request: Request, store: RawStore, cached: Reply | None
) -> Reply:
    """Return the publisher's reply with its bytes, whether it sent them or said that they are those kept."""
    if is_local(request.url):
        allowed = frozenset(source.info.files.values())
        return await asyncio.to_thread(read_local, request, allowed, client.limits.max_bytes)
    check = read_json if request.media == "json" and source.info.access == "api" else look_at_file
    reply = await client.get(request, check=check, cached=cached)
    if reply.status != 304:
        return replace(reply, request=request)
    try:
        return replace(reply, request=request, status=200, body=await asyncio.to_thread(store.get, reply.sha256))
    except FileNotFoundError:  # the store is damaged: ask for the bytes
        return await client.get(replace(request, optional=False, shared=False), check=check)


async def _keep(store: RawStore, reply: Reply) -> None:
    try:
        await asyncio.to_thread(store.put, reply)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        message = f"the reply cannot be kept ({error.strerror or error}), and a figure without its record is not used"
        raise Retriable("disk_full" if full else "not_kept", f"{message}: make room in the store of replies") from error


def _first(failures: ExceptionGroup[Exception]) -> Exception:
    error = failures.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error
