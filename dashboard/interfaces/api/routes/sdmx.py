"""SDMX: REST 2.x with SDMX 3.0 (``/api/sdmx/v2``), REST 1.x with SDMX 2.1 (``/api/sdmx/v1``), never mixed."""

import hashlib
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any
from weakref import WeakSet

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from dashboard.analysis.sdmx.accept import MediaForm, choose_form
from dashboard.analysis.sdmx.markup import write_xml
from dashboard.analysis.sdmx.model import Artefacts, DataFlow, DataMessage, Generation, MetadataReport, QueryRefused
from dashboard.analysis.sdmx.objects import write_json
from dashboard.analysis.sdmx.query import DataQuery, read_query_v1, read_query_v2, split_parameters
from dashboard.analysis.sdmx.structures_json import write_reports_json, write_structures_json
from dashboard.analysis.sdmx.structures_xml import write_reports, write_structures
from dashboard.analysis.sdmx.tables import write_csv
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Busy
from dashboard.answers.base.stamp import write_stamp
from dashboard.answers.sdmx import availability, metadata, report, rows
from dashboard.answers.sdmx.artefacts import find_artefacts, match_name, match_version
from dashboard.answers.sdmx.structures import AGENCY, find_report_flow, list_flows
from dashboard.answers.sdmx.views import MappingReport, SdmxEntry
from dashboard.interfaces.api.answers import (
    CSV,
    EXPOSED_HEADERS,
    LIVE,
    answer,
    compute_tag,
    get_public_base,
    is_unchanged,
    may_compress,
)
from dashboard.interfaces.api.contract.sdmx import (
    DATA_V1,
    DATA_V2,
    METADATA,
    QUERY_V1,
    QUERY_V2,
    STRUCTURE_V1,
    STRUCTURE_V2,
    V1,
    V2,
    SdmxRoute,
    describe_parameters,
    find_generation,
)
from dashboard.interfaces.api.parameters import Configured
from dashboard.interfaces.api.problems import refuse_unknown
from dashboard.settings import settings

MAX_WRITING = 2
"""Data answers written at once; further requests are asked to come again."""


class WritingPlace:
    """An answer being written; it ends with the stream that holds it, read to its end or not."""


writing: "WeakSet[WritingPlace]" = WeakSet()


router = APIRouter(route_class=SdmxRoute)


def _choose_form(request: Request, kind: Any) -> MediaForm:
    parameters = dict(pair.partition("=")[::2] for pair in request.url.query.split("&"))
    return choose_form(request.headers.get("accept", ""), parameters.get("format", ""), find_generation(request), kind)


def _describe_message(ctx: Context, request: Request) -> tuple[str, str, str]:
    """Return id, moment and sender of a message, equal for equal questions to the same dataset."""
    made_of = f"{write_stamp(ctx)} {request.url.path}?{request.url.query}"
    return f"M{hashlib.sha256(made_of.encode()).hexdigest()[:24]}", rows.format_moment(ctx.dataset.created_at), AGENCY


def _find_flow(ctx: Context, agency: str, id_: str, version: str, by_structure: bool = False) -> DataFlow:
    flows = list_flows(ctx)
    found = [
        flow
        for flow in flows.values()
        for name in [flow.structure.name if by_structure else flow.name]
        if match_name(agency, name.agency) and match_name(id_, name.id) and match_version(version, name.version)
    ]
    there = ", ".join(str(flow.name) for flow in flows.values())
    if not found:
        raise QueryRefused(100, f"There is no such dataflow; there are {there}.")
    if len(found) > 1:
        raise QueryRefused(501, f"One dataflow is answered at a time; there are {there}.")
    return found[0]


