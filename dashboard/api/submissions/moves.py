"""Moves of a submission by personal token: submit, approve, publish, return, take back, withdraw, comment.

The same functions as on the desk make them: two people stay two people, and a token does no more than its scopes.
"""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.background import BackgroundTask, BackgroundTasks

from dashboard.api.access import address_of
from dashboard.api.parameters import Configured, RowNumber
from dashboard.api.submissions.public import Lang
from dashboard.api.submissions.token import PRIVATE, By, answer
from dashboard.codebook import load_codebook
from dashboard.database.engine import open_engine
from dashboard.delivery import pooling
from dashboard.settings import Settings
from dashboard.submissions import notices, publication, workflow
from dashboard.submissions.model import MoveNotAllowed, Submission

router = APIRouter()


class MoveReason(BaseModel):
    """Why a move is made."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: Annotated[str, Field(min_length=1, max_length=workflow.LONGEST_REASON, description="In words.")]


class CommentWords(BaseModel):
    """What is said of a submission."""

    model_config = ConfigDict(extra="forbid", strict=True)

    words: Annotated[str, Field(min_length=1, max_length=workflow.LONGEST_REASON)]


@router.post("/submissions/{number}/submit", summary="Submit a checked submission")
def submit(request: Request, number: RowNumber, by: By, configured: Configured, lang: Lang = "en") -> Response:
    """From `checked` to `submitted`, for another person to approve; the token carries `submit`.

    422 with findings of the kind error; 409 while another one of the same year is decided on, or where it removes
    published figures that nobody has answered for (`…/release`).
    """
    return _moved(request, configured, by, number, "submit", lang)


@router.post("/submissions/{number}/approve", summary="Approve what another person submitted")
def approve(request: Request, number: RowNumber, by: By, configured: Configured, lang: Lang = "en") -> Response:
    """From `submitted` to `approved`, for a reviewer to publish; the token carries `approve`.

    403 (`four_eyes`, `chained`, `held`, `waits`) to whoever had a hand in it, on the desk as here.
    """
    return _moved(request, configured, by, number, "approve", lang)


@router.post("/submissions/{number}/take-back", summary="Take an approval back")
def take_back(request: Request, number: RowNumber, by: By, configured: Configured, lang: Lang = "en") -> Response:
    """From `approved` back to `submitted`, until it is published; by whoever approved it, with `approve`."""
    return _moved(request, configured, by, number, "take_back", lang)


@router.post("/submissions/{number}/publish", summary="Publish an approved submission")
def publish(request: Request, number: RowNumber, by: By, configured: Configured, lang: Lang = "en") -> Response:
    """From `approved` to `published`, as a vintage of its own; a reviewer's token that carries `publish`.

    Such a token is made with a one-time code and is in force for 12 hours. 403 (`four_eyes`, `chained`, `held`,
    `waits`) to whoever had a hand in it; 409 from another state, of a closed year, and where it removes published
    figures that nobody has answered for (`…/release`); 503 where the disk has no room.
    """
    made = publication.publish(configured, load_codebook(), by, number, address_of(request, configured))
    answer = _answered(configured, by, made, "", lang)
    if made.dataset == "counts":
        assert isinstance(answer.background, BackgroundTask)
        tasks = BackgroundTasks([answer.background])
        tasks.add_task(pooling.added, open_engine(configured), made.country)  # no reader waits for the new sums
        answer.background = tasks
    return answer


@router.post("/submissions/{number}/return", summary="Return a submission with a reason")
def give_back(
    request: Request, number: RowNumber, why: MoveReason, by: By, configured: Configured, lang: Lang = "en"
) -> Response:
    """From `submitted` to `returned`, for the office to correct; the token carries `approve` or `publish`.

    With `publish` also what is approved.
    """
    return _moved(request, configured, by, number, "return", lang, why.reason)


@router.post("/submissions/{number}/withdraw", summary="Withdraw a submission")
def withdraw(request: Request, number: RowNumber, by: By, configured: Configured, lang: Lang = "en") -> Response:
    """Whatever is not published yet; the token carries `submit`."""
    return _moved(request, configured, by, number, "withdraw", lang)


@router.post("/submissions/{number}/comment", summary="Comment on a submission", status_code=201)
def comment(
    request: Request, number: RowNumber, said: CommentWords, by: By, configured: Configured, lang: Lang = "en"
) -> Response:
    """Words in its history; those who took part are told by mail. The token carries more than `read`."""
    if not any(by.may(right) for right in workflow.READERS):
        raise MoveNotAllowed("right", "A token that only reads makes no comment.")
    made = workflow.comment(configured, by, number, said.words, address_of(request, configured))
    return _answered(configured, by, made, "comment", lang, 201)


def _moved(
    request: Request, configured: Settings, by: By, number: int, move: str, lang: str, reason: str = ""
) -> Response:
    made = workflow.make(configured, by, number, move, reason=reason, address=address_of(request, configured))
    return _answered(configured, by, made, move if move in notices.SAID else "", lang)


def _answered(configured: Settings, by: By, made: Submission, said: str, lang: str, status: int = 200) -> Response:
    """The submission as it stands now; whoever acts next is told by mail afterwards."""
    findings = workflow.detail(configured, by, made.id)[1]
    told = BackgroundTask(notices.tell, configured, made, said, by.id)
    return JSONResponse(answer(configured, made, findings, lang), status, PRIVATE, background=told)
