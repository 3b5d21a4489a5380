"""``python -m dashboard.cli.server HOST PORT``: serve pages that are built already; ``serve`` calls it."""

import sys

from dashboard.runtime import prepare

if __name__ == "__main__":
    prepare()  # before Reflex is imported

    from granian.constants import Interfaces
    from granian.server import Server

    host, port = sys.argv[1], int(sys.argv[2])
    Server("dashboard.app:app", factory=True, interface=Interfaces.ASGI, address=host, port=port, workers=1).serve()
