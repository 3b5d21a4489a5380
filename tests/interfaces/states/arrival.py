"""A state as it is when a reader has arrived at an address."""

import asyncio
from collections.abc import Mapping
from typing import TypeVar

from reflex.istate.data import RouterData

from dashboard.interfaces.pages.shell.state import Shell

S = TypeVar("S", bound=Shell)


def at(state: S, path: str, asked: Mapping[str, str]) -> S:
    """The state at that address, before it answers."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    state.router = RouterData.from_router_data(
        {"pathname": path, "asPath": f"{path}?{query}", "query": dict(asked), "headers": {"origin": "http://test"}}
    )
    return state


def arrived(kind: type[S], path: str, handler: str = "load", /, **asked: str) -> S:
    """A state that has answered; ``from_`` stands for ``from``."""
    state = at(kind(), path, {name.rstrip("_"): value for name, value in asked.items()})
    asyncio.run(getattr(kind, handler).fn(state))
    return state
