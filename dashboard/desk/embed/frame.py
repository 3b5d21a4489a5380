"""Charts inside pages of others: one static page without script, cookie or websocket, and the drawing it shows.

What may frame it, and why nothing else may be framed: docs/decisions/0011-reuse.md. The policy is in ``security.py``.
"""

from html import escape
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.api.answers import SVG, answer
from dashboard.api.drawn import DRAWING
from dashboard.api.parameters import EmbedQuestion, PlotQuestion
from dashboard.api.routes.charts import Kind
from dashboard.desk.embed.embedding import NARROW, WIDTHS, Embedded, embedded
from dashboard.locales import LANGUAGES, t
from dashboard.services.base.context import context
from dashboard.services.base.errors import Gone, Invalid, NotReady, Unknown
from dashboard.services.charts import build
from dashboard.services.charts.query import ChartQuery

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
        words = f"<p>{escape(t('reuse.embed.fault', shown))}</p>{_instead(shown, kind, question, error)}"
        words += f'<p lang="en" dir="ltr">{escape(str(error))}</p>'
        title = t("ui.product.name", shown)
        return HTMLResponse(_document(shown, title, words, question.theme), status, {"Cache-Control": "no-store"})


def _instead(lang: str, kind: str, question: EmbedQuestion, error: Exception) -> str:
    """Where a frame is pinned to what is not kept: that, and the way to the newest figures."""
    if not isinstance(error, Gone):
        return ""
    query = urlencode({"country": ",".join(question.country), "tab": kind}, safe=",")
    page = f"/{lang}/indicators/{quote(question.indicator, safe='')}/?{query}"
    label = t("reuse.embed.open", lang, name=t("ui.product.name", lang))
    return (
        f"<p>{escape(t('reuse.embed.gone', lang))}</p>"
        f'<p><a href="{escape(page, quote=True)}" target="_blank" rel="noopener">{escape(label)}</a></p>'
    )


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
        lambda: build.plot(query, int(question.width)),
        SVG,
        admission=DRAWING,
    )


async def _query(lang: str, kind: str, question: EmbedQuestion | PlotQuestion, theme: str) -> ChartQuery:
    ctx = await run_in_threadpool(context, lang, question.as_of, question.dataset)
    return question.of_chart(ctx, kind, theme)


def page(view: Embedded, query: ChartQuery, theme: Theme) -> str:
    """The page of a chart: everything in its markup, the drawing as an image whose text is the sentence."""
    lang = query.ctx.lang
    here = f"/embed/{lang}/{query.kind}/drawing.svg?{view['query']}"
    rows = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in view["rows"]
    )
    heads = "".join(f'<th scope="col">{escape(label)}</th>' for label in view["headers"])
    label = escape(t("reuse.embed.table", lang), quote=True)
    rows_text = t("ui.buttons.download_csv", lang, count=len(view["rows"]))
    body = (
        f'<h1>{escape(view["title"])}</h1><p class="quiet">{escape(view["subtitle"])}</p>'
        f'<div class="drawing" dir="ltr">{_picture(here, view["sentence"], theme)}</div>'
        f"<p>{escape(view['sentence'])}</p>"
        f'<p class="quiet">{escape(view["source"])}<br>{escape(view["as_of"])}</p>'
        f'<p><a href="{escape(view["page"], quote=True)}" target="_blank" rel="noopener">'
        f"{escape(t('reuse.embed.open', lang, name=t('ui.product.name', lang)))}</a> "
        f'<a href="{escape(view["csv"], quote=True)}">{escape(rows_text)}'
        f"</a></p><details><summary>{label}</summary>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )
    return _document(lang, view["title"], body, theme)


def _picture(here: str, sentence: str, theme: Theme) -> str:
    """One image of up to four: by the width of the frame and, where the reader's wish decides, by the colour scheme."""

    def at(colours: str, width: int) -> str:
        return escape(f"{here}&theme={colours}&width={width}", quote=True)

    narrow, wide = WIDTHS
    plain = "dark" if theme == "dark" else "light"
    sources = [(f"(min-width: {NARROW}px)", at(plain, wide))]
    if theme == "auto":
        dark = "(prefers-color-scheme: dark)"
        sources = [
            (f"{dark} and (min-width: {NARROW}px)", at("dark", wide)),
            (dark, at("dark", narrow)),
            *sources,
        ]
    markup = "".join(f'<source media="{media}" srcset="{link}">' for media, link in sources)
    return f'<picture>{markup}<img src="{at(plain, narrow)}" alt="{escape(sentence, quote=True)}"></picture>'


def _document(lang: str, title: str, body: str, theme: Theme) -> str:
    shown = "" if theme == "auto" else f' class="{theme}"'
    return (
        f'<!doctype html><html lang="{lang}" dir="{LANGUAGES[lang].dir}"{shown}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title>"
        + "".join(
            f'<link rel="stylesheet" href="{sheet}">' for sheet in ("/tokens.css", "/fonts/fonts.css", "/embed.css")
        )
        + f"</head><body><main>{body}</main></body></html>"
    )
