"""Charts by address: parameters in; specification, rows, sentence and image out.

A chart is built once per question and kept, so that specification, picture and rows of the same address are one thing.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import polars as pl

from dashboard.analysis.charts import Chart, ChartOptions, render
from dashboard.analysis.charts.colours import assign_places
from dashboard.analysis.charts.compiled import compile_chart
from dashboard.analysis.charts.layers.classes import CLASSES
from dashboard.answers.base.cache import kept, kept_chart
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, find_latest
from dashboard.answers.base.words import (
    describe_as_of,
    describe_row_count,
    join_list,
    join_sentences,
    list_country_names,
    name_country,
)
from dashboard.answers.charts.chart_data import explain_undated, find_group, read_rows
from dashboard.answers.charts.parts import list_parts
from dashboard.answers.charts.query import ChartQuery
from dashboard.answers.wording.citation import cite_indicator, name_national_source, name_source, summarise_editions
from dashboard.answers.wording.editions import explain_editions, explain_revisions
from dashboard.answers.wording.evidence import find_claims
from dashboard.answers.wording.figures import describe_series_target
from dashboard.answers.wording.publishers import is_unmodified_only, list_titles, title_publisher
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.locales import format_day, t
from dashboard.locales.notice import notice


def describe_words(query: ChartQuery, chart: Chart) -> dict[str, Any]:
    """Return the words that a page shows around a chart: one request is enough."""
    return {
        "title": chart.title,
        "subtitle": chart.subtitle,
        **chart.words.list_forms(),
        "note": chart.note,
        "rows": len(chart.rows),
        **describe_row_count(query.ctx, len(chart.rows)),
        "dataset": query.ctx.dataset.name,
        "as_of": query.ctx.today.isoformat(),
        "as_of_text": format_day(query.ctx.today, query.ctx.lang),
        "citation": "" if query.series else cite_indicator(query.ctx, query.indicator),
    }


def build_specification(query: ChartQuery) -> dict[str, Any]:
    """Return Vega-Lite with named datasets, and the words around it as ``usermeta``."""
    chart = build_chart(query)
    return {**chart.spec, "usermeta": describe_words(query, chart)}


def compile_drawing(query: ChartQuery) -> dict[str, Any]:
    """Return the specification compiled to Vega, as pages draw it."""
    return compile_chart(build_specification(query))


def draw_svg(query: ChartQuery) -> bytes:
    """Draw the picture with title, sentence, source and date inside."""
    return render.draw_svg(build_chart(query), titled=True).encode()


def draw_plot(query: ChartQuery, width: int) -> bytes:
    """Draw the plot alone as SVG, for the embedded page, which has the words beside it."""
    return render.plot(build_chart(query), width).encode()


def build_table(query: ChartQuery, chart: Chart) -> tuple[tuple[str, ...], list[Row]]:
    """Return columns and rows drawn, which readers must not change; a national series marks every row."""
    columns, rows = query.shape.columns, chart.rows
    if query.series:
        mark = {"series": query.series, "definition": t("national.label", query.ctx.lang)}
        columns, rows = (*columns, *mark), [row | mark for row in rows]
    return columns, rows


def name_file(query: ChartQuery) -> str:
    """Return a file name without ending that says what the chart is."""
    parts = [query.metric, query.kind, query.second, query.event, *query.countries]
    parts = [part for part in parts if part]
    if query.series:
        parts.append(query.series.replace(":", "-"))
    if query.dimension:
        parts.append(query.dimension.lower().replace(" ", "-"))
    if query.first or query.last:
        parts.append(f"{query.first or ''}-{query.last or ''}")
    parts.append(query.ctx.today.isoformat())
    return "_".join(parts)


@kept_chart
def build_chart(query: ChartQuery) -> Chart:
    """Build the chart; it is kept for the next form asked for."""
    ctx, shape, (group, label) = query.ctx, query.shape, find_group(query)
    rows = read_rows(query, group)
    left_out = explain_undated(query)
    options = _build_options(query) | _describe_source(query, rows) | _describe_aim(query)
    for part in list_parts(shape):
        options |= part(query)
    chart = shape.build(rows, ChartOptions(**options, group=group, group_label=label, undated=bool(left_out)))
    editions = tuple({row["edition"] for row in chart.rows if row.get("edition")})
    return replace(
        chart,
        subtitle=" · ".join(filter(None, (chart.subtitle, summarise_editions(ctx, editions)))),
        words=chart.words.add_reading(left_out),
        note=join_sentences([chart.note, *_explain_history(query, chart, rows)]),
    )


def _explain_history(query: ChartQuery, chart: Chart, rows: pl.DataFrame) -> Iterator[str]:
    """Yield which editions figures and line are of, and what an earlier one said, for charts over years."""
    shape = query.shape
    if query.own or shape.countries != "chosen" or shape.period == "year":
        return
    years = [int(row["period"][:4]) for row in chart.rows if row.get("period")]
    if not years:
        return
    shown = rows.filter(pl.col("dimensions") == "{}").sort("year")
    drawn = {iso3: shown.filter(pl.col("country") == iso3).to_dicts() for iso3 in query.countries}
    yield explain_editions(query.ctx, query.indicator, drawn)
    yield explain_revisions(query.ctx, query.indicator, query.countries, min(years), max(years))


def _build_options(query: ChartQuery) -> dict[str, Any]:
    """Return the options that every chart is drawn with."""
    ctx, metric = query.ctx, query.indicator
    as_published = _explain_licence(ctx, metric.id)
    every = list(dict.fromkeys(chain(*ctx.book.country_sets.values(), ctx.book.countries)))
    return {
        "lang": ctx.lang,
        "notice": notice(ctx.lang),
        "theme": query.theme,
        "unit": metric.unit,
        "decimals": metric.decimals,
        "direction": metric.direction,
        "centre": metric.centre,
        "names": list_country_names(ctx),
        "as_of": describe_as_of(ctx),
        "highlighted": query.countries,
        "colours": assign_places(query.countries, every),
        "year": query.near,
        "breaks": metric.break_years,
        "line": metric.line,
        "insist": query.unequal,
        "as_published": as_published,
        "classes": _split_scale(metric) if as_published else (),
        "claims": frozenset(find_claims(ctx, metric)),
        "apart": frozenset(iso3 for name, iso3 in ctx.book.cautions if name == metric.id and query.own is None),
        "needs_error": query.own is None and metric.has_published_errors,
    }


def _describe_aim(query: ChartQuery) -> dict[str, Any]:
    """Return the target that a country set itself in its own series, if that series is drawn."""
    targets = query.ctx.book.targets_of_series(query.own) if query.own else []
    if not targets:
        return {}
    words = describe_series_target(query.ctx, query.indicator, targets[-1])
    return {"target": targets[-1].value, "target_text": t("national.target.label", query.ctx.lang, target=words)}


@kept(512)
def _explain_licence(ctx: Context, metric: str) -> str:
    """Return the sentence that a licence allows no median and no rank; "" where it does."""
    sources = {row["source"] for row in find_latest(ctx, metric).values() if is_unmodified_only(row["source"])}
    titles_ = join_list(ctx, (title_publisher(source) for source in sorted(sources)))
    return t("answers.chip.licence.text", ctx.lang, source=titles_) if sources else ""


def _split_scale(metric: Metric) -> tuple[float, ...]:
    """Return the limits of a map's classes taken from the scale, not derived from figures."""
    if metric.limit_low is None or metric.limit_high is None:
        return ()
    step = (metric.limit_high - metric.limit_low) / CLASSES
    return tuple(metric.limit_low + step * part for part in range(1, CLASSES))


def _describe_source(query: ChartQuery, rows: pl.DataFrame) -> dict[str, Any]:
    """Return title, publishers and source line; those of a national series say so.

    The sentence begins with the title, so it says so too.
    """
    ctx, own, name = query.ctx, query.own, choose_text(query.indicator.name, query.ctx.lang)
    if own is None:
        return {"title": name, "sources": list_titles(), "source_line": name_source(ctx, query.indicator)}
    country = name_country(ctx, own.country)
    return {
        "title": t("national.chart.title", ctx.lang, indicator=name, country=country),
        "sources": {own.source: title_publisher(own.source, own.series)},
        "source_line": name_national_source(ctx, rows.to_dicts()),
    }
