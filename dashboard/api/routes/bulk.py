"""The dataset as whole files with checksums and ranges, and what catalogues and dataset searches are told of it."""

from base64 import b64encode
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.api.answers import EXPOSED, LIVE, answer, compact, public_base, unchanged
from dashboard.api.parameters import DatasetQuestion, Question
from dashboard.api.routes.read import FAULTS, INVALID, content, opened
from dashboard.api.routes.rows import read_selection
from dashboard.protection.admission import WorkPlaces
from dashboard.services.base.context import Context
from dashboard.services.bulk import catalogue, files
from dashboard.services.bulk.files import WHOLE, BulkFile, Form
from dashboard.services.holdings.observations import Selection
from dashboard.services.public import shapes
from dashboard.settings import settings

router = APIRouter()

Parameters = Annotated[DatasetQuestion, Query()]
JSON_LD = "application/ld+json"
_making = WorkPlaces(1)
"""One file is made at a time."""


async def _ready(request: Request, ctx: Context, selection: Selection, form: Form) -> BulkFile:
    """The file, made if it is not there. Its order is that of the dataset: indicator, country, period, breakdown."""
    file = await run_in_threadpool(files.find_file, ctx, selection, form)
    if file is not None:
        return file
    return await _making.made(
        request,
        lambda: files.find_file(ctx, selection, form),
        lambda: files.make_file(ctx, selection, form),
    )


def _unmodified(request: Request, ctx: Context) -> bool:
    """Whether the vintage is no newer than the day the client has (RFC 9110, 13.1.3: only without an ETag)."""
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
async def dataset_about(request: Request, question: Parameters) -> Response:
    """Each form with its address, size and SHA-256; rows, columns, and the series that are left out."""
    ctx = await opened(question)
    selection = await run_in_threadpool(read_selection, ctx, question)
    made = [await _ready(request, ctx, selection, form) for form in files.MEDIA]
    query = f"?{request.url.query}" if request.url.query else ""
    base = public_base(request, settings())

    def tell() -> bytes:
        return compact(
            shapes.BulkFiles(
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
        )

    return await answer(request, ctx, ("dataset.json", selection, base, query), tell)


@router.get("/catalog.jsonld", summary="The dataset for data catalogues (DCAT-AP 3)", response_class=Response,
            responses=content(JSON_LD, "A dcat:Catalog."))  # fmt: skip
async def dcat(request: Request, question: Annotated[Question, Query()]) -> Response:
    """The whole dataset with its files, one dataset for each indicator with figures, and this API, as DCAT-AP 3."""
    ctx = await opened(question)
    made = [await _ready(request, ctx, WHOLE, form) for form in files.MEDIA]
    base = public_base(request, settings())
    return await answer(
        request, ctx, ("dcat", base), lambda: compact(catalogue.write_dcat(ctx, made, base)), JSON_LD, "catalog.jsonld"
    )


@router.get("/dataset.croissant.json", summary="The dataset for machine learning (Croissant 1.1)",
            response_class=Response, responses={**INVALID, **content(JSON_LD, "A schema.org Dataset.")})  # fmt: skip
async def croissant(request: Request, question: Annotated[Question, Query()]) -> Response:
    """The dataset as Croissant: its Parquet file with the checksum, and every column with its type and meaning."""
    ctx = await opened(question)
    parquet = await _ready(request, ctx, WHOLE, "parquet")
    base = public_base(request, settings())
    return await answer(
        request,
        ctx,
        ("croissant", base),
        lambda: compact(catalogue.write_croissant(ctx, parquet, base)),
        JSON_LD,
        "dataset.croissant.json",
    )


@router.get(
    "/dataset.{form}",
    summary="The dataset as a file",
    response_class=FileResponse,
    responses={
        **content("application/octet-stream", "Parquet, Arrow (IPC file), CSV packed by Zstandard, or a data package."),
        206: {"description": "The part asked for with `Range`."},
        304: {"description": "The client has these bytes already."},
        416: {"description": "The range lies outside of the file."},
    },
)
async def dataset_file(
    request: Request, form: Annotated[Form, Path(description="Form of the file.")], question: Parameters
) -> Response:
    """All figures in force, or those of indicators, countries and years, with every column of the dataset.

    `parquet`, `arrow` and `csv.zst` are one table; `zip` is a Frictionless Data Package: the rows as CSV, the codebook,
    the licences. `Repr-Digest` is the SHA-256 of the file (RFC 9530); `Range`, `If-Range`, `If-None-Match` and
    `If-Modified-Since` are answered. Series whose publisher forbids to pass them on are left out: `dataset.json` names
    them.
    """
    ctx = await opened(question)
    selection = await run_in_threadpool(read_selection, ctx, question)
    file = await _ready(request, ctx, selection, form)
    headers: dict[str, Any] = {
        "ETag": f'"{file.sha256[:32]}"',
        "Last-Modified": format_datetime(ctx.dataset.created_at.astimezone(UTC), usegmt=True),
        "Cache-Control": LIVE,
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": f"{EXPOSED}, Repr-Digest, Content-Range, Accept-Ranges, Last-Modified",
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(file.sha256)).decode()}:",
    }
    if unchanged(request, headers["ETag"]) or _unmodified(request, ctx):
        return Response(status_code=304, headers=headers)
    if not request.headers.get("range", "bytes=").lower().startswith("bytes="):  # another unit is as if there were none
        request.scope["headers"] = [pair for pair in request.scope["headers"] if pair[0] != b"range"]
    name = f"asan-sdg-monitor_{ctx.dataset.name}.{form}"
    return FileResponse(file.path, headers=headers, media_type=files.MEDIA[form], filename=name)
