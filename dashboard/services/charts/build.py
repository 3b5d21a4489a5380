"""Charts by address: parameters in; specification, rows, sentence and image out.

A chart is built once per question and kept, so that specification, picture and rows of the same address are one thing.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any, cast

from dashboard.charts import Chart, ChartOptions, render
from dashboard.charts.colours import places
from dashboard.charts.compiled import compiled
from dashboard.codebook.model import text
from dashboard.locales import date, number, period, t
from dashboard.services.base.csv_text import BOM, header, line
from dashboard.services.base.lookup import find_national
from dashboard.services.base.notice import notice
from dashboard.services.base.rows import Row, latest_of
from dashboard.services.base.words import country_name, dimension_words, names, rows_words
from dashboard.services.charts.atlas import atlas
from dashboard.services.charts.chart_data import (
    categories_of,
    compared_options,
    group_label,
    group_of,
    rows_of,
    tiles,
    titles,
)
from dashboard.services.charts.query import ChartQuery
from dashboard.services.holdings.dimensions import people
from dashboard.services.holdings.medians import besides
from dashboard.services.progress.projection import projection_options
from dashboard.services.wording.citation import citation_of_indicator, national_source_line, source_line
from dashboard.services.wording.publishers import title_of, unmodified_only


def specification(asked: ChartQuery) -> dict[str, Any]:
    """Vega-Lite with named datasets; ``usermeta`` holds the words a page shows around it: one request is enough."""
    chart = chart_of(asked)
    return {
        **chart.spec,
        "usermeta": {
            "title": chart.title,
            "subtitle": chart.subtitle,
            "sentence": chart.sentence,
            "note": chart.note,
            "rows": len(chart.rows),
            **rows_words(asked.ctx, len(chart.rows)),
            "dataset": asked.ctx.dataset.version,
            "as_of": asked.ctx.today.isoformat(),
            "as_of_text": date(asked.ctx.today, asked.ctx.lang),
            "citation": "" if asked.series else citation_of_indicator(asked.ctx, asked.ctx.book.metrics[asked.metric]),
        },
    }


def drawing(asked: ChartQuery) -> dict[str, Any]:
    """The same compiled to Vega, as the pages draw it."""
    return compiled(specification(asked))


def svg(asked: ChartQuery) -> bytes:
    """The picture with title, sentence, source and date inside."""
    return render.svg(chart_of(asked)).encode()


def png(asked: ChartQuery) -> bytes:
    """The same picture as PNG."""
    return render.png(chart_of(asked))


def plot(asked: ChartQuery, width: int) -> bytes:
    """The drawing alone, as SVG: for the embedded page, which says the words beside it."""
    return render.plot(chart_of(asked), width).encode()


def rows_drawn(asked: ChartQuery) -> Sequence[Row]:
    """The rows of the chart, with the columns of its kind; readers must not change them."""
    return chart_of(asked).rows


def columns_and_rows(asked: ChartQuery) -> tuple[tuple[str, ...], list[Row]]:
    """Columns and rows of what is drawn, no more and no fewer; a country's own series says so in every row."""
    columns, rows = asked.shape.columns, chart_of(asked).rows
    if asked.series:
        mark = {"series": asked.series, "definition": t("national.label", asked.ctx.lang)}
        columns, rows = (*columns, *mark), [row | mark for row in rows]
    return columns, rows


def csv(asked: ChartQuery, *, bom: bool = False) -> bytes:
    """The same rows as CSV; the dataset they are of is in the file's name."""
    columns, rows = columns_and_rows(asked)
    return (BOM if bom else b"") + (header(columns) + "".join(line(row, columns) for row in rows)).encode()


