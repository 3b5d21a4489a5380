"""Check Reflex events before any State handler sees them.

Reflex passes on what it cannot convert, so every handler would have to expect anything. ``find_rejection`` accepts
only events of existing handlers, with the declared arguments, each of its type and small.
"""

import inspect
import logging
import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from pydantic import ConfigDict, TypeAdapter, ValidationError
from reflex.event import EventSpec
from reflex.state import State
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.registry import RegistrationContext

from dashboard.interfaces.protection.requests import log_once

log = logging.getLogger(__name__)

MAX_TEXT_CHARS = 2_000
"""Longest text in an argument; an address is shorter."""

MAX_DEPTH, MAX_ITEMS = 6, 300
"""Deepest nesting of a value, and most elements of a list or object."""

MAX_NUMBER = 2**53
"""Numbers beyond it come from no page."""

MAX_REPORT_CHARS = 500
"""Longest fault report of a browser that is logged."""

_UNWRITABLE = re.compile("[\\x00\\ud800-\\udfff]")
"""Characters no browser text contains: they cannot be written in UTF-8, or end a text in other languages."""

FORBIDDEN_SUFFIXES = (".setvar",)
"""Events that Reflex gives every State and no page sends: ``setvar`` would set any variable."""

MAX_STORED_CHARS = 20_000
"""Longest value of a variable that the browser stores: six comparisons take some thousand characters."""


UNKNOWN_PATH = "splat"
"""Reflex's name for the path segments of an address without a page."""

TRACE_FIELDS = ("traceparent", "tracestate")
"""Fields of an event that belong to a trace (W3C Trace Context)."""

MAX_NAME_CHARS = 300
"""Longest name of an event."""


def find_rejection(data: Any) -> str:
    """Return the reason why an event is refused, or "" when its handler may see it.

    Cuts long fault reports and removes fields that no page sends.
    """
    if not isinstance(data, dict) or not isinstance(data.get("name"), str) or len(data["name"]) > MAX_NAME_CHARS:
        return "shape"
    payload = data.setdefault("payload", {})
    if not isinstance(payload, dict):
        return "shape"
    place = _clean_router_data(data.get("router_data", {}))
    if place is None:
        return "place"
    data["router_data"] = place
    for name in data.keys() - {"name", "payload", "router_data"}:
        if name not in TRACE_FIELDS or not isinstance(data[name], str) or not _is_small(data[name]):
            del data[name]
    parts = _find_arguments(data["name"])
    if parts is None:
        return "unknown"
    if isinstance(payload.get("vars"), dict):
        if len(payload["vars"]) > MAX_ITEMS:
            return "size"
        payload["vars"] = _filter_stored(payload["vars"])
    if data["name"].endswith("handle_frontend_exception"):
        payload.update({name: value[:MAX_REPORT_CHARS] for name, value in payload.items() if isinstance(value, str)})
    return _check_arguments(payload, parts)


def _clean_router_data(router_data: Any) -> dict[str, Any] | None:
    """Return the page's path, address and query that an event reports; None if they are malformed.

    Reflex takes types and shape for granted. Headers, address and token are for the connection to say.
    """
    if not isinstance(router_data, dict):
        return None
    place = {name: router_data[name] for name in ("pathname", "asPath", "query") if name in router_data}
    for name, value in place.items():
        is_valid = _is_query(value) if name == "query" else _is_path(value)
        if not is_valid:
            return None
    return place


def _is_path(value: Any) -> bool:
    if not isinstance(value, str) or not value.startswith("/") or not _is_small(value):
        return False
    try:
        urlsplit(value)
    except ValueError:  # what follows two slashes is no host
        return False
    return True


def _is_query(value: Any) -> bool:
    return isinstance(value, dict) and len(value) <= MAX_ITEMS and all(_is_query_pair(*pair) for pair in value.items())


