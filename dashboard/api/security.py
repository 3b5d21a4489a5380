"""Headers that protect every page, file and answer of the site, set in one place around the whole application."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",  # Reflex's start scripts are inline; nothing needs unsafe-eval
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

    A header that an answer sets itself is kept. Strict-Transport-Security belongs to the proxy that ends TLS.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (EMBEDDED if scope["path"].startswith(EMBED) else ALWAYS).items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/assets/") and message["status"] in (200, 206, 304):
                    headers["cache-control"] = HASHED
            await send(message)

        await app(scope, receive, with_headers)

    return wrapped
