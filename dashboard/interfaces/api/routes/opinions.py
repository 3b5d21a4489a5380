"""Send opinions of a country by file or JSON with a personal token, and read their state.

Words stay in memory until they are redacted and sealed. The same rows sent again, and rows of the same
``Idempotency-Key``, count once.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from threading import BoundedSemaphore
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.accounts import audit, people
from dashboard.accounts.model import Principal, Right, Role
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.submissions.model import UploadRefused
from dashboard.contributions.submissions.reading import process
from dashboard.contributions.voice.inbox import NoKey, keyring
from dashboard.contributions.voice.intake import COLUMNS, Receipts, RefusedRow, as_given, speaks_of_integrity, take_rows
from dashboard.contributions.voice.model import FieldFault, Intake
from dashboard.contributions.voice.moderation.store import add_batch, list_batches_of
from dashboard.contributions.voice.tables import VoiceBatch
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.interfaces.api import problems
from dashboard.interfaces.api.access import get_address, require_right
from dashboard.interfaces.api.parameters import Configured
from dashboard.interfaces.api.submissions.upload import FileInMemory, HeldPart, receive_form
from dashboard.settings import Settings

router = APIRouter()

MAX_BYTES = 8 * 2**20
MAX_ROWS = 5_000
"""Rows of a request: larger files come in parts, or by ``python -m dashboard voice import``."""

MAX_FINDINGS = 1_000
MAX_BATCHES = 100
MEMORY_BYTES, TIMEOUT_S = 2**30, 30
"""What the reading of one file may take."""

PRIVATE = {"Cache-Control": "no-store"}
By = Annotated[Principal, Depends(require_right(Right.SUBMIT))]
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=100)]
_one_at_a_time = BoundedSemaphore(1)


@router.post("/opinions", summary="Send opinions", status_code=201)
async def send_opinions(request: Request, by: By, configured: Configured, key: Key = "") -> Response:
    """A form with the field `file` (CSV or XLSX, one head), or JSON `{"opinions": [{…}]}`: at most 5,000 rows and 8 MB.

    What is taken waits as a batch: nothing of it is sorted, counted or released before a moderator of the country of
    another line of invitation approves it.

    Columns: `centre`, `said_on`, `text`, `rating`, and others of the guide. Every row has an `id`, or the request the
    header `Idempotency-Key`, another one for each file: a repetition counts once, and who said the same as another
    counts too. Answers with how many were new, known and not taken, and what is wrong by row (1: below the head).
    """
    address = get_address(request, configured)
    unknown: list[str] = []
    if request.headers.get("content-type", "").partition(";")[0].strip() == "application/json":
        rows = _parse_json(await _read_body(request))
    else:
        form = await receive_form(request, configured, lambda _: None, HeldPart, MAX_BYTES)
        assert isinstance(form.stored, FileInMemory)
        rows, unknown = await run_in_threadpool(_read_file, form.stored.body, form.filename, str(by.id))
    if not rows:
        raise UploadRefused("empty", "There is no row. Send a head and at least one opinion.")
    if not key and not all(row.get("id") for row in rows):  # two who said the same in two parts would be one
        raise UploadRefused(
            "no_id",
            "Give every row an “id”, or send the header Idempotency-Key: another value for each file, the same one when"
            " you send a file again.",
        )
    receipts, faults = await run_in_threadpool(_take_alone, configured, by, rows, key, address)
    return JSONResponse(_describe_receipts(receipts, faults, unknown), 201 if receipts.fresh else 200, PRIVATE)


@router.get("/opinions", summary="State of the opinions sent", dependencies=[Depends(problems.refuse_unknown)])
async def list_batches(by: By, configured: Configured) -> Response:
    """Batches that the token's account sent, the newest hundred: `state` is `waiting`, `approved` or `refused`."""
    found = await run_in_threadpool(lambda: list_batches_of(open_engine(configured), by.id, MAX_BATCHES))
    rows = [batch.model_dump(mode="json", include={"id", "sent_at", "state", "decided_at"}) for batch in found]
    return JSONResponse({"batches": rows}, headers=PRIVATE)


async def answer_voice_error(request: Request, error: Exception) -> Response:
    """Return a refusal of citizens' voice as a problem document."""
    return problems.build_problem(request, 503 if isinstance(error, NoKey) else 422, str(error))


