"""The verdicts of all methods on all lines of a dataset: computed once per dataset and day.

With ``reading``, one of the few modules of this room that touch frames.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from dashboard.analysis.measures.intervals import read_std_errors
from dashboard.analysis.measures.latest import has_figure, is_in_line
from dashboard.analysis.measures.progress.constants import METHODS as METHODS
from dashboard.analysis.measures.progress.declared import TARGETS, build_declarations
from dashboard.analysis.measures.progress.panel import RULES, assess_progress
from dashboard.analysis.measures.progress.ranges import project_ranges
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.wording.evidence import find_claims
from dashboard.answers.wording.publishers import is_unmodified_only
from dashboard.evidence.codebook.model import Codebook, Metric

Row = dict[str, Any]
"""A row of ``dashboard.analysis.measures.progress.answers.ANSWERS``; readers must not change it."""

DEFAULT_METHOD = "unsd_2026"
"""The custodian's newest."""

SYMBOLS = 5
"""Most weather symbols of earlier years that stand beside one."""

TARGET_YEAR = 2030
"""Of the targets countries set themselves, those that take the place of the framework's."""

NO_LINE = (
    "series_break", "censored_value", "no_direction_declared", "licence_unmodified_only", "claim_without_method",
)  # fmt: skip
"""Refusals that also forbid to continue a line to 2030."""

RESCALED = ".SC"
"""Ending of the governance indicators' series from 0 to 100: the estimates of −2.5 to 2.5 on another scale."""

BUDGET_BAND = {"budget_reliability": 5.0}
"""PEFA PI-1: 95 to 105 % is band A, so it meets the target of 100."""


def assess_lines(
    ctx: Context,
    *,
    metrics: Collection[str] | None = None,
    countries: Collection[str] | None = None,
    methods: Collection[str] = METHODS,
) -> list[Row]:
    """Return verdicts by method, indicator and country; None stands for all there are."""
    # most questions are about one method, whose verdicts are a tenth of the room and half the time of all of them
    made = tuple(methods) if len(methods) == 1 else METHODS
    rows = _panel(ctx.timeless, ctx.today.year, made).filter(pl.col("method").is_in(list(methods)))
    if metrics is not None:
        rows = rows.filter(pl.col("indicator").is_in(list(metrics)))
    if countries is not None:
        rows = rows.filter(pl.col("country").is_in(list(countries)))
    return rows.to_dicts()


def project_ranges_of_indicator(ctx: Context, metric: Metric, countries: Collection[str]) -> dict[str, Row]:
    """Map each country to where its line may be in 2030, for lines with enough figures."""
    return {iso3: row for (_, iso3), row in project_line_ranges(ctx, {metric.id}, countries).items()}


def project_line_ranges(
    ctx: Context, metrics: Collection[str] | None = None, countries: Collection[str] | None = None
) -> dict[tuple[str, str], Row]:
    """Map indicator and country to ``middle``, ``low`` and ``high`` in 2030; None stands for all."""
    requested = [entry for entry in ctx.book.metrics.values() if metrics is None or entry.id in metrics]
    suited = [
        metric for metric in requested if metric.quantity and metric.unit != "yes_no" and metric.direction != "centre"
    ]
    if not suited:
        return {}
    ids = [metric.id for metric in suited]
    lines = [
        (row["indicator"], row["country"])
        for row in assess_lines(ctx, metrics=ids, countries=countries, methods=[DEFAULT_METHOD])
        if row["reason"] not in NO_LINE
    ]
    pairs = pl.LazyFrame(lines, schema={"indicator": pl.String, "country": pl.String}, orient="row")
    rows = _points(ctx, suited).join(pairs, on=["indicator", "country"], how="semi")
    projected = project_ranges(rows, _declared(ctx.book, suited), as_of=ctx.today.year)
    return {(row["indicator"], row["country"]): row for row in projected.iter_rows(named=True)}


def list_earlier_symbols(ctx: Context, row: Row) -> Sequence[tuple[int, str]]:
    """Return up to ``SYMBOLS`` earlier years of a row with their weather symbols, oldest first.

    Each is what the figures held now give up to that year: it shows how unstable one symbol is.
    """
    symbols = _symbols(ctx.timeless, ctx.today.year).get((row["indicator"], row["country"]), ())
    return [symbol for symbol in symbols if symbol[0] < row["latest_year"]][-SYMBOLS:]


