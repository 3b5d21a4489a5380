"""A stranger's file as blocks of text, read within limits in a sandbox: DOCX, PDF, XLSX, Markdown and plain text."""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from dashboard.answers.drafts.blocks import MAX_CHARACTERS, MAX_COLUMNS, DraftBlock, clean_text, parse_text

MAX_PAGES = 600
MAX_PARTS = 3_000
MAX_UNPACKED_BYTES = 64 * 2**20
"""Bytes of the parts of a document that are read."""

MAX_COMPRESSION_RATIO = 200
"""Unpacked to packed, of a part beyond a megabyte."""

MAX_BLOCKS = 20_000
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
READ_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_PAGE_NUMBER = re.compile(r"^\s*(?:page\s+)?[\divxlc]{1,5}(?:\s*(?:/|of|sur|из)\s*\d+)?\s*$", re.IGNORECASE)


_WORDS = re.compile(r"[^\W\d_]|^\s*(?:19|20)\d\d\s*$")


class DraftRefused(Exception):
    """A file that is not read; ``key`` names the reason in the catalogues, below ``drafts.refused``."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def extract(job: dict[str, Any]) -> dict[str, Any]:
    """Return the blocks of a file, or why it is refused; runs in the sandbox.

    Args:
        job: its ``name`` and its ``body``.
    """
    try:
        blocks = extract_blocks(str(job["name"]), job["body"])
    except DraftRefused as error:
        return {"refused": error.key}
    left = MAX_CHARACTERS
    records = []
    for block in blocks[:MAX_BLOCKS]:
        left -= len(block.text) + sum(len(cell) for row in block.rows for cell in row)
        if left < 0:
            return {"refused": "too_costly"}
        records.append({"kind": block.kind, "text": block.text, "rows": [list(row) for row in block.rows]})
    return {"blocks": records} if records else {"refused": "no_text"}


def extract_blocks(name: str, body: bytes) -> list[DraftBlock]:
    """Return the blocks of a file; its kind is read from its first bytes, else from its name.

    Raises:
        DraftRefused: of no kind that is read, broken, encrypted, or beyond a limit.
    """
    ending = name.lower().rpartition(".")[2]
    if not body:
        raise DraftRefused("empty")
    if body.startswith(b"%PDF-"):
        return list(_read_pdf(body))
    if body.startswith(b"PK\x03\x04"):
        return _read_package(body, name)
    if ending in ("docx", "xlsx", "pdf"):
        raise DraftRefused("unreadable")
    if ending in ("md", "markdown", "txt", "text", "") or "." not in name:
        return parse_text(_decode(body))
    raise DraftRefused("kind")


def _decode(body: bytes) -> str:
    if b"\x00" in body[:1000] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DraftRefused("kind")
    for coding in ("utf-16",) if body.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1251"):
        try:
            return body.decode(coding)
        except UnicodeDecodeError:
            continue
    raise DraftRefused("unreadable")


def _read_package(body: bytes, name: str) -> list[DraftBlock]:
    """Read a DOCX or an XLSX; the parts of the archive are counted before one is opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            parts = {part.filename: part for part in book.infolist()}
            if len(book.infolist()) > MAX_PARTS:
                raise DraftRefused("too_costly")
            if "xl/workbook.xml" in parts:
                return _read_workbook(body, name)
            if "word/document.xml" not in parts:
                raise DraftRefused("kind")
            read = [parts[part] for part in READ_PARTS if part in parts]
            if sum(part.file_size for part in read) > MAX_UNPACKED_BYTES or any(
                part.file_size > max(2**20, MAX_COMPRESSION_RATIO * part.compress_size) for part in read
            ):
                raise DraftRefused("too_costly")
            return [block for part in read for block in _read_word(book.open(part).read(MAX_UNPACKED_BYTES))]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise DraftRefused("unreadable") from error


def _read_word(body: bytes) -> Iterator[DraftBlock]:
    """Yield paragraphs and tables of a part of a DOCX, without marks of notes and deleted text."""
    from lxml import etree

    if b"<!DOCTYPE" in body[:4096] or b"<!ENTITY" in body:
        raise DraftRefused("unreadable")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise DraftRefused("unreadable") from error
    inside = root.find(f"{WORD}body")
    yield from _walk_word(root if inside is None else inside)


def _walk_word(parent: Any) -> Iterator[DraftBlock]:
    for child in parent:
        if child.tag == f"{WORD}p":
            block = _read_word_paragraph(child)
            if block:
                yield block
        elif child.tag == f"{WORD}tbl":
            if rows := _read_word_table(child):
                yield DraftBlock("table", rows=rows)
        elif isinstance(child.tag, str) and child.tag in (
            f"{WORD}sdt",
            f"{WORD}sdtContent",
            f"{WORD}footnote",
            f"{WORD}endnote",
        ):
            yield from _walk_word(child)


