"""A brief of one's own: the countries, indicators and parts somebody chose, for a document, a workbook and slides."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from dashboard.analysis.reports.content import Cell, Grid, Part, Picture, Pictures, Report, Section, Words
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, find_latest, has_figure, select_lean_totals
from dashboard.answers.base.words import join_countries, join_list, join_sentences, name_country, name_metric, name_unit
from dashboard.answers.charts.query import ChartQuery, ask_chart
from dashboard.answers.compare.compare import find_rows, judge_all
from dashboard.answers.compare.pairs import explain_where, summarise_pairs
from dashboard.answers.holdings.coverage import is_gathered
from dashboard.answers.reports.figures import build_nature_cell, build_number_cell, build_year_cell
from dashboard.answers.reports.frame import (
    build_columns,
    build_section,
    describe_filters,
    draw_picture,
    frame_report,
    list_sources,
    translate_word,
)
from dashboard.answers.reports.programme import write_members
from dashboard.answers.reports.query import ReportQuery
from dashboard.answers.wording.changes import describe_change_since_base
from dashboard.answers.wording.figures import build_figure
from dashboard.answers.wording.views import Figure
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import format_number, t

MIN_YEARS_DRAWN = 2
"""Yearly figures of one of the countries from which a line says more than the table."""

DENSITY = 1.5
"""Pixels of a slide's picture for each of its drawing: 110 an inch. Two take half as long again."""

SHOWN = ("", "censored")
"""Kinds of figures that there are: a number, or the bound that was published."""

FINDINGS = 5
"""Indicators of which it is said at the beginning what their figures say."""

Found = Sequence[tuple[Metric, Sequence[tuple[str, Row | None, Figure]]]]
"""Each indicator, with country, row and figure in words."""


def write_own(query: ReportQuery, *, slides: bool = False) -> Report:
    """Write the brief; for slides with full-width pictures, as pixels too."""
    ctx, found = query.ctx, find_figures(query)
    rows = [row for _, of_one in found for _, row, _ in of_one if row is not None and has_figure(row)]
    writers: dict[str, Callable[[], Section]] = {
        "figures": lambda: _figures(ctx, found),
        "charts": lambda: _charts(query, slides=slides),
        "adoption": lambda: write_members(ctx, query.countries),
        "gaps": lambda: _gaps(ctx, found),
        "sources": lambda: list_sources(ctx, rows),
    }
    blocks = [Words(summarise(query, len(rows)), "lead"), *(Words(text) for text in list_findings(query))]
    sections = [build_section(translate_word(ctx, "short"), blocks)]
    sections += [write() for name, write in writers.items() if name in query.parts]
    title = join_countries(ctx, query.countries)
    return frame_report(query, title, describe_filters(query), sections)


def find_figures(query: ReportQuery) -> Found:
    """Return the latest figure of each indicator and country, or the gap in words."""
    ctx = query.ctx
    metrics = [ctx.book.metrics[name] for name in query.indicators]
    return [
        (
            metric,
            [
                (iso3, row, build_figure(ctx, metric, row, gathered=is_gathered(ctx, metric.id)))
                for iso3 in query.countries
                for row in (find_latest(ctx, metric.id).get(iso3),)
            ],
        )
        for metric in metrics
    ]


def summarise(query: ReportQuery, have: int) -> str:
    """Say how many of the figures asked for there are."""
    lang, of = query.ctx.lang, len(query.countries) * len(query.indicators)
    if have == of:
        return t("brief.all", lang, count=of)
    return t("brief.short", lang, have=format_number(have, lang), of=format_number(of, lang))


def list_findings(query: ReportQuery) -> list[str]:
    """Say what the first indicators' figures show: countries that differ, or one country's change."""
    ctx = query.ctx
    metrics = [ctx.book.metrics[name] for name in query.indicators[:FINDINGS]]
    rows_by_metric = find_rows(ctx, metrics, query.countries, None, None)
    findings = []
    for metric in metrics:
        rows = rows_by_metric[metric.id]
        if len(query.countries) > 1:
            judged = judge_all(metric, query.countries, rows)
            text = join_sentences([summarise_pairs(ctx, judged), explain_where(ctx, judged)])
        else:
            text = describe_change_since_base(ctx, metric, rows.get(query.countries[0], [])).text
        if text:
            findings.append(f"{name_metric(ctx, metric.id)}{t('ui.list.colon', ctx.lang)}{text}")
    return findings


