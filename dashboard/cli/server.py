"""``python -m dashboard.cli.server HOST PORT``: serve the build that the environment names; ``serve`` calls it.

What a server needs is read while the pages are still being built: it then answers as soon as they are.
"""

import logging
import os
import resource
import sys
import time
from typing import Any

from dashboard.cli.frontend import ROOT, STARTS_WITHIN, WANTED, is_built
from dashboard.runtime import end_with_parent, prepare

log = logging.getLogger(__name__)

LOOKS_EVERY = 0.02  # seconds between two looks whether the pages are there

OBSERVED = {
    "OTEL_SERVICE_NAME": "asan-sdg-monitor",
    "OTEL_TRACES_EXPORTER": "otlp",
    "OTEL_METRICS_EXPORTER": "otlp",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
}
"""How it is sent, unless the environment says otherwise."""

IDLE = 15
"""Seconds after which a connection that asks nothing is closed."""


def when_built() -> Any:
    """The app, once its pages are built.

    Raises:
        TimeoutError: they still are not when whoever builds them has given up.
    """
    end_with_parent()
    from dashboard.operations.logs import configure
    from dashboard.settings import settings

    configure(settings().log_level)
    observe()
    from dashboard.app import app
    from dashboard.protection.origin import one_origin

    deadline = time.monotonic() + STARTS_WITHIN
    while not is_built(ROOT, os.environ[WANTED]):
        if time.monotonic() > deadline:
            raise TimeoutError("the pages were not built in time")
        time.sleep(LOOKS_EVERY)
    return one_origin(app())


def observe() -> None:
    """Send traces and metrics to an OpenTelemetry collector, where ``OTEL_EXPORTER_OTLP_ENDPOINT`` names one.

    reflex-otel takes the client's token out of the addresses it notes. It is no part of the runtime: who wants it
    installs it.
    """
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return
    try:
        from reflex_otel import ReflexInstrumentor
    except ImportError:
        log.error("OTEL_EXPORTER_OTLP_ENDPOINT is set: install deploy/requirements-otel.txt, or leave it out")
        return
    for name, value in OBSERVED.items():
        os.environ.setdefault(name, value)
    ReflexInstrumentor().instrument()


def _all_files() -> None:
    """Allow this process as many open files as the system lets it have: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    prepare()  # before Reflex is imported
    end_with_parent()
    _all_files()

    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.server import Server

    host, port = sys.argv[1], int(sys.argv[2])
    Server(
        "dashboard.cli.server:when_built",
        factory=True,
        interface=Interfaces.ASGI,
        address=host,
        port=port,
        workers=1,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=8,
        backlog=4096,
        http=HTTPModes.http1,  # a proxy speaks HTTP/2 to browsers; only so idle connections are closed
        http1_settings=HTTP1Settings(header_read_timeout=IDLE * 1000),
    ).serve()
