"""What the pages on services show: plain, JSON-safe values, every text in the reader's language.

``services(engine, lang) -> ServicesView``: who sends counts, and what is counted. ``country_services(…)``: one country.
"""

from collections.abc import Iterable
from datetime import date as day
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypedDict

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.delivery import store
from dashboard.delivery.metrics import Figure, Metric, by_centre, figure, metrics, placed, satisfaction
from dashboard.delivery.model import BINS, CHANNELS, Centre, Report, at
from dashboard.delivery.pooling import MOST_COUNTRIES, Added, added
from dashboard.delivery.store import Engine
from dashboard.locales import LANGUAGES, date, number, quantity, t, unit_label
from dashboard.measures.counts.uptime import outages, probed

TILES = (
    "satisfaction",
    "completion",
    "waiting_p50",
    "waiting_p90",
    "standard_met",
    "availability_reported",
    "digital_share",
    "complaints",
    "cost",
)
"""The metrics of a country's first row, in order."""

OF_CENTRES = ("completion", "waiting_p50", "waiting_p90", "standard_met", "satisfaction", "complaints")
SHARES = ("completion", "standard_met", "satisfaction")
"""Metrics of centres that are placed in a funnel."""

DRAWINGS = (
    ("funnel", "satisfaction"), ("funnel", "completion"), ("calendar", "waiting_p50"),
    ("calendar", "availability_reported"),
)  # fmt: skip
"""(kind, metric) of the charts of a country, in order (``drawings``)."""

PROBED_DAYS = 30


class CountryLink(TypedDict):
    iso3: str
    name: str
    text: str
    to: str


class MetricView(TypedDict):
    id: str
    name: str
    how: str
    unit: str
    caution: str


class ServicesView(TypedDict):
    countries: list[CountryLink]
    metrics: list[MetricView]


class FigureView(TypedDict):
    name: str
    text: str
    range: str
    cases: str
    caution: str


class CentreRow(TypedDict):
    code: str
    to: str
    name: str
    region: str
    figures: list[FigureView]


class ChannelRow(TypedDict):
    name: str
    completed: str
    share: str


class AddressRow(TypedDict):
    name: str
    url: str
    up: str
    measured: str
    outages: str


class DrawingRow(TypedDict):
    """A chart at its address, which changes with what it is drawn from."""

    name: str
    image: str
    dark: str
    png: str
    csv: str


class CountryServicesView(TypedDict):
    iso3: str
    name: str
    text: str
    none: str  # what is said where nothing was sent
    empty: bool
    tiles: list[FigureView]
    columns: list[str]
    centres: list[CentreRow]
    widened: str
    channels: list[ChannelRow]
    drawings: list[DrawingRow]
    decisions: str  # where its decisions are listed; "" where nobody can decide
    target: str
    bounds: str
    addresses: list[AddressRow]


def services(engine: Engine, lang: str) -> ServicesView:
    """Countries that send counts, by name, and every metric with how it is computed."""
    found: list[CountryLink] = []
    for iso3 in store.countries(engine):
        sums = added(engine, iso3)
        if sums.months is None:
            continue
        centres = len({one.centre for one in sums.whole})
        first, last = _ends(sums.months, lang)
        period = t("delivery.page.since", lang, first=first, last=last)
        said = f"{t('delivery.page.centre_count', lang, n=number(centres, lang))} · {period}"
        found.append({"iso3": iso3, "name": country_name(iso3, lang), "text": said, "to": f"/{lang}/services/{iso3}/"})
    return {
        "countries": sorted(found, key=lambda one: one["name"]),
        "metrics": [_metric(metric, lang) for metric in metrics().values()],
    }


def country_services(
    engine: Engine, iso3: str, lang: str, now: datetime, *, decided: bool = False
) -> CountryServicesView:
    """The figures of a country: pooled, by centre, by channel; availability; the test of 99 per cent.

    Args:
        engine: of the database.
        iso3: the country.
        lang: of the words.
        now: until when addresses were asked.
        decided: whether decisions are kept here.
    """
    sums = added(engine, iso3)
    reports = sums.whole
    centres = store.centres(engine, iso3)
    name = country_name(iso3, lang)
    rows, widened = _centres(sums, centres, lang)
    satisfied = satisfaction(reports)
    verdict = satisfied.tested.verdict if satisfied.tested else "cannot_tell"
    bounds = ""
    if satisfied.bounds is not None:
        shares = (satisfied.bounds.response_rate, satisfied.bounds.lower, satisfied.bounds.upper)
        rate, lower, upper = (quantity(100 * share, "percent", lang, 1) for share in shares)
        bounds = t("delivery.country.bounds", lang, rate=rate, lower=lower, upper=upper)
    return {
        "iso3": iso3,
        "name": name,
        "text": _lede(sums, lang),
        "none": t("delivery.country.none", lang, country=name),
        "empty": not reports,
        "tiles": _tiles(sums, lang),
        "columns": [metric_name(metrics()[one], lang) for one in OF_CENTRES],
        "centres": rows,
        "widened": widened,
        "channels": _channels(reports, lang),
        "drawings": _drawings(engine, iso3, lang) if reports else [],
        "decisions": f"/actions/{iso3}/?lang={lang}" if decided else "",
        "target": t(f"delivery.country.target_{verdict}", lang) if reports else "",
        "bounds": bounds,
        "addresses": _addresses(engine, iso3, lang, now),
    }


