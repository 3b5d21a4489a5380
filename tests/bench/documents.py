"""Whole pages over HTTP: rendered once, kept for the next reader, and answered while their renderer is killed."""

import http.client
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psutil

from dashboard.interfaces.pages.registry import PAGES
from dashboard.locales import LANGUAGES
from tests.bench.measure import Figure, quantile
from tests.bench.product import Server
from tests.serving import settle

KILLS, BETWEEN_S = 50, 0.3
READERS = 4
OFTEN = 10
"""Every so many addresses of each kind of page are asked for."""


def figures(server: Server) -> Iterator[Figure]:
    """Ask for pages that nobody asked for before, again for the same, and for others under kills."""
    settle(server.process)
    paths = [f"/{lang}/{below}" for lang in LANGUAGES for page in PAGES for below in [*page.addresses()][::OFTEN]]
    rendered, kept = ([_time_page(server, path) for path in paths] for _ in range(2))
    yield Figure(f"page rendered, median of {len(paths)}", quantile(sorted(rendered), 0.5), "ms", 40)
    yield Figure("page rendered, 95 %", quantile(sorted(rendered), 0.95), "ms")
    yield Figure("page kept, median", quantile(sorted(kept), 0.5), "ms", 3)
    with ThreadPoolExecutor(READERS + 1) as pool:
        killing = pool.submit(_kill_renderer, server)
        asked = [pool.submit(_count_failures, server, reader, killing.done) for reader in range(READERS)]
        pages, failed = (sum(counts) for counts in zip(*(future.result() for future in asked), strict=True))
    yield Figure(f"requests failed of {pages}, renderer killed {killing.result()} times", failed, "", 0)


def _time_page(server: Server, path: str) -> float:
    """Return the milliseconds until a page is there whole."""
    began = time.perf_counter()
    status = _get_status(server, path)
    if status != 200:
        raise SystemExit(f"{path}: {status}, expected 200")
    return 1000 * (time.perf_counter() - began)


def _get_status(server: Server, path: str) -> int:
    link = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    try:
        link.request("GET", path, headers={"Accept-Encoding": "gzip"})
        reply = link.getresponse()
        return reply.status if reply.read() else 0
    except OSError:
        return 0
    finally:
        link.close()


def _kill_renderer(server: Server) -> int:
    """Kill the renderer as soon as there is one, again and again; return how often."""
    killed, until = 0, time.monotonic() + 120
    while killed < KILLS and time.monotonic() < until:
        for process in server.process.children(recursive=True):
            try:
                if any(part.endswith("renderer.mjs") for part in process.cmdline()):
                    process.kill()
                    killed += 1
            except psutil.Error:
                continue
        time.sleep(BETWEEN_S)
    return killed


def _count_failures(server: Server, reader: int, done: Callable[[], bool]) -> tuple[int, int]:
    """Ask for pages that are not kept until ``done``; return how many, and how many were not answered with a page."""
    pages = failed = 0
    while not done():
        year, example = 1990 + pages % 30, PAGES[pages % len(PAGES)].example
        query = f"{'&' if '?' in example else '?'}from={year}&to={2020 + reader}"
        failed += _get_status(server, f"/en/{example}{query}") != 200
        pages += 1
    return pages, failed
