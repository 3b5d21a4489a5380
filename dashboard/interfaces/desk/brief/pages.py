"""A brief of one's own: choose countries, indicators and parts by links and one form, look, and take it along.

The address holds the choice: whoever opens it sees the same brief. Nothing is kept, and no script is needed.
"""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.base.words import isolate_written, name_country, name_metric
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.url import write_permanent_url
from dashboard.answers.reports.own import SHOWN, explain_gap, find_figures, list_charts, list_findings, summarise
from dashboard.answers.reports.query import MAX_COUNTRIES, MAX_INDICATORS, PARTS, ReportQuery, ask_own
from dashboard.answers.wording.views import Figure
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.desk.frame import absent, language_of, list_languages, rendered
from dashboard.locales import LANGUAGES, order, t

router = APIRouter(prefix="/brief", include_in_schema=False)

CHARTS_SHOWN, ROWS_SHOWN = 2, 12
"""Of the preview: a brief may be long, the page that makes it may not."""

FORMS = ("pptx", "pdf", "xlsx")


@router.get("/", response_class=HTMLResponse)
async def brief(request: Request) -> Response:
    """The choice and what it gives."""
    lang = language_of(request, LANGUAGES)
    asked = {name: _split(request.query_params.getlist(name)) for name in ("country", "indicator", "part")}
    try:
        body = await run_in_threadpool(_written, lang, request.query_params.get("as_of") or None, asked)
    except (Unknown, Invalid) as error:
        return absent(request, lang, str(error), t("brief.page.title", lang), f"/brief/?lang={lang}")
    return HTMLResponse(body, headers={"Cache-Control": "public, max-age=0, must-revalidate"})


def _split(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(part.strip() for text in values for part in text.split(",") if part.strip()))


def _written(lang: str, day: str | None, asked: dict[str, list[str]]) -> str:
    ctx = open_context(lang, day)
    chosen = dict(asked)
    query = None
    if asked["country"] and asked["indicator"]:
        query = ask_own(ctx, asked["country"], asked["indicator"], asked["part"])
        chosen = {"country": list(query.countries), "indicator": list(query.indicators), "part": list(query.parts)}
    chosen["part"] = chosen["part"] or list(PARTS)
    dated = {"as_of": day} if day else {}

    def address(**change: list[str]) -> str:
        parts = {name: ",".join(values) for name, values in (chosen | change).items() if values}
        if parts.get("part") == ",".join(PARTS):
            del parts["part"]
        return f"/brief/?{urlencode(parts | dated | {'lang': lang}, safe=',')}"

    return rendered(
        "brief.html", lang, "/brief/", languages=list_languages(LANGUAGES, lang),
        kept=address().partition("?")[2].rpartition("&lang=")[0], day=day or "",
        countries=_chosen(ctx, chosen, "country", address), indicators=_chosen(ctx, chosen, "indicator", address),
        further={"country": _others(ctx, chosen, "country"), "indicator": _others(ctx, chosen, "indicator")},
        parts=[(part, t(f"brief.part.{part}", lang), part in chosen["part"]) for part in PARTS], known=chosen,
        most=t("brief.page.most", lang, countries=str(MAX_COUNTRIES), indicators=str(MAX_INDICATORS)),
        preview=_preview(query) if query else None, follow=address().replace("/brief/", "/follow/", 1),
    )  # fmt: skip


def _chosen(
    ctx: Context, chosen: dict[str, list[str]], of: str, address: Callable[..., str]
) -> list[tuple[str, str, str]]:
    """Code, name, and the address without it, of what is chosen."""
    name = name_country if of == "country" else name_metric
    return [
        (code, name(ctx, code), address(**{of: [other for other in chosen[of] if other != code]}))
        for code in chosen[of]
    ]


def _others(ctx: Context, chosen: dict[str, list[str]], of: str) -> list[tuple[str, str]]:
    """Code and name of what can be added; none where there are as many as there may be."""
    if len(chosen[of]) >= (MAX_COUNTRIES if of == "country" else MAX_INDICATORS):
        return []
    every = ctx.book.countries if of == "country" else ctx.book.metrics
    names = [(code, choose_text(entry.name, ctx.lang)) for code, entry in every.items() if code not in chosen[of]]
    return sorted(names, key=lambda pair: order(pair[1], ctx.lang))


def _isolate(ctx: Context, figure: Figure) -> Figure:
    """The figure, whose edition keeps its order where it is a code: “2026.Q2”."""
    plain = not any("\u0600" <= letter <= "\u06ff" for letter in figure["edition"])
    return {**figure, "edition": isolate_written(ctx, figure["edition"])} if plain else figure


def _preview(query: ReportQuery) -> dict[str, Any]:
    """The beginning of the brief, and its files."""
    ctx, found = query.ctx, find_figures(query)
    have = sum(1 for _, of_one in found for _, row, figure in of_one if row is not None and figure["kind"] in SHOWN)
    rows = [
        (
            name_metric(ctx, metric.id),
            [(name_country(ctx, iso3), _isolate(ctx, figure), explain_gap(figure)) for iso3, _, figure in of_one],
        )
        for metric, of_one in found[: max(1, ROWS_SHOWN // len(query.countries))]
    ]
    drawn = list(list_charts(query))[:CHARTS_SHOWN] if "charts" in query.parts else []
    charts = [(write_permanent_url(chart_query, "svg"), build_chart(chart_query)) for chart_query in drawn]
    return {
        "text": summarise(query, have), "findings": list_findings(query),
        "rows": rows if "figures" in query.parts else [],
        "more": t("brief.more", ctx.lang, count=len(found) - len(rows)) if len(found) > len(rows) else "",
        "charts": [(address, f"{chart.title}. {chart.sentence}") for address, chart in charts],
        "files": [(t(f"brief.page.{form}", ctx.lang), query.file(form)) for form in FORMS],
    }  # fmt: skip
