"""Adds the pages of decisions to the API."""

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.actions.model import ActionError
from dashboard.api.accounts.access import failed_request
from dashboard.api.actions import desk, public


def install(api: FastAPI, prefix: str) -> None:
    """Add lists, forms, calendar and feed; the forms first, whose addresses are alike."""
    api.include_router(desk.router)
    api.include_router(public.pages)
    api.include_router(public.files, prefix=prefix, tags=["decisions"])
    api.add_exception_handler(ActionError, _refused)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ActionError)
    return await run_in_threadpool(desk.refused, await failed_request(request), error)
