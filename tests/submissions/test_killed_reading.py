"""The process that reads a file is killed from outside, by the system or by hand: it is read again, once."""

import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from dashboard.submissions.model import UploadRefused
from dashboard.submissions.reading import process

SLEEPS = """
import json, sys, time
job = json.load(sys.stdin)
with open(job["log"], "a") as log:
    log.write("begun\\n")
while "limit" in job:  # the system kills it
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (job["limit"], job["limit"]))
    for _ in range(10**7): pass
time.sleep(job["sleeps"])
print(json.dumps({"read": True}))
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module that reads for as long as it is told, and writes down that it began."""
    (tmp_path / "slow_reading.py").write_text(SLEEPS, encoding="utf-8")
    monkeypatch.setattr(process, "ROOT", tmp_path)
    return "slow_reading"


def killed(log: Path, times: int) -> threading.Thread:
    """Kill whatever reads, so many times."""

    def work() -> None:
        for number in range(1, times + 1):
            while not log.exists() or len(log.read_text().splitlines()) < number:
                time.sleep(0.01)
            for child in psutil.Process().children():
                if "slow_reading" in child.cmdline():
                    child.send_signal(signal.SIGKILL)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_it_is_read_again(module: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    thread = killed(log, 1)
    assert process.run({"log": str(log), "sleeps": 1.0}, 60, module) == {"read": True}
    thread.join(10)
    assert log.read_text() == "begun\nbegun\n"
    assert not process.trouble()


def test_what_is_killed_again_is_refused(module: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    thread = killed(log, 2)
    with pytest.raises(UploadRefused) as refused:
        process.run({"log": str(log), "sleeps": 30.0}, 60, module)
    thread.join(10)
    assert refused.value.code == "too_costly"
    assert log.read_text() == "begun\nbegun\n"


def test_what_met_its_own_limit_is_not_read_again(module: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(UploadRefused, match="more memory or time"):
        process.run({"log": str(log), "sleeps": 0.0, "limit": 1}, 1, module)
    assert log.read_text() == "begun\n"