@lru_cache(MOST_COUNTRIES)
def _placed(sums: Added) -> tuple[dict[tuple[str, str], str], float]:
    """Where centres lie outside their funnels, by metric and code, and how much the widest was widened."""
    outside: dict[tuple[str, str], str] = {}
    widest = 1.0
    for metric in SHARES:
        codes, found = placed(metrics()[metric], sums.whole)
        if found is not None:
            widest = max(widest, found.dispersion)
            outside |= {(metric, code): place.outside for code, place in zip(codes, found.places, strict=True)}
    return outside, widest


def first_figures(engine: Engine, iso3: str, lang: str) -> tuple[str, list[FigureView]]:
    """What the page of a country begins with: who sent since when, and the pooled figures; none where none was sent."""
    sums = added(engine, iso3)
    return _lede(sums, lang), _tiles(sums, lang)


def _lede(sums: Added, lang: str) -> str:
    if sums.months is None:
        return ""
    first, last = _ends(sums.months, lang)
    count = len({one.centre for one in sums.whole})
    return t("delivery.country.lede", lang, centres=number(count, lang), first=first, last=last)


@lru_cache(MOST_COUNTRIES * len(LANGUAGES))
def _tiles(sums: Added, lang: str) -> list[FigureView]:
    return [figure_view(metrics()[one], figure(metrics()[one], sums.whole), lang) for one in TILES if sums.whole]


@lru_cache(MOST_COUNTRIES * len(LANGUAGES))
def _of_centres(sums: Added, lang: str) -> dict[str, list[FigureView]]:
    """The figures of every centre, in the order of ``OF_CENTRES``."""
    values = {metric: by_centre(metrics()[metric], sums.whole) for metric in OF_CENTRES}
    outside, _ = _placed(sums)
    found: dict[str, list[FigureView]] = {}
    for code in sorted({one.centre for one in sums.whole}):
        views = [figure_view(metrics()[metric], values[metric][code], lang) for metric in OF_CENTRES]
        for metric, view in zip(OF_CENTRES, views, strict=True):
            view["caution"] = t("delivery.country.differs", lang) if outside.get((metric, code)) == "outer" else ""
        found[code] = views
    return found


def _centres(sums: Added, centres: dict[str, list[Centre]], lang: str) -> tuple[list[CentreRow], str]:
    if sums.months is None:
        return [], ""
    _, widest = _placed(sums)
    rows: list[CentreRow] = []
    for code, shown in _of_centres(sums, lang).items():
        place = at(centres.get(code, []), sums.months[1])
        name, region = (place.name, place.region) if place else (code, "")
        to = f"/{lang}/services/{place.country}/{code}/" if place else ""
        rows.append({"code": code, "to": to, "name": name, "region": region, "figures": shown})
    factor = number(widest**0.5, lang, 2)
    return rows, t("delivery.country.widened", lang, factor=factor) if widest > 1 else ""


def _drawings(engine: Engine, iso3: str, lang: str) -> list[DrawingRow]:
    mark = store.mark(engine, iso3)
    found: list[DrawingRow] = []
    for kind, metric in DRAWINGS:
        asked = f"metric={metric}&lang={lang}&v={mark}"
        base = f"/api/v1/services/{iso3}/{kind}"
        name = t(f"delivery.chart.{kind}_name", lang, metric=metric_name(metrics()[metric], lang))
        found.append(
            {
                "name": name,
                "image": f"{base}.svg?{asked}",
                "dark": f"{base}.svg?{asked}&theme=dark",
                "png": f"{base}.png?{asked}",
                "csv": f"{base}.csv?{asked}",
            }
        )
    return found


def _channels(reports: Iterable[Report], lang: str) -> list[ChannelRow]:
    totals = dict.fromkeys(CHANNELS, 0)
    for one in reports:
        totals[one.channel] += one.counts.get("completed", 0)
    every = sum(totals.values())
    return [
        {
            "name": t(f"delivery.channels.{channel}", lang),
            "completed": number(total, lang),
            "share": quantity(100 * total / every, "percent", lang, 1),
        }
        for channel, total in totals.items()
        if total
    ]


