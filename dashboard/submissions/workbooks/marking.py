"""A file with its findings in it, made in a process with limits, as it was read."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from dashboard.submissions.model import Finding, UploadRefused
from dashboard.submissions.reading.process import MEMORY, SECONDS, run
from dashboard.submissions.workbooks.marked import alone, listed


def mark_file(
    path: Path,
    name: str,
    findings: Sequence[Finding],
    lang: str,
    *,
    work: Path | None = None,
    who: str = "",
    memory: int = MEMORY,
    seconds: int = SECONDS,
) -> bytes:
    """The file with its findings; the findings alone where it has no cells, or needs more than the limits give.

    Args:
        path: the file as received.
        name: what its owner calls it.
        findings: of this file.
        lang: the language of their words.
        work: the folder in which it is made.
        who: the account that asks.
        memory: address space, in bytes.
        seconds: processor time.

    Raises:
        ReadingBusy: other files are being read.
    """
    if alone(findings):
        return listed(name, findings, lang)
    with tempfile.TemporaryDirectory(prefix="marking-", dir=work) as folder:
        out = Path(folder) / "marked.xlsx"
        job = {
            "path": str(path.resolve()), "name": name, "findings": [one.as_json() for one in findings], "lang": lang,
            "out": str(out),
        }  # fmt: skip
        try:
            run("dashboard.submissions.workbooks.child:mark", job, memory=memory, seconds=seconds, who=who)
        except UploadRefused:
            return listed(name, findings, lang)
        return out.read_bytes()
