"""Keep the State of connected readers alive, and let Reflex free others after ``STATE_LIFETIME_S``.

Reflex frees a State some time after its last event; connected readers who only read would lose theirs.
"""

import asyncio
import logging
from typing import Any

from dashboard.interfaces.protection import metrics

log = logging.getLogger(__name__)

STATE_LIFETIME_S = 90
"""Lifetime after the last event, or after the reader has left."""

TOUCH_INTERVAL_S = 25.0
"""Time between two rounds."""


async def keep_alive(product: Any) -> None:
    """Touch the State of connected readers repeatedly, until cancelled. Never raises."""
    while True:
        await asyncio.sleep(TOUCH_INTERVAL_S)
        try:
            await touch_states(product)
        except Exception as error:  # Reflex's own State manager, in memory or in Redis
            log.warning("the State of connected readers could not be kept: %s", type(error).__name__)


async def touch_states(product: Any) -> None:
    """Prolong the State of every connected reader."""
    from reflex.istate.manager.token import BaseStateToken

    manager = product.state_manager
    states = getattr(manager, "states", None)
    if states is not None:
        metrics.STATES.set(len(states))
    namespace = product.event_namespace
    connected = tuple(namespace.token_to_sid) if namespace is not None else ()
    tokens = [BaseStateToken(ident=token, cls=product._state) for token in connected]
    if states is None:
        await _extend_in_redis(manager.redis, tokens, product._state)
        return
    for token in tokens:
        if token.cache_key in states:
            await manager.get_state(token)


async def _extend_in_redis(redis: Any, tokens: list[Any], root: Any) -> None:
    """Prolong every part of a State, since in Redis each has a key and reading does not prolong it."""
    parts = [root]
    for part in parts:
        parts += part.get_substates()
    for token in tokens:
        pipeline = redis.pipeline(transaction=False)
        for part in parts:
            pipeline.expire(str(token.with_cls(part)), STATE_LIFETIME_S)
        await pipeline.execute()
