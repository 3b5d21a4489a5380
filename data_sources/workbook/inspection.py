"""Looking through a workbook before any library opens it."""

import io
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Literal
from xml.parsers import expat

from data_sources.contract import SourceFinding
from data_sources.errors import Changed
from data_sources.workbook.markup import MarkupCells, MarkupPart, measure_texts, read_relationships, read_sheet_list

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of encrypted workbooks, and of XLS
_UNREAD = ("xl/drawings/", "xl/charts/", "xl/theme/", "xl/diagrams/", "xl/media/", "customxml/", "docprops/")
_WORKBOOK_LINKS = "xl/_rels/workbook.xml.rels"
_OTHERS = {
    "xl/workbook.bin": "it is a binary workbook, XLSB",
    "content.xml": "it is an OpenDocument spreadsheet",
    "word/document.xml": "it is a document, not a workbook",
}
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CHUNK = 1 << 16
_RATIO_FROM = 16 * 2**20  # bytes unpacked below which no ratio is suspicious: a small sheet of zeros packs well
_SPELLED_OUT = 10
_SHORTEST_ROW = b"<row><c><v>1</v></c></row>"
_VALUES = (b"<v>", b"<f>", b"<is>")
_Links = Mapping[str, tuple[str, str, bool]]  # as workbook_xml.relationships gives them


@dataclass(frozen=True, slots=True)
class WorkbookLimits:
    """What a workbook may cost. The WGI workbook, the largest we know, has 353,111 cells and 17 MB of XML."""

    cells: int = 2_000_000  # of a sheet: rows × columns, from A1 to the last cell with anything in it
    unpacked: int = 128 * 2**20  # bytes of all parts
    ratio: int = 100  # unpacked to packed, beyond 16 MB unpacked
    parts: int = 2_000
    rows: int = 0  # of a sheet, those with a value; 0: as many as the cells allow
    text: int = 64 * 2**20  # characters of a sheet, each shared text counted wherever it is used
    memory: int = 2**30  # bytes a reading may take
    seconds: int = 60  # a reading may take


LIMITS = WorkbookLimits()


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the guard saw of a sheet. Rows and columns count from 1; all are 0 where the sheet is empty."""

    name: str
    last_row: int = 0
    last_column: int = 0
    hidden: bool = False
    without_value: tuple[str, ...] = ()
    """Cells with a formula and no stored value, ``C7``: nothing is known of them."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """Cells with an error of the spreadsheet: ``{"C8": "#DIV/0!"}``."""
    starts: tuple[tuple[int, int], ...] = ()
    """First and last column of what a reader may take for the sheet's range."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """A workbook that may be read: its sheets in order, and what a person should know (``findings``)."""

    sheets: tuple[SheetFacts, ...]
    findings: tuple[SourceFinding, ...] = ()

    def sheet(self, name: str, wanted: str | int) -> SheetFacts:
        """Return a sheet by its name or place (from 0); ``name`` is the file's, for messages.

        Raises:
            Changed: ``sheet_missing``.
        """
        for n, sheet in enumerate(self.sheets):
            if wanted in (n, sheet.name):
                return sheet
        names = ", ".join(sheet.name for sheet in self.sheets) or "none"
        raise Changed("sheet_missing", f"{name} has no readable sheet {wanted!r}; sheets: {names}")


def guard(
    file: bytes | Path,
    name: str = "",
    *,
    limits: WorkbookLimits = LIMITS,
    external_links: Literal["refuse", "note"] = "refuse",
) -> Inspection:
    """Look through a workbook without opening it.

    Args:
        name: the file's name, for messages; that of the path where none is given.
        external_links: ``note`` lets a workbook pass that refers to other files; nobody follows them, and the values
            stored beside them are read. For a known publisher's files only.

    Raises:
        Changed: ``not_a_workbook``, ``encrypted_workbook``, ``macros``, ``external_links``, ``too_many_cells``,
            ``too_many_rows``, ``expands_too_much``, ``doctype``; each message says what to do.
    """
    name = name or (file.name if isinstance(file, Path) else "the workbook")
    inspection = _inspect(file.read_bytes() if isinstance(file, Path) else file, name, limits)
    if external_links == "refuse":
        for finding in inspection.findings:
            if finding.code == "external_links":
                raise Changed(finding.code, finding.message + ": put the values in place of the links, save it again")
    return inspection


