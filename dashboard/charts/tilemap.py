"""The tilemap chart."""

import altair as alt
import polars as pl

from dashboard.charts.chart import Chart, ChartOptions

COLUMNS = ("country", "name", "year", "value", "lower", "upper", "unit", "status", "nature", "source", "edition", "id")


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """The chart of these rows (columns of ``dashboard.dataset.schema.ROWS``)."""
    figures = rows.with_columns(
        name=pl.col("country").map_elements(options.name, return_dtype=pl.String)
    ).select(COLUMNS)
    pick = alt.selection_point(name="pick", fields=["country"])
    shape = (
        alt.Chart(alt.NamedData(name="figures"))
        .mark_point()
        .encode(x="year:Q", y="value:Q", color="country:N")
        .add_params(pick)
        .properties(width="container", height=320)
    )
    shown = figures.to_dicts()
    return Chart(shape.to_dict() | {"datasets": {"figures": shown}}, shown, "", options.title, options)
