"""Adds the routes of this room to the API, where accounts are switched on."""

import logging

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.accounts import oidc, tokens
from dashboard.accounts.model import AccountError
from dashboard.api import problems
from dashboard.api.accounts import admin, colleagues, entry, heads, own
from dashboard.api.accounts.access import Elsewhere, failed_request
from dashboard.api.accounts.page import elsewhere, page, status_of
from dashboard.settings import Settings

log = logging.getLogger(__name__)


def install(api: FastAPI, configured: Settings) -> None:
    """Add login, account and administration.

    Raises:
        Unconfigured: a setting they need is missing; the message holds the lines to write.
    """
    tokens.ready(configured)
    oidc.mapping(configured)
    for router in (entry.router, own.router, own.program, heads.router, admin.router, colleagues.router):
        api.include_router(router)
    api.add_exception_handler(AccountError, _account_error)
    api.add_exception_handler(Elsewhere, _elsewhere)


async def _account_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AccountError)
    status = status_of(error)
    if status >= 500:
        log.error("%s %s: %s", request.method, request.url.path, error)
    if problems.ours(request.url.path):
        return problems.problem(request, status, str(error))
    return await run_in_threadpool(page, await failed_request(request), "message.html", status, error=error)


async def _elsewhere(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Elsewhere)
    return await run_in_threadpool(elsewhere, error)
