"""Memory of the running product, after whatever was asked of it before."""

from collections.abc import Iterator

from tests.bench.measure import Figure
from tests.bench.product import Server

MOST = 400


def figures(server: Server) -> Iterator[Figure]:
    """Resident memory of all its processes, shared pages counted once."""
    yield Figure("memory of the server before the first visitor", server.seen[0], "MiB")
    yield Figure("memory of the server after that", server.memory(), "MiB", MOST)
    yield Figure("memory of the server, peak while all of that was asked", server.peak(), "MiB")
