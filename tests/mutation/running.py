"""Test files run again and again with a change in place, each time in a copy of one warm process.

What costs most is shared: the product is imported once, and a test file is collected once for all its changes.
"""

import ast
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import re
import shutil
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, cast

import hypothesis
import psutil
import pytest

from tests.mutation.mutants import Mutant, mutated

ROOT = Path(__file__).parents[2]
PRODUCT = f"{ROOT / 'dashboard'}/", f"{ROOT / 'data_sources'}/"
KEPT = ROOT / "test-results" / "mutation"
NEVER_ENDS, NOT_DONE = "it never ends", "not done: "
LATE = re.compile(r"^ +(?:from|import) ((?:hypothesis|numpy|pandas|scipy|svy|pysyncon|diff_diff)[\w.]*)", re.MULTILINE)
"""What functions import when they are called, which takes seconds."""

STANDS_STILL = 45.0
"""Seconds without any work after which something waits for what never comes."""

ENOUGH_CALLS = 500
"""Calls of a function by a test file after which its lines are known."""

OPTIONS = (
    "-q", "-p", "no:xdist", "-p", "no:cacheprovider",
    "-m", "not browser and not postgres and not long and not nightly and not journey and not timeout",  # take minutes
    "-W", "ignore::pytest.PytestAssertRewriteWarning",  # what it would rewrite is imported already
    "--hypothesis-profile=mutation",
)  # fmt: skip


