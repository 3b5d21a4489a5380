"""``/contribute/``: what is due, uploading, findings, differences, and the moves of each role.

Plain forms: every page works without script and without a websocket, and who is asking is read at each request.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.background import BackgroundTask, BackgroundTasks
from starlette.concurrency import run_in_threadpool

from dashboard.accounts.model import Principal, Right
from dashboard.api.access import is_own_form
from dashboard.api.parameters import Configured, RowNumber
from dashboard.api.submissions.token import marked_response
from dashboard.api.submissions.upload import dataset_of, intent_of, receive
from dashboard.codebook import load_codebook
from dashboard.database.engine import open_engine
from dashboard.delivery import pooling
from dashboard.delivery.metrics import shifted
from dashboard.delivery.wording import country_name
from dashboard.desk.contribute.indicators import templates_for
from dashboard.desk.guard import BrowserRequest, browser_request, having
from dashboard.desk.page import page, went
from dashboard.desk.submissions import PageRequest, Posted, due, line, submissions_of, to_their_room
from dashboard.locales import format_day as date_in_words
from dashboard.locales import t
from dashboard.submissions import deadlines, intake, notices, publication, removal, workflow
from dashboard.submissions.comparison import level_of
from dashboard.submissions.keeping import drafts, reminders
from dashboard.submissions.keeping.quota import Room
from dashboard.submissions.model import (
    DATASETS,
    INTENTS,
    LONGEST_METHOD,
    METHOD_FIELDS,
    METHODS,
    MISSING_REASONS,
    NOT_SUBMITTED,
    SEVERITIES,
    Move,
    MoveNotAllowed,
    ReadingBusy,
    Submission,
    UploadRefused,
)
from dashboard.submissions.offices.views import conflict_views
from dashboard.submissions.reading.heads import FIELDS
from dashboard.submissions.workbooks.changes import (
    SHOWN_CHANGES,
    acted,
    change_words,
    changes_of,
    counted,
    removal_of,
    withdrawal_of,
)
from dashboard.submissions.workbooks.words import finding_text, reason_text

router = APIRouter(include_in_schema=False)

SHOWN_FINDINGS = 500


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
        may_send=principal.may(Right.SUBMIT),
        sends=[one for one in DATASETS if workflow.sends(principal.country, one)],
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
        this_year=str(now.year),
        years=[str(year) for year in range(now.year - 1, now.year - 8, -1)],
        templates=templates_for(ask, principal),
        months=[(month, date_in_words(month, ask.lang)) for month in _months(now.date())],
        intents=[(intent, t(f"submissions.intent.{intent}_short", ask.lang)) for intent in INTENTS["figures"]],
        reasons=[(code, t(f"submissions.reason.{code}", ask.lang)) for code in MISSING_REASONS],
    )


@router.get("/contribute/upload")
@router.get("/contribute/not-reported")
@router.get("/contribute/drafts")
def sent(by: PageRequest) -> Response:
    """The address of a form that was sent, opened again: to the page the form is on."""
    return went(by[0], "/contribute/" if by[1].country else "/review/")


@router.get("/contribute/{number}/move")
@router.get("/contribute/{number}/release")
@router.get("/contribute/{number}/comment")
@router.get("/contribute/{number}/columns")
@router.get("/contribute/{number}/method")
@router.get("/contribute/{number}/reopen")
def sent_of_one(by: PageRequest, number: RowNumber) -> Response:
    """The same of a form on the page of a submission."""
    return went(by[0], f"/contribute/{number}")


@router.get("/contribute/{number}")
def one(by: PageRequest, number: RowNumber) -> Response:
    """One submission: findings by sheet, the difference, its history, and the moves this person may make."""
    ask, principal = by
    submission, findings, moves = workflow.detail(ask.settings, principal, number)
    removed = removal_of(ask.settings, submission, ask.lang)
    if removed:  # they stand before everything else
        findings = [finding for finding in findings if finding.rule != removal.RULE]
    words = [(finding, finding_text(finding, ask.lang)) for finding in findings[:SHOWN_FINDINGS]]
    sheets = [
        (sheet, list(rows))
        for sheet, rows in groupby(sorted(words, key=lambda it: it[0].sheet), key=lambda it: it[1].sheet)
    ]
    sheets.sort(key=lambda it: min(SEVERITIES.index(finding.severity) for finding, _ in it[1]))
    unread = any(finding.rule == "refused" for finding in findings)
    changes, folded, counts = changes_of(ask.settings, submission, ask.lang)
    may_set_method = (
        principal.may(Right.SUBMIT)
        and submission.dataset == "figures"
        and submission.state in NOT_SUBMITTED
        and not unread  # of a file that is to be sent again
    )
    closed = workflow.is_year_closed(ask.settings, submission)
    asking = workflow.find_asked(ask.settings, [submission]).get(number)
    before = intake.last_method(ask.settings, submission) if may_set_method and not submission.method else {}
    return page(
        ask,
        "submission.html",
        one=line(submission, ask.lang),
        found=submission,
        sheets=sheets,
        more=max(0, len(findings) - SHOWN_FINDINGS),
        removed=removed,
        withdrawn=withdrawal_of(ask.settings, submission, ask.lang),
        intent=t(f"submissions.intent.{submission.intent}", ask.lang) if submission.dataset == "figures" else "",
        may_release=principal.may(Right.SUBMIT) and submission.state in removal.RELEASED_IN,
        changes=changes,
        folded=folded,
        counts=counts,
        counted=counted(ask.settings, submission, ask.lang),
        acted=acted(ask.settings, submission, ask.lang),
        allowed=workflow.allowed(principal, submission, closed=closed, asked=bool(asking)),
        asking=asking and reason_text(asking.reason, ask.lang),
        mapping=[
            (at, head, " · ".join(seen), field) for at, (head, (field, seen)) in enumerate(submission.asked.items())
        ]
        if principal.may(Right.SUBMIT) and submission.state in ("draft", "checked")
        else [],
        without_column=any(finding.rule == "column_missing" for finding in findings),
        fields=[(name, t(f"submissions.column.{name}", ask.lang)) for name in FIELDS],
        method=_method(submission.method, ask.lang),
        may_set_method=may_set_method,
        unread=unread,
        may_send=principal.may(Right.SUBMIT),
        asked=[(name, t(f"submissions.method.{name}", ask.lang)) for name in METHOD_FIELDS[1:]],
        kinds=[(kind, t(f"submissions.kind.{kind}", ask.lang)) for kind in METHODS],
        said=submission.method or before,
        as_last_time=bool(before),
        longest=LONGEST_METHOD,
        moves=[(move, _move(move.move, ask.lang), reason_text(move.reason, ask.lang)) for move in moves],
        level=level_of(submission) if submission.method or submission.dataset == "counts" else 0,
        ends=_end(ask, submission, moves),
        draft=submission.state == "draft" and principal.may(Right.SUBMIT),
    )


@router.get("/contribute/{number}/marked.xlsx")
def marked_file(by: PageRequest, number: RowNumber) -> Response:
    """The ministry's own workbook with the findings in it."""
    return marked_response(by[0].settings, by[1], number, by[0].lang)


