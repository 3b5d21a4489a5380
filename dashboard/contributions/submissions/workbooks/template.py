"""The template of a country: a workbook to fill in, and the same rows as CSV, in the contributor's language.

Made from the codebook: one row per indicator and group, with definition, unit, direction and the last published value.
Lists are validated, heads frozen and protected (without a password: it guards against slips, not against people), rows
can be deleted and added, and a hidden sheet says which template it is.
"""

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from dashboard.analysis.reports.csv_text import write_cells
from dashboard.contributions.submissions.methods.sheet import ALL, choice_key
from dashboard.contributions.submissions.model import BREAKDOWNS, FIGURE_REASONS, METHOD_CHOICES, METHOD_FIELDS
from dashboard.contributions.submissions.reading.extract import STAMP
from dashboard.contributions.submissions.rules.ground import list_accepted
from dashboard.evidence.codebook.model import Codebook, Metric, choose_text
from dashboard.locales import DESK_LANGUAGES, choose_public, format_unit, t

COLUMNS = (
    "indicator", "name", "definition", "unit", "direction", "breakdown", "last_period", "last_value", "period", "value",
    "numerator", "denominator", "sample", "lower", "upper", "std_error", "reason", "note",
)  # fmt: skip
"""The columns of *Indicators*, in their order."""

OPEN = (
    "breakdown", "period", "value", "numerator", "denominator", "sample", "lower", "upper", "std_error", "reason",
    "note",
)  # fmt: skip
"""Those that are filled in."""

