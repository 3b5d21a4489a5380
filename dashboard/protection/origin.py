"""The product has one origin, from the settings. What a client calls it reaches nothing: no link, redirect or cache.

``one_origin`` stands around the whole product, so that whatever builds an address from a request builds ours. Scripts
of other sites read what is public for everybody (``Access-Control-Allow-Origin: *`` of the API), and nothing else: a
name that is not ours reaches nothing, though it leads to this machine, and another site changes nothing.
"""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.protection import metrics
from dashboard.settings import LOOPBACK, settings

_SAID_BY_PROXIES = (b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-port", b"x-forwarded-prefix", b"forwarded")
"""Never needed here: the origin is known."""


SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
"""Methods that change nothing."""

FOREIGN_HOST = b"This is not the address of the monitor.\n"
FOREIGN_ORIGIN = b"This was sent from a page of another site: open the page of the monitor and send it from there.\n"

_NAMED = re.compile(r"(?:\[(?P<bare>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::\d{1,5})?")


def one_origin(app: ASGIApp) -> ASGIApp:
    """``app``, which sees our host and scheme in every request, and none of a foreign name.

    A name of somebody else that is made to lead here (DNS rebinding) would let that site's scripts read what only this
    machine may. Where a browser says that another site sends something, it is refused, whatever else it brings.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"host"), b"")
        if not is_ours(given.decode("latin-1").lower()):
            metrics.REFUSED.labels("host").inc()
            await _refuse(scope, receive, send, 421, FOREIGN_HOST)
            return
        origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE
        if changes and any(origin not in allowed_origins() for origin in origins):
            metrics.REFUSED.labels("origin").inc()
            await _refuse(scope, receive, send, 403, FOREIGN_ORIGIN)
            return
        host, secure = _ours(given.decode("latin-1").lower())
        headers = [pair for pair in scope["headers"] if pair[0] != b"host" and pair[0] not in _SAID_BY_PROXIES]
        if scope["type"] == "http":
            headers = [
                pair for pair in headers if pair[0] != b"origin" or pair[1].decode("latin-1") in allowed_origins()
            ]
        schemes = {"http": ("http", "https"), "websocket": ("ws", "wss")}[scope["type"]]
        seen = {**scope, "headers": [(b"host", host.encode()), *headers], "scheme": schemes[secure]}
        await app(seen, receive, send)

    return wrapped


def is_ours(host: str) -> bool:
    """Whether a request that names this host may be for us: our public name, this machine, or an address as a number.

    Numbers, which no name server can lead elsewhere, are what load balancers ask by; the port is whoever's is in front.
    """
    if not host:
        return True
    named = _NAMED.fullmatch(host)
    if named is None:
        return False
    name = named["bare"] or named["name"].removesuffix(".")
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


def _ours(given: str) -> tuple[str, bool]:
    """The host a request is answered for, and whether by TLS: this machine's names are kept where no other is set."""
    public, port = settings().public_url, settings().port
    if public is None and given in names(port):
        return given, False
    parts = urlsplit(settings().origin)
    return parts.netloc, parts.scheme == "https"


def names(port: int) -> set[str]:
    """What this machine is called from itself, with the port."""
    shown = [f"[{host}]" if ":" in host else host for host in LOOPBACK]
    return {f"{host}:{port}" for host in shown} | (set(shown) if port == 80 else set())


def allowed_origins() -> list[str]:
    """Origins whose scripts may open a websocket or read an answer with credentials: our own only."""
    public = settings().public_url
    return [public] if public else sorted(f"http://{name}" for name in names(settings().port))
