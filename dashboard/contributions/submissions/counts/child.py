"""What runs in a sandbox for monthly counts: one file in; centres, reports and findings out.

What was read goes to the Parquet file that the job names (see ``intake.read_file``).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.contributions.delivery.model import Centre, CentreReport, ServiceMerger
from dashboard.contributions.submissions.counts.rows import OF_CENTRES, OF_REPORTS, RowFault, centres_of, reports_of
from dashboard.contributions.submissions.model import Finding, Severity
from dashboard.contributions.submissions.reading.cells import BARE_NUMBER, folded
from dashboard.contributions.submissions.reading.child import Job, refusing
from dashboard.contributions.submissions.reading.extract import sheets_of
from dashboard.contributions.submissions.reading.heads import key
from dashboard.contributions.submissions.reading.sheet import UploadSheet
from dashboard.contributions.submissions.rules import in_order
from dashboard.contributions.submissions.rules.contradictions import (
    MONTH_CHECKS,
    TAKES,
    WITHDRAWN,
    PlaceHistory,
    SentMonth,
    SentRow,
    ServicePlace,
    read_taken,
)

MOST_REASON = 500
"""Letters of a reason that are kept."""

_HEAD_WITHIN = 20  # rows from the top
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]00:00(:00(\.0+)?)?")
_WHOLE = re.compile(r"(\d+)\.00?")  # 2.000 may be two thousand
_THREE_PLACES = re.compile(r"\d+\.\d{3}")
_MONTH = re.compile(r"(\d{4}-\d{2})(-01)?")


@dataclass(frozen=True)
class CountsTable:
    """A sheet of centres or of reports: the row of its head (from 1), and the column of each code."""

    sheet: UploadSheet
    head: int
    columns: Mapping[str, int]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield rows that hold anything, as a spreadsheet counts, with their cells by code."""
        moved = {one.row for one in self.sheet.moved(self.head)}
        frame = self.sheet.texts.select(f"c{at}" for at in self.columns.values())
        for line, row in enumerate(frame.slice(self.head).iter_rows(), start=self.head + 1):
            cells = {name: _cell(text) for name, text in zip(self.columns, row, strict=True)}
            if any(cells.values()) and line not in moved:
                yield line, {name: self._sure(text, line, name) for name, text in cells.items()}

    def _sure(self, text: str, line: int, column: str) -> str:
        """Return a number that a workbook holds as one, with a fourth place: its sign is never one of thousands."""
        stored = self.sheet.stored
        if stored is None or not _THREE_PLACES.fullmatch(text):
            return text
        return text if stored[f"c{self.columns[column]}"][line - 1] is None else f"{text}0"

    def finding(self, rule: str, severity: Severity, line: int, column: str, **values: str) -> Finding:
        """Return a finding in a cell; in that of the first column where the sheet has no such column."""
        at = self.columns.get(column)
        read = _cell(self.sheet.texts[f"c{at}"][line - 1]) if at is not None else ""
        letter = self.sheet.letter(at if at is not None else min(self.columns.values()))
        return Finding(rule, severity, self.sheet.name, line, letter, read[:200], {"column": column, **values})

    def told(self, faults: Iterable[RowFault]) -> Iterator[Finding]:
        """Faults of rows as findings: ``report.count`` is the rule ``counts_report_count``; a row has fallen once."""
        fallen: dict[int, list[str]] = {}
        for row, fault in ((one.row, one.fault) for one in faults):
            if fault.rule == "report.fallen":
                fallen.setdefault(row, []).append(fault.column)
            else:
                rule = f"counts_{fault.rule.replace('.', '_')}"
                yield self.finding(rule, fault.severity, row, fault.column, **fault.told)
        for row, columns in fallen.items():
            one = self.finding("counts_report_fallen", "warning", row, columns[0])
            yield replace(one, read=", ".join(columns)[:200])


def _cell(text: str) -> str:
    """Return a cell as it is meant: Western digits, a whole number without zeros behind it, a day without a time."""
    plain = folded(text)
    for form in (_DATE, _WHOLE):
        if found := form.fullmatch(plain):
            return found[1]
    return plain


def tables_of(sheets: Sequence[UploadSheet], needed: Sequence[str]) -> Iterator[tuple[CountsTable, list[Finding]]]:
    """Yield the sheets of which a row at the top has all these codes, and what is to be said of their heads."""
    for sheet in sheets:
        for at, row in enumerate(sheet.texts.head(_HEAD_WITHIN).iter_rows(), start=1):
            columns: dict[str, int] = {}
            findings = []
            for place, head in enumerate(map(key, row)):
                if head and head in columns:
                    other = sheet.letter(columns[head])
                    findings.append(
                        Finding("column_twice", "error", sheet.name, at, sheet.letter(place), head, {"other": other})
                    )
                elif head:
                    columns[head] = place
            if set(needed) <= set(columns):
                if sheet.hidden:
                    findings.append(Finding("hidden_sheet", "warning", sheet.name))
                findings += [*_without_value(sheet, at), *sheet.moved(at)]
                yield CountsTable(sheet, at, columns), findings
                break


def _without_value(sheet: UploadSheet, head: int) -> Iterator[Finding]:
    for cell in sheet.without_value:
        column = cell.rstrip("0123456789")
        if int(cell[len(column) :]) > head:
            yield Finding("formula_no_value", "error", sheet.name, int(cell[len(column) :]), column)


