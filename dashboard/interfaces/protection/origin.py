"""Enforce the single origin of the settings on every request.

``enforce_origin`` wraps the whole product, so that addresses built from a request are ours. A foreign host name is
refused although it leads to this machine, and another site changes nothing; public reads are open to all.
"""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.interfaces.protection import metrics
from dashboard.settings import LOOPBACK, settings

_PROXY_HEADERS = (b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-port", b"x-forwarded-prefix", b"forwarded")
"""Headers of proxies that are dropped: the origin is known from the settings."""


SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
"""Methods that change nothing."""

FOREIGN_HOST = b"This is not the address of the monitor.\n"
FOREIGN_ORIGIN = b"This was sent from a page of another site: open the page of the monitor and send it from there.\n"

_HOST = re.compile(r"(?:\[(?P<bare>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::\d{1,5})?")


def enforce_origin(app: ASGIApp) -> ASGIApp:
    """Wrap ``app`` so that it sees our host and scheme, and no request for a foreign host.

    A foreign name that resolves to us (DNS rebinding) would let that site's scripts read what only this machine may.
    A change sent from another site's page is refused.
    """

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        host_header = next((value for name, value in scope["headers"] if name == b"host"), b"")
        if not is_ours(host_header.decode("latin-1").lower()):
            metrics.REFUSED.labels("host").inc()
            await _refuse(scope, receive, send, 421, FOREIGN_HOST)
            return
        origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        if changes and any(origin not in list_allowed_origins() for origin in origins):
            metrics.REFUSED.labels("origin").inc()
            await _refuse(scope, receive, send, 403, FOREIGN_ORIGIN)
            return
        host, secure = _choose_host(host_header.decode("latin-1").lower())
        headers = [pair for pair in scope["headers"] if pair[0] != b"host" and pair[0] not in _PROXY_HEADERS]
        if scope["type"] == "http":
            headers = [
                pair for pair in headers if pair[0] != b"origin" or pair[1].decode("latin-1") in list_allowed_origins()
            ]
        schemes = {"http": ("http", "https"), "websocket": ("ws", "wss")}[scope["type"]]
        own_scope = {**scope, "headers": [(b"host", host.encode()), *headers], "scheme": schemes[secure]}
        await app(own_scope, receive, send)

    return handle


def is_ours(host: str) -> bool:
    """Return True if a request with this ``Host`` is for us: our names, this machine, or a numeric address.

    Load balancers ask by numeric address, which no name server can redirect; any port is accepted.
    """
    if not host:
        return True
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = match["bare"] or match["name"].removesuffix(".")
    if name in LOOPBACK or name == urlsplit(settings().origin).hostname or name in settings().hosts:
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, words: bytes) -> None:
    kind = "http" if scope["type"] == "http" else "websocket.http"
    if kind != "http":
        await receive()
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008})
            return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(words)).encode())]
    await send({"type": f"{kind}.response.start", "status": status, "headers": headers})
    await send({"type": f"{kind}.response.body", "body": b"" if scope.get("method") == "HEAD" else words})


def _choose_host(host: str) -> tuple[str, bool]:
    """Return the host to answer for and whether by TLS; local names are kept where no public URL is set."""
    public, port = settings().public_url, settings().port
    if public is None and host in list_local_names(port):
        return host, False
    parts = urlsplit(settings().origin)
    return parts.netloc, parts.scheme == "https"


def list_local_names(port: int) -> set[str]:
    """Return this machine's own names, with the port."""
    hosts = [f"[{host}]" if ":" in host else host for host in LOOPBACK]
    return {f"{host}:{port}" for host in hosts} | (set(hosts) if port == 80 else set())


def list_allowed_origins() -> list[str]:
    """Return origins whose scripts may open a websocket or send credentials: our own only."""
    public = settings().public_url
    return [public] if public else sorted(f"http://{name}" for name in list_local_names(settings().port))
