"""Ways in and out: login, one-time code, the links of invitations and resets, an organisation's login, logout."""

import re
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from dashboard.accounts import credentials, login, mail, oidc, people, sessions, tokens
from dashboard.accounts.model import AccessRefused, AccountError, Principal, Role
from dashboard.accounts.tables import Account
from dashboard.interfaces.desk.guard import BrowserRequest, browser_request, posted
from dashboard.interfaces.desk.page import PRIVATE, page, went, with_cookies

router = APIRouter(include_in_schema=False)
PageRequest = Annotated[BrowserRequest, Depends(browser_request)]
Posted = Annotated[BrowserRequest, Depends(posted)]

SETUP_SECONDS = 1800
"""How long a picture for an authenticator app can be answered."""

_LOCAL = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
_STEPS = {"full": "", "code": "/account/code", "setup": "/account/codes"}
_ROOMS = {
    Role.REVIEWER: "/review/", Role.ADMIN: "/review/", Role.MODERATOR: "/voice/review/",
    Role.OFFICER: "/voice/integrity/",
}  # fmt: skip
"""Where people of these roles find what waits for them; those of an office find it at ``/contribute/``."""


@router.get("/account/login")
def login_page(ask: PageRequest) -> Response:
    """The form for e-mail and password, and the way to the organisation's login."""
    if ask.principal:
        return went(ask, _next(ask) or _room_of(ask.principal))
    return page(ask, "login.html", email="", next=_next(ask))


@router.post("/account/login")
def log_in(ask: Posted) -> Response:
    """Check e-mail and password."""
    email = ask.field("email")
    try:
        cookie, stage = login.check_password(ask.settings, email, ask.field("password"), ask.browser)
    except AccountError as error:
        return page(ask, "login.html", error=error, email=email, next=_next(ask))
    found = people.find_by_email(ask.settings, email)
    assert found is not None
    cookies = [login.remember_device(ask.settings, found, ask.browser)] if stage == "full" else []
    return went(ask, _onward(found, stage, _next(ask)), cookie, *cookies)


@router.get("/account/code")
def code_page(ask: PageRequest) -> Response:
    """The form for the one-time code."""
    if ask.session is None or ask.session.stage != "code":
        return went(ask, _next(ask) or _room_of(ask.principal) if ask.principal else "/account/login")
    return page(ask, "code.html", next=_next(ask))


@router.post("/account/code")
def check_code(ask: Posted) -> Response:
    """Check the one-time code."""
    if ask.session is None or ask.session.stage != "code":
        return went(ask, "/account/login")
    try:
        cookie = login.check_code(ask.settings, ask.session, ask.field("code"), ask.browser)
    except AccountError as error:
        return page(ask, "code.html", error=error, next=_next(ask))
    account = ask.session.account
    return went(
        ask, _onward(account, "full", _next(ask)), cookie, login.remember_device(ask.settings, account, ask.browser)
    )


@router.get("/account/codes")
def codes_page(ask: PageRequest) -> Response:
    """Set up one-time codes: a picture for the authenticator app, and the form for the first code."""
    if ask.session is None or ask.session.stage == "code" or ask.session.account.second_factor:
        return went(ask, "/account/" if ask.principal else "/account/login")
    return _setup(ask, credentials.generate_code_secret())


@router.post("/account/codes")
def set_up_codes(ask: Posted) -> Response:
    """Keep the secret once a code of it was given."""
    if ask.session is None:
        return went(ask, "/account/login")
    secret = ""
    try:
        account, secret = tokens.unseal(ask.settings, "codes", ask.field("secret", 1000), SETUP_SECONDS)
        if account != ask.session.account.id:
            raise AccessRefused("This picture is of another person", "form_stale")
        cookie = login.set_up_code(ask.settings, ask.session, secret, ask.field("code"), ask.browser)
    except AccountError as error:
        return _setup(ask, secret or credentials.generate_code_secret(), error)
    device = login.remember_device(ask.settings, ask.session.account, ask.browser)
    to = _next(ask) or ("/account/" if ask.principal else _room_of(ask.session.account))
    return went(ask, to, cookie, device, done="codes")


@router.get("/account/link")
def link_page(ask: PageRequest) -> Response:
    """Whose an invitation or reset is, with the form for a password; opening it uses nothing up."""
    return _link(ask, ask.query.get("token", "")[:100])


