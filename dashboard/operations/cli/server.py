"""Serve the build in ``REFLEX_WEB_WORKDIR``: ``python -m dashboard.operations.cli.server HOST PORT``.

The server's code is loaded while the pages are still being built, so it answers as soon as they are.
"""

import contextlib
import logging
import os
import resource
import sys
import time
from typing import Any

from dashboard.operations.cli.frontend import ROOT, START_TIMEOUT_S, find_web_folder, is_whole
from dashboard.runtime.process import end_with_parent, prepare

log = logging.getLogger(__name__)

POLL_S = 0.02  # seconds between two looks whether the pages are there

TELEMETRY_DEFAULTS = {
    "OTEL_SERVICE_NAME": "asan-sdg-monitor",
    "OTEL_TRACES_EXPORTER": "otlp",
    "OTEL_METRICS_EXPORTER": "otlp",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
}
"""Defaults of telemetry, unless the environment sets others."""


def load_app() -> Any:
    """Return the app, once its pages are built.

    Raises:
        TimeoutError: they were not built in time.
    """
    from dashboard.operations.logs import configure
    from dashboard.settings import settings

    configure(settings().log_level)
    send_telemetry()
    import numpy  # noqa: F401 - narwhals looks for it whenever a chart is made, and must not find half of it

    from dashboard.app import app
    from dashboard.interfaces.protection.origin import enforce_origin

    deadline = time.monotonic() + START_TIMEOUT_S
    while not is_whole(find_web_folder(ROOT)):
        if time.monotonic() > deadline:
            raise TimeoutError("the pages were not built in time")
        time.sleep(POLL_S)
    return enforce_origin(app())


def send_telemetry() -> None:
    """Send traces and metrics to the OpenTelemetry collector of ``OTEL_EXPORTER_OTLP_ENDPOINT``, if set.

    reflex-otel, which removes clients' tokens from addresses, is installed only where it is wanted.
    """
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return
    try:
        from reflex_otel import ReflexInstrumentor
    except ImportError:
        log.error("OTEL_EXPORTER_OTLP_ENDPOINT is set: install deploy/requirements-otel.txt, or leave it out")
        return
    for name, value in TELEMETRY_DEFAULTS.items():
        os.environ.setdefault(name, value)
    ReflexInstrumentor().instrument()


def _raise_file_limit() -> None:
    """Allow as many open files as the system permits: each connection is one."""
    _, limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


if __name__ == "__main__":
    prepare()  # before Reflex is imported
    end_with_parent()
    _raise_file_limit()

    import uvicorn

    from dashboard.interfaces.protection.protocols import IDLE_S, Protocol, Socket
    from dashboard.interfaces.protection.sockets import MAX_MESSAGE_BYTES

    host, port = sys.argv[1], int(sys.argv[2])
    server = uvicorn.Server(
        uvicorn.Config(
            load_app,
            factory=True,
            host=host,
            port=port,
            loop="uvloop",
            http=Protocol,
            ws=Socket,
            ws_max_size=MAX_MESSAGE_BYTES,
            ws_ping_interval=None,  # Engine.IO asks whether the client is there
            ws_per_message_deflate=False,
            lifespan="on",
            backlog=4096,
            timeout_keep_alive=IDLE_S,
            timeout_graceful_shutdown=8,
            proxy_headers=False,  # who asks is for dashboard.interfaces.protection.requests to say
            server_header=False,
            access_log=False,
            log_config=None,
        )
    )
    with contextlib.suppress(KeyboardInterrupt):  # raised again after everything was answered
        server.run()
