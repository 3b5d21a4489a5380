"""A server that dies starts again, two never share a folder, nothing outlives its parent; the log stays a log."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from dashboard.operations.logs import MARK_VARIABLE, Journal
from dashboard.operations.supervision import MAX_FAILED_STARTS, Occupied, RestartedProcess, hold_folder
from dashboard.operations.trouble import explain_error
from dashboard.runtime.process import PARENT, WITH_PARENT
from dashboard.settings import Settings
from tests.checks import all_of

SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]


def _until(reached: "object", seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if reached():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


def test_a_killed_process_is_started_again_and_its_children_end() -> None:
    parent = [sys.executable, "-c", f"import subprocess; subprocess.run({SLEEPS!r})"]
    kept = RestartedProcess(lambda: subprocess.Popen(parent, start_new_session=True), lambda: True)
    try:
        first = psutil.Process(kept.process.pid)
        assert _until(lambda: first.children())
        child = first.children()[0]
        os.kill(first.pid, signal.SIGKILL)
        assert _until(lambda: kept.look() and kept.restarts == 1)
        assert kept.process.pid != first.pid
        assert _until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    finally:
        kept.end()
    assert kept.process.poll() is not None
    assert kept.look()
    assert kept.restarts == 1


def test_what_cannot_start_is_given_up() -> None:
    kept = RestartedProcess(
        lambda: subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"], start_new_session=True), lambda: False
    )
    assert _until(lambda: not kept.look(), 30)
    assert kept.restarts <= 5


def test_what_has_worked_is_started_again_however_often_it_dies() -> None:
    kept = RestartedProcess(lambda: subprocess.Popen(SLEEPS, start_new_session=True), lambda: True)
    try:
        for number in range(2 * MAX_FAILED_STARTS):
            assert kept.look()
            kept.process.kill()
            kept.process.wait()
            assert kept.look()
            assert kept.restarts == number + 1
    finally:
        kept.end()


def test_a_folder_has_one_server(tmp_path: Path) -> None:
    with hold_folder(tmp_path, 3000):
        other = hold_folder(tmp_path, 3001)
        with pytest.raises(Occupied, match=rf"process {os.getpid()}, port 3000.*MONITOR_DATA_DIR"):
            other.__enter__()
    with hold_folder(tmp_path, 3001):
        pass


def test_nothing_outlives_its_parent() -> None:
    code = "from dashboard.runtime.process import end_with_parent; end_with_parent(); import time;"
    code += "print('up', flush=True); time.sleep(600)"
    middle = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])"
    process = subprocess.Popen(
        [sys.executable, "-c", middle],
        env=os.environ | {WITH_PARENT: "1"},
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout.readline() == b"up\n"
    child = psutil.Process(process.pid).children()[0]
    process.kill()
    process.wait()
    process.stdout.close()
    assert _until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_what_was_started_by_one_that_is_gone_already_ends_with_its_group() -> None:
    code = "from dashboard.runtime.process import end_with_parent; import subprocess, sys, time;"
    code += f"child = subprocess.Popen({SLEEPS!r}); print(child.pid, flush=True); end_with_parent(); time.sleep(600)"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, start_new_session=True,
        env=os.environ | {WITH_PARENT: "1", PARENT: str(gone.pid)},
    )  # fmt: skip
    with process:
        child = int(process.stdout.readline())
        assert process.wait(60) == -signal.SIGKILL
    assert _until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)


def test_no_line_of_the_log_is_forged_and_no_token_is_in_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "serve.log", "0badc0de")
    code = """
import logging, sys
from dashboard.operations.logs import configure
configure()
forged = '\\n{"time": "2000", "level": "critical", "event": "FORGED"}\\r\\x1b[31m'
logging.getLogger("x").warning("a client said %s", forged)
print(forged)
logging.getLogger("x").info("token=secret-token-1 of 0a1b2c3d-0000-4000-8000-0123456789ab")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("x").exception("failed")
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=Path(__file__).parents[2],
        env=os.environ | {MARK_VARIABLE: journal.word},
    )  # fmt: skip
    journal._follow(process.stdout, "server")
    process.stdout.close()
    process.wait()
    journal.close()
    lines = [json.loads(line) for line in journal.path.read_text().splitlines()]
    assert all_of(line["time"].startswith("20") and line["time"] != "2000" and line["level"] for line in lines)
    assert not [line for line in lines if line["level"] == "critical"]
    assert "secret-token-1" not in journal.path.read_text()
    assert "0a1b2c3d-0000" not in journal.path.read_text()
    assert "ZeroDivisionError" in next(line["error"] for line in lines if line["event"] == "failed")
    assert journal.path.stat().st_mode & 0o777 == 0o600
    assert "\x1b" not in journal.path.read_text()


def test_the_log_has_an_end_and_outlives_a_restart(tmp_path: Path) -> None:
    for start in range(3):
        journal = Journal(tmp_path / "serve.log", "word", most_bytes=100_000)
        for number in range(2_000):
            journal.say(f"{start} {number} " + "x" * 100)
        journal.close()
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 110_000
    assert "2 1999" in journal.last(1)
    journal = Journal(tmp_path / "serve.log", "word", most_bytes=100_000)
    assert "2 1999" in journal.last(1)
    journal.close()


@pytest.mark.parametrize("url", ["nonsense", "postgresql+nothing://x", "mysql://a/b", "postgresql://127.0.0.1:1/none"])
def test_an_unreadable_database_address_is_a_sentence_without_the_password(url: str, tmp_path: Path) -> None:
    from dashboard.operations.prepare import prepare_data

    settings = Settings(_env_file=None, data_dir=tmp_path, database_url=url.replace("://", "://me:hunter2@", 1))
    with pytest.raises(Exception, match=r".") as raised:
        prepare_data(settings, lambda line: None)
    said = explain_error(raised.value)
    assert said is not None
    assert "hunter2" not in said
