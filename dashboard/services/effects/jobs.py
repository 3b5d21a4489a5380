"""Jobs: plans carried out in processes of their own, a few at a time, each result kept on disk under its name.

A job's name is made of the plan and of the versions of dataset (as of a day) and codebook, so the same question is
answered once, by whoever asks, also after a restart. The plan is on disk before its estimate is: nobody can see an
estimate and then choose. Where several servers answer, any of them can be asked about a job of another (``job_store``).
"""

import contextlib
import hashlib
import hmac
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from typing_extensions import TypedDict

from dashboard.services.base.errors import Busy, NotYours, Unknown
from dashboard.services.effects.job_store import JobStore
from dashboard.services.effects.query import EffectQuery, figures_of, outcome_of
from dashboard.services.effects.worker import write
from dashboard.settings import settings

if TYPE_CHECKING:
    from dashboard.measures.effects import Result

log = logging.getLogger(__name__)

MOST_RUNNING = 2
MOST_WAITING = 8
MOST_KEPT = 200
MOST_A_MINUTE = 30
"""New jobs that all readers together may begin in a minute; those already answered do not count."""

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
"""The systems are small: threads would wait for one another, and take the processors from the server."""

PATIENCE = 120.0
"""Seconds after which a job is given up."""

LONGEST = PATIENCE * (MOST_WAITING / MOST_RUNNING + 1)
"""Seconds after which a job is over, however long it waited."""

State = Literal["waiting", "running", "done", "failed", "cancelled", "interrupted"]
OVER: tuple[State, ...] = ("done", "failed", "cancelled", "interrupted")
NAME = re.compile(r"[0-9a-f]{16}-[0-9a-f]{8}")


class Job(TypedDict):
    """Where a job stands; ``done`` of ``of`` steps. ``interrupted``: the server was restarted meanwhile; ask again."""

    job: str
    plan: str
    dataset: str
    state: State
    done: int
    of: int


