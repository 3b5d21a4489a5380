"""Adds the routes of this room that need an account."""

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.api import problems
from dashboard.api.accounts.access import failed_request
from dashboard.api.submissions import desk, survey, token
from dashboard.submissions.model import SubmissionError


def install(api: FastAPI, prefix: str) -> None:
    """Add sending by token, and the pages of contributors, approvers and reviewers."""
    api.include_router(token.router, prefix=prefix, tags=["submissions"])
    api.include_router(survey.public, prefix=prefix, tags=["submissions"])
    api.include_router(desk.router)
    api.include_router(survey.router)
    api.add_exception_handler(SubmissionError, _fault)


async def _fault(request: Request, error: Exception) -> Response:
    if problems.ours(request.url.path):
        return await token.fault(request, error)
    assert isinstance(error, SubmissionError)
    return await run_in_threadpool(desk.trouble, await failed_request(request), error)
