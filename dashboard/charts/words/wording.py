"""Figures in words: value, interval, status and origin of one row, for labels, tooltips and sentences."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from dashboard.charts.chart import ChartOptions
from dashboard.charts.layers.shape import wrapped
from dashboard.charts.theme import directed, rtl
from dashboard.locales import edition, has, ltr, number, period, quantity, t, unit_label, year
from dashboard.measures.rounding import digits, shown

Row = Mapping[str, Any]


def figure(row: Row, options: ChartOptions) -> str:
    """The figure as sentences and labels print it: ``62.5 %``, ``−0.95``, ``> 99 %``, or the bound as published."""
    if row["status"] == "censored":
        return _held(row["value_text"], options)
    decimals = digits(options.decimals, options.unit, row.get("std_error"))
    sign, text = _printed(row["value"], decimals, options.unit, options.lang)
    return _held(f"{sign}\u00a0{text}", options) if sign else text


@lru_cache(maxsize=16_384)
def _printed(value: float, decimals: int, unit: str, lang: str) -> tuple[str, str]:
    """Sign of rounding, and number with unit: kept, as intervals are, for the charts that a country joins next."""
    rounded = shown(value, decimals, unit)
    return rounded.sign, quantity(rounded.value, unit, lang)


def bare(row: Row, options: ChartOptions) -> str:
    """The figure as ``figure`` prints it, without its unit: for columns whose header names the unit."""
    if row["status"] == "censored":
        return _held(row["value_text"], options)
    if options.unit == "yes_no":
        return figure(row, options)
    rounded = shown(row["value"], digits(options.decimals, options.unit, row.get("std_error")), options.unit)
    text = number(rounded.value, options.lang)
    return _held(f"{rounded.sign}\u00a0{text}", options) if rounded.sign else text


def interval(row: Row, options: ChartOptions) -> str:
    """``−1.21 to −0.69 (90 %)``, or words that there is none; a bound of a censored figure is no interval."""
    if row["status"] == "censored" or row["lower"] is None or row["upper"] is None:
        return t("terms.interval.none.name", options.lang)
    return _interval(row["lower"], row["upper"], options.decimals, level(row, options), options.lang)


@lru_cache(maxsize=16_384)
def _interval(lower: float, upper: float, decimals: int, level: str, lang: str) -> str:
    ends = {"lower": number(lower, lang, decimals), "upper": number(upper, lang, decimals)}
    return t("charts.interval", lang, **ends, level=level)


def level(row: Row, options: ChartOptions) -> str:
    """``90 %``, or words that the publisher does not state it."""
    return _level(row.get("interval_level") or options.interval_level, options.lang)


@lru_cache(maxsize=64)
def _level(stated: float | None, lang: str) -> str:
    return t("charts.level_unstated", lang) if stated is None else quantity(stated, "percent", lang)


def on_axis(options: ChartOptions) -> str:
    """The unit and the better direction, above the axis."""
    parts = [unit_label(options.unit, options.lang)]
    if options.direction in ("higher", "lower"):
        parts.append(t(f"terms.direction.{options.direction}.name", options.lang))
    elif options.direction == "centre" and options.centre is not None:
        centre = number(options.centre, options.lang)
        parts.append(t("terms.direction.centre.name", options.lang, centre=centre))
    return directed(" · ".join(parts), options.lang)


def note(row: Row, options: ChartOptions) -> str:
    """Status of the figure, and its nature where the publisher states one."""
    return _note(row["status"], row["nature"] or "", options.lang)


@lru_cache(maxsize=256)
def _note(status: str, nature: str, lang: str) -> str:
    parts = [t(f"terms.value_status.{status}.name", lang)]
    if nature:
        name = f"terms.nature.{nature}.name"
        parts.append(t(name, lang) if has(name) else nature)
    return " · ".join(parts)


def origin(row: Row, options: ChartOptions) -> str:
    """Source and edition."""
    source = row["source"] or ""
    return " · ".join(
        part for part in (options.sources.get(source, source), edition(row["edition"] or "", options.lang)) if part
    )


def dated(key: str, options: ChartOptions) -> str:
    """The key of words for "no figure"; of those for "no figure with a year" where figures without one are left out."""
    return f"{key}_dated" if options.undated else key


def why_missing(row: Row, options: ChartOptions) -> str:
    """Why there is no figure, in the words of the field; a row the source does not have has no reason of its own."""
    if unexplained(row, options):
        return t("charts.no_figure", options.lang)
    if row.get("id") is None and row["status"] == "missing":
        return t("period.no_year", options.lang)
    return t(f"terms.no_data.{row['status']}.name", options.lang)


def stops(options: ChartOptions) -> str:
    """Why a line stops, or why there is none: word of ``charts.trend``."""
    return "gaps" if options.line else "answers" if options.unit == "yes_no" else "points"


def unexplained(row: Row, options: ChartOptions) -> bool:
    """Whether all that is known of a missing figure is that there is none."""
    return row.get("id") is None and row["status"] == "missing" and not options.undated


def years(first: int, last: int, options: ChartOptions) -> str:
    """``2023``, or ``2018–2023``."""
    if first == last:
        return year(first, options.lang)
    return _held(f"{year(first, options.lang)}–{year(last, options.lang)}", options)


def when(row: Row, options: ChartOptions) -> str:
    """The year of a figure; ``2015–2025`` where only the span it lies in is published."""
    if row["year"] is not None:
        return year(row["year"], options.lang)
    return period(row.get("period") or "–", options.lang)


def ends_of(row: Row) -> tuple[int, int]:
    """First and last year a figure can be of: twice its year, or the ends of its span."""
    if row["year"] is not None:
        return row["year"], row["year"]
    first, _, last = str(row["period"]).partition("/")
    return int(first), int(last)


def span(first: int, last: int, options: ChartOptions) -> str:
    """A range of whole numbers: ``3`` or ``12–19``."""
    ends = [number(end, options.lang) for end in dict.fromkeys((first, last))]
    return _held("–".join(ends), options)


def listed(items: Sequence[str], options: ChartOptions) -> str:
    """``A, B and C``."""
    if len(items) < 2:
        return "".join(items)
    return t("charts.list", options.lang, items=t("charts.comma", options.lang).join(items[:-1]), last=items[-1])


def tooltip(row: Row, options: ChartOptions) -> dict[str, Any]:
    """The fields every mark of a figure carries: what ``shape.TOOLTIP`` shows."""
    return {
        "country": row["country"],
        "name": options.name(row["country"]),
        "year": when(row, options) if row["year"] is None else row["year"],
        "figure": figure(row, options),
        "interval": interval(row, options),
        "note": note(row, options),
        "source": origin(row, options),
    }


def at_a_glance(row: Row, options: ChartOptions) -> str:
    """The figure with its interval, and its status where it is no ordinary one: ``−1.34 · −1.66 to −1.02``."""
    parts = [figure(row, options)]
    if row["status"] != "censored" and row["lower"] is not None and row["upper"] is not None:
        parts.append(interval(row, options))
    if row["status"] not in ("normal", "censored"):
        parts.append(note(row, options))
    return " · ".join(parts)


def no_figure_tooltip(row: Row, options: ChartOptions) -> dict[str, Any]:
    """The fields of ``tooltip`` for a country without a figure: the reason stands where the value would."""
    return {
        "country": row["country"],
        "name": options.name(row["country"]),
        "year": "–" if row["year"] is None else row["year"],
        "figure": why_missing(row, options),
        "interval": "–",
        "note": "–",
        "source": origin(row, options) or "–",
    }


def short_name(name: str, limit: int) -> str:
    """The name, cut after a word where it is longer than ``limit`` characters; tooltip and table have it whole."""
    if len(name) <= limit:
        return name
    cut = name[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,(")
    return f"{cut}…"


def folded(name: str, limit: int, options: ChartOptions, most: int = 2) -> str:
    """The name on ``most`` lines of at most ``limit`` characters, cut only where they do not hold it."""
    lines = wrapped(name, limit)
    if len(lines) > most:
        lines[most - 1 :] = [short_name(" ".join(lines[most - 1 :]), limit)]
    return "\n".join(directed(line, options.lang) for line in lines)


def _held(text: str, options: ChartOptions) -> str:
    """A sign or bound kept to the left of its number inside right-to-left text."""
    return ltr(text) if rtl(options.lang) else text
