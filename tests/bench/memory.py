"""Memory of the running product, after whatever was asked of it before."""

import time
from collections.abc import Iterator

from tests.bench.measure import Figure
from tests.bench.product import Server

MOST = 400

LEFT_ALONE = 150
"""Seconds after which nothing is held only because somebody might ask again: the process that draws ends after 120."""


def figures(server: Server) -> Iterator[Figure]:
    """Resident memory of all its processes, shared pages counted once."""
    yield Figure("memory of the server before the first visitor", server.seen[0], "MiB")
    yield Figure("memory of the server after that", server.memory(), "MiB", MOST)
    time.sleep(LEFT_ALONE)
    yield Figure("memory of the server, left alone for a while", server.memory(), "MiB")
    yield Figure("memory of the server, peak while all of that was asked", server.peak(), "MiB")
