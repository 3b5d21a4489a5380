"""The acceptance line: for 50 random indicator × country views, one value wherever it is read.

Page = API = CSV = workbook = tooltip = caption of images = printed brief, at the precision of the publisher. The choice
is by a seed, so that a failure can be repeated. What the browser shows of them is read in
``tests/e2e/test_fifty_views.py``.
"""

import csv
import io
import re
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import httpx
import openpyxl
import pypdf
import pytest

from dashboard.analysis.charts.words import wording
from dashboard.answers.base.context import open_context
from dashboard.answers.charts import build
from dashboard.answers.charts.query import ChartQuery, ask_chart
from dashboard.answers.indicators.table import view_table
from dashboard.answers.wording.figures import describe_direction
from dashboard.evidence.codebook.model import choose_text
from dashboard.settings import Settings
from tests.views import View, views


def _plain(text: str) -> str:
    """A figure as text without what only holds its direction or its spaces."""
    for mark in "\u2066\u2067\u2069":
        text = text.replace(mark, "")
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _cells(body: bytes) -> list[dict[str, Any]]:
    first, *rest = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, first), row, strict=True)) for row in rest]


def _of(view: View, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the year of a view; of a figure whose year is not published, those without one."""
    return [row for row in rows if row["period"] == view.period]


def _drawn(view: View) -> ChartQuery:
    return ask_chart(open_context("en"), "trend", view.indicator, (view.country,), view.year, view.year)


async def test_one_value_wherever_it_is_read(client: httpx.AsyncClient, embedded: Settings) -> None:
    chosen = views(open_context("en"))
    assert len({(view.indicator, view.country) for view in chosen}) == 50
    wrong = []
    for view in chosen:
        query = f"{view.query}&dimensions=total"
        shown = view_table(open_context("en"), view.indicator, (view.country,), view.year, view.year)["rows"]
        told = _of(view, (await client.get(f"/api/v1/observations.json?{query}")).json()["rows"])
        line = _of(view, csv.DictReader(io.StringIO((await client.get(f"/api/v1/observations.csv?{query}")).text)))
        cell = _of(view, _cells((await client.get(f"/api/v1/observations.xlsx?{query}")).content))
        values = {shown[0]["figure"]["value"], told[0]["value"], float(line[0]["value"]), cell[0]["value"]}
        if not len(shown) == len(told) == len(line) == len(cell) == 1 or len(values) != 1:
            wrong.append((view, values))
            continue
        if view.drawn:
            wrong += await _chart_differs(client, view, shown[0]["figure"])
    assert wrong == []


async def _chart_differs(client: httpx.AsyncClient, view: View, figure: Any) -> list[Any]:
    """Where tooltip, sentence, image or the chart's own files say another figure than the page."""
    asked = _drawn(view)
    chart = build.build_chart(asked)
    query = view.query
    row = chart.rows[0]
    wrong = []
    line = next(csv.DictReader(io.StringIO((await client.get(f"/api/v1/charts/trend.csv?{query}")).text)))
    cell = _cells((await client.get(f"/api/v1/charts/trend.xlsx?{query}")).content)[0]
    if {row["value"], float(line["value"]), cell["value"]} != {figure["value"]}:
        wrong.append((view, "files of the chart", row["value"], line["value"], cell["value"]))
    full = next(one for one in asked.ctx.dataset.rows(view.indicator).collect().to_dicts() if one["id"] == figure["id"])
    tooltip = (await client.get(f"/api/v1/charts/trend.json?{query}")).json()["datasets"]["columns"][0]["said"]
    if _plain(tooltip[chart.options.name(view.country)]) != _plain(wording.summarise_figure(full, chart.options)):
        wrong.append((view, "tooltip", tooltip))
    rounded = _plain(wording.format_figure(full, chart.options))
    if _plain(figure["quantity"]) != rounded:
        wrong.append((view, "page", figure["quantity"], rounded))
    if rounded not in _plain(chart.sentence):
        wrong.append((view, "sentence", chart.sentence, rounded))
    image = ElementTree.fromstring((await client.get(f"/api/v1/charts/trend.svg?{query}")).content)
    words = _plain(" ".join(image.itertext()))
    if rounded not in words:
        wrong.append((view, "image", rounded))
    return wrong


@pytest.mark.nightly
async def test_the_brief_of_the_country_prints_the_same_value(client: httpx.AsyncClient, embedded: Settings) -> None:
    ctx = open_context("en")
    together: dict[str, list[View]] = defaultdict(list)
    for view in views(ctx):
        together[view.country].append(view)
    read, wrong = 0, []
    for country, some in together.items():
        printed = _tables((await client.get(f"/api/v1/reports/country/{country}.pdf")).content)
        for view in some:
            (shown,) = view_table(ctx, view.indicator, (country,), view.year, view.year)["rows"]
            metric, figure = ctx.book.metrics[view.indicator], shown["figure"]
            row = _one_line(
                choose_text(metric.name, "en"), describe_direction(ctx, metric), figure["quantity"], figure["interval"],
                figure["period"], figure["nature_text"],
            )  # fmt: skip
            read += 1
            if row not in printed:
                wrong.append((view, row))
    assert wrong == []
    assert read == 50


def _tables(document: bytes) -> str:
    """The words of the pages turned sideways, where the tables of figures stand, cell by cell."""
    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    return _one_line(*(page.extract_text() for page in pages if page.mediabox.width > page.mediabox.height))


def _one_line(*said: str) -> str:
    line = re.sub(r"\s+", " ", _plain(" ".join(filter(None, said)))).strip()
    return re.sub(r"(?<=\d–) (?=\d)", "", line)  # a narrow column breaks "2015–2025" after its dash


async def test_images_carry_title_source_day_and_filters(client: httpx.AsyncClient, embedded: Settings) -> None:
    for kind in ("trend", "ranking", "map", "world", "distribution", "breakdown", "multiples", "slope", "dumbbell"):
        indicator = "bribery_persons" if kind == "breakdown" else "wgi_cc"
        reply = await client.get(f"/api/v1/charts/{kind}.svg?indicator={indicator}&country=AZE,UGA&from=2010&to=2015")
        words = " ".join(" ".join(ElementTree.fromstring(reply.content).itertext()).split())
        chart = build.build_chart(ask_chart(open_context("en"), kind, indicator, ("AZE", "UGA"), 2010, 2015))
        for said in (chart.title, chart.subtitle, chart.options.as_of):
            assert " ".join(said.split()) in words, (kind, said)
        assert chart.options.source_line.split(",")[0] in words
        named = reply.headers["content-disposition"]
        assert f"{indicator}_{kind}_AZE_UGA" in named
        assert "2010-2015" in named
        assert open_context("en").today.isoformat() in named
