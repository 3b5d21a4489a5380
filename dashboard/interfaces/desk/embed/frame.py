"""Charts inside pages of others: one static page without script, cookie or websocket, and the drawing it shows.

What may frame it, and why nothing else may be framed: docs/decisions/0011-reuse.md. The policy is in ``security.py``.
"""

from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Gone, Invalid, NotReady, Unknown
from dashboard.answers.charts import build
from dashboard.answers.charts.query import ChartQuery
from dashboard.answers.charts.url import write_embed_url
from dashboard.answers.wording.citation import build_public_address
from dashboard.interfaces.api.answers import SVG, answer
from dashboard.interfaces.api.drawn import DRAWING
from dashboard.interfaces.api.parameters import EmbedQuestion, PlotQuestion
from dashboard.interfaces.api.routes.charts import Kind
from dashboard.interfaces.desk.embed.embedding import NARROW, WIDTHS, Embedded, embedded
from dashboard.locales import LANGUAGES
from dashboard.runtime.templates import render
from dashboard.settings import settings

router = APIRouter(prefix="/embed")

HTML = "text/html; charset=utf-8"
Lang = Annotated[str, Path(description="Language of the words.", examples=["en"])]
Theme = Literal["auto", "light", "dark"]
STATUSES = {Unknown: 404, Gone: 410, Invalid: 422, NotReady: 503}


@router.get(
    "/{lang}/{kind}/",
    summary="A chart for other sites",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}, "description": "A page without script, to be shown in a frame."}},
)
async def frame(request: Request, lang: Lang, kind: Kind, question: Annotated[EmbedQuestion, Query()]) -> Response:
    """The chart with title, sentence, source and a table of its figures, to be framed anywhere.

    With ``as_of`` it is pinned to the dataset of that day, with ``dataset`` to a version; without, it shows the newest.
    """
    try:
        query = await _query(lang, kind, question, "light")
        return await answer(
            request,
            query.ctx,
            ("embed", query, question.theme),
            lambda: page(embedded(query), query, question.theme).encode(),
            HTML,
            admission=DRAWING,
        )
    except (Unknown, Gone, Invalid, NotReady) as error:
        status = next(code for kind, code in STATUSES.items() if isinstance(error, kind))
        shown = lang if lang in LANGUAGES else "en"
        body = _document(
            "embed_fault.html", shown, question.theme, error=str(error), gone=isinstance(error, Gone),
            page=_page_of(shown, kind, question),
        )  # fmt: skip
        return HTMLResponse(body, status, {"Cache-Control": "no-store"})


def _page_of(lang: str, kind: str, question: EmbedQuestion) -> str:
    """The whole page with the newest figures of what was asked for."""
    query = urlencode({"country": ",".join(question.country), "tab": kind}, safe=",")
    return f"/{lang}/indicators/{quote(question.indicator, safe='')}/?{query}"


@router.get(
    "/{lang}/{kind}/drawing.svg",
    summary="The drawing of an embedded chart",
    response_class=Response,
    responses={200: {"content": {SVG: {}}, "description": "The drawing alone; the page around it has the words."}},
)
async def drawing(request: Request, lang: Lang, kind: Kind, question: Annotated[PlotQuestion, Query()]) -> Response:
    """The drawing without words around it, in one of two widths. For images that stand alone: ``charts/{kind}.svg``."""
    query = await _query(lang, kind, question, question.theme)
    return await answer(
        request,
        query.ctx,
        ("plot", query, question.width),
        lambda: build.draw_plot(query, int(question.width)),
        SVG,
        admission=DRAWING,
    )


async def _query(lang: str, kind: str, question: EmbedQuestion | PlotQuestion, theme: str) -> ChartQuery:
    ctx = await run_in_threadpool(open_context, lang, question.as_of, question.dataset)
    return question.make_query(ctx, kind, theme)


def page(view: Embedded, query: ChartQuery, theme: Theme) -> str:
    """The page of a chart: everything in its markup, the drawing as an image whose text is the sentence."""
    here = f"/embed/{query.ctx.lang}/{query.kind}/drawing.svg?{view['query']}"
    oembed = _oembed_of(query)
    return _document(
        "embed.html", query.ctx.lang, theme, view=view, here=here, widths=WIDTHS, narrow=NARROW, oembed=oembed
    )


def _oembed_of(query: ChartQuery) -> str:
    """Where editors ask how to show the frame; "" where the operator names no public address."""
    if not settings().public_url:
        return ""
    pin = {"as_of": query.ctx.day, "dataset": query.ctx.pinned}
    frame = build_public_address(write_embed_url(query, **{name: value for name, value in pin.items() if value}))
    return build_public_address(f"/api/v1/oembed?{urlencode({'url': frame})}")


def _document(template: str, lang: str, theme: Theme, **values: Any) -> str:
    """A whole page; without a wish of the site around it, it follows the reader's wish for light or dark."""
    wish = "" if theme == "auto" else theme
    return render(template, lang, theme=wish, **values)
