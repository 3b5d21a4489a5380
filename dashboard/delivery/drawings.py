"""Charts of a country's service counts: centres in a funnel, and a calendar of months.

``funnel(…)``, ``calendar(…) -> Chart`` with the columns of its rows; what is drawn stands in the rows.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from dashboard.charts.chart import Chart, ChartOptions, Theme
from dashboard.charts.kinds import calendar as calendars
from dashboard.charts.kinds import funnel as funnels
from dashboard.delivery import store
from dashboard.delivery.metrics import RECENT, SHARES, YEAR, PooledFigure, figure, metrics, placed, within
from dashboard.delivery.model import Centre, CentreReport, at
from dashboard.delivery.pooling import added
from dashboard.delivery.views import FELT
from dashboard.delivery.wording import country_name, figure_view, metric_name, month_figures
from dashboard.locales import date as date_text
from dashboard.locales import number, t
from dashboard.measures.counts.funnel import limits

if TYPE_CHECKING:
    from dashboard.delivery.store import Engine

CALENDARS = ("waiting_p50", "waiting_p90", "availability_reported")
KINDS = {"funnel": SHARES, "calendar": CALENDARS}
"""Kind of chart → the metrics it can show, the usual one first."""

POINTS = 48
"""Places along the cases at which the limits are worked out; a line between them is smooth enough to the eye."""


def funnel(
    engine: "Engine", iso3: str, metric: str, lang: str, theme: Theme, notice: str, width: int = 1100
) -> tuple[Chart, tuple[str, ...]]:
    """Centres around their pooled share over the last twelve months.

    Args:
        engine: of the database.
        iso3: the country.
        metric: one of ``SHARES``.
        lang: of the words.
        theme: of the colours.
        notice: what is said above everything inside images.
        width: of the image.
    """
    rows, last = _last_year(added(engine, iso3).monthly)
    centres = store.centres(engine, iso3)
    codes, found = placed(metrics()[metric], rows)
    options = _options(iso3, metric, rows, lang, theme, notice, width)
    if found is None or last is None:
        return funnels.build(None, options), funnels.COLUMNS
    points = [
        funnels.Point(
            code, _named(centres, code, last), 100 * place.share, place.n,
            (100 * place.limits.outer_low, 100 * place.limits.inner_low, 100 * place.limits.inner_high,
             100 * place.limits.outer_high),
            "outer" if place.outside == "outer" else "inner" if place.outside else "",
        )
        for code, place in zip(codes, found.places, strict=True)
    ]  # fmt: skip
    curve = []
    for n in _along(min(one.n for one in points), max(one.n for one in points)):
        edge = limits(n, found.target, found.dispersion)
        four = (edge.outer_low, edge.inner_low, edge.inner_high, edge.outer_high)
        curve.append((n, (100 * four[0], 100 * four[1], 100 * four[2], 100 * four[3])))
    widened = max(1.0, found.dispersion) ** 0.5
    return funnels.build(funnels.Funnel(100 * found.target, points, curve, widened), options), funnels.COLUMNS


def calendar(
    engine: "Engine", iso3: str, metric: str, lang: str, theme: Theme, notice: str, width: int = 1100
) -> tuple[Chart, tuple[str, ...]]:
    """Every centre's months of the last year; arguments as of ``funnel``, ``metric`` one of ``CALENDARS``."""
    rows, last = _last_year(added(engine, iso3).monthly)
    centres = store.centres(engine, iso3)
    options = _options(iso3, metric, rows, lang, theme, notice, width)
    months = sorted({one.month for one in rows})
    sent: dict[tuple[str, date], list[CentreReport]] = {}
    for one in rows:
        sent.setdefault((one.centre, one.month), []).append(one)
    every = sorted({one.centre for one in rows})
    shown, words = _foremost(every, metric, sent, months, lang)
    tiles = [
        _tile(code, _named(centres, code, last), month, metric, sent.get((code, month), []), lang)
        for code in shown
        for month in months
    ]
    heads = [(f"{month:%Y-%m}", month_figures(month, lang)) for month in months]
    return calendars.build(tiles, heads, options, words, FELT[metrics()[metric].unit]), calendars.COLUMNS


def _foremost(
    codes: Sequence[str],
    metric: str,
    sent: Mapping[tuple[str, date], Sequence[CentreReport]],
    months: Sequence[date],
    lang: str,
) -> tuple[Sequence[str], str]:
    """The centres that have a line, and which these are where not all have: those whose newest figures are worst."""
    if len(codes) <= calendars.MOST_ROWS:
        return codes, ""
    of = metrics()[metric]
    newest = {code: [one for month in months[-RECENT:] for one in sent.get((code, month), ())] for code in codes}
    figures = {code: figure(of, rows) for code, rows in newest.items()}
    towards = 1 if of.direction == "lower" else -1

    def worst(code: str) -> tuple[bool, float, str]:
        value = figures[code].drawn
        return value is None, -towards * (value or 0.0), code

    numbers = {"shown": number(calendars.MOST_ROWS, lang), "all": number(len(codes), lang)}
    words = t(f"delivery.chart.calendar_{'highest' if towards > 0 else 'lowest'}", lang, **numbers)
    return sorted(codes, key=worst)[: calendars.MOST_ROWS], words


def _tile(code: str, name: str, month: date, metric: str, rows: Sequence[CentreReport], lang: str) -> calendars.Tile:
    of = metrics()[metric]
    found: PooledFigure = figure(of, rows)
    told = figure_view(of, found, lang)
    shown = found.drawn
    short = "" if shown is None else number(shown, lang, 0 if of.unit == "minutes" else 1)
    if found.kind == "more_than":
        short = f">{short}"
    return calendars.Tile(
        code, name, f"{month:%Y-%m}", found.kind, shown, found.lower, found.upper, found.n, told["text"], short
    )


def _last_year(rows: Sequence[CentreReport]) -> tuple[list[CentreReport], date | None]:
    """The reports of the twelve months up to the newest, and that month."""
    if not rows:
        return [], None
    last = max(one.month for one in rows)
    return within(rows, last, YEAR), last


def _options(
    iso3: str, metric: str, rows: Sequence[CentreReport], lang: str, theme: Theme, notice: str, width: int
) -> ChartOptions:
    when = ""
    if rows:
        first, last = (date_text(f(one.month for one in rows), lang, "month") for f in (min, max))
        when = t("delivery.page.since", lang, first=first, last=last)
    name = country_name(iso3, lang)
    return ChartOptions(
        lang=lang, theme=theme, title=f"{metric_name(metrics()[metric], lang)} · {name}", group_label=when, width=width,
        source_line=t("delivery.chart.source", lang, country=name), notice=notice,
    )  # fmt: skip


def _named(centres: dict[str, list[Centre]], code: str, day: date | None) -> str:
    held = at(centres.get(code, []), day) if day is not None else None
    return held.name if held else code


def _along(low: int, high: int) -> list[int]:
    """Cases from the fewest to the most, closer together where the limits bend."""
    low = max(1, low // 3)
    high = max(low + 1, round(high * 1.08))
    steps = [low * (high / low) ** (at / (POINTS - 1)) for at in range(POINTS)]
    return sorted({round(step) for step in steps})
