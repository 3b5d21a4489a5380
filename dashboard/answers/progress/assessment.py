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
    """Verdicts by method, indicator and country, of every country with a figure of any year. None: all there are."""
    # most questions are about one method, whose verdicts are a tenth of the room and half the time of all of them
    made = tuple(methods) if len(methods) == 1 else METHODS
    rows = _panel(ctx.timeless, ctx.today.year, made).filter(pl.col("method").is_in(list(methods)))
    if metrics is not None:
        rows = rows.filter(pl.col("indicator").is_in(list(metrics)))
    if countries is not None:
        rows = rows.filter(pl.col("country").is_in(list(countries)))
    return rows.to_dicts()


def project_ranges_of_indicator(ctx: Context, metric: Metric, countries: Collection[str]) -> dict[str, Row]:
    """ISO3 → where the line may be in 2030, for lines with enough figures that are one line at all."""
    return {iso3: row for (_, iso3), row in project_line_ranges(ctx, {metric.id}, countries).items()}


def project_line_ranges(
    ctx: Context, metrics: Collection[str] | None = None, countries: Collection[str] | None = None
) -> dict[tuple[str, str], Row]:
    """(Indicator, ISO3) → ``middle``, ``low`` and ``high`` in 2030, as ``project_ranges_of_indicator`` has them. None:
    all there are."""
    requested = [it for it in ctx.book.metrics.values() if metrics is None or it.id in metrics]
    suited = [it for it in requested if it.quantity and it.unit != "yes_no" and it.direction != "centre"]
    if not suited:
        return {}
    ids = [it.id for it in suited]
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
    """Years with a figure before the latest one of a row, oldest first, and the weather symbol of each.

    Each is what the figures held now give up to that year: it shows how unstable one symbol is.
    """
    known = _symbols(ctx.timeless, ctx.today.year).get((row["indicator"], row["country"]), ())
    return [one for one in known if one[0] < row["latest_year"]][-SYMBOLS:]


@kept(2)
def _symbols(ctx: Context, this_year: int) -> Mapping[tuple[str, str], list[tuple[int, str]]]:
    own = {one.metric for one in ctx.book.national_targets}
    metrics = [it for it in ctx.book.metrics.values() if it.target_2030 is not None or it.id in own]
    points, declared, targets = _points(ctx, metrics).collect(), _declared(ctx.book, metrics), _own(ctx.book)
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for year in range(int(RULES("all", "base_year")), this_year):
        rows = assess_progress(points, declared, methods=("weather",), targets=targets, as_of=year)
        told = rows.filter(pl.col("latest_year") == year).drop_nulls("status")
        for indicator, country, status in told.select("indicator", "country", "status").iter_rows():
            found.setdefault((indicator, country), []).append((year, status))
    return found


@kept(4)  # the newest by the custodian's method, by all and by another; one of an earlier day
def _panel(ctx: Context, this_year: int, methods: tuple[Any, ...]) -> pl.DataFrame:
    metrics = list(ctx.book.metrics.values())
    points, declared, targets = _points(ctx, metrics), _declared(ctx.book, metrics), _own(ctx.book)
    return assess_progress(points, declared, methods=methods, targets=targets, as_of=this_year)


def _claim(ctx: Context, metrics: Collection[Metric]) -> pl.Expr:
    """Whether a row is of a series of evidence level 1, which decides no status."""
    named = [f"{metric.id}|{source}|{series}" for metric in metrics for source, series in find_claims(ctx, metric)]
    return pl.concat_str("indicator", "source", "series", separator="|").is_in(named)


def _points(ctx: Context, metrics: Collection[Metric]) -> pl.LazyFrame:
    """Shown national totals with a figure; ``series`` changes wherever figures do not belong in one line.

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
            "indicator": it.id,
            "direction": it.direction,
            "centre": it.centre,
            "band": BUDGET_BAND.get(it.id),
            "target": it.target_2030,
            "low": _low(it),
            "high": it.limit_high,
            "breaks": list(it.break_years),
            "rescaled": any(link.series.endswith(RESCALED) for link in it.series),
            "yes_no": it.unit == "yes_no",
            "unmodified": any(is_unmodified_only(link.source) for link in it.series),
            **(
                {f"sdsn_{name}": getattr(it.sdsn, name) for name in ("lower", "red", "green", "optimum")}
                if it.sdsn
                else {}
            ),
        }
        for it in metrics
    )


def _low(it: Metric) -> float | None:
    """The natural lower limit; a usual one too where it says that the scale has negative values."""
    return it.usual_low if it.limit_low is None and (it.usual_low or 0) < 0 else it.limit_low


def _own(book: Codebook) -> pl.DataFrame:
    """Countries' own targets for 2030."""
    last = {
        (one.metric, one.country): one.value
        for one in book.national_targets
        if one.kind == "target" and one.year == TARGET_YEAR
    }
    rows = [{"indicator": metric, "country": iso3, "target": value} for (metric, iso3), value in last.items()]
    return pl.DataFrame(rows, schema=TARGETS)
