"""The origins of charts: turn a question of an address into a requested chart."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from anyio import to_thread

from dashboard.analysis.charts.chart import Chart
from dashboard.analysis.charts.registry import KINDS, Origin, select_kinds
from dashboard.answers.base.cache import kept_chart
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.base.lookup import find_metric
from dashboard.answers.base.stamp import write_stamp
from dashboard.answers.charts import build
from dashboard.answers.effects import charts as effects
from dashboard.answers.effects.estimates import answer_plan
from dashboard.answers.effects.panel import draw_panel
from dashboard.answers.effects.query import METHODS, propose_country
from dashboard.answers.effects.query import ask_plan as ask_plan
from dashboard.answers.files import extract
from dashboard.answers.mapping import picture
from dashboard.answers.mapping.query import check_query
from dashboard.answers.site import counted
from dashboard.contributions.delivery import drawings, store
from dashboard.contributions.delivery.metrics import metrics
from dashboard.contributions.delivery.wording import metric_name
from dashboard.evidence.database.engine import open_engine
from dashboard.interfaces.api.drawn import RequestedChart, describe_chart
from dashboard.interfaces.api.parameters import (
    CentresQuestion,
    ChartQuestion,
    CountsQuestion,
    EffectChartQuestion,
    EffectPanelQuestion,
    MappingQuestion,
)
from dashboard.interfaces.api.routes.read import check_country, open_question
from dashboard.locales import t
from dashboard.locales.notice import notice
from dashboard.settings import settings


async def ask_series(kind: str, question: ChartQuestion) -> RequestedChart:
    """Request a chart of an indicator's figures."""
    ctx = await open_question(question, question.dataset)
    query = question.make_query(ctx, kind)
    return RequestedChart(
        write_stamp(ctx),
        (ctx.key, query),
        build.name_file(query),
        partial(build.build_chart, query),
        partial(build.describe_words, query),
        partial(build.build_table, query),
        partial(extract.extract_chart, query),
    )


async def ask_adoption(kind: str, question: CountsQuestion) -> RequestedChart:
    """Request a chart of the adoption register, by a counting rule."""
    ctx = await open_question(question)
    query = counted.ask(ctx, kind, question.rule, question.theme)
    name = f"{KINDS[kind].file}_{query.rule}_{ctx.today.isoformat()}"
    return _make_request(ctx, kind, query, name, partial(counted.chart_of, query))


async def ask_mapping(kind: str, question: MappingQuestion) -> RequestedChart:
    """Request a chart of the codebook's links."""
    ctx = await open_question(question)
    query = check_query(
        ctx, question.side, question.strength, question.figures, question.country, question.pin, question.theme
    )
    parts = [part for part in (kind, query.side, query.country, query.strength) if part]
    return _make_request(
        ctx, kind, query, "_".join([*parts, ctx.today.isoformat()]), partial(picture.draw_mapping, query)
    )


async def ask_panel(kind: str, question: EffectPanelQuestion) -> RequestedChart:
    """Request a chart of what an estimate would have to work with."""
    ctx = await open_question(question)
    iso3 = question.country
    if not iso3 and question.method == METHODS[0]:
        iso3 = await to_thread.run_sync(propose_country, ctx, find_metric(ctx, question.indicator).id)
    choices = (question.method, question.indicator, iso3, tuple(question.without))
    years = (question.first, question.last)

    def draw() -> Chart:
        return draw_panel(ask_plan(ctx, *choices, first=years[0], last=years[1], event=question.event), question.theme)

    name = f"{kind}_{question.indicator}_{ctx.today.isoformat()}"
    return _make_request(ctx, kind, (*choices, *years, question.event, question.theme), name, draw)


async def ask_effect(kind: str, question: EffectChartQuestion) -> RequestedChart:
    """Request a chart of a plan's result."""
    ctx = await open_question(question)
    if kind not in select_kinds("effect"):
        raise Unknown("chart", kind, tuple(select_kinds("effect")))
    choices = (
        question.method, question.indicator, question.country, tuple(question.without),
        tuple(question.own), question.first, question.last,
    )  # fmt: skip

    def draw() -> Chart:
        query = ask_plan(ctx, *choices, event=question.event)
        return effects.build_chart(query, answer_plan(query), kind, question.theme)

    name = f"{kind}_{question.indicator}_{ctx.today.isoformat()}"
    return _make_request(ctx, kind, (*choices, question.event, question.theme), name, draw)


async def ask_services(kind: str, question: CentresQuestion, iso3: str) -> RequestedChart:
    """Request a chart of a country's service centres, which has a mark of its own."""
    country, offered = check_country(iso3), drawings.metrics_of(kind)
    metric = question.metric or offered[0]
    if metric not in offered:
        raise Invalid("metric", f"A {kind} shows one of {', '.join(offered)}.")
    database, lang = open_engine(settings()), question.lang
    mark = await to_thread.run_sync(store.mark, database, country)

    def describe(chart: Chart) -> dict[str, Any]:
        title, rows = metric_name(metrics()[metric], lang), len(chart.rows)
        csv_text = t("ui.buttons.download_csv", lang, count=rows)
        return {"title": title, "subtitle": chart.subtitle, **chart.words.list_forms(), "csv_text": csv_text}

    options = (kind, country, metric, lang, question.theme, notice(lang), question.width)
    return RequestedChart(
        mark,
        ("services", *options),
        f"{kind}_{country}_{metric}",
        partial(_draw_centres, mark, database, *options),
        describe,
        partial(_list_rows, kind),
    )


ASK: dict[Origin, Callable[..., Awaitable[RequestedChart]]] = {
    "series": ask_series,
    "adoption": ask_adoption,
    "mapping": ask_mapping,
    "plan": ask_panel,
    "effect": ask_effect,
    "services": ask_services,
}
"""The function that requests a chart of each origin."""


def _make_request(ctx: Context, kind: str, query: object, name: str, draw: Callable[[], Chart]) -> RequestedChart:
    key = (ctx.key, kind, query)
    return RequestedChart(write_stamp(ctx), key, name, draw, partial(describe_chart, ctx), partial(_list_rows, kind))


def _list_rows(kind: str, chart: Chart) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    return KINDS[kind].columns, chart.rows


@kept_chart
def _draw_centres(_mark: str, *asked: Any) -> Chart:
    return drawings.draw(*asked)
