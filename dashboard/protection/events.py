"""Which events there are, and which values their arguments may have: asked before any handler of State sees one.

Reflex passes on what it cannot convert, so every handler would have to expect anything. ``acceptable(data)`` lets
through only events of a handler that exists, with the arguments it has, each of the type it says, and small.
``event_failed``, ``browser_failed``: what is written down of one that fails all the same, not as Reflex would.
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

from dashboard.protection.requests import tell

log = logging.getLogger(__name__)

LONGEST = 2_000
"""Characters of a text that an argument holds; an address is shorter."""

DEEPEST, MOST = 6, 300
"""Levels of a nested value, and elements of a list or object."""

LARGEST = 2**53
"""A number beyond it is not one that a browser means."""

REPORT = 500
"""Characters of a report that a browser makes of a fault: no page of ours, and no reader, needs more."""

_UNWRITABLE = re.compile("[\\x00\\ud800-\\udfff]")
"""No text of a browser holds them: they cannot be written in UTF-8, or end a text in other languages."""

NEVER = (".setvar",)
"""Events Reflex gives every State and no page of ours sends: this one would set any variable of it."""

LONGEST_STORED = 20_000
"""Characters of what the browser stores for us, by variable: six comparisons of many countries are some thousand."""


UNKNOWN_PATH = "splat"
"""What Reflex calls the steps of an address that no page has."""

TRACED = ("traceparent", "tracestate")
"""What an event may carry of a trace that a browser is part of (W3C Trace Context)."""

LONGEST_NAME = 300
"""Characters of the name of an event."""


def acceptable(data: Any) -> str:
    """Why an event is refused, in a word; "" when its handler may see it.

    A long report of a fault is cut, and whatever no page says is taken out of the event.
    """
    if not isinstance(data, dict) or not isinstance(data.get("name"), str) or len(data["name"]) > LONGEST_NAME:
        return "shape"
    payload = data.setdefault("payload", {})
    if not isinstance(payload, dict):
        return "shape"
    place = _place_in(data.get("router_data", {}))
    if place is None:
        return "place"
    data["router_data"] = place
    for name in data.keys() - {"name", "payload", "router_data"}:
        if name not in TRACED or not isinstance(data[name], str) or not _is_small(data[name]):
            del data[name]
    parts = _arguments(data["name"])
    if parts is None:
        return "unknown"
    if isinstance(payload.get("vars"), dict):
        if len(payload["vars"]) > MOST:
            return "size"
        payload["vars"] = _stored(payload["vars"])
    if data["name"].endswith("handle_frontend_exception"):
        payload.update({name: value[:REPORT] for name, value in payload.items() if isinstance(value, str)})
    return _fault(payload, parts)


def _place_in(given: Any) -> dict[str, Any] | None:
    """What a page says of where its reader is: path, whole address below the origin, and query; None where it is none.

    Reflex takes types and shape for granted. Headers, address and token are for the connection to say.
    """
    if not isinstance(given, dict):
        return None
    place = {name: given[name] for name in ("pathname", "asPath", "query") if name in given}
    for name, value in place.items():
        well = _is_query(value) if name == "query" else _is_path(value)
        if not well:
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
    return isinstance(value, dict) and len(value) <= MOST and all(_is_said(*pair) for pair in value.items())


def _is_said(name: Any, value: Any) -> bool:
    """Whether a page says this in its query: text by text; of an address without a page, its steps as a list."""
    texts = [name, *value] if name == UNKNOWN_PATH and isinstance(value, list) else [name, value]
    return len(texts) <= MOST and all(isinstance(text, str) and _is_small(text) for text in texts)


def _stored(given: Mapping[Any, Any]) -> dict[str, str]:
    """What a browser says that it stores for us: of variables that it may store, texts of a length we would write.

    The rest is left out, not refused: an older page may name a variable that there is no more, and has to go on.
    """
    return {
        name: value
        for name, value in given.items()
        if isinstance(name, str)
        and isinstance(value, str)
        and len(value) <= LONGEST_STORED
        and not _UNWRITABLE.search(value)
        and _is_kept_by_browsers(name)
    }


def _is_kept_by_browsers(name: str) -> bool:
    state, _, variable = name.rpartition(".")
    try:
        return bool(State.get_class_substate(state)._is_client_storage(variable.removesuffix(FIELD_MARKER)))
    except ValueError:
        return False


def _fault(payload: Mapping[str, Any], parts: "Arguments") -> str:
    types, needed = parts
    if not payload.keys() <= types.keys() or not needed <= payload.keys():
        return "arguments"
    for name, value in payload.items():
        if name != "vars" and not _bounded(value):
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
    return len(text) <= LONGEST and not _UNWRITABLE.search(text)


def _bounded(value: Any, depth: int = 0) -> bool:
    """Whether a value is small, all the way down."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, str):
        return _is_small(value)
    if isinstance(value, int | float):
        return math.isfinite(value) and abs(value) <= LARGEST
    if depth >= DEEPEST or len(value) > MOST:
        return False
    if isinstance(value, list):
        return all(_bounded(each, depth + 1) for each in value)
    return isinstance(value, dict) and all(_bounded(key) and _bounded(each, depth + 1) for key, each in value.items())


Arguments = tuple[dict[str, TypeAdapter[Any] | None], frozenset[str]]
"""The types of a handler's arguments (None: any value), and those it cannot do without."""


def _arguments(name: str) -> Arguments | None:
    """What the handler of this name takes; None when there is no such handler."""
    try:
        handlers = RegistrationContext.get().event_handlers
    except LookupError:
        return None
    registered = handlers.get(name)
    if name.endswith(NEVER):
        return None
    return _arguments_of(registered.handler.fn, name) if registered is not None else None


@lru_cache(maxsize=1_000)
def _arguments_of(fn: Any, name: str) -> Arguments:
    plain = fn.func if hasattr(fn, "func") else fn
    hints = inspect.get_annotations(plain, eval_str=True)
    types: dict[str, TypeAdapter[Any] | None] = {}
    needed = set()
    for each in list(inspect.signature(plain).parameters.values())[1:]:
        if each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD):
            continue
        types[each.name] = _adapter(hints.get(each.name, Any))
        if each.default is each.empty:
            needed.add(each.name)
    return types, frozenset(needed)


def _adapter(hint: Any) -> TypeAdapter[Any] | None:
    if hint is Any:
        return None
    try:
        return TypeAdapter(hint, config=ConfigDict(arbitrary_types_allowed=True))
    except Exception:  # a type that pydantic cannot check, such as a model with a config of its own
        return None


def event_failed(exception: Exception) -> EventSpec | None:
    """What ``rx.App`` does when an event of State raises; the page says so in its own words where it can."""
    tell(exception, "an event")
    return None


def browser_failed(exception: Exception) -> None:
    """What ``rx.App`` does when a browser reports a fault: every word of it is the client's."""
    log.warning("a browser reports: %s", str(exception)[: 2 * REPORT])
