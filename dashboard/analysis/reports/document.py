"""A report as A4 pages (PDF 1.7, tagged by PDF/UA-1), set by Typst.

Only the shipped fonts and those inside Typst are used, so that a document looks alike wherever it is made.
"""

import json
from collections.abc import Mapping
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.analysis.reports.content import Block, Cell, Facts, Grid, Pictures, Report, Section, Words
from dashboard.locales import DESK_LANGUAGES

TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parents[3] / "assets" / "fonts"
_FIELDS = (
    "kind", "title", "named", "subtitle", "lang", "author", "description", "keywords", "foot", "page_of", "second",
    "more",
)  # fmt: skip


def write_pdf(report: Report) -> bytes:
    """Write a report as PDF.

    Raises:
        typst.TypstError: the report cannot be set, for instance because a drawing is no SVG.
    """
    import typst

    document = json.dumps(_describe_report(report), ensure_ascii=False, allow_nan=False)
    pdf: bytes = typst.compile(
        TEMPLATES / ("brief.typ" if report.second else "report.typ"),
        root=TEMPLATES,
        font_paths=load_fonts(),
        sys_inputs={"report": document},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=int(report.moment.timestamp()),
    )
    return pdf


@cache
def load_fonts() -> Any:
    """Return the shipped fonts."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def _describe_report(report: Report) -> dict[str, Any]:
    """Return the report as the template reads it."""
    moment = report.moment.astimezone(UTC)
    return {name: getattr(report, name) for name in _FIELDS} | {
        "dir": DESK_LANGUAGES[report.lang].dir,
        "day": [moment.year, moment.month, moment.day],
        "sections": [
            {
                "title": section.title,
                "wide": section.wide,
                "blocks": [_describe_block(block) for block in section.blocks],
            }
            for section in (*report.sections, Section(report.about_title, [Facts(report.about)]))
        ],
    }


def _describe_block(block: Block) -> Mapping[str, Any]:
    if isinstance(block, Words):
        return {"is": "words", "text": block.text, "role": block.role}
    if isinstance(block, Facts):
        return {"is": "facts", "pairs": [list(pair) for pair in block.pairs]}
    if isinstance(block, Pictures):
        names = ("title", "subtitle", "svg", "sentence", "source", "wide")
        pictures = [{name: getattr(picture, name) for name in names} for picture in block.pictures]
        return {"is": "pictures", "pictures": pictures}
    return _describe_grid(block)


def _describe_grid(grid: Grid) -> Mapping[str, Any]:
    shown = [place for place, column in enumerate(grid.columns) if column.share]
    columns = [grid.columns[place] for place in shown]
    return {
        "is": "grid",
        "caption": grid.caption,
        "columns": [
            {"label": column.label, "share": column.share, "figures": column.kind in ("number", "whole")}
            for column in columns
        ],
        "parts": [
            {
                "label": part.label,
                "note": part.note,
                "rows": [[_describe_cell(row[place]) for place in shown] for row in part.rows],
            }
            for part in grid.parts
        ],
    }


def _describe_cell(cell: Cell | None) -> Mapping[str, Any]:
    cell = cell or Cell("")
    return {"text": cell.text, "note": cell.note, "strong": cell.strong}