@router.post("/contribute/upload")
async def upload(request: Request, configured: Configured) -> Response:
    """Take a file, check it, and show what was found."""
    ask = await run_in_threadpool(browser_request, request, configured)
    _, principal = having(ask, to_their_room, *workflow.READERS)

    def ready(fields: Mapping[str, str]) -> Room:
        if not is_own_form(request, configured, fields.get("form_token", "")):
            raise UploadRefused("form", "This form is old, or was not made here: open the page again.")
        intake.stated(fields)
        intent_of(fields)
        return intake.may_send(configured, principal, dataset_of(fields), fields.get("period", ""))

    came = await receive(request, configured, ready)

    def work() -> Submission:
        assert came.stored is not None
        made = intake.receive(
            configured, principal, came.stored, filename=came.filename, period=came.fields["period"], lang=ask.lang,
            dataset=dataset_of(came.fields), intent=intent_of(came.fields), stated=intake.stated(came.fields),
            address=ask.browser.address,
        )  # fmt: skip
        try:
            return intake.check(configured, load_codebook(), principal, made.id) if made.state == "draft" else made
        except ReadingBusy:  # it is kept: its page offers to check it
            return made

    made = await run_in_threadpool(work)
    if made.state == "draft":
        return went(ask, f"/contribute/{made.id}", done="kept")
    return went(ask, f"/contribute/{made.id}" + ("/survey" if made.dataset == "survey" else ""))


@router.post("/contribute/not-reported")
def not_reported(by: Posted) -> Response:
    """State that nothing is reported for a year."""
    ask, principal = by
    workflow.not_reported(
        ask.settings,
        principal,
        "figures",
        ask.whole("period"),
        ask.field("reason"),
        ask.whole("words"),
        ask.browser.address,
    )
    return went(ask, "/contribute/", done="not_reported")


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


@router.post("/contribute/{number}/move")
def move(by: Posted, number: RowNumber) -> Response:
    """Submit, approve, return, withdraw or publish; whoever acts next is told by mail."""
    ask, principal = by
    wanted = ask.field("move")
    if wanted == "publish":
        submission = publication.publish(ask.settings, load_codebook(), principal, number, ask.browser.address)
    elif wanted == "roll_back":
        submission = publication.roll_back(
            ask.settings, load_codebook(), principal, number, ask.whole("reason"), ask.browser.address
        )
    elif wanted == "reopen":
        submission = _reopen(ask, principal, number)
    elif wanted == "check":
        submission = intake.check(ask.settings, load_codebook(), principal, number)
    else:
        reason, address = ask.whole("reason"), ask.browser.address
        submission = workflow.make(ask.settings, principal, number, wanted, reason=reason, address=address)
    answer = went(ask, f"/contribute/{number}", done=wanted)
    after = BackgroundTasks()
    after.add_task(notices.tell, ask.settings, submission, wanted if wanted in notices.SAID else "", principal.id)
    if submission.dataset == "counts" and submission.state == "published":
        after.add_task(pooling.added, open_engine(ask.settings), submission.country)  # no reader waits for the new sums
    answer.background = after
    return answer


