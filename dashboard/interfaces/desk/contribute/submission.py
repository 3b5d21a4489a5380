"""``/contribute/{number}``: one submission, its findings and differences, its history, and the moves of each role."""

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.background import BackgroundTask, BackgroundTasks

from dashboard.accounts.model import Principal, Right
from dashboard.contributions.submissions import intake, notices, publication, removal, workflow
from dashboard.contributions.submissions.grid.sending import is_of_grid
from dashboard.contributions.submissions.keeping import drafts
from dashboard.contributions.submissions.kinds.registry import kind_of
from dashboard.contributions.submissions.model import MoveNotAllowed, Submission
from dashboard.contributions.submissions.reading.heads import FIELDS
from dashboard.contributions.submissions.tables import SubmissionMoveRow
from dashboard.contributions.submissions.workbooks.changes import (
    SHOWN_CHANGES,
    acted,
    change_words,
    changes_of,
    counted,
    removal_of,
    withdrawal_of,
)
from dashboard.contributions.submissions.workbooks.receipt import list_seen
from dashboard.contributions.submissions.workbooks.words import method_words, reason_text
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.api.parameters import RowNumber
from dashboard.interfaces.api.submissions.token import build_marked_file
from dashboard.interfaces.desk.contribute.findings import SHOWN_FINDINGS, group_findings
from dashboard.interfaces.desk.contribute.method import may_say, summary
from dashboard.interfaces.desk.contribute.sending import address_of, closed_by
from dashboard.interfaces.desk.guard import BrowserRequest
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.submissions import PageRequest, Posted, line, refusal_of
from dashboard.locales import format_day as date_in_words
from dashboard.locales import t

router = APIRouter(include_in_schema=False)


@router.get("/contribute/{number}/move")
@router.get("/contribute/{number}/release")
@router.get("/contribute/{number}/comment")
@router.get("/contribute/{number}/columns")
@router.get("/contribute/{number}/reopen")
def sent_of_one(by: PageRequest, number: RowNumber) -> Response:
    """The same of a form on the page of a submission."""
    return went(by[0], f"/contribute/{number}")


@router.get("/contribute/{number}")
def show_submission(by: PageRequest, number: RowNumber) -> Response:
    """One submission: findings by sheet, the difference, its history, and the moves this person may make."""
    return _show_submission(*by, number)


def _show_submission(
    ask: BrowserRequest, principal: Principal, number: int, error: MoveNotAllowed | None = None
) -> Response:
    """The page of a submission; of a form of it that was refused, with why and what was typed."""
    submission, findings, moves = workflow.detail(ask.settings, principal, number)
    status, refusal = refusal_of(error, ask.lang) if error else (200, "")
    removed = removal_of(ask.settings, submission, ask.lang)
    if removed:  # they stand before everything else
        findings = [finding for finding in findings if finding.rule != removal.RULE]
    kind = kind_of(submission)
    unread = any(finding.rule == "refused" for finding in findings)
    changes, folded, counts = changes_of(ask.settings, submission, ask.lang)
    may_set_method = may_say(principal, submission) and not unread  # of a file that is to be sent again
    closed = workflow.is_year_closed(ask.settings, submission)
    asking = workflow.find_asked(ask.settings, [submission]).get(number)
    return page(
        ask,
        "submission.html",
        status,
        get=True,  # also after a form: in another language the page is asked for
        refusal=refusal,
        closed=closed_by(error),
        typed={**ask.fields, ask.field("move") or "reopen": ask.whole("reason")} if error else {},
        seen=list_seen(ask.settings, submission, ask.lang),
        one=line(submission, ask.lang),
        found=submission,
        lines=group_findings(findings, ask.lang),
        more=max(0, len(findings) - SHOWN_FINDINGS),
        removed=removed,
        withdrawn=withdrawal_of(ask.settings, submission, ask.lang),
        intent=t(f"submissions.intent.{submission.intent}", ask.lang) if kind.has_choice else "",
        may_release=principal.may(Right.SUBMIT) and submission.state in removal.RELEASED_IN,
        changes=changes,
        folded=folded,
        counts=counts,
        counted=counted(ask.settings, submission, ask.lang),
        acted=acted(ask.settings, submission, ask.lang),
        may_roll_back=kind.can_roll_back,
        allowed=workflow.allowed(principal, submission, closed=closed, asked=bool(asking)),
        asking=asking and reason_text(asking.reason, ask.lang),
        mapping=[
            (at, head, " · ".join(seen), field) for at, (head, (field, seen)) in enumerate(submission.asked.items())
        ]
        if principal.may(Right.SUBMIT) and submission.state in ("draft", "checked")
        else [],
        without_column=any(finding.rule == "column_missing" for finding in findings),
        fields=[(name, t(f"submissions.column.{name}", ask.lang)) for name in FIELDS],
        method=method_words(submission.method, ask.lang),
        methods=summary(submission, ask.lang),
        may_set_method=may_set_method,
        unsaid=any(finding.rule == "method_missing" for finding in findings),
        unread=unread,
        may_send=principal.may(Right.SUBMIT),
        again=address_of(submission.dataset, submission.period),
        moves=[
            (move, t(f"submissions.move.{move.move}", ask.lang), reason_text(move.reason, ask.lang)) for move in moves
        ],
        level=kind.level_of(submission) if submission.method or kind.fixed_level else 0,
        ends=_end(ask, submission, moves),
        draft=submission.state == "draft" and principal.may(Right.SUBMIT),
        of_table=principal.may(Right.SUBMIT) and is_of_grid(ask.settings, submission),
    )


