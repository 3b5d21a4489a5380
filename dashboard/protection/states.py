"""What a reader leaves behind is freed soon: the State of a page that nobody has open lives ``LIVES`` seconds.

``app.register_lifespan_task(keep_alive, product=app)``. Reflex frees a State a time after its last event; readers who
are still there but only read would lose theirs, so it is touched for them.
"""

import asyncio
import logging
from typing import Any

from dashboard.protection import metrics

log = logging.getLogger(__name__)

LIVES = 90
"""Seconds after the last event, or after the reader has left."""

EVERY = 25.0
"""Seconds between two looks who is there."""


async def keep_alive(product: Any) -> None:
    """Touch the State of connected readers again and again, until cancelled. Never raises."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            await touch(product)
        except Exception as error:  # Reflex's own State manager, in memory or in Redis
            log.warning("the State of connected readers could not be kept: %s", type(error).__name__)


async def touch(product: Any) -> None:
    """Let the State of every connected reader live on."""
    from reflex.istate.manager.token import BaseStateToken

    manager = product.state_manager
    held = getattr(manager, "states", None)
    if held is not None:
        metrics.STATES.set(len(held))
    namespace = product.event_namespace
    here = tuple(namespace.token_to_sid) if namespace is not None else ()
    tokens = [BaseStateToken(ident=token, cls=product._state) for token in here]
    if held is None:
        await _prolonged(manager.redis, tokens, product._state)
        return
    for whole in tokens:
        if whole.cache_key in held:
            await manager.get_state(whole)


async def _prolonged(redis: Any, tokens: list[Any], root: Any) -> None:
    """In Redis every part of a State is a key of its own, and reading one does not let it live on."""
    parts = [root]
    for part in parts:
        parts += part.get_substates()
    for token in tokens:
        pipeline = redis.pipeline(transaction=False)
        for part in parts:
            pipeline.expire(str(token.with_cls(part)), LIVES)
        await pipeline.execute()
