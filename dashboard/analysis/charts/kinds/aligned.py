"""Aligned: a trend whose years are counted from an event of each country, such as its first centre.

It shows what happened before and after, without a comparison group and without claiming an effect.
"""

from dataclasses import replace
from functools import partial

import polars as pl

from dashboard.analysis.charts.chart import MAX_CHOSEN, SHARED_COLUMNS, Chart, ChartOptions
from dashboard.analysis.charts.kinds import trend
from dashboard.analysis.charts.layers import comparing, shape
from dashboard.analysis.charts.layers.frame import choose_countries, list_figures, strip_rows
from dashboard.analysis.charts.words import sentence

COLUMNS = (*SHARED_COLUMNS, "years_since")


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Return the trend of the chosen countries that have the event; the others are named, not drawn.

    ``options.starts`` has the year of the event of each country, ``start_label`` its name.
    """
    options = choose_countries(rows, options, MAX_CHOSEN, "a trend shows")
    countries = options.highlighted
    dated = tuple(iso3 for iso3 in countries if iso3 in options.starts)
    left_out = [options.name(iso3) for iso3 in countries if iso3 not in options.starts]
    table = list_figures(rows, dated)
    years = [row["year"] for row in table]
    shown = [
        row | {"years_since": None if year is None else year - options.starts[row["country"]]}
        for row, year in zip(strip_rows(table, options, SHARED_COLUMNS), years, strict=True)
    ]
    valued = [row for row in table if row["value"] is not None]
    bounds = [row for row in table if row["status"] == "censored"]
    joined = trend.number_runs(table, options)
    stops = len(set(joined.values())) > len({row["country"] for row in valued})
    about = replace(options, highlighted=dated, group=dated)  # what it says is of the countries drawn
    described = sentence.describe_trend(table, stops, about) if dated else None
    words = comparing.describe_aligned(described, options, left_out)
    data = partial(trend.build_datasets, joined, valued, bounds, options, "since") if valued or bounds else None
    if options.insist and trend.find_bridges(joined, valued, options):
        words = words.add_reading(comparing.explain_dashes(options))
    subtitle = " · ".join((sentence.write_subtitle(table, options), options.start_label))
    return shape.make_chart(trend.draw_trend, data, shown, words, subtitle, options, options.unit == "yes_no", "since")
