"""Submissions by personal token: send a file, read its findings, download it with them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from dashboard.accounts.model import Principal
from dashboard.contributions.submissions import inbox, intake, removal, workflow
from dashboard.contributions.submissions.keeping.quota import Room
from dashboard.contributions.submissions.kinds.registry import kind_of
from dashboard.contributions.submissions.kinds.survey import find_survey_file
from dashboard.contributions.submissions.microdata import retention
from dashboard.contributions.submissions.model import (
    Finding,
    MoveNotAllowed,
    ReadingBusy,
    Submission,
    SubmissionError,
    SubmissionUnknown,
    UploadRefused,
)
from dashboard.contributions.submissions.removal import Removes
from dashboard.contributions.submissions.workbooks.changes import removed_of, withdrawals_of
from dashboard.contributions.submissions.workbooks.marked import mark_file
from dashboard.contributions.submissions.workbooks.words import finding_text
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.api import problems
from dashboard.interfaces.api.access import find_caller, get_address
from dashboard.interfaces.api.answers import XLSX
from dashboard.interfaces.api.parameters import Configured, RowNumber
from dashboard.interfaces.api.submissions.public import Lang
from dashboard.interfaces.api.submissions.rows import BODY, is_json, receive_rows
from dashboard.interfaces.api.submissions.upload import read_dataset, read_intent, receive_form
from dashboard.locales import DESK_LANGUAGES
from dashboard.settings import Settings

router = APIRouter()

PRIVATE = {"Cache-Control": "no-store"}
By = Annotated[Principal, Depends(find_caller)]
STATUS_BY_CODE = {
    "too_large": 413, "quota_bytes": 413, "quota_files": 429, "right": 403, "four_eyes": 403, "waits": 403,
    "held": 403, "chained": 403, "sender": 403, "approver": 403, "own": 403, "state": 409, "closed": 409,
    "closed_since": 409, "taken": 409, "removes": 409, "removal_number": 409, "removes_nothing": 409, "too_near": 409,
    "assigned_since": 409, "asked": 409, "revised_since": 409, "counts_stay": 409, "contested": 409, "busy": 409,
    "no_reader": 409, "reading": 503, "disk": 503, "pull_unknown": 404,
}  # fmt: skip
"""HTTP status of a refusal by its code; all others are 422."""


async def answer_refusal(request: Request, error: Exception) -> Response:
    """Return a refusal as a problem document."""
    assert isinstance(error, SubmissionError)
    if isinstance(error, SubmissionUnknown):
        return problems.build_problem(request, 404, str(error), slug="unknown-submission", title="Unknown submission")
    code = error.code if isinstance(error, UploadRefused | MoveNotAllowed | ReadingBusy) else ""
    slug = f"submission-{code.replace('_', '-')}"
    retry = {"Retry-After": str(error.seconds)} if isinstance(error, ReadingBusy) else {}
    status = STATUS_BY_CODE.get(code, 422)
    extensions = {"removes": [figure.as_json() for figure in error.figures]} if isinstance(error, Removes) else {}
    return problems.build_problem(
        request, status, str(error), slug=slug, title="Not taken", code=code, headers=retry, **extensions
    )


@router.post("/submissions", summary="Send figures", status_code=201, openapi_extra=BODY)
async def send_submission(
    request: Request,
    by: By,
    configured: Configured,
    key: Annotated[str, Header(alias="Idempotency-Key", max_length=100)] = "",
) -> Response:
    """A form with the fields `period` (the year), `lang`, and then `file`; answers with every finding.

    Or JSON: the same fields, `method` as an object, and `rows`, objects by the template's columns (`indicator`,
    `breakdown`, `value` …), 5 MB at most.

    A file that has no sheet *Method* (CSV, SDMX) is sent with `method.method` (`household_survey`, `user_survey`,
    `registers` or `estimate`), `method.who`, `method.population`, `method.period_of_work` before it, and what else the
    template's *Method* asks (`sample_size`, `question`, `scale`, `mode`, `legal_basis`, `address`, `definition_used`,
    `own_definition`, `numerator_counts`, `denominator_counts`, `interval_level`). Figures of one indicator that were
    made otherwise say so under its code, `method.nps.method`: a field that is left out there is as for all, unless the
    way itself is another. `method.nps.same` sets aside what the file says of it apart.

    `intent` says what the file is to its year: `corrects` (the default) adds and corrects, and what it does not name
    stays published; `replaces` is the whole year, and what it does not name is removed, once its number is typed
    (`…/release`). A row with the reason `withdrawn` and words in its note takes one figure back. Surveys and
    activities are always `replaces`; of counts each report stands for itself.

    Monthly counts of services: `dataset` is `counts`, and `period` the month, such as `2026-10`.

    The same file sent again with the same `Idempotency-Key` makes no second submission; another one is refused with it
    (422, `key`). 503 says that the file is kept and that others are being read: sent again with the same key after
    `Retry-After`, it is checked.
    """
    address = get_address(request, configured)

    def ready(fields: Mapping[str, str]) -> Room:
        intake.stated(fields)
        read_intent(fields)
        return intake.may_send(configured, by, read_dataset(fields), fields.get("period", ""), key)

    came = await (receive_rows if is_json(request) else receive_form)(request, configured, ready)
    assert came.stored is not None
    lang = came.fields.get("lang", by.language)
    lang = lang if lang in DESK_LANGUAGES else "en"

    def work() -> tuple[Submission, list[Finding]]:
        assert came.stored is not None
        made = intake.receive(
            configured,
            by,
            came.stored,
            filename=came.filename,
            period=came.fields["period"],
            lang=lang,
            dataset=read_dataset(came.fields),
            intent=read_intent(came.fields),
            stated=intake.stated(came.fields),
            key=key,
            address=address,
        )
        sent = (read_dataset(came.fields), came.fields["period"], came.stored.sha256)
        if (made.dataset, made.period, made.sha256) != sent:
            intake.forget(configured, came.stored)
            raise UploadRefused(
                "key",
                f"Other figures came with this Idempotency-Key before, as submission {made.id}, and these were not "
                "taken: send each file with a key of its own.",
            )
        if made.state == "draft":
            try:
                made = intake.check(configured, load_codebook(), by, made.id)
            except ReadingBusy as error:
                raise ReadingBusy(
                    f"The file is kept as submission {made.id} and is not checked yet: others are being read. Send it "
                    f"again with the same Idempotency-Key in a minute, or have it checked at /contribute/{made.id}."
                ) from error
        return made, workflow.detail(configured, by, made.id)[1]

    made, findings = await run_in_threadpool(work)
    headers = {**PRIVATE, "Location": f"/api/v1/submissions/{made.id}"}
    return JSONResponse(await run_in_threadpool(describe_submission, configured, made, findings, lang), 201, headers)


@router.get("/submissions/{number}", summary="A submission with its findings")
def submission(number: RowNumber, by: By, configured: Configured, lang: Lang = "en") -> Response:
    """State, counts and every finding in words; the contributor's, approver's and reviewer's own only."""
    stored, findings, _ = workflow.detail(configured, by, number)
    return JSONResponse(describe_submission(configured, stored, findings, lang), headers=PRIVATE)


