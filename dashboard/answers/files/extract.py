"""What is taken along: the rows of a chart or a table with all that must not be lost when they leave the page.

One value for every file and description of the same view, so that page, CSV, JSON, workbook and metadata cannot differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import polars as pl

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row
from dashboard.answers.base.words import join_list, name_country, name_metric, name_unit
from dashboard.answers.charts import build
from dashboard.answers.charts.query import ChartQuery
from dashboard.answers.charts.url import CHARTS, list_choices, write_query
from dashboard.answers.holdings import observations
from dashboard.answers.wording.citation import build_public_address, cite_indicator, cite_row
from dashboard.evidence.dataset.schema import PUBLIC


@dataclass(frozen=True, slots=True)
class SeriesIssue:
    """One issue of a series that rows are of: who made it, when it was received, the hashes of what was received."""

    indicator: str
    source: str
    series: str
    edition: str
    rows: int
    retrieved_at: Any  # datetime, UTC: the latest
    raw_sha256: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extract:
    """A view as it is taken along. ``rows`` are those displayed, with ``columns`` in their order."""

    ctx: Context
    title: str
    sentence: str  # "" for a table
    metrics: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]
    total: int
    held: tuple[SeriesIssue, ...]
    citations: tuple[str, ...]
    filters: Mapping[str, str]
    page: str  # path that opens the view again, at the same day
    files: str  # path of its files without the ending, and
    query: str  # the question they are asked with, at the same day
    series: str = ""  # a country's own series

    def address_of(self, form: str) -> str:
        """Return the public address of the view as a file."""
        return build_public_address(f"{self.files}.{form}?{self.query}")


def extract_chart(query: ChartQuery) -> Extract:
    """Return the rows of a chart with all that belongs to them."""
    ctx, chart = query.ctx, build.build_chart(query)
    columns, rows = build.build_table(query, chart)
    metrics = tuple(dict.fromkeys(name for name in (query.metric, query.second) if name))
    ids = [row[name] for row in rows for name in ("id", "across_id") if row.get(name) is not None]
    source = ctx.dataset.scan(metrics).filter(pl.col("id").is_in(ids))
    chart_view = list_choices(query)
    page, view = _find_page(query, chart_view)
    pin = {"dataset": ctx.pinned} if ctx.pinned else {"as_of": ctx.today}
    return Extract(
        ctx=ctx,
        title=chart.title,
        sentence=chart.sentence,
        metrics=metrics,
        columns=columns,
        rows=rows,
        total=len(rows),
        held=_list_issues(source),
        citations=_list_citations(ctx, metrics, source if query.series else None),
        filters=_list_filters(ctx, chart_view | {"kind": query.kind}),
        page=_write_path(page, view | {"as_of": ctx.today}),
        files=f"{CHARTS}{query.kind}",
        query=write_query(query.kind, chart_view | {"lang": ctx.lang} | pin),
        series=query.series,
    )


def _find_page(query: ChartQuery, parameters: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """Return path and query of the page that shows the chart."""
    lang = query.ctx.lang
    if query.series:
        return f"/{lang}/countries/{query.countries[0]}/", {}
    if query.shape.compared:
        return f"/{lang}/compare/", dict(parameters) | {"view": query.kind}
    if query.shape.projects:
        return f"/{lang}/progress/", {"country": parameters["country"], "indicator": parameters["indicator"]}
    shown = {name: parameters[name] for name in ("country", "from", "to", "dimension", "sort")}
    return f"/{lang}/indicators/{query.metric}/", shown | {"tab": query.kind}


def extract_observations(
    ctx: Context,
    selection: observations.Selection,
    limit: int | None = None,
    start: int = 0,
    *,
    rows: bool = True,
    columns: tuple[str, ...] = PUBLIC,
) -> Extract:
    """Return observations, all or a part; with ``rows`` False only what describes them."""
    source = observations.select_observations(ctx, selection)
    total = observations.count_selected(ctx, selection)
    metrics = selection.indicators or tuple(dict.fromkeys(issue.indicator for issue in _list_issues(source)))
    parameters = {
        "indicator": ",".join(selection.indicators),
        "country": ",".join(selection.countries),
        "from": selection.first,
        "to": selection.last,
        "dimensions": "total" if selection.totals else "",
        "series": selection.series,
        "fields": "" if columns == PUBLIC else ",".join(columns),
    }
    alone = len(selection.indicators) == 1 and selection.primary
    page = {name: parameters[name] for name in ("country", "from", "to")} | {"tab": "table", "as_of": ctx.today}
    query = parameters | {"as_of": ctx.today}
    return Extract(
        ctx=ctx,
        title=join_list(ctx, [name_metric(ctx, name) for name in metrics]) if len(metrics) <= 3 else "",
        sentence="",
        metrics=metrics,
        columns=columns,
        rows=observations.read_rows(ctx, selection, limit, start, columns) if rows else (),
        total=total,
        held=_list_issues(source),
        citations=_list_citations(ctx, metrics, source if selection.national else None),
        filters=_list_filters(ctx, parameters),
        page=_write_path(f"/{ctx.lang}/indicators/{metrics[0]}/", page)
        if alone
        else f"/api/v1/observations.json?{_encode_query(query)}",
        files="/api/v1/observations",
        query=_encode_query(query | {"lang": ctx.lang}),
        series=selection.series if selection.national else "",
    )


def name_units(extract: Extract) -> str:
    """Return the unit in words; of several indicators each unit once."""
    book = extract.ctx.book
    return join_list(extract.ctx, dict.fromkeys(name_unit(extract.ctx, book.metrics[name]) for name in extract.metrics))


def _list_issues(rows: pl.LazyFrame) -> tuple[SeriesIssue, ...]:
    keys = ["indicator", "source", "series", "edition"]
    frame = (
        rows.group_by(keys)
        .agg(pl.len().alias("rows"), pl.col("retrieved_at").max(), pl.col("raw_sha256").unique().sort())
        .sort(keys)
        .collect()
    )
    return tuple(SeriesIssue(**{**row, "raw_sha256": tuple(row["raw_sha256"])}) for row in frame.iter_rows(named=True))


def _list_citations(ctx: Context, metrics: Sequence[str], own: pl.LazyFrame | None) -> tuple[str, ...]:
    """Return how each indicator is cited; a national series by its latest figure."""
    if own is not None:
        rows: list[Row] = own.sort("year", "id").tail(1).collect().to_dicts()
        return tuple(cite_row(ctx, row) for row in rows)
    citations = (cite_indicator(ctx, ctx.book.metrics[name]) for name in metrics)
    return tuple(text for text in citations if text)


def _list_filters(ctx: Context, parameters: Mapping[str, object]) -> dict[str, str]:
    """Return what was chosen, as the address says it, with names beside country codes."""
    filters = {name: str(value) for name, value in parameters.items() if value not in (None, "")}
    if "country" in filters:
        codes = filters["country"].split(",")
        filters["country"] = "; ".join(f"{code} ({name_country(ctx, code)})" for code in codes)
    return filters


def _encode_query(parameters: Mapping[str, object]) -> str:
    return urlencode({name: str(value) for name, value in parameters.items() if value not in (None, "")}, safe=",:")


def _write_path(path: str, parameters: Mapping[str, object]) -> str:
    return f"{path}?{_encode_query(parameters)}"