class Jobs:
    """The jobs of one server. For many threads."""

    def __init__(self, folder: Path, store: JobStore | None = None) -> None:
        self._folder, self._lock, self._store = folder, threading.Lock(), store
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._waiting: deque[str] = deque()
        self._begun: deque[float] = deque()
        self._addresses: dict[str, str] = {}

    def submit(self, query: EffectQuery, owner: str = "", address: str = "") -> Job:
        """Fix the plan and have it carried out; the job there is, when it was asked before.

        Args:
            asked: the plan, and what it is asked of.
            owner: a secret of whoever asks; only with it the job can be cancelled, without one by nobody.
            address: the client's address, of which no more than half of the waiting jobs are.

        Raises:
            Busy: too many jobs wait, or were begun within the last minute.
        """
        from dashboard.measures.effects import plan_hash

        figures = repr((query.ctx.dataset.version, query.ctx.dataset.vintage, query.ctx.book.version))
        name = f"{plan_hash(query.plan)}-{hashlib.sha256(figures.encode()).hexdigest()[:8]}"
        place = self._folder / name
        with self._lock:
            if (place / "result.json").exists() or name in self._running or name in self._waiting:
                return self._job(name)
            if self._fetched(name) and self._state(name) in ("waiting", "running", "done"):
                return self._job(name)
            self._admit(address)
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            document = {
                "dataset": query.ctx.dataset.name,
                "event": query.event.id if query.event else "",
                "hash": plan_hash(query.plan),
                "plan": asdict(query.plan),
                "outcome": asdict(outcome_of(query)),
                "figures": _figures(query),
            }
            write(place / "plan.json", document)
            write(place / "owner.json", _hashed(owner))
            self._tell(name, "waiting", LONGEST, plan=json.dumps(document), owner=json.dumps(_hashed(owner)))
            self._addresses[name] = address
            self._waiting.append(name)
            self._tidy()
            self._start()
            return self._job(name)

    def status(self, name: str) -> Job:
        """Where a job stands.

        Raises:
            Unknown: there is no such job; it may have been cleared away.
        """
        with self._lock:
            return self._job(self._known(name))

    def cancel(self, name: str, owner: str = "") -> Job:
        """End a job that is not over.

        Raises:
            NotYours: somebody else began it.
            Unknown: there is no such job.
        """
        with self._lock:
            place = self._folder / self._known(name)
            elsewhere = self._fetched(name)
            if not owner or not _is_owner(place, owner):
                raise NotYours("Only who began a job can cancel it.")
            if elsewhere and self._state(name) not in OVER:
                self._tell(name, "cancelled")  # who carries it out looks every second
            if name in self._waiting:
                self._waiting.remove(name)
                self._end(name, "cancelled")
            process = self._running.get(name)
            if process is not None and not (place / "result.json").exists():
                self._end(name, "cancelled")
                process.kill()
                process.wait(10)
                del self._running[name]
                self._start()
            return self._job(name)

    def plan(self, name: str) -> dict[str, Any]:
        """The plan as it was fixed, with the figures it takes.

        Raises:
            Unknown: there is no such job.
        """
        plan: dict[str, Any] = json.loads((self._folder / self._known(name) / "plan.json").read_text("utf-8"))
        return plan

    def result(self, name: str) -> "Result | None":
        """What a job gave; None while it is not done.

        Raises:
            Unknown: there is no such job.
        """
        path = self._folder / self._known(name) / "result.json"
        if not path.exists():
            self._fetched(name)
        return cast("Result", json.loads(path.read_text("utf-8"))) if path.exists() else None

    def close(self) -> None:
        """End all jobs that are under way."""
        with self._lock:
            self._waiting.clear()
            processes = list(self._running.values())
            self._running.clear()
        for process in processes:
            process.kill()
            process.wait(10)

    def _known(self, name: str) -> str:
        if NAME.fullmatch(name) and ((self._folder / name / "plan.json").exists() or self._fetched(name)):
            return name
        raise Unknown("effect job", name)

    def _job(self, name: str) -> Job:
        place = self._folder / name
        document = json.loads((place / "plan.json").read_text("utf-8"))
        progress = place / "progress.json"
        noted = json.loads(progress.read_text("utf-8")) if progress.exists() else {"done": 0, "of": 0}
        state = self._state(name)
        return Job(
            job=name,
            plan=document["hash"],
            dataset=document["dataset"],
            state=state,
            done=noted["done"],
            of=noted["of"],
        )

    def _state(self, name: str) -> State:
        place = self._folder / name
        if (place / "result.json").exists():
            return "done"
        if name in self._waiting:
            return "waiting"
        if name in self._running:
            return "running"
        noted = self._store.get(name) if self._store else {}
        if noted:
            return _standing(noted)
        for over in ("cancelled", "failed"):
            if (place / over).exists():
                return over
        return "interrupted"

    def _fetched(self, name: str) -> bool:
        """Whether another server knows of a job; what it knows is then here, too."""
        if self._store is None or name in self._running or name in self._waiting:
            return False
        noted, place = self._store.get(name), self._folder / name
        if not noted:
            return False
        place.mkdir(parents=True, exist_ok=True)
        for field in ("plan", "owner", "result"):
            if field in noted:
                write(place / f"{field}.json", json.loads(noted[field]))
        return True

    def _is_unwanted(self, name: str) -> bool:
        """Whether it was cancelled by way of another server."""
        return self._store is not None and self._store.get(name).get("state") == "cancelled"

    def _tell(self, name: str, state: State, seconds: float = 0.0, **fields: str) -> None:
        """Let other servers know how a job stands: for so long, if it is not over and nothing more is said."""
        if self._store is not None:
            self._store.put(name, state=state, until=str(time.time() + seconds), **fields)

    def _end(self, name: str, state: Literal["failed", "cancelled"]) -> None:
        (self._folder / name / state).touch()
        self._tell(name, state)

    def _admit(self, address: str) -> None:
        now = time.monotonic()
        while self._begun and now - self._begun[0] > 60:
            self._begun.popleft()
        if len(self._waiting) >= MOST_WAITING or len(self._begun) >= MOST_A_MINUTE:
            raise Busy("Too many plans are being carried out just now; try again in a minute.")
        if address and sum(self._addresses.get(name) == address for name in self._waiting) >= MOST_WAITING // 2:
            raise Busy("Your address has begun many plans; wait until they are carried out.")
        self._begun.append(now)

    def _start(self) -> None:
        while self._waiting and len(self._running) < MOST_RUNNING:
            name = self._waiting.popleft()
            self._addresses.pop(name, None)
            if self._is_unwanted(name):
                continue
            command = [sys.executable, "-m", "dashboard.services.effects.worker", str((self._folder / name).resolve())]
            with (self._folder / name / "log").open("wb") as output:
                process = subprocess.Popen(  # noqa: S603 - our own command
                    command,
                    cwd=Path(__file__).parents[3],
                    env=os.environ | ONE_THREAD,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                )
            self._running[name] = process
            self._tell(name, "running", PATIENCE)
            threading.Thread(target=self._await, args=(name, process), daemon=True).start()

    def _await(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """Wait for the end of a job, then begin the next one."""
        deadline, unwanted = time.monotonic() + PATIENCE, False
        while process.poll() is None:
            unwanted = self._is_unwanted(name)
            if unwanted or time.monotonic() > deadline:
                process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1.0)
        place = self._folder / name
        with self._lock:
            if self._running.get(name) is not process:
                return  # cancelled, or the server is closing
            del self._running[name]
            if (place / "result.json").exists():
                self._tell(name, "done", result=(place / "result.json").read_text("utf-8"))
            elif place.exists():
                self._end(name, "cancelled" if unwanted else "failed")
                if not unwanted:
                    log.error("the plan %s could not be carried out, see its log", name)
            self._start()

    def _tidy(self) -> None:
        """Clear the oldest results away, so that the folder does not grow for ever."""
        busy = {*self._waiting, *(name for name in self._running if not (self._folder / name / "result.json").exists())}
        folders = sorted((it for it in self._folder.iterdir() if it.is_dir()), key=lambda it: it.stat().st_mtime)
        for old in folders[: max(0, len(folders) - MOST_KEPT)]:
            if old.name not in busy:
                shutil.rmtree(old, ignore_errors=True)


