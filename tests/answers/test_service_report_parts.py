"""Parts of a report: sources counted, statuses defined, gaps grouped, figures drawn where there are enough."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from dashboard.analysis.reports.content import Facts, Grid, Pictures
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import find_latest, has_figure, select_lean_totals
from dashboard.answers.countries.country import view_country
from dashboard.answers.progress.progress import assess_programme
from dashboard.answers.reports import files
from dashboard.answers.reports.country import write_brief, write_missing, write_statuses
from dashboard.answers.reports.figures import list_rows_behind
from dashboard.answers.reports.frame import list_sources
from dashboard.answers.reports.programme import write_programme
from dashboard.answers.reports.query import ask_annex, ask_country, ask_programme
from dashboard.answers.reports.vnr import describe_breakdowns, write_annex
from dashboard.locales import t
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


def _grids(report: Any) -> dict[str, Grid]:
    return {block.name: block for one in report.sections for block in one.blocks if isinstance(block, Grid)}


def _rows(grid: Grid) -> list[Any]:
    return [row for part in grid.parts for row in part.rows]


def test_sources_are_told_once_each_with_their_figures_and_the_latest_day_by_title() -> None:
    def row(source: str, series: str, edition: str, day: int) -> dict[str, Any]:
        return {"indicator": "any", "source": source, "series": series, "edition": edition,
                "retrieved_at": datetime(2026, 3, day, tzinfo=UTC)}  # fmt: skip

    (grid,) = list_sources(open_context(), [
        row("world_bank", "GOV_WGI_CC.EST", "WGI 2024", 1), row("world_bank", "GOV_WGI_GE.EST", "WGI 2024", 9),
        row("world_bank", "IT.NET.USER.ZS", "July", 2), row("cpi", "CPI score", "CPI 2025", 3),
        row("world_bank", "GOV_WGI_CC.EST", "WGI 2023", 1),
    ]).blocks  # fmt: skip
    told = [(line[1].text, line[1].note, line[3].text, line[4].value) for line in _rows(grid)]
    assert told == [
        ("Corruption Perceptions Index", "CPI 2025", "3 March 2026", 1),
        ("World Development Indicators", "July", "2 March 2026", 1),
        ("Worldwide Governance Indicators", "WGI 2023", "1 March 2026", 1),
        ("Worldwide Governance Indicators", "WGI 2024", "9 March 2026", 2),
    ]
    assert [bool(line[2].note) for line in _rows(grid)] == [True, False, False, False], "what may not be changed"


def test_a_brief_promises_of_its_changes_what_its_rows_do() -> None:
    """Most figures come without an error: their differences stand there, and say so."""
    report = write_brief(ask_country(open_context(), "KAZ"))
    told = [cell.text for row in _rows(_grids(report)[t("reports.figures.sheet", "en")]) for cell in row if cell]
    assert len([text for text in told if "no margin of error published" in text]) > 20
    note = t("reports.figures.note", "en")
    assert "where no margin of error is known the difference says so" in note
    assert "only where it is beyond" not in note


def test_the_figures_behind_a_report_are_the_countrys_latest_and_its_own_series(ctx: Context) -> None:
    for iso3 in ("UZB", "KAZ"):
        plain = [row for metric in ctx.book.metrics if has_figure(row := find_latest(ctx, metric).get(iso3))]
        own = [one for metric in ctx.book.metrics.values() for one in metric.national if one.country == iso3]
        found = list_rows_behind(ctx, iso3)
        assert {row["id"] for row in plain} <= {row["id"] for row in found}
        assert len(plain) <= len(found) <= len(plain) + len(own)
        assert all_of(map(has_figure, found))
    assert [row["indicator"] for row in list_rows_behind(ctx, "UZB", ["wgi_cc", "csat_exit_poll"])] == ["wgi_cc"]


def test_gaps_are_grouped_by_their_kind_and_who_owes_them() -> None:
    view = view_country(open_context(), "UZB")
    _, grid = write_missing(open_context(), view).blocks
    assert isinstance(grid, Grid)
    assert sum(len(part.rows) for part in grid.parts) == len(view["missing"])
    assert {row[3].text for row in _rows(grid)} == {row["indicator"] for row in view["missing"]}
    assert len(grid.parts) == len({(row["kind_text"], row["office"]) for row in view["missing"]})


def test_a_theme_is_drawn_by_the_line_with_most_years_where_there_are_three() -> None:
    ctx, view = open_context(), view_country(open_context(), "UZB")
    totals = select_lean_totals(ctx, list(ctx.book.metrics)).collect().to_dicts()
    years: dict[str, set[int]] = {}
    for row in totals:
        if row["country"] == "UZB" and row["value"] is not None:
            years.setdefault(row["indicator"], set()).add(row["year"])
    expected = []
    for theme in view["themes"]:
        fit = [row["indicator"] for row in theme["rows"] if len(years.get(row["indicator"], ())) >= 3]
        fit = [one for one in fit if (it := ctx.book.metrics[one]).quantity and it.line and it.unit != "yes_no"]
        if fit:
            expected.append(ctx.book.metrics[max(fit, key=lambda one: len(years[one]))].name["en"])
    drawn = [one.title for section in write_brief(ask_country(ctx, "UZB")).sections for block in section.blocks
             if isinstance(block, Pictures) for one in block.pictures]  # fmt: skip
    assert drawn == expected


def test_a_status_is_defined_once_in_the_order_of_the_alphabet(ctx: Context) -> None:
    verdict = {"tone": "met", "definition": "d"}
    none = {"tone": "none", "status_text": "no", "definition": ""}
    found = write_statuses(ctx, [verdict | {"status_text": word} for word in ("moderate", "Lost", "moderate")] + [none])  # type: ignore[list-item]
    (facts,) = [block for block in found.blocks if isinstance(block, Facts)]
    assert [label for label, _ in facts.pairs] == ["Lost", "moderate"]
    assert write_statuses(ctx, [none]).blocks == []  # type: ignore[list-item]


def test_the_programme_counts_each_indicator_and_each_adopter(ctx: Context) -> None:
    grids = _grids(write_programme(ask_programme(ctx)))
    progress = assess_programme(ctx)
    rows = [row for grid in grids.values() for row in _rows(grid) if len(row) == 6 and row[5].text in ctx.book.metrics]
    assert {(*(cell.value for cell in row[2:5]), row[5].text) for row in rows} == {
        (sum(one["count"] for one in row["counts"]), row["refused"], row["of"], row["indicator"])
        for row in progress["rows"]
    }


def test_what_only_programs_need_stands_in_the_workbook_and_is_not_printed(ctx: Context) -> None:
    codes = {"Id of the indicator", "Id of the observation"}
    bounds = {"Value as shown", "Unit", "Lower bound", "Upper bound"}
    figures, links = {"Figures": {*codes, *bounds, "Interval"}}, {"Sources": {"Text of the licence", "Homepage"}}
    national = {"National figures": {"Value as shown", "Unit"}}
    apart = [
        (write_brief(ask_country(ctx, "KAZ")), figures | links | national | {
            "Missing": {"Responsible body", "Id of the indicator"}}),
        (write_programme(ask_programme(ctx)), links | {
            "Countries": {"ISO code"}, "Coverage": {"Countries with a figure, number", "Countries counted"},
            "Progress": {"Countries counted", "Id of the indicator"}, "Adoption": {"Note"}}),
        (write_annex(ask_annex(ctx, "KAZ")), links | national | dict.fromkeys(
            ("Official indicators", "Proxies"), frozenset(codes | bounds))),
    ]  # fmt: skip
    for report, expected in apart:
        found = {name: {one.label for one in grid.columns if not one.share} for name, grid in _grids(report).items()}
        assert {name: labels for name, labels in found.items() if labels} == expected


def test_the_annex_names_by_what_figures_are_broken_down_and_the_latest_year(ctx: Context) -> None:
    found = describe_breakdowns(ctx, "UZB")
    rows = ctx.dataset.rows("basic_water").collect().to_dicts()
    years = [row["year"] for row in rows if row["country"] == "UZB" and row["primary"] and row["value"] is not None
             and "Location" in row["dimensions"]]  # fmt: skip
    assert f"({max(years)})" in found["basic_water"]
    assert write_annex(ask_annex(ctx, "UZB")).sections


def test_a_breakdown_whose_year_is_not_published_says_so_in_the_annex() -> None:
    """It ended the annex of its country with an error."""
    row = {"indicator": "sat_overall_gov", "country": "UZB", "primary": True, "value": 80.0, "year": None}
    frame = pl.DataFrame(
        [row | {"dimensions": '{"Sex":"FEMALE"}'}, row | {"dimensions": '{"Location":"URBAN"}'},
         row | {"dimensions": '{"Location":"RURAL"}', "year": 2024}],
        schema_overrides={"year": pl.Int32},
    )  # fmt: skip
    ctx = replace(open_context(), dataset=cast(Any, SimpleNamespace(scan=frame.lazy)))
    assert describe_breakdowns(ctx, "UZB") == {"sat_overall_gov": "Location (2024); Sex (year not published)"}


def test_the_oldest_files_and_versions_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ask_country(open_context(), "UZB")
    monkeypatch.setattr(files, "write_file", lambda *_: b"made")
    monkeypatch.setattr(files, "MAX_FILES", 2)
    monkeypatch.setattr(files, "_place", lambda query, form: tmp_path / "v3" / f"{query.iso3}.{form}")
    for age, name in enumerate(("v3", "v2", "v1")):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (1e9 - age, 1e9 - age))
    for age, name in enumerate(("a", "b", "c")):
        (tmp_path / "v3" / name).write_bytes(b"")
        os.utime(tmp_path / "v3" / name, (1e9 - age, 1e9 - age))
    assert files.read_file(asked, "pdf") == b"made"
    assert {one.name for one in (tmp_path / "v3").iterdir()} == {"UZB.pdf", "a"}
    assert {one.name for one in tmp_path.iterdir()} == {"v3", "v2"}
    monkeypatch.setattr(files, "write_file", lambda *_: b"anew")
    assert files.read_file(asked, "pdf") == b"made", "kept"
