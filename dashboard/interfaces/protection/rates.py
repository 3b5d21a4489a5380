"""Limit how often an address may act: sliding windows in memory or, for many servers, in Redis.

Counting must not stop the product: where Redis cannot be reached, everything is allowed.
"""

import logging
from typing import Any, Literal

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

from dashboard.interfaces.protection import metrics
from dashboard.settings import Settings, settings

log = logging.getLogger(__name__)

Action = Literal["readers", "renders", "jobs", "faults", "reports", "cuts", "follows"]

REDIS_OPTIONS = {"implementation": "redispy", "socket_connect_timeout": 1.0, "socket_timeout": 1.0}
"""Options of the client that Reflex installs; short timeouts, so that nobody waits for a silent Redis."""

MAX_FAULTS = 30
"""Browser fault reports that all readers together may log within a minute."""

MAX_REPORTS = 2
"""Browser fault reports of an address within a minute."""

MAX_CUTS, CUTS_MINUTES = 5, 5
"""After so many websockets cut as hostile within these minutes, an address may open none."""
MAX_FOLLOWS = 10
"""Subscriptions that an address may request within an hour."""

_cached_limiter: tuple[Settings, SlidingWindowCounterRateLimiter, dict[str, RateLimitItem]] | None = None


def _get_limiter() -> tuple[Settings, SlidingWindowCounterRateLimiter, dict[str, RateLimitItem]]:
    """Return settings, limiter and limits; other settings begin counting anew."""
    global _cached_limiter
    current = settings()
    if _cached_limiter is None or _cached_limiter[0] is not current:
        options: dict[str, Any] = {} if current.limits_url.startswith("memory") else REDIS_OPTIONS
        storage = storage_from_string(f"async+{current.limits_url}", **options)
        assert isinstance(storage, Storage)
        limits = {
            "readers": RateLimitItemPerSecond(current.limits.readers, 120),
            "renders": RateLimitItemPerMinute(current.limits.renders),
            "jobs": RateLimitItemPerMinute(current.limits.jobs),
            "faults": RateLimitItemPerMinute(MAX_FAULTS),
            "reports": RateLimitItemPerMinute(MAX_REPORTS),
            "cuts": RateLimitItemPerMinute(MAX_CUTS, CUTS_MINUTES),
            "follows": RateLimitItemPerHour(MAX_FOLLOWS),
        }
        _cached_limiter = current, SlidingWindowCounterRateLimiter(storage), limits
    return _cached_limiter


async def count_action(action: Action, address: str) -> bool:
    """Count an action of an address; False when its limit is reached."""
    try:
        _, limiter, limits = _get_limiter()
        if await limiter.hit(limits[action], action, address):
            return True
    except Exception as error:  # whatever the store raises
        log.warning("limits cannot be counted: %s", type(error).__name__)
        return True
    metrics.REFUSED.labels(action).inc()
    return False


async def is_exhausted(action: Action, address: str) -> bool:
    """Return True if an address has reached its limit; nothing is counted."""
    try:
        _, limiter, limits = _get_limiter()
        return not await limiter.test(limits[action], action, address)
    except Exception as error:  # whatever the store raises
        log.warning("limits cannot be looked up: %s", type(error).__name__)
        return False
