"""The series behind an indicator: which feed it, what they are broken down by, and how figures come about."""

import json

import polars as pl

from dashboard.analysis.measures.intervals import Z_90
from dashboard.analysis.measures.rounding import WIDE_ERROR
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest, find_stats
from dashboard.answers.base.views import make_choice
from dashboard.answers.base.words import isolate_written, name_dimension, translate_term
from dashboard.answers.holdings.views import Breakdown, SeriesView
from dashboard.answers.wording.publishers import describe_licence, find_publisher, title_publisher
from dashboard.evidence.codebook.model import Metric, SeriesLink
from dashboard.locales import format_edition, format_number, t


def list_breakdowns(ctx: Context, metric: str) -> list[Breakdown]:
    """Return every breakdown the dataset holds of an indicator, with its categories."""
    rows = ctx.dataset.rows(metric).filter(pl.col("primary"), pl.col("dimensions") != "{}")
    categories: dict[str, dict[str, None]] = {}
    for text in rows.select(pl.col("dimensions").unique().sort()).collect().to_series():
        for name, value in json.loads(text).items():
            categories.setdefault(name, {})[value] = None
    return [
        Breakdown(
            id=name,
            label=name_dimension(ctx, name),
            values=[make_choice(value, name_dimension(ctx, name, value)) for value in values],
        )
        for name, values in categories.items()
    ]


def view_series(ctx: Context, metric: Metric) -> list[SeriesView]:
    """Return every series that feeds an indicator, with what the dataset holds of it."""
    counted = (
        ctx.dataset.rows(metric.id)
        .group_by("source", "series")
        .agg(pl.len(), pl.col("edition").unique().sort(), first=pl.col("year").min(), last=pl.col("year").max())
        .collect()
    )
    spans = {(row["source"], row["series"]): row for row in counted.iter_rows(named=True)}
    return [_series(link, spans, ctx) for link in metric.series]


def _series(link: SeriesLink, spans: dict[tuple[str, str], dict[str, object]], ctx: Context) -> SeriesView:
    nothing: dict[str, object] = {"len": 0, "edition": [], "first": None, "last": None}
    row = next((spans[link.source, code] for code in link.codes if (link.source, code) in spans), nothing)
    info = find_publisher(link.source, link.series)
    return SeriesView(
        source=link.source,
        source_text=title_publisher(link.source, link.series),
        series=link.series,
        role=link.role,
        role_text=translate_term(ctx, "series_role", link.role)
        if row["len"]
        else t("answers.not_gathered.name", ctx.lang),
        editions=[format_edition(edition, ctx.lang) for edition in row["edition"]],  # type: ignore[attr-defined]
        first_year=row["first"],  # type: ignore[typeddict-item]
        last_year=row["last"],  # type: ignore[typeddict-item]
        rows=row["len"],  # type: ignore[typeddict-item]
        rows_text=format_number(row["len"], ctx.lang),  # type: ignore[arg-type]
        licence=describe_licence(ctx, info) if info else "",
        licence_url=info.licence_url if info else "",
        homepage=info.homepage if info else "",
    )


def explain_computation(ctx: Context, metric: Metric) -> list[str]:
    """Explain step by step how a figure comes about: source, interval, edition, nature, rounding."""
    lang = ctx.lang
    primary = next((link for link in metric.series if link.role == "primary"), None)
    if primary is None:
        kind = "computed" if metric.source_type == ("computed",) else "submitted"
        return [t(f"answers.computed.{kind}", lang)]
    source = isolate_written(ctx, title_publisher(primary.source, primary.series))
    steps = [t("answers.computed.taken", lang, series=isolate_written(ctx, primary.series), source=source)]
    shown = find_latest(ctx, metric.id).values()
    bounded = not shown or any(row["lower"] is not None for row in shown)  # a copy may come without what a series has
    interval = primary.interval if bounded and primary.interval in ("se_90", "published") else "none"
    steps.append(t(f"answers.computed.interval_{interval}", lang, z=format_number(Z_90, lang)))
    stats = find_stats(ctx, metric.id)
    if not metric.line:
        steps.append(t(f"answers.computed.{'answers' if metric.unit == 'yes_no' else 'points'}", lang))
    elif metric.break_years:
        years = ", ".join(str(year) for year in metric.break_years)
        steps.append(t("answers.computed.breaks", lang, years=years))
    else:
        each = "_each" if len(stats.editions) > 1 else ""
        steps.append(t(f"answers.computed.one_edition{each}", lang))
    natures = [translate_term(ctx, "nature", nature or "unstated") for nature in stats.natures]
    if natures:
        steps.append(t("answers.computed.natures", lang, natures=", ".join(natures)))
    steps.append(t("answers.computed.missing", lang))
    rounding = t("answers.computed.rounding", lang, count=metric.decimals)
    if metric.unit == "percent":
        rounding += " " + t("answers.computed.rounding_percent", lang, wide=format_number(WIDE_ERROR, lang))
    steps.append(rounding)
    return steps
