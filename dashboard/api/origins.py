"""What charts are drawn from: for each origin, how the question of an address becomes a chart that is asked for."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from anyio import to_thread

from dashboard.api.drawn import ChartAsked, about
from dashboard.api.parameters import (
    CentresQuestion,
    ChartQuestion,
    CountsQuestion,
    EffectChartQuestion,
    EffectPanelQuestion,
    MappingQuestion,
)
from dashboard.api.routes.read import check_country, opened
from dashboard.charts.chart import Chart
from dashboard.charts.registry import KINDS, Origin, drawn_from
from dashboard.database.engine import open_engine
from dashboard.delivery import drawings, store
from dashboard.delivery.metrics import metrics
from dashboard.delivery.wording import metric_name
from dashboard.locales import t
from dashboard.services.base.cache import kept_chart
from dashboard.services.base.context import Context
from dashboard.services.base.errors import Invalid, Unknown
from dashboard.services.base.lookup import find_metric
from dashboard.services.base.notice import notice
from dashboard.services.base.stamp import stamp
from dashboard.services.charts import build
from dashboard.services.effects import charts as effects
from dashboard.services.effects.estimates import answer
from dashboard.services.effects.panel import panel
from dashboard.services.effects.query import METHODS, proposed_country
from dashboard.services.effects.query import ask as ask_plan
from dashboard.services.files import extract
from dashboard.services.mapping import picture
from dashboard.services.mapping.query import check_query
from dashboard.services.site import counted
from dashboard.settings import settings


async def ask_series(kind: str, question: ChartQuestion) -> ChartAsked:
    """Figures of an indicator."""
    ctx = await opened(question, question.dataset)
    query = question.of_chart(ctx, kind)
    return ChartAsked(
        stamp(ctx),
        (ctx.key, query),
        build.filename(query),
        partial(build.chart_of, query),
        partial(build.words_around, query),
        partial(build.table_of, query),
        partial(extract.extract_chart, query),
    )


async def ask_adoption(kind: str, question: CountsQuestion) -> ChartAsked:
    """Events of the adoption register, by a counting rule."""
    ctx = await opened(question)
    query = counted.ask(ctx, kind, question.rule, question.theme)
    name = f"{KINDS[kind].file}_{query.rule}_{ctx.today.isoformat()}"
    return _of_context(ctx, kind, query, name, partial(counted.chart_of, query))


async def ask_mapping(kind: str, question: MappingQuestion) -> ChartAsked:
    """Links of the codebook."""
    ctx = await opened(question)
    query = check_query(
        ctx, question.side, question.strength, question.figures, question.country, question.pin, question.theme
    )
    parts = [part for part in (kind, query.side, query.country, query.strength) if part]
    return _of_context(
        ctx, kind, query, "_".join([*parts, ctx.today.isoformat()]), partial(picture.draw_mapping, query)
    )


async def ask_plan_of(kind: str, question: EffectPanelQuestion) -> ChartAsked:
    """What an estimate would have to work with."""
    ctx = await opened(question)
    iso3 = question.country
    if not iso3 and question.method == METHODS[0]:
        iso3 = await to_thread.run_sync(proposed_country, ctx, find_metric(ctx, question.indicator).id)
    asked = (question.method, question.indicator, iso3, question.event, tuple(question.without))
    years = (question.first, question.last)

    def draw() -> Chart:
        return panel(ask_plan(ctx, *asked, first=years[0], last=years[1]), question.theme)

    name = f"{kind}_{question.indicator}_{ctx.today.isoformat()}"
    return _of_context(ctx, kind, (*asked, *years, question.theme), name, draw)


async def ask_effect(kind: str, question: EffectChartQuestion) -> ChartAsked:
    """The result of a plan."""
    ctx = await opened(question)
    if kind not in drawn_from("effect"):
        raise Unknown("chart", kind, tuple(drawn_from("effect")))
    asked = (
        question.method, question.indicator, question.country, question.event, tuple(question.without),
        tuple(question.own), question.first, question.last,
    )  # fmt: skip

    def draw() -> Chart:
        query = ask_plan(ctx, *asked)
        return effects.chart_of(query, answer(query), kind, question.theme)

    name = f"{kind}_{question.indicator}_{ctx.today.isoformat()}"
    return _of_context(ctx, kind, (*asked, question.theme), name, draw)


async def ask_services(kind: str, question: CentresQuestion, iso3: str) -> ChartAsked:
    """Counts of a country's service centres; their mark is their own."""
    country, offered = check_country(iso3), drawings.metrics_of(kind)
    metric = question.metric or offered[0]
    if metric not in offered:
        raise Invalid("metric", f"A {kind} shows one of {', '.join(offered)}.")
    database, lang = open_engine(settings()), question.lang
    mark = await to_thread.run_sync(store.mark, database, country)

    def words(chart: Chart) -> dict[str, Any]:
        title, rows = metric_name(metrics()[metric], lang), len(chart.rows)
        csv_text = t("ui.buttons.download_csv", lang, count=rows)
        return {"title": title, "subtitle": chart.subtitle, **chart.words.by_name(), "csv_text": csv_text}

    shown = (kind, country, metric, lang, question.theme, notice(lang), question.width)
    return ChartAsked(
        mark,
        ("services", *shown),
        f"{kind}_{country}_{metric}",
        partial(_chart_of_centres, mark, database, *shown),
        words,
        partial(_plain_table, kind),
    )


ASK: dict[Origin, Callable[..., Awaitable[ChartAsked]]] = {
    "series": ask_series,
    "adoption": ask_adoption,
    "mapping": ask_mapping,
    "plan": ask_plan_of,
    "effect": ask_effect,
    "services": ask_services,
}
"""Origin → the chart of a kind, a question and the words of its path."""


def _of_context(ctx: Context, kind: str, query: object, name: str, draw: Callable[[], Chart]) -> ChartAsked:
    key = (ctx.key, kind, query)
    return ChartAsked(stamp(ctx), key, name, draw, partial(about, ctx), partial(_plain_table, kind))


def _plain_table(kind: str, chart: Chart) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    return KINDS[kind].columns, chart.rows


@kept_chart
def _chart_of_centres(_mark: str, *asked: Any) -> Chart:
    return drawings.draw(*asked)
