"""``/contribute/``: an office's year, and what waits for whoever opens it.

Plain forms: every page works without script and without a websocket, and who is asking is read at each request.
"""

import re
from datetime import UTC, date, datetime

from fastapi import APIRouter
from fastapi.responses import Response

from dashboard.accounts.model import Right
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.submissions import deadlines, workflow
from dashboard.contributions.submissions.keeping import drafts, reminders
from dashboard.contributions.submissions.kinds.registry import KINDS
from dashboard.contributions.submissions.model import MoveNotAllowed
from dashboard.contributions.submissions.offices import choice
from dashboard.contributions.submissions.offices.views import conflict_views
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.desk.contribute.sending import list_pages
from dashboard.interfaces.desk.contribute.year import Act, choose_act, list_to_approve, list_years, sort_waiting
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.submissions import PageRequest, Posted, line, submissions_of
from dashboard.locales import t

router = APIRouter(include_in_schema=False)


@router.get("/contribute/")
def contribute(by: PageRequest) -> Response:
    """The year of the office as strips, what waits for this person, and the one thing to do now."""
    ask, principal = by
    if not principal.country:
        return went(ask, "/review/")
    now, book = datetime.now(UTC), load_codebook()
    office = 0 if principal.may(Right.COORDINATE) else principal.office_number
    dues = deadlines.listing(ask.settings, now, principal.country, office, [*KINDS])
    names = deadlines.office_names(ask.settings, principal.country)
    submissions = submissions_of(ask, principal.country)
    contested = [
        conflict for conflict in conflict_views(ask.settings, principal.country, ask.lang, office) if conflict["open"]
    ]
    chosen = bool(choice.list_chosen(ask.settings, book, principal))
    act = choose_act(principal, dues, submissions, conflicts=bool(contested), chosen=chosen, lang=ask.lang)
    approving = list_to_approve(principal, submissions) if principal.may(Right.APPROVE) else []
    return page(
        ask,
        "contribute.html",
        country=country_name(principal.country, ask.lang),
        office=principal.office,
        iso3=principal.country,
        act=act,
        words=_words_of(act, now.date(), ask.lang),
        pages=list_pages(principal),
        nothing=KINDS["figures"].may_send(principal.country),
        reminders=sorted(
            reminders.words_of(due, now.date(), ask.lang, names)
            for due, _ in reminders.list_due(dues, now.date())
            if due is not act.due or due.reopened  # of which the act does not say when it is due
        ),
        begins=not (submissions or any(due.due for due in dues)),
        years=list_years(principal, dues, submissions, names, ask.lang, now.date()),
        dated=any(due.due for due in dues),
        contested=contested,
        waiting=[
            line(submission, ask.lang) | {"own": submission.created_by == principal.id and principal.may(Right.SUBMIT)}
            for submission in sort_waiting(submissions)
        ],
        approving=[line(submission, ask.lang) for submission in approving],
        deciding=[
            line(submission, ask.lang)
            for submission in submissions
            if submission.state in ("submitted", "approved") and submission not in approving
        ],
        past=[
            line(submission, ask.lang)
            for submission in submissions
            if submission.state in ("published", "superseded", "rolled_back", "withdrawn", "not_reported")
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
        return page(ask, "drafts.html", drafts=[line(submission, ask.lang) for submission in chosen])
    drafts.withdraw(ask.settings, principal, numbers, ask.browser.address)
    return went(ask, "/contribute/", done="drafts")


def _words_of(act: Act, today: date, lang: str) -> tuple[str, str]:
    """What is to be done, and why, in words."""
    about = line(act.submission, lang)["period"] if act.submission else act.due.period if act.due else ""
    reminder = reminders.words_of(act.due, today, lang) if act.due and act.due.due else ""
    reason = act.due.reopened if act.due else ""
    key = f"submissions.act.{act.key}"
    return t(key, lang, period=about), t(f"{key}_why", lang, told=reminder, period=about, reason=reason)
