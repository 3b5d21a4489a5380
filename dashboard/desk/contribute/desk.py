"""``/contribute/``: an office's year, and what waits for whoever opens it.

Plain forms: every page works without script and without a websocket, and who is asking is read at each request.
"""

import re
from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import Response

from dashboard.accounts.model import Right
from dashboard.delivery.wording import country_name
from dashboard.desk.contribute.sending import list_pages
from dashboard.desk.page import page, went
from dashboard.desk.submissions import PageRequest, Posted, due, line, submissions_of
from dashboard.submissions import deadlines, workflow
from dashboard.submissions.keeping import drafts, reminders
from dashboard.submissions.model import NOT_SUBMITTED, MoveNotAllowed
from dashboard.submissions.offices.views import conflict_views

router = APIRouter(include_in_schema=False)


@router.get("/contribute/")
def contribute(by: PageRequest) -> Response:
    """My country: what is due, what was returned, what was sent; and one thing to do first."""
    ask, principal = by
    if not principal.country:
        return went(ask, "/review/")
    now = datetime.now(UTC)
    office = 0 if principal.may(Right.COORDINATE) else principal.office_number
    dues = deadlines.listing(ask.settings, now, principal.country, office)
    names = deadlines.office_names(ask.settings, principal.country) if not office else {}
    submissions = submissions_of(ask, principal.country)
    return page(
        ask,
        "contribute.html",
        country=country_name(principal.country, ask.lang),
        iso3=principal.country,
        pages=list_pages(principal),
        nothing=workflow.sends(principal.country, "figures"),
        reminders=sorted(
            reminders.words_of(one, now.date(), ask.lang) for one, _ in reminders.list_due(dues, now.date())
        ),
        dues=[due(one, ask.lang, names) for one in dues if one.due or one.standing != "due"],  # due without a day: no
        contested=[it for it in conflict_views(ask.settings, principal.country, ask.lang, office) if it["open"]],
        waiting=[
            line(one, ask.lang) | {"own": one.created_by == principal.id and principal.may(Right.SUBMIT)}
            for one in submissions
            if one.state in NOT_SUBMITTED
        ],
        deciding=[line(one, ask.lang) for one in submissions if one.state in ("submitted", "approved")],
        past=[
            line(one, ask.lang)
            for one in submissions
            if one.state in ("published", "superseded", "rolled_back", "withdrawn", "not_reported")
        ],
    )


@router.get("/contribute/drafts")
def sent(by: PageRequest) -> Response:
    """The address of the form, opened again: to the page it is on."""
    return went(by[0], "/contribute/")


@router.post("/contribute/drafts")
def remove_drafts(by: Posted) -> Response:
    """Withdraw the drafts that were ticked: the first time it is asked which, and confirmed they are withdrawn."""
    ask, principal = by
    numbers = [int(name[5:]) for name in ask.fields if re.fullmatch(r"draft[1-9][0-9]{0,8}", name)]
    if not numbers:
        raise MoveNotAllowed("none_chosen", "Tick the drafts first.")
    if not ask.field("confirmed"):
        chosen = [workflow.see(ask.settings, principal, number) for number in numbers]
        return page(ask, "drafts.html", drafts=[line(one, ask.lang) for one in chosen])
    drafts.withdraw(ask.settings, principal, numbers, ask.browser.address)
    return went(ask, "/contribute/", done="drafts")
