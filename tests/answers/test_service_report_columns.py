"""What of a report is printed, what is left to its workbook, what stands out, and on which pages."""

from collections.abc import Iterator
from functools import lru_cache

import pytest

from dashboard.analysis.charts import render
from dashboard.analysis.reports.content import Cell, Grid, Pictures, Report, Section
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.reports import query as ask
from dashboard.answers.reports.files import write_report
from dashboard.answers.reports.frame import translate_word
from dashboard.settings import Settings

ON_PAPER = {
    "indicator", "value", "year", "nature", "source", "change", "sdg", "series", "breakdown", "gap", "definition",
    "caution", "theme", "publisher", "work", "licence", "received", "figures", "coverage", "age", "judged", "refused",
    "country", "state", "opened", "support", "events", "with_data", "date", "event", "evidence", "stance",
}  # fmt: skip
FOR_PROGRAMS = {
    "shown", "unit", "lower", "upper", "interval", "id", "observation", "who", "covered", "licence_text", "homepage",
    "code", "note",
}  # fmt: skip
"""What a reader of a page sees beside the value, or does not need: addresses, codes, and numbers apart."""


@lru_cache
def _made() -> dict[str, Report]:
    """A brief, an annex and the report on the programme."""
    ctx = open_context()
    asked = {
        "country": ask.ask_country(ctx, "KAZ"),
        "vnr": ask.ask_annex(ctx, "AZE"),
        "programme": ask.ask_programme(ctx),
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(render, "plot", lambda *_: "")  # drawing is tested elsewhere
        return {name: write_report(query) for name, query in asked.items()}


@pytest.fixture
def reports(embedded: Settings) -> dict[str, Report]:
    """They, made once."""
    return _made()


def _grids(made: Report) -> Iterator[tuple[Section, Grid]]:
    for section in made.sections:
        yield from ((section, block) for block in section.blocks if isinstance(block, Grid))


def test_codes_and_numbers_apart_are_in_the_workbook_and_not_on_paper(reports: dict[str, Report], ctx: Context) -> None:
    printed = {translate_word(ctx, f"head.{name}"): True for name in ON_PAPER}
    printed |= {translate_word(ctx, f"head.{name}"): False for name in FOR_PROGRAMS}
    seen = set()
    for name, made in reports.items():
        for _, grid in _grids(made):
            for column in grid.columns:
                if column.label in printed:
                    assert (column.share > 0) == printed[column.label], (name, grid.name, column.label)
                    seen.add(column.label)
            assert any(column.share for column in grid.columns)
    assert seen == set(printed)


def test_a_column_that_is_not_printed_holds_what_it_is_called(reports: dict[str, Report], ctx: Context) -> None:
    book, countries = ctx.book.metrics, ctx.book.countries
    for made in reports.values():
        for _, grid in _grids(made):
            labels = [column.label for column in grid.columns]
            for part in grid.parts:
                for row in part.rows:
                    cells = dict(zip(labels, row, strict=True))
                    if isinstance(one := cells.get(translate_word(ctx, "head.id")), Cell):
                        assert one.text in book
                    if isinstance(one := cells.get(translate_word(ctx, "head.code")), Cell):
                        assert one.text in countries
                    if isinstance(one := cells.get(translate_word(ctx, "head.with_data")), Cell):
                        assert (one.text, 0 <= (one.value or 0) <= len(book)) == (str(one.value), True)


def test_the_first_of_a_row_of_themes_or_countries_and_every_value_stand_out(reports: dict[str, Report]) -> None:
    ctx = open_context()
    value = translate_word(ctx, "head.value")
    strong: dict[str, set[bool]] = {}
    for made in reports.values():
        for _, grid in _grids(made):
            for part in grid.parts:
                for row in part.rows:
                    for column, cell in zip(grid.columns, row, strict=True):
                        if cell is not None and column.share and (column.label != value or cell.value is not None):
                            strong.setdefault(column.label, set()).add(cell.strong)
    for label in (value, translate_word(ctx, "head.country"), translate_word(ctx, "head.sdg")):
        assert strong[label] == {True}, label
    for label in (translate_word(ctx, f"head.{name}") for name in ("source", "year", "nature", "definition")):
        assert strong[label] == {False}, label


def test_wide_tables_and_maps_have_the_width_of_a_page_turned_sideways(reports: dict[str, Report]) -> None:
    """Where more than six columns are printed, the page is turned."""
    for name, made in reports.items():
        for section, grid in _grids(made):
            printed = [column for column in grid.columns if column.share]
            if len(printed) > 6:
                assert section.wide, (name, section.title)
    drawn = [
        block for section in reports["programme"].sections for block in section.blocks if isinstance(block, Pictures)
    ]
    assert [picture.wide for block in drawn for picture in block.pictures] == [True, True]
    assert {section.wide for section in reports["vnr"].sections} == {True, False}
    beside = [
        block for section in reports["country"].sections for block in section.blocks if isinstance(block, Pictures)
    ]
    assert beside
    assert not any(picture.wide for block in beside for picture in block.pictures), "two stand side by side"
