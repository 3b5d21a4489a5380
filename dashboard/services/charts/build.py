"""Charts by address: parameters in; specification, rows, sentence and image out.

A chart is built once per question and kept, so that specification, picture and rows of the same address are one thing.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, cast

from dashboard.charts import Chart, ChartOptions, render
from dashboard.charts.colours import places
from dashboard.charts.compiled import compiled
from dashboard.charts.layers.classes import CLASSES
from dashboard.codebook.model import Metric, text
from dashboard.locales import date, period, t
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.base.csv_text import BOM, csv_file
from dashboard.services.base.lookup import find_national
from dashboard.services.base.notice import notice
from dashboard.services.base.rows import Row, latest_of
from dashboard.services.base.words import as_of_text, country_name, dimension_words, listed, names, rows_words
from dashboard.services.charts.atlas import atlas
from dashboard.services.charts.chart_data import (
    categories_of,
    compared_options,
    group_label,
    group_of,
    rows_of,
    tiles,
)
from dashboard.services.charts.query import ChartQuery
from dashboard.services.holdings.dimensions import people
from dashboard.services.holdings.medians import besides
from dashboard.services.progress.projection import projection_options
from dashboard.services.wording.citation import citation_of_indicator, national_source_line, source_line
from dashboard.services.wording.evidence import claims, is_claim
from dashboard.services.wording.publishers import title_of, titles, unmodified_only


def specification(query: ChartQuery) -> dict[str, Any]:
    """Vega-Lite with named datasets; ``usermeta`` holds the words a page shows around it: one request is enough."""
    chart = chart_of(query)
    return {
        **chart.spec,
        "usermeta": {
            "title": chart.title,
            "subtitle": chart.subtitle,
            "sentence": chart.sentence,
            "note": chart.note,
            "rows": len(chart.rows),
            **rows_words(query.ctx, len(chart.rows)),
            "dataset": query.ctx.dataset.name,
            "as_of": query.ctx.today.isoformat(),
            "as_of_text": date(query.ctx.today, query.ctx.lang),
            "citation": "" if query.series else citation_of_indicator(query.ctx, query.ctx.book.metrics[query.metric]),
        },
    }


def drawing(query: ChartQuery) -> dict[str, Any]:
    """The same compiled to Vega, as the pages draw it."""
    return compiled(specification(query))


def svg(query: ChartQuery) -> bytes:
    """The picture with title, sentence, source and date inside."""
    return render.svg(chart_of(query)).encode()


def png(query: ChartQuery) -> bytes:
    """The same picture as PNG."""
    return render.png(chart_of(query))


def plot(query: ChartQuery, width: int) -> bytes:
    """The drawing alone, as SVG: for the embedded page, which says the words beside it."""
    return render.plot(chart_of(query), width).encode()


def chart_rows(query: ChartQuery) -> Sequence[Row]:
    """The rows of the chart, with the columns of its kind; readers must not change them."""
    return chart_of(query).rows


def columns_and_rows(query: ChartQuery) -> tuple[tuple[str, ...], list[Row]]:
    """Columns and rows of what is drawn, no more and no fewer; a country's own series says so in every row."""
    columns, rows = query.shape.columns, chart_of(query).rows
    if query.series:
        mark = {"series": query.series, "definition": t("national.label", query.ctx.lang)}
        columns, rows = (*columns, *mark), [row | mark for row in rows]
    return columns, rows


def csv(query: ChartQuery, *, bom: bool = False) -> bytes:
    """The same rows as CSV; the dataset they are of is in the file's name."""
    columns, rows = columns_and_rows(query)
    return (BOM if bom else b"") + csv_file(rows, columns)


def filename(query: ChartQuery, form: str) -> str:
    """A name that still says what it is when it lies in a folder of downloads."""
    parts = [query.metric, query.kind, query.second, query.event, *query.countries]
    parts = [part for part in parts if part]
    if query.series:
        parts.append(query.series.replace(":", "-"))
    if query.dimension:
        parts.append(query.dimension.lower().replace(" ", "-"))
    if query.first or query.last:
        parts.append(f"{query.first or ''}-{query.last or ''}")
    parts.append(query.ctx.today.isoformat())
    return f"{'_'.join(parts)}.{form}"


