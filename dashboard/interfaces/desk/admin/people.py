"""Administration: who has an account, with which rights, and the audit trail."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response, StreamingResponse

from dashboard.accounts import audit, login, mail, people
from dashboard.accounts.model import ORGANISATIONS, AccountError, Impossible, Right, Role
from dashboard.accounts.people import Rights
from dashboard.contributions.delivery.wording import country_name
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import open_engine
from dashboard.interfaces.api.parameters import RowNumber
from dashboard.interfaces.desk.guard import BrowserRequest, By
from dashboard.interfaces.desk.page import PRIVATE, page, pages_only_for, went
from dashboard.locales import has, order, t

router = APIRouter(include_in_schema=False)


_asked, _sent = pages_only_for(Right.ADMINISTER, Impossible("Administrators only", "not_yours"))
PageRequest = Annotated[By, Depends(_asked)]
Posted = Annotated[By, Depends(_sent)]


@router.get("/admin/")
def people_page(by: PageRequest) -> Response:
    """Everybody, and the form to invite."""
    return _people(by[0])


@router.post("/admin/invite")
def invite(by: Posted) -> Response:
    """Invite a person; where no mail goes out, the page says which command at the server prints the link."""
    ask, principal = by
    try:
        made = people.invite(
            ask.settings,
            email=ask.field("email"),
            rights=_rights(ask),
            name=ask.field("name"),
            language=ask.field("language"),
            by=principal,
            address=ask.browser.address,
        )
    except AccountError as error:
        return _people(ask, error)
    return went(ask, "/admin/", done="invited") if made.mailed else _people(ask, made=made)


@router.get("/admin/people/{account}")
def person_page(by: PageRequest, account: RowNumber) -> Response:
    """One person: rights, a new link, revoking."""
    return _person(by[0], account)


@router.post("/admin/people/{account}/rights")
def change_rights(by: Posted, account: RowNumber) -> Response:
    """Another role, country or office."""
    ask, principal = by
    try:
        reason = ask.field("reason", 500)
        people.change_rights(ask.settings, account, _rights(ask), principal, ask.browser.address, reason)
    except AccountError as error:
        return _person(ask, account, error)
    return went(ask, "/admin/", done="rights_changed")


@router.post("/admin/people/{account}/link")
def new_link(by: Posted, account: RowNumber) -> Response:
    """Another link: of the invitation, or for a new password."""
    ask, principal = by
    try:
        person = people.find_account(ask.settings, account)
        if person is None:
            raise Impossible(f"There is no account {account}", "unknown", email=str(account))
        made = people.renew_link(ask.settings, person, principal, ask.browser.address)
    except AccountError as error:
        return _person(ask, account, error)
    return went(ask, "/admin/", done="invited") if made.mailed else _people(ask, made=made)


@router.post("/admin/people/{account}/codes")
def reset_codes(by: Posted, account: RowNumber) -> Response:
    """Take away the one-time codes of somebody who lost their device."""
    ask, principal = by
    try:
        login.reset_code(ask.settings, account, principal, ask.browser.address)
    except AccountError as error:
        return _person(ask, account, error)
    return went(ask, "/admin/", done="codes_taken")


@router.post("/admin/people/{account}/revoke")
def revoke(by: Posted, account: RowNumber) -> Response:
    """End an account."""
    ask, principal = by
    try:
        people.revoke(ask.settings, account, principal, ask.browser.address, ask.field("reason", 500))
    except AccountError as error:
        return _person(ask, account, error)
    return went(ask, "/admin/", done="revoked")


@router.get("/admin/audit")
def audit_page(by: PageRequest) -> Response:
    """The audit trail, newest first."""
    ask, _ = by
    wish = ask.query.get("page", "1")
    number = max(1, int(wish)) if wish.isascii() and wish.isdigit() and len(wish) < 7 else 1
    about = ask.query.get("subject", "")
    entries, total = audit.list_entries(open_engine(ask.settings), number, about)
    names = {account.id: account.name or account.email for account in people.list_accounts(ask.settings)}
    verdict = audit.verify(open_engine(ask.settings)) if ask.query.get("verify") == "1" else None
    return page(
        ask,
        "audit.html",
        entries=[
            (entry, names.get(entry.actor or 0, ""), _office(entry.office, ask.lang), _action(entry.action, ask.lang))
            for entry in entries
        ],
        total=total,
        number=number,
        pages=max(1, -(-total // audit.PAGE_ENTRIES)),
        subject=about,
        verdict=verdict,
    )


def _office(entry_office: str, lang: str) -> str:
    """Role and office of an entry, the role in words: the trail holds its code."""
    role, separator, office = entry_office.partition(", ")
    key = f"accounts.roles.{role}"
    return (t(key, lang) if has(key) else role) + separator + office


@router.get("/admin/audit.jsonl")
def export(by: PageRequest) -> Response:
    """The whole trail, one entry a line."""
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingResponse(audit.export(open_engine(by[0].settings)), 200, headers, "application/jsonl")


def _people(ask: BrowserRequest, error: AccountError | None = None, made: people.Invitation | None = None) -> Response:
    return page(
        ask, "people.html", error=error, made=made, people=people.list_accounts(ask.settings),
        given={} if made else dict(ask.fields), now=datetime.now(UTC), **_choices(ask),
    )  # fmt: skip


def _person(ask: BrowserRequest, account: int, error: AccountError | None = None) -> Response:
    person = people.find_account(ask.settings, account)
    if person is None:
        return page(ask, "message.html", 404, error=Impossible("No such account", "unknown", email=str(account)))
    entries, _ = audit.list_entries(open_engine(ask.settings), subject=f"account {account}")
    trail = [(entry, _action(entry.action, ask.lang)) for entry in entries]
    names = {account.id: account.name or account.email for account in people.list_accounts(ask.settings)}
    return page(
        ask, "person.html", error=error, account=person, trail=trail, people=names, now=datetime.now(UTC),
        mail=mail.is_configured(ask.settings), **_choices(ask),
    )  # fmt: skip


def _choices(ask: BrowserRequest) -> dict[str, Any]:
    countries = [(iso3, country_name(iso3, ask.lang)) for iso3 in (*load_codebook().countries, *ORGANISATIONS)]
    return {
        "roles": [(role.value, t(f"accounts.roles.{role}", ask.lang)) for role in Role],
        "countries": sorted(countries, key=lambda country: order(country[1], ask.lang)),
        "names": dict(countries),
    }


def _rights(ask: BrowserRequest) -> Rights:
    try:
        role = Role(ask.field("role"))
    except ValueError as error:
        raise Impossible("There is no such role", "role") from error
    return Rights(role, ask.field("country"), ask.field("office"))


def _action(action: str, lang: str) -> str:
    key = f"accounts.actions.{action.removeprefix('account.')}"
    return t(key, lang) if has(key) else action
