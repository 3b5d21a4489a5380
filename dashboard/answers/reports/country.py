"""The brief of a country: adoption with its sources, satisfaction, figures, national figures apart, what is missing."""

from collections.abc import Mapping, Sequence

import polars as pl

from dashboard.analysis.reports.content import Cell, Facts, Grid, Part, Pictures, Report, Section, Words
from dashboard.answers.adoption.views import RegisterRow
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import select_lean_totals
from dashboard.answers.base.words import join_sentences
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.countries.country import view_country
from dashboard.answers.countries.views import AdoptionView, CountryView
from dashboard.answers.countries.worklist import WorkRow
from dashboard.answers.progress.progress import assess_country
from dashboard.answers.progress.views import ProgressVerdict
from dashboard.answers.reports import figures
from dashboard.answers.reports.frame import (
    build_columns,
    build_section,
    describe_method,
    draw_picture,
    frame_report,
    list_sources,
    translate_word,
)
from dashboard.answers.reports.query import ReportQuery
from dashboard.answers.reports.voices import write_satisfaction
from dashboard.answers.wording.publishers import strip_site
from dashboard.locales import order, t

MIN_YEARS_DRAWN = 3
"""Yearly figures from which a line says more than its ends."""


def write_brief(query: ReportQuery) -> Report:
    """Write the brief: what the country's page says, in the order of a report."""
    ctx = query.ctx
    view, progress = view_country(ctx, query.iso3), assess_country(ctx, query.iso3, query.method)
    verdicts = {verdict["indicator"]: verdict for verdict in progress["verdicts"]}
    sections = [
        _short(ctx, view, progress["text"]),
        write_adoption(ctx, view["adoption"]),
        write_satisfaction(ctx, view["voices"]),
        _charts(ctx, view),
        _figures(query, view, verdicts),
        write_national(ctx, view),
        write_statuses(ctx, progress["verdicts"]),
        write_missing(ctx, view),
        list_sources(ctx, figures.list_rows_behind(ctx, query.iso3)),
    ]
    return frame_report(query, view["name"], view["text"], sections)


def _short(ctx: Context, view: CountryView, assessed: str) -> Section:
    codes = t("ui.list.semicolon", ctx.lang).join(filter(None, (view["iso3"], view["iso2"], view["m49"])))
    facts: dict[str, list[str]] = {translate_word(ctx, "country.codes"): [codes]}
    for fact in view["facts"]:
        facts.setdefault(fact["label"], []).append(fact["definition"])
    pairs = [(label, t("ui.list.semicolon", ctx.lang).join(texts)) for label, texts in facts.items()]
    return build_section(
        translate_word(ctx, "short"),
        [Words(join_sentences([view["text"], view["missing_text"], assessed]), "lead"), Facts(pairs)],
    )


def write_adoption(ctx: Context, view: AdoptionView) -> Section:
    """Write what the register says of a country: derived status, then each event with its source."""
    status = view["status_text"]
    if view["opened_text"]:
        status = translate_word(ctx, "adoption.opened", status=status, opened=view["opened_text"])
    blocks: list[Words | Grid] = [Words(status, "lead"), Words(view["text"])]
    if view["events"]:
        columns = build_columns(ctx, {"date": 1.3, "event": 2.4, "source": 2.5, "evidence": 1.9, "stance": 3.2})
        part = Part("", "", [_event(ctx, event) for event in view["events"]])
        blocks.append(
            Grid(translate_word(ctx, "adoption.sheet"), translate_word(ctx, "adoption.note"), "", columns, [part])
        )
    return Section(translate_word(ctx, "adoption.title"), blocks)


def _event(ctx: Context, event: RegisterRow) -> Sequence[Cell]:
    parts = [event["stance_text"]]
    parts += [translate_word(ctx, "adoption.disputed")] if event["disputed"] else []
    parts += [] if event["counts"] else [translate_word(ctx, "adoption.not_counted")]
    details = t("ui.list.semicolon", ctx.lang).join(filter(None, (event["local_name"], event["scope"])))
    return (
        Cell(event["date_text"]),
        Cell(event["type_text"], details, strong=True),
        Cell(event["source"], event["source_ref"]),
        Cell(event["evidence"], event["evidence_text"]),
        Cell(t("ui.list.semicolon", ctx.lang).join(parts), event["note"]),
    )