async def _send(
    request: Request, ctx: Context, form: MediaForm, make: Callable[[], Iterator[bytes]], filename: str
) -> Response:
    """A message in a stream, compressed where that is wished for; 304 before any work."""
    coding = "gzip" if may_compress(request) else ""
    tag = compute_tag(write_stamp(ctx), (ctx.key, request.url.path, request.url.query, form.header), coding)
    headers = {
        "ETag": tag,
        "Cache-Control": LIVE,
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": EXPOSED_HEADERS,
        "Content-Type": form.header,
        "Vary": "Accept, Accept-Encoding",
        "Last-Modified": f"{ctx.dataset.created_at:%a, %d %b %Y %H:%M:%S} GMT",
        "Content-Disposition": f'inline; filename="{filename}.{form.form}"',
    }
    if is_unchanged(request, tag):
        del headers["Content-Type"]
        return Response(status_code=304, headers=headers)
    if len(writing) >= MAX_WRITING:
        raise Busy("Too many SDMX messages are being written just now; try again in some seconds.", 10)
    place = WritingPlace()
    writing.add(place)
    try:
        chunks = await run_in_threadpool(make)
        first = await run_in_threadpool(next, chunks, b"")
    except BaseException:
        writing.discard(place)
        raise
    if coding:
        headers["Content-Encoding"] = coding
    return StreamingResponse(_stream(first, chunks, coding, place), headers=headers)


async def _stream(first: bytes, chunks: Iterator[bytes], coding: str, place: WritingPlace) -> AsyncIterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31) if coding else None
    try:
        if piece := packer.compress(first) if packer else first:
            yield piece
        async for chunk in iterate_in_threadpool(chunks):
            if piece := packer.compress(chunk) if packer else chunk:
                yield piece
        if packer:
            yield packer.flush()
    finally:
        writing.discard(place)


async def _answer_data(
    request: Request, agency: str, id_: str, version: str, key: str, by_structure: bool = False
) -> Response:
    generation = find_generation(request)
    form = _choose_form(request, "data")
    ctx = await run_in_threadpool(open_context)
    flow = await run_in_threadpool(_find_flow, ctx, agency, id_, version, by_structure)
    read = read_query_v2 if generation == "3.0" else read_query_v1
    query = read(key, request.url.query, flow.structure)

    def make() -> Iterator[bytes]:
        return _write_data(ctx, flow, query, form, generation, request)

    return await _send(request, ctx, form, make, flow.name.id.lower())


def _write_data(
    ctx: Context, flow: DataFlow, query: DataQuery, form: MediaForm, generation: Generation, request: Request
) -> Iterator[bytes]:
    found = rows.select_parts(ctx, flow, query)
    columns = tuple(
        component.id
        for component in flow.structure.components
        if component.role in ("dimension", "time") or query.columns is None or component.id in query.columns
    )
    id_, prepared, sender = _describe_message(ctx, request)
    values = rows.list_values(found, flow, columns) if form.form == "json" else {}
    dated = query.history or query.updated_after is not None
    message = DataMessage(flow, columns, prepared, id_, sender, query.flat, dated, values=values)
    parts = rows.build_parts(found, columns)
    if form.form == "csv":
        return write_csv(message, parts, old=generation == "2.1")
    return write_json(message, parts) if form.form == "json" else write_xml(message, parts, generation)


def _write_artefacts(
    found: Artefacts, form: MediaForm, generation: Generation, about: tuple[str, str, str]
) -> Iterator[bytes]:
    if form.form == "json":
        return write_structures_json(found, *about)
    return write_structures(found, generation, *about)


def _get_base(request: Request) -> str:
    return get_public_base(request, settings()) + (V2 if find_generation(request) == "3.0" else V1)


def _check_present(parameters: Mapping[str, str]) -> None:
    """Refuse ``asOf`` for structures and metadata: lists hold what any vintage had."""
    if parameters.get("asOf"):
        raise QueryRefused(501, "asOf is offered for data: codelists hold what any vintage had.")


async def _answer_structures(request: Request, kind: str, agency: str, id_: str, version: str, item: str) -> Response:
    generation = find_generation(request)
    form = _choose_form(request, "structure")
    parameters = split_parameters(request.url.query, ("detail", "references", "asOf", "format"))
    _check_present(parameters)
    ctx = await run_in_threadpool(open_context)
    base, about = _get_base(request), _describe_message(ctx, request)

    def make() -> Iterator[bytes]:
        detail, references = parameters.get("detail") or "full", parameters.get("references") or "none"
        found = find_artefacts(ctx, kind, agency, id_, version, item, detail, references, base)
        return _write_artefacts(found, form, generation, about)

    return await _send(request, ctx, form, make, kind if kind.isalpha() else "structures")


