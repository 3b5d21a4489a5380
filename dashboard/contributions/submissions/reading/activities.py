"""What runs in a sandbox for activities: one file in; activities and findings out."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.analysis.reports.csv_text import read_text
from dashboard.contributions.submissions.counts.child import tables_of
from dashboard.contributions.submissions.model import Finding
from dashboard.contributions.submissions.reading.child import Job, refusing
from dashboard.contributions.submissions.reading.extract import sheets_of
from dashboard.contributions.submissions.rules import in_order
from dashboard.contributions.submissions.rules.activities import ACTIVITY_CHECKS, NEEDED, SentActivity
from dashboard.contributions.submissions.rules.counts import faults_of
from dashboard.evidence.codebook.register.sent import AgreementActivity


@refusing
def read(job: Job) -> dict[str, Any]:
    """Return findings and the number of activities of a file; they go to the Parquet file that the job names."""
    import polars as pl

    sheets, findings = sheets_of(Path(job["path"]), job["name"])
    kept: dict[tuple[str, str, str], AgreementActivity] = {}
    found = 0
    for table, noticed in tables_of(sheets, NEEDED):
        found += 1
        findings += noticed
        for line, given in table.rows():
            cells = {name: read_text(cell) for name, cell in given.items()}  # our own template marks such texts
            row = SentActivity(cells, job["period"], date.fromisoformat(job["today"]), frozenset(job["countries"]))
            faults = faults_of(ACTIVITY_CHECKS, row)
            findings += [table.finding(one.rule, one.severity, line, one.column, **one.told) for one in faults]
            if any(one.severity == "error" for one in faults):
                continue
            if row.activity.key in kept:
                findings.append(table.finding("activity_twice", "error", line, "title"))
            else:
                kept[row.activity.key] = row.activity
    if not found:
        findings.append(Finding("activity_no_table", "error"))
    elif not kept and all(one.severity != "error" for one in findings):
        findings.append(Finding("activity_none", "error"))
    plain = [json.dumps(one.as_json(), ensure_ascii=False) for one in kept.values()]
    pl.DataFrame({"activity": plain}, schema={"activity": pl.String}).write_parquet(job["out"], compression="zstd")
    return {"findings": [one.as_json() for one in in_order(findings)], "rows": len(kept)}