def _is_query_pair(name: Any, value: Any) -> bool:
    """Return True for a query parameter a page sends: text, or a list for an unknown path."""
    texts = [name, *value] if name == UNKNOWN_PATH and isinstance(value, list) else [name, value]
    return len(texts) <= MAX_ITEMS and all(isinstance(text, str) and _is_small(text) for text in texts)


def _filter_stored(variables: Mapping[Any, Any]) -> dict[str, str]:
    """Return the stored variables that a browser may report, with texts we would have written.

    Others are dropped, not refused: an older page may name a variable that no longer exists.
    """
    return {
        name: value
        for name, value in variables.items()
        if isinstance(name, str)
        and isinstance(value, str)
        and len(value) <= MAX_STORED_CHARS
        and not _UNWRITABLE.search(value)
        and _is_client_storage(name)
    }


def _is_client_storage(name: str) -> bool:
    state, _, variable = name.rpartition(".")
    try:
        return bool(State.get_class_substate(state)._is_client_storage(variable.removesuffix(FIELD_MARKER)))
    except ValueError:
        return False


def _check_arguments(payload: Mapping[str, Any], parts: "Arguments") -> str:
    types, needed = parts
    if not payload.keys() <= types.keys() or not needed <= payload.keys():
        return "arguments"
    for name, value in payload.items():
        if name != "vars" and not _is_bounded(value):
            return "size"
        adapter = types[name]
        if adapter is None:
            continue
        try:
            adapter.validate_python(value, strict=True)
        except (ValidationError, RecursionError):
            return "type"
    return ""


def _is_small(text: str) -> bool:
    return len(text) <= MAX_TEXT_CHARS and not _UNWRITABLE.search(text)


def _is_bounded(value: Any, depth: int = 0) -> bool:
    """Return True if a value is small at every level."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, str):
        return _is_small(value)
    if isinstance(value, int | float):
        return math.isfinite(value) and abs(value) <= MAX_NUMBER
    if depth >= MAX_DEPTH or len(value) > MAX_ITEMS:
        return False
    if isinstance(value, list):
        return all(_is_bounded(item, depth + 1) for item in value)
    return isinstance(value, dict) and all(
        _is_bounded(key) and _is_bounded(item, depth + 1) for key, item in value.items()
    )


Arguments = tuple[dict[str, TypeAdapter[Any] | None], frozenset[str]]
"""The types of a handler's arguments (None: any value), and the required ones."""


def _find_arguments(name: str) -> Arguments | None:
    """Return what the handler of this name takes; None without such a handler."""
    try:
        handlers = RegistrationContext.get().event_handlers
    except LookupError:
        return None
    registered = handlers.get(name)
    if name.endswith(FORBIDDEN_SUFFIXES):
        return None
    return _inspect_arguments(registered.handler.fn, name) if registered is not None else None


@lru_cache(maxsize=1_000)
def _inspect_arguments(fn: Any, name: str) -> Arguments:
    plain = fn.func if hasattr(fn, "func") else fn
    hints = inspect.get_annotations(plain, eval_str=True)
    types: dict[str, TypeAdapter[Any] | None] = {}
    needed = set()
    for parameter in list(inspect.signature(plain).parameters.values())[1:]:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        types[parameter.name] = _make_adapter(hints.get(parameter.name, Any))
        if parameter.default is parameter.empty:
            needed.add(parameter.name)
    return types, frozenset(needed)


def _make_adapter(hint: Any) -> TypeAdapter[Any] | None:
    if hint is Any:
        return None
    try:
        return TypeAdapter(hint, config=ConfigDict(arbitrary_types_allowed=True))
    except Exception:  # a type that pydantic cannot check, such as a model with a config of its own
        return None


def log_event_error(exception: Exception) -> EventSpec | None:
    """Handle an error in a State event for ``rx.App``: log it; the page reports it in its own words."""
    log_once(exception, "an event")
    return None


def log_browser_error(exception: Exception) -> None:
    """Log a fault that a browser reports; every word of it is the client's."""
    log.warning("a browser reports: %s", str(exception)[: 2 * MAX_REPORT_CHARS])
