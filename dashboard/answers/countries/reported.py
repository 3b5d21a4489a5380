"""Satisfaction in a country, by who was asked.

Three things about satisfaction are never one line: what the agency says of itself, what users of its services answer,
and what a household survey finds (SDG 16.6.2). They are given apart, each with what it is.
"""

from collections.abc import Mapping, Sequence

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row
from dashboard.answers.base.words import name_unit, translate_term
from dashboard.answers.countries.views import Reported, Voice, VoiceFigure
from dashboard.answers.reported.figures import (
    ReportedFigure,
    choose_satisfaction,
    list_reported,
    say_who,
    write_period,
    write_place,
    write_value,
)
from dashboard.answers.wording.figures import build_figure
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.locales import has, t

THIRD_PARTY = 3
"""Evidence level of what another body measured (docs/method.md)."""


def list_voices(ctx: Context, iso3: str, figures: Mapping[str, Row]) -> list[Voice]:
    """Return the agency's reports, users' surveys and SDG 16.6.2, always these three in this order.

    What is reported stands for the first two: of each the best figure, with who says it.
    """
    stated = choose_satisfaction(list_reported(iso3))
    metrics = [metric for metric in ctx.book.metrics.values() if metric.theme == "satisfaction"]
    household = [metric for metric in metrics if metric.direct]
    users = [metric for metric in metrics if metric not in household]
    return [
        _view_voice(ctx, "agency", stated["agency"], []),
        _view_voice(ctx, "users", stated["others"], _list_figures(ctx, users, figures), of=len(users)),
        _view_voice(ctx, "household", None, _list_figures(ctx, household, figures), of=len(household)),
    ]


def _describe(ctx: Context, figure: ReportedFigure) -> Reported:
    """Return a reported figure with who says it: the speaker, the agency or another body."""
    level = THIRD_PARTY if figure.independent else 1
    says = t(f"overview.kpi.satisfaction.{'others' if figure.independent else 'agency'}", ctx.lang)
    return Reported(
        metric=figure.measure,
        metric_text=say_who(figure, ctx.lang) if figure.speaker else says,
        value_text=write_value(figure, ctx.lang),
        date_text=write_period(figure, ctx.lang),
        source=figure.publisher if figure.is_national else f"{figure.publisher}, {write_place(figure, ctx.lang)}",
        note=figure.note,
        evidence_level=level,
        evidence_text=translate_term(ctx, "evidence_level", str(level)),
    )


def _list_figures(ctx: Context, metrics: Sequence[Metric], figures: Mapping[str, Row]) -> list[VoiceFigure]:
    return [
        VoiceFigure(
            indicator=metric.id,
            name=choose_text(metric.name, ctx.lang),
            unit=name_unit(ctx, metric),
            figure=build_figure(ctx, metric, figures[metric.id]),
        )
        for metric in metrics
        if metric.id in figures
    ]


def _view_voice(
    ctx: Context, kind: str, stated: ReportedFigure | None, figures: list[VoiceFigure], of: int = 0
) -> Voice:
    none = f"country.voice.{kind}.none"
    return Voice(
        id=kind,
        label=t(f"country.voice.{kind}.label", ctx.lang),
        definition=t(f"country.voice.{kind}.definition", ctx.lang),
        reports=[_describe(ctx, stated)] if stated else [],
        figures=figures,
        empty="" if stated or figures or not has(none) else t(none, ctx.lang, of=str(of)),
    )
