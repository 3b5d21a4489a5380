"""What tests need of the machine: where it is absent they are skipped, saying so, and fail on CI (``CI`` is set there).

``@pytest.mark.needs("nginx")`` names programs; ``redis_url`` is a database of the local Redis for one test alone.
"""

import os
import shutil
import time
from collections.abc import Iterator
from typing import NoReturn

import pytest
import redis

REDIS = "redis://127.0.0.1:6379"
DATABASES = range(12, 16)
"""Those of that Redis that tests take, and empty."""
LONGEST = 360
"""Seconds after which a database is taken back from a test that was killed: more than one may take."""


def missing(reason: str) -> NoReturn:
    """The machine lacks what the test needs."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Look for the programs that a test needs before anything is made for it."""
    for mark in item.iter_markers("needs"):
        for program in mark.args:
            if shutil.which(program) is None:
                missing(f"this machine has no {program}")


@pytest.fixture
def redis_url() -> Iterator[str]:
    """An empty database of the local Redis; whatever else is tested on this machine meanwhile has another."""
    with redis.Redis.from_url(REDIS) as server:
        try:
            server.ping()
        except redis.ConnectionError as error:
            missing(f"no Redis at {REDIS}: {error}")
        lock, number = _taken(server)
        url = f"{REDIS}/{number}"
        with redis.Redis.from_url(url) as database:
            database.flushdb()
            yield url
            database.flushdb()
        lock.release()


def _taken(server: redis.Redis) -> tuple[redis.lock.Lock, int]:
    """The first database that nobody tests with; waits for one."""
    while True:
        for number in DATABASES:
            lock = server.lock(f"monitor-tests:{number}", timeout=LONGEST)
            if lock.acquire(blocking=False):
                return lock, number
        time.sleep(0.1)
