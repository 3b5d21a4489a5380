"""The dataset as whole files with checksums and ranges, and its descriptions for catalogues."""

from base64 import b64encode
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.answers.base.context import Context
from dashboard.answers.bulk import catalogue, files
from dashboard.answers.bulk.files import WHOLE, BulkFile, Form
from dashboard.answers.holdings.observations import Selection
from dashboard.answers.public import shapes
from dashboard.interfaces.api.answers import EXPOSED_HEADERS, LIVE, answer, get_public_base, is_unchanged
from dashboard.interfaces.api.parameters import DatasetQuestion, Question
from dashboard.interfaces.api.routes.read import FAULTS, INVALID, describe_content, open_question
from dashboard.interfaces.api.routes.rows import read_selection
from dashboard.interfaces.protection.admission import WorkPlaces
from dashboard.settings import settings

router = APIRouter()

Parameters = Annotated[DatasetQuestion, Query()]
JSON_LD = "application/ld+json"
_making = WorkPlaces(1)
"""Files are made one at a time."""


async def _prepare_file(request: Request, ctx: Context, selection: Selection, form: Form) -> BulkFile:
    """Return a file of the dataset, made if it is missing, in the dataset's order."""
    find = partial(files.find_file, ctx, selection, form)
    file = await run_in_threadpool(find)
    if file is not None:
        return file
    return await _making.run(request, find, partial(files.make_file, ctx, selection, form))


def _is_unmodified(request: Request, ctx: Context) -> bool:
    """Return True if the client's copy is current (RFC 9110, 13.1.3: only without an ETag)."""
    since = request.headers.get("if-modified-since")
    if since is None or "if-none-match" in request.headers:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return moment.tzinfo is not None and ctx.dataset.created_at.replace(microsecond=0) <= moment


@router.get("/dataset.json", summary="Which files of the dataset there are", response_model=shapes.BulkFiles,
            responses=FAULTS)  # fmt: skip
async def list_files(request: Request, question: Parameters) -> Response:
    """Each form with its address, size and SHA-256; rows, columns, and the series that are left out."""
    ctx = await open_question(question)
    selection = await run_in_threadpool(read_selection, ctx, question)
    made = [await _prepare_file(request, ctx, selection, form) for form in files.MEDIA]
    query = f"?{request.url.query}" if request.url.query else ""
    base = get_public_base(request, settings())

    def describe() -> shapes.BulkFiles:
        return shapes.BulkFiles(
            dataset=ctx.dataset.name,
            as_of=ctx.today.isoformat(),
            rows=files.count_rows(ctx, selection),
            withheld=[f"{source}/{series}" for source, series in files.list_withheld(ctx, selection)],
            files=[
                shapes.BulkFile(
                    form=file.form,
                    media_type=files.MEDIA[file.form],
                    url=f"{base}/api/v1/dataset.{file.form}{query}",
                    bytes=file.size,
                    sha256=file.sha256,
                )
                for file in made
            ],
        )

    return await answer(request, ctx, ("dataset.json", selection, base, query), describe)


@router.get("/catalog.jsonld", summary="The dataset for data catalogues (DCAT-AP 3)", response_class=Response,
            responses=describe_content(JSON_LD, "A dcat:Catalog."))  # fmt: skip
async def download_dcat(request: Request, question: Annotated[Question, Query()]) -> Response:
    """The whole dataset with its files, one dataset for each indicator with figures, and this API, as DCAT-AP 3."""
    ctx = await open_question(question)
    made = [await _prepare_file(request, ctx, WHOLE, form) for form in files.MEDIA]
    base = get_public_base(request, settings())
    return await answer(
        request,
        ctx,
        ("dcat", base),
        lambda: catalogue.write_dcat(ctx, made, base),
        JSON_LD,
        "catalog.jsonld",
    )


@router.get("/dataset.croissant.json", summary="The dataset for machine learning (Croissant 1.1)",
            response_class=Response,
            responses={**INVALID, **describe_content(JSON_LD, "A schema.org Dataset.")})  # fmt: skip
async def download_croissant(request: Request, question: Annotated[Question, Query()]) -> Response:
    """The dataset as Croissant: its Parquet file with the checksum, and every column with its type and meaning."""
    ctx = await open_question(question)
    parquet = await _prepare_file(request, ctx, WHOLE, "parquet")
    base = get_public_base(request, settings())
    return await answer(
        request,
        ctx,
        ("croissant", base),
        lambda: catalogue.write_croissant(ctx, parquet, base),
        JSON_LD,
        "dataset.croissant.json",
    )


@router.get(
    "/dataset.{form}",
    summary="The dataset as a file",
    response_class=FileResponse,
    responses={
        **describe_content(
            "application/octet-stream", "Parquet, Arrow (IPC file), CSV packed by Zstandard, or a data package."
        ),
        206: {"description": "The part asked for with `Range`."},
        304: {"description": "The client has these bytes already."},
        416: {"description": "The range lies outside of the file."},
    },
)
async def download_dataset(
    request: Request, form: Annotated[Form, Path(description="Form of the file.")], question: Parameters
) -> Response:
    """All figures in force, or those of indicators, countries and years, with every column of the dataset.

    `parquet`, `arrow` and `csv.zst` are one table; `zip` is a Frictionless Data Package: the rows as CSV, the codebook,
    the licences. `Repr-Digest` is the SHA-256 of the file (RFC 9530); `Range`, `If-Range`, `If-None-Match` and
    `If-Modified-Since` are answered. Series whose publisher forbids to pass them on are left out: `dataset.json` names
    them.
    """
    ctx = await open_question(question)
    selection = await run_in_threadpool(read_selection, ctx, question)
    file = await _prepare_file(request, ctx, selection, form)
    headers: dict[str, Any] = {
        "ETag": f'"{file.sha256[:32]}"',
        "Last-Modified": format_datetime(ctx.dataset.created_at.astimezone(UTC), usegmt=True),
        "Cache-Control": LIVE,
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": f"{EXPOSED_HEADERS}, Repr-Digest, Content-Range, Accept-Ranges, Last-Modified",
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(file.sha256)).decode()}:",
    }
    if is_unchanged(request, headers["ETag"]) or _is_unmodified(request, ctx):
        return Response(status_code=304, headers=headers)
    if not request.headers.get("range", "bytes=").lower().startswith("bytes="):  # another unit is as if there were none
        request.scope["headers"] = [pair for pair in request.scope["headers"] if pair[0] != b"range"]
    name = f"asan-sdg-monitor_{ctx.dataset.name}.{form}"
    return FileResponse(file.path, headers=headers, media_type=files.MEDIA[form], filename=name)
