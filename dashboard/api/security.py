"""Headers that protect every page, file and answer of the site, set in one place around the whole application."""

import gzip
from functools import lru_cache
from typing import cast

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.protection.scripts import Scripts, inline
from dashboard.settings import settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",  # a page adds the hashes of the scripts that were built into it
        "style-src 'self' 'unsafe-inline'",  # Vega sets style attributes
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

DOCUMENTS = ("/api/v1/docs", "/api/v1/docs/oauth2-redirect")
"""Pages of FastAPI with a script of their own, which holds nothing that was asked: hashed when it leaves."""

EMBED = "/embed/"
"""Below this address are the only pages others may frame: static ones, on which a click does nothing for a reader."""

EMBED_POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
    )
)

ALWAYS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "cross-origin-opener-policy": "same-origin",
}

EMBEDDED = {name: value for name, value in ALWAYS.items() if name != "x-frame-options"} | {
    "content-security-policy": EMBED_POLICY,
    "cross-origin-resource-policy": "cross-origin",
}

HASHED = "public, max-age=31536000, immutable"
"""Files below ``/assets/`` carry a hash of their content in their name: they never change."""


def security_headers(app: ASGIApp) -> ASGIApp:
    """``app`` with the security headers on every HTTP answer, whoever gives it; websockets pass untouched.

    A header that an answer sets itself is kept. Strict-Transport-Security is said where the public address is https.
    An answer of 304 says no policy: it would take the place of the one kept with the page, which names its scripts.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        path: str = scope["path"]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                embedded = path.startswith(EMBED)
                if not embedded and headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("content-security-policy", _policy(_scripts().hashes(path)))
                for name, value in (EMBEDDED if embedded else ALWAYS).items():
                    if message["status"] != 304 or name != "content-security-policy":
                        headers.setdefault(name, value)
                if settings().origin.startswith("https://"):
                    headers.setdefault("strict-transport-security", "max-age=31536000")
                if path.startswith("/assets/") and message["status"] in (200, 206, 304):
                    headers["cache-control"] = HASHED
            await send(message)

        await app(scope, receive, _Hashing(with_headers) if path in DOCUMENTS else with_headers)

    return wrapped


@lru_cache
def _scripts() -> Scripts:
    """The scripts of the pages that were built."""
    from reflex.utils.prerequisites import get_web_dir

    return Scripts(get_web_dir() / "build" / "client")


def _policy(hashes: str) -> str:
    """The policy of a page that may run the scripts of these hashes."""
    return CONTENT_SECURITY_POLICY.replace("script-src 'self'", f"script-src 'self' {hashes}".rstrip(), 1)


class _Hashing:
    """Holds a page back until it is whole, and lets it run the scripts it has."""

    def __init__(self, send: Send) -> None:
        self.send, self.start, self.body = send, cast(Message, {}), b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body", False):
            return
        headers = MutableHeaders(scope=self.start)
        if headers.get("content-type", "").startswith("text/html"):
            packed = headers.get("content-encoding") == "gzip"
            text = (gzip.decompress(self.body) if packed else self.body).decode("utf-8")
            headers["content-security-policy"] = _policy(" ".join(dict.fromkeys(inline(text))))
        await self.send(self.start)
        await self.send({"type": "http.response.body", "body": self.body})