def _charts(ctx: Context, view: CountryView) -> Section:
    """Draw for each theme the indicator with the most yearly figures of the country."""
    shown = [row["indicator"] for rows in view["themes"] for row in rows["rows"]]
    counted = dict(
        select_lean_totals(ctx, shown)
        .filter(pl.col("country") == view["iso3"], pl.col("value").is_not_null())
        .group_by("indicator")
        .agg(pl.col("year").n_unique())
        .collect()
        .iter_rows()
    )
    metrics = (ctx.book.metrics[name] for name, years in counted.items() if years >= MIN_YEARS_DRAWN)
    drawable = {metric.id for metric in metrics if metric.quantity and metric.line and metric.unit != "yes_no"}
    chosen = []
    for rows in view["themes"]:
        fit = [row["indicator"] for row in rows["rows"] if row["indicator"] in drawable]
        if fit:
            chosen.append(max(fit, key=lambda metric: counted[metric]))  # the first of equals: the codebook's order
    pictures = [draw_picture(ctx, ask_chart(ctx, "trend", metric, (view["iso3"],))) for metric in chosen]
    if not pictures:
        return Section(translate_word(ctx, "charts.title"), [])
    return Section(
        translate_word(ctx, "charts.title"), [Words(translate_word(ctx, "charts.chosen"), "note"), Pictures(pictures)]
    )


def _figures(query: ReportQuery, view: CountryView, verdicts: dict[str, ProgressVerdict]) -> Section:
    ctx = query.ctx
    parts = [
        Part(rows["label"], "", [figures.build_cells(ctx, row, verdicts.get(row["indicator"])) for row in rows["rows"]])
        for rows in view["themes"]
        if rows["rows"]
    ]
    if not parts:
        return Section(translate_word(ctx, "figures.title"), [])
    grid = Grid(
        translate_word(ctx, "figures.sheet"),
        translate_word(ctx, "figures.note"),
        translate_word(ctx, "head.theme"),
        figures.list_columns(ctx, query.method),
        parts,
    )
    return build_section(translate_word(ctx, "figures.title"), [describe_method(ctx, query.method), grid], wide=True)


def write_statuses(ctx: Context, verdicts: Sequence[ProgressVerdict]) -> Section:
    """Define the statuses that occur: none is read without its definition."""
    definitions = {verdict["status_text"]: verdict["definition"] for verdict in verdicts if verdict["tone"] != "none"}
    return write_definitions(ctx, definitions)


def write_definitions(ctx: Context, definitions: Mapping[str, str]) -> Section:
    """Write status words with their definitions, in alphabetical order."""
    title, pairs = (
        translate_word(ctx, "statuses.title"),
        sorted(definitions.items(), key=lambda definition: order(definition[0], ctx.lang)),
    )
    return Section(title, [Words(translate_word(ctx, "statuses.note"), "note"), Facts(pairs)] if pairs else [])


def write_national(ctx: Context, view: CountryView) -> Section:
    """Write the country's own series, apart from all other figures, with definition and caution."""
    title = translate_word(ctx, "national.title")
    if not view["national"]:
        return Section(title, [])
    columns = build_columns(ctx, {
        "series": 2.3, "value": (1.2, "number"), "shown": 0, "unit": 0, "year": (0.8, "whole"), "source": 2.2,
        "definition": 3.4, "caution": 2.8,
    })  # fmt: skip
    rows = [
        (
            Cell(series["name"], strip_site(series["series"])),
            Cell(series["figure"]["quantity"], series["points_text"], series["figure"]["value"], strong=True),
            Cell(series["figure"]["quantity"]),
            Cell(series["figure"]["unit"]),
            figures.build_year_cell(series["figure"]),
            Cell(series["source_text"], series["figure"]["edition"]),
            Cell(series["definition"], series["relation_text"]),
            Cell(series["caution"], series["evidence_text"]),
        )
        for series in view["national"]
    ]
    grid = Grid(translate_word(ctx, "national.sheet"), "", "", columns, [Part("", "", rows)])
    return Section(title, [Words(view["national_note"]), grid], wide=True)


def write_missing(ctx: Context, view: CountryView) -> Section:
    """List every indicator without a figure, by kind of gap and the office that owes it."""
    by_gap: dict[tuple[str, str], list[WorkRow]] = {}
    for row in view["missing"]:
        by_gap.setdefault((row["kind_text"], row["office"]), []).append(row)
    columns = build_columns(ctx, {"indicator": 3, "theme": 2, "who": 0, "id": 0})
    parts = [
        Part(
            kind,
            who,
            [
                (
                    Cell(row["name"], row["own"]),
                    Cell(row["theme_text"], row["origin_text"]),
                    Cell(row["office"]),
                    Cell(row["indicator"]),
                )
                for row in rows
            ],
        )
        for (kind, who), rows in by_gap.items()
    ]
    grid = Grid(translate_word(ctx, "missing.sheet"), "", translate_word(ctx, "head.gap"), columns, parts)
    return Section(translate_word(ctx, "missing.title"), [Words(view["missing_text"]), grid] if parts else [])
