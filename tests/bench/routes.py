"""The chart route over HTTP: cold (never asked before) and 304."""

import http.client
from collections.abc import Iterator
from time import perf_counter
from urllib.parse import urlsplit

from dashboard.evidence.dataset.store import Dataset
from dashboard.settings import Settings
from tests.bench.measure import Figure, quantile
from tests.bench.product import Server
from tests.serving import settle

ADOPTERS = ("AZE", "IDN", "UZB", "ETH", "UGA", "PAK", "AFG", "ROU", "RWA", "KGZ", "MNE", "COL")


def figures(server: Server) -> Iterator[Figure]:
    """Ask for charts nobody asked before, then again with their ETag."""
    settle(server.process)
    indicators = sorted(Dataset.current(Settings(data_dir=server.data_dir).dataset_dir).indicators())
    paths = [
        f"/api/v1/charts/{kind}.vega?indicator={indicator}&country={one},{two}"
        for number, indicator in enumerate(indicators)
        for kind, (one, two) in zip(
            ("trend", "ranking", "map", "distribution"),
            zip(ADOPTERS[number % 6 :], ADOPTERS[number % 6 + 1 :], strict=False),
            strict=False,
        )
    ]
    link = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    cold, again = [], []
    for path in paths:
        span, tag = _ask(link, path, None)
        cold.append(span)
        again.append(_ask(link, path, tag)[0])
    yield Figure(f"chart route, cold, p95 of {len(cold)}", quantile(sorted(cold), 0.95), "ms", 30)
    yield Figure("chart route, cold, median", quantile(sorted(cold), 0.5), "ms")
    yield Figure("chart route, 304, p95", quantile(sorted(again), 0.95), "ms", 5)


def _ask(link: http.client.HTTPConnection, path: str, tag: str | None) -> tuple[float, str]:
    began = perf_counter()
    link.request("GET", path, headers={"If-None-Match": tag} if tag else {})
    reply = link.getresponse()
    reply.read()
    span = (perf_counter() - began) * 1000
    expected = 304 if tag else 200
    if reply.status != expected:
        raise SystemExit(f"{path}: {reply.status}, expected {expected}")
    return span, reply.getheader("ETag") or ""
