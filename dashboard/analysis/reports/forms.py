"""A report in one of its forms, also for a sandbox, whose processes start fast as no services are loaded."""

from typing import Literal

from dashboard.analysis.reports.content import Report

Form = Literal["pdf", "xlsx", "pptx"]


def set_report(job: tuple[Report, Form, str, str]) -> bytes:
    """Write a report in a form; the job has the headings of the workbook's first sheet, too."""
    from dashboard.analysis.reports import document, sheets

    content, form, name_heading, text_heading = job
    if form == "pptx":
        from dashboard.analysis.reports import slides

        return slides.write_pptx(content)
    return document.write_pdf(content) if form == "pdf" else sheets.write_xlsx(content, name_heading, text_heading)
