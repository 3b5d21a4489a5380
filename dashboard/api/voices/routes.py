"""Adds the pages of this room to the API."""

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.api import problems
from dashboard.api.accounts.access import failed_request
from dashboard.api.voices import integrity, opinions, taking
from dashboard.api.voices.access import trouble
from dashboard.voice.inbox import NoKey
from dashboard.voice.model import VoiceError


def install(api: FastAPI, prefix: str) -> None:
    """Add the pages of moderators and integrity officers, to be called before the public form is added, and intake."""
    api.include_router(taking.router, prefix=prefix, tags=["opinions"])
    api.include_router(opinions.router)
    api.include_router(integrity.router)
    api.add_exception_handler(VoiceError, _trouble)


async def _trouble(request: Request, error: Exception) -> Response:
    assert isinstance(error, VoiceError)
    if problems.ours(request.url.path):
        return problems.problem(request, 503 if isinstance(error, NoKey) else 422, str(error))
    return await run_in_threadpool(trouble, await failed_request(request), error)
