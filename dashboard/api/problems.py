"""Errors as problem+json (RFC 9457): what was wrong, where, what to do. Never a traceback.

Only addresses of this API get them; the front end mounted below keeps its own error pages.
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

from dashboard.database.engine import explain_unavailable, list_failures
from dashboard.dataset.wholeness import Damaged
from dashboard.protection.requests import LONGEST_PATH, TOLD, tell
from dashboard.services.base.errors import Busy, Gone, Invalid, NotReady, Unknown

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:asan-sdg-monitor:problem:"
HEADERS = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
"""An error may be gone with the next request. Scripts of other sites may read it, as they may read the data."""


RETRY_AFTER = 60
"""Seconds after which whoever met a full disk or a database that is away may try again."""

LOGGED_FOR = 60.0
"""Seconds in which the same reason is logged once."""

_logged: dict[str, float] = {}


def ours(path: str) -> bool:
    """Whether an address belongs to the API (and not to the front end mounted below it)."""
    return path in ("/api", "/livez", "/readyz") or path.startswith("/api/")


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    slug: str = "",
    title: str = "",
    headers: Mapping[str, str] | None = None,
    **extensions: Any,
) -> Response:
    """A problem document; without ``slug`` of the type ``about:blank`` (RFC 9457, 4.2.1)."""
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


async def _unknown(request: Request, error: Unknown) -> Response:
    return problem(
        request,
        404,
        str(error),
        slug=f"unknown-{error.kind.replace(' ', '-')}",
        title=f"Unknown {error.kind}",
        kind=error.kind,
        name=error.name,
        suggestions=list(error.suggestions),
    )


async def _gone(request: Request, error: Gone) -> Response:
    return problem(request, 410, str(error), slug="gone", title="No longer kept")


async def _invalid(request: Request, error: Invalid) -> Response:
    errors = [{"parameter": error.parameter, "detail": str(error)}]
    return problem(request, 422, str(error), slug="invalid-parameter", title="Invalid parameter", errors=errors)


async def _not_ready(request: Request, error: NotReady) -> Response:
    return problem(
        request, 503, str(error), slug="not-ready", title="Nothing published yet", headers={"Retry-After": "30"}
    )


async def _damaged(request: Request, error: Damaged) -> Response:
    log.warning("%s", error)
    words = "The figures asked for are damaged here and are being restored; nothing wrong is shown meanwhile."
    return problem(request, 503, words, slug="damaged", title="Being restored", headers={"Retry-After": "30"})


async def _system(request: Request, error: OSError) -> Response:
    return _later(request, error.strerror or type(error).__name__)


async def _database(request: Request, error: Exception) -> Response:
    reason = explain_unavailable(error)
    return _later(request, reason) if reason else await _failure(request, error)


def _later(request: Request, reason: str) -> Response:
    """Nothing was changed, and the same may be possible in a minute: a page for people, a document for programs."""
    _log_once(request, reason)
    retry = {"Retry-After": str(RETRY_AFTER)}
    if not ours(request.url.path):
        answer: Response = getattr(request.app.state, "unavailable", _unavailable)(request)
        answer.headers.update(retry)
        return answer
    words = "The server cannot reach its database or disk just now. It has been logged; please try again in a minute."
    return problem(request, 503, words, slug="system", title="Not possible just now", headers=retry)


def _unavailable(_request: Request) -> Response:
    """In place of a page, where no desk has said which."""
    return PlainTextResponse("Service Unavailable", 503, {"Cache-Control": "no-store"})


def _log_once(request: Request, reason: str) -> None:
    """One line a minute for the same reason: everybody who asks meanwhile meets it."""
    now = time.monotonic()
    if now - _logged.get(reason, -LOGGED_FOR) < LOGGED_FOR:
        return
    if len(_logged) >= 100:
        _logged.clear()
    _logged[reason] = now
    log.error("%s %s could not be answered: %s", request.method, request.url.path[:LONGEST_PATH], reason)


async def _busy(request: Request, error: Busy) -> Response:
    return problem(
        request, 429, str(error), slug="busy", title="Too much at once", headers={"Retry-After": str(error.seconds)}
    )


def _known_parameters(request: Request) -> list[str]:
    route = request.scope.get("route")
    dependant = getattr(route, "dependant", None)
    names: list[str] = []
    for field in getattr(dependant, "query_params", ()):
        model = getattr(field.field_info, "annotation", None)
        for name, info in getattr(model, "model_fields", {}).items():
            names.append(info.alias or name)
    return names


def _explain(request: Request, fault: Mapping[str, Any]) -> dict[str, str]:
    where = [str(part) for part in fault["loc"]]
    name = where[1] if len(where) > 1 else ""
    if fault["type"] == "extra_forbidden":
        known = _known_parameters(request)
        close = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean “{close[0]}”?" if close else f" This route knows {', '.join(known)}." if known else ""
        return {"parameter": name, "detail": f"There is no parameter “{name}”.{hint}"}
    message = "is required" if fault["type"] == "missing" else str(fault["msg"]).removeprefix("Value error, ")
    if not name:  # a rule about several parameters, which names them itself
        return {"parameter": "", "detail": message[:1].upper() + message[1:]}
    given = fault.get("input")
    shown = f" (given: {str(given)[:80]!r})" if isinstance(given, str | int | float) and given != "" else ""
    return {"parameter": name, "detail": f"{name}: {message}{shown}"}


async def _validation(request: Request, error: RequestValidationError) -> Response:
    faults = [_explain(request, fault) for fault in error.errors()]
    detail = " ".join(fault["detail"] + ("" if fault["detail"][-1] in ".?!" else ".") for fault in faults)
    return problem(request, 422, detail, slug="invalid-parameter", title="Invalid parameter", errors=faults)


async def _http(request: Request, error: HTTPException) -> Response:
    if not ours(request.url.path):
        return await http_exception_handler(request, error)
    detail = str(error.detail)
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "GET, HEAD")
        detail = f"{request.method} is not possible here; {allowed} is."
    return problem(request, error.status_code, detail, headers=error.headers)


async def _gone_away(request: Request, _error: ClientDisconnect) -> Response:
    """Whoever sent half a body and left reads nothing more: this is for a proxy's log."""
    return problem(request, 400, "The request ended before it was whole.")