def _standing(noted: Mapping[str, str]) -> State:
    """How a job of another server stands, which may have been killed meanwhile."""
    state = cast(State, noted["state"])
    return state if state in OVER or time.time() < float(noted["until"]) else "interrupted"


def _figures(query: EffectQuery) -> dict[str, str]:
    """Whose the figures of a plan are and of which day: what its pictures say, whatever dataset is read by then."""
    figures = figures_of(query.ctx, query.metric)
    day = query.ctx.today.isoformat()
    return {"source": figures.source, "series": figures.series, "edition": figures.edition, "day": day}


def _hashed(owner: str) -> str:
    return hashlib.sha256(owner.encode()).hexdigest() if owner else ""


def _is_owner(place: Path, owner: str) -> bool:
    try:
        document = json.loads((place / "owner.json").read_text("utf-8"))
    except (OSError, ValueError):  # a job of an earlier release: nobody's
        return False
    return bool(document) and hmac.compare_digest(document, _hashed(owner))


@lru_cache(maxsize=4)
def _jobs(folder: Path) -> Jobs:
    url = settings().redis_url
    return Jobs(folder, JobStore(url.get_secret_value()) if url else None)


def jobs() -> Jobs:
    """The jobs of this server, in the data directory, and those of others where Redis is shared."""
    return _jobs(settings().effects_dir)
