"""How often an address may do a thing: windows that move with time, kept in memory or, for many servers, in Redis.

``await allowed("readers", address)``. Counting must not stop the product: where Redis cannot be reached, it is allowed.
"""

import logging
from typing import Any, Literal

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

from dashboard.protection import metrics
from dashboard.settings import Settings, settings

log = logging.getLogger(__name__)

Thing = Literal["readers", "renders", "jobs", "faults", "reports", "cuts", "follows"]

REDIS = {"implementation": "redispy", "socket_connect_timeout": 1.0, "socket_timeout": 1.0}
"""The client Reflex brings; who waits for a Redis that does not answer waits no longer than that."""

FAULTS = 30
"""Reports of faults in their browsers that all readers together may leave in the log within a minute."""

REPORTS = 2
"""Of them, those of one address."""

CUTS, MINUTES = 5, 5
"""Websockets of an address that may be cut for what no page says; after that it opens none for so many minutes."""
FOLLOWS = 10
"""Subscriptions that one address may ask for within an hour."""

_made: tuple[Settings, SlidingWindowCounterRateLimiter, dict[str, RateLimitItem]] | None = None


def _counting() -> tuple[Settings, SlidingWindowCounterRateLimiter, dict[str, RateLimitItem]]:
    """The settings in effect, what counts for them, and how much is allowed; other settings begin counting anew."""
    global _made
    now = settings()
    if _made is None or _made[0] is not now:
        options: dict[str, Any] = {} if now.limits_url.startswith("memory") else REDIS
        storage = storage_from_string(f"async+{now.limits_url}", **options)
        assert isinstance(storage, Storage)
        most = {
            "readers": RateLimitItemPerSecond(now.limits.readers, 120),
            "renders": RateLimitItemPerMinute(now.limits.renders),
            "jobs": RateLimitItemPerMinute(now.limits.jobs),
            "faults": RateLimitItemPerMinute(FAULTS),
            "reports": RateLimitItemPerMinute(REPORTS),
            "cuts": RateLimitItemPerMinute(CUTS, MINUTES),
            "follows": RateLimitItemPerHour(FOLLOWS),
        }
        _made = now, SlidingWindowCounterRateLimiter(storage), most
    return _made


async def allowed(thing: Thing, address: str) -> bool:
    """Count one such thing of an address; False when it has had too many lately."""
    try:
        _, limiter, most = _counting()
        if await limiter.hit(most[thing], thing, address):
            return True
    except Exception as error:  # whatever the store raises
        log.warning("limits cannot be counted: %s", type(error).__name__)
        return True
    metrics.REFUSED.labels(thing).inc()
    return False


async def exhausted(thing: Thing, address: str) -> bool:
    """Whether an address has had its share of such a thing lately; nothing is counted."""
    try:
        _, limiter, most = _counting()
        return not await limiter.test(most[thing], thing, address)
    except Exception as error:  # whatever the store raises
        log.warning("limits cannot be looked up: %s", type(error).__name__)
        return False
