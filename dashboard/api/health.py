"""Is the process alive, and can it answer?"""

import logging

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from dashboard.services import readiness

log = logging.getLogger(__name__)
router = APIRouter()
FRESH = {"Cache-Control": "no-store"}


@router.get("/livez", summary="The process lives", tags=["health"])
async def livez() -> JSONResponse:
    """Always 200 while the process answers; checks nothing else."""
    return JSONResponse({"status": "alive"}, headers=FRESH)


@router.get(
    "/readyz",
    summary="Database and dataset can be used",
    tags=["health"],
    responses={503: {"description": "Not ready; `checks` says what is missing."}},
)
async def readyz() -> JSONResponse:
    """200 when the database answers and a dataset is published, else 503; with versions either way."""
    state = await run_in_threadpool(readiness.readiness)
    return JSONResponse(state, 200 if state["status"] == "ready" else 503, headers=FRESH)
