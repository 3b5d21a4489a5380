"""Find who is asking: by personal token, or by a browser's session with its form token."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request

from dashboard.accounts import sessions
from dashboard.accounts.mail import Undelivered
from dashboard.accounts.model import AccessRefused, AccountError, Impossible, Principal, Right, TooMany, Unconfigured
from dashboard.interfaces.api.parameters import Configured
from dashboard.interfaces.protection.requests import get_forwarded_address, get_peer
from dashboard.settings import Settings

TOKEN_HEADER = "x-form-token"  # noqa: S105 - a name
SAFE = ("GET", "HEAD", "OPTIONS")


def find_caller(request: Request, configured: Configured) -> Principal:
    """Return the principal of a personal token or a session; a route's dependency.

    With a session, a request that changes something must carry its form token in ``X-Form-Token``.

    Raises:
        HTTPException: 401 without a principal; 403 where the form token is missing or of another browser.
    """
    authorization = request.headers.get("authorization")
    if authorization:
        principal = sessions.find_token_principal(authorization, configured)
    else:
        principal = sessions.find_principal(request.headers.get("cookie"), configured)
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


def require_right(right: Right) -> Callable[..., Principal]:
    """Return a dependency that gives the caller if they have this right, and refuses others with 403."""

    def checked(principal: Annotated[Principal, Depends(find_caller)]) -> Principal:
        if principal.waits:
            raise HTTPException(403, "A reviewer of the programme has to confirm this account first.")
        if not principal.may(right):
            whose = "personal token" if principal.has(right) else f"role {principal.role}"
            raise HTTPException(403, f"The {whose} may not {right}.")
        return principal

    return checked


def get_address(request: Request, configured: Settings) -> str:
    """Return the client's network address, as the nearest trusted proxy or the connection reports it."""
    try:
        return str(ip_address(get_forwarded_address(request.scope, configured.proxies)))
    except ValueError:
        return get_peer(request.scope)


def is_own_form(request: Request, configured: Settings, token: str) -> bool:
    """Return True if the request was made on a page of ours in this browser."""
    return is_same_site(request, configured) and sessions.is_form_token(
        configured, request.headers.get("cookie"), token
    )


def is_same_site(request: Request, configured: Settings) -> bool:
    """Return True unless the browser says that the request comes from another site."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    public = urlsplit(configured.public_url or "")
    return origin == f"{public.scheme}://{public.netloc}"


def get_status(error: AccountError) -> int:
    """Return the HTTP status of an account error."""
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
