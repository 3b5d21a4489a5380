"""Conversions are made in a process of their own: it comes back, leaves with its parent, and stops nobody else."""

import itertools
import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from dashboard.charts import converter
from dashboard.charts.compiled import SCHEMA

ROOT = Path(__file__).parents[2]


def specification(points: int = 2, title: str = "") -> str:
    values = [{"a": at, "b": at % 7} for at in range(points)]
    encoding = {name: {"field": field, "type": "quantitative"} for name, field in (("x", "a"), ("y", "b"))}
    return json.dumps({"data": {"values": values}, "mark": "point", "encoding": encoding, "title": title})


def processes() -> list[psutil.Process]:
    children = psutil.Process().children()
    return [one for one in children if converter.__file__ in one.cmdline()]


def test_what_cannot_be_converted_is_an_error_and_the_next_is_made() -> None:
    with pytest.raises(ValueError, match="failed"):
        converter.svg('{"mark": "nothing", "data": {"values": []}}', SCHEMA)
    with pytest.raises(ValueError, match=r"\S"):
        converter.png("<svg", 1)
    assert converter.svg(specification(), SCHEMA).startswith("<svg")


def test_one_that_was_killed_is_started_again() -> None:
    converter.svg(specification(), SCHEMA)
    (before,) = processes()
    before.kill()
    assert converter.png(converter.svg(specification(), SCHEMA), 1).startswith(b"\x89PNG")
    (after,) = processes()
    assert after.pid != before.pid


def test_it_is_given_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_BACKUP_KEY", "not for others")
    for one in processes():  # another test's
        one.kill()
    assert converter.svg(specification(), SCHEMA).startswith("<svg")
    (process,) = processes()
    assert set(process.environ()) <= set(converter.ENVIRONMENT) | {"LC_CTYPE"}  # which Python sets itself


def test_one_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converter, "LONGEST", 0.02)
    with pytest.raises(ValueError, match=r"took longer than 0\.02 s for svg"):
        converter.svg(specification(20_000), SCHEMA)
    monkeypatch.undo()
    assert converter.svg(specification(), SCHEMA).startswith("<svg")


def test_each_thread_gets_what_it_asked_for() -> None:
    with ThreadPoolExecutor(8) as pool:
        drawings = list(pool.map(lambda at: converter.svg(specification(title=f"of {at}."), SCHEMA), range(24)))
    assert [f"of {at}." in drawing for at, drawing in enumerate(drawings)] == [True] * 24


def test_a_picture_stops_nobody_else() -> None:
    document = converter.svg(specification(4_000), SCHEMA)
    made, looks = threading.Event(), [time.monotonic()]

    def look() -> None:
        while not made.wait(0.005):
            looks.append(time.monotonic())

    watching = threading.Thread(target=look)
    watching.start()
    converter.png(document, 2)
    made.set()
    watching.join()
    longest = max(later - earlier for earlier, later in itertools.pairwise(looks))
    assert longest < (looks[-1] - looks[0]) / 2


def test_it_leaves_with_whoever_started_it() -> None:
    words = (
        "import sys, time, psutil; from dashboard.charts import converter\n"
        "converter.svg(sys.stdin.read(), '6.4'); print(psutil.Process().children()[0].pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", words], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    parent.stdin.write(specification())
    parent.stdin.close()
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    psutil.wait_procs([child], timeout=10)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
