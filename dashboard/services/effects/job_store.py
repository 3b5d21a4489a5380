"""What several servers know of each other's jobs: plan, whose it is, how it stands, the result; in Redis, for a day.

``put(name, field=text, …)``, ``get(name) -> fields``. What is lost there can be asked again: the same plan on the same
figures gives the same result. So a Redis that cannot be reached stops nobody; each server then knows its own jobs.
"""

import logging
from typing import cast

import redis

log = logging.getLogger(__name__)

LIFETIME = 86_400
"""Seconds after the last change of a job."""

PATIENCE = 1.0
"""Seconds to wait for Redis."""


class JobStore:
    """Jobs by name in one Redis."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
        )

    def put(self, name: str, **fields: str) -> None:
        """Note fields of a job; others stay as they are."""
        try:
            with self._redis.pipeline() as pipeline:
                pipeline.hset(_key(name), mapping=fields)
                pipeline.expire(_key(name), LIFETIME)
                pipeline.execute()
        except redis.RedisError as error:
            log.warning("other servers cannot be told of a job: %s", type(error).__name__)

    def get(self, name: str) -> dict[str, str]:
        """All fields of a job; {} when nothing is known of it."""
        try:
            return cast(dict[str, str], self._redis.hgetall(_key(name)))
        except redis.RedisError as error:
            log.warning("jobs of other servers cannot be looked up: %s", type(error).__name__)
            return {}

    def close(self) -> None:
        """Give the connections back."""
        self._redis.close()


def _key(name: str) -> str:
    return f"monitor_job_{name}"
