"""Metrics of a running server, and ``/metrics`` for this machine or whoever has the token."""

import hmac
import time

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.interfaces.protection.requests import get_address
from dashboard.settings import settings

METRICS_PATH = "/metrics"

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)
REFUSED = Counter("monitor_refused_total", "What was refused to clients.", ["what"], registry=REGISTRY)
CUT = Counter("monitor_sockets_cut_total", "Websockets that were cut.", ["why"], registry=REGISTRY)
OPEN = Gauge("monitor_sockets_open", "Websockets that are open.", registry=REGISTRY)
EVENTS = Counter("monitor_events_total", "Events of readers that were taken.", registry=REGISTRY)
STATES = Gauge("monitor_states", "Readers whose State is held.", registry=REGISTRY)
RENDERS = Gauge("monitor_renders", "Pictures and reports under way.", ["stage"], registry=REGISTRY)
REQUESTS = Histogram(
    "monitor_request_seconds", "Seconds until an answer began.", ["kind", "status"], registry=REGISTRY,
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10),
)  # fmt: skip


def measure_requests(app: ASGIApp) -> ASGIApp:
    """Wrap ``app`` to measure every request and serve ``/metrics``."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if scope["path"] == METRICS_PATH:
            answer = await _serve_metrics(scope)
            await answer(scope, receive, send)
            return
        started = time.perf_counter()

        async def send_measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                kind = _classify_path(scope["path"])
                REQUESTS.labels(kind, f"{message['status'] // 100}xx").observe(time.perf_counter() - started)
            await send(message)

        await app(scope, receive, send_measured)

    return handle


def _classify_path(path: str) -> str:
    """Return one of a few kinds: a label for every path would let a client fill the memory."""
    for kind, start in (("api", "/api/"), ("asset", "/assets/"), ("embed", "/embed/")):
        if path.startswith(start):
            return kind
    return "page"


async def _serve_metrics(scope: Scope) -> Response:
    token = settings().metrics_token
    authorization = Headers(scope=scope).get("authorization", "")
    if token is not None:
        allowed = hmac.compare_digest(authorization.encode(), f"Bearer {token.get_secret_value()}".encode())
    else:
        forwarded = any(name.startswith(b"x-forwarded") or name == b"forwarded" for name, _ in scope["headers"])
        allowed = not forwarded and get_address(scope) in ("127.0.0.1", "::/64")
    if not allowed:
        return PlainTextResponse("Not Found", 404)
    text = await run_in_threadpool(generate_latest, REGISTRY)  # some of it is asked of the record
    return Response(text, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
