"""Reading a file in a sandbox of its own with limits of memory and time: no file can take the server with it."""

import logging
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Condition
from typing import Any

import polars as pl

from dashboard.contributions.submissions.model import Finding, ReadingBusy, UploadRefused
from dashboard.contributions.submissions.reading import child
from dashboard.runtime.sandbox.pools import Crashed, JobLimits, Sandbox, TooCostly

MEMORY = 2 * 2**30
"""Address space a reading may take, in bytes: libraries reserve several times what they use."""

SECONDS = 120
"""Processor time a reading may take."""

AT_ONCE, WAITING = 2, 4
"""Files that are read at the same time, and that wait for it."""

EACH = 2
"""Places of one account, reading or waiting; only one of them is read at a time."""

PATIENCE = 45.0
"""Seconds that one waits for its turn."""

log = logging.getLogger(__name__)


class Places:
    """Whose files are being read, and who waits, in the order in which they came.

    Whoever waits holds a thread of the server that others need: few may, not for long, and the others are told at once.
    """

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING, each: int = EACH) -> None:
        self._at_once, self._most, self._each = at_once, waiting, each
        self._changed = Condition()
        self._read: list[str] = []
        self._line: list[tuple[str, object]] = []

    @contextmanager
    def taken(self, who: str = "", patience: float = PATIENCE) -> Iterator[None]:
        """A place, for as long as the block lasts.

        Args:
            who: the account; "" for nobody's, such as the command line's.
            patience: seconds to wait for it.

        Raises:
            ReadingBusy: the line is full, this account is in it already, or its turn has not come in time.
        """
        me = (who, object())
        with self._changed:
            held = [one for one in (*self._read, *(of for of, _ in self._line)) if one == who]
            if who and len(held) >= self._each:
                raise ReadingBusy("Other files of this account are being read just now. Try again in a minute.")
            if not self._turn(me) and len(self._line) >= self._most:
                raise ReadingBusy("Many files are being read just now. Try again in a minute.")
            self._line.append(me)
            try:
                came = self._changed.wait_for(lambda: self._turn(me), patience)
            finally:
                self._line.remove(me)
                self._changed.notify_all()
            if not came:
                raise ReadingBusy("Many files are being read just now. Try again in a minute.")
            self._read.append(who)
        try:
            yield
        finally:
            with self._changed:
                self._read.remove(who)
                self._changed.notify_all()

    def _turn(self, me: tuple[str, object]) -> bool:
        """Return True if a place is free for this one, and nobody before it in the line could take it."""
        if len(self._read) >= self._at_once:
            return False
        for one in (*self._line, me):
            if not one[0] or one[0] not in self._read:
                return one is me
        return False


PLACES = Places()

SANDBOX = Sandbox(workers=AT_ONCE, tasks=1)
"""Each file has a process of its own: what it did to it is not there for the next."""


@dataclass(frozen=True)
class FileReading:
    """A file as read: its rows, every finding, its method, and heads that nobody knows yet.

    The rows are Parquet (columns: ``figures.FIGURES``), as the process wrote them and as they are kept: who serves
    readers need not unfold a file of a ministry.
    """

    findings: tuple[Finding, ...]
    parquet: bytes = b""
    rows: int = 0
    method: Mapping[str, str] = field(default_factory=dict)
    stamp: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)
    methods: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # indicator → whole, where otherwise
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # sheet → field → column letters


def read_file(
    path: Path,
    name: str,
    *,
    country: str,
    period: str,
    today: date,
    history: pl.DataFrame,
    mapping: Mapping[str, str] | None = None,
    stated: Mapping[str, str] | None = None,
    closed: Sequence[str] = (),
    work: Path | None = None,
    who: str = "",
    apart: bool = True,
    memory: int = MEMORY,
    seconds: int = SECONDS,
) -> FileReading:
    """Read and check a file.

    Args:
        path: the file as received.
        name: what its owner calls it.
        country: ISO3 of who sends it.
        period: the year it is due for.
        today: the day periods are held against.
        history: what is published of the country (``child.HISTORY``).
        mapping: folded head → field, as the country has said before.
        stated: fields of *Method* that were said beside the file (``methods.resolving``); they come before its own.
        closed: years that are published and closed.
        work: the folder in which it keeps what it needs meanwhile; by default the system's own.
        who: the account that asks.
        apart: in a sandbox; not where the server has written a small file itself.
        memory: address space, in bytes.
        seconds: processor time.

    Raises:
        ReadingBusy: other files are being read.
        UploadRefused: it cannot be read, or needs more than the limits give.
    """
    with tempfile.TemporaryDirectory(prefix="reading-", dir=work) as folder:
        past, out = Path(folder) / "history.parquet", Path(folder) / "figures.parquet"
        history.write_parquet(past)
        job = {
            "path": str(path.resolve()), "name": name, "country": country, "period": period, "today": today.isoformat(),
            "history": str(past), "mapping": dict(mapping or {}), "closed": list(closed), "out": str(out),
            "stated": dict(stated or {}),
        }  # fmt: skip
        if apart:
            answer = run(
                "dashboard.contributions.submissions.reading.child:read", job, memory=memory, seconds=seconds, who=who
            )
        else:
            answer = child.read(job)
        parquet = out.read_bytes()
    return FileReading(
        findings_of(answer["findings"]), parquet, answer["rows"], answer["method"], answer["stamp"], answer["unknown"],
        answer["methods"], answer["columns"],
    )  # fmt: skip


def findings_of(findings: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Return findings as a process gave them."""
    return tuple(Finding.of(one) for one in findings)


def run(
    function: str,
    job: Mapping[str, object],
    *,
    memory: int = MEMORY,
    seconds: int = SECONDS,
    quiet: bool = False,
    who: str = "",
) -> dict[str, Any]:
    """Return what a function makes of a job in a sandbox of its own (``child``).

    Args:
        function: ``package.module:function``; it gives ``{"refused": …}`` for what it refuses.
        job: what it is given.
        memory: address space, in bytes.
        seconds: processor time, half of the time it may take.
        quiet: whether nothing of a fault is logged: microdata.
        who: the account that asks, which may not have all places.

    Raises:
        ReadingBusy: other files are being read.
        UploadRefused: it could not do it, or needs more than it is given; killed from outside, it is asked once more.
        OSError: there is no process that could read it.
    """
    try:
        with PLACES.taken(who):
            answer: dict[str, Any] = SANDBOX.call(function, job, JobLimits(memory, seconds, 2.0 * seconds))
    except TooCostly as error:
        raise UploadRefused(
            "too_costly", "The file needs more memory or time than is given to one file. Send it in parts, or as CSV."
        ) from error
    except Crashed as error:  # a fault of ours, or of a library that gave up
        log.error("The sandbox did not read a file: %s", [] if quiet else str(error))
        raise UploadRefused(
            "unreadable", "The file could not be read. Save it again as Excel workbook or CSV and try once more."
        ) from None
    if "refused" in answer:
        raise UploadRefused(str(answer["refused"]), str(answer["message"]))
    return answer


def trouble() -> bool:
    """Whether the last file of some kind could not be read by a fault of ours; one that met a limit did its work."""
    return SANDBOX.trouble()