class Release(BaseModel):
    """How many published figures a submission removes."""

    model_config = ConfigDict(extra="forbid", strict=True)

    figures: int = Field(ge=1, le=1_000_000, description="How many figures stand in `removes`.")


@router.post("/submissions/{number}/release", summary="Release the removal of published figures")
def release(
    request: Request, number: RowNumber, asked: Release, by: By, configured: Configured, lang: Lang = "en"
) -> Response:
    """Answer for the published figures that a submission removes (`removes`), by their number; the contributor's own.

    The token carries `submit`.

    A submission that removes figures is neither submitted nor approved nor published without. Where what is published
    changes afterwards, so that other figures would go, it has to be released again.
    """
    made = workflow.release(configured, load_codebook(), by, number, asked.figures, get_address(request, configured))
    findings = workflow.detail(configured, by, number)[1]
    return JSONResponse(describe_submission(configured, made, findings, lang), headers=PRIVATE)


@router.get("/submissions/{number}/marked.xlsx", summary="The file with its findings", response_class=Response)
def download_marked_file(number: RowNumber, by: By, configured: Configured, lang: Lang = "en") -> Response:
    """The ministry's own workbook: a comment in each cell concerned, and a sheet of all findings."""
    return build_marked_file(configured, by, number, lang)


@router.get("/submissions/{number}/destruction.json", summary="Receipt of a survey file's destruction")
def read_destruction(number: RowNumber, by: By, configured: Configured) -> Response:
    """When and why the microdata of a submission were destroyed; the contributor's, approver's and reviewer's own."""
    submission = workflow.see(configured, by, number)
    document = retention.receipt(find_survey_file(configured, number), submission.sha256)
    if not document:
        raise SubmissionUnknown("The survey file of this submission has not been destroyed yet.")
    return JSONResponse(document, headers=PRIVATE)


def build_marked_file(configured: Settings, by: Principal, number: int, lang: str) -> Response:
    """Return the file of a submission with its findings, to save."""
    stored, findings, _ = workflow.detail(configured, by, number)
    if kind_of(stored).is_sealed:
        raise MoveNotAllowed("survey", "A survey file never leaves: its findings are on the page.")
    if stored.state == "draft" or not stored.sha256:
        raise MoveNotAllowed("state", f"Submission {number} has not been checked: there are no findings to mark.")
    path, work = inbox.path_of(configured, stored.sha256), inbox.unfinished(configured)
    body = mark_file(path, stored.filename, findings, lang, work=work, who=str(by.id))
    name = f'attachment; filename="submission_{number}_findings.xlsx"'
    return Response(body, 200, {**PRIVATE, "Content-Disposition": name}, XLSX)


def describe_submission(configured: Settings, stored: Submission, findings: list[Finding], lang: str) -> dict[str, Any]:
    """Return a submission as JSON, naming offices but no account."""
    removes = removed_of(configured, stored)
    released = stored.released if removal.is_released(removes, stored.released) else {}
    return {
        "id": stored.id,
        "country": stored.country,
        "period": stored.period,
        "state": stored.state,
        "file": {"name": stored.filename, "sha256": stored.sha256, "bytes": stored.size},
        "rows": stored.rows,
        "counts": dict(stored.counts),
        "dataset": stored.dataset,
        "intent": stored.intent,
        "unknown_columns": [head for head, (field, _) in stored.asked.items() if not field],
        "submitted_by": stored.submitted_office,
        "approved_by": stored.approved_office,
        "method": dict(stored.method),
        "methods": {entry: dict(fields) for entry, fields in sorted(stored.methods.items())},
        "vintage": stored.vintage,
        "reason": stored.reason,
        "removes": [entry.as_json() for entry in removes],
        "withdraws": [entry.as_json() for entry in withdrawals_of(configured, stored)],
        "released": {name: released[name] for name in ("count", "office", "at")} if released else None,
        "findings": [_describe_finding(finding, lang) for finding in findings],
    }


def _describe_finding(finding: Finding, lang: str) -> dict[str, Any]:
    words = finding_text(finding, lang)
    return {
        "rule": finding.rule, "severity": finding.severity, "sheet": finding.sheet, "row": finding.row,
        "column": finding.column, "read": finding.read, "expected": words.expected, "todo": words.todo,
    }  # fmt: skip
