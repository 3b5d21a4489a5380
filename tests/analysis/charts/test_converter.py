"""Conversions are made in a sandbox: it comes back, and stops nobody else."""

import itertools
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from dashboard.analysis.charts import converter
from dashboard.analysis.charts.compiled import SCHEMA
from dashboard.runtime.sandbox.pools import JobLimits


def specification(points: int = 2, title: str = "") -> str:
    values = [{"a": at, "b": at % 7} for at in range(points)]
    encoding = {name: {"field": field, "type": "quantitative"} for name, field in (("x", "a"), ("y", "b"))}
    return json.dumps({"data": {"values": values}, "mark": "point", "encoding": encoding, "title": title})


def test_what_cannot_be_converted_is_an_error_and_the_next_is_made() -> None:
    with pytest.raises(ValueError, match="failed"):
        converter.convert_to_svg('{"mark": "nothing", "data": {"values": []}}', SCHEMA)
    with pytest.raises(ValueError, match=r"\S"):
        converter.convert_to_png("<svg", 1)
    assert converter.convert_to_svg(specification(), SCHEMA).startswith("<svg")


def test_one_that_was_killed_is_started_again() -> None:
    before = number()
    psutil.Process(before).kill()
    assert converter.convert_to_png(converter.convert_to_svg(specification(), SCHEMA), 1).startswith(b"\x89PNG")
    assert number() != before


def number() -> int:
    """Of the process that converts."""
    found: int = converter.SANDBOX.call("os:getpgid", 0, converter.LIMITS)
    return found


def test_one_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    converter.convert_to_svg(specification(), SCHEMA)
    monkeypatch.setattr(converter, "LIMITS", JobLimits(0, 60, 0.02))
    with pytest.raises(ValueError, match=r"took longer than 0\.02 s for svg"):
        converter.convert_to_svg(specification(20_000), SCHEMA)
    monkeypatch.undo()
    assert converter.convert_to_svg(specification(), SCHEMA).startswith("<svg")


def test_each_thread_gets_what_it_asked_for() -> None:
    with ThreadPoolExecutor(8) as pool:
        drawings = list(
            pool.map(lambda at: converter.convert_to_svg(specification(title=f"of {at}."), SCHEMA), range(24))
        )
    assert [f"of {at}." in drawing for at, drawing in enumerate(drawings)] == [True] * 24


def test_a_picture_stops_nobody_else() -> None:
    document = converter.convert_to_svg(specification(4_000), SCHEMA)
    made, looks = threading.Event(), [time.monotonic()]

    def look() -> None:
        while not made.wait(0.005):
            looks.append(time.monotonic())

    watching = threading.Thread(target=look)
    watching.start()
    converter.convert_to_png(document, 2)
    made.set()
    watching.join()
    assert max(later - earlier for earlier, later in itertools.pairwise(looks)) < (looks[-1] - looks[0]) / 2