async def _answer_availability(
    request: Request, flow_of: Callable[[Context], DataFlow], key: str, component: str
) -> Response:
    generation = find_generation(request)
    form = _choose_form(request, "structure")
    own = ("mode", "references")
    shared = [pair for pair in request.url.query.split("&") if pair.partition("=")[0] not in own]
    parameters = split_parameters("&".join(p for p in request.url.query.split("&") if p.partition("=")[0] in own), own)
    mode, references = parameters.get("mode") or "exact", parameters.get("references") or "none"
    if mode not in ("exact", "available"):
        raise QueryRefused(140, f"mode={mode[:40]} is unknown: exact and available are.")
    ctx = await run_in_threadpool(open_context)
    flow = await run_in_threadpool(flow_of, ctx)
    read = read_query_v2 if generation == "3.0" else read_query_v1
    query = read(key, "&".join(shared), flow.structure)
    if query.history or query.updated_after is not None:
        raise QueryRefused(
            501, "What occurs is told of one state of the data: not with includeHistory or updatedAfter."
        )
    base, about = _get_base(request), _describe_message(ctx, request)

    def make() -> Iterator[bytes]:
        found = availability.find_available(ctx, flow, query, mode, component)  # type: ignore[arg-type]
        artefacts = Artefacts(available=(found,), base=base)
        if references != "none":
            name = flow.name
            beside = find_artefacts(ctx, "dataflow", name.agency, name.id, name.version, "", "full", "all", base)
            artefacts = availability.cut_to_available(beside, found)
        return _write_artefacts(artefacts, form, generation, about)

    return await _send(request, ctx, form, make, "availability")


def _find_flow_v1(ctx: Context, flow: str) -> DataFlow:
    """Return a dataflow as REST 1.x names it: ``ID``, ``AGENCY,ID`` or ``AGENCY,ID,VERSION``."""
    parts = flow.split(",")
    if len(parts) > 3 or not all(parts):
        raise QueryRefused(140, f"{flow[:60]} is no dataflow: write ID, AGENCY,ID or AGENCY,ID,VERSION.")
    agency, id_, version = ("all", *parts, "latest") if len(parts) == 1 else (*parts, "latest")[:3]
    return _find_flow(ctx, agency, id_, version)


def _check_provider(provider: str) -> None:
    if provider not in ("", "all", AGENCY, f"{AGENCY},{AGENCY}"):
        raise QueryRefused(100, f"There is no data provider {provider[:60]}; there is {AGENCY}.")


def _split_address(where: str, defaults: Sequence[str], min_parts: int = 0) -> list[str]:
    """Return the parts of an address after its resource, with defaults for missing ones at the end.

    Raises:
        QueryRefused: 140 there are too few or too many.
    """
    parts = where.strip("/").split("/") if where.strip("/") else []
    if not min_parts <= len(parts) <= len(defaults):
        raise QueryRefused(
            140, f"The address has {len(parts)} parts after its resource; {min_parts} to {len(defaults)} do."
        )
    return [*(part or "*" for part in parts), *defaults[len(parts) :]]


Where = Annotated[str, Path(description="The rest of the address, part by part; what is left out at the end is any.")]


@router.get(
    "/sdmx/v2/data/{where:path}",
    summary="Data, SDMX 3.0",
    response_class=Response,
    responses=DATA_V2,
    openapi_extra=QUERY_V2,
)
async def read_data(request: Request, where: Where) -> Response:
    """Figures as SDMX-JSON 2.0, SDMX-CSV 2.x or SDMX-ML 3.0, by ``Accept`` or ``format``.

    ``dataflow/{agency}/{id}/{version}/{key}``, for instance ``dataflow/ASAN_MONITOR/MONITOR/1.0/A.wgi_cc.AZE``.
    ``asOf`` gives them as they stood at a moment, ``includeHistory`` each vintage as a data set, ``updatedAfter`` what
    a copy of that moment lacks.
    """
    context, agency, id_, version, key = _split_address(where, ("*", "*", "*", "*", "*"))
    _check_context(context)
    return await _answer_data(request, agency, id_, version, key, context == "datastructure")


