"""The statistical annex to a voluntary national review: official indicators first, proxies in a table of their own.

Only an indicator that is the official one, or a published part of it, has a trend: a proxy never decides the status of
an SDG indicator. The trend is by the custodian's newest method whatever else the reader chose.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from dashboard.analysis.reports.content import Cell, Column, Grid, Part, Report, Section, Words
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest, has_figure
from dashboard.answers.base.words import isolate_written, join_sentences, name_dimension, translate_term
from dashboard.answers.countries.country import view_country
from dashboard.answers.holdings.coverage import is_gathered
from dashboard.answers.holdings.gaps import classify_gap
from dashboard.answers.indicators.cards import choose_rationale
from dashboard.answers.progress.progress import assess_country
from dashboard.answers.progress.statuses import name_method
from dashboard.answers.progress.views import ProgressVerdict
from dashboard.answers.reports import figures
from dashboard.answers.reports.country import write_national, write_statuses
from dashboard.answers.reports.frame import build_columns, describe_method, frame_report, list_sources, translate_word
from dashboard.answers.reports.query import ReportQuery
from dashboard.answers.wording.figures import build_figure, describe_missing, name_supplier
from dashboard.evidence.codebook.model import Link, Metric, choose_text
from dashboard.locales import t


@dataclass(frozen=True, slots=True)
class _Line:
    """An indicator of ours under an official number."""

    metric: Metric
    link: Link


def write_annex(query: ReportQuery) -> Report:
    """Write the annex of a country."""
    ctx = query.ctx
    view, progress = view_country(ctx, query.iso3), assess_country(ctx, query.iso3, query.method)
    verdicts = {verdict["indicator"]: verdict for verdict in progress["verdicts"]}
    broken_down = describe_breakdowns(ctx, query.iso3)
    direct, proxies = _lines(ctx, "direct"), _lines(ctx, "proxy")
    used = [one for line in direct if (one := verdicts.get(line.metric.id)) is not None]
    lines = [line for line in direct if has_figure(find_latest(ctx, line.metric.id).get(query.iso3))]
    sections = [
        Section(
            translate_word(ctx, "short"),
            [
                Words(
                    translate_word(
                        ctx,
                        "vnr.text",
                        country=view["name"],
                        with_data=str(len({line.metric.id for line in lines})),
                        of=str(len({line.metric.id for line in direct})),
                        numbers=str(len({line.link.sdg_indicator for line in direct})),
                    ),
                    "lead",
                ),
                Words(translate_word(ctx, "vnr.how")),
            ],
            wide=True,
        ),
        Section(
            translate_word(ctx, "vnr.direct"),
            [describe_method(ctx, query.method), _direct(query, direct, verdicts, broken_down)],
            wide=True,
        ),
        Section(translate_word(ctx, "vnr.proxies"), [_proxies(query, proxies, broken_down)], wide=True),
        write_national(ctx, view),
        write_statuses(ctx, used),
        list_sources(ctx, figures.list_rows_behind(ctx, query.iso3, {line.metric.id for line in (*direct, *proxies)})),
    ]
    return frame_report(query, view["name"], translate_word(ctx, "vnr.how"), sections)


def describe_breakdowns(ctx: Context, iso3: str) -> dict[str, str]:
    """Map each indicator to the breakdowns of a country's figures with their latest years, in words."""
    tables = (
        ctx.dataset.scan()
        .filter(pl.col("country") == iso3, pl.col("primary"), pl.col("dimensions") != "{}")
        .filter(pl.col("value").is_not_null())
        .group_by("indicator", "dimensions")
        .agg(pl.col("year").max())
        .collect()
    )
    latest: dict[str, dict[str, int]] = {}
    for indicator, dimensions, year in tables.iter_rows():
        for name in json.loads(dimensions):
            years = latest.setdefault(indicator, {})
            years[name] = max(year or 0, years.get(name, 0))
    undated = t("period.no_year", ctx.lang)
    return {
        indicator: t("ui.list.semicolon", ctx.lang).join(
            sorted(f"{name_dimension(ctx, name)} ({year or undated})" for name, year in years.items())
        )
        for indicator, years in latest.items()
    }


