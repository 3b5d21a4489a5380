"""Workbooks as an invented ministry would fill them."""

import io
from collections.abc import Sequence

from dashboard.contributions.submissions.methods.sheet import ALL
from dashboard.contributions.submissions.model import METHOD_FIELDS
from dashboard.locales import t
from dashboard.operations.training.figures import InventedFigure

SURVEY_METHOD = {
    "who": "Invented Institute of Surveys",
    "population": "Visitors of all invented centres, 18 years and older",
    "sample_size": "1200",
    "question": "How satisfied were you with your visit today?",
    "scale": "Four points",
    "mode": "Face to face",
    "legal_basis": "None: the survey is invented",
}

REGISTER_METHOD = {
    "who": "Invented Agency of Services",
    "population": "All cases of all invented centres",
    "legal_basis": "None: the register is invented",
}

COUNTED_INDICATORS = (
    "complaints_in_time",
    "digital_take_up",
    "wait_within_standard",
    "waiting_median",
    "bodies_integrated",
)
"""Invented indicators that an agency counts, without a survey."""


def write_workbook(figures: Sequence[InventedFigure], lang: str = "en") -> bytes:
    """Return a workbook with these figures, in a language's template, marked as invented."""
    import xlsxwriter

    buffer = io.BytesIO()
    file = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    file.set_properties({"title": t("training.notice", lang), "comments": t("training.notice", lang)})
    sheet = file.add_worksheet(t("submissions.sheet.indicators", lang)[:31])
    for column, name in enumerate(("indicator", "breakdown", "period", "value", "sample", "note")):
        sheet.write_string(0, column, t(f"submissions.column.{name}", lang))
        sheet.set_column(column, column, 26)
    for row_number, figure in enumerate(figures, start=1):
        sheet.write_string(row_number, 0, figure.indicator)
        sheet.write_string(row_number, 1, t(f"submissions.breakdown.{figure.group or 'total'}", lang))
        sheet.write_number(row_number, 2, figure.year)
        sheet.write_number(row_number, 3, figure.value)
        if figure.sample is not None:
            sheet.write_number(row_number, 4, figure.sample)
        sheet.write_string(row_number, 5, t("training.notice", lang))
    method = file.add_worksheet(t("submissions.sheet.method", lang)[:31])
    method.set_column(0, 1 + len(METHOD_FIELDS), 30)
    heads = [
        t("submissions.column.indicator", lang),
        *(t(f"submissions.method.{name}", lang) for name in METHOD_FIELDS),
    ]
    for column, head in enumerate(heads):
        method.write_string(0, column, head)
    year = str(max((figure.year for figure in figures), default=0))
    survey = {
        "method": t("submissions.kind.user_survey", lang),
        **SURVEY_METHOD,
        "period_of_work": f"March to May {year}",
    }
    registers = {
        "method": t("submissions.kind.registers", lang),
        **REGISTER_METHOD,
        "period_of_work": f"January to December {year}",
    }
    counted = dict.fromkeys(figure.indicator for figure in figures if figure.indicator in COUNTED_INDICATORS)
    for row_number, (indicator, method_fields) in enumerate(
        [(ALL, survey), *((indicator, registers) for indicator in counted)], start=1
    ):
        method.write_string(row_number, 0, indicator)
        for column, name in enumerate(METHOD_FIELDS, start=1):
            method.write_string(row_number, column, method_fields.get(name, ""))
    file.close()
    return buffer.getvalue()
