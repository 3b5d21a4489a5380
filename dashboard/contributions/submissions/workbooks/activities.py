"""The template of activities under the agreement: rows, those in force filled in, and what each column is."""

import io
from collections.abc import Sequence

from dashboard.analysis.reports.csv_text import write_cells
from dashboard.contributions.submissions.rules.activities import COLUMNS
from dashboard.evidence.codebook.register.sent import ACTIVITY_KINDS, AgreementActivity
from dashboard.locales import DESK_LANGUAGES, t


def csv_text(rows: Sequence[AgreementActivity]) -> bytes:
    """Return the rows as CSV: UTF-8 with its mark."""
    return "".join(write_cells(row) for row in (COLUMNS, *map(_cells, rows))).encode("utf-8-sig")


def workbook(name: str, year: str, lang: str, rows: Sequence[AgreementActivity], address: str) -> bytes:
    """Return the template as workbook.

    Args:
        name: of the country or organisation.
        year: the year to fill in.
        lang: the language of its words.
        rows: what is in force of the year: a correction is a whole file.
        address: where it is uploaded.
    """
    import xlsxwriter

    body = io.BytesIO()
    file = xlsxwriter.Workbook(body, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = file.add_format({"bold": True, "bottom": 1, "bg_color": "#e8e4da"})
    plain = file.add_format({"num_format": "@"})
    start, sheet = (file.add_worksheet(t(f"submissions.sheet.{one}", lang)[:31]) for one in ("start", "activities"))
    if DESK_LANGUAGES[lang].dir == "rtl":
        start.right_to_left()
        sheet.right_to_left()
    start.set_column(0, 0, 110)
    start.write_string(0, 0, t("submissions.activities.title", lang, name=name, year=year), head)
    for line, part in enumerate(("one", "two", "three"), start=2):
        start.write_string(line, 0, f"{line - 1}. " + t(f"submissions.activities.{part}", lang, address=address))
    for line, column in enumerate(COLUMNS, start=6):
        start.write_string(line, 0, f"{column}: {t(f'submissions.activities.column.{column}', lang)}")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(COLUMNS) - 1, 24, plain)
    for at, column in enumerate(COLUMNS):
        sheet.write_string(0, at, column, head)
    sheet.data_validation(1, 0, 500, 0, {"validate": "list", "source": list(ACTIVITY_KINDS)})
    for line, one in enumerate(rows, start=1):
        for at, cell in enumerate(_cells(one)):
            sheet.write_string(line, at, cell)
    sheet.activate()
    file.close()
    return body.getvalue()


def _cells(one: AgreementActivity) -> list[str]:
    people = ["" if count is None else str(count) for count in (one.participants, one.women)]
    return [one.kind, one.title, one.date, "; ".join(one.countries), *people, one.link]
