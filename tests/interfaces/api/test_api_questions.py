"""A question read by ``QuestionRoute`` is the one FastAPI reads, and what is wrong is said in the same words."""

from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from dashboard.interfaces.api import problems
from dashboard.interfaces.api.parameters import ChartQuestion, RowsFileQuestion, RowsQuestion
from dashboard.interfaces.api.question_route import QuestionRoute

QUERIES = (
    "",
    "indicator=wgi_cc",
    "indicator=wgi_cc,egdi&indicator=wgi_rl&country=aze&country=GEO,,KAZ",
    "indicator=wgi_cc&from=2005&to=2010&lang=az&dimensions=total&series=all&limit=7",
    "indicator=wgi_cc&from=&to=&as_of=",
    "indicator=wgi_cc&from=2005&from=2007",
    "indicator=wgi_cc&from=2010&to=2005",
    "indicator=wgi_cc&from=19x&to=1&limit=0&lang=de&dimensions=some&as_of=yesterday",
    "indicator=wgi_cc&contry=AZE&contry=GEO",
    "indicator=wgi_cc&first=2005",
    "indicator=&country=&limit=abc&cursor=x",
    "indicator=%D0%B0&v=" + "x" * 65,
    "bom=true&indicator=wgi_cc",
    "indicator=wgi_cc&country=AZE,GEO&theme=dark&from=2001&group=&event=nothing",
    "bom=perhaps",
)


def _app(*, ours: bool) -> FastAPI:
    """The same two endpoints behind either kind of route."""
    router = APIRouter(route_class=QuestionRoute) if ours else APIRouter()

    @router.get("/rows")
    async def rows(request: Request, question: Annotated[RowsQuestion, Query()]) -> Response:
        """Rows."""
        return JSONResponse(question.model_dump(mode="json"))

    @router.get("/file")
    async def file(request: Request, question: Annotated[RowsFileQuestion, Query()]) -> Response:
        """A file."""
        return JSONResponse(question.model_dump(mode="json"))

    @router.get("/charts/{kind}.{form}")
    async def chart(
        request: Request,
        kind: Annotated[str, Path(description="A kind.", examples=["trend"])],
        form: Annotated[str, Path()],
        question: Annotated[ChartQuestion, Query()],
    ) -> Response:
        """A chart."""
        return JSONResponse({"kind": kind, "form": form} | question.model_dump(mode="json"))

    app = FastAPI()
    problems.install(app)
    app.include_router(router, prefix="/api")
    return app


async def _answers(app: FastAPI, query: str) -> list[tuple[int, str]]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        replies = [await client.get(f"/api/{name}?{query}") for name in ("rows", "file", "charts/a%20%C3%BC.b.c")]
    return [(reply.status_code, reply.text) for reply in replies]


@pytest.mark.parametrize("query", QUERIES)
async def test_the_same_question_or_the_same_refusal(query: str) -> None:
    ours, theirs = await _answers(_app(ours=True), query), await _answers(_app(ours=False), query)
    assert ours == theirs
    assert {status for status, _ in ours} <= {200, 422}


def test_a_part_of_the_path_that_is_no_string_is_refused_when_the_route_is_made() -> None:
    async def chart(
        request: Request, number: Annotated[int, Path()], question: Annotated[ChartQuestion, Query()]
    ) -> None:
        """A chart."""

    with pytest.raises(TypeError, match="number would have to be read"):
        APIRouter(route_class=QuestionRoute).get("/charts/{number}")(chart)


def test_the_same_documentation() -> None:
    assert _app(ours=True).openapi() == _app(ours=False).openapi()
