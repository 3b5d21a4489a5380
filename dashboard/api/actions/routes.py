"""Adds the pages of decisions to the API."""

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.actions.model import ActionError
from dashboard.api.accounts.access import browser_request
from dashboard.api.actions import desk, public
from dashboard.settings import settings


def install(api: FastAPI, prefix: str) -> None:
    """Add lists, forms, calendar and feed; the forms first, whose addresses are alike."""
    api.include_router(desk.router)
    api.include_router(public.pages)
    api.include_router(public.files, prefix=prefix, tags=["decisions"])
    api.add_exception_handler(desk.Elsewhere, _elsewhere)
    api.add_exception_handler(ActionError, _refused)


async def _elsewhere(_request: Request, error: Exception) -> Response:
    assert isinstance(error, desk.Elsewhere)
    return await run_in_threadpool(desk.answer_elsewhere, error.ask)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ActionError)
    configured = request.app.dependency_overrides.get(settings, settings)()
    ask = await run_in_threadpool(browser_request, request, configured)
    return await run_in_threadpool(desk.refused, ask, error)
