"""The own account: where one is logged in, password, one-time codes, personal tokens, language."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from dashboard.accounts import login, people, sessions, standing
from dashboard.accounts.model import AccessRefused, AccountError, TokenScope, list_scopes
from dashboard.accounts.store import StoredSession
from dashboard.interfaces.api.parameters import RowNumber
from dashboard.interfaces.desk.guard import BrowserRequest, By, pages_for
from dashboard.interfaces.desk.page import page, went

router = APIRouter(include_in_schema=False)

_asked, _sent = pages_for(lambda ask: went(ask, "/account/"), back="/account/")
PageRequest = Annotated[By, Depends(_asked)]
Posted = Annotated[By, Depends(_sent)]


@router.get("/account/")
def account_page(by: PageRequest) -> Response:
    """Everything of the own account on one page."""
    return _own(by[0])


@router.post("/account/password")
def change_password(by: Posted) -> Response:
    """Another password."""
    ask, session = by[0], _session(by[0])
    try:
        if ask.field("password") != ask.field("again"):
            raise AccessRefused("The two passwords differ", "passwords_differ")
        cookie = login.change_password(
            ask.settings, session, ask.field("old"), ask.field("password"), ask.browser,
            end_tokens=ask.field("tokens") != "stay",
        )  # fmt: skip
    except AccountError as error:
        return _own(ask, error)
    device = login.remember_device(ask.settings, session.account, ask.browser)
    return went(ask, "/account/", cookie, device, done="password_changed")


@router.post("/account/codes/remove")
def remove_codes(by: Posted) -> Response:
    """No more one-time codes, where the role does without."""
    ask, session = by[0], _session(by[0])
    try:
        cookie = login.remove_code(ask.settings, session, ask.field("old"), ask.browser)
    except AccountError as error:
        return _own(ask, error)
    return went(ask, "/account/", cookie, done="codes_removed")


@router.post("/account/language")
def choose_language(by: Posted) -> Response:
    """The language of pages and mail."""
    ask, principal = by
    people.choose_language(ask.settings, principal, ask.field("language"))
    return went(ask, "/account/", done="language")


@router.post("/account/sessions/{session}/end")
def end_session(by: Posted, session: RowNumber) -> Response:
    """Log out elsewhere."""
    ask, principal = by
    sessions.end_own_session(ask.settings, principal, session, ask.browser.address)
    return went(ask, "/account/", done="session_ended")


@router.post("/account/tokens")
def make_token(by: Posted) -> Response:
    """A personal token, shown on this one answer only."""
    ask = by[0]
    try:
        scopes = [scope for scope in TokenScope if ask.field(f"scope_{scope}")]
        token = login.make_token(ask.settings, _session(ask), ask.field("name"), scopes, ask.field("code"), ask.browser)
    except AccountError as error:
        return _own(ask, error)
    return _own(ask, token=token)


@router.post("/account/tokens/{token}/end")
def end_token(by: Posted, token: RowNumber) -> Response:
    """Remove a personal token."""
    ask, principal = by
    people.end_token(ask.settings, principal, token, ask.browser.address)
    return went(ask, "/account/", done="token_ended")


def _own(ask: BrowserRequest, error: AccountError | None = None, token: str = "") -> Response:
    session = _session(ask)
    return page(
        ask,
        "account.html",
        error=error,
        account=session.account,
        session=session.id,
        sessions=sessions.list_sessions(ask.settings, session.account.id),
        tokens=people.list_tokens(ask.settings, session.account.id),
        token=token,
        held=standing.is_held(session.account, datetime.now(UTC)),
        scopes=list_scopes(session.account.role),
        code_needed=session.account.role.needs_second_factor,
    )


def _session(ask: BrowserRequest) -> StoredSession:
    assert ask.session is not None  # who has come past the guard is logged in
    return ask.session