def _check_context(context: str) -> None:
    if context not in ("dataflow", "datastructure", "*"):
        is_known = context == "provisionagreement"
        raise QueryRefused(501 if is_known else 140, f"{context[:40]} is not offered: dataflow and datastructure are.")


@router.get(
    "/sdmx/v2/availability/{where:path}",
    summary="What occurs in data, SDMX 3.0",
    response_class=Response,
    responses=STRUCTURE_V2,
    openapi_extra=describe_parameters("c[REF_AREA]", "mode", "references", "asOf", "format"),
)
async def read_availability(request: Request, where: Where) -> Response:
    """Values of each dimension in the data of a query, with how many observations and series there are.

    ``dataflow/{agency}/{id}/{version}/{key}/{component}``.
    """
    context, agency, id_, version, key, component = _split_address(where, ("*", "*", "*", "*", "*", "*"))
    _check_context(context)

    def flow_of(ctx: Context) -> DataFlow:
        return _find_flow(ctx, agency, id_, version, context == "datastructure")

    return await _answer_availability(request, flow_of, key, "" if component == "*" else component)


@router.get(
    "/sdmx/v2/structure/{where:path}",
    summary="Structures, SDMX 3.0",
    response_class=Response,
    responses=STRUCTURE_V2,
    openapi_extra=describe_parameters("detail", "references", "format"),
)
async def read_structure(request: Request, where: Where) -> Response:
    """Dataflows, data structures, codelists, concept schemes, agencies, metadata structures and flows.

    ``{type}/{agency}/{id}/{version}/{item}``, for instance ``codelist/ASAN_MONITOR/CL_INDICATOR``.
    """
    kind, agency, id_, version, item = _split_address(where, ("*", "*", "*", "~", "*"))
    return await _answer_structures(request, kind, agency, id_, version, item)


@router.get(
    "/sdmx/v2/metadata/{where:path}",
    summary="Reference metadata, SDMX 3.0",
    response_class=Response,
    responses=METADATA,
    openapi_extra=describe_parameters("detail", "format"),
)
async def read_metadata(request: Request, where: Where) -> Response:
    """Definition, method, licence, cautions, comparability and links of indicators, one report each.

    ``metadataset/{provider}/{id}/{version}``, ``metadataflow/{agency}/{id}/{version}/{provider}``,
    ``read_structure/{type}/{agency}/{id}/{version}``.
    """
    kind, first, second, third, fourth = _split_address(where, ("*", "*", "*", "*", "*"))
    form = _choose_form(request, "metadata")
    parameters = split_parameters(request.url.query, ("detail", "asOf", "format"))
    _check_present(parameters)
    detail = parameters.get("detail") or "full"
    if detail not in ("full", "allstubs"):
        raise QueryRefused(140, f"detail={detail[:40]} is unknown: full and allstubs are.")
    ctx = await run_in_threadpool(open_context)

    def find() -> Sequence[MetadataReport]:
        if kind in ("metadataset", "*"):
            return metadata.list_reports(ctx, first, second, third)
        if kind == "metadataflow":
            return metadata.list_reports_of(ctx, first, second, third)
        if kind == "structure":
            return metadata.list_reports_about(ctx, first, second, third, fourth)
        raise QueryRefused(140, f"{kind[:40]} is unknown: metadataset, metadataflow and structure are.")

    def make() -> Iterator[bytes]:
        found, about = find(), _describe_message(ctx, request)
        if form.form == "json":
            return write_reports_json(found, *about, stubs=detail == "allstubs")
        return write_reports(found, find_report_flow(), *about, stubs=detail == "allstubs")

    return await _send(request, ctx, form, make, "metadata")


@router.get(
    "/sdmx/v1/data/{where:path}",
    summary="Data, SDMX 2.1",
    response_class=Response,
    responses=DATA_V1,
    openapi_extra=QUERY_V1,
)
async def read_data_v1(request: Request, where: Where) -> Response:
    """Figures as structure-specific SDMX-ML 2.1 or SDMX-CSV 1.0: ``{flow}/{key}``, for instance ``MONITOR/all``."""
    flow, key, provider = _split_address(where, ("", "all", "all"), 1)
    _check_provider(provider)
    ctx = await run_in_threadpool(open_context)
    name = (await run_in_threadpool(_find_flow_v1, ctx, flow)).name
    return await _answer_data(request, name.agency, name.id, name.version, key)


