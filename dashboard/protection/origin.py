"""The product has one origin, from the settings. What a client calls it reaches nothing: no link, redirect or cache.

``one_origin`` stands around the whole product, so that whatever builds an address from a request builds ours. Scripts
of other sites read what is public for everybody (``Access-Control-Allow-Origin: *`` of the API), and nothing else.
"""

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.settings import LOOPBACK, settings

_SAID_BY_PROXIES = (b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-port", b"x-forwarded-prefix", b"forwarded")
"""Never needed here: the origin is known."""


def one_origin(app: ASGIApp) -> ASGIApp:
    """``app``, which sees our host and scheme in every request, whatever ``Host`` it came with."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"host"), b"")
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
