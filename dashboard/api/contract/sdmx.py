"""How SDMX answers beside its data: refusals as its error messages, and what the documentation says of its routes."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from dashboard.sdmx.markup import write_error
from dashboard.sdmx.model import Generation, QueryRefused
from dashboard.sdmx.objects import write_json_error
from dashboard.services.base.errors import Busy, Invalid, NotReady

V1, V2 = "/api/sdmx/v1", "/api/sdmx/v2"
LONGEST = 16_000
"""Letters of a path and a query together that are read."""


def find_generation(request: Request) -> Generation:
    """Which SDMX an address speaks."""
    return "3.0" if request.url.path.startswith(V2) else "2.1"


def refuse(request: Request, code: int, status: int, message: str) -> Response:
    """An error as the generation and the form asked for tell it."""
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
        """The handler with its refusals told."""
        handler = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                if len(request.url.path) + len(request.url.query) > LONGEST:
                    raise QueryRefused(413, f"The address has more than {LONGEST} letters; ask in parts.")
                return await handler(request)
            except QueryRefused as error:
                return refuse(request, error.code, error.status, str(error))
            except NotReady as error:
                return refuse(request, 503, 503, str(error))
            except Busy as error:
                return refuse(request, 503, 429, str(error))
            except Invalid as error:
                return refuse(request, 140, 400, str(error))

        return told


_ANY: dict[str, Any] = {"type": "string", "format": "binary"}


def describe_answers(*medias: str) -> dict[int | str, dict[str, Any]]:
    """What a route answers, for the documentation."""
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
    told: dict[int | str, dict[str, Any]] = {
        status: {"description": words, "content": error} for status, words in faults.items()
    }
    told[200] = {"description": "An SDMX message.", "content": {media: {"schema": _ANY} for media in medias}}
    return told


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
    """Query parameters for the documentation; they are read as SDMX writes them, where ``+`` is a plus."""
    return {"parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]}


QUERY_V2 = describe_parameters(
    "c[REF_AREA]", "asOf", "includeHistory", "updatedAfter", "firstNObservations", "lastNObservations", "attributes",
    "measures", "dimensionAtObservation", "offset", "limit", "format",
)  # fmt: skip
QUERY_V1 = describe_parameters(
    "startPeriod", "endPeriod", "asOf", "includeHistory", "updatedAfter", "firstNObservations", "lastNObservations",
    "detail", "dimensionAtObservation", "format",
)  # fmt: skip