_WIDTHS = {
    "indicator": 26,
    "name": 38,
    "definition": 60,
    "unit": 12,
    "direction": 14,
    "breakdown": 20,
    "reason": 26,
    "note": 40,
}
BLANK_ROWS = 200
"""Rows below the table that may be filled in too: further groups and years."""


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One row to fill in: an indicator, its total or one of its groups, and its last published value."""

    metric: Metric
    category: str  # "" is the total
    last_period: str = ""
    last_value: float | None = None

    @property
    def key(self) -> str:
        """``nps`` or ``nps:FEMALE``."""
        return f"{self.metric.id}:{self.category}" if self.category else self.metric.id


def lines(book: Codebook, history: pl.DataFrame, chosen: Collection[str] = ()) -> list[TemplateRow]:
    """Return the rows of a template: the total of each indicator, and its groups.

    Args:
        book: the codebook.
        history: what is published of the country (``reading.child.HISTORY``).
        chosen: ids of the indicators it holds, with the groups published before; without any all that countries
            send, those of surveys with every group.
    """
    last: dict[tuple[str, str], tuple[str, float | None]] = {}
    for row in history.sort("period", "source").iter_rows(named=True):
        last[row["indicator"], row["dimensions"]] = row["period"], row["value"]
    made = []
    for metric in list_accepted(book):
        if chosen and metric.id not in chosen:
            continue
        asked = metric.theme in ("satisfaction", "inclusion")
        groups = [("", "{}"), *(one for one in _groups() if ((metric.id, one[1]) in last if chosen else asked))]
        for category, dimensions in groups:
            period, value = last.get((metric.id, dimensions), ("", None))
            made.append(TemplateRow(metric, category, period, value))
    return made


def workbook(
    book: Codebook, country: str, period: str, lang: str, rows: Sequence[TemplateRow], made: date, address: str
) -> bytes:
    """Return the template as an Excel workbook.

    Args:
        book: the codebook.
        country: ISO3.
        period: the year it is due for.
        lang: the language of its words.
        rows: ``lines``.
        made: the day it is made.
        address: where it is uploaded, for its first sheet.
    """
    import xlsxwriter

    held = io.BytesIO()
    file = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    looks = _Looks(file, rtl=DESK_LANGUAGES[lang].dir == "rtl")
    sheets = {
        name: file.add_worksheet(t(f"submissions.sheet.{name}", lang)[:31])
        for name in ("start", "indicators", "method", "lists")
    }
    for sheet in sheets.values():
        if looks.rtl:
            sheet.right_to_left()
    name = choose_text(book.countries[country].name, lang) if country in book.countries else country
    _start(sheets["start"], looks, lang, name, period, made, address)
    _indicators(sheets["indicators"], looks, lang, period, rows, t("submissions.sheet.lists", lang))
    _method(sheets["method"], looks, lang, list({row.metric.id: row.metric for row in rows}.values()))
    _lists(sheets["lists"], looks, lang, book)
    stamp = file.add_worksheet(STAMP)
    for at, pair in enumerate(_stamp(book, country, period, lang, made).items()):
        stamp.write_row(at, 0, pair)
    stamp.very_hidden()
    sheets["start"].activate()
    file.close()
    return held.getvalue()


def csv_text(country: str, period: str, lang: str, rows: Sequence[TemplateRow]) -> bytes:
    """Return the rows to fill in as CSV: UTF-8 with its mark, so that spreadsheets show every letter."""
    delimiter = ";" if lang != "en" else ","
    left = [name for name in COLUMNS if name not in ("definition", "direction", "last_period", "last_value")]
    names = (left[0], "country", *left[1:])
    lines = [write_cells((t(f"submissions.column.{name}", lang) for name in names), delimiter)]
    for line in rows:
        group = t(f"submissions.breakdown.{line.category.lower() or 'total'}", lang)
        shown = choose_text(line.metric.name, lang)
        cells = (line.metric.id, country, shown, format_unit(line.metric.unit, lang), group, period, *[""] * 9)
        lines.append(write_cells(cells, delimiter))
    return "".join(lines).encode("utf-8-sig")


def _groups() -> Iterator[tuple[str, str]]:
    for pairs in BREAKDOWNS.values():
        for dimension, category in pairs:
            yield category, f'{{"{dimension}":"{category}"}}'


class _Looks:
    """The few formats of a template."""

    def __init__(self, file: Any, *, rtl: bool) -> None:
        self.rtl = rtl
        base = {"valign": "top", "text_wrap": True, "reading_order": 2 if rtl else 1}
        self.head = file.add_format({**base, "bold": True, "bottom": 1, "bg_color": "#e8e4da"})
        self.fixed = file.add_format({**base, "font_color": "#4a4a4a"})
        self.given = file.add_format({**base, "font_color": "#4a4a4a", "locked": False})
        self.open = file.add_format(
            {**base, "locked": False, "bg_color": "#fffdf2", "border": 1, "border_color": "#c9c2b0"}
        )
        self.note = file.add_format({**base, "text_wrap": False, "font_color": "#4a4a4a"})
        self.title = file.add_format({**base, "bold": True, "font_size": 16, "text_wrap": False})


def _start(sheet: Any, looks: _Looks, lang: str, name: str, period: str, made: date, address: str) -> None:
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, t("submissions.start.title", lang, country=name, period=period), looks.title)
    for at, part in enumerate(("one", "two", "three", "four", "five"), start=2):
        sheet.write_string(
            at,
            0,
            f"{at - 1}. " + t(f"submissions.start.{part}", lang, **({"address": address} if part == "four" else {})),
            looks.fixed,
        )
    sheet.write_string(8, 0, t("submissions.start.version", lang, date=made.isoformat()), looks.fixed)
    if choose_public(lang) != lang:
        sheet.write_string(9, 0, t("ui.language.unread", lang), looks.fixed)
    sheet.protect()


def _indicators(sheet: Any, looks: _Looks, lang: str, period: str, rows: Sequence[TemplateRow], lists: str) -> None:
    for at, name in enumerate(COLUMNS):
        sheet.set_column(at, at, _WIDTHS.get(name, 14))
        sheet.write_string(0, at, t(f"submissions.column.{name}", lang), looks.head)
    for line, row in enumerate(rows, start=1):
        given: Mapping[str, Any] = {
            "indicator": row.metric.id,
            "name": choose_text(row.metric.name, lang),
            "definition": choose_text(row.metric.definition, lang),
            "unit": format_unit(row.metric.unit, lang),
            "direction": t(f"submissions.direction.{row.metric.direction}", lang),
            "breakdown": t(f"submissions.breakdown.{row.category.lower() or 'total'}", lang),
            "last_period": row.last_period,
            "last_value": row.last_value,
            "period": int(period),
        }
        for at, name in enumerate(COLUMNS):
            look, value = looks.open if name in OPEN else looks.given, given.get(name)
            if value is None or value == "":
                sheet.write_blank(line, at, None, look)
            elif isinstance(value, int | float):
                sheet.write_number(line, at, value, look)
            else:
                sheet.write_string(line, at, value, look)
    last = len(rows) + BLANK_ROWS
    for line in range(len(rows) + 1, last + 1):
        for at in range(len(COLUMNS)):
            sheet.write_blank(line, at, None, looks.open)
    place = {name: at for at, name in enumerate(COLUMNS)}
    for name, column, count in (
        ("breakdown", "B", 1 + sum(map(len, BREAKDOWNS.values()))),
        ("reason", "C", len(FIGURE_REASONS)),
    ):
        where = f"='{lists}'!${column}$2:${column}${count + 1}"
        sheet.data_validation(
            1, place[name], last, place[name], {"validate": "list", "source": where, "error_type": "stop"}
        )
    for name in ("value", "numerator", "denominator", "sample", "lower", "upper", "std_error"):
        rule = {
            "validate": "decimal",
            "criteria": "between",
            "minimum": -1e12,
            "maximum": 1e12,
            "error_type": "warning",
        }
        sheet.data_validation(1, place[name], last, place[name], rule)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    allowed = ("format_columns", "format_rows", "format_cells", "sort", "autofilter", "insert_rows", "delete_rows")
    sheet.protect("", dict.fromkeys(allowed, True))


def _method(sheet: Any, looks: _Looks, lang: str, metrics: Sequence[Metric]) -> None:
    """One row for all indicators, and one for each, which is filled in where its figures were made otherwise."""
    heads = [t(f"submissions.column.{name}", lang) for name in ("indicator", "name")]
    heads += [t(f"submissions.method.{name}", lang) for name in METHOD_FIELDS]
    sheet.write_string(0, 0, t("making.of.note", lang), looks.note)
    for at, head in enumerate(heads):
        sheet.set_column(at, at, 38 if at == 1 else 26)
        sheet.write_string(1, at, head, looks.head)
    first = [(ALL, t("making.of.all", lang))]
    for line, names in enumerate([*first, *((one.id, choose_text(one.name, lang)) for one in metrics)], start=2):
        for at, name in enumerate(names):
            sheet.write_string(line, at, name, looks.given)
        for at in range(len(names), len(heads)):
            sheet.write_blank(line, at, None, looks.open)
    last = len(metrics) + 2
    for name, codes in METHOD_CHOICES.items():
        at = 2 + METHOD_FIELDS.index(name)
        words = [code if name == "interval_level" else t(choice_key(name, code), lang) for code in codes]
        sheet.data_validation(2, at, last, at, {"validate": "list", "source": words, "error_type": "stop"})
    sheet.freeze_panes(3, 2)
    sheet.protect("", dict.fromkeys(("format_columns", "format_rows", "insert_rows", "delete_rows"), True))


def _lists(sheet: Any, looks: _Looks, lang: str, book: Codebook) -> None:
    groups = ("total", *(code.lower() for code, _ in _groups()))
    columns = (
        ("indicator", [metric.id for metric in list_accepted(book)]),
        ("breakdown", [t(f"submissions.breakdown.{code}", lang) for code in groups]),
        ("reason", [t(f"submissions.reason.{code}", lang) for code in FIGURE_REASONS]),
    )  # fmt: skip
    for at, (name, words) in enumerate(columns):
        sheet.set_column(at, at, 34)
        sheet.write_string(0, at, t(f"submissions.column.{name}", lang), looks.head)
        for line, word in enumerate(words, start=1):
            sheet.write_string(line, at, word, looks.fixed)
    sheet.freeze_panes(1, 0)
    sheet.protect()


def _stamp(book: Codebook, country: str, period: str, lang: str, made: date) -> dict[str, str]:
    return {
        "template": "2",
        "country": country,
        "period": period,
        "lang": lang,
        "codebook": book.version,
        "made": made.isoformat(),
    }
