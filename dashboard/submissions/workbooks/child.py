"""What runs in a sandbox to put findings into a file: its workbook goes where the job says (``marking.mark_file``)."""

from pathlib import Path
from typing import Any

from dashboard.submissions.reading.child import Job, refusing


@refusing
def mark(job: Job) -> dict[str, Any]:
    """Write the file with its findings."""
    from dashboard.submissions.model import Finding
    from dashboard.submissions.workbooks.marked import marked

    findings = [Finding.of(one) for one in job["findings"]]
    Path(job["out"]).write_bytes(marked(Path(job["path"]), job["name"], findings, job["lang"]))
    return {}
