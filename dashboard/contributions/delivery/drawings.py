"""Charts of a country's service counts, whatever their kind: the figures they are drawn from, and their words."""

import math
from collections.abc import Sequence
from datetime import date
from functools import cached_property

from dashboard.analysis.charts.centres import CentreFunnel, CentreLikeness, CentreTile, LikenedPoint, Point
from dashboard.analysis.charts.chart import Chart, ChartOptions, Theme
from dashboard.analysis.charts.registry import KINDS
from dashboard.analysis.measures.counts.funnel import compute_limits
from dashboard.analysis.measures.counts.likeness import INNER, OUTER, Likeness
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.comparison.by_service import COMPARED, compare_centres
from dashboard.contributions.delivery.metrics import RECENT, SHARES, YEAR, figure, metrics, placed, within
from dashboard.contributions.delivery.model import CentreReport, at
from dashboard.contributions.delivery.pooling import added
from dashboard.contributions.delivery.views import FELT
from dashboard.contributions.delivery.wording import country_name, figure_view, metric_name, month_figures
from dashboard.locales import format_day as date_text
from dashboard.locales import format_number, t

MONTHS = ("waiting_p50", "waiting_p90", "availability_reported")
"""Metrics that are shown month by month, the usual one first."""

POINTS = 48
"""Places along the cases at which the limits are worked out; a line between them is smooth enough to the eye."""


def metrics_of(kind: str) -> tuple[str, ...]:
    """Return the metrics a kind of chart can show, the usual one first."""
    return {"shares": SHARES, "work": COMPARED, "months": MONTHS}[KINDS[kind].metrics]


def draw(
    engine: store.Engine, kind: str, iso3: str, metric: str, lang: str, theme: Theme, notice: str, width: int = 1100
) -> Chart:
    """Return a metric of a country's centres over the last twelve months.

    Args:
        engine: of the database.
        kind: one that is drawn from services.
        iso3: the country.
        metric: one of ``metrics_of(kind)``.
        lang: of the words.
        theme: of the colours.
        notice: what is said above everything inside images.
        width: of the image.
    """
    figures = LastYear(engine, iso3, metric, lang)
    return KINDS[kind].build(figures, _options(iso3, metric, figures.rows, lang, theme, notice, width))


