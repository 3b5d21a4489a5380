"""Results of plans: of every adopter and outcome by the plan that is proposed, and of those that a reader asked for.

A result is named by its plan and by the figures the plan takes, so the same question is answered once, also after a
restart or by another server, and a publication that changes neither leaves it as it is. What readers choose is
estimated in a sandbox; all is kept in a folder. Refusals need no estimate and are said at once. Decision 0053.
"""

import hashlib
import json
import math
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import fields
from threading import Lock
from types import MappingProxyType
from typing import Any, cast

from dashboard.analysis.measures.effects.plan import Plan, hash_plan
from dashboard.analysis.measures.effects.result import Outcome, Result
from dashboard.analysis.measures.effects.study import foresee_admission, run_study
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Busy, NotReady
from dashboard.answers.effects.query import METHODS, EffectQuery, ask_plan, build_outcome, list_outcomes, list_treatable
from dashboard.runtime.sandbox.pools import JobLimits, Sandbox, SandboxError
from dashboard.settings import settings

MAX_PENDING = 8
"""Plans that are carried out for readers or wait for it, each once however many ask; half of them for one address."""

MAX_PLANS_PER_MINUTE = 30
"""Plans that all readers together may have carried out in a minute; those already answered do not count."""

MAX_RESULT_FILES = 1_000
DIGITS = 10
"""Significant digits of the numbers of a result: more differ from machine to machine."""

LIMITS = JobLimits(memory=2 * 2**30, seconds=60, patience=120.0)
SANDBOX = Sandbox(workers=2, tasks=50, polite=5, idle=30.0)


def name_result(plan: Plan, outcome: Outcome) -> str:
    """Return the name of a result: hash of the plan, and of the figures it takes."""
    taken = {part.name: getattr(outcome, part.name) for part in fields(outcome)}
    figures = json.dumps(taken, sort_keys=True).encode()
    return f"{hash_plan(plan)}-{hashlib.sha256(figures).hexdigest()[:8]}"


def is_refused(query: EffectQuery) -> bool:
    """Return True if a plan cannot be estimated, which is known beforehand."""
    return bool(foresee_admission(query.plan, build_outcome(query))[0].reasons)


def find_result(query: EffectQuery) -> Result | None:
    """Return the result of a refused plan or of a finished estimate, else None."""
    plan, outcome = query.plan, build_outcome(query)
    if is_refused(query):
        return run_study(plan, outcome)
    return _read(name_result(plan, outcome))


def list_default_results(ctx: Context) -> Mapping[tuple[str, str], Result]:
    """Return country and outcome → the result of the plan proposed for them.

    Estimates that are not there are made now, each within a second. Empty of an earlier day.
    """
    return {} if ctx.as_of or ctx.pinned else _load_default_results(ctx.timeless)


@kept(2)
def _load_default_results(ctx: Context) -> Mapping[tuple[str, str], Result]:
    results: dict[tuple[str, str], Result] = {}
    for name in sorted(metric.id for metric in list_outcomes(ctx)):
        for country in list_treatable(ctx):
            query = ask_plan(ctx, METHODS[0], name, country)
            found = find_result(query)
            if found is None:  # no reader chose anything of it: it needs no sandbox
                found = estimate((query.plan, build_outcome(query)))
                _keep(name_result(query.plan, build_outcome(query)), found)
            results[country, name] = found
    return MappingProxyType(results)


def answer_plan(query: EffectQuery, address: str = "") -> Result:
    """Return the result of a plan, estimated now if it is not there.

    Args:
        address: the client's address, of which no more than half of what is under way is.

    Raises:
        Busy: too many plans are being carried out, or were within the last minute.
        NotReady: the sandbox could not make it.
    """
    found = find_result(query)
    return found if found is not None else LINE.once(query.plan, build_outcome(query), address)


def estimate(job: tuple[Plan, Outcome]) -> Result:
    """Return the result of a plan on its figures; runs in the sandbox."""
    return cast("Result", json.loads(json.dumps(_round_all(run_study(*job)), allow_nan=False)))


class EstimateLine:
    """What is being made for readers. Whoever asks the same meanwhile waits for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._under_way: dict[str, tuple[str, Future[Result]]] = {}
        self._begun: deque[float] = deque()

    def once(self, plan: Plan, outcome: Outcome, address: str) -> Result:
        """Return the result of a plan, made by whoever asks first; raises as ``answer_plan``."""
        name, mine = name_result(plan, outcome), False
        with self._lock:
            if name not in self._under_way:
                if (found := _read(name)) is not None:  # it has been made since it was looked for
                    return found
                self._admit(address)
                self._under_way[name], mine = (address, Future()), True
            future = self._under_way[name][1]
        if mine:
            try:
                result = SANDBOX.call("dashboard.answers.effects.estimates:estimate", (plan, outcome), LIMITS)
                _keep(name, result)
                future.set_result(result)
            except BaseException as error:
                future.set_exception(error)
            finally:
                with self._lock:
                    del self._under_way[name]
        try:
            return future.result()
        except SandboxError as error:
            raise NotReady("The plan could not be carried out. Try again later.") from error

    def _admit(self, address: str) -> None:
        now = time.monotonic()
        while self._begun and now - self._begun[0] > 60:
            self._begun.popleft()
        if len(self._under_way) >= MAX_PENDING or len(self._begun) >= MAX_PLANS_PER_MINUTE:
            raise Busy("Too many plans are being carried out just now; try again in a minute.")
        if address and sum(client == address for client, _ in self._under_way.values()) >= MAX_PENDING // 2:
            raise Busy("Your address has begun many plans; wait until they are carried out.")
        self._begun.append(now)


LINE = EstimateLine()


def _round_all(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else value
    if isinstance(value, dict):
        return {name: _round_all(part) for name, part in value.items()}
    return [_round_all(part) for part in value] if isinstance(value, (list, tuple)) else value


def _read(name: str) -> Result | None:
    with suppress(FileNotFoundError):
        return cast("Result", json.loads((settings().effects_dir / f"{name}.json").read_text("utf-8")))
    return None


def _keep(name: str, result: Result) -> None:
    """Write a result whole or not at all; the oldest go where there are too many."""
    folder = settings().effects_dir
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{name}.new"
    new.write_text(json.dumps(result, allow_nan=False), encoding="utf-8")
    new.replace(folder / f"{name}.json")
    files = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for old in files[: max(0, len(files) - MAX_RESULT_FILES)]:
        old.unlink(missing_ok=True)