@lru_cache(maxsize=2)
def _inspect(body: bytes, name: str, limits: WorkbookLimits) -> Inspection:
    """See ``guard``; the series of a publisher's file are all read from the one workbook."""
    if body.startswith(_COMPOUND_FILE):
        if _ENCRYPTED in body:
            raise Changed("encrypted_workbook", f"{name} is protected by a password: remove it and save it again")
        raise Changed("not_a_workbook", f"{name} is a workbook of an older form (XLS): save it as XLSX")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return _look_through(archive, len(body), name, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Changed("not_a_workbook", f"{name} is no workbook, or a damaged one: save it again as XLSX") from error
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise Changed("not_a_workbook", f"{name} is damaged ({error}): save it again") from error


def _look_through(archive: zipfile.ZipFile, packed: int, name: str, limits: WorkbookLimits) -> Inspection:
    entries = {entry.filename: entry for entry in islice(archive.infolist(), limits.parts + 1)}
    _admit(entries, archive, packed, name, limits)
    if "xl/workbook.xml" not in entries:
        other = next((f" ({description})" for part, description in _OTHERS.items() if part in entries), "")
        raise Changed("not_a_workbook", f"{name} cannot be read as a workbook{other}: save it as XLSX")
    room = _Room(limits.unpacked, packed * limits.ratio, name)
    parts = {
        part: MarkupPart(name, _stream(archive, entry, room))
        for part, entry in entries.items()
        if part.lower().endswith((".xml", ".rels")) and not part.lower().startswith(_UNREAD)
    }
    targets = read_relationships(parts.get(_WORKBOOK_LINKS))
    linked = _links(parts, entries, targets, name)
    listed, recalculated = read_sheet_list(parts.pop("xl/workbook.xml"))
    for title, link, _ in listed if limits.rows else ():
        path = _resolve(targets[link][1]) if link in targets else ""
        if path in entries and entries[path].file_size > limits.rows * len(_SHORTEST_ROW):
            own = _Room(limits.unpacked, packed * limits.ratio, name)
            _count_rows(_stream(archive, entries[path], own), f"{name}, sheet {title!r}", limits.rows)
    lengths = measure_texts(parts.pop(_path(targets, "sharedStrings"), None))
    sheets: list[SheetFacts] = []
    for title, link, hidden in listed:
        path = _resolve(targets[link][1]) if link in targets else ""
        facts = SheetFacts(title, hidden=hidden)
        if path in entries and "chartsheet" not in targets[link][0]:
            parts.pop(path, None)
            cells = MarkupCells(lengths, recalculated, limits.cells, limits.text)
            cells.read(MarkupPart(name, _stream(archive, entries[path], room)), title)
            facts = replace(
                facts, last_row=cells.last_row, last_column=cells.last_column, starts=cells.ranges,
                without_value=tuple(cells.without_value), errors=cells.errors,
            )  # fmt: skip
        sheets.append(facts)
    for part in parts.values():
        part.skim()
    return Inspection(tuple(sheets), (*_noted(sheets, name), *linked))


def _count_rows(chunks: Iterator[bytes], said: str, most: int) -> None:
    """Refuse a sheet with a value beyond so many rows by its bytes alone: its cells are looked at much more slowly.

    A sheet that writes its marks otherwise passes here, and is found out by its cells.

    Raises:
        Changed: ``too_many_rows``.
    """
    rows, rest = 0, b""
    for chunk in chunks:
        text = rest + chunk
        rows += text.count(b"<row ") - rest.count(b"<row ")
        if rows > most:
            if rows - text.count(b"<row ") >= most:
                beyond = text
            else:  # from the first row that is too many
                beyond = text.split(b"<row ", most - rows + text.count(b"<row ") + 1)[-1]
            if any(mark in beyond for mark in _VALUES):
                raise Changed("too_many_rows", f"{said} has more than {most:,} rows: send it in parts")
        rest = text[-len(b"<row ") + 1 :]


@dataclass(slots=True)
class _Room:
    """Bytes that may still be unpacked of an archive, counted as they come: its own account of them is not trusted."""

    left: int
    suspicious: int
    name: str
    used: int = 0

    def take(self, count: int) -> None:
        self.used += count
        if self.used > self.left or self.used > max(self.suspicious, _RATIO_FROM):
            raise Changed(
                "expands_too_much",
                f"{self.name} unpacks to more than {self.used // 2**20} MB, which no table needs: save it again from a "
                "spreadsheet, or send the sheet as CSV",
            )


def _admit(
    entries: Mapping[str, zipfile.ZipInfo], archive: zipfile.ZipFile, packed: int, name: str, limits: WorkbookLimits
) -> None:
    """Refuse by what the archive says of itself, before anything is unpacked."""
    if len(archive.infolist()) > limits.parts:
        raise Changed("expands_too_much", f"{name} has more than {limits.parts} parts: save it again")
    if len({part.lower() for part in entries}) < len(archive.infolist()):
        raise Changed("not_a_workbook", f"{name} holds two parts of one name: save it again from a spreadsheet")
    if any(entry.flag_bits & 1 for entry in entries.values()):
        raise Changed("encrypted_workbook", f"{name} is protected by a password: remove it and save it again")
    if any(entry.compress_type not in _METHODS for entry in entries.values()):
        raise Changed("not_a_workbook", f"{name} is packed in a way no spreadsheet uses: save it again")
    _Room(limits.unpacked, packed * limits.ratio, name).take(sum(entry.file_size for entry in entries.values()))
    for part in entries:
        low = part.lower()
        if low.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in low:
            raise _macros(name)


def _macros(name: str) -> Changed:
    return Changed("macros", f"{name} holds macros, which are never read: save it as XLSX, without macros")


def _links(
    parts: dict[str, MarkupPart], entries: Mapping[str, zipfile.ZipInfo], targets: _Links, name: str
) -> list[SourceFinding]:
    """Refuse macros that content types or relationships admit to; note what refers to something outside the file."""
    outside = [
        part
        for part in entries
        if part.lower().startswith(("xl/externallinks/", "xl/querytables/", "xl/connections.xml"))
    ]
    for content in parts.pop("[Content_Types].xml", MarkupPart(name, iter(()))).attributes("ContentType"):
        if "macro" in content.lower() or "vbaproject" in content.lower():
            raise _macros(name)
    for path in [part for part in parts if part.endswith(".rels")]:
        part = parts.pop(path)
        links = targets if path == _WORKBOOK_LINKS else read_relationships(part)
        outside += [path] * any(is_outside for _, _, is_outside in links.values())
    shown = sorted({path for path in outside if not path.startswith("xl/externalLinks/_rels/")})
    if not shown:
        return []
    message = f"{name} refers to other files or databases ({', '.join(shown[:3])})"
    return [SourceFinding("external_links", "info", message, count=len(shown))]


def _noted(sheets: Sequence[SheetFacts], name: str) -> Iterator[SourceFinding]:
    for sheet in sheets:
        if sheet.without_value:
            shown = ", ".join(sheet.without_value[:_SPELLED_OUT])
            more = len(sheet.without_value) - _SPELLED_OUT
            message = (
                f"{name}, sheet {sheet.name!r}: formulas without a stored value in {shown}"
                + (f" and {more} more" if more > 0 else "")
                + "; they count as empty: open the file in a spreadsheet, let it calculate, and save it"
            )
            yield SourceFinding("formula_without_value", "warning", message, "", sheet.name, len(sheet.without_value))


def _path(targets: _Links, kind: str) -> str:
    return next((_resolve(target) for type_url, target, _ in targets.values() if type_url.endswith(f"/{kind}")), "")


def _resolve(target: str) -> str:
    """Return the part that a relationship of the workbook names: absolute, or from ``xl/``."""
    return target.lstrip("/") if target.startswith("/") else os.path.normpath(f"xl/{target}") if target else ""


def _stream(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: _Room) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK):
            room.take(len(chunk))
            yield chunk
