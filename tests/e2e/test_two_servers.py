"""Two servers of one checkout: what the second is started with, or refused for, takes nothing from the first."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from dashboard.operations.cli.frontend import find_web_folder
from tests.e2e.product import running
from tests.serving import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.long]  # beside the others that need the front end built

WAITS = 120.0  # seconds, however many others work on the machine


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/en/", timeout=2) as reply:
            return b"<html" in reply.read()
    except OSError:
        return False


def _child(folder: Path) -> psutil.Process:
    """The process that serves that data folder, below the one that watches it."""
    for process in psutil.process_iter(["cmdline", "environ"]):
        of_this = (process.info["environ"] or {}).get("MONITOR_DATA_DIR") == str(folder)
        if of_this and "dashboard.operations.cli.server" in (process.info["cmdline"] or ()):
            return process
    raise LookupError(folder)


def _kill(url: str, folder: Path) -> None:
    """Kill the process that serves, and wait until the next one answers."""
    child = _child(folder)
    child.kill()
    child.wait(10)
    deadline = time.monotonic() + WAITS
    while not _answers(url):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _builds() -> dict[Path, tuple[int, int]]:
    """Every build of the pages that is kept, and which file its first page is: another one once it is built anew."""
    pages = (find_web_folder(ROOT) / "builds").glob("*/build/client/404.html")
    return {page: (page.stat().st_ino, page.stat().st_mtime_ns) for page in pages}


def test_the_first_serves_again_after_a_second_was_started_with_another_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path / "first") as first:
        monkeypatch.setenv("MONITOR_PUBLIC_URL", "https://monitor.example")
        refused = subprocess.run(
            [sys.executable, "-m", "dashboard", "serve", "--port", first.rpartition(":")[2]],
            cwd=ROOT, env=os.environ | {"MONITOR_DATA_DIR": str(tmp_path / "refused")},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "cannot be used" in refused.stderr
        with running(tmp_path / "second") as second:
            built = _builds()
            _kill(first, tmp_path / "first")
            _kill(second, tmp_path / "second")
            assert built
            now = _builds()  # other tests build theirs meanwhile
            assert {page: now.get(page) for page in built} == built
