"""Who is asking, from where, in which language; and that a form is one of ours.

* ``caller``: dependency of API routes: a principal by personal token or session, else 401
* ``allowed(right)``: the same, and 403 without that right
* ``browser_request``, ``posted``: dependencies of pages
* ``pages_for(refused, right)``: the same, for those with that right only
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.accounts import sessions
from dashboard.accounts.login import Browser
from dashboard.accounts.model import AccessRefused, Principal, Right
from dashboard.accounts.store import StoredSession
from dashboard.api.frame import language_of
from dashboard.api.parameters import Configured
from dashboard.locales import LANGUAGES
from dashboard.settings import Settings, settings

MOST_BYTES = 64 * 1024
"""Largest form of this room; uploads have their own route."""

TOKEN_HEADER = "x-form-token"  # noqa: S105 - a name
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class BrowserRequest:
    """One request of a browser."""

    settings: Settings
    lang: str
    browser: Browser
    session: StoredSession | None  # the session in force, also one that waits for the code
    path: str
    query: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def principal(self) -> Principal | None:
        """Who is logged in."""
        return self.session.principal if self.session and self.session.stage == "full" else None

    def field(self, name: str, most: int = 300) -> str:
        """A field of the form, cut to size; "" where it was not sent."""
        return self.whole(name)[:most]

    def whole(self, name: str) -> str:
        """A field of the form as it was sent: one that is too long is told, not cut."""
        return self.fields.get(name, "")


By = tuple[BrowserRequest, Principal]
"""A page asked for or a form sent, and who does so."""


class Elsewhere(Exception):
    """Nobody is logged in, or somebody whose page this is not: ``refused`` answers these."""

    def __init__(self, ask: BrowserRequest, refused: Callable[[BrowserRequest], Response]) -> None:
        self.ask, self.refused = ask, refused


def having(ask: BrowserRequest, refused: Callable[[BrowserRequest], Response], *rights: Right) -> By:
    """Who is asking, where they have one of these rights.

    Raises:
        Elsewhere: they have none.
    """
    principal = ask.principal
    if principal is None or not any(principal.may(right) for right in rights):
        raise Elsewhere(ask, refused)
    return ask, principal


def pages_for(
    refused: Callable[[BrowserRequest], Response], *rights: Right
) -> tuple[Callable[..., By], Callable[..., By]]:
    """Dependencies of a page and of a form that only those with one of these rights may open and send."""

    def asked(ask: Annotated[BrowserRequest, Depends(browser_request)]) -> By:
        return having(ask, refused, *rights)

    def sent(ask: Annotated[BrowserRequest, Depends(posted)]) -> By:
        return having(ask, refused, *rights)

    return asked, sent


def address_of(request: Request, configured: Settings) -> str:
    """The network address of who asks: that of the connection, or what the nearest trusted proxy says of it."""
    nearest = request.client.host if request.client else ""
    if not configured.proxies:
        return nearest
    addresses = [
        part.strip() for part in ",".join(request.headers.getlist("x-forwarded-for")).split(",") if part.strip()
    ]
    if len(addresses) < configured.proxies:
        return nearest
    try:
        return str(ip_address(addresses[-configured.proxies]))
    except ValueError:
        return nearest


def browser_of(request: Request, configured: Settings) -> Browser:
    """Cookies, address and kind of a browser."""
    agent = "".join(sign for sign in request.headers.get("user-agent", "") if sign.isprintable())
    return Browser(request.headers.get("cookie", ""), address_of(request, configured), agent[:200])


def caller(request: Request, configured: Configured) -> Principal:
    """Who is asking, by personal token (``Authorization: Bearer …``) or by session.

    With a session, a request that changes something must carry its form token in ``X-Form-Token``.

    Raises:
        HTTPException: 401 where nobody is; 403 where the form token is missing or not of this browser.
    """
    authorization = request.headers.get("authorization")
    if authorization:
        principal = sessions.principal_of_token(authorization, configured)
    else:
        cookies = request.headers.get("cookie")
        principal = sessions.principal_of(cookies, configured)
        if principal and request.method not in SAFE:
            given = request.headers.get(TOKEN_HEADER, "")
            if not is_same_site(request, configured) or not sessions.is_form_token(configured, cookies, given):
                raise HTTPException(403, "The header X-Form-Token is missing or old: load the page again.")
    if principal is None:
        raise HTTPException(
            401,
            "This needs a personal token (Authorization: Bearer …) that is in force. Make one at /account/.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return principal


def allowed(right: Right) -> Callable[..., Principal]:
    """A dependency: who is asking, when they have this right; 403 otherwise."""

    def checked(principal: Annotated[Principal, Depends(caller)]) -> Principal:
        if principal.waits:
            raise HTTPException(403, "A reviewer of the programme has to confirm this account first.")
        if not principal.may(right):
            raise HTTPException(403, f"The role {principal.role} may not {right}.")
        return principal

    return checked


def browser_request(request: Request, configured: Configured) -> BrowserRequest:
    """A page that is asked for."""
    return _ask(request, configured, {})


async def failed_request(request: Request) -> BrowserRequest:
    """The same where something went wrong, for an answer that says so."""
    configured = request.app.dependency_overrides.get(settings, settings)()
    return await run_in_threadpool(browser_request, request, configured)


async def posted(request: Request, configured: Configured) -> BrowserRequest:
    """A form that was sent, checked to be of ours, of this browser, and of a size forms have.

    Raises:
        AccessRefused: it is not.
    """
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise AccessRefused("This form is too long", "form_stale")
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise AccessRefused("This form is not as forms are", "form_stale")
    sent = await request.form(max_fields=100)
    fields = {name: value for name, value in sent.items() if isinstance(value, str)}
    ask = await run_in_threadpool(_ask, request, configured, fields)
    ours = sessions.is_form_token(configured, ask.browser.cookie_header, fields.get("form_token", ""))
    if not ours or not is_same_site(request, configured):
        raise AccessRefused("This form is old, or was not made here: open the page again", "form_stale")
    return ask


def _ask(request: Request, configured: Settings, fields: Mapping[str, str]) -> BrowserRequest:
    browser = browser_of(request, configured)
    session = sessions.current(browser.cookie_header, configured)
    wishes = (fields.get("lang", ""), request.query_params.get("lang", ""), session.account.language if session else "")
    lang = next((wish for wish in wishes if wish in LANGUAGES), "") or language_of(request)
    return BrowserRequest(configured, lang, browser, session, request.url.path, dict(request.query_params), fields)


def is_same_site(request: Request, configured: Settings) -> bool:
    """Whether the browser says that the request comes from our own pages, where it says so at all."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    public = urlsplit(configured.public_url or "")
    return origin == f"{public.scheme}://{public.netloc}"
