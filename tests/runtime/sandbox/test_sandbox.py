"""What runs in a sandbox meets its limits there, knows nothing of ours, and is never the server's trouble."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from dashboard.runtime.sandbox import pools
from dashboard.runtime.sandbox.bare import GIVEN, OWN
from dashboard.runtime.sandbox.pools import Crashed, JobLimits, NotStarted, Sandbox, TooCostly
from tests.runtime.sandbox.processes import end_all, fork_servers

ROOT = Path(__file__).parents[3]
WIDE = JobLimits(2**31, 60, 60.0)

JOBS = """
import os, resource, subprocess, time

def double(job): return 2 * job
def number(job): return os.getpid()
def limits(job): return resource.getrlimit(resource.RLIMIT_AS)[0]
def environment(job): return open("/proc/self/environ").read()
def hold(job): return len(bytearray(job))
def raise_fault(job): raise ValueError("what was read")
def spin(job):
    while True: pass
def sleep_with_child(job):
    subprocess.Popen(["sleep", "60"])
    note(job)
    time.sleep(60)
def note(job):
    with open(job, "a") as log: log.write(f"{os.getpid()}\\n")
def die_at_first(job):
    note(job)
    if len(open(job).read().splitlines()) == 1: os.kill(os.getpid(), 9)
    return "read"
def die(job):
    note(job)
    os.kill(os.getpid(), 9)
"""


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """One process, replaced after two jobs, that finds the functions above in ``sandbox_jobs``."""
    (tmp_path / "sandbox_jobs.py").write_text(JOBS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    sandbox = Sandbox(workers=1, tasks=2)
    yield sandbox
    sandbox.close()


def test_a_process_is_replaced_after_its_jobs(sandbox: Sandbox) -> None:
    numbers = [sandbox.call("sandbox_jobs:number", 0, WIDE) for _ in range(4)]
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]
    assert os.getpid() not in numbers


def test_its_limit_of_memory_is_that_of_the_job(sandbox: Sandbox) -> None:
    assert sandbox.call("sandbox_jobs:limits", 0, WIDE) == WIDE.memory
    assert sandbox.call("sandbox_jobs:hold", 2**20, WIDE) == 2**20
    with pytest.raises(TooCostly):
        sandbox.call("sandbox_jobs:hold", WIDE.memory, WIDE)
    assert sandbox.call("sandbox_jobs:double", 2, WIDE) == 4
    assert not sandbox.trouble()


@pytest.mark.parametrize("limits", [JobLimits(2**31, 1, 60.0), JobLimits(2**31, 60, 1.0)], ids=["processor", "time"])
def test_what_takes_too_long_is_ended_and_not_asked_again(sandbox: Sandbox, limits: JobLimits) -> None:
    began = time.monotonic()
    with pytest.raises(TooCostly):
        sandbox.call("sandbox_jobs:spin", 0, limits)
    assert time.monotonic() - began < 30
    assert sandbox.call("sandbox_jobs:double", 2, WIDE) == 4


def test_it_is_killed_with_all_that_it_started(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(TooCostly):
        sandbox.call("sandbox_jobs:sleep_with_child", str(tmp_path / "log"), JobLimits(2**31, 60, 2.0))
    number = int((tmp_path / "log").read_text())
    deadline = time.monotonic() + 10
    while (left := of_group(number)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []


def of_group(number: int) -> list[int]:
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            if one.status() != psutil.STATUS_ZOMBIE and os.getpgid(one.pid) == number:
                found.append(one.pid)
    return found


def test_what_was_killed_from_outside_is_asked_once_more(sandbox: Sandbox, tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert sandbox.call("sandbox_jobs:die_at_first", str(log), WIDE) == "read"
    assert len(log.read_text().splitlines()) == 2
    assert not sandbox.trouble()


def test_what_is_killed_twice_is_given_up(sandbox: Sandbox, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(TooCostly):
        sandbox.call("sandbox_jobs:die", str(log), WIDE)
    assert len(log.read_text().splitlines()) == 2


def test_a_fault_is_trouble_until_the_function_works_again(sandbox: Sandbox) -> None:
    with pytest.raises(Crashed, match="ValueError: what was read"):
        sandbox.call("sandbox_jobs:raise_fault", 0, WIDE)
    assert sandbox.trouble()
    sandbox.call("sandbox_jobs:double", 1, WIDE)
    assert sandbox.trouble()


def test_an_idle_process_that_was_killed_costs_nothing(sandbox: Sandbox) -> None:
    psutil.Process(sandbox.call("sandbox_jobs:number", 0, WIDE)).kill()
    time.sleep(0.5)
    assert sandbox.call("sandbox_jobs:double", 2, WIDE) == 4


def test_processes_without_a_job_end_and_come_back(tmp_path: Path) -> None:
    sandbox = Sandbox(workers=1, tasks=9, idle=0.5)
    number = sandbox.call("os:getpgid", 0, WIDE)
    assert sandbox.call("os:getpgid", 0, WIDE) == number, "one that was asked meanwhile stays"
    psutil.wait_procs([psutil.Process(number)], timeout=10)
    assert not psutil.pid_exists(number)
    assert sandbox.call("os:getpgid", 0, WIDE) != number
    sandbox.close()


def test_it_is_given_no_secret_of_ours(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    end_all(sandbox)
    monkeypatch.setenv("MONITOR_BACKUP_KEY", "not for others")
    told = sandbox.call("sandbox_jobs:environment", 0, WIDE)
    assert {line.partition("=")[0] for line in told.split("\0") if line} <= {*GIVEN, *OWN, "LC_CTYPE"}
    (server,) = fork_servers()
    assert set(server.environ()) <= {*GIVEN, *OWN, "LC_CTYPE"}


def test_where_none_can_be_started_that_is_said_until_one_can(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(pools, "begin", sys.exit)
        with pytest.raises(NotStarted):
            sandbox.call("sandbox_jobs:double", 2, WIDE)
        assert sandbox.trouble()
    assert sandbox.call("sandbox_jobs:double", 2, WIDE) == 4
    assert not sandbox.trouble()


def test_each_thread_gets_what_it_asked_for(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda at: sandbox.call("sandbox_jobs:double", at, WIDE), range(24)))
    assert made == [2 * at for at in range(24)]


def test_it_leaves_with_whoever_started_it() -> None:
    words = (
        "import sys, time; from dashboard.runtime.sandbox.pools import JobLimits, Sandbox\n"
        "sandbox = Sandbox(1, 9); print(sandbox.call('os:getpgid', 0, JobLimits(2**31, 9, 9.0)), flush=True)\n"
        "sandbox.call('time:sleep', 60, JobLimits(2**31, 60, 60.0))"
    )
    parent = subprocess.Popen([sys.executable, "-c", words], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    started = [psutil.Process(int(parent.stdout.readline())), *psutil.Process(parent.pid).children(recursive=True)]
    time.sleep(0.5)  # it is at work
    parent.kill()
    parent.wait()
    parent.stdout.close()
    _, alive = psutil.wait_procs(started, timeout=10)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