def filename(asked: ChartQuery, form: str) -> str:
    """A name that still says what it is when it lies in a folder of downloads."""
    parts = [asked.metric, asked.kind, asked.second, asked.event, *asked.countries]
    parts = [part for part in parts if part]
    if asked.series:
        parts.append(asked.series.replace(":", "-"))
    if asked.dimension:
        parts.append(asked.dimension.lower().replace(" ", "-"))
    if asked.first or asked.last:
        parts.append(f"{asked.first or ''}-{asked.last or ''}")
    parts.append(asked.ctx.today.isoformat())
    return f"{'_'.join(parts)}.{form}"


@lru_cache(maxsize=24)
def chart_of(asked: ChartQuery) -> Chart:
    """The chart itself, kept for the next form that is asked for."""
    ctx = asked.ctx
    metric = ctx.book.metrics[asked.metric]
    year = asked.first if asked.first == asked.last and asked.shape.period == "year" else None
    options = ChartOptions(
        lang=ctx.lang,
        notice=notice(ctx.lang),
        theme=asked.theme,
        title=text(metric.name, ctx.lang),
        unit=metric.unit,
        decimals=metric.decimals,
        direction=metric.direction,
        centre=metric.centre,
        names=names(ctx),
        sources=titles(),
        highlighted=asked.countries,
        colours=places(
            asked.countries, list(dict.fromkeys(chain(*ctx.book.country_sets.values(), ctx.book.countries)))
        ),
        group=group_of(asked),
        group_label=group_label(asked),
        **_groups(asked),
        year=year,
        tiles=tiles(ctx.timeless()),
        atlas=atlas() if asked.shape.boundaries else None,
        dimension=asked.dimension,
        dimension_name=dimension_words(ctx, asked.dimension) if asked.dimension else "",
        categories=categories_of(asked, dimension_words),
        people=categories_of(asked, people),
        sort="name" if asked.sort == "name" else "gap",
        breaks=metric.break_years,
        line=metric.line,
        source_line=source_line(ctx, metric),
        as_of=t("answers.image.as_of", ctx.lang, date=date(ctx.today, ctx.lang), version=ctx.dataset.version),
    )
    options = replace(options, **compared_options(asked))
    if asked.shape.projects:
        options = replace(options, **projection_options(ctx, metric, asked.countries[0]))
    rows = rows_of(asked, year)
    if asked.series:
        options = _national(asked, options, rows.to_dicts())
    chart = asked.shape.build(rows, options)
    return replace(chart, sentence=" ".join([chart.sentence, *_not_drawn(asked)]))


def _not_drawn(asked: ChartQuery) -> list[str]:
    """That the figures of chosen countries are left out because their year is not published; nothing otherwise."""
    if asked.shape.undated or asked.series:
        return []
    latest = latest_of(asked.ctx, asked.metric)
    spans = [latest[iso3]["period"] for iso3 in asked.countries if iso3 in latest and latest[iso3]["year"] is None]
    if not spans:
        return []
    words = ", ".join(sorted({period(one, asked.ctx.lang) for one in spans}))
    return [t("period.not_drawn", asked.ctx.lang, count=number(len(spans), asked.ctx.lang), years=words)]


def _groups(asked: ChartQuery) -> dict[str, Any]:
    """Groups, limits and the reason for no groups, where the chart stands a country beside others."""
    if not asked.shape.beside_medians:
        return {}
    metric = asked.ctx.book.metrics[asked.metric]
    own = latest_of(asked.ctx, metric.id).get(asked.countries[0])
    ends = (metric.limit_low, metric.limit_high)
    limits = cast(tuple[float, float], ends) if None not in ends else None
    if own is not None and unmodified_only(own["source"]):
        note = t("answers.medians.licence", asked.ctx.lang, source=title_of(own["source"]))
        return {"limits": limits, "note": note}
    return {"limits": limits, "groups": besides(asked.ctx, asked.countries[0])}


def _national(asked: ChartQuery, options: ChartOptions, rows: Sequence[Row]) -> ChartOptions:
    """Title, source and tooltip of a country's own series; the sentence begins with the title, so it says so too."""
    ctx = asked.ctx
    metric = ctx.book.metrics[asked.metric]
    own = find_national(metric, asked.series)
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
