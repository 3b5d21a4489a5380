"""What a country's own agency has reported: dated, sourced, never among figures.

Three things about satisfaction are never one line: what the agency says of itself, what users of its services answer,
and what a household survey finds (SDG 16.6.2). They are given apart, each with what it is.
"""

from collections.abc import Mapping, Sequence

from dashboard.codebook.model import Metric, choose_text
from dashboard.locales import format_day, format_number, format_quantity, has, t
from dashboard.services.base.context import Context
from dashboard.services.base.rows import Row
from dashboard.services.base.words import name_unit, translate_term
from dashboard.services.countries.views import Reported, Voice, VoiceFigure
from dashboard.services.wording.figures import build_figure

RESULTS = ("satisfaction", "satisfaction_index")
SATISFACTION = (*RESULTS, "satisfaction_goal")
THIRD_PARTY = 3
"""Evidence level from which a figure is not the agency's own word but a survey of others (docs/method.md)."""
PRECISIONS = ("day", "month", "year")


def list_agency_reports(ctx: Context, iso3: str) -> list[Reported]:
    """Everything the agency of a country reported, the newest first; what has no date comes last."""
    rows = [row for row in ctx.book.agency_reports if row["country"] == iso3]
    return [_reported(ctx, row) for row in sorted(rows, key=lambda row: (row["date"], row["metric"]), reverse=True)]


def list_voices(ctx: Context, iso3: str, figures: Mapping[str, Row]) -> list[Voice]:
    """Agency-reported, service users' survey, SDG 16.6.2: always three, in this order, each with or without figures."""
    satisfaction = [it for it in list_agency_reports(ctx, iso3) if it["metric"] in SATISFACTION]
    reports = sorted(satisfaction, key=lambda it: SATISFACTION.index(it["metric"]))  # results before goals
    own = [it for it in reports if it["evidence_level"] < THIRD_PARTY]
    studies = [it for it in reports if it["evidence_level"] >= THIRD_PARTY]
    metrics = [it for it in ctx.book.metrics.values() if it.theme == "satisfaction"]
    household = [it for it in metrics if it.direct]
    users = [it for it in metrics if it not in household]
    return [
        _voice(ctx, "agency", own, []),
        _voice(ctx, "users", studies, _figures(ctx, users, figures), of=len(users)),
        _voice(ctx, "household", [], _figures(ctx, household, figures), of=len(household)),
    ]


def _reported(ctx: Context, row: Mapping[str, str]) -> Reported:
    value, metric = float(row["value"]), t(f"country.reported.{row['metric']}", ctx.lang)
    decimals = len(row["value"].partition(".")[2])
    percent = row["unit"] == "percent"  # every other unit is named by what is counted
    shown = (
        format_quantity(value, "percent", ctx.lang, decimals) if percent else format_number(value, ctx.lang, decimals)
    )
    return Reported(
        metric=row["metric"],
        metric_text=t("country.of_place", ctx.lang, metric=metric, place=row["place"]) if row["place"] else metric,
        value_text=name_reported_value(ctx, row, t(f"country.qualifier.{row['qualifier']}", ctx.lang, value=shown)),
        date_text=_when(ctx, row["date"], row["precision"]),
        source=row["source"],
        note=row["note"],
        evidence_level=int(row["evidence_level"]),
        evidence_text=translate_term(ctx, "evidence_level", row["evidence_level"]),
    )


def name_reported_value(ctx: Context, row: Mapping[str, str], shown: str) -> str:
    """A reported value with its scale, where it is on one of its own."""
    scale = f"country.scale.{row['unit']}"
    return t(scale, ctx.lang, value=shown) if has(scale) else shown


def _when(ctx: Context, day: str, precision: str) -> str:
    """The date as precise as it is known; the span of a range; words where none is known."""
    if not day:
        return t("country.undated", ctx.lang)
    return format_day(day, ctx.lang, precision) if precision in PRECISIONS else day.replace("/", "–")


def _figures(ctx: Context, metrics: Sequence[Metric], figures: Mapping[str, Row]) -> list[VoiceFigure]:
    return [
        VoiceFigure(
            indicator=it.id,
            name=choose_text(it.name, ctx.lang),
            unit=name_unit(ctx, it),
            figure=build_figure(ctx, it, figures[it.id]),
        )
        for it in metrics
        if it.id in figures
    ]


def _voice(ctx: Context, kind: str, reports: list[Reported], figures: list[VoiceFigure], of: int = 0) -> Voice:
    none = f"country.voice.{kind}.none"
    return Voice(
        id=kind,
        label=t(f"country.voice.{kind}.label", ctx.lang),
        definition=t(f"country.voice.{kind}.definition", ctx.lang),
        reports=reports,
        figures=figures,
        empty="" if reports or figures or not has(none) else t(none, ctx.lang, of=str(of)),
    )
