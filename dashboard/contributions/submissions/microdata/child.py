"""What runs in the survey's sandbox: an encrypted file in, names, findings and estimates out.

No answer of a respondent reaches the server; the estimates go to the Parquet file that the job names.
"""

from pathlib import Path
from typing import Any

from dashboard.contributions.submissions.model import UploadRefused
from dashboard.contributions.submissions.reading.child import Job, refusing


@refusing
def read(job: Job) -> dict[str, Any]:
    """Read, check and estimate one file; what a library says of a fault may hold what it read, so it is not told."""
    try:
        return _read(job)
    except (UploadRefused, MemoryError):
        raise
    except Exception:
        raise UploadRefused("unreadable", "The file could not be read. Save it again and try once more.") from None


def _read(job: Job) -> dict[str, Any]:
    from dashboard.analysis.measures.surveys.survey import NotEstimable
    from dashboard.contributions.submissions.microdata import estimates, files, sealed
    from dashboard.contributions.submissions.microdata.model import METHOD, is_column
    from dashboard.contributions.submissions.model import Finding
    from dashboard.contributions.submissions.rules import survey as rules

    path = Path(job["path"])
    clear = (
        sealed.pieces(path, bytes.fromhex(job["key"])) if job["key"] else iter([path.read_bytes()])
    )  # kept by nobody
    survey = files.read(clear, job["name"], job["mapping"])
    mapping = {
        field: name
        for field, name in job["mapping"].items()
        if not (job["suggested"] and is_column(field) and name not in survey.columns)
    }
    ground = rules.ground(survey, mapping)
    findings = rules.check_survey(ground)
    results: dict[str, Any] = {"rows": survey.rows.height}
    rows = 0
    if not any(finding.severity == "error" for finding in findings):
        try:
            made = estimates.estimate(ground)
        except NotEstimable as error:
            findings = [Finding("survey_not_estimable", "error", values={"why": error.reason}), *findings]
        else:
            figures = estimates.figures(made, job["country"], job["period"])
            figures.write_parquet(job["out"], compression="zstd")
            results, rows = dict(made.results), figures.height
            for rule, count in (("survey_hidden", results["hidden"]), ("survey_one_unit", results["one_unit"])):
                if count:
                    findings.append(Finding(rule, "suggestion", values={"count": str(count)}))
    method = {name: mapping.get(f"method.{name}", "") for name in METHOD}
    return {
        "findings": [finding.as_json() for finding in findings],
        "rows": rows,
        "columns": [column.as_json() for column in survey.columns.values()],
        "mapping": mapping,
        "results": results,
        "method": {"method": "household_survey", "sample_size": str(survey.rows.height), "mode": "", **method},
    }