def _addresses(engine: Engine, iso3: str, lang: str, now: datetime) -> list[AddressRow]:
    rows: list[AddressRow] = []
    for one in store.addresses(engine, iso3):
        since = max(now - timedelta(days=PROBED_DAYS), one.added_at)
        probes = store.probes(engine, one.url, since, now)
        found = probed(probes, max(5.0, (now - since).total_seconds() / 60))
        none = t("delivery.kind.not_reported", lang)
        rows.append(
            {
                "name": one.name,
                "url": one.url,
                "up": none if found.share is None else quantity(100 * found.share, "percent", lang, 2),
                "measured": quantity(100 * found.measured, "percent", lang, 0),
                "outages": number(len(outages(probes)), lang),
            }
        )
    return rows


def figure_view(metric: Metric, found: Figure, lang: str) -> FigureView:
    """A pooled figure in words: value or why there is none, limits, cases, caution."""
    unit = "minutes" if metric.unit == "minutes" else "percent" if metric.unit == "percent" else ""
    decimals = 2 if metric.id == "cost" else 1

    def written(value: float) -> str:
        return quantity(value, unit, lang, decimals) if unit else number(value, lang, decimals)

    shown, range_ = "", ""
    if found.kind == "value" and found.value is not None:
        shown = written(found.value)
        if metric.unit == "currency":
            shown = f"{shown} {found.currency}"
    elif found.kind == "more_than" and found.lower is not None:
        shown = t("delivery.country.more_than", lang, lower=written(found.lower))
    else:
        shown = t(f"delivery.kind.{found.kind}", lang)
    if found.kind == "value" and found.lower is not None and found.upper is not None:
        key = "bin" if metric.bins else "interval"
        range_ = t(f"delivery.country.{key}", lang, lower=written(found.lower), upper=written(found.upper))
    cases = t("delivery.country.cases", lang, n=number(found.n, lang, 0), centres=number(found.centres, lang))
    caution = t(f"delivery.caution.{metric.caution}", lang) if metric.caution else ""
    return {"name": metric_name(metric, lang), "text": shown, "range": range_, "cases": cases, "caution": caution}


def _metric(metric: Metric, lang: str) -> MetricView:
    top, low = " + ".join(metric.numerator), " + ".join(metric.denominator)
    if metric.bins:
        share = number(0.5 if metric.kind.endswith("50") else 0.9, lang, 1)
        bins = ", ".join(number(edge, lang) for edge in BINS[metric.bins])
        how = t("delivery.page.quantile", lang, share=share, bins=bins)
    elif metric.kind == "largest":
        how = t("delivery.page.largest", lang)
    else:
        how = _formula(metric.kind, top, low, lang)
    unit = {"per 10 000": t("delivery.country.per_transactions", lang), "currency": "", "number": ""}.get(metric.unit)
    caution = t(f"delivery.caution.{metric.caution}", lang) if metric.caution else ""
    shown = unit_label(metric.unit, lang) if unit is None else unit
    return {"id": metric.id, "name": metric_name(metric, lang), "how": how, "unit": shown, "caution": caution}


def _formula(kind: str, top: str, low: str, lang: str) -> str:
    """A rate as it is computed, in the names of the columns."""
    if kind == "online_share":
        return f"{top} (web + app) ÷ {low}"
    if kind in ("missing_share", "up_share"):
        return f"({low} − ({top})) ÷ {low}" if "+" in top else f"({low} − {top}) ÷ {low}"
    if kind == "promised":
        return f"{top} ÷ {t('delivery.page.month_minutes', lang)}"
    parts = [f"({part})" if "+" in part else part for part in (top, low)]
    return " ÷ ".join(parts) + (" × 10 000" if kind == "per_10000" else "")


def metric_name(metric: Metric, lang: str) -> str:
    """What readers call a metric."""
    own = {"attribute_access", "attribute_process", "handling_p50"}  # several of ours stand for one of the codebook's
    if metric.metric and metric.id not in own:
        return text(codebook().metrics[metric.metric].name, lang)
    return t(f"delivery.names.{metric.id}", lang)


def country_name(iso3: str, lang: str) -> str:
    """A country as its readers call it; its code where it is not known."""
    known = codebook().countries.get(iso3)
    return text(known.name, lang) if known else iso3


def _ends(months: tuple[day, day], lang: str) -> tuple[str, str]:
    first, last = months
    return date(first, lang, "month"), date(last, lang, "month")