def _fits_no_column(error: Exception) -> bool:
    """Whether a value of the client's is one that no column holds: a number too large, a text with a NUL or a half of
    a sign in it. SQLite and PostgreSQL say so each in its own way.
    """
    if isinstance(error, OverflowError):
        return "too large to convert" in str(error)
    if isinstance(error, UnicodeEncodeError):
        return error.reason == "surrogates not allowed"
    return type(getattr(error, "orig", None)).__name__ in ("DataError", "NumericValueOutOfRange")


async def _failure(request: Request, error: Exception) -> Response:
    if reason := explain_unavailable(error):  # what was to be said of another error could not be looked up
        return _later(request, reason)
    if _fits_no_column(error):
        setattr(error, TOLD, True)
        status = 404 if request.path_params else 422
        return await _http(request, HTTPException(status, "There is nothing by a number or text such as this."))
    tell(error, f"{request.method} {request.url.path[:LONGEST_PATH]}")
    if not ours(request.url.path):
        return PlainTextResponse("Internal Server Error", 500)
    return problem(request, 500, "Something went wrong on our side. It has been logged; please try again later.")


def install(api: FastAPI) -> None:
    """Let every error of ``api`` leave as a problem document."""
    handlers: Sequence[tuple[Any, Any]] = (
        (Unknown, _unknown),
        (Gone, _gone),
        (Invalid, _invalid),
        (NotReady, _not_ready),
        (Busy, _busy),
        (Damaged, _damaged),
        (ClientDisconnect, _gone_away),
        (OSError, _system),
        *((kind, _database) for kind in list_failures()),
        (RequestValidationError, _validation),
        (HTTPException, _http),
        (Exception, _failure),
    )
    for kind, handler in handlers:
        api.add_exception_handler(kind, handler)
