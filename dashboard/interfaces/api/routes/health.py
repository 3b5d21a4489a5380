"""Report whether the process is alive and ready."""

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, HTTPException
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.concurrency import run_in_threadpool

from dashboard.interfaces.api.contract import readiness
from dashboard.settings import settings

router = APIRouter()
VALIDITY = timedelta(days=180)
NO_STORE = {"Cache-Control": "no-store"}


@router.get("/livez", summary="The process lives", tags=["health"])
async def report_liveness() -> JSONResponse:
    """Always 200 while the process answers; checks nothing else."""
    return JSONResponse({"status": "alive"}, headers=NO_STORE)


@router.get("/.well-known/security.txt", include_in_schema=False)
async def read_security_contact() -> PlainTextResponse:
    """Where a weakness is reported (RFC 9116); nothing where the operator names no place."""
    now = settings()
    if not now.security_contact:
        raise HTTPException(404)
    expires = (datetime.now(UTC) + VALIDITY).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {now.security_contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {now.origin}/.well-known/security.txt",
        "Preferred-Languages: en, fr, ar, az",
    )
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "public, max-age=86400"})


@router.get(
    "/readyz",
    summary="Database and dataset can be used",
    tags=["health"],
    responses={503: {"description": "Not ready; `checks` says what is missing."}},
)
async def report_readiness() -> JSONResponse:
    """200 when the database answers and a dataset is published, else 503; with versions either way."""
    state = await run_in_threadpool(readiness.check_readiness)
    return JSONResponse(state, 200 if state["status"] == "ready" else 503, headers=NO_STORE)
