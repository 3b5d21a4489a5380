"""Errors of the API as problem+json (RFC 9457): what was wrong, where, what to do; never a traceback.

The front end mounted below keeps its own error pages.
"""

import difflib
import json
import logging
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from dashboard.answers.base.errors import Busy, Gone, Invalid, NotReady, Unknown
from dashboard.evidence.database.engine import explain_unavailable, list_database_errors
from dashboard.evidence.dataset.wholeness import Damaged
from dashboard.interfaces.protection.requests import LOGGED_ATTRIBUTE, MAX_PATH_CHARS, log_once

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:asan-sdg-monitor:problem:"
HEADERS = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
"""Errors are never cached; scripts of other sites may read them, as they may read the data."""


RETRY_AFTER_S = 60
"""Time after which to try again when the disk is full or the database is away."""

LOG_INTERVAL_S = 60.0
"""The same reason is logged once in this time."""

_logged: dict[str, float] = {}


def is_api_path(path: str) -> bool:
    """Return True if an address belongs to the API, not to the front end below it."""
    return path in ("/api", "/livez", "/readyz") or path.startswith("/api/")


def build_problem(
    request: Request,
    status: int,
    detail: str,
    *,
    slug: str = "",
    title: str = "",
    headers: Mapping[str, str] | None = None,
    **extensions: Any,
) -> Response:
    """Return a problem document; without ``slug`` its type is ``about:blank`` (RFC 9457, 4.2.1)."""
    body = {
        "type": TYPES + slug if slug else "about:blank",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        **extensions,
    }
    content = json.dumps(body, ensure_ascii=False).encode()
    return Response(content, status, {**HEADERS, **(headers or {})}, MEDIA_TYPE)


async def _answer_unknown(request: Request, error: Unknown) -> Response:
    return build_problem(
        request,
        404,
        str(error),
        slug=f"unknown-{error.kind.replace(' ', '-')}",
        title=f"Unknown {error.kind}",
        kind=error.kind,
        name=error.name,
        suggestions=list(error.suggestions),
    )


async def _answer_gone(request: Request, error: Gone) -> Response:
    return build_problem(request, 410, str(error), slug="gone", title="No longer kept")


async def _answer_invalid(request: Request, error: Invalid) -> Response:
    errors = [{"parameter": error.parameter, "detail": str(error)}]
    return build_problem(request, 422, str(error), slug="invalid-parameter", title="Invalid parameter", errors=errors)


async def _answer_not_ready(request: Request, error: NotReady) -> Response:
    return build_problem(
        request, 503, str(error), slug="not-ready", title="Nothing published yet", headers={"Retry-After": "30"}
    )


async def _answer_damaged(request: Request, error: Damaged) -> Response:
    log.warning("%s", error)
    words = "The figures asked for are damaged here and are being restored; nothing wrong is shown meanwhile."
    return build_problem(request, 503, words, slug="damaged", title="Being restored", headers={"Retry-After": "30"})


async def _answer_system_error(request: Request, error: OSError) -> Response:
    return _answer_unavailable(request, error.strerror or type(error).__name__)


async def _answer_database_error(request: Request, error: Exception) -> Response:
    reason = explain_unavailable(error)
    return _answer_unavailable(request, reason) if reason else await _answer_failure(request, error)


def _answer_unavailable(request: Request, reason: str) -> Response:
    """Report that nothing was changed and that the request may work in a minute."""
    _log_once(request, reason)
    retry = {"Retry-After": str(RETRY_AFTER_S)}
    if not is_api_path(request.url.path):
        answer: Response = getattr(request.app.state, "unavailable", _show_unavailable)(request)
        answer.headers.update(retry)
        return answer
    words = "The server cannot reach its database or disk just now. It has been logged; please try again in a minute."
    return build_problem(request, 503, words, slug="system", title="Not possible just now", headers=retry)


def _show_unavailable(_request: Request) -> Response:
    """Return a plain answer in place of a page, unless a desk has set its own."""
    return PlainTextResponse("Service Unavailable", 503, {"Cache-Control": "no-store"})


def _log_once(request: Request, reason: str) -> None:
    """Log a reason once a minute, since everybody who asks meanwhile meets it."""
    now = time.monotonic()
    if now - _logged.get(reason, -LOG_INTERVAL_S) < LOG_INTERVAL_S:
        return
    if len(_logged) >= 100:
        _logged.clear()
    _logged[reason] = now
    log.error("%s %s could not be answered: %s", request.method, request.url.path[:MAX_PATH_CHARS], reason)


async def _answer_busy(request: Request, error: Busy) -> Response:
    return build_problem(
        request, 429, str(error), slug="busy", title="Too much at once", headers={"Retry-After": str(error.seconds)}
    )