def _lines(ctx: Context, strength: str) -> list[_Line]:
    """Return indicators linked by one strength to an official number, in the official order."""
    order = {code: place for place, code in enumerate(ctx.book.sdg_indicators)}
    lines = [
        _Line(metric, link)
        for metric in ctx.book.metrics.values()
        for link in metric.links
        if link.strength == strength and link.sdg_indicator
    ]
    return sorted(lines, key=lambda line: order[line.link.sdg_indicator])


def _columns(ctx: Context, last: str, **values: str) -> tuple[Column, ...]:
    return build_columns(ctx, {
        "sdg": 2.7, "series": 2.35, "value": (1.8, "number"), "shown": 0, "unit": 0, "lower": (0, "number"),
        "upper": (0, "number"), "year": (0.75, "whole"), "nature": 1.5, "source": 1.9, last: 2.4, "breakdown": 1.45,
        "gap": 2.3, "id": 0, "observation": 0,
    }, **values)  # fmt: skip


def _direct(
    query: ReportQuery, lines: Sequence[_Line], verdicts: dict[str, ProgressVerdict], broken_down: dict[str, str]
) -> Grid:
    ctx = query.ctx
    columns = _columns(ctx, "trend", method=name_method(ctx, query.method))
    rows = [
        _row(query, line, broken_down, _trend(ctx, line, query.iso3, verdicts.get(line.metric.id))) for line in lines
    ]
    note = join_sentences([translate_word(ctx, "vnr.direct_note"), _untranslated(ctx, lines)])
    return Grid(translate_word(ctx, "vnr.direct_sheet"), note, "", columns, [Part("", "", rows)])


def _proxies(query: ReportQuery, lines: Sequence[_Line], broken_down: dict[str, str]) -> Grid:
    ctx = query.ctx
    columns = _columns(ctx, "rationale")
    rows = [_row(query, line, broken_down, Cell(choose_rationale(ctx, line.link))) for line in lines]
    texts = (
        translate_term(ctx, "strength", "proxy", "definition"),
        translate_word(ctx, "vnr.proxy_note"),
        _untranslated(ctx, lines),
    )
    return Grid(translate_word(ctx, "vnr.proxy_sheet"), join_sentences(texts), "", columns, [Part("", "", rows)])


def _untranslated(ctx: Context, lines: Sequence[_Line]) -> str:
    """Say that official titles are in English where the UN has not translated them; "" if it has."""
    titles = (ctx.book.sdg_indicators[line.link.sdg_indicator].title for line in lines)
    return "" if all(ctx.lang in title for title in titles) else translate_word(ctx, "vnr.english_titles")


def _trend(ctx: Context, line: _Line, iso3: str, verdict: ProgressVerdict | None) -> Cell:
    if not has_figure(find_latest(ctx, line.metric.id).get(iso3)):
        return Cell(translate_word(ctx, "no_status"), translate_word(ctx, "vnr.no_figure"))
    return figures.build_status_cell(ctx, verdict)


def _row(query: ReportQuery, line: _Line, broken_down: dict[str, str], last: Cell) -> Sequence[Cell | None]:
    ctx, metric = query.ctx, line.metric
    row = find_latest(ctx, metric.id).get(query.iso3)
    figure = build_figure(ctx, metric, row, gathered=is_gathered(ctx, metric.id))
    official = ctx.book.sdg_indicators[line.link.sdg_indicator]
    series = row["series"] if row else next((link.series for link in metric.series if link.role == "primary"), "")
    is_published = has_figure(row)
    kind = classify_gap(ctx, metric, query.iso3)
    gap = Cell("") if is_published else Cell(describe_missing(ctx, kind), name_supplier(ctx, metric, kind))
    published = broken_down.get(metric.id) or (translate_word(ctx, "vnr.no_breakdown") if is_published else "")
    return (
        Cell(isolate_written(ctx, official.code), choose_text(official.title, ctx.lang), strong=True),
        Cell(choose_text(metric.name, ctx.lang), series),
        figures.build_value_cell(figure) if is_published else Cell(translate_word(ctx, "vnr.no_value")),
        Cell(figure["quantity"] if is_published else ""),
        Cell(figure["unit"]),
        figures.build_number_cell(figure["lower"]),
        figures.build_number_cell(figure["upper"]),
        figures.build_year_cell(figure) if is_published else None,
        figures.build_nature_cell(figure) if is_published else None,
        Cell(figure["source_text"], figure["edition"]) if is_published else None,
        last,
        Cell(published),
        gap,
        Cell(metric.id),
        Cell(figure["id"]),
    )