class LastYear:
    """The ``CentreFigures`` of a country and metric: the twelve months up to the newest."""

    def __init__(self, engine: store.Engine, iso3: str, metric: str, lang: str) -> None:
        self.rows, self._last = _last_year(added(engine, iso3).monthly)
        self._engine, self._country = engine, iso3
        self._centres, self._metric, self._lang = store.centres(engine, iso3), metrics()[metric], lang
        self._sent: dict[tuple[str, date], list[CentreReport]] = {}
        for one in self.rows:
            self._sent.setdefault((one.centre, one.month), []).append(one)
        self._months = sorted({one.month for one in self.rows})

    @cached_property
    def funnel(self) -> CentreFunnel | None:
        """Centres around their pooled share, between exact limits."""
        codes, found = placed(self._metric, self.rows)
        if found is None or self._last is None:
            return None
        points = [
            Point(
                code, self._name(code), 100 * place.share, place.n,
                (100 * place.limits.outer_low, 100 * place.limits.inner_low, 100 * place.limits.inner_high,
                 100 * place.limits.outer_high),
                "outer" if place.outside == "outer" else "inner" if place.outside else "",
            )
            for code, place in zip(codes, found.places, strict=True)
        ]  # fmt: skip
        curve = []
        for n in _along(min(one.n for one in points), max(one.n for one in points)):
            edge = compute_limits(n, found.target, found.dispersion)
            four = (edge.outer_low, edge.inner_low, edge.inner_high, edge.outer_high)
            curve.append((n, (100 * four[0], 100 * four[1], 100 * four[2], 100 * four[3])))
        known = self._likeness.raw if self._likeness else {}
        hidden = [(self._name(code), [*map(self._name, others)]) for code, others in known.items() if others]
        return CentreFunnel(100 * found.target, points, curve, max(1.0, found.dispersion) ** 0.5, hidden=hidden)

    @cached_property
    def _likeness(self) -> Likeness | None:
        name = self._metric.id
        return compare_centres(self._engine, self._country, name) if name in COMPARED else None

    @cached_property
    def likeness(self) -> CentreLikeness | None:
        """Centres beside what the network has of their services; limits along what their services leave to chance."""
        found = self._likeness
        if found is None:
            return None
        apart = found.target * (1 - found.target)

        def edges(error: float) -> tuple[float, float, float, float]:
            whole = 100 * math.hypot(error, found.spread)
            return (-OUTER * whole, -INNER * whole, INNER * whole, OUTER * whole)

        points = [
            LikenedPoint(
                one.code, self._name(one.code), 100 * one.observed, 100 * one.expected, one.n,
                max(1, round(apart / one.error**2)), edges(one.error),
                "outer" if one.outside == "outer" else "inner" if one.outside else "",
                [*map(self._name, found.likened[one.code])],
            )
            for one in found.centres
            if one.error > 0
        ]  # fmt: skip
        if not points:
            return None
        weights = _along(min(one.weight for one in points), max(one.weight for one in points))
        curve = [(n, edges(math.sqrt(apart / n))) for n in weights]
        return CentreLikeness(points, curve, 100 * found.spread)

    @property
    def months(self) -> list[tuple[str, str]]:
        """The months in which anything was sent."""
        return [(f"{month:%Y-%m}", month_figures(month, self._lang)) for month in self._months]

    @property
    def felt(self) -> float:
        """The least difference of its unit that means something."""
        return FELT[self._metric.unit]

    def select_foremost(self, most: int) -> tuple[Sequence[str], str]:
        """The centres whose newest figures are worst, and that in words; all, and none, where they are no more."""
        codes = sorted({one.centre for one in self.rows})
        if len(codes) <= most:
            return codes, ""
        newest = {
            code: [one for month in self._months[-RECENT:] for one in self._sent.get((code, month), ())]
            for code in codes
        }
        figures = {code: figure(self._metric, rows) for code, rows in newest.items()}
        towards = 1 if self._metric.direction == "lower" else -1

        def worst(code: str) -> tuple[bool, float, str]:
            value = figures[code].drawn
            return value is None, -towards * (value or 0.0), code

        numbers = {"shown": format_number(most, self._lang), "all": format_number(len(codes), self._lang)}
        words = t(f"delivery.chart.calendar_{'highest' if towards > 0 else 'lowest'}", self._lang, **numbers)
        return sorted(codes, key=worst)[:most], words

    def list_tiles(self, centres: Sequence[str]) -> list[CentreTile]:
        """Return every month of these centres; what is missing says why."""
        return [self._tile(code, month) for code in centres for month in self._months]

    def _tile(self, code: str, month: date) -> CentreTile:
        found = figure(self._metric, self._sent.get((code, month), []))
        told, shown = figure_view(self._metric, found, self._lang), found.drawn
        short = "" if shown is None else format_number(shown, self._lang, 0 if self._metric.unit == "minutes" else 1)
        if found.kind == "more_than":
            short = f">{short}"
        return CentreTile(
            code, self._name(code), f"{month:%Y-%m}", found.kind, shown, found.lower, found.upper, found.n,
            told["text"], short,
        )  # fmt: skip

    def _name(self, code: str) -> str:
        held = at(self._centres.get(code, []), self._last) if self._last is not None else None
        return held.name if held else code


def _last_year(rows: Sequence[CentreReport]) -> tuple[list[CentreReport], date | None]:
    """Return the reports of the twelve months up to the newest, and that month."""
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


def _along(low: int, high: int) -> list[int]:
    """Return cases from the fewest to the most, closer together where the limits bend."""
    low = max(1, low // 3)
    high = max(low + 1, round(high * 1.08))
    steps = [low * (high / low) ** (at / (POINTS - 1)) for at in range(POINTS)]
    return sorted({round(step) for step in steps})
