"""Figures in words: value, interval, status and origin of a row, for labels, tooltips and sentences."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from dashboard.analysis.charts.chart import ChartOptions
from dashboard.analysis.charts.layers.shape import wrap_text
from dashboard.analysis.charts.theme import hold_direction, is_rtl
from dashboard.analysis.measures.rounding import choose_decimals, round_for_print
from dashboard.locales import (
    capitalise,
    format_edition,
    format_number,
    format_period,
    format_quantity,
    format_unit,
    format_year,
    has,
    isolate_ltr,
    t,
)

Row = Mapping[str, Any]


def format_figure(row: Row, options: ChartOptions) -> str:
    """Return a figure as printed: ``62.5 %``, ``−0.95``, ``> 99 %``, or the bound as published."""
    if row["status"] == "censored":
        return _hold_left(row["value_text"], options)
    decimals = choose_decimals(options.decimals, options.unit, row.get("std_error"))
    sign, text = _print_value(row["value"], decimals, options.unit, options.lang)
    return _hold_left(f"{sign}\u00a0{text}", options) if sign else text


@lru_cache(maxsize=16_384)
def _print_value(value: float, decimals: int, unit: str, lang: str) -> tuple[str, str]:
    """Return the sign of rounding, and the number with its unit; cached, as countries share charts."""
    rounded = round_for_print(value, decimals, unit)
    return rounded.sign, format_quantity(rounded.value, unit, lang)


def format_bare_figure(row: Row, options: ChartOptions) -> str:
    """Return a figure without its unit, for columns whose header has the unit."""
    if row["status"] == "censored":
        return _hold_left(row["value_text"], options)
    if options.unit == "yes_no":
        return format_figure(row, options)
    rounded = round_for_print(
        row["value"], choose_decimals(options.decimals, options.unit, row.get("std_error")), options.unit
    )
    text = format_number(rounded.value, options.lang)
    return _hold_left(f"{rounded.sign}\u00a0{text}", options) if rounded.sign else text


def format_interval(row: Row, options: ChartOptions) -> str:
    """Return ``−1.21 to −0.69 (90 %)``, or words that there is none."""
    if row["status"] == "censored" or row["lower"] is None or row["upper"] is None:
        return t("terms.interval.none.name", options.lang)
    return _print_interval(row["lower"], row["upper"], options.decimals, format_level(row, options), options.lang)


@lru_cache(maxsize=16_384)
def _print_interval(lower: float, upper: float, decimals: int, level: str, lang: str) -> str:
    ends = {"lower": format_number(lower, lang, decimals), "upper": format_number(upper, lang, decimals)}
    return t("charts.interval", lang, **ends, level=level)


def format_level(row: Row, options: ChartOptions) -> str:
    """Return ``90 %``, or words that the publisher does not state it."""
    return _print_level(row.get("interval_level") or options.interval_level, options.lang)


@lru_cache(maxsize=64)
def _print_level(stated: float | None, lang: str) -> str:
    return t("charts.level_unstated", lang) if stated is None else format_quantity(stated, "percent", lang)


def write_axis_title(options: ChartOptions) -> str:
    """Return the unit and the better direction, above the axis."""
    parts = [format_unit(options.unit, options.lang)]
    if options.direction in ("higher", "lower"):
        parts.append(t(f"terms.direction.{options.direction}.name", options.lang))
    elif options.direction == "centre" and options.centre is not None:
        centre = format_number(options.centre, options.lang)
        parts.append(t("terms.direction.centre.name", options.lang, centre=centre))
    return hold_direction(" · ".join(parts), options.lang)


def write_note(row: Row, options: ChartOptions) -> str:
    """Return the status of a figure, and its nature if the publisher states it."""
    return _print_note(row["status"], row["nature"] or "", options.lang)


@lru_cache(maxsize=256)
def _print_note(status: str, nature: str, lang: str) -> str:
    parts = [t(f"terms.value_status.{status}.name", lang)]
    if nature:
        name = f"terms.nature.{nature}.name"
        parts.append(t(name, lang) if has(name) else nature)
    return " · ".join(parts)


def name_origin(row: Row, options: ChartOptions) -> str:
    """Return source and edition."""
    source = row["source"] or ""
    return " · ".join(
        part
        for part in (options.sources.get(source, source), format_edition(row["edition"] or "", options.lang))
        if part
    )


def choose_dated_key(key: str, options: ChartOptions) -> str:
    """Return the key of "no figure", or of "no figure with a year" where undated ones are left out."""
    return f"{key}_dated" if options.undated else key


def explain_missing(row: Row, options: ChartOptions) -> str:
    """Return why there is no figure."""
    if is_unexplained(row, options):
        return t("charts.no_figure", options.lang)
    if row.get("id") is None and row["status"] == "missing":
        return t("period.no_year", options.lang)
    return t(f"terms.no_data.{row['status']}.name", options.lang)


def explain_stop(options: ChartOptions) -> str:
    """Return the key in ``charts.trend`` of why a line stops, or why there is none."""
    return "gaps" if options.line else "answers" if options.unit == "yes_no" else "points"


def is_unexplained(row: Row, options: ChartOptions) -> bool:
    """Return True if nothing is known of a missing figure."""
    return row.get("id") is None and row["status"] == "missing" and not options.undated


def format_years(first: int, last: int, options: ChartOptions) -> str:
    """Return ``2023``, or ``2018–2023``."""
    if first == last:
        return format_year(first, options.lang)
    return _hold_left(f"{format_year(first, options.lang)}–{format_year(last, options.lang)}", options)


def format_when(row: Row, options: ChartOptions) -> str:
    """Return the year of a figure, or ``2015–2025`` if only a span is published."""
    if row["year"] is not None:
        return format_year(row["year"], options.lang)
    return format_period(row.get("period") or "–", options.lang)


def find_ends(row: Row) -> tuple[int, int]:
    """Return the first and last year a figure can be of."""
    if row["year"] is not None:
        return row["year"], row["year"]
    first, _, last = str(row["period"]).partition("/")
    return int(first), int(last)


def format_span(first: int, last: int, options: ChartOptions) -> str:
    """Return a range of whole numbers: ``3`` or ``12–19``."""
    ends = [format_number(end, options.lang) for end in dict.fromkeys((first, last))]
    return _hold_left("–".join(ends), options)


def join_list(items: Sequence[str], options: ChartOptions) -> str:
    """Return ``A, B and C``."""
    if len(items) < 2:
        return "".join(items)
    return t("charts.list", options.lang, items=t("charts.comma", options.lang).join(items[:-1]), last=items[-1])


def join_clauses(clauses: Sequence[str], options: ChartOptions) -> str:
    """Return a sentence of the clauses that are not blank; "" without any."""
    text = t("ui.list.semicolon", options.lang).join(filter(None, clauses))
    return f"{capitalise(text, options.lang)}." if text else ""


def fill_tooltip(row: Row, options: ChartOptions) -> dict[str, Any]:
    """Return the fields that every mark of a figure carries, see ``shape.TOOLTIP``."""
    return {
        "country": row["country"],
        "name": options.name(row["country"]),
        "year": format_when(row, options) if row["year"] is None else row["year"],
        "figure": format_figure(row, options),
        "interval": format_interval(row, options),
        "note": write_note(row, options),
        "source": name_origin(row, options),
    }


def summarise_figure(row: Row, options: ChartOptions) -> str:
    """Return a figure with its interval and an unusual status: ``−1.34 · −1.66 to −1.02``."""
    parts = [format_figure(row, options)]
    if row["status"] != "censored" and row["lower"] is not None and row["upper"] is not None:
        parts.append(format_interval(row, options))
    if row["status"] not in ("normal", "censored"):
        parts.append(write_note(row, options))
    return " · ".join(parts)


def fill_missing_tooltip(row: Row, options: ChartOptions) -> dict[str, Any]:
    """Return the fields of ``fill_tooltip`` for a country without a figure, with the reason."""
    return {
        "country": row["country"],
        "name": options.name(row["country"]),
        "year": "–" if row["year"] is None else row["year"],
        "figure": explain_missing(row, options),
        "interval": "–",
        "note": "–",
        "source": name_origin(row, options) or "–",
    }


def shorten_name(name: str, limit: int) -> str:
    """Return a name cut after a word, if longer than ``limit`` characters."""
    if len(name) <= limit:
        return name
    cut = name[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,(")
    return f"{cut}…"


def fold_name(name: str, limit: int, options: ChartOptions, most: int = 2) -> str:
    """Return a name on ``most`` lines of at most ``limit`` characters, cut only if they do not suffice."""
    lines = wrap_text(name, limit)
    if len(lines) > most:
        lines[most - 1 :] = [shorten_name(" ".join(lines[most - 1 :]), limit)]
    return "\n".join(hold_direction(line, options.lang) for line in lines)


def _hold_left(text: str, options: ChartOptions) -> str:
    """Return a sign or bound that stays left of its number in right-to-left text."""
    return isolate_ltr(text) if is_rtl(options.lang) else text
