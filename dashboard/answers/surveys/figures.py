"""Survey series in words: of one country, and as rows of a file."""

from collections.abc import Collection
from dataclasses import asdict
from math import sqrt
from typing import Any

from dashboard.analysis.charts.sparkline import Sparkline, draw_sparkline
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_list, name_country
from dashboard.answers.reported.views import ReportedLane, ReportedView
from dashboard.answers.surveys.estimated import EstimatedFigure, load_estimated_series
from dashboard.evidence.codebook.register.surveys import SurveyFigure, SurveySeries, load_survey_series
from dashboard.locales import format_number, format_quantity, t
from dashboard.settings import settings

FILE_COLUMNS = (
    "id", "series", "country", "country_text", "topic", "survey", "organisation", "independence", "question",
    "population", "base", "year", "value", "unit", "margin", "n", "n_is", "fieldwork_start", "fieldwork_end", "line",
    "compare", "licence", "url", "quote",
)  # fmt: skip
"""Columns of the file."""

DOCUMENTS = "bribe_documents"
PAID = ("bribe_centre", DOCUMENTS, "bribe_any")
"""Topics whose results are shares of people who paid or were asked to."""

_Z90 = 1.645


def view_surveys(ctx: Context, iso3: str) -> list[ReportedLane]:
    """Return a country's survey series: quoted, nearest to a service counter first; then estimates."""
    quoted = [series for series in load_survey_series() if series.country == iso3]
    return [_lane(ctx, series) for series in (*quoted, *load_estimated_series(settings().surveys_dir, iso3))]


def describe_experience(ctx: Context, iso3: str) -> str:
    """Return what surveys of a country found when they asked whether people paid: survey, results, years.

    "" where none asked. Surveys stand side by side in words; nothing is computed across them.
    """
    found = [
        t(
            "surveys.results",
            ctx.lang,
            survey=series.survey,
            results=join_list(
                ctx, [f"{write_value(series, figure, ctx.lang)} ({figure.year})" for figure in series.figures]
            ),
        )
        for series in load_survey_series()
        if series.country == iso3 and series.topic in PAID
    ]
    return t("surveys.experience", ctx.lang, country=name_country(ctx, iso3), found="; ".join(found)) if found else ""


def list_paid_for_documents(ctx: Context, group: Collection[str]) -> str:
    """Return each country's newest share that paid for an official document; "" for none."""
    found = sorted(
        (series.figures[-1].year, name_country(ctx, series.country), write_value(series, series.figures[-1], ctx.lang))
        for series in load_survey_series()
        if series.country in group and series.topic == DOCUMENTS
    )
    return join_list(ctx, (f"{country} {value} ({year})" for year, country, value in reversed(found)))


def file_rows(ctx: Context, iso3: str = "") -> list[dict[str, Any]]:
    """Return every survey result as a file holds it."""
    return [
        {
            **{key: value for key, value in asdict(series).items() if key not in ("figures", "line")},
            **asdict(figure),
            "line": "yes" if series.line else "no",
            "country_text": name_country(ctx, series.country),
            "margin": estimate_margin(series, figure),
        }
        for series in load_survey_series()
        if iso3 in ("", series.country)
        for figure in series.figures
    ]


def estimate_margin(series: SurveySeries, figure: SurveyFigure) -> float | None:
    """Return the 90 % margin of a share in percentage points, as if the sample were simple and random.

    None where the number of people asked this question is not printed: a sample around them says too little.
    """
    if series.unit != "percent" or figure.n_is != "population":
        return None
    share = float(figure.value) / 100
    return round(100 * _Z90 * sqrt(share * (1 - share) / int(figure.n)), 1)


def write_value(series: SurveySeries, figure: SurveyFigure, lang: str) -> str:
    """Return a result with as many decimals as its publisher printed."""
    value, decimals = float(figure.value), len(figure.value.partition(".")[2])
    if series.unit == "percent":
        return format_quantity(value, "percent", lang, decimals)
    return t(f"surveys.scale.{series.unit}", lang, value=format_number(value, lang, decimals))


def _describe_interval(figure: EstimatedFigure, lang: str) -> str:
    if not figure.lower:
        return t("surveys.no_interval", lang)
    lower, upper = (
        format_number(float(bound), lang, len(bound.partition(".")[2])) for bound in (figure.lower, figure.upper)
    )
    return t("surveys.interval", lang, lower=lower, upper=upper)


def _lane(ctx: Context, series: SurveySeries) -> ReportedLane:
    newest, *earlier = reversed([_view(ctx, series, figure) for figure in series.figures])
    return ReportedLane(
        id=series.id,
        label=series.survey,
        question=series.question,
        caution=series.compare,
        first=[newest],
        rest=earlier,
        rest_text="",
        spark=_spark(series),
    )


def _spark(series: SurveySeries) -> Sparkline:
    points = [(float(figure.year), float(figure.value)) for figure in series.figures]
    return draw_sparkline(*([points] if series.line else [[point] for point in points]))


def _view(ctx: Context, series: SurveySeries, figure: SurveyFigure) -> ReportedView:
    lang = ctx.lang
    margin = estimate_margin(series, figure)
    words = [t("surveys.asked", lang, n=format_number(int(figure.n), lang))] if figure.n else []
    if isinstance(figure, EstimatedFigure):
        words.append(_describe_interval(figure, lang))
    if margin is not None:
        words.append(t("surveys.margin", lang, margin=format_number(margin, lang, 1)))
    return ReportedView(
        id=figure.id,
        lane=series.id,
        value=write_value(series, figure, lang),
        unit="",
        counted=series.population,
        body="",
        place="",
        period=str(figure.year),
        counting=t(f"surveys.base.{series.base}", lang),
        said=series.organisation,
        day=str(figure.year),
        independent=t(f"surveys.independence.{series.independence}", lang),
        quote=figure.quote,
        address=figure.url,
        publisher=figure.url.split("/")[2],
        against=[],
        opened=" ".join(words) or t("surveys.no_n", lang),
        note=series.licence,
        send="",
        template="",
    )
