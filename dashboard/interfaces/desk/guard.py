"""Who is asking, from where, in which language; and that a form is one of ours.

* ``browser_request``, ``posted``: dependencies of pages that everybody may open, as the login
* ``pages_for(refused, right)``: the same, for those with that right only; without one, for everybody with an account
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.accounts import sessions
from dashboard.accounts.login import Browser
from dashboard.accounts.model import AccessRefused, Principal, Right
from dashboard.accounts.store import StoredSession
from dashboard.interfaces.api.access import get_address, is_own_form
from dashboard.interfaces.api.parameters import Configured
from dashboard.interfaces.desk.frame import language_of
from dashboard.locales import DESK_LANGUAGES
from dashboard.settings import Settings, settings

MOST_BYTES = 128 * 1024
"""Largest form of this room (how the figures of fifty indicators were made, in any script); uploads have their own
route."""

MOST_FIELDS = 2_100
"""Fields of a form: an opinion of 4,000 signs has fewer than 2,000 words, each of which may be marked."""


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

    @property
    def address(self) -> str:
        """What was asked for, to come back to: without its language and what was said of a form."""
        query = urlencode({name: value for name, value in self.query.items() if name not in ("lang", "done")})
        return quote(self.path) + (f"?{query}" if query else "")

    def field(self, name: str, most: int = 300) -> str:
        """A field of the form, cut to size; "" where it was not sent."""
        return self.whole(name)[:most]

    def whole(self, name: str) -> str:
        """A field of the form as it was sent: one that is too long is told, not cut."""
        return self.fields.get(name, "")


By = tuple[BrowserRequest, Principal]
"""A page asked for or a form sent, and who does so."""


class Elsewhere(Exception):
    """Nobody is logged in, or somebody whose page this is not: ``refused`` answers these.

    ``back`` is where they are after their login.
    """

    def __init__(self, ask: BrowserRequest, refused: Callable[[BrowserRequest], Response], back: str) -> None:
        self.ask, self.refused, self.back = ask, refused, back


def having(ask: BrowserRequest, refused: Callable[[BrowserRequest], Response], *rights: Right, back: str = "") -> By:
    """Who is asking, where they have one of these rights; without one, whoever has an account.

    Raises:
        Elsewhere: they have none.
    """
    principal = ask.principal
    if principal is None or (rights and not any(principal.may(right) for right in rights)):
        raise Elsewhere(ask, refused, back or ask.address)
    return ask, principal


def pages_for(
    refused: Callable[[BrowserRequest], Response], *rights: Right, back: str = "", most: int = MOST_BYTES
) -> tuple[Callable[..., By], Callable[..., By]]:
    """Dependencies of a page and of a form that only those with one of these rights may open and send.

    ``back``: where people are after their login; "" for the address they asked. ``most``: bytes of the form.
    """

    def asked(ask: Annotated[BrowserRequest, Depends(browser_request)]) -> By:
        return having(ask, refused, *rights, back=back)

    def sent(ask: Annotated[BrowserRequest, Depends(form_of(most))]) -> By:
        return having(ask, refused, *rights, back=back)

    return asked, sent


def browser_of(request: Request, configured: Settings) -> Browser:
    """Cookies, address and kind of a browser."""
    agent = "".join(sign for sign in request.headers.get("user-agent", "") if sign.isprintable())
    return Browser(request.headers.get("cookie", ""), get_address(request, configured), agent[:200])


def browser_request(request: Request, configured: Configured) -> BrowserRequest:
    """A page that is asked for."""
    return _ask(request, configured, {})


async def failed_request(request: Request) -> BrowserRequest:
    """The same where something went wrong, for an answer that says so."""
    configured = request.app.dependency_overrides.get(settings, settings)()
    return await run_in_threadpool(browser_request, request, configured)


def form_of(most: int) -> Callable[..., Awaitable[BrowserRequest]]:
    """The dependency of a form that was sent: of ours, of this browser, and of at most so many bytes."""

    async def sent(request: Request, configured: Configured) -> BrowserRequest:
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > most:
            raise AccessRefused("This form is too long", "form_stale")
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            raise AccessRefused("This form is not as forms are", "form_stale")
        form = await request.form(max_fields=MOST_FIELDS)
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        ask = await run_in_threadpool(_ask, request, configured, fields)
        if not is_own_form(request, configured, fields.get("form_token", "")):
            raise AccessRefused("This form is old, or was not made here: open the page again", "form_stale")
        return ask

    return sent


posted = form_of(MOST_BYTES)


def _ask(request: Request, configured: Settings, fields: Mapping[str, str]) -> BrowserRequest:
    browser = browser_of(request, configured)
    session = sessions.find_session(browser.cookie_header, configured)
    wishes = (fields.get("lang", ""), request.query_params.get("lang", ""), session.account.language if session else "")
    lang = next((wish for wish in wishes if wish in DESK_LANGUAGES), "") or language_of(request)
    return BrowserRequest(configured, lang, browser, session, request.url.path, dict(request.query_params), fields)
