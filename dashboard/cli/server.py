"""``python -m dashboard.cli.server HOST PORT``: serve the build that the environment names; ``serve`` calls it.

What a server needs is read while the pages are still being built: it then answers as soon as they are.
"""

import os
import sys
import time
from typing import Any

from dashboard.cli.frontend import ROOT, STARTS_WITHIN, WANTED, is_built
from dashboard.runtime import prepare

LOOKS_EVERY = 0.02  # seconds between two looks whether the pages are there


def when_built() -> Any:
    """The app, once its pages are built.

    Raises:
        TimeoutError: they still are not when whoever builds them has given up.
    """
    from dashboard.app import app

    deadline = time.monotonic() + STARTS_WITHIN
    while not is_built(ROOT, os.environ[WANTED]):
        if time.monotonic() > deadline:
            raise TimeoutError("the pages were not built in time")
        time.sleep(LOOKS_EVERY)
    return app()


if __name__ == "__main__":
    prepare()  # before Reflex is imported

    from granian.constants import Interfaces
    from granian.server import Server

    host, port = sys.argv[1], int(sys.argv[2])
    Server(
        "dashboard.cli.server:when_built",
        factory=True,
        interface=Interfaces.ASGI,
        address=host,
        port=port,
        workers=1,
    ).serve()