def _read_word_table(table: Any) -> tuple[tuple[str, ...], ...]:
    """Return the cells of a table; words of a merged cell stand in each place it covers."""
    rows: list[tuple[str, ...]] = []
    for row in table.iter(f"{WORD}tr"):
        cells: list[str] = []
        for cell in row.iter(f"{WORD}tc"):
            text = clean_text(" ".join(_join_word_text(paragraph) for paragraph in cell.iter(f"{WORD}p")))
            merged = cell.find(f"{WORD}tcPr/{WORD}vMerge")
            if not text and merged is not None and merged.get(f"{WORD}val") != "restart" and rows:
                text = _repeat(rows[-1][len(cells)] if len(cells) < len(rows[-1]) else "")
            span = cell.find(f"{WORD}tcPr/{WORD}gridSpan")
            wide = (span.get(f"{WORD}val") or "") if span is not None else ""
            covered = min(int(wide), MAX_COLUMNS) if wide.isdecimal() else 1
            cells += [text, *([_repeat(text)] * (covered - 1))]
        rows.append(tuple(cells))
    return tuple(rows)


def _repeat(text: str) -> str:
    """Return what a merged cell repeats: its words or its year, but never a figure."""
    return text if _WORDS.search(text) else ""


def _read_word_paragraph(paragraph: Any) -> DraftBlock | None:
    text = clean_text(_join_word_text(paragraph))
    if not text:
        return None
    style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
    name = (style.get(f"{WORD}val") or "").lower() if style is not None else ""
    if name.startswith(("heading", "title", "titre", "заголовок")) or name.isdigit():
        return DraftBlock("heading", text)
    if paragraph.find(f"{WORD}pPr/{WORD}numPr") is not None:
        return DraftBlock("item", text)
    return next(iter(parse_text(text)), None)


def _join_word_text(paragraph: Any) -> str:
    """Return the words of a paragraph without raised numbers, which are marks of notes."""
    parts: list[str] = []
    for run in paragraph.iter(f"{WORD}r"):
        raised = run.find(f"{WORD}rPr/{WORD}vertAlign")
        if raised is not None and raised.get(f"{WORD}val") == "superscript":
            continue
        if run.getparent().tag == f"{WORD}moveFrom" or run.find(f"{WORD}rPr/{WORD}vanish") is not None:
            continue  # moved away, or hidden
        for piece in run:
            if piece.tag == f"{WORD}t":
                parts.append(piece.text or "")
            elif piece.tag in (f"{WORD}tab", f"{WORD}br"):
                parts.append(" ")
    return "".join(parts)


def _read_pdf(body: bytes) -> Iterator[DraftBlock]:
    """Yield the text of each page without lines that are page numbers."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(body), strict=False)
        if reader.is_encrypted:
            raise DraftRefused("unreadable")
        if len(reader.pages) > MAX_PAGES:
            raise DraftRefused("too_costly")
        for page in reader.pages:
            lines = [line for line in page.extract_text().split("\n") if not _PAGE_NUMBER.match(line)]
            yield from parse_text(_join_lines(lines))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise DraftRefused("unreadable") from error


def _join_lines(lines: list[str]) -> str:
    """Join a page's lines to paragraphs; a short line that ends a sentence ends a paragraph."""
    longest = max((len(line.strip()) for line in lines), default=0)
    joined: list[str] = []
    for line in lines:
        joined.append(line)
        bare = line.strip()
        if bare.endswith((".", ":", "!", "?")) and len(bare) < 0.8 * longest:
            joined.append("")
    return "\n".join(joined)


def _read_workbook(body: bytes, name: str) -> list[DraftBlock]:
    """Return each sheet of an XLSX as a table under its name."""
    import fastexcel

    from data_sources.errors import SourceError
    from data_sources.workbook import WorkbookLimits, guard

    try:
        facts = guard(body, name, limits=WorkbookLimits(cells=400_000, unpacked=MAX_UNPACKED_BYTES, text=8 * 2**20))
        book = fastexcel.read_excel(body)
        blocks: list[DraftBlock] = []
        for sheet in facts.sheets:
            frame = book.load_sheet(sheet.name, header_row=None, skip_rows=0, dtypes="string").to_polars()
            rows = [tuple(clean_text(cell or "") for cell in row) for row in frame.iter_rows()]
            for filled, part in groupby(rows, any):  # an empty row parts two tables
                blocks += _split_sheet(sheet.name, list(part)) if filled else ()
        return blocks
    except (SourceError, fastexcel.FastExcelError) as error:
        raise DraftRefused("unreadable") from error


def _split_sheet(name: str, rows: list[tuple[str, ...]]) -> Iterator[DraftBlock]:
    """Yield the sheet's name, the titles above its table, and the table."""
    yield DraftBlock("heading", name)
    while rows and sum(1 for cell in rows[0] if cell) == 1:
        yield DraftBlock("text", next(cell for cell in rows[0] if cell))
        rows = rows[1:]
    if rows:
        yield DraftBlock("table", rows=tuple(rows))
