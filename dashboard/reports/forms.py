"""A report in one of its forms: what a sandbox is asked for.

Nothing of services is loaded for it: a process that begins is asked by a reader who waits.
"""

from typing import Literal

from dashboard.reports.content import Report

Form = Literal["pdf", "xlsx", "pptx"]


def set_report(job: tuple[Report, Form, str, str]) -> bytes:
    """A report in a form, with the heads of a workbook's first sheet; also for a sandbox."""
    from dashboard.reports import document, sheets

    content, form, what, says = job
    if form == "pptx":
        from dashboard.reports import slides

        return slides.write_pptx(content)
    return document.write_pdf(content) if form == "pdf" else sheets.write_xlsx(content, what, says)
