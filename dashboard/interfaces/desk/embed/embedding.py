"""A chart for pages of others: its words, its rows in words, and the addresses it needs. Pinned, or live."""

from collections.abc import Mapping
from typing import Any, TypedDict

from dashboard.analysis.charts.chart import ChartWords
from dashboard.answers.charts import build
from dashboard.answers.charts.query import ChartQuery
from dashboard.answers.charts.url import CHARTS, list_parameters, write_query
from dashboard.answers.files import extract
from dashboard.answers.wording.citation import build_public_address
from dashboard.locales import t

WIDTHS = (400, 800)
"""Widths the drawing is made in, in pixels: for telephones and narrow columns, and for the rest."""

NARROW = 560
"""Width of the frame from which the wider drawing is shown."""


class Embedded(TypedDict):
    """What the embedded page says."""

    title: str
    subtitle: str
    words: ChartWords
    source: str
    as_of: str  # day and dataset
    headers: list[str]
    rows: list[list[str]]
    page: str  # the whole page, live or of the same day
    csv: str
    query: str  # of the drawing's address, without theme and width


def embedded(chart_query: ChartQuery) -> Embedded:
    """The words of a chart and its rows as a reader reads them; the link leads to the whole page.

    A live frame links to the live page; one that is pinned to a day or a dataset version links to its day.
    """
    from dashboard.analysis.charts.words import wording

    chart, taken, lang = build.build_chart(chart_query), extract.extract_chart(chart_query), chart_query.ctx.lang
    options = chart.options

    def figure(row: Mapping[str, Any]) -> str:
        has_figure = row["value"] is not None or row["status"] == "censored"
        return wording.format_bare_figure(row, options) if has_figure else wording.explain_missing(row, options)

    page, _, query = taken.page.partition("?")
    live = chart_query.ctx.as_of is None and not chart_query.ctx.pinned
    link = "&".join(part for part in query.split("&") if not (live and part.startswith("as_of=")))
    rest = write_query(chart_query.kind, list_parameters(chart_query) | {"theme": "", "lang": ""})
    grouped = "category_name" in taken.columns
    headers = ["country", *(["group"] if grouped else []), "year", "value", "status"]
    return Embedded(
        title=chart.title,
        subtitle=chart.subtitle,
        words=chart.words,
        source=t("charts.image.source", lang, source=options.source_line) if options.source_line else "",
        as_of=options.as_of,
        headers=[t(f"reuse.embed.{name}", lang) for name in headers],
        rows=[
            [
                row["name"] or row.get("group") or "",
                *([row["category_name"] or ""] if grouped else []),
                row["period"] or "",
                figure(row),
                t(f"terms.value_status.{row['status']}.name", lang) if row["status"] else "",
            ]
            for row in taken.rows
        ],
        page=build_public_address(f"{page}?{link}"),
        csv=f"{CHARTS}{chart_query.kind}.csv?{rest}&lang={lang}&bom=true",
        query=rest,
    )