def _list_parameters(request: Request) -> list[str]:
    route = request.scope.get("route")
    dependant = getattr(route, "dependant", None)
    names: list[str] = []
    for part in (dependant, *getattr(dependant, "dependencies", ())):
        for field in getattr(part, "query_params", ()):
            own = getattr(field.field_info.annotation, "model_fields", None)
            names += [info.alias or name for name, info in own.items()] if own else [field.alias]
    return names


def refuse_unknown(request: Request) -> None:
    """Refuse parameters that the route does not read.

    Raises:
        RequestValidationError: names all of them.
    """
    accepted = _list_parameters(request)
    unknown = [name for name in request.query_params if name not in accepted]
    if unknown:
        raise RequestValidationError([{"type": "extra_forbidden", "loc": ("query", name)} for name in unknown])


def _explain(request: Request, fault: Mapping[str, Any]) -> dict[str, str]:
    where = [str(part) for part in fault["loc"]]
    name = where[1] if len(where) > 1 else ""
    if fault["type"] == "extra_forbidden":
        accepted = _list_parameters(request)
        close = difflib.get_close_matches(name, accepted, n=1)
        hint = (
            f" Did you mean “{close[0]}”?" if close else f" This route knows {', '.join(accepted)}." if accepted else ""
        )
        return {"parameter": name, "detail": f"There is no parameter “{name}”.{hint}"}
    message = "is required" if fault["type"] == "missing" else str(fault["msg"]).removeprefix("Value error, ")
    if not name:  # a rule about several parameters, which names them itself
        return {"parameter": "", "detail": message[:1].upper() + message[1:]}
    value = fault.get("input")
    shown = f" (given: {str(value)[:80]!r})" if isinstance(value, str | int | float) and value != "" else ""
    return {"parameter": name, "detail": f"{name}: {message}{shown}"}


async def _answer_validation_error(request: Request, error: RequestValidationError) -> Response:
    faults = [_explain(request, fault) for fault in error.errors()]
    detail = " ".join(fault["detail"] + ("" if fault["detail"][-1] in ".?!" else ".") for fault in faults)
    return build_problem(request, 422, detail, slug="invalid-parameter", title="Invalid parameter", errors=faults)


async def _answer_http_error(request: Request, error: HTTPException) -> Response:
    if not is_api_path(request.url.path):
        return await http_exception_handler(request, error)
    detail = str(error.detail)
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "GET, HEAD")
        detail = f"{request.method} is not possible here; {allowed} is."
    return build_problem(request, error.status_code, detail, headers=error.headers)


async def _answer_disconnect(request: Request, _error: ClientDisconnect) -> Response:
    """Answer a client that left before its body was complete; only a proxy's log sees it."""
    return build_problem(request, 400, "The request ended before it was whole.")


def _is_value_out_of_range(error: Exception) -> bool:
    """Return True if no column can store a value: too large, or with a NUL or lone surrogate."""
    if isinstance(error, OverflowError):
        return "too large to convert" in str(error)
    if isinstance(error, UnicodeEncodeError):
        return error.reason == "surrogates not allowed"
    return type(getattr(error, "orig", None)).__name__ in ("DataError", "NumericValueOutOfRange")


async def _answer_failure(request: Request, error: Exception) -> Response:
    if reason := explain_unavailable(error):  # what was to be said of another error could not be looked up
        return _answer_unavailable(request, reason)
    if _is_value_out_of_range(error):
        setattr(error, LOGGED_ATTRIBUTE, True)
        status = 404 if request.path_params else 422
        return await _answer_http_error(
            request, HTTPException(status, "There is nothing by a number or text such as this.")
        )
    log_once(error, f"{request.method} {request.url.path[:MAX_PATH_CHARS]}")
    if not is_api_path(request.url.path):
        return PlainTextResponse("Internal Server Error", 500)
    return build_problem(request, 500, "Something went wrong on our side. It has been logged; please try again later.")


def install(api: FastAPI) -> None:
    """Register the error handlers of ``api``."""
    handlers: Sequence[tuple[Any, Any]] = (
        (Unknown, _answer_unknown),
        (Gone, _answer_gone),
        (Invalid, _answer_invalid),
        (NotReady, _answer_not_ready),
        (Busy, _answer_busy),
        (Damaged, _answer_damaged),
        (ClientDisconnect, _answer_disconnect),
        (OSError, _answer_system_error),
        *((kind, _answer_database_error) for kind in list_database_errors()),
        (RequestValidationError, _answer_validation_error),
        (HTTPException, _answer_http_error),
        (Exception, _answer_failure),
    )
    for kind, handler in handlers:
        api.add_exception_handler(kind, handler)
