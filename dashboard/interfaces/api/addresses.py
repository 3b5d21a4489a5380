"""The index, HEAD and OPTIONS of every address, and redirects from a trailing slash."""

from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.interfaces.api.answers import answer, encode_json
from dashboard.interfaces.api.problems import is_api_path, refuse_unknown
from dashboard.runtime.release import code_version

PREFIX = "/api/v1"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
PUBLIC = {"Access-Control-Allow-Origin": "*"}

index = APIRouter(dependencies=[Depends(refuse_unknown)])


@index.get(PREFIX, summary="Every route in one line", tags=["catalogue"])
async def list_routes(request: Request) -> Response:
    """Return method, path and summary of every route, with the addresses of the documentation."""
    described = request.app.openapi()
    body = encode_json(
        {
            "title": described["info"]["title"],
            "version": described["info"]["version"],
            "docs": f"{PREFIX}/docs",
            "openapi": f"{PREFIX}/openapi.json",
            "routes": [
                {"method": method.upper(), "path": path, "description": operation["summary"]}
                for path, operations in sorted(described["paths"].items())
                for method, operation in operations.items()
            ],
        }
    )
    return await answer(request, code_version(), (body,), lambda: body)


async def refuse(request: Request) -> Response:
    """Refuse an unknown address or method below ``/api``, where the front end would otherwise show a page."""
    if allowed := list_methods(request.scope):
        raise HTTPException(405, headers={"Allow": ", ".join(allowed)})
    raise HTTPException(404, f"There is no {request.url.path}. What there is: {PREFIX}/docs.")


def list_methods(scope: Scope) -> list[str]:
    """Return the methods that our routes accept at an address; none where no route answers."""
    methods = {method for method in METHODS if _has_method(scope, method)}
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods | {"OPTIONS"}) if methods else []


def _has_method(scope: Scope, method: str) -> bool:
    asked = {**scope, "method": method}
    return any(
        route.matches(dict(asked))[0] is Match.FULL
        for route in scope["app"].routes
        if not isinstance(route, Mount) and getattr(route, "endpoint", None) is not refuse  # mounted is the front end
    )


class CompleteMethods:
    """Answers HEAD and OPTIONS wherever a route answers, and redirects trailing slashes.

    HEAD is a GET whose body is dropped (RFC 9110, 9.3.2); the front end below would report a missing page.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif address := _drop_slash(scope):
            await RedirectResponse(address, 308, PUBLIC)(scope, receive, send)
        elif scope["method"] == "OPTIONS" and (allowed := list_methods(scope)):
            await Response(None, 204, {**PUBLIC, "Allow": ", ".join(allowed)})(scope, receive, send)
        elif scope["method"] == "HEAD" and _has_method(scope, "GET"):
            await self._answer_head(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer_head(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app({**scope, "method": "GET"}, receive, without_body)


def _drop_slash(scope: Scope) -> str:
    """Return the address without trailing slashes if a route of the API answers there; else ""."""
    path: str = scope["path"]
    shorter = path.rstrip("/")
    if shorter == path or not is_api_path(shorter) or not list_methods({**scope, "path": shorter}):
        return ""
    query = scope["query_string"].decode("latin-1")
    return quote(shorter) + (f"?{query}" if query else "")
