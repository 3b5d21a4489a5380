"""Figures of indicators: a workbook, CSV or SDMX file, held against what is published of the country."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

import polars as pl

from dashboard.contributions.submissions import inbox, store
from dashboard.contributions.submissions.comparison import (
    PublicationComparison,
    closed_revised_on,
    compared_on,
    comparison_on,
    history,
)
from dashboard.contributions.submissions.kinds.base import Kind, ReadingContext
from dashboard.contributions.submissions.model import (
    MOST_PLACES,
    WITHDRAWN,
    ContestedFigure,
    FigureChange,
    Finding,
    Intent,
    Removed,
    Severity,
    Submission,
    Withdrawal,
)
from dashboard.contributions.submissions.offices import conflicts
from dashboard.contributions.submissions.reading.process import FileReading, read_file
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import open_engine, reading
from data_sources.registry import list_infos


class FiguresKind(Kind):
    """A year of figures: a file corrects and adds, or replaces the whole year."""

    dataset = "figures"
    intents: ClassVar[Sequence[Intent]] = ("corrects", "replaces")
    is_due_yearly = True
    is_typed = True

    def read(self, submission: Submission, context: ReadingContext) -> FileReading:
        """Read and check the file of a submission."""
        return read_file(
            inbox.path_of(context.settings, submission.sha256),
            submission.filename,
            country=submission.country,
            period=submission.period,
            today=datetime.now(UTC).date(),
            history=history(context.settings, context.book, submission.country),
            mapping=context.mapping,
            stated=submission.stated,
            closed=context.closed,
            work=inbox.unfinished(context.settings),
            who=context.who,
        )

    def find_conflicts(self, submission: Submission, read: FileReading, context: ReadingContext) -> list[Finding]:
        """Return rows that the record speaks against.

        They would revise a figure of a publication that is closed (another year's file, or a survey) or another
        office's, take a figure back without saying why, or take back one that is not published. Publication asks once
        more.
        """
        return _find_conflicts(submission, read, context) if read.parquet else []

    def removed_on(
        self, connection: store.Connection, book: Codebook, submission: Submission, sent: pl.DataFrame
    ) -> list[Removed]:
        """Return figures that would go with their year."""
        return compared_on(connection, book, submission, sent).removed

    def withdrawals_on(self, connection: store.Connection, book: Codebook, submission: Submission) -> list[Withdrawal]:
        """Return figures that are taken back by name."""
        return comparison_on(connection, book, submission).withdrawals

    def require_own(
        self, connection: store.Connection, submission: Submission, comparison: PublicationComparison | None
    ) -> None:
        """Raise ``MoveNotAllowed`` where an indicator was given to another office since the file was checked."""
        assert comparison is not None, "figures are compared before they are published"
        conflicts.require_own(connection, submission, comparison)


def _find_conflicts(submission: Submission, read: FileReading, context: ReadingContext) -> list[Finding]:
    figures = pl.read_parquet(io.BytesIO(read.parquet)).filter(pl.col("period").str.contains("^([0-9]{4})?$"))
    places = {
        (it["indicator"], it["period"] or submission.period, it["dimensions"]): (it["sheet"], it["row"])
        for it in figures.select("indicator", "period", "dimensions", "sheet", "row").iter_rows(named=True)
    }
    findings = []

    def add(
        rule: str, column: str, change: FigureChange | ContestedFigure, values: Mapping[str, str],
        severity: Severity = "error",
    ) -> None:  # fmt: skip
        sheet, row = places[change.indicator, change.period, change.dimensions]
        row, letter = (row, read.columns.get(sheet, {}).get(column, "")) if sheet else (0, "")
        findings.append(Finding(rule, severity, sheet, row, letter, change.indicator, values))

    with reading(open_engine(context.settings)) as connection:
        submission = replace(submission, method=read.method, methods=read.methods)
        comparison = compared_on(connection, context.book, submission, figures)
        revised = closed_revised_on(connection, submission, comparison)
        contested = list(conflicts.told_on(connection, submission, comparison))
    for rule, severity, figure, words in contested:
        add(rule, "value", figure, words, severity)
    for change, other in revised:
        if change.period not in context.closed:  # else period_closed says so
            add("figure_closed", "value", change,
                {"number": str(other.id), "period": other.period, "indicator": change.indicator})  # fmt: skip
    taken_back = set(
        figures.filter(pl.col("reason") == WITHDRAWN)
        .select("indicator", pl.col("period").replace("", submission.period), "dimensions")
        .rows()
    )
    for change in comparison.changes:
        where = {"indicator": change.indicator, "period": change.period, "group": change.dimensions}
        if change.fate == "withdrawn" and change.reason in (WITHDRAWN, "other"):
            add("withdrawal_unsaid", "note", change, where | {"figure": f"{change.before:.12g}"})
        elif change.fate in ("new", "revised") and tuple(where.values()) in taken_back:
            add("withdrawal_of_nothing", "reason", change, where)
    for shown in comparison.apart:
        change = next(
            it for it in comparison.changes if it.indicator == shown.indicator and it.fate in ("new", "revised")
        )
        add("stands_apart", "indicator", change, {
            "indicator": shown.indicator, "publisher": list_infos()[shown.source].title, "shown": shown.period,
            "address": f"/api/v1/observations?indicator={shown.indicator}&country={submission.country}&series=all",
        }, "warning")  # fmt: skip
    return findings[:MOST_PLACES]
