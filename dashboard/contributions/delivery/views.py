"""What the pages on services show: plain, JSON-safe values, every text in the reader's language.

``services(engine, lang) -> ServicesView``: who sends counts, and what is counted. ``country_services(…)``: one country.
"""

from collections.abc import Iterable, Sequence
from datetime import date as day
from datetime import datetime
from functools import lru_cache
from typing import TypedDict

from dashboard.analysis.charts.sparkline import Sparkline, draw_sparkline
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.comparison.views import LikenedTable, find_hidden_words, liken_centres
from dashboard.contributions.delivery.hours import AddressRow, describe_channel_hours, join_hours, list_availability
from dashboard.contributions.delivery.metrics import (
    APART,
    RECENT,
    SHARES,
    YEAR,
    DeliveryMetric,
    Satisfied,
    by_centre,
    change,
    figure,
    metrics,
    placed,
    satisfaction,
    shifted,
    within,
)
from dashboard.contributions.delivery.model import BINS, CHANNELS, ONLINE, Centre, CentreReport, at
from dashboard.contributions.delivery.pooling import MOST_COUNTRIES, Added, added
from dashboard.contributions.delivery.store import Engine
from dashboard.contributions.delivery.wording import (
    FigureView,
    count_name,
    country_name,
    figure_view,
    metric_name,
    month_figures,
    range_words,
)
from dashboard.locales import LANGUAGES, format_day, format_number, format_quantity, format_unit, order, t

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

ERRORS = ("documents_wrong", "decisions_overturned", "complaints_upheld")
"""The metrics of errors, shown of a country that counts any of them."""

OVERVIEW = ("satisfaction", "waiting_p50", "standard_met", "complaints")
"""The metrics of a country's row among others."""

OF_CENTRES = ("waiting_p50", "waiting_p90", "standard_met", "satisfaction", "completion", "complaints")

DRAWINGS = (
    ("calendar", "waiting_p50"), ("funnel", "standard_met"), ("funnel", "satisfaction"),
    ("like_with_like", "completion"), ("calendar", "availability_reported"),
)  # fmt: skip
"""(kind, metric) of the charts of a country (``drawings``); the first two are the pictures it begins with."""

PAGE = 25
"""Centres of a page of the table."""

TARGET = 99.0
"""Per cent of visitors: the promise that is tested."""

FELT = {"percent": 1.0, "minutes": 2.0}
"""By unit, the least that a picture's whole height or range of colours stands for: less does not look like a change."""


class MetricView(TypedDict):
    id: str
    name: str
    how: str
    unit: str
    caution: str


class TileView(FigureView):
    id: str
    note: str  # limits, cases and caution in one line
    spark: Sparkline  # its months
    change: str  # the last three months beside three of half a year before; "" where they cannot be compared


class CountryLink(TypedDict):
    iso3: str
    name: str
    text: str
    to: str
    tiles: list[TileView]  # of ``OVERVIEW``


class ServicesView(TypedDict):
    countries: list[CountryLink]
    columns: list[str]
    metrics: list[MetricView]


class ScaleView(TypedDict):
    """The test of 99 per cent as a picture: places along a line, in per cent of its length."""

    text: str
    low: str  # what the line begins with; it ends at 100 per cent
    at: str
    start: str
    width: str
    bounds_start: str
    bounds_width: str
    target: str


class CentreRow(TypedDict):
    code: str
    to: str
    name: str
    region: str
    figures: list[FigureView]
    differs: bool  # one of its shares lies outside the funnel's outer limits
    mixed: str  # that services tell another order than a share of it does; "" where they do not


class ChannelRow(TypedDict):
    name: str
    completed: str
    share: str
    width: str  # of its bar


class DrawingRow(TypedDict):
    """A chart at its address, which changes with what it is drawn from."""

    name: str
    url: str


NO_SCALE = ScaleView(text="", low="", at="", start="", width="", bounds_start="", bounds_width="", target="")


class CountryServicesView(TypedDict):
    iso3: str
    name: str
    text: str
    none: str  # what is said where nothing was sent
    empty: bool
    tiles: list[TileView]
    errors: list[TileView]  # of ``ERRORS``, those that were sent
    columns: list[str]
    centres: list[CentreRow]
    page: int
    pages: int
    widened: str
    likened: list[LikenedTable]  # the centres of this page like with like
    channels: list[ChannelRow]
    drawings: list[DrawingRow]
    decisions: str  # where its decisions are listed; "" where nobody can decide
    target: str
    promise: str  # 99 per cent, as a number is written
    bounds: str
    scale: ScaleView
    hours_text: str  # a week, by channel; "" where none were sent
    addresses: list[AddressRow]


