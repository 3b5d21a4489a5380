"""Security headers of every page, file and answer, set in one place around the application."""

import gzip
from functools import lru_cache
from typing import cast

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.interfaces.protection.scripts import Scripts, hash_inline_scripts
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
"""FastAPI's own pages with a fixed inline script, which is hashed when they are sent."""

EMBED = "/embed/"
"""Prefix of the only pages that others may frame: static ones, where clicks do nothing."""

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

SECURITY_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "cross-origin-opener-policy": "same-origin",
}

EMBED_HEADERS = {name: value for name, value in SECURITY_HEADERS.items() if name != "x-frame-options"} | {
    "content-security-policy": EMBED_POLICY,
    "cross-origin-resource-policy": "cross-origin",
}

IMMUTABLE = "public, max-age=31536000, immutable"
"""Files below ``/assets/`` have a hash in their name and never change."""


def add_security_headers(app: ASGIApp) -> ASGIApp:
    """Wrap ``app`` to set the security headers on every HTTP answer that does not set its own.

    Strict-Transport-Security is set where the public address is https. A 304 has no policy: it would replace that of
    the cached page, which names its scripts.
    """

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        path: str = scope["path"]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                embedded = path.startswith(EMBED)
                if not embedded and headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("content-security-policy", _build_policy(_load_scripts().list_hashes(path)))
                for name, value in (EMBED_HEADERS if embedded else SECURITY_HEADERS).items():
                    if message["status"] != 304 or name != "content-security-policy":
                        headers.setdefault(name, value)
                if settings().origin.startswith("https://"):
                    headers.setdefault("strict-transport-security", "max-age=31536000")
                if path.startswith("/assets/") and message["status"] in (200, 206, 304):
                    headers["cache-control"] = IMMUTABLE
            await send(message)

        await app(scope, receive, _PolicySend(with_headers) if path in DOCUMENTS else with_headers)

    return handle


@lru_cache
def _load_scripts() -> Scripts:
    """Return the inline scripts of the built pages."""
    from reflex.utils.prerequisites import get_web_dir

    return Scripts(get_web_dir() / "build" / "client")


def _build_policy(hashes: str) -> str:
    """Return the policy of a page that may run the scripts of these hashes."""
    return CONTENT_SECURITY_POLICY.replace("script-src 'self'", f"script-src 'self' {hashes}".rstrip(), 1)


class _PolicySend:
    """Holds a page back until it is complete, and allows its own inline scripts."""

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
            headers["content-security-policy"] = _build_policy(" ".join(dict.fromkeys(hash_inline_scripts(text))))
        await self.send(self.start)
        await self.send({"type": "http.response.body", "body": self.body})
