"""``/contribute/figures``, ``survey``, ``counts``, ``activities``, ``not-reported``: a page for each thing to send.

What is refused comes back on the page of its kind, with what was chosen there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.accounts.model import Principal, Right
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.submissions import deadlines, intake, workflow
from dashboard.contributions.submissions.keeping.quota import Room
from dashboard.contributions.submissions.kinds.base import Kind, parse_year
from dashboard.contributions.submissions.kinds.registry import KINDS, kind_of
from dashboard.contributions.submissions.model import (
    ACTIVITIES,
    MISSING_REASONS,
    MoveNotAllowed,
    ReadingBusy,
    Submission,
    SubmissionError,
    UploadRefused,
)
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.api.access import is_own_form
from dashboard.interfaces.api.parameters import Configured
from dashboard.interfaces.api.submissions.upload import read_dataset, read_intent, receive_form
from dashboard.interfaces.desk.contribute.indicators import templates_for
from dashboard.interfaces.desk.guard import BrowserRequest, browser_request, having
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.submissions import PageRequest, Posted, refusal_of, to_their_room
from dashboard.locales import t

router = APIRouter(include_in_schema=False)

SHEETS = ".xlsx,.xls,.ods,.csv,.tsv,.txt"


@dataclass(frozen=True, slots=True)
class UploadPage:
    """One kind of file: the page it is sent from, what it is called there, and the files the page offers to choose."""

    name: str  # of the address, and of its words
    dataset: str
    accept: str

    @property
    def kind(self) -> Kind:
        """What is sent from the page."""
        return KINDS[self.dataset]

    @property
    def path(self) -> str:
        """The address of the page."""
        return f"/contribute/{self.name}"


UPLOADS = (
    UploadPage("figures", "figures", f"{SHEETS},.xml"),
    UploadPage("survey", "survey", ".sav,.zsav,.por,.dta,.parquet,.csv"),
    UploadPage("counts", "counts", SHEETS),
    UploadPage("activities", ACTIVITIES, SHEETS),
)


def list_pages(by: Principal) -> list[UploadPage]:
    """What this person may send; nothing without the right to."""
    if not by.country or not by.may(Right.SUBMIT):
        return []
    return [upload for upload in UPLOADS if upload.kind.may_send(by.country)]


def address_of(dataset: str, period: str = "") -> str:
    """The page that a dataset is sent from, with a year (month) chosen."""
    path = next(upload_page.path for upload_page in UPLOADS if upload_page.dataset == dataset)
    return f"{path}?period={period}" if period else path


@router.get("/contribute/figures")
@router.get("/contribute/survey")
@router.get("/contribute/counts")
@router.get("/contribute/activities")
def send(by: PageRequest) -> Response:
    """The page that one kind of file is sent from; whoever does not send it is led to what they do."""
    ask, principal = by
    for upload_page in list_pages(principal):
        if upload_page.path == ask.path:
            return _form(ask, principal, upload_page, ask.query)
    return went(ask, "/contribute/")


@router.get("/contribute/upload")
def sent(by: PageRequest) -> Response:
    """The address a file was sent to, opened again: to the page it was sent from."""
    ask, _ = by
    path = next(
        (upload_page.path for upload_page in UPLOADS if upload_page.dataset == ask.query.get("dataset")), "/contribute/"
    )
    return went(ask, path)


@router.post("/contribute/upload")
async def upload(request: Request, configured: Configured) -> Response:
    """Take a file, check it, and show what was found."""
    ask = await run_in_threadpool(browser_request, request, configured)
    _, principal = having(ask, to_their_room, *workflow.READERS)
    chosen: dict[str, str] = {}

    def ready(fields: Mapping[str, str]) -> Room:
        if not is_own_form(request, configured, fields.get("form_token", "")):
            raise UploadRefused("form", "This form is old, or was not made here: open the page again.")
        intake.stated(fields)
        read_intent(fields)
        return intake.may_send(configured, principal, read_dataset(fields), fields.get("period", ""))

    def work() -> Submission:
        assert came.stored is not None
        made = intake.receive(
            configured, principal, came.stored, filename=came.filename, period=came.fields["period"], lang=ask.lang,
            dataset=read_dataset(came.fields), intent=read_intent(came.fields), stated=intake.stated(came.fields),
            address=ask.browser.address,
        )  # fmt: skip
        try:
            return intake.check(configured, load_codebook(), principal, made.id) if made.state == "draft" else made
        except ReadingBusy:  # it is kept: its page offers to check it
            return made

    try:
        came = await receive_form(request, configured, ready, fields=chosen)
        made = await run_in_threadpool(work)
    except (UploadRefused, MoveNotAllowed) as error:
        return await run_in_threadpool(_refused, ask, principal, chosen, error)
    if made.state == "draft":
        return went(ask, f"/contribute/{made.id}", done="kept")
    return went(ask, f"/contribute/{made.id}" + ("/survey" if kind_of(made).is_sealed else ""))


@router.get("/contribute/not-reported")
def nothing(by: PageRequest) -> Response:
    """The page on which an office says that it reports nothing for a year."""
    ask, principal = by
    if not any(upload.kind.is_due_yearly for upload in list_pages(principal)):
        return went(ask, "/contribute/")
    return _not_reported(ask, principal, ask.query)


@router.post("/contribute/not-reported")
def not_reported(by: Posted) -> Response:
    """State that nothing is reported for a year."""
    ask, principal = by
    period, reason, words = ask.whole("period"), ask.field("reason"), ask.whole("words")
    try:
        workflow.not_reported(ask.settings, principal, "figures", period, reason, words, ask.browser.address)
    except MoveNotAllowed as error:
        if not principal.may(Right.SUBMIT):
            raise
        return _not_reported(ask, principal, ask.fields, error)
    return went(ask, "/contribute/", done="not_reported")


def _refused(
    ask: BrowserRequest, principal: Principal, chosen: Mapping[str, str], error: UploadRefused | MoveNotAllowed
) -> Response:
    """The page that a refused file was sent from; where it is nobody's page, what was refused."""
    dataset = chosen.get("dataset") or ask.query.get("dataset") or "figures"
    for upload_page in list_pages(principal):
        if upload_page.dataset == dataset:
            return _form(replace(ask, path=upload_page.path), principal, upload_page, chosen, error)
    raise error


