"""What a country has for UNDP's data call as files: a workbook, or CSV in an archive. The layout is our own."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from dashboard.analysis.reports.csv_text import write_cells
from dashboard.analysis.reports.workbook import SheetColumn, WorkbookSheet, write_workbook
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.submissions.custodian.call import ASKED, DataCall, MissingPart, list_metrics
from dashboard.contributions.submissions.model import METHOD_FIELDS
from dashboard.contributions.submissions.workbooks.words import answer_text, group_text, subject_text
from dashboard.evidence.codebook.model import Codebook, choose_text
from dashboard.locales import t

CHECKS = ("focal_point", "login", "deadline", "earlier", "period", "census", "sent")
"""Steps of the call, to tick."""


def write_workbook_of(book: Codebook, call: DataCall, lang: str, now: datetime) -> bytes:
    """Return the pack as workbook: what it is and what to do, values by group, methods, and what is missing."""
    title = t("custodian.title", lang, country=country_name(call.country, lang))
    return write_workbook(list_sheets(book, call, lang), lang, title, now, description=t("custodian.ours", lang))


def write_archive(book: Codebook, call: DataCall, lang: str, now: datetime) -> bytes:
    """Return the same as CSV (UTF-8 with its mark), one file for each sheet."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, sheet in zip(("read_me", "values", "method", "missing"), list_sheets(book, call, lang), strict=True):
            text = "".join(write_cells(row) for row in ([column.label for column in sheet.columns], *sheet.rows))
            entry = zipfile.ZipInfo(f"{name}.csv", now.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode("utf-8-sig"))
    return held.getvalue()


def list_sheets(book: Codebook, call: DataCall, lang: str) -> list[WorkbookSheet]:
    """Return the tables of the pack."""
    return [_about(call, lang), _values(book, call, lang), _methods(call, lang), _missing(call, lang)]


def missing_text(part: MissingPart, lang: str) -> str:
    """Return what is missing, in a sentence."""
    areas = {"group": "custodian.group", "method": "submissions.method", "kind": "submissions.kind"}
    what = t(f"{areas[part.kind]}.{_slug(part.what)}", lang) if part.kind in areas else part.what
    return t(f"custodian.missing.{part.kind}", lang, what=what)


def _about(call: DataCall, lang: str) -> WorkbookSheet:
    columns = (SheetColumn(t("custodian.step", lang), "wrapped"), SheetColumn(t("custodian.yours", lang), "wrapped"))
    rows: list[tuple[str, str | None]] = [
        (t("custodian.title", lang, country=country_name(call.country, lang)), None),
        (t("custodian.ours", lang), None),
        (t("custodian.when", lang), None),
        *((t(f"custodian.check.{one}", lang), None) for one in CHECKS),
    ]
    return WorkbookSheet(t("custodian.sheet.about", lang), columns, rows)


def _values(book: Codebook, call: DataCall, lang: str) -> WorkbookSheet:
    names = ("sdg", "series", "name", "group", "codes", "period", "value", "unit", "lower", "upper", "answers", "state")
    kinds: dict[str, Any] = {"value": "number", "lower": "number", "upper": "number", "answers": "number"}
    columns = [SheetColumn(t(f"custodian.column.{one}", lang), kinds.get(one, "text")) for one in names]
    columns += [
        SheetColumn(t("custodian.column.office", lang)),
        SheetColumn(t("custodian.column.note", lang), "wrapped"),
    ]
    rows = [
        (
            one.code, one.indicator, subject_text(one.indicator, lang), group_text(one.dimensions, lang),
            one.dimensions, one.period, one.value, one.unit, one.lower, one.upper, one.answers,
            t(f"submissions.state.{one.state}", lang), call.offices.get(one.submission, ""), one.note,
        )
        for one in call.figures
    ]  # fmt: skip
    return WorkbookSheet(t("custodian.sheet.values", lang), columns, rows)


def _methods(call: DataCall, lang: str) -> WorkbookSheet:
    columns = [
        SheetColumn(t("custodian.column.sdg", lang)), SheetColumn(t("custodian.column.series", lang)),
        SheetColumn(t("custodian.column.office", lang)),
        *(SheetColumn(t(f"submissions.method.{name}", lang), "wrapped") for name in METHOD_FIELDS),
    ]  # fmt: skip
    seen = dict.fromkeys((one.code, one.indicator, one.submission) for one in call.figures)
    rows = []
    for code, indicator, number in seen:
        method = call.methods.get((number, indicator), {})
        answers = (answer_text(name, method.get(name, ""), lang) for name in METHOD_FIELDS)
        rows.append((code, indicator, call.offices.get(number, ""), *answers))
    return WorkbookSheet(t("custodian.sheet.method", lang), columns, rows)


def _missing(call: DataCall, lang: str) -> WorkbookSheet:
    names = ("sdg", "series", "name", "missing")
    columns = [SheetColumn(t(f"custodian.column.{one}", lang), "wrapped") for one in names]
    rows = [
        (one.code, one.indicator, subject_text(one.indicator, lang) if one.indicator else "", missing_text(one, lang))
        for one in call.missing
    ]
    return WorkbookSheet(t("custodian.sheet.missing", lang), columns, rows)


def grouped_missing(book: Codebook, call: DataCall, lang: str) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """For a page: indicator of the call → its series by name, each with what it lacks."""
    for asked in ASKED:
        series: Sequence[str] = list_metrics(book, asked.code) or [""]
        told = []
        for metric in series:
            parts = [it for it in call.missing if (it.code, it.indicator) == (asked.code, metric)]
            name = choose_text(book.metrics[metric].name, lang) if metric else ""
            told.append((name, [missing_text(it, lang) for it in parts]))
        yield asked.code, told


def _slug(name: str) -> str:
    return name.lower().replace(" ", "_")
