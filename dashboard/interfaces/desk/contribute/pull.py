"""``/contribute/pull``: an office's own addresses, from which its figures are fetched as drafts."""

from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import Response

from dashboard.accounts.model import Right
from dashboard.contributions.submissions.pulling import directory
from dashboard.contributions.submissions.pulling.model import DAYS, FORMS
from dashboard.contributions.submissions.rules.ground import list_accepted
from dashboard.contributions.submissions.tables import PullRow
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.api.parameters import RowNumber
from dashboard.interfaces.desk.guard import BrowserRequest
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.submissions import PageRequest, Posted
from dashboard.locales import order, t

router = APIRouter(include_in_schema=False)

FIELDS = ("address", "form", "indicator", "period", "days")


@router.get("/contribute/pull")
def pulls(by: PageRequest) -> Response:
    """The addresses of an office: when each is asked, what came, and why not."""
    ask, principal = by
    if not (principal.country and principal.may(Right.SUBMIT)):
        return went(ask, "/contribute/")
    metrics = [(metric.id, choose_text(metric.name, ask.lang)) for metric in list_accepted(load_codebook())]
    this_year = datetime.now(UTC).year
    return page(
        ask,
        "pull.html",
        pulls=[_line(pull, ask.lang) for pull in directory.list_pulls(ask.settings, principal)],
        hosts=ask.settings.submissions.pull.hosts,
        forms=[(form, t(f"pull.forms.{form}", ask.lang)) for form in FORMS],
        indicators=sorted(metrics, key=lambda pair: order(pair[1], ask.lang)),
        years=[(str(year), str(year)) for year in range(this_year - 1, this_year - 8, -1)],
        every=[(str(day), t(f"pull.every.{day}", ask.lang)) for day in DAYS],
        fresh=dict.fromkeys(FIELDS, ""),
    )


@router.post("/contribute/pull")
def set_pull(by: Posted) -> Response:
    """Keep an address, or change one."""
    ask, principal = by
    fields = {name: ask.whole(name) for name in FIELDS}
    directory.set_pull(ask.settings, load_codebook(), principal, _number(ask), fields, ask.browser.address)
    return went(ask, "/contribute/pull", done="pull_set")


@router.get("/contribute/pull/{number}/remove")
def sent(by: PageRequest, number: RowNumber) -> Response:
    """The address of a form that was sent, opened again: to the page it is on."""
    return went(by[0], "/contribute/pull")


@router.post("/contribute/pull/{number}/remove")
def remove(by: Posted, number: RowNumber) -> Response:
    """Ask an address no more."""
    ask, principal = by
    directory.remove_pull(ask.settings, principal, number, ask.browser.address)
    return went(ask, "/contribute/pull", done="pull_removed")


def _number(ask: BrowserRequest) -> int:
    typed = ask.field("pull")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _line(pull: PullRow, lang: str) -> dict[str, object]:
    return {
        **{name: str(getattr(pull, name)) for name in FIELDS},
        "id": pull.id,
        "due_at": pull.due_at,
        "came_at": pull.came_at,
        "submission": pull.submission,
        "office": pull.set_office,
        "trouble": t(f"pull.trouble.{pull.trouble}", lang) if pull.trouble else "",
        "failures": pull.failures,
    }