def services(engine: Engine, lang: str) -> ServicesView:
    """Return countries that send counts, by name, and every metric with how it is computed."""
    found: list[CountryLink] = []
    for iso3 in store.countries(engine):
        sums = added(engine, iso3)
        if sums.months is None:
            continue
        centres = len({one.centre for one in sums.whole})
        first, last = _ends(sums.months, lang)
        period = t("delivery.page.since", lang, first=first, last=last)
        said = f"{t('delivery.page.centre_count', lang, n=format_number(centres, lang))} · {period}"
        name, tiles = country_name(iso3, lang), [one for one in _tiles(sums, lang) if one["id"] in OVERVIEW]
        found.append({"iso3": iso3, "name": name, "text": said, "to": f"/{lang}/services/{iso3}/", "tiles": tiles})
    return {
        "countries": sorted(found, key=lambda one: order(one["name"], lang)),
        "columns": [metric_name(metrics()[one], lang) for one in TILES if one in OVERVIEW],
        "metrics": [_metric(metric, lang) for metric in metrics().values()],
    }


def country_services(
    engine: Engine, iso3: str, lang: str, now: datetime, *, decided: bool = False, page: int = 1
) -> CountryServicesView:
    """Return the figures of a country: pooled, by centre, by channel; availability; the test of 99 per cent.

    Args:
        engine: of the database.
        iso3: the country.
        lang: of the words.
        now: until when addresses were asked.
        decided: whether decisions are kept here.
        page: of the table of centres, from 1; one too high is the last.
    """
    sums = added(engine, iso3)
    reports = sums.whole
    centres = store.centres(engine, iso3)
    name = country_name(iso3, lang)
    names = {code: held.name for code, held in _standing(sums, centres).items()}
    rows, widened = _centres(sums, centres, find_hidden_words(engine, iso3, names, lang), lang)
    pages = max(1, -(-len(rows) // PAGE))
    page = min(page, pages)
    shown = rows[PAGE * (page - 1) : PAGE * page]
    verdict, bounds, scale = _target(satisfaction(_year(metrics()["satisfaction"], sums)), lang)
    return {
        "iso3": iso3,
        "name": name,
        "text": _lede(sums, lang),
        "none": t("delivery.country.none", lang, country=name),
        "empty": not reports,
        "tiles": _tiles(sums, lang),
        "errors": _errors(sums, lang),
        "columns": [metric_name(metrics()[one], lang) for one in OF_CENTRES],
        "centres": shown,
        "page": page,
        "pages": pages,
        "widened": widened,
        "likened": liken_centres(engine, iso3, {row["code"]: row["name"] for row in shown}, lang),
        "channels": _channels(reports, lang),
        "drawings": _drawings(engine, iso3, lang) if reports else [],
        "decisions": f"/actions/{iso3}/?lang={lang}" if decided else "",
        "target": verdict if reports else "",
        "promise": format_quantity(TARGET, "percent", lang, 0),
        "bounds": bounds,
        "scale": scale,
        "hours_text": join_hours(describe_channel_hours(engine, iso3, lang), lang),
        "addresses": list_availability(engine, iso3, lang, now),
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


def _target(satisfied: Satisfied, lang: str) -> tuple[str, str, ScaleView]:
    """Return the verdict on 99 per cent, what those who did not answer could change of it, and both as a picture."""
    found, bounds = satisfied.figure, satisfied.bounds
    verdict = t(f"delivery.country.target_{satisfied.tested.verdict if satisfied.tested else 'cannot_tell'}", lang)
    words = ""
    if bounds is not None:
        shares = (bounds.response_rate, bounds.lower, bounds.upper)
        rate, lower, upper = (format_quantity(100 * share, "percent", lang, 1) for share in shares)
        words = t("delivery.country.bounds", lang, rate=rate, lower=lower, upper=upper)
    if found.value is None or found.lower is None or found.upper is None:
        return verdict, words, NO_SCALE
    ends = (100 * bounds.lower, 100 * bounds.upper) if bounds is not None else (found.lower, found.upper)
    low = min(90.0, 10 * (min(found.lower, *ends) // 10))

    def place(value: float) -> float:
        return 100 * (value - low) / (100 - low)

    said = [format_quantity(found.value, "percent", lang, 1), range_words(found.lower, found.upper, "percent", lang)]
    scale = ScaleView(
        text=t("ui.list.semicolon", lang).join([*said, verdict]),
        low=format_quantity(low, "percent", lang, 0),
        at=f"{place(found.value):.1f}%",
        start=f"{place(found.lower):.1f}%",
        width=f"{place(found.upper) - place(found.lower):.1f}%",
        bounds_start=f"{place(ends[0]):.1f}%",
        bounds_width=f"{place(ends[1]) - place(ends[0]):.1f}%",
        target=f"{place(TARGET):.1f}%",
    )
    return verdict, words, scale


def _lede(sums: Added, lang: str) -> str:
    if sums.months is None:
        return ""
    first, last = _ends(sums.months, lang)
    count = len({one.centre for one in sums.whole})
    return t("delivery.country.lede", lang, centres=format_number(count, lang), first=first, last=last)


@lru_cache(MOST_COUNTRIES * len(LANGUAGES))
def _tiles(sums: Added, lang: str) -> list[TileView]:
    return [_tile(metrics()[one], sums, lang) for one in TILES if sums.whole]


@lru_cache(MOST_COUNTRIES * len(LANGUAGES))
def _errors(sums: Added, lang: str) -> list[TileView]:
    of = [metrics()[one] for one in ERRORS]
    return [_tile(one, sums, lang) for one in of if figure(one, _year(one, sums)).kind != "not_reported"]


def _tile(metric: DeliveryMetric, sums: Added, lang: str) -> TileView:
    found = figure(metric, _year(metric, sums))
    shown = figure_view(metric, found, lang)
    senders = len({one.centre for one in sums.whole})
    if 0 < found.centres < senders:
        some = t(
            "delivery.country.of_centres", lang, n=format_number(found.centres, lang), all=format_number(senders, lang)
        )
        shown["cases"] = f"{shown['cases']}{t('ui.list.comma', lang)}{some}"
    note = " · ".join(filter(None, (shown["range"], shown["cases"], shown["caution"])))
    return TileView(
        **shown, id=metric.id, note=note, spark=course(metric, sums.together, lang), change=_change(metric, sums, lang)
    )


def _year(metric: DeliveryMetric, sums: Added) -> Sequence[CentreReport]:
    """Return what a figure of a country rests on: of people what is told of all centres together."""
    if metric.people and sums.months is not None:
        return within(sums.together, sums.months[1], YEAR)
    return sums.whole


def course(metric: DeliveryMetric, rows: Iterable[CentreReport], lang: str) -> Sparkline:
    """Return a metric's months as a small line; what every centre sent of a month is pooled."""
    by_month: dict[day, list[CentreReport]] = {}
    for one in rows:
        by_month.setdefault(one.month, []).append(one)
    known = [(month, figure(metric, of).drawn) for month, of in sorted(by_month.items())]
    points = [(month, value) for month, value in known if value is not None]
    ends = [month_figures(month, lang) for month, _ in points] or [""]
    runs: list[list[tuple[float, float]]] = []
    for month, value in points:
        number = month.year * YEAR + month.month
        if not runs or runs[-1][-1][0] != number - 1:  # no line over months that nothing is known of
            runs.append([])
        runs[-1].append((number, value))
    return draw_sparkline(
        *runs,
        least=FELT.get(metric.unit, 0.0),
        ends=(ends[0], ends[-1]),
    )


def _change(metric: DeliveryMetric, sums: Added, lang: str) -> str:
    assert sums.months is not None
    last = sums.months[1]
    now, before = (figure(metric, within(sums.together, end, RECENT)) for end in (last, shifted(last, -APART)))
    if not (kind := change(metric, now, before)):
        return ""
    words = {"now": now, "before": before}
    return t(
        f"delivery.change.{kind}", lang, **{name: figure_view(metric, one, lang)["text"] for name, one in words.items()}
    )


@lru_cache(MOST_COUNTRIES * len(LANGUAGES))
def _of_centres(sums: Added, lang: str) -> dict[str, list[FigureView]]:
    """Return the figures of every centre, in the order of ``OF_CENTRES``."""
    values = {metric: by_centre(metrics()[metric], sums.whole) for metric in OF_CENTRES}
    outside, _ = _placed(sums)
    found: dict[str, list[FigureView]] = {}
    for code in sorted({one.centre for one in sums.whole}):
        views = [figure_view(metrics()[metric], values[metric][code], lang) for metric in OF_CENTRES]
        for metric, view in zip(OF_CENTRES, views, strict=True):
            view["caution"] = t("delivery.country.differs", lang) if outside.get((metric, code)) == "outer" else ""
        found[code] = views
    return found


def _standing(sums: Added, centres: dict[str, list[Centre]]) -> dict[str, Centre]:
    """Return the centres that are known, as they stand in the newest month."""
    held = {code: at(rows, sums.months[1]) for code, rows in centres.items()} if sums.months else {}
    return {code: one for code, one in held.items() if one is not None}


def _centres(
    sums: Added, centres: dict[str, list[Centre]], mixed: dict[str, str], lang: str
) -> tuple[list[CentreRow], str]:
    if sums.months is None:
        return [], ""
    _, widest = _placed(sums)
    standing = _standing(sums, centres)
    rows: list[CentreRow] = []
    for code, shown in _of_centres(sums, lang).items():
        place = standing.get(code)
        name, region = (place.name, place.region) if place else (code, "")
        to = f"/{lang}/services/{place.country}/{code}/" if place else ""
        differs = any(one["caution"] for one in shown)
        row = CentreRow(code=code, to=to, name=name, region=region, figures=shown, differs=differs, mixed="")
        rows.append({**row, "mixed": mixed.get(code, "")})
    rows.sort(key=lambda row: (not row["differs"], order(row["name"], lang)))
    factor = format_number(widest**0.5, lang, 2)
    return rows, t("delivery.country.widened", lang, factor=factor) if widest > 1 else ""


def _drawings(engine: Engine, iso3: str, lang: str) -> list[DrawingRow]:
    mark = store.mark(engine, iso3)
    found: list[DrawingRow] = []
    for kind, metric in DRAWINGS:
        name = t(f"delivery.chart.{kind}_name", lang, metric=metric_name(metrics()[metric], lang))
        url = f"/api/v1/services/{iso3}/{kind}.json?metric={metric}&lang={lang}&v={mark}"
        found.append({"name": name, "url": url})
    return found


def _channels(reports: Iterable[CentreReport], lang: str) -> list[ChannelRow]:
    totals = dict.fromkeys(CHANNELS, 0)
    for one in reports:
        totals[one.channel] += one.counts.get("completed", 0)
    every, most = sum(totals.values()), max(totals.values())
    return [
        {
            "name": t(f"delivery.channels.{channel}", lang),
            "completed": format_number(total, lang),
            "share": format_quantity(100 * total / every, "percent", lang, 1),
            "width": f"{100 * total / most:.1f}%",
        }
        for channel, total in totals.items()
        if total
    ]


def _metric(metric: DeliveryMetric, lang: str) -> MetricView:
    if metric.bins:
        share = format_number(0.5 if metric.kind.endswith("50") else 0.9, lang, 1)
        bins = ", ".join(format_number(edge, lang) for edge in BINS[metric.bins])
        how = t("delivery.page.quantile", lang, share=share, bins=bins)
    elif metric.kind == "largest":
        how = t("delivery.page.largest", lang)
    else:
        top, low = (
            " + ".join(count_name(one, lang) for one in side) for side in (metric.numerator, metric.denominator)
        )
        how = _formula(metric, top, low, lang)
    unit = {
        "per 10 000": t("delivery.country.per_transactions", lang),
        "per 10 000 documents": t("delivery.country.per_documents", lang),
        "currency": "",
        "number": "",
    }.get(metric.unit)
    caution = t(f"delivery.caution.{metric.caution}", lang) if metric.caution else ""
    shown = format_unit(metric.unit, lang) if unit is None else unit
    return {"id": metric.id, "name": metric_name(metric, lang), "how": how, "unit": shown, "caution": caution}


def _formula(metric: DeliveryMetric, top: str, low: str, lang: str) -> str:
    """Return a rate as it is computed, in words."""
    kind = metric.kind
    if kind == "online_share":
        channels = " + ".join(t(f"delivery.channels.{one}", lang) for one in ONLINE)
        return f"{top} ({channels}) ÷ {low}"
    if kind in ("missing_share", "up_share"):
        return f"({low} − ({top})) ÷ {low}" if "+" in top else f"({low} − {top}) ÷ {low}"
    if kind == "promised":
        return f"{top} ÷ {t('delivery.page.month_minutes', lang)}"
    parts = [f"({part})" if "+" in part else part for part in (top, low)]
    return " ÷ ".join(parts) + (
        f" × {format_number(10_000, lang)}" if kind == "per_10000" or metric.whole == 10_000 else ""
    )


def _ends(months: tuple[day, day], lang: str) -> tuple[str, str]:
    first, last = months
    return format_day(first, lang, "month"), format_day(last, lang, "month")
