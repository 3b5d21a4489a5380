"""The table view: the same rows as the chart and the download, a page at a time."""

from urllib.parse import urlencode

import polars as pl

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.lookup import find_countries, find_metric
from dashboard.answers.base.rows import limit_years
from dashboard.answers.base.views import cut_page
from dashboard.answers.base.words import name_country, name_unit, sort_by_name
from dashboard.answers.indicators.views import Downloads, TableRow, TableView
from dashboard.answers.wording.figures import build_figure
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.locales import t

MAX_ROWS = 100


@cached
def view_table(
    ctx: Context,
    indicator: str,
    countries: tuple[str, ...] = (),
    first: int | None = None,
    last: int | None = None,
    page: int = 1,
    size: int = 25,
) -> TableView:
    """Return national totals, newest first within a country, countries in the order asked.

    No countries: all. A page beyond the last is the last.

    Raises:
        Unknown: no such indicator or country.
        Invalid: page or size out of range.
    """
    if page < 1:
        raise Invalid("page", "Pages are numbered from 1.")
    if not 1 <= size <= MAX_ROWS:
        raise Invalid("size", f"A page has 1 to {MAX_ROWS} rows.")
    metric = find_metric(ctx, indicator)
    chosen = find_countries(ctx, countries)
    rows = _rows(ctx, metric, chosen, first, last)
    total = rows.height
    cut = cut_page(total, page, size)
    return TableView(
        indicator=metric.id,
        title=choose_text(metric.name, ctx.lang),
        unit=name_unit(ctx, metric),
        rows=[
            TableRow(
                iso3=row["country"], country=name_country(ctx, row["country"]), figure=build_figure(ctx, metric, row)
            )
            for row in rows[cut.rows].iter_rows(named=True)
        ],
        page=cut.number,
        pages=cut.pages,
        size=size,
        total=total,
        total_text=t("ui.chart.rows", ctx.lang, count=total),
        downloads=build_downloads(ctx, metric.id, chosen, first, last, total, totals_only=True),
    )


def _rows(ctx: Context, metric: Metric, chosen: tuple[str, ...], first: int | None, last: int | None) -> pl.DataFrame:
    rows = ctx.dataset.rows(metric.id).filter(pl.col("primary"), pl.col("dimensions") == "{}")
    if chosen:
        rows = rows.filter(pl.col("country").is_in(list(chosen)))
    rows = limit_years(rows, first, last)
    order = list(chosen) or sort_by_name(ctx, ctx.book.countries)
    place = pl.DataFrame(
        {"country": order, "place": range(len(order))}, schema={"country": pl.String, "place": pl.Int32}
    )
    return (
        rows.join(place.lazy(), on="country", how="left")
        .sort("place", "country", -pl.col("year"), "dimensions", "id", nulls_last=True)
        .collect()
    )


def build_downloads(
    ctx: Context,
    metric: str,
    countries: tuple[str, ...],
    first: int | None,
    last: int | None,
    rows: int,
    *,
    totals_only: bool,
) -> Downloads:
    """Return the addresses of the same rows as files."""
    parameters = {
        "indicator": metric,
        "country": ",".join(countries),
        "from": first,
        "to": last,
        "dimensions": "total" if totals_only else "",
        "as_of": ctx.day,
    }
    query = urlencode({name: value for name, value in parameters.items() if value not in (None, "")}, safe=",")
    return Downloads(
        csv=f"/api/v1/observations.csv?{query}",
        json=f"/api/v1/observations.json?{query}",
        xlsx=f"/api/v1/observations.xlsx?{query}&lang={ctx.lang}",
        metadata=f"/api/v1/observations.metadata.json?{query}&lang={ctx.lang}",
        rows=rows,
        rows_text=t("ui.buttons.download_csv", ctx.lang, count=rows),
        xlsx_text=t("ui.buttons.download_xlsx", ctx.lang, count=rows),
    )