@router.post("/account/link")
def accept(ask: Posted) -> Response:
    """Choose a password by a link; the person then logs in with it."""
    secret, password = ask.field("token", 100), ask.field("password")
    try:
        login.count_attempt(
            ask.settings, "address", login.group_address(ask.browser.address), ask.settings.accounts.address_attempts
        )
        if password != ask.field("again"):
            raise AccessRefused("The two passwords differ", "passwords_differ")
        account = people.accept(ask.settings, secret, password, ask.field("name"), ask.browser.address)
    except AccountError as error:
        return _link(ask, secret, error)
    device = login.remember_device(
        ask.settings, account, ask.browser
    )  # whoever has the mailbox is not locked out by others
    over = sessions.log_out(ask.settings, ask.browser.cookie_header)
    return went(ask, "/account/login", over, device, done="password")


@router.get("/account/forgotten")
def forgotten_page(ask: PageRequest) -> Response:
    """The form for a new password by mail."""
    return page(ask, "forgotten.html", sent=False, mail=mail.is_configured(ask.settings))


@router.post("/account/forgotten")
def forgotten(ask: Posted) -> Response:
    """Say the same to everyone, at once; the mail, if there is one to send, goes afterwards."""
    email = ask.field("email")
    limits = ask.settings.accounts
    try:
        login.count_attempt(ask.settings, "address", login.group_address(ask.browser.address), limits.address_attempts)
        login.count_attempt(ask.settings, "reset", email.strip().lower(), limits.attempts)
    except AccountError as error:
        return page(ask, "forgotten.html", error=error, sent=False, mail=mail.is_configured(ask.settings))
    response = page(ask, "forgotten.html", sent=True, mail=mail.is_configured(ask.settings))
    response.background = BackgroundTask(people.send_reset_link, ask.settings, email, ask.browser.address)
    return response


@router.post("/account/logout")
def log_out(ask: Posted) -> Response:
    """End this session."""
    return went(ask, "/account/login", sessions.log_out(ask.settings, ask.browser.cookie_header), done="logged_out")


@router.get("/account/oidc")
def organisation(ask: PageRequest) -> Response:
    """On to the organisation's login."""
    if not oidc.is_configured(ask.settings):
        return went(ask, "/account/login")
    try:
        to, cookie = oidc.start_login(ask.settings, ask.lang, _next(ask))
    except AccountError as error:
        return page(ask, "login.html", error=error, email="", next=_next(ask))
    return with_cookies(RedirectResponse(to, 303, PRIVATE), [cookie])


@router.get("/account/callback")
def came_back(ask: PageRequest) -> Response:
    """Back from the organisation's login."""
    over = oidc.clear_cookie(ask.settings)
    try:
        if not oidc.is_configured(ask.settings):
            raise AccessRefused("This installation has no organisation's login", "login_stale")
        person = oidc.finish_login(ask.settings, ask.query, ask.browser.cookie_header)
        account = oidc.admit(ask.settings, person, ask.browser.address)
    except AccountError as error:
        return page(ask, "login.html", error=error, email="", next="", cookies=[over])
    cookie, stage = login.start_session(ask.settings, account, ask.browser, second=person.second_factor)
    return went(replace(ask, lang=person.lang), _onward(account, stage, person.back), cookie, over)


def _setup(ask: BrowserRequest, secret: str, error: AccountError | None = None) -> Response:
    assert ask.session is not None
    sealed = tokens.seal(ask.settings, "codes", [ask.session.account.id, secret])
    picture, needed = credentials.draw_code_picture(secret, ask.session.account.email), ask.session.stage == "setup"
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return page(
        ask, "codes.html", error=error, secret=sealed, key=spaced, picture=picture, needed=needed, next=_next(ask)
    )  # fmt: skip


def _link(ask: BrowserRequest, secret: str, error: AccountError | None = None) -> Response:
    try:
        account, purpose = people.read_link(ask.settings, secret)
    except AccountError as gone:
        return page(ask, "message.html", 410, error=gone)
    return page(
        ask, "link.html", error=error, token=secret, purpose=purpose, account=account,
        name=ask.field("name", 120) or account.name, least=str(credentials.MIN_PASSWORD_CHARS),
    )  # fmt: skip


def _next(ask: BrowserRequest) -> str:
    """Where the person wanted to go: an address of ours only, "" where they wanted nothing or another site."""
    wish = (ask.fields.get("next") or ask.query.get("next") or "")[:300]
    return wish.partition("#")[0] if _LOCAL.fullmatch(wish) else ""


def _room_of(account: Account | Principal) -> str:
    """Where somebody finds what is due or waits for them; their account, while it waits to be confirmed."""
    return "/account/" if account.waits else _ROOMS.get(account.role, "/contribute/")


def _onward(account: Account, stage: str, wish: str) -> str:
    """Where a login leads: to its next step, then to what was wished, else to what waits for the person."""
    step = _STEPS[stage]
    if not step:
        return wish or _room_of(account)
    return f"{step}?{urlencode({'next': wish})}" if wish else step