def warm(packages: Sequence[str], *, published: bool) -> None:
    """Import the product's packages with what their functions import, and publish the embedded dataset once for all."""
    os.chdir(ROOT)
    os.environ |= dict.fromkeys(("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    KEPT.mkdir(parents=True, exist_ok=True)
    # That a test fails is enough: no smaller example is looked for, and the same ones are tried each time.
    sought = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutation", deadline=None, phases=sought, derandomize=True)
    for name in packages:
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not found.name.endswith(("__main__", ".env")) and "migrations" not in found.name:
                module = importlib.import_module(found.name)
                for library in LATE.findall(Path(module.__file__ or "").read_text(encoding="utf-8")):
                    importlib.import_module(library)
    if published:
        _publish()


def noticing(file: Path, changes: Sequence[Mutant], limit: float) -> list[str]:
    """For each change the test of a file that fails with it and not without; "" where none does."""
    said = json.loads(_did(_copy(partial(_session, file, _Loop(changes, limit)), limit * (len(changes) + 1))))
    if said is not None:
        return list(said)
    # Threads run once the file is collected, which no copy of a process would have: each change has its own collection.
    known: list[str] | None = None
    found = []
    for one in changes:
        test = json.loads(_did(_copy(partial(_session, file, _Alone(one)), limit), json.dumps([NEVER_ENDS])))
        if test and known is None:
            known = json.loads(_did(_copy(partial(_session, file, _Alone(None)), limit)))
        if test and known and test[0] in known:
            test = json.loads(_did(_copy(partial(_session, file, _Alone(one, known)), limit), json.dumps([NEVER_ENDS])))
        found.append(test[0] if test else "")
    return found


def lines(file: Path, limit: float) -> dict[str, list[int]]:
    """The lines of the product that the tests of a file execute, by the path of the module."""
    return dict(json.loads(_did(_copy(partial(_session, file, _Traced()), limit))))


def _did(said: str, without_end: str = "") -> str:
    """What a copy said; ``without_end`` where it never came to an end."""
    if said == NEVER_ENDS and without_end:
        return without_end
    if said.startswith((NOT_DONE, NEVER_ENDS)):
        raise RuntimeError(said)
    return said


def _session(file: Path, loop: "_Loop | _Alone | _Traced") -> str:
    """Run pytest with a loop of ours; what it found, as JSON."""
    log = os.open(KEPT / f"log-{os.getppid()}.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    if isinstance(loop, _Alone) and loop.one is not None:
        _in_place(loop.one)
    code = pytest.main([str(file), *OPTIONS], plugins=[loop])
    sys.stdout.flush()
    if loop.found == NOT_DONE:
        raise RuntimeError(f"{file}: pytest ends with {code}")
    return json.dumps(loop.found)


class _Loop:
    """Takes the place of pytest's loop: all its tests once for each change, until one fails.

    ``found``: the failing test of each change or ""; None where it cannot be done.
    """

    def __init__(self, changes: Sequence[Mutant], limit: float) -> None:
        self.found: list[str] | str | None = NOT_DONE
        self._changes, self._limit = changes, limit
        self._failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that failed."""
        if report.failed:
            self._failed.append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests for every change; those that fail without one are left out from the first failure on."""
        if session.testsfailed:
            return True
        if len(list(Path("/proc/self/task").iterdir())) > 1:
            self.found = None
            return True
        items, without, found = session.items, None, []
        for one in self._changes:
            test = _copy(partial(self._tests, items, one), self._limit)
            if test and not test.startswith(NOT_DONE) and without is None:
                failing = _copy(partial(self._tests, items, None), self._limit)
                without = {item.nodeid for item in items} if failing == NEVER_ENDS else set(json.loads(_did(failing)))
                items = [item for item in items if item.nodeid not in without]
                if test in without:
                    test = _copy(partial(self._tests, items, one), self._limit)
            found.append(test)
        self.found = found
        return True

    def _tests(self, items: Sequence[pytest.Item], one: Mutant | None) -> str:
        """The first test that fails with the change; without one, all that fail, as a list."""
        if one is not None:
            _in_place(one)
        _run(items, lambda: bool(self._failed) and one is not None)
        return (self._failed[0] if self._failed else "") if one is not None else json.dumps(self._failed)


class _Alone:
    """The same for one change that is in place already; without one, all tests that fail."""

    def __init__(self, one: Mutant | None, without: Sequence[str] = ()) -> None:
        self.one, self.found = one, cast("list[str] | str", NOT_DONE)
        self._without = without
        self._failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that failed."""
        if report.failed:
            self._failed.append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests until one fails."""
        if session.testsfailed and self.one is None:
            return True
        items = [item for item in session.items if item.nodeid not in self._without]
        _run(items, lambda: bool(self._failed) and self.one is not None)
        self.found = ["collection"] if session.testsfailed and not self._failed else self._failed
        return True


class _Traced:
    """The same without a change: keeps the lines of the product that are executed."""

    def __init__(self) -> None:
        self.found: dict[str, list[int]] | str = NOT_DONE
        self._lines: dict[str, set[int]] = {}
        self._inside: dict[str, Any] = {}
        self._calls: Counter[CodeType] = Counter()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests with every thread traced."""
        if session.testsfailed:
            return True
        threading.settrace(self._called)
        sys.settrace(self._called)
        _run(session.items, lambda: False)
        sys.settrace(None)
        self.found = {path: sorted(lines) for path, lines in self._lines.items()}
        return True

    def _called(self, frame: FrameType, _event: str, _given: object) -> Any:
        path = frame.f_code.co_filename
        if path.startswith(PRODUCT):
            self._calls[frame.f_code] += 1
            if self._calls[frame.f_code] > ENOUGH_CALLS:
                return None
        if path not in self._inside:
            self._inside[path] = self._line(path) if path.startswith(PRODUCT) else None
        return self._inside[path]

    def _line(self, path: str) -> Any:
        lines = self._lines.setdefault(path, set())

        def executed(frame: FrameType, _event: str, _given: object) -> Any:
            lines.add(frame.f_lineno)
            return executed

        return executed


def _run(items: Sequence[pytest.Item], enough: Callable[[], bool]) -> None:
    for item, after in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if enough():
            return


def _copy(work: Callable[[], str], limit: float) -> str:
    """What work says in a copy of this process; ``NOT_DONE`` where it raises.

    ``NEVER_ENDS`` after so many seconds of the processor, or when it waits for nothing: other work on the machine does
    not count.
    """
    said, wrote = os.pipe()
    if (pid := os.fork()) == 0:
        os.close(said)
        os.setpgid(0, 0)
        try:
            os.write(wrote, work().encode())
        except BaseException as error:  # whatever it is: nothing can be said of the change
            os.write(wrote, f"{NOT_DONE}{error!r}".encode())
        finally:
            os._exit(0)
    os.close(wrote)
    used, moved = 0.0, time.monotonic()
    with os.fdopen(said, "rb") as answer:
        while used < limit and time.monotonic() - moved < STANDS_STILL:
            until = time.monotonic() + 1
            while time.monotonic() < until:
                if os.waitpid(pid, os.WNOHANG)[0]:
                    return answer.read().decode()
                time.sleep(0.02)
            now = _used(pid)
            if abs(now - used) > 0.1:  # less, too: what it had started has ended
                used, moved = now, time.monotonic()
        os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return NEVER_ENDS


def _used(pid: int) -> float:
    """Seconds of the processor that a process has used, with those it has started."""
    total = 0.0
    with contextlib.suppress(psutil.Error):
        mine = psutil.Process(pid)
        for one in (mine, *mine.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += sum(one.cpu_times()[:4])
    return total


def _in_place(one: Mutant) -> None:
    """Put the changed code where the function's own is, wherever the function was imported to."""
    if one.function is None:
        _revalue(one)
        return
    changed: dict[str, CodeType] = {}
    _collect(compile(mutated(one), str(one.path), "exec"), one.function, changed)
    done = False
    for function in [it for it in gc.get_objects() if isinstance(it, FunctionType)]:
        code = function.__code__
        new = changed.get(code.co_qualname) if code.co_filename == str(one.path) else None
        if new and code.co_firstlineno == one.function and new.co_freevars == code.co_freevars:
            function.__code__, done = new, True
    if not done:
        raise LookupError(f"{one}: the function is nowhere in the process")


def _collect(code: CodeType, line: int, found: dict[str, CodeType]) -> None:
    for part in code.co_consts:
        if isinstance(part, CodeType):
            if part.co_firstlineno == line:
                found.setdefault(part.co_qualname, part)
            _collect(part, line, found)


def _revalue(one: Mutant) -> None:
    """Give a value with a name its other value, in its module with its defaults, and wherever it was imported to."""
    module = ".".join(one.path.relative_to(ROOT).with_suffix("").parts)
    home = sys.modules[module]
    before = getattr(home, one.name)
    after = _value(one, vars(home))
    for function in [it for it in gc.get_objects() if isinstance(it, FunctionType) and it.__module__ == module]:
        if any(value is before for value in function.__defaults__ or ()):
            function.__defaults__ = tuple(after if value is before else value for value in function.__defaults__ or ())
    for name, other in list(sys.modules.items()):
        if name == module or (name.startswith(("dashboard.", "data_sources.")) and vars(other).get(one.name) is before):
            setattr(other, one.name, after)


def _value(one: Mutant, names: dict[str, Any]) -> Any:
    """The changed value, made where its module is."""
    for statement in mutated(one).body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        if isinstance(target, ast.Name) and target.id == one.name:
            made = ast.fix_missing_locations(ast.Expression(statement.value))  # type: ignore[attr-defined]
            return eval(compile(made, str(one.path), "eval"), dict(names))
    raise LookupError(f"{one}: no value of this name")


def _publish() -> None:
    from dashboard.evidence.gathering import startup
    from dashboard.settings import Settings

    own, published = startup.ensure_ready, KEPT / "embedded"
    if not published.is_dir():
        made = KEPT / f"embedded-{os.getpid()}"
        _copy(lambda: str(own(Settings(data_dir=made, database_url=None), lambda _: None)), 3600)
        made.rename(published)

    def ready(settings: Settings, *rest: Any, **named: Any) -> Any:
        if not settings.data_dir.name.startswith("embedded"):
            return own(settings, *rest, **named)
        return shutil.copytree(published, settings.data_dir, dirs_exist_ok=True)

    startup.ensure_ready = ready  # type: ignore[assignment]