@kept(24)
def chart_of(query: ChartQuery) -> Chart:
    """The chart itself, kept for the next form that is asked for."""
    ctx = query.ctx
    metric = ctx.book.metrics[query.metric]
    year = query.first if query.first == query.last and query.shape.period == "year" else None
    as_published = _as_published(ctx, query.metric)
    options = ChartOptions(
        lang=ctx.lang,
        notice=notice(ctx.lang),
        theme=query.theme,
        title=text(metric.name, ctx.lang),
        unit=metric.unit,
        decimals=metric.decimals,
        direction=metric.direction,
        centre=metric.centre,
        names=names(ctx),
        sources=titles(),
        highlighted=query.countries,
        colours=places(
            query.countries, list(dict.fromkeys(chain(*ctx.book.country_sets.values(), ctx.book.countries)))
        ),
        group=group_of(query),
        group_label=group_label(query),
        **_groups(query),
        year=year,
        tiles=tiles(ctx.timeless),
        atlas=atlas() if query.shape.boundaries else None,
        dimension=query.dimension,
        dimension_name=dimension_words(ctx, query.dimension) if query.dimension else "",
        categories=categories_of(query, dimension_words),
        people=categories_of(query, people),
        sort="name" if query.sort == "name" else "gap",
        breaks=metric.break_years,
        line=metric.line,
        as_published=as_published,
        classes=_fixed_classes(metric) if as_published else (),
        claims=frozenset(claims(ctx, metric)),
        source_line=source_line(ctx, metric),
        as_of=as_of_text(ctx),
    )
    options = replace(options, **compared_options(query))
    if query.shape.projects:
        options = replace(options, **projection_options(ctx, metric, query.countries[0], query.last))
    left_out = _undated_note(query)
    options = replace(options, undated=bool(left_out))
    rows = rows_of(query, year)
    if query.series:
        options = _national(query, options, rows.to_dicts())
    chart = query.shape.build(rows, options)
    return replace(chart, sentence=" ".join([chart.sentence, *left_out]))


def _undated_note(query: ChartQuery) -> list[str]:
    """That figures of chosen countries are left out because their year is not published; nothing otherwise.

    A scatter draws all countries, so all count, and both its indicators.
    """
    if query.shape.undated or query.series:
        return []
    spans = []
    for metric in (query.metric, query.second) if query.second else (query.metric,):
        latest = latest_of(query.ctx, metric)
        drawn = latest if query.second else query.countries
        spans += [latest[iso3]["period"] for iso3 in drawn if iso3 in latest and latest[iso3]["year"] is None]
    if not spans:
        return []
    words = ", ".join(sorted({period(one, query.ctx.lang) for one in spans}))
    return [t("period.not_drawn", query.ctx.lang, count=len(spans), years=words)]


@kept(512)
def _as_published(ctx: Context, metric: str) -> str:
    """That the licence of figures drawn allows no median and no rank of them; "" where it does."""
    sources = {row["source"] for row in latest_of(ctx, metric).values() if unmodified_only(row["source"])}
    titles_ = listed(ctx, (title_of(source) for source in sorted(sources)))
    return t("answers.chip.licence.text", ctx.lang, source=titles_) if sources else ""


def _fixed_classes(metric: Metric) -> tuple[float, ...]:
    """Limits of a map's classes that are taken from the scale, where none may be derived from the figures."""
    if metric.limit_low is None or metric.limit_high is None:
        return ()
    step = (metric.limit_high - metric.limit_low) / CLASSES
    return tuple(metric.limit_low + step * part for part in range(1, CLASSES))


def _groups(query: ChartQuery) -> dict[str, Any]:
    """Groups, limits and the reason for no groups, where the chart stands a country beside others."""
    if not query.shape.beside_medians:
        return {}
    metric = query.ctx.book.metrics[query.metric]
    own = latest_of(query.ctx, metric.id).get(query.countries[0])
    ends = (metric.limit_low, metric.limit_high)
    limits = cast(tuple[float, float], ends) if None not in ends else None
    if own is not None and unmodified_only(own["source"]):
        note = t("answers.medians.licence", query.ctx.lang, source=title_of(own["source"]))
        return {"limits": limits, "note": note}
    if own is not None and is_claim(metric, own):
        return {"limits": limits, "note": t("answers.medians.claim", query.ctx.lang)}
    return {"limits": limits, "groups": besides(query.ctx, query.metric, query.countries[0])}


def _national(query: ChartQuery, options: ChartOptions, rows: Sequence[Row]) -> ChartOptions:
    """Title, source and tooltip of a country's own series; the sentence begins with the title, so it says so too."""
    ctx = query.ctx
    metric = ctx.book.metrics[query.metric]
    own = find_national(metric, query.series)
    title = t(
        "national.chart.title",
        ctx.lang,
        indicator=text(metric.name, ctx.lang),
        country=country_name(ctx, own.country),
    )
    return replace(
        options,
        title=title,
        sources={own.source: title_of(own.source, own.series)},
        source_line=national_source_line(ctx, rows),
    )
