"""Groups within countries in figures, beside their chart."""

import polars as pl

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.views import Choice, make_choice
from dashboard.answers.base.words import name_country, name_dimension
from dashboard.answers.charts import build
from dashboard.answers.charts.query import SORTS, ChartQuery, ask_chart
from dashboard.answers.holdings.dimensions import list_dimensions
from dashboard.answers.indicators.views import BreakdownRow, BreakdownView
from dashboard.answers.wording.figures import build_figure
from dashboard.locales import t


@cached
def view_breakdown(
    ctx: Context, metric: str, countries: tuple[str, ...] = (), first: int | None = None, last: int | None = None,
    dimension: str = "", sort: str = "gap",
) -> BreakdownView:  # fmt: skip
    """Return the figures of the chart ``breakdown`` as a table, and what can be chosen.

    Raises:
        Unknown, Invalid: as ``charts.query.ask``.
    """
    query = ask_chart(ctx, "breakdown", metric, countries, first, last, dimension=dimension, sort=sort)
    there = list_dimensions(ctx, query.metric)
    categories = there[query.dimension]
    return BreakdownView(
        dimension=query.dimension,
        dimensions=[
            Choice(id=name.lower(), label=name_dimension(ctx, name), note="", chosen=name == query.dimension)
            for name in there
        ],
        sort=query.sort,
        sorts=[make_choice(order, t(f"breakdown.by_{order}", ctx.lang), query.sort) for order in SORTS],
        groups=[name_dimension(ctx, query.dimension, category) for category in categories],
        rows=_rows(ctx, query, categories),
    )


def _rows(ctx: Context, query: ChartQuery, categories: tuple[str, ...]) -> list[BreakdownRow]:
    metric = ctx.book.metrics[query.metric]
    drawn = [row for row in build.build_chart(query).rows if row["id"] is not None]
    ids = [row["id"] for row in drawn]
    whole = ctx.dataset.rows(query.metric).filter(pl.col("id").is_in(ids)).collect()
    by_id = {row["id"]: row for row in whole.iter_rows(named=True)}
    rows: dict[str, dict[str, object]] = {}
    gaps: dict[str, str] = {}
    for row in drawn:
        rows.setdefault(row["country"], {})[row["category"]] = by_id[row["id"]]
        gaps[row["country"]] = row["gap_text"]
    return [
        BreakdownRow(
            iso3=iso3,
            country=name_country(ctx, iso3),
            figures=[build_figure(ctx, metric, groups.get(category)) for category in categories],  # type: ignore[arg-type]
            gap_text=gaps[iso3],
        )
        for iso3, groups in rows.items()
    ]
