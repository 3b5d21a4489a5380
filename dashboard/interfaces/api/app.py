"""Assemble the API: routes under /api/v1, health at the root, and self-hosted documentation."""

from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.interfaces.api import addresses, problems
from dashboard.interfaces.api.addresses import PREFIX
from dashboard.interfaces.api.assistants.endpoint import ENDPOINT, PATH
from dashboard.interfaces.api.delivery import routes as delivery
from dashboard.interfaces.api.routes import (
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
    reported,
    reports,
    results,
    rows,
    sdmx,
)
from dashboard.interfaces.api.submissions import public as submissions
from dashboard.settings import settings

ABOUT = """Indicators of satisfaction, integrity and public service in countries that adopt the ASAN service model,
mapped to the Sustainable Development Goals, each value with where it came from.

Answers carry a strong `ETag`; send it back as `If-None-Match` and an unchanged answer is a `304`. Errors are
`application/problem+json` (RFC 9457). No key is needed. Licences are the publishers':
`/api/v1/provenance/{observation}` names them. `/api/v1` lists every route. As SDMX: `/api/sdmx`, and
[what of it the global SDG structure holds](/en/sdmx/)."""


class CompressDocumentation:
    """Compresses the documentation's files; answers compress themselves, since their ETag depends on it."""

    def __init__(self, app: ASGIApp) -> None:
        self.plain, self.packed = app, GZipMiddleware(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        documents = scope["type"] == "http" and scope["path"].startswith((f"{PREFIX}/docs", f"{PREFIX}/openapi"))
        await (self.packed if documents else self.plain)(scope, receive, send)


def add_accounts(api: FastAPI) -> None:
    """Add the routes that need accounts or show what their owners did."""
    from dashboard.accounts.model import AccountError  # what accounts need is read only where there are some
    from dashboard.contributions.submissions.model import SubmissionError
    from dashboard.contributions.voice.model import VoiceError
    from dashboard.interfaces.api.routes import account, decisions, opinions
    from dashboard.interfaces.api.submissions import moves, token

    api.include_router(account.router, prefix=PREFIX)
    api.include_router(opinions.router, prefix=PREFIX, tags=["opinions"])
    api.include_router(token.router, prefix=PREFIX, tags=["submissions"])
    api.include_router(moves.router, prefix=PREFIX, tags=["submissions"])
    api.include_router(decisions.router, prefix=PREFIX, tags=["decisions"])
    for kind, tell in (
        (AccountError, account.answer_account_error),
        (VoiceError, opinions.answer_voice_error),
        (SubmissionError, token.answer_refusal),
    ):
        api.add_exception_handler(kind, tell)


def build_api() -> FastAPI:
    """Build the API without desks and front end."""
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
    api.include_router(addresses.index)
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
    api.include_router(
        delivery.files, prefix=PREFIX, tags=["services"], dependencies=[Depends(problems.refuse_unknown)]
    )  # before charts, whose kinds are any word
    api.include_router(charts.services, prefix=PREFIX, tags=["services"])
    api.include_router(reported.router, prefix=PREFIX, tags=["services"])
    api.include_router(drafts.router, prefix=PREFIX)
    api.include_router(sdmx.router, prefix="/api", tags=["sdmx"])
    api.include_router(oembed.router, prefix=PREFIX, tags=["figures"])
    api.include_router(health.router)
    api.include_router(submissions.router, prefix=PREFIX, tags=["submissions"])
    if settings().accounts.enabled:
        add_accounts(api)

    api.router.routes.append(Route(PATH, ENDPOINT, include_in_schema=False))
    for path in ("/api/{rest:path}", "/api"):
        api.add_api_route(path, addresses.refuse, methods=addresses.METHODS, include_in_schema=False)
    api.add_middleware(CompressDocumentation)
    api.add_middleware(addresses.CompleteMethods)
    return api
