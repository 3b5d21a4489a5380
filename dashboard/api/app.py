"""The API: read routes under /api/v1, health at the root, documentation that needs no other site."""

from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Match, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.api import problems
from dashboard.api.assistants.endpoint import ENDPOINT, PATH
from dashboard.api.delivery import routes as delivery
from dashboard.api.routes import (
    availability,
    brief,
    bulk,
    changes,
    charts,
    claims,
    compare,
    disagreements,
    drafts,
    effects,
    health,
    oembed,
    progress,
    read,
    register,
    reports,
    results,
    rows,
    sdmx,
)
from dashboard.api.submissions import public as submissions
from dashboard.settings import settings

PREFIX = "/api/v1"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
ABOUT = """Indicators of satisfaction, integrity and public service in countries that adopt the ASAN service model,
mapped to the Sustainable Development Goals, each value with where it came from.

Answers carry a strong `ETag`; send it back as `If-None-Match` and an unchanged answer is a `304`. Errors are
`application/problem+json` (RFC 9457). No key is needed. Licences are the publishers':
`/api/v1/provenance/{observation}` names them. As SDMX: `/api/sdmx`, and
[what of it the global SDG structure holds](/en/sdmx/)."""


class HeadAsGet:
    """HEAD on an address that a route of ours answers is a GET whose body stays here (RFC 9110, 9.3.2).

    Without it a page of the server is no page for HEAD, and the front end below says that there is none.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = {**scope, "method": "GET"}
        if scope["type"] != "http" or scope["method"] != "HEAD" or not self._answers(asked):
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app(asked, receive, without_body)

    @staticmethod
    def _answers(asked: Scope) -> bool:
        ours = (route for route in asked["app"].routes if not isinstance(route, Mount))  # mounted is the front end
        return any(route.matches(dict(asked))[0] is Match.FULL for route in ours)


class CompressDocumentation:
    """The documentation's own files, compressed; answers compress themselves because their ETag depends on it."""

    def __init__(self, app: ASGIApp) -> None:
        self.plain, self.packed = app, GZipMiddleware(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        documents = scope["type"] == "http" and scope["path"].startswith((f"{PREFIX}/docs", f"{PREFIX}/openapi"))
        await (self.packed if documents else self.plain)(scope, receive, send)


def add_accounts(api: FastAPI) -> None:
    """Add what asks who is asking, or tells what people with an account have done."""
    from dashboard.accounts.model import AccountError  # what accounts need is read only where there are some
    from dashboard.api.routes import account, decisions, opinions
    from dashboard.api.submissions import moves, token
    from dashboard.submissions.model import SubmissionError
    from dashboard.voice.model import VoiceError

    api.include_router(account.router, prefix=PREFIX)
    api.include_router(opinions.router, prefix=PREFIX, tags=["opinions"])
    api.include_router(token.router, prefix=PREFIX, tags=["submissions"])
    api.include_router(moves.router, prefix=PREFIX, tags=["submissions"])
    api.include_router(decisions.router, prefix=PREFIX, tags=["decisions"])
    for kind, tell in ((AccountError, account.fault), (VoiceError, opinions.fault), (SubmissionError, token.fault)):
        api.add_exception_handler(kind, tell)


def build() -> FastAPI:
    """The API without desks and front end."""
    api = FastAPIOffline(
        docs_url=f"{PREFIX}/docs",
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
        static_url=f"{PREFIX}/docs-assets",
        swagger_ui_oauth2_redirect_url=f"{PREFIX}/docs/oauth2-redirect",
        title="ASAN SDG Monitor API",
        version="1",
        description=ABOUT,
    )
    problems.install(api)
    # first what is asked most
    for module in (
        rows,
        bulk,
        charts,
        read,
        register,
        claims,
        results,
        compare,
        changes,
        disagreements,
        availability,
        progress,
        effects,
        reports,
        brief,
    ):
        api.include_router(module.router, prefix=PREFIX, tags=["figures" if module is not read else "catalogue"])
    api.include_router(delivery.files, prefix=PREFIX, tags=["services"])  # before charts, whose kinds are any word
    api.include_router(charts.services, prefix=PREFIX, tags=["services"])
    api.include_router(drafts.router, prefix=PREFIX)
    api.include_router(sdmx.router, prefix="/api", tags=["sdmx"])
    api.include_router(oembed.router, prefix=PREFIX, tags=["figures"])
    api.include_router(health.router)
    api.include_router(submissions.router, prefix=PREFIX, tags=["submissions"])
    if settings().accounts.enabled:
        add_accounts(api)

    async def unknown(request: Request) -> Response:
        """Any other address below /api, lest the front end answers it with a page."""
        allowed = {
            method
            for route in api.routes
            if getattr(route, "endpoint", None) is not unknown and route.matches(request.scope)[0] is Match.PARTIAL
            for method in getattr(route, "methods", None) or ("GET",)
        }
        if allowed:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(allowed | {"HEAD"}))})
        raise HTTPException(404, f"There is no {request.url.path}. What there is: {PREFIX}/docs.")

    api.router.routes.append(Route(PATH, ENDPOINT, include_in_schema=False))
    api.add_api_route("/api/{rest:path}", unknown, methods=METHODS, include_in_schema=False)
    api.add_api_route("/api", unknown, methods=METHODS, include_in_schema=False)
    api.add_middleware(CompressDocumentation)
    api.add_middleware(HeadAsGet)
    return api
