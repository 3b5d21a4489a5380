"""What is missing of a country as work to do: whose figure it is, what it comes from, when it is next due, the form."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.lookup import find_country
from dashboard.answers.base.words import join_list
from dashboard.answers.freshness.editions import DatabaseEditions, describe_expected, find_editions
from dashboard.answers.holdings.missing import list_missing
from dashboard.answers.holdings.views import MissingRow
from dashboard.answers.wording.publishers import list_publishers, title_publisher
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import format_day, t

Origin = Literal[
    "household_survey",
    "user_survey",
    "records",
    "firm_survey",
    "questionnaire",
    "accounts",
    "official",
    "publisher",
    "computed",
]
"""What the figures of an indicator come from."""

STATED: dict[str, Origin] = {
    "household_survey": "household_survey", "population_survey": "household_survey", "user_survey": "user_survey",
    "firm_survey": "firm_survey", "government_survey": "questionnaire", "accounts": "accounts",
    "perception_index": "publisher", "expert_index": "publisher", "model": "publisher",
}  # fmt: skip
"""What a publisher states of the source of an indicator (``comparability.csv``) → what its figures come from."""

MIN_INDEPENDENT_LEVEL = 3
"""Evidence level from which a figure is not the agency's own word (docs/method.md)."""

COLUMNS = (
    "country", "indicator", "name", "theme", "theme_text", "kind", "kind_text", "who", "own", "origin", "origin_text",
    "office", "next_due", "next_text", "template",
)  # fmt: skip


class WorkRow(MissingRow):
    """A gap with what it takes to close it."""

    origin: Origin
    origin_text: str  # the survey or register its figures come from
    office: str  # who owes the figure
    sent: bool  # countries send it to this monitor
    next_due: str  # ISO date: set for the country where it is sent, else of expected news; "" where none is known
    next_text: str
    template: str  # address of the form that asks for it alone; "" where nobody sends it here


@cached
def list_work(ctx: Context, iso3: str) -> list[WorkRow]:
    """Return every indicator without a figure of the country, in the order of ``list_missing``.

    Raises:
        Unknown: no such country, with suggestions.
    """
    code = find_country(ctx, iso3).iso3
    return [_describe(ctx, code, row) for row in list_missing(ctx, code)]


def set_deadline(lang: str, rows: Iterable[WorkRow], due: tuple[date, str] | None) -> list[WorkRow]:
    """Set the day, and the year of figures, due for what the country sends; None changes nothing."""
    if due is None:
        return list(rows)
    day, period = due
    words = t("country.work.deadline", lang, date=format_day(day, lang), period=period)
    return [{**row, "next_due": day.isoformat(), "next_text": words} if row["sent"] else row for row in rows]


def write_missing_csv(ctx: Context, iso3: str, due: tuple[date, str] | None = None) -> bytes:
    """Write the rows as CSV in their order; ``due`` as in ``set_deadline``.

    Raises:
        Unknown: no such country, with suggestions.
    """
    code = find_country(ctx, iso3).iso3
    return write_csv_file(
        ({"country": code, **row} for row in set_deadline(ctx.lang, list_work(ctx, code), due)), COLUMNS
    )


def find_origin(metric: Metric) -> Origin:
    """Return what an indicator's figures come from: as the codebook or the publisher states, or by holder.

    What countries send of satisfaction, and what others than the agency find out (evidence level 3), are surveys of
    users or visits; everything else they send is in the agency's records.
    """
    if metric.only_from:
        return STATED.get(metric.only_from, "records")
    if stated := metric.compared.get("source_type"):
        return STATED[stated]
    if "computed" in metric.source_type:
        return "computed"
    if metric.sent_by_countries:
        asked = metric.theme == "satisfaction" or metric.evidence_level >= MIN_INDEPENDENT_LEVEL
        return "user_survey" if asked else "records"
    return "official" if any(link.sdg_indicator for link in metric.links) else "publisher"


def _describe(ctx: Context, iso3: str, row: MissingRow) -> WorkRow:
    metric = ctx.book.metrics[row["indicator"]]
    origin, sent = find_origin(metric), metric.sent_by_countries
    editions = None if sent else _find_editions(ctx, metric)
    window = editions.expected if editions else None
    expected = t("country.work.expected", ctx.lang, when=describe_expected(ctx, editions)) if editions else ""
    return WorkRow(
        **row,
        origin=origin,
        origin_text=t(f"country.work.origin.{origin}", ctx.lang, source=_name_publishers(ctx, metric)),
        office=_name_office(ctx, iso3, metric, origin),
        sent=sent,
        next_due=window.day.isoformat() if window else "",
        next_text=t("country.work.no_deadline", ctx.lang) if sent else expected,
        template=f"/api/v1/templates/{iso3}.xlsx?indicator={metric.id}&lang={ctx.lang}" if sent else "",
    )


def _name_office(ctx: Context, iso3: str, metric: Metric, origin: Origin) -> str:
    """Return who owes the figure; the statistical office by its name where it is known."""
    if origin in ("household_survey", "official"):
        office = _find_statistical_office(iso3) or t("country.work.office.statistics", ctx.lang)
        codes = [link.sdg_indicator for link in metric.links if link.sdg_indicator and link.strength == "direct"]
        custodians = list(dict.fromkeys(ctx.book.sdg_indicators[code].custodian for code in codes))
        if origin == "official" and custodians:
            return t("country.work.office.to", ctx.lang, office=office, custodian=join_list(ctx, custodians))
        return office
    return t(f"country.work.office.{origin}", ctx.lang, source=_name_publishers(ctx, metric))


def _find_statistical_office(iso3: str) -> str:
    """Return the office that publishes a country's own platform; "" where none is known."""
    sites = (site for info in list_publishers().values() for site in info.sites)
    return next((site.publisher for site in sites if site.country == iso3 and site.publisher), "")


def _name_publishers(ctx: Context, metric: Metric) -> str:
    return join_list(ctx, dict.fromkeys(title_publisher(link.source, link.series) for link in metric.series[:1]))


def _find_editions(ctx: Context, metric: Metric) -> DatabaseEditions | None:
    """Return the editions of the database that has the primary series."""
    return find_editions(ctx, metric.series[0].source, metric.series[0].series) if metric.series else None
