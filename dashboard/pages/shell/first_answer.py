"""The answer of the page that a browser opens, by address: there before the websocket is, which then says the same."""

from typing import Any
from urllib.parse import parse_qsl

import reflex as rx
from reflex.istate.data import RouterData
from reflex_base.utils.format import json_dumps

from dashboard.pages.shell.state import Shell


async def write_first_answer(load: Any, origin: str, path: str, query: str) -> str:
    """What a new reader's states become when the page has arrived, as JSON: name of a state → its changed vars.

    Args:
        load: the page's ``on_load`` handler, of a substate of ``Shell``.
        origin: scheme and host that the reader asked.
        path: the path of the address, from its language on.
        query: the query of the address as it stands there, without "?".

    Returns:
        "" where that is not ready, or not all: the websocket then brings the words for it.
    """
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]  # of no session: it is read and dropped
    router_data = {"pathname": path, "asPath": f"{path}?{query}" if query else path, "query": dict(parse_qsl(query))}
    root.router = RouterData.from_router_data(router_data | {"headers": {"origin": origin}})
    state: Any = root.get_substate(load.state_full_name.split("."))
    more = await load.fn(state)
    if more is not None or state.phase != "ready":
        return ""
    changed = await root._get_resolved_delta()
    ours = {name: fields for name, fields in changed.items() if name.startswith(Shell.get_full_name())}
    return json_dumps(ours, separators=(",", ":"))
