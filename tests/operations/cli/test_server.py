"""The serving process: what it sends to a collector, and only where it is asked to."""

import logging
import subprocess
import sys

import pytest

from dashboard.operations.cli import server
from dashboard.operations.cli.frontend import ROOT


def test_nothing_is_sent_unless_a_collector_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    with caplog.at_level(logging.DEBUG):
        server.send_telemetry()
    assert caplog.records == []


def test_a_collector_without_what_sends_to_it_is_said_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "reflex_otel", None)
    server.send_telemetry()
    assert "deploy/requirements-otel.txt" in caplog.text


def test_what_a_chart_looks_for_is_whole_before_anybody_asks() -> None:
    """narwhals asks ``sys.modules`` for numpy: found half imported by another thread, the chart was a fault (500)."""
    words = (
        "import sys\n"
        "from dashboard.operations.cli import server\n"
        "server.is_whole = lambda *_: True\n"
        "server.load_app()\n"
        "assert 'numpy' in sys.modules and not getattr(sys.modules['numpy'].__spec__, '_initializing', False)"
    )
    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
