"""A file as figures: its sheets, the method, the template's stamp, and what was noticed of each sheet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.contributions.submissions.methods.sheet import read_methods
from dashboard.contributions.submissions.model import Finding, UploadRefused
from dashboard.contributions.submissions.reading import figures as rows
from dashboard.contributions.submissions.reading.books import read_workbook
from dashboard.contributions.submissions.reading.documents import is_document, read_document
from dashboard.contributions.submissions.reading.evidence import SurroundingText, UnreadColumn, evidence_of, unread_of
from dashboard.contributions.submissions.reading.heads import Heads, find, key
from dashboard.contributions.submissions.reading.message import is_message, nothing_withdrawn, read_message
from dashboard.contributions.submissions.reading.sheet import UploadSheet
from dashboard.contributions.submissions.reading.text import read_text
from dashboard.evidence.codebook.model import Codebook
from dashboard.locales import DESK_LANGUAGES, t

STAMP = "_stamp"
"""The hidden sheet of a template: names in column A, values in column B."""

NAMED = 20
_SHOWN, _LOOKED_AT = 4, 200


@dataclass(frozen=True)
class ExtractedFile:
    """Everything read from a file."""

    figures: pl.DataFrame
    columns: Mapping[str, Mapping[str, str]]
    method: Mapping[str, str]  # of all its figures
    methods: Mapping[str, Mapping[str, str]]  # indicator → what is said of its own alone
    stamp: Mapping[str, str]
    asked: Mapping[str, Mapping[str, Any]]  # head that a person says the meaning of → ``field`` as said, ``seen`` below
    findings: tuple[Finding, ...]
    evidence: tuple[SurroundingText, ...] = ()  # the texts around its tables
    unread: tuple[UnreadColumn, ...] = ()


def extract(path: Path, name: str, mapping: Mapping[str, str], book: Codebook) -> ExtractedFile:
    """Read a file.

    Args:
        path: the file as received.
        name: what its owner calls it.
        mapping: folded head → field, as the country has said before.
        book: the codebook.

    Raises:
        UploadRefused: it cannot be read as a whole.
    """
    sheets, findings = sheets_of(path, name)
    frames: list[pl.DataFrame] = []
    columns: dict[str, dict[str, str]] = {}
    asked: dict[str, Mapping[str, Any]] = {}
    method: dict[str, str] = {}
    methods: dict[str, dict[str, str]] = {}
    stamp: dict[str, str] = {}
    evidence: list[SurroundingText] = []
    unread: list[UnreadColumn] = []
    for sheet in sheets:
        if sheet.name == STAMP:
            stamp = _pairs(sheet)
        elif key(sheet.name) in _names("method"):
            method, methods, found = read_methods(sheet, book)
            findings += found
        elif key(sheet.name) in _names("start", "lists") or sheet.texts.is_empty():
            continue
        elif heads := find(sheet, mapping):
            _nothing_withdrawn(sheet, heads)
            frame, notes = rows.figures_of(sheet, heads, book)
            frames.append(frame)
            apart = list(heads.breakdowns.values())[:1]
            places = {**({"breakdown": apart[0]} if apart else {}), **heads.columns}
            columns[sheet.name] = {field: sheet.letter(at) for field, at in places.items()}
            asked |= _asked(sheet, heads)
            findings += [*heads.findings, *notes, *_noticed(sheet, heads, frame)]
            evidence += evidence_of(sheet, heads, notes)
            unread += unread_of(sheet, heads, frame)
        elif key(sheet.name).rstrip(" 0123456789") not in _names("findings"):  # ours, in a workbook that came back
            findings.append(Finding("no_table", "warning" if len(sheets) > 1 else "error", sheet.name))
    if not frames and (guess := _guess(sheets, mapping)):
        asked, more = guess
        findings = [*(one for one in findings if one.rule != "no_table"), *more]
    elif not frames and all(finding.rule != "no_table" for finding in findings):
        findings.append(Finding("no_table", "error"))
    return ExtractedFile(
        rows.joined(frames), columns, method, methods, stamp, asked, tuple(findings), tuple(evidence), tuple(unread)
    )  # fmt: skip


def _guess(
    sheets: Sequence[UploadSheet], mapping: Mapping[str, str]
) -> tuple[dict[str, Mapping[str, Any]], tuple[Finding, ...]] | None:
    """What is asked of the columns of the first sheet that looks like a table, and what is wrong until it is said."""
    for sheet in sheets:
        ours = sheet.name == STAMP or key(sheet.name) in _names("method", "start", "lists", "findings")
        if not ours and (heads := find(sheet, mapping, guessed=True)):
            return _asked(sheet, heads), heads.findings
    return None


def _asked(sheet: UploadSheet, heads: Heads) -> dict[str, Mapping[str, Any]]:
    """Head → the field that the country has said (``none``: not read; "": not yet), and the first cells below it."""
    columns = {head: (at, "") for head, at in heads.unknown.items()}
    columns |= {head: (at, name or "none") for head, (at, name) in heads.said.items()}
    asked: dict[str, Mapping[str, Any]] = {}
    for head, (at, name) in columns.items():
        below = sheet.texts[f"c{at}"][heads.row :].str.strip_chars()
        seen = below.filter(below != "").head(_LOOKED_AT).unique(maintain_order=True).head(_SHOWN)
        asked[head] = {"field": name, "seen": [text[:60] for text in seen]}
    return asked


def sheets_of(path: Path, name: str) -> tuple[list[UploadSheet], list[Finding]]:
    """Return the sheets of a file, whatever it is, and how it was read.

    Raises:
        UploadRefused: it cannot be read as a whole.
    """
    with path.open("rb") as file:
        begins = file.read(64)
    if begins.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or name.lower().endswith(
        (".xlsx", ".xlsm", ".xls", ".ods")
    ):
        if not begins:
            raise UploadRefused("empty", "The file is empty. Choose the file with the figures.")
        return read_workbook(path, name), []
    read = read_message if is_message(begins) else read_document if is_document(begins, name) else read_text
    sheet, findings = read(name, path.read_bytes())
    return [sheet], findings


def _nothing_withdrawn(sheet: UploadSheet, heads: Heads) -> None:
    """SDMX-CSV says in a column ACTION which rows take figures back.

    Raises:
        UploadRefused: some do.
    """
    for name in sheet.texts.columns:
        if key(sheet.texts[name][heads.row - 1]) == "action":
            said = sheet.texts[name][heads.row :].str.strip_chars().str.to_lowercase()
            nothing_withdrawn(int(said.is_in(["d", "delete"]).sum()))


def _noticed(sheet: UploadSheet, heads: Heads, frame: pl.DataFrame) -> Iterable[Finding]:
    """Return what of a sheet with figures its cells do not show."""
    if sheet.hidden:
        yield Finding("hidden_sheet", "error", sheet.name)
    read = set(frame["row"])
    hidden = [row for row in sheet.hidden_rows if row in read]
    if hidden:
        shown = ", ".join(map(str, hidden[:NAMED])) + ("…" if len(hidden) > NAMED else "")
        yield Finding("hidden_rows", "error", sheet.name, hidden[0], "", shown, {"rows": shown}, len(hidden))
    read_columns = [*heads.columns.items(), *((one.field, one.at) for one in heads.years)]
    known = {at + sheet.first_column: field for field, at in read_columns}
    for at in sheet.hidden_columns:
        if at in known:
            yield Finding("hidden_column", "error", sheet.name, 0, sheet.letter(at - sheet.first_column), known[at])
    letters_ = {sheet.letter(at) for _, at in read_columns}
    for cell in sheet.without_value:
        column = cell.rstrip("0123456789")
        row = int(cell[len(column) :])
        if column in letters_ and row > heads.row:
            yield Finding("formula_no_value", "error", sheet.name, row, column)


@lru_cache
def _names(*sheets: str) -> frozenset[str]:
    return frozenset(key(t(f"submissions.sheet.{name}", lang)) for name in sheets for lang in DESK_LANGUAGES) | set(
        sheets
    )


def _pairs(sheet: UploadSheet) -> dict[str, str]:
    return {row[0].strip(): row[1].strip() for row in sheet.texts.rows() if len(row) > 1 and row[0].strip()}
