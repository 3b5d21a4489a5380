"""``/actions/desk/``: whoever decides for a country opens decisions, assigns them, takes them up and ends them."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from dashboard.accounts.model import Right
from dashboard.contributions.actions import views, workflow
from dashboard.contributions.actions.model import LONGEST, LONGEST_OFFICE, ActionError, DecisionUnknown
from dashboard.interfaces.api.parameters import RowNumber
from dashboard.interfaces.desk.guard import BrowserRequest, By, pages_for
from dashboard.interfaces.desk.page import page, refuse, went
from dashboard.locales import t

router = APIRouter(prefix="/actions/desk", include_in_schema=False)


def refused(ask: BrowserRequest, error: ActionError) -> Response:
    """A page that says why not, and what to do: ``actions.errors.<code>``."""
    status = {"right": 403, "gone": 409, "state": 409}.get(
        error.code, 404 if isinstance(error, DecisionUnknown) else 422
    )
    message, title = t(f"actions.errors.{error.code}", ask.lang), t("actions.title", ask.lang)
    return refuse(ask, status, message, title, ("/actions/desk/" if ask.principal else "/actions/", title))


_asked, _sent = pages_for(lambda ask: refused(ask, ActionError("right", "")), Right.DECIDE)
PageRequest = Annotated[By, Depends(_asked)]
Posted = Annotated[By, Depends(_sent)]


@router.get("/")
def desk(by: PageRequest) -> Response:
    """What calls for a decision, and the decisions of the country with the moves each still has."""
    ask, principal = by
    now = datetime.now(UTC)
    return page(
        ask,
        "actions_desk.html",
        view=views.decisions(ask.settings, principal.country, ask.lang, now),
        today=now.date().isoformat(),
        office=principal.office,
        longest=LONGEST,
        longest_office=LONGEST_OFFICE,
    )


@router.post("/open")
def open_(by: Posted) -> Response:
    """Open a decision on something that calls for one."""
    ask, principal = by
    workflow.open_(
        ask.settings, principal, ask.field("key"), ask.whole("owner"), ask.field("due"),
        ask.lang, datetime.now(UTC), ask.browser.address,
    )  # fmt: skip
    return went(ask, "/actions/desk/", done="opened")


@router.post("/{number}/move")
def move(by: Posted, number: RowNumber) -> Response:
    """Assign, take up, plan anew, close or decline."""
    ask, principal = by
    name = ask.field("move")
    fields = {
        "owner": ask.whole("owner"),
        "due": ask.field("due"),
        "words": ask.whole("words"),
        "measure": ask.whole("measure"),
        "shows": ask.field("shows"),
    }
    workflow.move(ask.settings, principal, number, name, fields, datetime.now(UTC), ask.browser.address)
    return went(ask, "/actions/desk/", done=name)
