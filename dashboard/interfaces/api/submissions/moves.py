"""Moves of a submission by personal token: submit, approve, publish, return, take back, withdraw, comment.

The desk makes them through the same functions: two people stay two people, and a token does no more than its scopes.
"""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.background import BackgroundTask, BackgroundTasks

from dashboard.contributions.submissions import notices, publication, workflow
from dashboard.contributions.submissions.kinds.registry import kind_of
from dashboard.contributions.submissions.model import MoveNotAllowed, Submission
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.api.access import get_address
from dashboard.interfaces.api.parameters import Configured, RowNumber
from dashboard.interfaces.api.submissions.public import Lang
from dashboard.interfaces.api.submissions.token import PRIVATE, By, describe_submission
from dashboard.settings import Settings

router = APIRouter()


class MoveReason(BaseModel):
    """The reason of a move."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: Annotated[str, Field(min_length=1, max_length=workflow.LONGEST_REASON, description="In words.")]


class CommentWords(BaseModel):
    """The words of a comment."""

    model_config = ConfigDict(extra="forbid", strict=True)

    words: Annotated[str, Field(min_length=1, max_length=workflow.LONGEST_REASON)]


@router.post("/submissions/{number}/submit", summary="Submit a checked submission")
def submit(request: Request, number: RowNumber, by: By, configured: Configured, lang: Lang = "en") -> Response:
    """From `checked` to `submitted`, for another person to approve; the token carries `submit`.

    422 with findings of the kind error; 409 while another one of the same year is decided on, or where it removes
    published figures that nobody has answered for (`…/release`).
    """
    return _make_move(request, configured, by, number, "submit", lang)


@router.post("/submissions/{number}/approve", summary="Approve what another person submitted")
def approve(request: Request, number: RowNumber, by: By, configured: Configured, lang: Lang = "en") -> Response:
    """From `submitted` to `approved`, for a reviewer to publish; the token carries `approve`.

    403 (`four_eyes`, `chained`, `held`, `waits`) to whoever had a hand in it, on the desk as here.
    """
    return _make_move(request, configured, by, number, "approve", lang)


@router.post("/submissions/{number}/take-back", summary="Take an approval back")
def take_back(request: Request, number: RowNumber, by: By, configured: Configured, lang: Lang = "en") -> Response:
    """From `approved` back to `submitted`, until it is published; by whoever approved it, with `approve`."""
    return _make_move(request, configured, by, number, "take_back", lang)


@router.post("/submissions/{number}/publish", summary="Publish an approved submission")
def publish(request: Request, number: RowNumber, by: By, configured: Configured, lang: Lang = "en") -> Response:
    """From `approved` to `published`, as a vintage of its own; a reviewer's token that carries `publish`.

    Such a token is made with a one-time code and is in force for 12 hours. 403 (`four_eyes`, `chained`, `held`,
    `waits`) to whoever had a hand in it; 409 from another state, of a closed year, and where it removes published
    figures that nobody has answered for (`…/release`); 503 where the disk has no room.
    """
    submission = publication.publish(configured, load_codebook(), by, number, get_address(request, configured))
    answer = _answer_and_notify(configured, by, submission, "", lang)
    assert isinstance(answer.background, BackgroundTask)
    tasks = BackgroundTasks([answer.background])
    tasks.add_task(kind_of(submission).refresh, configured, submission)
    answer.background = tasks
    return answer


@router.post("/submissions/{number}/return", summary="Return a submission with a reason")
def return_submission(
    request: Request, number: RowNumber, why: MoveReason, by: By, configured: Configured, lang: Lang = "en"
) -> Response:
    """From `submitted` to `returned`, for the office to correct; the token carries `approve` or `publish`.

    With `publish` also what is approved.
    """
    return _make_move(request, configured, by, number, "return", lang, why.reason)


@router.post("/submissions/{number}/withdraw", summary="Withdraw a submission")
def withdraw(request: Request, number: RowNumber, by: By, configured: Configured, lang: Lang = "en") -> Response:
    """Whatever is not published yet; the token carries `submit`."""
    return _make_move(request, configured, by, number, "withdraw", lang)


@router.post("/submissions/{number}/comment", summary="Comment on a submission", status_code=201)
def comment(
    request: Request, number: RowNumber, comment: CommentWords, by: By, configured: Configured, lang: Lang = "en"
) -> Response:
    """Words in its history; those who took part are told by mail. The token carries more than `read`."""
    if not any(by.may(right) for right in workflow.READERS):
        raise MoveNotAllowed("right", "A token that only reads makes no comment.")
    made = workflow.comment(configured, by, number, comment.words, get_address(request, configured))
    return _answer_and_notify(configured, by, made, "comment", lang, 201)


def _make_move(
    request: Request, configured: Settings, by: By, number: int, move: str, lang: str, reason: str = ""
) -> Response:
    made = workflow.make(configured, by, number, move, reason=reason, address=get_address(request, configured))
    return _answer_and_notify(configured, by, made, move if move in notices.SAID else "", lang)


def _answer_and_notify(
    configured: Settings, by: By, submission: Submission, event: str, lang: str, status: int = 200
) -> Response:
    """Return the submission as it is now; whoever acts next is told by mail afterwards."""
    findings = workflow.detail(configured, by, submission.id)[1]
    notification = BackgroundTask(notices.tell, configured, submission, event, by.id)
    return JSONResponse(
        describe_submission(configured, submission, findings, lang), status, PRIVATE, background=notification
    )