@router.post("/contribute/{number}/release")
def release(by: Posted, number: RowNumber) -> Response:
    """Answer for the published figures that a submission removes, by their number."""
    ask, principal = by
    typed = ask.field("figures")
    count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 8 else 0
    workflow.release(ask.settings, load_codebook(), principal, number, count, ask.browser.address)
    return went(ask, f"/contribute/{number}", done="release")


@router.post("/contribute/{number}/comment")
def comment(by: Posted, number: RowNumber) -> Response:
    """Add words to a submission's history."""
    ask, principal = by
    submission = workflow.comment(ask.settings, principal, number, ask.whole("words"), ask.browser.address)
    answer = went(ask, f"/contribute/{number}", done="comment")
    answer.background = BackgroundTask(notices.tell, ask.settings, submission, "comment", principal.id)
    return answer


@router.post("/contribute/{number}/columns")
def columns(by: Posted, number: RowNumber) -> Response:
    """Keep what the country's own column names mean, and check again."""
    ask, principal = by
    submission = workflow.see(ask.settings, principal, number)
    heads = {head: ask.field(f"column{at}") for at, head in enumerate(submission.unknown)}
    chosen = {head: "" if field == "none" else field for head, field in heads.items() if field}
    intake.map_columns(ask.settings, load_codebook(), principal, number, chosen, ask.browser.address)
    return went(ask, f"/contribute/{number}", done="columns")


@router.post("/contribute/{number}/method")
def method(by: Posted, number: RowNumber) -> Response:
    """Keep what is said beside a file of how its figures were made, and check again."""
    ask, principal = by
    given = intake.stated(ask.fields)
    intake.set_method(ask.settings, load_codebook(), principal, number, given, ask.browser.address)
    return went(ask, f"/contribute/{number}", done="method")


@router.post("/contribute/{number}/reopen")
def reopen(by: Posted, number: RowNumber) -> Response:
    """Open a published year again."""
    ask, principal = by
    submission = _reopen(ask, principal, number)
    answer = went(ask, f"/contribute/{number}", done="reopen")
    answer.background = BackgroundTask(notices.tell, ask.settings, submission, "reopen", principal.id)
    return answer


def _reopen(ask: BrowserRequest, by: Principal, number: int) -> Submission:
    found = workflow.see(ask.settings, by, number)
    year, reason = (found.country, found.dataset, found.period), ask.whole("reason")
    workflow.reopen(ask.settings, by, *year, reason, ask.browser.address, found.office_number)
    return found


@router.get("/contribute/{number}/rollback")
def rollback(by: PageRequest, number: RowNumber) -> Response:
    """What taking a publication back would do, and the reason that it needs."""
    ask, principal = by
    plan = publication.plan_rollback(ask.settings, load_codebook(), principal, number)
    return page(
        ask,
        "rollback.html",
        one=line(plan.submission, ask.lang),
        restored=line(plan.restored, ask.lang) if plan.restored else None,
        changes=[change_words(change, ask.lang) for change in plan.changes[:SHOWN_CHANGES]],
        more=max(0, len(plan.changes) - SHOWN_CHANGES),
        revised=[change_words(change, ask.lang) for change in plan.revised[:SHOWN_CHANGES]],
    )


def _end(ask: BrowserRequest, submission: Submission, moves: Sequence[Move]) -> str:
    """The day on which a draft ends, in words; empty for what is none."""
    active = max((it.moment for it in moves if it.move not in drafts.NO_ACTIVITY), default=submission.created_at)
    end = drafts.expires_at(ask.settings, submission, active)
    return date_in_words(end.date(), ask.lang) if end else ""


def _method(method: Mapping[str, str], lang: str) -> list[tuple[str, str]]:
    """How figures were made: what was asked, and the answer."""
    given = dict(method)
    if given.get("method") in METHODS:
        given["method"] = t(f"submissions.kind.{given['method']}", lang)
    return [(t(f"submissions.method.{name}", lang), given[name]) for name in METHOD_FIELDS if given.get(name)]


def _months(today: date) -> list[str]:
    """The last two years' months, newest first."""
    return [f"{shifted(today, -back):%Y-%m}" for back in range(1, 25)]


def _move(name: str, lang: str) -> str:
    return t(f"submissions.move.{name}", lang)
