"""The report of the statement: every claim with today's answer, its figure, and who could supply what is missing."""

import re

from dashboard.analysis.reports.content import Cell, Column, Grid, Part, Report, Section, Words
from dashboard.answers.claims.statement import view_statement
from dashboard.answers.claims.views import ClaimView
from dashboard.answers.reports.frame import frame_report
from dashboard.answers.reports.query import ReportQuery
from dashboard.locales import t

_BETWEEN_SENTENCES = re.compile(r"(?<=[.؟?!])\s")
"""Where one sentence of an answer ends and the next begins."""


def write_statement(query: ReportQuery) -> Report:
    """Write the statement's page on two pages: each answer's first sentence, all in the workbook."""
    lang, view = query.ctx.lang, view_statement(query.ctx, query.sent)
    columns = (
        Column(t("statement.column.claim", lang), 1.4),
        Column(t("statement.column.answer", lang)),
        Column(t("statement.column.answer", lang), 0),
        Column(t("statement.column.figure", lang), 0),
        Column(t("statement.column.missing", lang), 0),
        Column(t("statement.column.due", lang), 0),
        Column(t("statement.column.test", lang), 0),
    )
    parts = [Part(group["title"], "", [_row(claim) for claim in group["claims"]]) for group in view["groups"]]
    title = t("statement.page.heading", lang)
    grid = Grid(
        t("statement.page.short", lang),
        t("statement.page.rule", lang),
        t("statement.column.group", lang),
        columns,
        parts,
    )
    sections = [Section(t("statement.page.short", lang), [Words(f"{view['text']}.", "lead"), grid])]
    return frame_report(query, title, view["text"], sections)


def quote_claim(claim: ClaimView) -> str:
    """Quote the original words, marked as reported speech where they are."""
    return "“{}”{}".format(claim["quote"], claim["reported"] and f" ({claim['reported']})")


def _row(claim: ClaimView) -> tuple[Cell, ...]:
    first_sentence = _BETWEEN_SENTENCES.split(claim["text"], 1)[0]
    return (
        Cell(f"{claim['id']} {claim['claim']}", quote_claim(claim)),
        Cell(f"{claim['answer_text']} · {claim['evidence_text']}", first_sentence, strong=True),
        Cell(claim["text"]),
        Cell(claim["figure"]),
        Cell(claim["missing"]),
        Cell(claim["due_text"]),
        Cell(claim["test"]),
    )
