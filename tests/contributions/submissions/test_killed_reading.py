"""A sandbox ends while it reads a file: what its owner is told, and whether it is read again."""

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from dashboard.contributions.submissions.model import UploadRefused
from dashboard.contributions.submissions.reading import process
from dashboard.runtime.sandbox.pools import Sandbox

SLEEPS = """
import os, time

def read(job):
    with open(job["log"], "a") as log:
        log.write(f"{os.getpid()}\\n")
    if job["fault"]:
        raise ValueError(job["fault"])
    while job["spins"]:
        pass
    time.sleep(job["sleeps"])
    return {"read": True}
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where a reading that takes as long as it is told writes down that it began."""
    (tmp_path / "slow_reading.py").write_text(SLEEPS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(process, "SANDBOX", Sandbox(workers=2, tasks=1))
    yield tmp_path / "log"
    process.SANDBOX.close()


def read(log: Path, sleeps: float = 0.0, *, spins: bool = False, fault: str = "", **limits: int | bool) -> object:
    job = {"log": str(log), "sleeps": sleeps, "spins": spins, "fault": fault}
    return process.run("slow_reading:read", job, **limits)  # type: ignore[arg-type]


def killed(log: Path, times: int) -> threading.Thread:
    """Kill whatever reads, so many times."""

    def work() -> None:
        for number in range(times):
            while not log.exists() or len(log.read_text().splitlines()) <= number:
                time.sleep(0.01)
            psutil.Process(int(log.read_text().splitlines()[number])).send_signal(signal.SIGKILL)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def begun(log: Path) -> int:
    return len(log.read_text().splitlines())


def test_it_is_read_again(log: Path) -> None:
    thread = killed(log, 1)
    assert read(log, 1.0) == {"read": True}
    thread.join(10)
    assert begun(log) == 2
    assert not process.trouble()


def test_what_is_killed_again_is_refused(log: Path) -> None:
    thread = killed(log, 2)
    with pytest.raises(UploadRefused) as refused:
        read(log, 30.0)
    thread.join(10)
    assert refused.value.code == "too_costly"
    assert begun(log) == 2


def test_what_met_its_own_limit_is_not_read_again(log: Path) -> None:
    with pytest.raises(UploadRefused, match="more memory or time"):
        read(log, spins=True, seconds=1)
    assert begun(log) == 1
    assert not process.trouble()


@pytest.mark.parametrize("quiet", [False, True])
def test_a_fault_is_trouble_and_of_microdata_nothing_is_logged(
    log: Path, caplog: pytest.LogCaptureFixture, quiet: bool
) -> None:
    with pytest.raises(UploadRefused) as refused:
        read(log, fault="an answer of a person", quiet=quiet)
    assert refused.value.code == "unreadable"
    assert process.trouble()
    assert ("an answer of a person" in caplog.text) is not quiet
    assert refused.value.__cause__ is None
