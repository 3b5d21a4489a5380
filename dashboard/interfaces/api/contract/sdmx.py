"""SDMX error messages, and the documentation of SDMX routes."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from dashboard.analysis.sdmx.markup import write_error
from dashboard.analysis.sdmx.model import Generation, QueryRefused
from dashboard.analysis.sdmx.objects import write_json_error
from dashboard.answers.base.errors import Busy, Invalid, NotReady

V1, V2 = "/api/sdmx/v1", "/api/sdmx/v2"
MAX_ADDRESS_CHARS = 16_000
"""Longest accepted address, path and query together."""


def find_generation(request: Request) -> Generation:
    """Return the SDMX version of an address."""
    return "3.0" if request.url.path.startswith(V2) else "2.1"


def build_refusal(request: Request, code: int, status: int, message: str) -> Response:
    """Return an error in the version and format that were asked for."""
    generation = find_generation(request)
    accepted = request.headers.get("accept", "")
    as_json = generation == "3.0" and "xml" not in accepted and "format=xml" not in request.url.query
    body = write_json_error(code, message) if as_json else write_error(code, message, generation)
    media = "application/json" if as_json else "application/xml"
    headers = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*", "Vary": "Accept"}
    if status in (429, 503):
        headers["Retry-After"] = "10"
    return Response(body, status, headers, media)


class SdmxRoute(APIRoute):
    """A route whose refusals are SDMX error messages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return a handler that answers refusals as SDMX messages."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                if len(request.url.path) + len(request.url.query) > MAX_ADDRESS_CHARS:
                    raise QueryRefused(413, f"The address has more than {MAX_ADDRESS_CHARS} letters; ask in parts.")
                return await handler(request)
            except QueryRefused as error:
                return build_refusal(request, error.code, error.status, str(error))
            except NotReady as error:
                return build_refusal(request, 503, 503, str(error))
            except Busy as error:
                return build_refusal(request, 503, 429, str(error))
            except Invalid as error:
                return build_refusal(request, 140, 400, str(error))

        return handle


_ANY: dict[str, Any] = {"type": "string", "format": "binary"}


def describe_answers(*medias: str) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of a route's answers."""
    error = {"application/json": {"schema": {"type": "object"}}, "application/xml": {"schema": {"type": "string"}}}
    faults = {
        400: "140: the query cannot be read.",
        403: "150: the query contradicts the structure.",
        404: "100: there is nothing by it.",
        406: "No form asked for is given.",
        413: "510: too much at once.",
        429: "503: too many answers are being written.",
        501: "501: not offered.",
        503: "503: nothing has been published yet.",
    }
    answers: dict[int | str, dict[str, Any]] = {
        status: {"description": words, "content": error} for status, words in faults.items()
    }
    answers[200] = {"description": "An SDMX message.", "content": {media: {"schema": _ANY} for media in medias}}
    return answers


DATA_V2 = describe_answers(
    "application/vnd.sdmx.data+json;version=2.0.0",
    "application/vnd.sdmx.data+xml;version=3.0.0",
    "application/vnd.sdmx.data+csv;version=2.0.0;charset=utf-8",
)
DATA_V1 = describe_answers(
    "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
    "application/vnd.sdmx.data+csv;version=1.0.0;charset=utf-8",
)
STRUCTURE_V2 = describe_answers(
    "application/vnd.sdmx.structure+json;version=2.0.0", "application/vnd.sdmx.structure+xml;version=3.0.0"
)
STRUCTURE_V1 = describe_answers("application/vnd.sdmx.structure+xml;version=2.1")
METADATA = describe_answers(
    "application/vnd.sdmx.metadata+json;version=2.0.0", "application/vnd.sdmx.metadata+xml;version=3.0.0"
)


def describe_parameters(*names: str) -> dict[str, Any]:
    """Return the documentation of query parameters, which are read as SDMX writes them (``+`` is a plus)."""
    return {"parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]}


QUERY_V2 = describe_parameters(
    "c[REF_AREA]", "asOf", "includeHistory", "updatedAfter", "firstNObservations", "lastNObservations", "attributes",
    "measures", "dimensionAtObservation", "offset", "limit", "format",
)  # fmt: skip
QUERY_V1 = describe_parameters(
    "startPeriod", "endPeriod", "asOf", "includeHistory", "updatedAfter", "firstNObservations", "lastNObservations",
    "detail", "dimensionAtObservation", "format",
)  # fmt: skip