@router.get(
    "/sdmx/v1/availableconstraint/{where:path}",
    summary="What occurs in data, SDMX 2.1",
    response_class=Response,
    responses=STRUCTURE_V1,
    openapi_extra=describe_parameters("mode", "references", "startPeriod", "endPeriod"),
)
async def read_availability_v1(request: Request, where: Where) -> Response:
    """The same as availability of SDMX 3.0: ``{flow}/{key}/{provider}/{component}``."""
    flow, key, provider, component = _split_address(where, ("", "all", "all", "all"), 1)
    _check_provider(provider)
    return await _answer_availability(
        request, lambda ctx: _find_flow_v1(ctx, flow), key, "" if component == "all" else component
    )


@router.get(
    "/sdmx/v1/{where:path}",
    summary="Structures, SDMX 2.1",
    response_class=Response,
    responses=STRUCTURE_V1,
    openapi_extra=describe_parameters("detail", "references"),
)
async def read_structure_v1(request: Request, where: Where) -> Response:
    """``dataflow``, ``datastructure``, ``codelist``, ``conceptscheme``, ``agencyscheme``.

    ``{type}/{agency}/{id}/{version}/{item}``, for instance ``datastructure/ASAN_MONITOR/MONITOR``.
    """
    kind, agency, id_, version, item = _split_address(where, ("*", "all", "all", "latest", "all"))
    if kind in ("schema", "metadata", "provisionagreement"):
        raise QueryRefused(501, f"{kind} is not offered in SDMX 2.1 here.")
    if kind in ("metadatastructure", "metadataflow"):
        raise QueryRefused(501, f"{kind} is given in SDMX 3.0: {V2}/structure/{kind}.")
    return await _answer_structures(request, kind, agency, id_, version, item)


@router.get("/sdmx/v2/{where:path}", include_in_schema=False)
async def refuse_address(where: str) -> Response:
    """Refuse any other address in SDMX's words."""
    first = where.partition("/")[0]
    if first in ("schema", "registration"):
        raise QueryRefused(501, f"{first} is not offered.")
    resources = ("data", "availability", "structure", "metadata")
    if first in resources:
        raise QueryRefused(140, f"What {first} is asked for follows it: {V2}/{first}/…")
    raise QueryRefused(140, f"There is no {first[:60]}; there are {', '.join(resources)}.")


@router.get(
    "/sdmx",
    summary="SDMX: entry points, dataflows, structure spoken",
    response_model=SdmxEntry,
    dependencies=[Depends(refuse_unknown)],
)
async def describe_entry(request: Request, configured: Configured) -> Response:
    """Where to begin."""
    ctx = await run_in_threadpool(open_context)
    base = get_public_base(request, configured)
    return await answer(request, ctx, ("sdmx", base), lambda: report.describe_service(ctx, base))


@router.get(
    "/sdmx/mapping.json",
    summary="What the global SDG structure does not hold, and why",
    response_model=MappingReport,
    dependencies=[Depends(refuse_unknown)],
)
async def read_mapping(request: Request) -> Response:
    """Figures in force by series: those that the dataflow SDG does not hold, with the reason."""
    ctx = await run_in_threadpool(open_context)
    return await answer(
        request, ctx, ("sdmx.mapping",), lambda: report.report_mapping(ctx), filename="sdmx_mapping.json"
    )


@router.get(
    "/sdmx/mapping.csv",
    summary="What the global SDG structure does not hold, and why, as CSV",
    response_class=Response,
    dependencies=[Depends(refuse_unknown)],
)
async def download_mapping(request: Request) -> Response:
    """One line a series and reason."""
    ctx = await run_in_threadpool(open_context)
    make = lambda: report.write_mapping_csv(ctx)  # noqa: E731
    return await answer(request, ctx, ("sdmx.mapping.csv",), make, CSV, "sdmx_mapping.csv", save=True)
