"""The report of the statement: every claim with today's answer, its figure, and who could supply what is missing."""

from dashboard.locales import t
from dashboard.reports.content import Cell, Column, Grid, Part, Report, Section, Words
from dashboard.services.base.words import join_list
from dashboard.services.claims.statement import view_statement
from dashboard.services.claims.views import ClaimView
from dashboard.services.reports.frame import frame_report
from dashboard.services.reports.query import ReportQuery


def write_statement(query: ReportQuery) -> Report:
    """What the page of the statement says, on two pages."""
    lang, view = query.ctx.lang, view_statement(query.ctx, query.sent)
    columns = (
        Column(t("statement.column.claim", lang), 3),
        Column(t("statement.column.answer", lang), 6),
        Column(t("statement.column.figure", lang), 0),
        Column(t("statement.column.missing", lang), 0),
        Column(t("statement.column.due", lang), 0),
        Column(t("statement.column.test", lang), 0),
    )
    parts = [Part(group["title"], "", [_row(claim) for claim in group["claims"]]) for group in view["groups"]]
    counts = join_list(
        query.ctx, (f"{it['text']}{t('ui.list.colon', lang)}{it['count']}" for it in view["counts"] if it["count"])
    )
    title = t("statement.page.heading", lang)
    grid = Grid(
        t("statement.page.short", lang),
        t("statement.page.rule", lang),
        t("statement.column.group", lang),
        columns,
        parts,
    )
    sections = [Section(t("statement.page.short", lang), [Words(f"{view['text']}.", "lead"), Words(counts), grid])]
    return frame_report(query, title, view["text"], sections)


def _row(claim: ClaimView) -> tuple[Cell, ...]:
    return (
        Cell(f"{claim['id']} {claim['claim']}"),
        Cell(claim["answer_text"], claim["text"], strong=True),
        Cell(claim["figure"]),
        Cell(claim["missing"]),
        Cell(claim["due_text"]),
        Cell(claim["test"]),
    )
