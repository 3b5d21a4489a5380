"""One centre over its months: counts, waiting, ratings, availability, and why a figure is missing."""

from collections.abc import Iterator, Sequence
from datetime import date as day
from itertools import pairwise
from typing import TypedDict

from dashboard.analysis.charts.sparkline import Sparkline
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.comparison.views import ServiceRow, list_service_rows
from dashboard.contributions.delivery.hours import HoursRow, describe_channel_hours
from dashboard.contributions.delivery.metrics import EVIDENCE, YEAR, DeliveryMetric, figure, metrics, shifted, within
from dashboard.contributions.delivery.model import Centre, CentreReport, at
from dashboard.contributions.delivery.pooling import of_centre
from dashboard.contributions.delivery.views import course
from dashboard.contributions.delivery.wording import FigureView, country_name, figure_view, metric_name, name_service
from dashboard.locales import format_day, format_number, t

TABLE = ("waiting_p50", "waiting_p90", "satisfaction", "completion", "standard_met", "availability_reported")
"""The metrics of a month's row, in order."""

SHOWN = 24
"""Months of the table, the newest first; the file has all."""

COLUMNS = ("centre", "month", "metric", "kind", "value", "lower", "upper", "numerator", "n", "currency", "evidence")


class MonthRow(TypedDict):
    month: str
    completed: str
    figures: list[FigureView]


class CourseView(FigureView):
    spark: Sparkline


class CentreView(TypedDict):
    iso3: str
    country: str
    code: str
    name: str
    region: str
    standing: str  # since when it is known, that it moved or closed
    level: str  # evidence level in words
    tiles: list[CourseView]  # of ``TABLE``, with their months
    figures: list[FigureView]  # of every metric that was reported
    absent: list[str]  # names of those that were not
    columns: list[str]
    months: list[MonthRow]
    hours: list[HoursRow]  # a week, by channel
    services: list[ServiceRow]  # beside all centres; none of one service
    empty: str  # what is said where nothing was sent


def centre_services(engine: store.Engine, iso3: str, code: str, lang: str) -> CentreView | None:
    """Return the centre's page; None where the country has no such centre."""
    rows = [row for row in store.centre(engine, code) if row.country == iso3]
    if not rows:
        return None
    sent = of_centre(engine, iso3, code)
    held = at(rows, max(one.month for one in sent)) if sent else rows[-1]
    assert held is not None
    months = _months(sent)
    year = within(sent, months[0], YEAR) if months else []
    figures = [(one, figure(one, year)) for one in metrics().values()] if sent else []
    return {
        "iso3": iso3,
        "country": country_name(iso3, lang),
        "code": code,
        "name": held.name,
        "region": held.region,
        "standing": _standing(rows, lang),
        "level": t("delivery.centre.level", lang, level=format_number(EVIDENCE, lang)),
        "tiles": [_course(metrics()[one], sent, lang) for one in TABLE] if sent else [],
        "figures": [figure_view(one, found, lang) for one, found in figures if found.kind != "not_reported"],
        "absent": [metric_name(one, lang) for one, found in figures if found.kind == "not_reported"],
        "columns": [metric_name(metrics()[one], lang) for one in TABLE],
        "months": [
            {
                "month": format_day(month, lang, "month"),
                "completed": _completed(here, lang),
                "figures": [figure_view(metrics()[one], figure(metrics()[one], here), lang) for one in TABLE],
            }
            for month in months[:SHOWN]
            for here in [[one for one in sent if one.month == month]]
        ],
        "hours": describe_channel_hours(engine, iso3, lang, code),
        "services": list_service_rows(
            engine, iso3, code, {one: name_service(names, lang) for one, names in held.services}, lang
        ),
        "empty": "" if sent else t("delivery.centre.none", lang),
    }


def _course(metric: DeliveryMetric, sent: Sequence[CentreReport], lang: str) -> CourseView:
    """Return a metric of the last twelve months, with all its months as a small line."""
    last = max(one.month for one in sent)
    shown = figure_view(metric, figure(metric, within(sent, last, YEAR)), lang)
    return CourseView(**shown, spark=course(metric, sent, lang))


def centre_rows(engine: store.Engine, iso3: str, code: str) -> Iterator[dict[str, object]]:
    """Yield every metric of every month, the latest first, with the reason where there is no value."""
    sent = of_centre(engine, iso3, code)
    for month in _months(sent):
        here = [one for one in sent if one.month == month]
        for metric in metrics().values():
            found = figure(metric, here)
            counts = (None, None) if found.kind == "withheld" else (found.numerator, found.n)
            values = (code, f"{month:%Y-%m}", metric.id, found.kind, found.value, found.lower, found.upper,
                      *counts, found.currency, EVIDENCE)  # fmt: skip
            yield dict(zip(COLUMNS, values, strict=True))


def _months(sent: Sequence[CentreReport]) -> list[day]:
    """Return every month from the newest to the first that was sent, those of which nothing came too."""
    first, last = (end((one.month for one in sent), default=None) for end in (min, max))
    if first is None or last is None:
        return []
    many = 12 * (last.year - first.year) + last.month - first.month + 1
    return [shifted(last, -back) for back in range(many)]


def _completed(here: Sequence[CentreReport], lang: str) -> str:
    counted = [one.counts["completed"] for one in here if "completed" in one.counts]
    return format_number(sum(counted), lang) if counted else t("delivery.kind.not_reported", lang)


def _standing(rows: Sequence[Centre], lang: str) -> str:
    """When it opened, moved to another region, and closed."""
    ordered = sorted(rows, key=lambda row: row.since)
    last = ordered[-1]
    parts = [t("delivery.centre.since", lang, day=format_day(last.opened or ordered[0].since, lang))]
    for before, after in pairwise(ordered):
        if before.region != after.region:
            parts.append(t("delivery.centre.moved", lang, day=format_day(after.since, lang), region=after.region))
    if last.closed is not None:
        parts.append(t("delivery.centre.closed", lang, day=format_day(last.closed, lang)))
    return t("ui.list.semicolon", lang).join(parts)
