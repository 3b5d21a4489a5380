"""Reading a file in a process of its own with limits of memory and time: no file can take the server with it."""

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.submissions.model import Finding, Refused
from dashboard.submissions.places import Places

MEMORY = 2 * 2**30
"""Address space a reading may take, in bytes: libraries reserve several times what they use."""

SECONDS = 120
"""Processor time a reading may take."""

log = logging.getLogger(__name__)

PLACES = Places()
_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Reading:
    """A file as read: its rows, every finding, its method, and heads that nobody knows yet.

    The rows are Parquet (columns: ``figures.FIGURES``), as the process wrote them and as they are kept: who serves
    readers need not unfold a file of a ministry.
    """

    findings: tuple[Finding, ...]
    parquet: bytes = b""
    rows: int = 0
    method: Mapping[str, str] = field(default_factory=dict)
    stamp: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # sheet → field → column letters


def read_file(
    path: Path,
    name: str,
    *,
    country: str,
    period: str,
    today: date,
    history: pl.DataFrame,
    mapping: Mapping[str, str] | None = None,
    stated: Mapping[str, str] | None = None,
    closed: Sequence[str] = (),
    work: Path | None = None,
    who: str = "",
    memory: int = MEMORY,
    seconds: int = SECONDS,
) -> Reading:
    """Read and check a file.

    Args:
        path: the file as received.
        name: what its owner calls it.
        country: ISO3 of who sends it.
        period: the year it is due for.
        today: the day periods are held against.
        history: what is published of the country (``child.HISTORY``).
        mapping: folded head → field, as the country has said before.
        stated: fields of *Method* that were said beside the file; they come before its own.
        closed: years that are published and closed.
        work: the folder in which it keeps what it needs meanwhile; by default the system's own.
        who: the account that asks.
        memory: address space, in bytes.
        seconds: processor time.

    Raises:
        Busy: other files are being read.
        Refused: it cannot be read, or needs more than the limits give.
    """
    with tempfile.TemporaryDirectory(prefix="reading-", dir=work) as folder:
        past, out = Path(folder) / "history.parquet", Path(folder) / "figures.parquet"
        history.write_parquet(past)
        job = {
            "path": str(path.resolve()), "name": name, "country": country, "period": period, "today": today.isoformat(),
            "history": str(past), "mapping": dict(mapping or {}), "closed": list(closed), "out": str(out),
            "stated": dict(stated or {}), "memory": memory, "seconds": seconds,
        }  # fmt: skip
        answer = run(job, seconds, who=who)
        if "refused" in answer:
            raise Refused(str(answer["refused"]), str(answer["message"]))
        parquet = out.read_bytes()
    return Reading(
        findings_of(answer["findings"]), parquet, answer["rows"], answer["method"], answer["stamp"], answer["unknown"],
        answer["columns"],
    )  # fmt: skip


def findings_of(findings: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Findings as a process gave them."""
    return tuple(Finding.of(one) for one in findings)


_CODEBOOK = ("MONITOR_TRAINING", "MONITOR_DATA_DIR")
"""What says which codebook is in effect; nothing else of our settings reaches this process."""


def run(
    job: Mapping[str, object],
    seconds: int,
    module: str = "dashboard.submissions.reading.child",
    *,
    quiet: bool = False,
    who: str = "",
) -> dict[str, Any]:
    """The answer of a module that runs in a process of its own.

    Args:
        job: what it is given at standard input; never in its arguments, where others could read it.
        seconds: half of the time it may take.
        module: what runs.
        quiet: whether nothing it says is logged: microdata.
        who: the account that asks, which may not have all places.

    Raises:
        Busy: other files are being read.
        Refused: it could not do it, or needs more than it is given.
    """
    environment = {"PYTHONPATH": str(_ROOT), "POLARS_MAX_THREADS": "1", "PATH": os.environ.get("PATH", ""),
                   "MALLOC_ARENA_MAX": "2", "PYTHONDONTWRITEBYTECODE": "1",
                   "TMPDIR": tempfile.gettempdir()}  # fmt: skip
    environment |= {name: os.environ[name] for name in _CODEBOOK if name in os.environ}
    command = [sys.executable, "-P", "-m", module]
    try:
        with PLACES.taken(who):
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                command, input=json.dumps(job).encode(), capture_output=True, check=False, timeout=2 * seconds,
                env=environment, cwd=_ROOT,
            )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _costly() from error
    if done.returncode in (1, 2):  # a fault of ours, or of a library that gave up
        last_line = [] if quiet else done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        log.error("The reading process ended: %s", last_line)
        raise Refused(
            "unreadable", "The file could not be read. Save it again as Excel workbook or CSV and try once more."
        )
    if done.returncode:
        raise _costly()
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _costly() -> Refused:
    return Refused(
        "too_costly", "The file needs more memory or time than is given to one file. Send it in parts, or as CSV."
    )
