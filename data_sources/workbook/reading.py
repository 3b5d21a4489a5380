"""Reading one sheet of a guarded workbook, in a process with limits of memory and time.

What the guard did not foresee ends in that process.
"""

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Literal

import polars as pl

from data_sources.contract import SourceFinding
from data_sources.errors import Changed
from data_sources.figures import read_number
from data_sources.workbook.inspection import LIMITS, WorkbookLimits, guard
from data_sources.workbook.markup import name_cell

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NOT_A_WORKBOOK, _SHEET_MISSING = 3, 4  # what the process ends with
_NO_MEMORY = (b"MemoryError", b"annot allocate", b"failed to map", b"out of memory")
_PROCESS = "import sys; from data_sources.workbook.reading import serve; sys.exit(serve(*sys.argv[1:]))"
_ROOM = BoundedSemaphore(2)  # readers at once, whoever asks


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """The cells of a sheet as text. ``rows[0]`` is row 1 and its first cell column A, as a spreadsheet counts.

    A number is the shortest text that gives the same number back; a date is ISO 8601; a formula without a stored value
    is empty, an error its own text (``#DIV/0!``).
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    findings: tuple[SourceFinding, ...] = ()


def read_sheet(
    file: bytes | Path,
    sheet: str | int,
    name: str = "",
    *,
    limits: WorkbookLimits = LIMITS,
    external_links: Literal["refuse", "note"] = "refuse",
) -> ReadSheet:
    """Guard a workbook and read one of its sheets, by name or place (from 0), in a process with limits.

    Args: see ``guard``.

    Raises:
        Changed: see ``guard``; ``sheet_missing``; ``workbook_too_costly``, the reader needed more memory or time than
            the limits give.
    """
    name = name or (file.name if isinstance(file, Path) else "the workbook")
    body = file.read_bytes() if isinstance(file, Path) else file
    inspection = guard(body, name, limits=limits, external_links=external_links)
    facts = inspection.sheet(name, sheet)
    findings = tuple(finding for finding in inspection.findings if finding.where in ("", facts.name))
    frame = _frame(body, name, facts.name, limits)
    if not frame.width:
        return ReadSheet(facts.name, (), findings)
    width = frame.width // 2
    first = next((first for first, last in facts.starts if last - first + 1 == width), None)
    if first is None:
        raise Changed("not_a_workbook", f"{name}: the cells of sheet {facts.name!r} are not where its file says")
    before = [""] * (first - 1)
    unstored, rows = set(facts.without_value), []
    named = unstored | set(facts.errors)
    with_something = {int(cell.lstrip(_LETTERS)) for cell in named}
    for number, line in enumerate(frame.iter_rows(), start=1):
        cells = [*before, *map(_cell, line[:width], line[width:])]
        if number in with_something:
            for column in range(first, len(cells) + 1):
                place = name_cell(number, column)
                if place in named:
                    cells[column - 1] = "" if place in unstored else facts.errors[place]
        rows.append(tuple(cells))
    return ReadSheet(facts.name, tuple(rows), findings)


def _cell(text: str | None, number: float | None) -> str:
    if number is None or text is None or read_number(text) is None:
        return text or ""
    return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)


@lru_cache(maxsize=2)
def _frame(body: bytes, name: str, sheet: str, limits: WorkbookLimits) -> pl.DataFrame:
    """The cells of a sheet twice, as texts and as numbers, from a process of its own; no column where it is empty."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-P", "-c", _PROCESS, sheet, str(limits.memory), str(limits.seconds)]
    environment = {"PYTHONPATH": str(root), "POLARS_MAX_THREADS": "1", "PATH": os.environ.get("PATH", "")}
    try:
        with _ROOM:
            done = subprocess.run(  # noqa: S603  our own interpreter and module
                command, input=body, capture_output=True, check=False, timeout=2 * limits.seconds, env=environment
            )
    except subprocess.TimeoutExpired as error:
        raise _costly(name, limits) from error
    if done.returncode == 0:
        return pl.read_ipc_stream(done.stdout) if done.stdout else pl.DataFrame()
    message = " ".join(done.stdout.decode(errors="replace").split())[:200]
    if done.returncode == _SHEET_MISSING:
        raise Changed("sheet_missing", f"{name} has no readable sheet {sheet!r}: {message}")
    short = any(sign in done.stderr for sign in _NO_MEMORY)
    if done.returncode == _NOT_A_WORKBOOK or (done.returncode == 1 and not short):
        why = message or " ".join(done.stderr.decode(errors="replace").split())[-200:]
        raise Changed("not_a_workbook", f"{name} cannot be read as a workbook: {why}")
    raise _costly(name, limits)


def _costly(name: str, limits: WorkbookLimits) -> Changed:
    return Changed(
        "workbook_too_costly",
        f"{name} could not be read within {limits.memory // 2**20} MB and {limits.seconds} s: remove what is not "
        "needed, or send the sheet as CSV",
    )


def serve(sheet: str, memory: str, seconds: str) -> int:
    """What the process does: a workbook comes in at standard input, its cells leave as Arrow at standard output.

    Gives what the process ends with.
    """
    import fastexcel

    with suppress(ImportError):  # a system without such limits keeps that of the time
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        workbook = fastexcel.read_excel(sys.stdin.buffer.read())
    except fastexcel.FastExcelError as error:
        sys.stdout.write(str(error.args[0]))
        return _NOT_A_WORKBOOK
    try:
        # Two readings: the text of a number cell is rounded by the reader, its number is not.
        texts = workbook.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string").to_polars()
        numbers = workbook.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="float").to_polars()
    except fastexcel.FastExcelError as error:
        sys.stdout.write(str(error.args[0]))
        return _SHEET_MISSING
    if texts.width:
        texts.columns = [f"text {n}" for n in range(texts.width)]
        numbers.columns = [f"number {n}" for n in range(numbers.width)]
        pl.concat([texts, numbers], how="horizontal").write_ipc_stream(sys.stdout.buffer)
    return 0
