"""``POST /api/v1/opinions``: opinions of a country by file or JSON, with a personal token; findings by row.

Words are in memory alone until they are redacted and sealed. The same rows sent again, and rows of the same
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
from dashboard.api import problems
from dashboard.api.access import address_of, allowed
from dashboard.api.parameters import Configured
from dashboard.api.submissions.upload import FileInMemory, HeldPart, receive
from dashboard.database.engine import open_engine, writing
from dashboard.delivery import store as delivery
from dashboard.settings import Settings
from dashboard.submissions.model import UploadRefused
from dashboard.submissions.reading import process
from dashboard.voice.inbox import NoKey, keyring
from dashboard.voice.intake import COLUMNS, Receipts, RefusedRow, as_given, speaks_of_integrity, take_rows
from dashboard.voice.model import FieldFault, Intake

router = APIRouter()

MOST_BYTES = 8 * 2**20
MOST_ROWS = 5_000
"""Of one request: larger files come in parts, or by ``python -m dashboard voice import``."""

MOST_FINDINGS = 1_000
MEMORY, SECONDS = 2**30, 30
"""What the reading of one file may take."""

PRIVATE = {"Cache-Control": "no-store"}
By = Annotated[Principal, Depends(allowed(Right.SUBMIT))]
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=100)]
_one_at_a_time = BoundedSemaphore(1)


@router.post("/opinions", summary="Send opinions", status_code=201)
async def opinions(request: Request, by: By, configured: Configured, key: Key = "") -> Response:
    """A form with the field `file` (CSV or XLSX, one head), or JSON `{"opinions": [{…}]}`: at most 5,000 rows and 8 MB.

    Columns: `centre`, `said_on`, `text`, `rating`, and others of the guide. Every row has an `id`, or the request the
    header `Idempotency-Key`, another one for each file: a repetition counts once, and who said the same as another
    counts too. Answers with how many were new, known and not taken, and what is wrong by row (1: below the head).
    """
    address = address_of(request, configured)
    unknown: list[str] = []
    if request.headers.get("content-type", "").partition(";")[0].strip() == "application/json":
        rows = _json(await _body(request))
    else:
        came = await receive(request, configured, lambda _: None, HeldPart, MOST_BYTES)
        assert isinstance(came.stored, FileInMemory)
        rows, unknown = await run_in_threadpool(_file, came.stored.body, came.filename, str(by.id))
    if not rows:
        raise UploadRefused("empty", "There is no row. Send a head and at least one opinion.")
    if not key and not all(row.get("id") for row in rows):  # two who said the same in two parts would be one
        raise UploadRefused(
            "no_id",
            "Give every row an “id”, or send the header Idempotency-Key: another value for each file, the same one when"
            " you send a file again.",
        )
    receipts, faults = await run_in_threadpool(_taken, configured, by, rows, key, address)
    return JSONResponse(_answer(receipts, faults, unknown), 201 if receipts.fresh else 200, PRIVATE)


async def fault(request: Request, error: Exception) -> Response:
    """What of citizens' voice was refused, as a problem document."""
    return problems.problem(request, 503 if isinstance(error, NoKey) else 422, str(error))


def _taken(
    configured: Settings, by: Principal, rows: list[Mapping[str, object]], key: str, address: str
) -> tuple[Receipts, tuple[RefusedRow, ...]]:
    if not _one_at_a_time.acquire(blocking=False):
        raise UploadRefused("busy", "Other opinions are being taken in just now. Send these again in a minute.")
    try:
        return _taken_now(configured, by, rows, key, address)
    finally:
        _one_at_a_time.release()


def _taken_now(
    configured: Settings, by: Principal, rows: list[Mapping[str, object]], key: str, address: str
) -> tuple[Receipts, tuple[RefusedRow, ...]]:
    if by.country not in people.countries_with(configured, Role.MODERATOR):
        raise UploadRefused(
            "no_reader", "Nobody is named to read the opinions of your country: ask an administrator first."
        )
    officer = by.country in people.countries_with(configured, Role.OFFICER)
    database = open_engine(configured)
    centres = {code: held[-1].country for code, held in delivery.centres(database, by.country).items()}

    def refused(one: Intake, country: str) -> FieldFault | None:
        if officer or not speaks_of_integrity(one, country):
            return None
        words = "text: this speaks of integrity, and your country has named no officer who could read it."
        return FieldFault("text", "no_officer", words)

    given = (_row(row, at, by.country, key) for at, row in enumerate(rows))
    receipts, faults = take_rows(database, keyring(configured), centres, given, datetime.now(UTC), refused=refused)
    with writing(database) as connection:
        after = {"rows": len(rows), "fresh": receipts.fresh, "not_taken": len({fault.row for fault in faults})}
        audit.record(
            connection, action="voice.sent", subject=f"opinions {by.country}", by=by, address=address, after=after
        )
    return receipts, faults


def _row(row: Mapping[str, object], at: int, country: str, key: str) -> dict[str, object]:
    named = row if row.get("id") or not key else {**row, "id": f"{key}\x1f{at}"}
    return as_given(named, country)


async def _body(request: Request) -> bytes:
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) > MOST_BYTES:
            raise UploadRefused("too_large", f"This is larger than {MOST_BYTES // 2**20} MB. Send it in parts.")
    return bytes(held)


def _json(body: bytes) -> list[Mapping[str, object]]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UploadRefused(
            "not_json", 'The body is no JSON. Send {"opinions": [{"centre": …, "text": …}]}.'
        ) from error
    rows = said.get("opinions") if isinstance(said, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UploadRefused("not_json", 'Send {"opinions": [{"centre": …, "text": …}]}: a list of objects.')
    if len(rows) > MOST_ROWS:
        raise UploadRefused(
            "too_many_rows", f"There are {len(rows):,} opinions; at most {MOST_ROWS:,} are taken at once."
        )
    return rows


def _file(body: bytes, name: str, who: str = "") -> tuple[list[Mapping[str, object]], list[str]]:
    """Rows below the head, and the names of columns that are not read."""
    job = {"body": body, "name": name[:200], "most": MOST_ROWS}
    answer = process.run(
        "dashboard.submissions.reading.table:read", job, memory=MEMORY, seconds=SECONDS, quiet=True, who=who
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


def _answer(receipts: Receipts, faults: Iterable[RefusedRow], unknown: list[str]) -> dict[str, Any]:
    found = list(faults)
    return {
        "new": receipts.fresh,
        "known": receipts.known,
        "not_taken": len({one.row for one in found}),
        "columns_not_read": unknown,
        "findings": [
            {"row": one.row, "field": one.fault.field, "rule": one.fault.rule, "message": one.fault.message}
            for one in found[:MOST_FINDINGS]
        ],
        "more_findings": max(0, len(found) - MOST_FINDINGS),
    }