@kept(2)
def _symbols(ctx: Context, this_year: int) -> Mapping[tuple[str, str], list[tuple[int, str]]]:
    own = {target.metric for target in ctx.book.national_targets}
    metrics = [metric for metric in ctx.book.metrics.values() if metric.target_2030 is not None or metric.id in own]
    points, declared, targets = _points(ctx, metrics).collect(), _declared(ctx.book, metrics), _own(ctx.book)
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for year in range(int(RULES("all", "base_year")), this_year):
        rows = assess_progress(points, declared, methods=("weather",), targets=targets, as_of=year)
        assessed = rows.filter(pl.col("latest_year") == year).drop_nulls("status")
        for indicator, country, status in assessed.select("indicator", "country", "status").iter_rows():
            found.setdefault((indicator, country), []).append((year, status))
    return found


@kept(4)  # the newest by the custodian's method, by all and by another; one of an earlier day
def _panel(ctx: Context, this_year: int, methods: tuple[Any, ...]) -> pl.DataFrame:
    metrics = list(ctx.book.metrics.values())
    points, declared, targets = _points(ctx, metrics), _declared(ctx.book, metrics), _own(ctx.book)
    return assess_progress(points, declared, methods=methods, targets=targets, as_of=this_year)


def _claim(ctx: Context, metrics: Collection[Metric]) -> pl.Expr:
    """Match rows of a series of evidence level 1, which decides no status."""
    named = [f"{metric.id}|{source}|{series}" for metric in metrics for source, series in find_claims(ctx, metric)]
    return pl.concat_str("indicator", "source", "series", separator="|").is_in(named)


def _points(ctx: Context, metrics: Collection[Metric]) -> pl.LazyFrame:
    """Select shown totals with a figure; ``series`` differs where figures belong in separate lines.

    Figures of separate surveys (``line`` no in the codebook) are each a line of their own, but a yes stays a yes.
    """
    apart = [metric.id for metric in metrics if not metric.line and metric.unit != "yes_no"]
    survey = pl.when(pl.col("indicator").is_in(apart)).then(pl.col("year").cast(pl.String))
    kinds = (pl.col("source", "series", "unit", "edition"), survey)
    lines = [metric.id for metric in metrics if metric.line]
    return (
        ctx.dataset.scan([metric.id for metric in metrics])
        .filter(pl.col("primary"), pl.col("dimensions") == "{}", has_figure())
        .filter(~pl.col("indicator").is_in(lines) | pl.col("year").is_null() | is_in_line())
        .select(
            "indicator", "country", "year", "value", "status", read_std_errors().alias("std_error"), "nature",
            pl.concat_str(kinds, separator="|", ignore_nulls=True).alias("series"),
            _claim(ctx, metrics).alias("claim"),
        )
    )  # fmt: skip


def _declared(book: Codebook, metrics: Collection[Metric]) -> pl.DataFrame:
    return build_declarations(
        {
            "indicator": metric.id,
            "direction": metric.direction,
            "centre": metric.centre,
            "band": BUDGET_BAND.get(metric.id),
            "target": metric.target_2030,
            "low": _low(metric),
            "high": metric.limit_high,
            "breaks": list(metric.break_years),
            "rescaled": any(link.series.endswith(RESCALED) for link in metric.series),
            "yes_no": metric.unit == "yes_no",
            "unmodified": any(is_unmodified_only(link.source) for link in metric.series),
            **(
                {f"sdsn_{name}": getattr(metric.sdsn, name) for name in ("lower", "red", "green", "optimum")}
                if metric.sdsn
                else {}
            ),
        }
        for metric in metrics
    )


def _low(metric: Metric) -> float | None:
    """Return the natural lower limit, or the usual one where it says that the scale goes below 0."""
    return metric.usual_low if metric.limit_low is None and (metric.usual_low or 0) < 0 else metric.limit_low


def _own(book: Codebook) -> pl.DataFrame:
    """Return countries' own targets for 2030."""
    last = {
        (target.metric, target.country): target.value
        for target in book.national_targets
        if target.kind == "target" and target.year == TARGET_YEAR
    }
    rows = [{"indicator": metric, "country": iso3, "target": value} for (metric, iso3), value in last.items()]
    return pl.DataFrame(rows, schema=TARGETS)
