"""What runs in the process that puts findings into a file: its workbook is written to where the job says.

``python -m dashboard.submissions.workbooks.child``: a job as JSON at standard input (see ``marking.mark_file``).
"""

import sys
from pathlib import Path
from typing import Any

from dashboard.submissions.reading.child import served


def main() -> int:
    """Set the limits, then mark."""
    return served(_mark)


def _mark(job: dict[str, Any]) -> dict[str, Any]:
    from dashboard.submissions.model import Finding
    from dashboard.submissions.workbooks.marked import marked

    findings = [Finding.of(one) for one in job["findings"]]
    Path(job["out"]).write_bytes(marked(Path(job["path"]), job["name"], findings, job["lang"]))
    return {}


if __name__ == "__main__":
    sys.exit(main())
