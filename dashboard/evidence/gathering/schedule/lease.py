"""One gathering at a time: a lease in the database, renewed while we work, taken over from a holder that is dead."""

import json
import logging
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from dashboard.evidence.database import leases
from dashboard.evidence.database.engine import open_engine
from dashboard.settings import Settings

NAME = "gather"
SECONDS = 60.0
"""How long the lease lasts unless renewed; after this long another machine takes it over from one that died."""


log = logging.getLogger(__name__)

_given_up: set[str] = set()
"""Tokens of leases that this process could not give back."""


class GatheringBusy(Exception):
    """Someone else gathers now. ``who`` says who, and since when."""

    def __init__(self, who: str) -> None:
        super().__init__(f"Another gathering is under way: {who}. Wait for it to end, then try again.")
        self.who = who


class Lost(Exception):
    """The lease ended while we worked (the machine slept, say): nothing may be written any more."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lease, as kept in it."""

    host: str
    pid: int
    born: str  # when the process was started, so that another process with the same number is not taken for it
    since: str
    token: str

    @classmethod
    def me(cls) -> "Holder":
        """Return this process as a holder."""
        pid = os.getpid()
        return cls(socket.gethostname(), pid, _born(pid), datetime.now(UTC).isoformat("T", "seconds"), uuid.uuid4().hex)

    @classmethod
    def read(cls, text: str) -> "Holder | None":
        """Return the holder as kept; None when another program wrote it."""
        try:
            return cls(*json.loads(text))
        except (ValueError, TypeError):
            return None

    def __str__(self) -> str:
        """As kept in the lease."""
        return json.dumps([self.host, self.pid, self.born, self.since, self.token])

    @property
    def gone(self) -> bool:
        """Whether the process was on this machine and is no more, or is this one and could not give it back."""
        given_up = self.pid == os.getpid() and self.token in _given_up
        return self.host == socket.gethostname() and (_born(self.pid) != self.born or given_up)

    @property
    def words(self) -> str:
        """For a person."""
        return f"process {self.pid} on {self.host}, since {self.since}"


class HeldLease:
    """The lease while we have it."""

    def __init__(self, settings: Settings, holder: str) -> None:
        self._engine, self._holder = open_engine(settings), holder
        self._lost = threading.Event()

    def still_ours(self) -> None:
        """Make sure before writing.

        Raises:
            Lost: it is not ours any more.
        """
        if self._lost.is_set() or not leases.renew_lease(self._engine, NAME, self._holder, SECONDS):
            self._lost.set()
            raise Lost("The lease ran out while gathering (did the machine sleep?): nothing was written. Gather again.")

    def keep(self, stop: threading.Event) -> None:
        """Renew until told to stop; runs in a thread of its own."""
        while not stop.wait(SECONDS / 4):
            try:
                self.still_ours()
            except Lost:
                return
            except Exception as error:  # a database that is busy now is asked again long before the lease ends
                log.warning("the lease could not be renewed yet: %s", type(error).__name__)


@contextmanager
def hold_lease(settings: Settings) -> Iterator[HeldLease]:
    """Hold the lease for the time of the block.

    Raises:
        Busy: someone else has it and is alive, or may be.
    """
    me = Holder.me()
    holder = str(me)
    if not leases.acquire_lease(open_engine(settings), NAME, holder, SECONDS):
        _take_over(settings, holder)
    lease, stop = HeldLease(settings, holder), threading.Event()
    keeper = threading.Thread(target=lease.keep, args=(stop,), name="lease", daemon=True)
    keeper.start()
    try:
        yield lease
    finally:
        stop.set()
        keeper.join()
        try:
            leases.release_lease(open_engine(settings), NAME, holder)
        except Exception as error:  # a full disk: it runs out by itself, and this process takes it over at once
            _given_up.add(me.token)
            log.warning("the lease could not be given back: %s", type(error).__name__)


def is_held(settings: Settings) -> bool:
    """Return True if somebody holds it who is alive, or may be."""
    text = leases.find_holder(open_engine(settings), NAME)
    holder = Holder.read(text or "")
    return text is not None and not (holder and holder.gone)


def _take_over(settings: Settings, holder: str) -> None:
    record = open_engine(settings)
    text = leases.find_holder(record, NAME) or ""
    former = Holder.read(text)
    if former is not None and former.gone:
        leases.release_lease(record, NAME, text)
    if not leases.acquire_lease(record, NAME, holder, SECONDS):
        raise GatheringBusy(former.words if former else text or "unknown")


def _born(pid: int) -> str:
    """Return when a process of this machine started, in the system's own count; "" if there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123 - not a path of ours
            state, *fields = file.read().rpartition(")")[2].split()
            return "" if state in "ZX" else fields[18]  # a zombie does nothing any more
    except FileNotFoundError:
        pass
    try:
        os.kill(pid, 0)  # systems without /proc: only whether it is there
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "alive"
