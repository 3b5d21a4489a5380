"""The serving process: what it sends to a collector, and only where it is asked to."""

import logging
import sys

import pytest

from dashboard.cli import server


def test_nothing_is_sent_unless_a_collector_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    with caplog.at_level(logging.DEBUG):
        server.observe()
    assert caplog.records == []


def test_a_collector_without_what_sends_to_it_is_said_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "reflex_otel", None)
    server.observe()
    assert "deploy/requirements-otel.txt" in caplog.text
