"""Who is asking, and from where: by personal token, or by the session of a browser that sends its form token.

* ``caller``: dependency of routes: a principal by personal token or session, else 401
* ``allowed(right)``: the same, and 403 without that right
"""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request

from dashboard.accounts import sessions
from dashboard.accounts.mail import Undelivered
from dashboard.accounts.model import AccessRefused, AccountError, Impossible, Principal, Right, TooMany, Unconfigured
from dashboard.api.parameters import Configured
from dashboard.protection.requests import forwarded_for, peer_of
from dashboard.settings import Settings

TOKEN_HEADER = "x-form-token"  # noqa: S105 - a name
SAFE = ("GET", "HEAD", "OPTIONS")


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
        principal = sessions.principal_of(request.headers.get("cookie"), configured)
        own = request.method in SAFE or is_own_form(request, configured, request.headers.get(TOKEN_HEADER, ""))
        if principal and not own:
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
            whose = "personal token" if principal.has(right) else f"role {principal.role}"
            raise HTTPException(403, f"The {whose} may not {right}.")
        return principal

    return checked


def address_of(request: Request, configured: Settings) -> str:
    """The network address of who asks: that of the connection, or what the nearest trusted proxy says of it."""
    try:
        return str(ip_address(forwarded_for(request.scope, configured.proxies)))
    except ValueError:
        return peer_of(request.scope)


def is_own_form(request: Request, configured: Settings, token: str) -> bool:
    """Whether what is sent was made on a page of ours in this browser: by its token, and by what the browser says."""
    return is_same_site(request, configured) and sessions.is_form_token(
        configured, request.headers.get("cookie"), token
    )


def is_same_site(request: Request, configured: Settings) -> bool:
    """Whether the browser says that the request comes from our own pages, where it says so at all."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    public = urlsplit(configured.public_url or "")
    return origin == f"{public.scheme}://{public.netloc}"


def status_of(error: AccountError) -> int:
    """The HTTP status that goes with an error."""
    for kind, status in (
        (TooMany, 429),
        (AccessRefused, 403),
        (Impossible, 422),
        (Undelivered, 502),
        (Unconfigured, 500),
    ):
        if isinstance(error, kind):
            return status
    return 503