def _take_alone(
    configured: Settings, by: Principal, rows: list[Mapping[str, object]], key: str, address: str
) -> tuple[Receipts, tuple[RefusedRow, ...]]:
    if not _one_at_a_time.acquire(blocking=False):
        raise UploadRefused("busy", "Other opinions are being taken in just now. Send these again in a minute.")
    try:
        return _take_opinions(configured, by, rows, key, address)
    finally:
        _one_at_a_time.release()


def _take_opinions(
    configured: Settings, by: Principal, rows: list[Mapping[str, object]], key: str, address: str
) -> tuple[Receipts, tuple[RefusedRow, ...]]:
    if by.country not in people.list_countries_with(configured, Role.MODERATOR):
        raise UploadRefused(
            "no_reader", "Nobody is named to read the opinions of your country: ask an administrator first."
        )
    officer = by.country in people.list_countries_with(configured, Role.OFFICER)
    database = open_engine(configured)
    centres = {code: versions[-1].country for code, versions in delivery.centres(database, by.country).items()}

    def refused(intake: Intake, country: str) -> FieldFault | None:
        if officer or not speaks_of_integrity(intake, country):
            return None
        words = "text: this speaks of integrity, and your country has named no officer who could read it."
        return FieldFault("text", "no_officer", words)

    named_rows = (_name_row(row, number, by.country, key) for number, row in enumerate(rows))
    keys, now = keyring(configured), datetime.now(UTC)
    batch = add_batch(database, VoiceBatch(country=by.country, sender=by.id, office=by.office, sent_at=now))
    receipts, faults = take_rows(database, keys, centres, named_rows, now, refused=refused, batch=batch)
    with writing(database) as connection:
        after = {
            "batch": batch,
            "rows": len(rows),
            "fresh": receipts.fresh,
            "not_taken": len({fault.row for fault in faults}),
        }
        audit.record(
            connection, action="voice.sent", subject=f"opinions {by.country}", by=by, address=address, after=after
        )
    return receipts, faults


def _name_row(row: Mapping[str, object], number: int, country: str, key: str) -> dict[str, object]:
    identified = row if row.get("id") or not key else {**row, "id": f"{key}\x1f{number}"}
    return as_given(identified, country)


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BYTES:
            raise UploadRefused("too_large", f"This is larger than {MAX_BYTES // 2**20} MB. Send it in parts.")
    return bytes(body)


def _parse_json(body: bytes) -> list[Mapping[str, object]]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UploadRefused(
            "not_json", 'The body is no JSON. Send {"opinions": [{"centre": …, "text": …}]}.'
        ) from error
    rows = document.get("opinions") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UploadRefused("not_json", 'Send {"opinions": [{"centre": …, "text": …}]}: a list of objects.')
    if len(rows) > MAX_ROWS:
        raise UploadRefused(
            "too_many_rows", f"There are {len(rows):,} opinions; at most {MAX_ROWS:,} are taken at once."
        )
    return rows


def _read_file(body: bytes, name: str, who: str = "") -> tuple[list[Mapping[str, object]], list[str]]:
    """Return the rows below the header, and the names of unknown columns."""
    job = {"body": body, "name": name[:200], "most": MAX_ROWS}
    answer = process.run(
        "dashboard.contributions.submissions.reading.table:read",
        job,
        memory=MEMORY_BYTES,
        seconds=TIMEOUT_S,
        quiet=True,
        who=who,
    )
    cells: list[list[str]] = answer["rows"]
    if not cells:
        return [], []
    head = [cell.strip().lower() for cell in cells[0]]
    if "centre" not in head:
        raise UploadRefused(
            "head", f"The first row names the columns; “centre” is needed. There are: {', '.join(COLUMNS)}."
        )
    twice = sorted({name for name in head if name in COLUMNS and head.count(name) > 1})
    if twice:
        raise UploadRefused("head", f"The column “{twice[0]}” is there twice.")
    rows = [dict(zip(head, row, strict=True)) for row in cells[1:] if any(cell.strip() for cell in row)]
    return [*rows], [name[:60] for name in head if name and name not in COLUMNS]


def _describe_receipts(receipts: Receipts, faults: Iterable[RefusedRow], unknown: list[str]) -> dict[str, Any]:
    listed = list(faults)
    return {
        "new": receipts.fresh,
        "known": receipts.known,
        "not_taken": len({fault.row for fault in listed}),
        "columns_not_read": unknown,
        "findings": [
            {"row": fault.row, "field": fault.fault.field, "rule": fault.fault.rule, "message": fault.fault.message}
            for fault in listed[:MAX_FINDINGS]
        ],
        "more_findings": max(0, len(listed) - MAX_FINDINGS),
    }
