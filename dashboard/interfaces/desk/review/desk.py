"""``/review/``: what waits for a reviewer, what is overdue, and setting when figures are due."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from fastapi import APIRouter
from fastapi.responses import Response

from dashboard.accounts import people, standing
from dashboard.accounts.model import Right, Role
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.submissions import deadlines, workflow
from dashboard.contributions.submissions.model import MoveNotAllowed
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.desk.guard import BrowserRequest
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.submissions import PageRequest, Posted, due, line, line_to_decide, submissions_of
from dashboard.locales import order, t

router = APIRouter(include_in_schema=False)


@router.get("/review/")
def review(by: PageRequest) -> Response:
    """What waits for a reviewer, oldest first, and what is overdue."""
    ask, principal = by
    if principal.country:
        return went(ask, "/contribute/")
    country, state = ask.query.get("country", "").upper(), ask.query.get("state", "")
    submissions = submissions_of(ask, country)
    kinds = ("approved", "submitted", "returned", "published", "not_reported", "superseded", "rolled_back", "withdrawn")
    wanted = (state,) if state in kinds else ("approved", "submitted")
    queue = sorted(
        (one for one in submissions if one.state in wanted), key=lambda one: (one.state != "approved", one.id)
    )
    asked = workflow.find_asked(ask.settings, submissions)
    dues = deadlines.listing(ask.settings, datetime.now(UTC), country)
    names = deadlines.office_names(ask.settings, country)
    countries = sorted({one.country for one in submissions_of(ask, "")})
    return page(
        ask,
        "review.html",
        queue=[line_to_decide(ask.settings, one, ask.lang) for one in queue],
        asked=[
            line(one, ask.lang) | {"reason": asked[one.id].reason, "office": asked[one.id].office}
            for one in submissions
            if one.id in asked
        ],
        overdue=[due(one, ask.lang, names) for one in dues if one.standing == "overdue"],
        states=[(kind, t(f"submissions.state.{kind}", ask.lang)) for kind in kinds],
        state=state,
        country=country,
        countries=[(iso3, country_name(iso3, ask.lang)) for iso3 in countries],
        may_set=principal.may(Right.ADMINISTER),
        to_set=_countries(ask, countries) if principal.may(Right.ADMINISTER) else ([], []),
        to_confirm=standing.list_confirmable(ask.settings, principal),
        held=[one.name or one.email for one in standing.list_held(ask.settings)] if principal.may(Right.REVIEW) else [],
    )


@router.get("/review/deadline")
def sent(by: PageRequest) -> Response:
    """The address of the form, opened again: to the page it is on."""
    return went(by[0], "/contribute/" if by[1].country else "/review/")


@router.post("/review/deadline")
def deadline(by: Posted) -> Response:
    """Set when a year of a country is due."""
    ask, principal = by
    try:
        day = date.fromisoformat(ask.field("day"))
    except ValueError as error:
        raise MoveNotAllowed("period", "The day is not a date such as 2026-03-31.") from error
    chosen = [name.removeprefix("country.") for name in ask.fields if name.startswith("country.")]
    if not chosen:
        raise MoveNotAllowed("none_chosen", "Tick at least one country.")
    if unknown := [code for code in chosen if code not in load_codebook().countries]:
        raise MoveNotAllowed("country", f"There is no country {unknown[0][:10]}.")
    deadlines.set_due(ask.settings, principal, chosen, ask.field("period"), day, ask.browser.address)
    return went(ask, "/review/", done="deadline")


def _countries(ask: BrowserRequest, sending: Sequence[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Countries whose deadlines can be set: those at work here, and all others, by name."""
    here = set(sending) | {one.country for one in deadlines.listing(ask.settings, datetime.now(UTC))}
    for role in (Role.CONTRIBUTOR, Role.APPROVER):
        here |= people.list_countries_with(ask.settings, role)
    named = [(iso3, country_name(iso3, ask.lang)) for iso3 in load_codebook().countries]
    named.sort(key=lambda one: order(one[1], ask.lang))
    return [one for one in named if one[0] in here], [one for one in named if one[0] not in here]