def list_charts(query: ReportQuery) -> Iterator[ChartQuery]:
    """Yield a chart for each indicator with yearly figures: lines, or a panel per country."""
    ctx = query.ctx
    years = (
        select_lean_totals(ctx, query.indicators)
        .filter(pl.col("country").is_in(list(query.countries)), pl.col("value").is_not_null())
        .group_by("indicator", "country")
        .agg(pl.col("year").n_unique())
        .collect()
    )
    drawn = set(years.filter(pl.col("year") >= MIN_YEARS_DRAWN)["indicator"].to_list())
    for name in query.indicators:
        metric = ctx.book.metrics[name]
        if name in drawn and metric.quantity and metric.unit != "yes_no":
            line = ask_chart(ctx, "trend", name, query.countries[:1])
            kind = "trend" if metric.line and len(query.countries) <= line.shape.most else "multiples"
            yield ask_chart(ctx, kind, name, query.countries)


def _charts(query: ReportQuery, *, slides: bool) -> Section:
    asked = list(list_charts(query))
    pictures = [draw_picture(query.ctx, chart, wide=slides or chart.kind == "multiples") for chart in asked]
    if slides:
        pictures = [replace(picture, png=_paint(picture)) for picture in pictures]
    left = [name for name in query.indicators if name not in {chart.metric for chart in asked}]
    note = t(
        "brief.not_drawn", query.ctx.lang, names=join_list(query.ctx, (name_metric(query.ctx, name) for name in left))
    )
    blocks = [Pictures(pictures) if pictures else None, Words(note, "note") if left else None]
    return build_section(translate_word(query.ctx, "charts.title"), blocks)


def _paint(picture: Picture) -> bytes:
    from dashboard.analysis.charts.converter import convert_to_png

    head, _, drawing = picture.svg.partition(">")
    ground = '<rect width="100%" height="100%" fill="#fff"/>'  # labels have edges of this colour
    return convert_to_png(f"{head}>{ground}{drawing}", DENSITY)


def _figures(ctx: Context, found: Found) -> Section:
    columns = build_columns(ctx, {
        "country": 2, "value": (2.6, "number"), "shown": 0, "unit": 0, "lower": (0, "number"),
        "upper": (0, "number"), "year": (0.9, "whole"), "nature": 1.6, "source": 3, "id": 0, "code": 0,
        "observation": 0,
    })  # fmt: skip
    parts = []
    for metric, of_one in found:
        rows = [
            (
                Cell(name_country(ctx, iso3), strong=True),
                Cell(figure["quantity"] or figure["text"], figure["interval"] or explain_gap(figure), figure["value"]),
                Cell(figure["quantity"] or figure["text"], figure["why"]),
                Cell(figure["unit"]),
                build_number_cell(figure["lower"]),
                build_number_cell(figure["upper"]),
                build_year_cell(figure),
                build_nature_cell(figure) if figure["kind"] in SHOWN else Cell(""),
                Cell(figure["source_text"], figure["edition"]),
                Cell(metric.id),
                Cell(iso3),
                Cell(figure["id"]),
            )
            for iso3, _, figure in of_one
        ]
        parts.append(Part(name_metric(ctx, metric.id), name_unit(ctx, metric), rows))
    grid = Grid(translate_word(ctx, "figures.sheet"), "", translate_word(ctx, "head.indicator"), columns, parts)
    return Section(translate_word(ctx, "figures.title"), [grid])


def _gaps(ctx: Context, found: Found) -> Section:
    """List what is missing, with the kind of gap and who could fill it."""
    columns = build_columns(ctx, {"indicator": 3, "country": 2, "gap": 2, "who": 5})
    rows = [
        (
            Cell(name_metric(ctx, metric.id), strong=True), Cell(name_country(ctx, iso3)), Cell(figure["text"]),
            Cell(explain_gap(figure)),
        )
        for metric, of_one in found
        for iso3, _, figure in of_one
        if figure["kind"] not in SHOWN
    ]  # fmt: skip
    grid = Grid(translate_word(ctx, "missing.sheet"), "", "", columns, [Part("", "", rows)])
    return Section(translate_word(ctx, "missing.title"), [grid] if rows else [])


def explain_gap(figure: Figure) -> str:
    """Say why there is no number and who could supply it, without repeating the kind."""
    return figure["why"].removeprefix(figure["text"]).lstrip(". ")
