"""A comparison as a file: a line per indicator and country, the verdict on every pair, and what differs in kind."""

from typing import Any

from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.analysis.reports.workbook import SheetColumn, WorkbookSheet, write_workbook
from dashboard.answers.adoption.counting import choose_default_countries
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.lookup import find_countries, find_metric
from dashboard.answers.base.rows import choose_latest
from dashboard.answers.base.words import name_country, name_metric, name_unit
from dashboard.answers.charts.query import MAX_COUNTRIES_APART, MAX_METRICS
from dashboard.answers.compare.compare import compare, find_rows, judge_all
from dashboard.answers.compare.pairs import PAIR_COLUMNS, list_pairs
from dashboard.answers.wording.citation import name_source
from dashboard.locales import t

COLUMNS = (
    "indicator", "indicator_name", "country", "country_name", "period", "value", "lower", "upper", "interval_level",
    "unit", "status", "nature", "source", "edition", "id",
)  # fmt: skip
PLAIN = ("period", "value", "lower", "upper", "interval_level", "status", "nature", "source", "edition", "id")
PAIR_NUMBERS = ("difference", "std_error", "p", "p_adjusted", "year")
NUMBERS = ("value", "lower", "upper", "interval_level")

Question = tuple[tuple[str, ...], tuple[str, ...], int | None, int | None]
"""Indicators, countries, first and last year."""


def check_question(ctx: Context, query: Question) -> Question:
    """Return the question with its countries filled in.

    Raises:
        Unknown: no such indicator or country.
        Invalid: more than four indicators, or more than twelve countries.
    """
    metrics, countries, first, last = query
    metric_ids = tuple(find_metric(ctx, name).id for name in metrics)
    chosen = find_countries(ctx, countries) or choose_default_countries(ctx, metric_ids[0])
    if not 1 <= len(metric_ids) <= MAX_METRICS:
        raise Invalid("indicator", f"One to four indicators are compared; {len(metric_ids)} were asked for.")
    if len(chosen) > MAX_COUNTRIES_APART:
        raise Invalid("country", f"At most {MAX_COUNTRIES_APART} countries are compared; {len(chosen)} were asked for.")
    return metric_ids, chosen, first, last


def list_rows(ctx: Context, query: Question) -> list[dict[str, Any]]:
    """Return the latest figure of each indicator and country; a missing one is null with its status."""
    metrics = [find_metric(ctx, name) for name in query[0]]
    rows_by_metric = find_rows(ctx, metrics, query[1], *query[2:])
    result = []
    for metric in metrics:
        for iso3 in query[1]:
            row = choose_latest(rows_by_metric[metric.id].get(iso3, [])) or {"status": "missing"}
            result.append(
                {"indicator": metric.id, "indicator_name": name_metric(ctx, metric.id), "country": iso3}
                | {"country_name": name_country(ctx, iso3), "unit": name_unit(ctx, metric)}
                | {name: row.get(name) for name in PLAIN}
            )
    return result


def list_verdicts(ctx: Context, query: Question) -> list[dict[str, Any]]:
    """Return the verdict on every pair of the countries in each indicator."""
    metrics = [find_metric(ctx, name) for name in query[0]]
    rows_by_metric = find_rows(ctx, metrics, query[1], *query[2:])
    judged = (judge_all(metric, query[1], rows_by_metric[metric.id]) for metric in metrics)
    return [row for pairs in judged for row in list_pairs(ctx, pairs)]


def answer(ctx: Context, query: Question) -> dict[str, Any]:
    """Return the rows, the verdicts, and in what each indicator's figures differ."""
    view = compare(ctx, query[0][0], query[1], query[2], query[3], query[0][1:])
    return {
        "dataset": ctx.dataset.name,
        "as_of": ctx.today.isoformat(),
        "rows": list_rows(ctx, query),
        "pairs": list_verdicts(ctx, query),
        "comparability": [
            {name: metric[name] for name in ("id", "name", "unit", "verdict", "chips", "countries", "parts", "notes")}
            for metric in view["metrics"]
        ],
    }


def write_csv(ctx: Context, query: Question) -> bytes:
    """Write the rows as CSV."""
    return write_csv_file(list_rows(ctx, query), COLUMNS)


def write_pairs_csv(ctx: Context, query: Question) -> bytes:
    """Write the verdicts as CSV."""
    return write_csv_file(list_verdicts(ctx, query), PAIR_COLUMNS)


def write_xlsx(ctx: Context, query: Question) -> bytes:
    """Write figures, verdicts, differences and sources as a workbook, a sheet each."""
    view = answer(ctx, query)
    figures = [[row[name] for name in COLUMNS] for row in view["rows"]]
    differences = [
        [metric["name"], part["label"], country, value, t("compare.why.differs", ctx.lang) if part["differs"] else ""]
        for metric in view["comparability"]
        for part in metric["parts"]
        for country, value in zip(metric["countries"], part["values"], strict=True)
    ]
    sources = [[name_metric(ctx, name), name_source(ctx, find_metric(ctx, name))] for name in query[0]]
    heads = [SheetColumn(name) for name in ("indicator", "part", "country", "value", "differs")]
    sheets = [
        WorkbookSheet(
            "figures", [SheetColumn(name, "number" if name in NUMBERS else "text") for name in COLUMNS], figures
        ),
        WorkbookSheet(
            "pairs",
            [SheetColumn(name, "number" if name in PAIR_NUMBERS else "text") for name in PAIR_COLUMNS],
            [[row[name] for name in PAIR_COLUMNS] for row in view["pairs"]],
        ),
        WorkbookSheet("comparability", heads, differences),
        WorkbookSheet(
            "sources",
            [SheetColumn("indicator"), SheetColumn("source", "long")],
            [*sources, ["dataset", ctx.dataset.name]],
        ),
    ]
    return write_workbook(sheets, ctx.lang, t("pages.compare.heading", ctx.lang), ctx.dataset.created_at)