@router.get("/contribute/{number}/marked.xlsx")
def marked_file(by: PageRequest, number: RowNumber) -> Response:
    """The ministry's own workbook with the findings in it."""
    return build_marked_file(by[0].settings, by[1], number, by[0].lang)


@router.post("/contribute/{number}/move")
def move(by: Posted, number: RowNumber) -> Response:
    """Submit, approve, return, withdraw or publish; whoever acts next is told by mail."""
    ask, principal = by
    wanted = ask.field("move")
    try:
        submission = _make(ask, principal, number, wanted)
    except MoveNotAllowed as error:
        return _refused(ask, principal, number, error)
    answer = went(ask, f"/contribute/{number}", done=wanted)
    after = BackgroundTasks()
    after.add_task(notices.tell, ask.settings, submission, wanted if wanted in notices.SAID else "", principal.id)
    if submission.state == "published":
        after.add_task(kind_of(submission).refresh, ask.settings, submission)
    answer.background = after
    return answer


def _make(ask: BrowserRequest, by: Principal, number: int, wanted: str) -> Submission:
    reason, address = ask.whole("reason"), ask.browser.address
    if wanted == "publish":
        return publication.publish(ask.settings, load_codebook(), by, number, address)
    if wanted == "roll_back":
        return publication.roll_back(ask.settings, load_codebook(), by, number, reason, address)
    if wanted == "reopen":
        return _reopen(ask, by, number)
    if wanted == "check":
        return intake.check(ask.settings, load_codebook(), by, number)
    return workflow.make(ask.settings, by, number, wanted, reason=reason, address=address)


def _refused(ask: BrowserRequest, by: Principal, number: int, error: MoveNotAllowed) -> Response:
    """The page that a form was sent from, with why it was refused and what was typed."""
    here = f"/contribute/{number}"
    if ask.field("move") == "roll_back":
        try:
            return _show_rollback(replace(ask, path=f"{here}/rollback"), by, number, error)
        except MoveNotAllowed:  # there is no such page for this person, or any more
            pass
    return _show_submission(replace(ask, path=here), by, number, error)


@router.post("/contribute/{number}/release")
def release(by: Posted, number: RowNumber) -> Response:
    """Answer for the published figures that a submission removes, by their number."""
    ask, principal = by
    typed = ask.field("figures")
    count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 8 else 0
    try:
        workflow.release(ask.settings, load_codebook(), principal, number, count, ask.browser.address)
    except MoveNotAllowed as error:
        return _refused(ask, principal, number, error)
    return went(ask, f"/contribute/{number}", done="release")


@router.post("/contribute/{number}/comment")
def comment(by: Posted, number: RowNumber) -> Response:
    """Add words to a submission's history."""
    ask, principal = by
    try:
        submission = workflow.comment(ask.settings, principal, number, ask.whole("words"), ask.browser.address)
    except MoveNotAllowed as error:
        return _refused(ask, principal, number, error)
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
    try:
        intake.map_columns(ask.settings, load_codebook(), principal, number, chosen, ask.browser.address)
    except MoveNotAllowed as error:
        return _refused(ask, principal, number, error)
    return went(ask, f"/contribute/{number}", done="columns")


@router.post("/contribute/{number}/reopen")
def reopen(by: Posted, number: RowNumber) -> Response:
    """Open a published year again."""
    ask, principal = by
    try:
        submission = _reopen(ask, principal, number)
    except MoveNotAllowed as error:
        return _refused(ask, principal, number, error)
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
    return _show_rollback(*by, number)


def _show_rollback(
    ask: BrowserRequest, principal: Principal, number: int, error: MoveNotAllowed | None = None
) -> Response:
    plan = publication.plan_rollback(ask.settings, load_codebook(), principal, number)
    status, refusal = refusal_of(error, ask.lang) if error else (200, "")
    return page(
        ask,
        "rollback.html",
        status,
        get=True,
        refusal=refusal,
        reason=ask.whole("reason"),
        one=line(plan.submission, ask.lang),
        restored=line(plan.restored, ask.lang) if plan.restored else None,
        changes=[change_words(change, ask.lang) for change in plan.changes[:SHOWN_CHANGES]],
        more=max(0, len(plan.changes) - SHOWN_CHANGES),
        revised=[change_words(change, ask.lang) for change in plan.revised[:SHOWN_CHANGES]],
    )


def _end(ask: BrowserRequest, submission: Submission, moves: Sequence[SubmissionMoveRow]) -> str:
    """The day on which a draft ends, in words; empty for what is none."""
    active = max((move.moment for move in moves if move.move not in drafts.NO_ACTIVITY), default=submission.created_at)
    end = drafts.expires_at(ask.settings, submission, active)
    return date_in_words(end.date(), ask.lang) if end else ""
