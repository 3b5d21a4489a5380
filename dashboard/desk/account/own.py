"""The own account: where one is logged in, password, one-time codes, personal tokens, language."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from dashboard.accounts import login, people, sessions, standing
from dashboard.accounts.model import AccessRefused, AccountError
from dashboard.accounts.store import StoredSession
from dashboard.api.parameters import RowNumber
from dashboard.desk.guard import BrowserRequest, browser_request, posted
from dashboard.desk.page import page, went

router = APIRouter(include_in_schema=False)

PageRequest = Annotated[BrowserRequest, Depends(browser_request)]
Posted = Annotated[BrowserRequest, Depends(posted)]


@router.get("/account/")
def account_page(ask: PageRequest) -> Response:
    """Everything of the own account on one page."""
    return _own(ask) if ask.principal else _to_login(ask)


@router.post("/account/password")
def change_password(ask: Posted) -> Response:
    """Another password."""
    session = ask.session
    if not ask.principal or session is None:
        return _to_login(ask)
    try:
        if ask.field("password") != ask.field("again"):
            raise AccessRefused("The two passwords differ", "passwords_differ")
        cookie = login.change_password(
            ask.settings, session, ask.field("old"), ask.field("password"), ask.browser,
            end_tokens=ask.field("tokens") != "stay",
        )  # fmt: skip
    except AccountError as error:
        return _own(ask, error)
    known = login.remember(ask.settings, session.account, ask.browser)
    return went(ask, "/account/", cookie, known, done="password_changed")


@router.post("/account/codes/remove")
def remove_codes(ask: Posted) -> Response:
    """No more one-time codes, where the role does without."""
    session = ask.session
    if not ask.principal or session is None:
        return _to_login(ask)
    try:
        cookie = login.remove_code(ask.settings, session, ask.field("old"), ask.browser)
    except AccountError as error:
        return _own(ask, error)
    return went(ask, "/account/", cookie, done="codes_removed")


@router.post("/account/language")
def choose_language(ask: Posted) -> Response:
    """The language of pages and mail."""
    if not ask.principal:
        return _to_login(ask)
    people.choose_language(ask.settings, ask.principal, ask.field("language"))
    return went(ask, "/account/", done="language")


@router.post("/account/sessions/{session}/end")
def end_session(ask: Posted, session: RowNumber) -> Response:
    """Log out elsewhere."""
    if not ask.principal:
        return _to_login(ask)
    sessions.end_session(ask.settings, ask.principal, session, ask.browser.address)
    return went(ask, "/account/", done="session_ended")


@router.post("/account/tokens")
def make_token(ask: Posted) -> Response:
    """A personal token, shown on this one answer only."""
    if not ask.principal:
        return _to_login(ask)
    try:
        token = people.new_token(ask.settings, ask.principal, ask.field("name"), ask.browser.address)
    except AccountError as error:
        return _own(ask, error)
    return _own(ask, token=token)


@router.post("/account/tokens/{token}/end")
def end_token(ask: Posted, token: RowNumber) -> Response:
    """Remove a personal token."""
    if not ask.principal:
        return _to_login(ask)
    people.end_token(ask.settings, ask.principal, token, ask.browser.address)
    return went(ask, "/account/", done="token_ended")


def _own(ask: BrowserRequest, error: AccountError | None = None, token: str = "") -> Response:
    session: StoredSession | None = ask.session
    assert session is not None
    return page(
        ask,
        "account.html",
        error=error,
        account=session.account,
        session=session.id,
        sessions=sessions.listed(ask.settings, session.account.id),
        tokens=people.personal_tokens(ask.settings, session.account.id),
        token=token,
        held=standing.is_held(session.account, datetime.now(UTC)),
        may_have_tokens=not session.account.role.needs_second_factor,
    )


def _to_login(ask: BrowserRequest) -> Response:
    return went(ask, "/account/login?next=/account/")
