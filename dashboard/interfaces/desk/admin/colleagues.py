"""For reviewers: accounts that wait for one of them to confirm, and those that another person has reset."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from dashboard.accounts import people, standing
from dashboard.accounts.model import ORGANISATIONS, AccountError, Impossible, Principal, Right
from dashboard.contributions.delivery.wording import country_name
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.api.parameters import RowNumber
from dashboard.interfaces.desk.guard import BrowserRequest, By
from dashboard.interfaces.desk.page import page, pages_only_for, went

router = APIRouter(include_in_schema=False)


_asked, _sent = pages_only_for(Right.REVIEW, Impossible("Reviewers only", "reviewers_only"))
PageRequest = Annotated[By, Depends(_asked)]
Posted = Annotated[By, Depends(_sent)]


@router.get("/account/colleagues")
def colleagues_page(by: PageRequest) -> Response:
    """Whom I may confirm, and who neither approves nor publishes for now."""
    return _page(*by)


@router.post("/account/colleagues/{account}/confirm")
def confirm(by: Posted, account: RowNumber) -> Response:
    """Say that an account is the person it is said to be."""
    ask, principal = by
    try:
        standing.confirm(ask.settings, account, principal, ask.browser.address)
    except AccountError as error:
        return _page(*by, error)
    return went(ask, "/account/colleagues", done="confirmed")


def _page(ask: BrowserRequest, principal: Principal, error: AccountError | None = None) -> Response:
    names = {account.id: account.name or account.email for account in people.list_accounts(ask.settings)}
    countries = {iso3: country_name(iso3, ask.lang) for iso3 in (*load_codebook().countries, *ORGANISATIONS)}
    return page(
        ask,
        "colleagues.html",
        error=error,
        waiting=standing.list_confirmable(ask.settings, principal),
        held=standing.list_held(ask.settings),
        people=names,
        countries=countries,
    )
