"""``python -m dashboard.cli.server HOST PORT``: serve the build in ``REFLEX_WEB_WORKDIR``; ``serve`` calls it.

What a server needs is read while the pages are still being built: it then answers as soon as they are.
"""

import contextlib
import logging
import os
import resource
import sys
import time
from typing import Any

from dashboard.cli.frontend import ROOT, STARTS_WITHIN, find_web_folder, is_whole
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


def when_built() -> Any:
    """The app, once its pages are built.

    Raises:
        TimeoutError: they still are not when whoever builds them has given up.
    """
    from dashboard.operations.logs import configure
    from dashboard.settings import settings

    configure(settings().log_level)
    observe()
    import numpy  # noqa: F401 - narwhals looks for it whenever a chart is made, and must not find half of it

    from dashboard.app import app
    from dashboard.protection.origin import one_origin

    deadline = time.monotonic() + STARTS_WITHIN
    while not is_whole(find_web_folder(ROOT)):
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

    import uvicorn

    from dashboard.protection.protocols import IDLE, Protocol, Socket
    from dashboard.protection.sockets import MOST_BYTES

    host, port = sys.argv[1], int(sys.argv[2])
    server = uvicorn.Server(
        uvicorn.Config(
            when_built,
            factory=True,
            host=host,
            port=port,
            loop="uvloop",
            http=Protocol,
            ws=Socket,
            ws_max_size=MOST_BYTES,
            ws_ping_interval=None,  # Engine.IO asks whether the client is there
            ws_per_message_deflate=False,
            lifespan="on",
            backlog=4096,
            timeout_keep_alive=IDLE,
            timeout_graceful_shutdown=8,
            proxy_headers=False,  # who asks is for dashboard.protection.requests to say
            server_header=False,
            access_log=False,
            log_config=None,
        )
    )
    with contextlib.suppress(KeyboardInterrupt):  # raised again after everything was answered
        server.run()