def _form(
    ask: BrowserRequest, principal: Principal, sending: UploadPage, chosen: Mapping[str, str],
    error: SubmissionError | None = None,
) -> Response:  # fmt: skip
    periods, period = _list_periods(ask, principal, sending.kind, chosen.get("period", ""))
    status, message = refusal_of(error, ask.lang) if error else (200, "")
    return page(
        ask,
        "sending.html",
        status,
        sending=sending,
        told=message,
        closed=closed_by(error),
        country=country_name(principal.country, ask.lang),
        iso3=principal.country,
        periods=periods,
        period=period,
        intents=[(intent, t(f"submissions.intent.{intent}_short", ask.lang)) for intent in sending.kind.intents],
        intent=chosen.get("intent", ""),
        templates=_templates(ask, principal, sending, periods),
        grid=sending.kind.is_typed,
    )


def _templates(
    ask: BrowserRequest, principal: Principal, sending: UploadPage, periods: list[tuple[str, str]]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be downloaded to fill in: words, and for each period its name and address without the ending's letters.

    The address has ``{form}`` in place of them. A survey has no template.
    """
    base = f"/api/v1/templates/{principal.country}"
    if sending.kind.is_sealed:
        return []
    if sending.kind.is_typed:
        lines = [(words, "", more) for words, more in templates_for(ask, principal)]
    else:
        lines = [("", f"/{sending.name}", "")]
    shown = periods[:1] if sending.kind.is_monthly else periods[:2]
    return [
        (words, [(name, f"{base}{part}.{{form}}?lang={ask.lang}&period={period}{more}") for period, name in shown])
        for words, part, more in lines
    ]


def _not_reported(
    ask: BrowserRequest, principal: Principal, chosen: Mapping[str, str], error: SubmissionError | None = None
) -> Response:
    years, year = _list_periods(ask, principal, KINDS["figures"], chosen.get("period", ""))
    status, message = refusal_of(error, ask.lang) if error else (200, "")
    return page(
        ask,
        "not_reported.html",
        status,
        told=message,
        closed=closed_by(error),
        country=country_name(principal.country, ask.lang),
        years=years,
        period=year,
        reasons=[(code, t(f"submissions.reason.{code}", ask.lang)) for code in MISSING_REASONS],
        reason=chosen.get("reason", ""),
        words=chosen.get("words", ""),
    )


def closed_by(error: SubmissionError | None) -> str:
    """Number of the submission that closes a year, on whose page it is asked for; "" where nothing was refused so."""
    return error.values.get("number", "") if isinstance(error, MoveNotAllowed) and error.code == "closed" else ""


def _list_periods(
    ask: BrowserRequest, by: Principal, kind: Kind, asked: str
) -> tuple[list[tuple[str, str]], str]:  # fmt: skip
    """Return the periods that a page offers with their words, newest first, and which of them is chosen.

    Years beside the usual ones are offered where they are due or asked for.
    """
    now = datetime.now(UTC)
    usual = kind.offer_periods(now.date())
    further = set()
    if not kind.is_monthly:
        dues = deadlines.listing(ask.settings, now, by.country, by.office_number, [kind.dataset])
        further = {year for year in (asked, *(due.period for due in dues if due.due)) if _is_year(year)}
    periods = sorted({*usual, *further}, reverse=True)
    chosen = asked if asked in periods else usual[0]
    return [(period, kind.format_period(period, ask.lang)) for period in periods], chosen


def _is_year(period: str) -> bool:
    try:
        parse_year(period)
    except MoveNotAllowed:
        return False
    return True
