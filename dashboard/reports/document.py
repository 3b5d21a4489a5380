"""A report as a document: A4 pages (PDF 1.7, tagged for assistive technology by PDF/UA-1), set by Typst.

Only the shipped fonts are used, and those inside Typst for signs they lack (√), so that a document looks alike wherever
it is made, and equal reports are equal bytes.
"""

import json
from collections.abc import Mapping
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.locales import DESK_LANGUAGES
from dashboard.reports.content import Block, Cell, Facts, Grid, Pictures, Report, Section, Words

TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parents[2] / "assets" / "fonts"


def write_pdf(report: Report) -> bytes:
    """The document.

    Raises:
        typst.TypstError: the report cannot be set, for instance because a drawing is no SVG.
    """
    return bytes(_compiled(report, format="pdf", pdf_standards=["ua-1"], timestamp=int(report.moment.timestamp())))


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def _compiled(report: Report, **how: Any) -> Any:
    import typst

    document = json.dumps(_plain(report), ensure_ascii=False, allow_nan=False)
    return typst.compile(
        TEMPLATES / ("brief.typ" if report.second else "report.typ"),
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"report": document},
        **how,
    )


def _plain(report: Report) -> dict[str, Any]:
    """The report as the template reads it."""
    moment = report.moment.astimezone(UTC)
    return {
        "kind": report.kind,
        "title": report.title,
        "named": report.named,
        "subtitle": report.subtitle,
        "lang": report.lang,
        "dir": DESK_LANGUAGES[report.lang].dir,
        "author": report.author,
        "description": report.description,
        "keywords": list(report.keywords),
        "day": [moment.year, moment.month, moment.day],
        "foot": list(report.foot),
        "page_of": report.page_of,
        "second": report.second,
        "more": report.more,
        "sections": [
            {"title": it.title, "wide": it.wide, "blocks": [_block(one) for one in it.blocks]}
            for it in (*report.sections, Section(report.about_title, [Facts(report.about)]))
        ],
    }


def _block(block: Block) -> Mapping[str, Any]:
    if isinstance(block, Words):
        return {"is": "words", "text": block.text, "role": block.role}
    if isinstance(block, Facts):
        return {"is": "facts", "pairs": [list(pair) for pair in block.pairs]}
    if isinstance(block, Pictures):
        names = ("title", "subtitle", "svg", "sentence", "source", "wide")
        return {"is": "pictures", "pictures": [{name: getattr(it, name) for name in names} for it in block.pictures]}
    return _grid(block)


def _grid(grid: Grid) -> Mapping[str, Any]:
    shown = [place for place, column in enumerate(grid.columns) if column.share]
    columns = [grid.columns[place] for place in shown]
    return {
        "is": "grid",
        "caption": grid.caption,
        "columns": [
            {"label": it.label, "share": it.share, "figures": it.kind in ("number", "whole")} for it in columns
        ],
        "parts": [
            {
                "label": part.label,
                "note": part.note,
                "rows": [[_cell(row[place]) for place in shown] for row in part.rows],
            }
            for part in grid.parts
        ],
    }


def _cell(cell: Cell | None) -> Mapping[str, Any]:
    return {"text": "", "note": "", "strong": False} if cell is None else {
        "text": cell.text, "note": cell.note, "strong": cell.strong
    }  # fmt: skip
