"""Adds every desk to the API: those of people with an account where accounts are switched on."""

import logging
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from dashboard.interfaces.api import problems
from dashboard.interfaces.desk.brief import pages as brief
from dashboard.interfaces.desk.centre import page as centre
from dashboard.interfaces.desk.centre_form import form
from dashboard.interfaces.desk.check import page as check
from dashboard.interfaces.desk.code import page as code
from dashboard.interfaces.desk.embed import frame as embed
from dashboard.interfaces.desk.follow import pages as follow
from dashboard.interfaces.desk.frame import language_of, rendered
from dashboard.interfaces.desk.named import pages as named
from dashboard.interfaces.desk.sdmx import page as sdmx
from dashboard.settings import Settings

log = logging.getLogger(__name__)


def install(api: FastAPI, configured: Settings) -> None:
    """Add the pages; what goes wrong on them is told by a page.

    Raises:
        Unconfigured: accounts are on, and a setting they need is missing; the message holds the lines to write.
    """
    api.state.unavailable = unavailable
    api.include_router(embed.router, tags=["figures"])
    api.include_router(centre.router)
    api.include_router(named.router)
    api.include_router(code.router)
    for further in (check, follow, brief, sdmx):
        api.include_router(further.router)
        _add_bare_addresses(api, further.router)
    if configured.accounts.enabled:
        _install_accounts(api, configured)  # before the form of a centre: /voice/review/ is no centre
    api.include_router(form.router)


def _install_accounts(api: FastAPI, configured: Settings) -> None:
    from dashboard.accounts import oidc, tokens  # what accounts need is read only where there are some
    from dashboard.accounts.model import AccountError
    from dashboard.contributions.actions.model import ActionError
    from dashboard.contributions.submissions.model import SubmissionError
    from dashboard.contributions.voice.model import VoiceError
    from dashboard.interfaces.desk import submissions, voices
    from dashboard.interfaces.desk.account import entry, own
    from dashboard.interfaces.desk.admin import colleagues, people
    from dashboard.interfaces.desk.contribute import desk as contribute
    from dashboard.interfaces.desk.contribute import grid, indicators, method, pull, sending, submission, survey
    from dashboard.interfaces.desk.custodian import desk as custodian
    from dashboard.interfaces.desk.decisions import desk as decisions
    from dashboard.interfaces.desk.decisions import public
    from dashboard.interfaces.desk.guard import Elsewhere
    from dashboard.interfaces.desk.integrity import reports
    from dashboard.interfaces.desk.lessons import pages as lessons
    from dashboard.interfaces.desk.moderate import complaints, opinions
    from dashboard.interfaces.desk.offices import desk as offices
    from dashboard.interfaces.desk.page import elsewhere, failed
    from dashboard.interfaces.desk.review import desk as review
    from dashboard.interfaces.desk.review import reported

    tokens.require_configuration(configured)
    oidc.read_mapping(configured)
    desks = (
        complaints,
        opinions, reports, entry, own, people, colleagues, contribute, grid, indicators, pull, sending, submission,
        method, review, survey, offices, custodian, decisions, public,
        reported,
    )  # fmt: skip
    further = (desk for desk in _found() if desk not in desks)
    # the forms of decisions before their public pages, whose addresses are alike
    for desk in (*desks, *further, *([lessons] if configured.training else [])):
        api.include_router(desk.router)
        _add_bare_addresses(api, desk.router)
    handlers = (
        (AccountError, failed), (SubmissionError, submissions.trouble), (VoiceError, voices.trouble),
        (ActionError, decisions.refused),
    )  # fmt: skip
    for kind, tell in handlers:
        _tell(api, kind, tell)

    async def not_here(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Elsewhere)
        return await run_in_threadpool(elsewhere, error)

    api.add_exception_handler(Elsewhere, not_here)


def _add_bare_addresses(api: FastAPI, router: APIRouter) -> None:
    """Lead ``/contribute`` to ``/contribute/``, as of every first page of a desk: the front end has neither."""

    def to_the_page(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/{request.url.path.strip('/')}/{query}", 308)

    paths = (route.path for route in router.routes if isinstance(route, APIRoute) and "GET" in (route.methods or ()))
    for path in sorted({path for path in paths if path.endswith("/") and "{" not in path}):
        api.add_api_route(path.rstrip("/"), to_the_page, methods=["GET"], include_in_schema=False)


def _found() -> Iterator[ModuleType]:
    """The module ``desk`` of each folder that has one; it holds a ``router``."""
    for path in sorted(Path(__file__).parent.glob("*/desk.py")):
        yield import_module(f"dashboard.interfaces.desk.{path.parent.name}.desk")


def _tell(api: FastAPI, kind: type[Exception], tell: Callable[[Any, Any], Response]) -> None:
    """Answer errors of this kind with a page; on addresses of the API as the API does."""
    from dashboard.interfaces.desk.guard import failed_request

    of_api = api.exception_handlers.get(kind)

    async def told(request: Request, error: Exception) -> Response:
        if of_api and problems.is_api_path(request.url.path):
            return await of_api(request, error)  # type: ignore[misc, no-any-return]
        return await run_in_threadpool(tell, await failed_request(request), error)

    api.add_exception_handler(kind, told)


def unavailable(request: Request) -> Response:
    """The page that says that the database or disk is away, and to try again."""
    here = "/" + request.url.path.lstrip("/")  # “//x” would be another site
    shown = rendered("unavailable.html", language_of(request), here, get=request.method == "GET")
    return HTMLResponse(shown, 503, {"Cache-Control": "no-store"})
