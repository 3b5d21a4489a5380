"""Aligned: a trend whose years are counted from an event of each country, such as the opening of its first centre.

It shows what happened before and after. It does not say that the event changed anything: no comparison group is drawn.
"""

from dataclasses import replace
from functools import partial

import polars as pl

from dashboard.charts.chart import MOST_CHOSEN, SHARED_COLUMNS, Chart, ChartOptions
from dashboard.charts.kinds import trend
from dashboard.charts.layers import comparing, shape
from dashboard.charts.layers.frame import choose_countries, list_figures, strip_rows
from dashboard.charts.words import sentence

COLUMNS = (*SHARED_COLUMNS, "years_since")


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """The trend of the chosen countries that have the event; the others are named, not drawn.

    Args:
        rows: columns of ``dashboard.dataset.schema.ROWS``, one indicator.
        options: ``starts`` has the year of the event of each country, ``start_label`` its name.

    Raises:
        ValueError: more than six countries.
    """
    options = choose_countries(rows, options, MOST_CHOSEN, "a trend shows")
    countries = options.highlighted
    dated = tuple(iso3 for iso3 in countries if iso3 in options.starts)
    left_out = [options.name(iso3) for iso3 in countries if iso3 not in options.starts]
    table = list_figures(rows, dated)
    years = [row["year"] for row in table]
    shown = [
        row | {"years_since": None if year is None else year - options.starts[row["country"]]}
        for row, year in zip(strip_rows(table, options, SHARED_COLUMNS), years, strict=True)
    ]
    known = [row for row in table if row["value"] is not None]
    bounds = [row for row in table if row["status"] == "censored"]
    joined = trend.number_runs(table, options)
    stops = len(set(joined.values())) > len({row["country"] for row in known})
    about = replace(options, highlighted=dated, group=dated)  # what it says is of the countries drawn
    told = sentence.describe_trend(table, stops, about) if dated else None
    words = comparing.describe_aligned(told, options, left_out)
    data = partial(trend.build_datasets, joined, known, bounds, options, "since") if known or bounds else None
    spec = shape.draw(trend.draw_trend, data, words, options, options.unit == "yes_no", "since")
    if options.insist and trend.find_bridges(joined, known, options):
        words = words.read_also(comparing.explain_dashes(options))
    subtitle = " · ".join((sentence.write_subtitle(table, options), options.start_label))
    return Chart(spec, shown, words, options.title, subtitle, options)
