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
        (submission for submission in submissions if submission.state in wanted),
        key=lambda submission: (submission.state != "approved", submission.id),
    )
    asked = workflow.find_asked(ask.settings, submissions)
    dues = deadlines.listing(ask.settings, datetime.now(UTC), country)
    names = deadlines.office_names(ask.settings, country)
    countries = sorted({submission.country for submission in submissions_of(ask, "")})
    return page(
        ask,
        "review.html",
        queue=[line_to_decide(ask.settings, submission, ask.lang) for submission in queue],
        asked=[
            line(submission, ask.lang) | {"reason": asked[submission.id].reason, "office": asked[submission.id].office}
            for submission in submissions
            if submission.id in asked
        ],
        overdue=[due(year, ask.lang, names) for year in dues if year.standing == "overdue"],
        states=[(kind, t(f"submissions.state.{kind}", ask.lang)) for kind in kinds],
        state=state,
        country=country,
        countries=[(iso3, country_name(iso3, ask.lang)) for iso3 in countries],
        may_set=principal.may(Right.ADMINISTER),
        to_set=_countries(ask, countries) if principal.may(Right.ADMINISTER) else ([], []),
        to_confirm=standing.list_confirmable(ask.settings, principal),
        held=[account.name or account.email for account in standing.list_held(ask.settings)]
        if principal.may(Right.REVIEW)
        else [],
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
    here = set(sending) | {year.country for year in deadlines.listing(ask.settings, datetime.now(UTC))}
    for role in (Role.CONTRIBUTOR, Role.APPROVER):
        here |= people.list_countries_with(ask.settings, role)
    named = [(iso3, country_name(iso3, ask.lang)) for iso3 in load_codebook().countries]
    named.sort(key=lambda pair: order(pair[1], ask.lang))
    return [pair for pair in named if pair[0] in here], [pair for pair in named if pair[0] not in here]
