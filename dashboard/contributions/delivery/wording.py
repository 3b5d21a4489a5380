"""A figure of counts in words: value or why there is none, limits, cases, caution; names of metrics and countries."""

from datetime import date as day
from typing import TypedDict

from babel import Locale, UnknownLocaleError

from dashboard.contributions.delivery.metrics import DeliveryMetric, PooledFigure
from dashboard.contributions.delivery.model import BINS, choose_name
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import DESK_LANGUAGES, format_number, format_quantity, has, isolate_ltr, t


class FigureView(TypedDict):
    name: str
    text: str
    range: str  # limits or bin as a sentence says them; "" for none
    limits: str  # the same without words, for a cell
    cases: str
    caution: str


def figure_view(metric: DeliveryMetric, found: PooledFigure, lang: str) -> FigureView:
    """Return a pooled figure in words: value or why there is none, limits, cases, caution."""
    unit = "minutes" if metric.unit == "minutes" else "percent" if metric.unit == "percent" else ""
    decimals = 2 if metric.id == "cost" else 0 if metric.unit == "number" else 1

    def written(value: float) -> str:
        return format_quantity(value, unit, lang, decimals) if unit else format_number(value, lang, decimals)

    if found.kind == "value" and found.value is not None:
        shown = written(found.value)
        if metric.unit == "currency":
            shown = f"{shown} {found.currency}"
    elif found.kind == "more_than" and found.lower is not None:
        shown = t("delivery.country.more_than", lang, lower=written(found.lower))
    else:
        shown = t(f"delivery.kind.{found.kind}", lang)
    range_, limits = "", ""
    if found.kind == "value" and found.lower is not None and found.upper is not None:
        range_ = range_words(found.lower, found.upper, unit, lang, bins=bool(metric.bins))
        ends = [format_number(end, lang, 0 if metric.bins else decimals) for end in (found.lower, found.upper)]
        limits = "–".join(ends) if DESK_LANGUAGES[lang].dir == "ltr" else isolate_ltr("–".join(ends))
    counted = bool(metric.cases) and found.kind in ("value", "more_than", "too_few")
    return {
        "name": metric_name(metric, lang),
        "text": shown,
        "range": range_,
        "limits": limits,
        "cases": t(f"delivery.of.{metric.cases}", lang, count=round(found.n)) if counted else "",
        "caution": t(f"delivery.caution.{metric.caution}", lang) if metric.caution else "",
    }


_OWN_WORD = {"cnr": "crnogorski"}
"""What Babel takes for another language, whose name it then gives."""


def name_service(names: str, lang: str) -> str:
    """Return what a service is called in a language; of another language it says which, in that language's own word."""
    name, other = choose_name(names, lang)
    if not other:
        return name
    try:
        own = _OWN_WORD.get(other) or Locale.parse(other).get_language_name()
    except (UnknownLocaleError, ValueError):
        own = None
    return f"{name} ({own or other})"


def range_words(lower: float, upper: float, unit: str, lang: str, *, bins: bool = False) -> str:
    """Return the limits of a figure, or its bin, as a sentence says them; ``unit`` "" for a number that has none."""
    decimals = 0 if bins else 1
    low, high = (
        format_quantity(end, unit, lang, decimals) if unit else format_number(end, lang, decimals)
        for end in (lower, upper)
    )
    return t(f"delivery.country.{'bin' if bins else 'interval'}", lang, lower=low, upper=high)


def metric_name(metric: DeliveryMetric, lang: str) -> str:
    """Return what readers call a metric."""
    own = {"attribute_access", "attribute_process", "handling_p50"}  # several of ours stand for one of the codebook's
    if metric.metric and metric.id not in own:
        return choose_text(load_codebook().metrics[metric.metric].name, lang)
    return t(f"delivery.names.{metric.id}", lang)


def count_name(column: str, lang: str) -> str:
    """Return what stands in a column of counts: ``completed``, ``waiting_15``."""
    name, _, edge = column.rpartition("_")
    if name not in BINS:
        return t(f"delivery.count.{column}", lang)
    low, *higher = [format_number(one, lang) for one in BINS[name] if one >= int(edge)]
    if not higher:
        return t(f"delivery.count.{name}_open", lang, low=low)
    return t(f"delivery.count.{name}", lang, low=low, high=higher[0])


def country_name(iso3: str, lang: str) -> str:
    """Return a country, or an organisation that sends too, as readers call it; its code where it is not known."""
    known, organisation = load_codebook().countries.get(iso3), f"accounts.organisation.{iso3}"
    if known is None and iso3.isalnum() and has(organisation):
        return t(organisation, lang)
    return choose_text(known.name, lang) if known else iso3


def month_figures(month: day, lang: str) -> str:
    """Return a month in figures, where there is no room for its name: ``11/25``."""
    return f"{format_number(month.month, lang)}/{month.year % 100:02}"
