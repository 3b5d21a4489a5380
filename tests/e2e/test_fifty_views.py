"""The fifty figures of ``tests/interfaces/api/test_fifty_views.py``, read with the eyes and the hand of a browser."""

import re
from collections import defaultdict
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from dashboard.analysis.charts.words import wording
from dashboard.answers.base.context import open_context
from dashboard.answers.charts import build
from dashboard.answers.charts.query import ask_chart, list_kinds
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.pages.shell.address import MAX_COUNTRIES
from dashboard.settings import Settings
from tests.e2e.conftest import load
from tests.e2e.figures import printed, read
from tests.views import View, views

pytestmark = [pytest.mark.browser, pytest.mark.nightly]

MARK = """country => {
    const row = one => one.__data__?.datum?.datum ?? one.__data__?.datum;
    const marks = [...document.querySelectorAll('.chart-box svg *')];
    const says = one => row(one)?.country === country && (row(one).figure || row(one).said);
    const box = marks.filter(says).at(-1)?.getBoundingClientRect();
    return box && [box.x + box.width / 2, box.y + box.height / 2];
}"""
"""The middle of what a reader points at: the uppermost mark that is the figure of a country."""


def test_fifty_figures_read_in_the_table_are_those_of_the_interface(page: Page, embedded: Settings) -> None:
    together: dict[str, list[View]] = defaultdict(list)
    for view in views(open_context("en")):
        together[view.indicator].append(view)
    count, wrong = 0, []
    for indicator, asked in sorted(together.items()):
        for start in range(0, len(asked), MAX_COUNTRIES):
            some = asked[start : start + MAX_COUNTRIES]
            among = ",".join(sorted({view.country for view in some}))
            years = [view.year for view in some if view.year is not None]
            span = f"&from={min(years)}&to={max(years)}" if len(years) == len(some) else ""
            query = f"country={among}{span}"
            load(page, f"/en/indicators/{indicator}/?{query}&tab=table")
            for view in some:
                reply = page.request.get(f"/api/v1/observations.json?{view.query}&dimensions=total")
                row = next(one for one in reply.json()["rows"] if one["period"] == view.period)
                line = page.locator(".rows-table tbody tr").filter(
                    has=page.get_by_role("rowheader", name=_name(view), exact=True)
                )
                found = [
                    read(one.locator(".value"))
                    for one in line.all()
                    if one.locator("td").first.inner_text() == view.period.replace("/", "–")
                ]
                count += 1
                if found != [printed(indicator, row)]:
                    wrong.append((view, found, row["value"]))
    assert wrong == []
    assert count == 50


def test_a_pointer_over_the_mark_of_each_figure_reads_what_was_published(page: Page, embedded: Settings) -> None:
    """On the line's point, or on the square of the map where there is no line."""
    ctx = open_context("en")
    count, wrong = 0, []
    for view in views(ctx):
        kinds = list_kinds(ctx, ctx.book.metrics[view.indicator])
        kind = "trend" if "trend" in kinds and view.year is not None else "map"
        asked = ask_chart(ctx, kind, view.indicator, (view.country,), view.year, view.year)
        row = next(row for row in _rows(view) if row["year"] == view.year)
        expected = _plain(wording.summarise_figure(row, build.build_chart(asked).options))
        said = _pointed_at(page, view, kind)
        count += 1
        if not {_name(view), view.period.replace("/", "–"), expected} <= said:
            wrong.append((view, kind, expected, said))
    assert wrong == []
    assert count == 50


def _pointed_at(page: Page, view: View, kind: str) -> set[str]:
    """What the tooltip says, cell by cell, when the pointer has come to the mark of a country."""
    load(page, f"/en/indicators/{view.indicator}/?{view.query}&tab={kind}")
    page.locator(".chart-stage").scroll_into_view_if_needed()
    place = page.evaluate(MARK, view.country)
    assert place, (view, kind, "no mark")
    page.mouse.move(5, 5)
    page.mouse.move(*place)
    tooltip = page.locator("#vg-tooltip-element.visible")
    expect(tooltip, str(view)).to_be_visible()
    return {_plain(cell) for cell in tooltip.locator("h2, td").all_inner_texts()}


def _rows(view: View) -> list[dict[str, Any]]:
    """The national totals of a country, as published."""
    rows = open_context("en").dataset.rows(view.indicator)
    return rows.filter(pl.col("primary"), country=view.country, dimensions="{}").collect().to_dicts()


def _name(view: View) -> str:
    return choose_text(load_codebook().countries[view.country].name, "en")


def _plain(said: str) -> str:
    """Without marks of direction and with spaces that are alike."""
    return re.sub(r"\s", " ", re.sub("[\u2066-\u2069]", "", said)).strip()
