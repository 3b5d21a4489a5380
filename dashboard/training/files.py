"""Workbooks as an invented ministry would fill them: the template's heads, invented figures, an account of method."""

import io
from collections.abc import Sequence

from dashboard.locales import t
from dashboard.submissions.methods.sheet import ALL
from dashboard.submissions.model import METHOD_FIELDS
from dashboard.training.figures import InventedFigure

METHOD = {
    "who": "Invented Institute of Surveys",
    "population": "Visitors of all invented centres, 18 years and older",
    "sample_size": "1200",
    "question": "How satisfied were you with your visit today?",
    "scale": "Four points",
    "mode": "Face to face",
    "legal_basis": "None: the survey is invented",
}

REGISTERS = {
    "who": "Invented Agency of Services",
    "population": "All cases of all invented centres",
    "legal_basis": "None: the register is invented",
}

COUNTED = ("complaints_in_time", "digital_take_up", "wait_within_standard", "waiting_median", "bodies_integrated")
"""Indicators of *invented* whose figures an agency counts and nobody is asked for."""


def workbook(figures: Sequence[InventedFigure], lang: str = "en") -> bytes:
    """A workbook with these figures, in the template's words of a language; it says on top that they are invented."""
    import xlsxwriter

    held = io.BytesIO()
    file = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    file.set_properties({"title": t("training.notice", lang), "comments": t("training.notice", lang)})
    sheet = file.add_worksheet(t("submissions.sheet.indicators", lang)[:31])
    for at, name in enumerate(("indicator", "breakdown", "period", "value", "sample", "note")):
        sheet.write_string(0, at, t(f"submissions.column.{name}", lang))
        sheet.set_column(at, at, 26)
    for line, it in enumerate(figures, start=1):
        sheet.write_string(line, 0, it.indicator)
        sheet.write_string(line, 1, t(f"submissions.breakdown.{it.group or 'total'}", lang))
        sheet.write_number(line, 2, it.year)
        sheet.write_number(line, 3, it.value)
        if it.sample is not None:
            sheet.write_number(line, 4, it.sample)
        sheet.write_string(line, 5, t("training.notice", lang))
    method = file.add_worksheet(t("submissions.sheet.method", lang)[:31])
    method.set_column(0, 1 + len(METHOD_FIELDS), 30)
    heads = [
        t("submissions.column.indicator", lang),
        *(t(f"submissions.method.{name}", lang) for name in METHOD_FIELDS),
    ]
    for at, head in enumerate(heads):
        method.write_string(0, at, head)
    year = str(max((it.year for it in figures), default=0))
    asked = {"method": t("submissions.kind.user_survey", lang), **METHOD, "period_of_work": f"March to May {year}"}
    kept = {
        "method": t("submissions.kind.registers", lang),
        **REGISTERS,
        "period_of_work": f"January to December {year}",
    }
    sent = dict.fromkeys(it.indicator for it in figures if it.indicator in COUNTED)
    for line, (of, said) in enumerate([(ALL, asked), *((one, kept) for one in sent)], start=1):
        method.write_string(line, 0, of)
        for at, name in enumerate(METHOD_FIELDS, start=1):
            method.write_string(line, at, said.get(name, ""))
    file.close()
    return held.getvalue()