@refusing
def read(job: Job) -> dict[str, Any]:
    """Return findings and the number of reports of a file."""
    import polars as pl

    sheets, findings = sheets_of(Path(job["path"]), job["name"])
    known: dict[str, list[Centre]] = {}
    for one in map(Centre.of, job["centres"]):
        known.setdefault(one.code, []).append(one)
    centres: list[Centre] = []
    reports: list[CentreReport] = []
    found = 0
    for table, noticed in tables_of(sheets, OF_CENTRES):
        found += 1
        findings += [*noticed, *_centres(table, job, known, centres)]
    for one in centres:
        known.setdefault(one.code, []).append(one)
    earlier = {one.key: one for one in map(CentreReport.of, job["earlier"])}
    sent = ReadMonth()
    for table, noticed in tables_of(sheets, OF_REPORTS):
        found += 1
        findings += noticed
        rows = []
        for line, row in table.rows():
            month = _MONTH.fullmatch(row["month"])
            if BARE_NUMBER.match(row.get("measured_by", "")):  # what a comma has cut off the cost
                findings.append(table.finding("counts_measured_by", "error", line, "measured_by"))
                sent.take(table, line, dict(row))
            elif month and month[1] != job["period"]:
                findings.append(table.finding("counts_period", "error", line, "month", period=job["period"]))
            elif sent.take(table, line, row):
                rows.append((line, row))
        places = {tuple(row[name].strip() for name in OF_REPORTS[:3]): line for line, row in reversed(rows)}
        kept, faults = reports_of(rows, known, earlier, date.fromisoformat(job["today"]))
        findings += table.told(faults)
        reports += kept
        sent.rows |= {one.key[:3]: SentRow(table.sheet.name, places[one.key[:3]], one) for one in kept}
    findings += sent.findings(job, [place[:3] for place in earlier])
    if not found:
        findings.append(Finding("counts_no_table", "error"))
    elif not reports and not centres and not sent.withdrawn and all(one.severity != "error" for one in findings):
        findings.append(Finding("rows_none", "error"))
    rows_kept = [
        *(("centre", one.as_json()) for one in centres),
        *(("report", one.as_json()) for one in reports),
        *(("withdrawal", {"place": place, "reason": reason}) for place, (*_, reason) in sent.withdrawn.items()),
        *(("merger", {"new": new, "old": olds}) for new, (*_, olds) in sent.answers.items()),
    ]
    plain = [(kind, json.dumps(one, ensure_ascii=False)) for kind, one in rows_kept]
    held = pl.DataFrame(plain, schema={"kind": pl.String, "json": pl.String}, orient="row")
    held.write_parquet(job["out"], compression="zstd")
    return {"findings": [one.as_json() for one in in_order(findings)], "rows": len(reports) + len(sent.withdrawn)}


class ReadMonth:
    """What the rows of a file say of their month beside counts: what is withdrawn, what services have taken over."""

    def __init__(self) -> None:
        self.rows: dict[ServicePlace, SentRow] = {}
        self.withdrawn: dict[ServicePlace, tuple[str, int, str]] = {}
        self.answers: dict[str, tuple[str, int, tuple[str, ...]]] = {}
        self.seen: set[ServicePlace] = set()
        self._tables: dict[str, CountsTable] = {}
        self._findings: list[Finding] = []

    def take(self, table: CountsTable, line: int, row: dict[str, str]) -> bool:
        """Take what a row says beside its counts out of it; whether it has counts to be read."""
        self._tables[table.sheet.name] = table
        taken, reason = row.pop(TAKES, "").strip(), row.pop(WITHDRAWN, "").strip()
        if taken:
            olds = tuple(dict.fromkeys((*self.answers.get(row["service"], ("", 0, ()))[2], *read_taken(taken))))
            self.answers[row["service"]] = (table.sheet.name, line, olds)
        centre, service, channel, _ = (row[name].strip() for name in OF_REPORTS)
        if not reason:
            self.seen.add((centre, service, channel))
            return True
        counted = [name for name, text in row.items() if text.strip() and name not in (*OF_REPORTS, "measured_by")]
        if counted or taken or not any(letter.isalpha() for letter in reason):
            self._findings.append(table.finding("counts_withdrawn", "error", line, WITHDRAWN))
        else:
            self.withdrawn[centre, service, channel] = (table.sheet.name, line, reason[:MOST_REASON])
        return False

    def findings(self, job: Mapping[str, Any], standing: Iterable[ServicePlace]) -> Iterator[Finding]:
        """Yield what cannot be of all of it together, at the rows."""
        yield from self._findings
        sent = SentMonth(
            date.fromisoformat(f"{job['period']}-01"),
            self.rows,
            self.answers,
            self.withdrawn,
            frozenset(self.seen),
            frozenset(standing),
            frozenset((one[0], one[1], one[2]) for one in job["before"]),
            {(one[0], one[1], one[2]): PlaceHistory(*one[3:]) for one in job["history"]},
            {one.old: one for one in map(ServiceMerger.of, job["mergers"])},
        )
        for check in MONTH_CHECKS:
            rule = f"counts_{check.id.replace('.', '_')}"
            for place in check.places(sent):
                if place.row:
                    told = self._tables[place.sheet].finding(
                        rule, check.severity, place.row, place.column, **place.values
                    )
                    yield replace(told, read=place.read or told.read)
                else:
                    yield Finding(rule, check.severity, read=place.read, values=place.values)


def _centres(
    table: CountsTable, job: Mapping[str, Any], known: Mapping[str, Sequence[Centre]], centres: list[Centre]
) -> Iterator[Finding]:
    """Take the centres of a sheet that are right; what is wrong with the others."""
    for line, row in table.rows():
        taken, faults = centres_of([(line, row)], known)
        yield from table.told(faults)
        for one in taken:
            if one.country != job["country"]:
                yield table.finding("counts_country", "error", line, "country", country=job["country"])
            elif one.code in job["others"]:
                yield table.finding("counts_taken", "error", line, "code")
            else:
                centres.append(one)
