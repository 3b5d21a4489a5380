"""``/api/v1/services/<country>/…``: charts and files of counts.

A chart's address with the mark of what it is drawn from (``v``) never changes and may be kept for ever.
"""

from collections.abc import Callable
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from dashboard.api.answers import CSV, FOREVER, JSON, LIVE, PNG, SVG, compact, unchanged
from dashboard.api.drawn import ADMITTED
from dashboard.api.submissions.public import Lang
from dashboard.charts.chart import Chart, Theme
from dashboard.codebook import codebook
from dashboard.database.engine import engine
from dashboard.delivery import drawings, store
from dashboard.delivery.centre import COLUMNS, centre_rows
from dashboard.delivery.metrics import metrics
from dashboard.delivery.wording import metric_name
from dashboard.locales import t
from dashboard.services.base.cache import BytesCache
from dashboard.services.base.csv_text import csv_file
from dashboard.services.base.errors import Invalid, Unknown
from dashboard.services.base.notice import notice
from dashboard.settings import settings

files = APIRouter(prefix="/services")

Country = Annotated[str, Path(description="ISO 3166-1 alpha-3 code.", max_length=3)]
Code = Annotated[str, Path(max_length=64)]
NARROWEST, WIDEST = 320, 1600
_kept = BytesCache(8 * 2**20)


@files.get("/{iso3}/centres/{code}.csv", summary="A centre's figures by month", response_class=Response)
def centre_file(request: Request, iso3: Country, code: Code) -> Response:
    """Every metric of every month with limits and cases; `kind` says why there is no value."""
    found = _country(iso3)
    database = engine(settings())
    if not any(row.country == found for row in store.centre(database, code)):
        raise Unknown("centre", code, ())
    rows = centre_rows(database, found, code)
    return _answer(request, csv_file(rows, COLUMNS), CSV, f"{code}.csv", f'"{store.mark(database, found)}"')


@files.get("/{iso3}/{kind}.{form}", summary="Centres of a country, drawn", response_class=Response)
async def chart(
    request: Request,
    iso3: Country,
    kind: Literal["funnel", "calendar"],
    form: Literal["json", "vega", "svg", "png", "csv"],
    metric: Annotated[str, Query(max_length=40, description="Default: the usual one of the kind.")] = "",
    lang: Lang = "en",
    theme: Literal["light", "dark"] = "light",
    width: Annotated[int, Query(ge=NARROWEST, le=WIDEST)] = 1100,
) -> Response:
    """Funnel: share against cases, exact binomial limits. Calendar: a tile a centre and month. CSV: what is drawn.

    JSON is Vega-Lite with named datasets, vega the same compiled, as the pages draw it; ``usermeta`` holds its words.
    """
    found, offered = _country(iso3), drawings.KINDS[kind]
    chosen = metric or offered[0]
    if chosen not in offered:
        raise Invalid("metric", f"A {kind} shows one of {', '.join(offered)}.")
    database = engine(settings())
    mark = await to_thread.run_sync(store.mark, database, found)
    tag = f'"{mark}-{kind}-{form}-{chosen}-{lang}-{theme}-{width}"'
    media = {"svg": SVG, "png": PNG, "csv": CSV}.get(form, JSON)
    name = f"{kind}_{found}_{chosen}.{form}"

    def made() -> bytes:
        body = _form(form, getattr(drawings, kind), found, chosen, lang, theme, width)
        _kept.put(tag, body)
        return body

    body = b""
    if not unchanged(request, tag):
        kept = _kept.get(tag)
        if kept is None and form in ADMITTED:
            kept = await ADMITTED[form].made(request, lambda: _kept.get(tag), made)
        body = await to_thread.run_sync(made) if kept is None else kept
    return _answer(request, body, media, name, tag, save=form == "csv", fixed=mark)


def _form(
    form: str, draw: Callable[..., tuple[Chart, tuple[str, ...]]], iso3: str, metric: str, lang: str, theme: Theme,
    width: int,
) -> bytes:  # fmt: skip
    from dashboard.charts import render  # vl-convert: only where something is drawn
    from dashboard.charts.compiled import compiled

    made, columns = draw(engine(settings()), iso3, metric, lang, theme, notice(lang), width)
    if form == "csv":
        return csv_file(made.rows, columns)
    if form in ("json", "vega"):
        words = {"title": metric_name(metrics()[metric], lang), "subtitle": made.subtitle, "sentence": made.sentence}
        words["csv_text"] = t("ui.buttons.download_csv", lang, count=len(made.rows))
        spec = {**made.spec, "usermeta": words}
        return compact(spec if form == "json" else compiled(spec))
    return render.svg(made).encode() if form == "svg" else render.png(made)


def _answer(
    request: Request, body: bytes, media: str, name: str, tag: str, *, save: bool = True, fixed: str = ""
) -> Response:
    kept = bool(fixed) and request.query_params.get("v") == fixed
    headers = {
        "ETag": tag,
        "Cache-Control": FOREVER if kept else LIVE,
        "Access-Control-Allow-Origin": "*",
        "Content-Disposition": f'{"attachment" if save else "inline"}; filename="{name}"',
    }
    if unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media)


def _country(iso3: str) -> str:
    if iso3.upper() not in codebook().countries:
        raise Unknown("country", iso3, ())
    return iso3.upper()
