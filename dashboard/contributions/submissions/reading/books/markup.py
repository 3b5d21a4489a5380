"""What of a workbook's sheet neither its cells nor the guard tell: hidden rows and columns, merged heads, cells shown
as per cent, cells that hold text. Read from the XML in pieces, after the guard (``data_sources.workbook``) has let the
file pass.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from dashboard.contributions.submissions.reading.sheet import index_of

_PIECE = 1 << 20
_LARGEST_PART = 8 << 20
_MOST = 10_000  # cells of one kind that are named
_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d+)"([^>/]*)>')
_TEXT = re.compile(rb'\bt="(?:s|str|inlineStr)"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_ROW = re.compile(rb"<(?:\w+:)?row ([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col ([^>]*)/?>")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+\d+:[A-Z]+\d+)"')
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_PERCENT_FORMATS = {9, 10}
_LITERAL = re.compile(r'"[^"]*"|[\\_*].')
"""What a number format writes as it stands: ``0.0"%"`` shows 12.5 as 12.5%, only a sign of its own multiplies."""


@dataclass
class Markup:
    """What was found in the XML of one sheet."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    percent: dict[int, set[int]] = field(default_factory=dict)
    text: dict[int, set[int]] = field(default_factory=dict)  # column → rows of cells that hold text, where asked


def part_of(book: zipfile.ZipFile, name: str) -> bytes:
    """Return a part that every workbook has and that is small in all of them.

    Raises:
        KeyError: it is not there, or it is no such part: larger than any that a spreadsheet writes.
    """
    if book.getinfo(name).file_size > _LARGEST_PART:
        raise KeyError(f"{name} is too large")
    return book.read(name)


def sheets_of(book: zipfile.ZipFile) -> dict[str, str]:
    """Return name of each sheet → its part in the archive."""
    workbook = part_of(book, "xl/workbook.xml").decode("utf-8", "replace")
    relations = part_of(book, "xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship ([^>]*)>", relations):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        target = attributes.get("Target", "")
        targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    sheets = {}
    for tag in re.findall(r"<(?:\w+:)?sheet ([^>]*)>", workbook):
        name, relation = re.search(r'\bname="([^"]*)"', tag), re.search(r'\w+:id="([^"]*)"', tag)
        if name and relation and relation[1] in targets:
            sheets[_unescaped(name[1])] = targets[relation[1]]
    return sheets


def percent_styles(book: zipfile.ZipFile) -> frozenset[bytes]:
    """Return indices of the cell styles that show a number as per cent."""
    try:
        styles = part_of(book, "xl/styles.xml").decode("utf-8", "replace")
    except KeyError:
        return frozenset()
    formats = set(_PERCENT_FORMATS)
    for tag in re.findall(r"<(?:\w+:)?numFmt ([^>]*)>", styles):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if is_percent(_unescaped(attributes.get("formatCode", ""))):
            formats.add(int(attributes["numFmtId"]))
    inside = re.search(r"<(?:\w+:)?cellXfs[^>]*>(.*?)</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    marks = re.findall(r"<(?:\w+:)?xf ([^>]*)>", inside[1]) if inside else []
    numbers = set()
    for at, mark in enumerate(marks):
        number = re.search(r'numFmtId="(\d+)"', mark)
        if number and int(number[1]) in formats:
            numbers.add(str(at).encode())
    return frozenset(numbers)


def is_percent(code: str) -> bool:
    """Return True if a number format shows a hundred times the number it is given."""
    return "%" in _LITERAL.sub("", code)


def scan(book: zipfile.ZipFile, part: str, percents: frozenset[bytes], asked: frozenset[int] = frozenset()) -> Markup:
    """Read one sheet's XML in pieces; of the columns ``asked`` (0 is A) which cells hold text."""
    markup = Markup()
    for piece in _pieces(book, part):
        if percents or asked:
            for column, row, attributes in _CELL.findall(piece):
                if asked and _TEXT.search(attributes) and (at := index_of(column.decode())) in asked:
                    markup.text.setdefault(at, set()).add(int(row))
                if (style := _STYLE.search(attributes)) and style[1] in percents:
                    markup.percent.setdefault(index_of(column.decode()), set()).add(int(row))
        if b"hidden=" in piece:
            markup.hidden_rows += _hidden_rows(piece)
            markup.hidden_columns += _hidden_columns(piece)
        if b"mergeCell " in piece:
            markup.merged += [ref.decode() for ref in _MERGED.findall(piece)]
        del markup.hidden_rows[_MOST:], markup.merged[_MOST:]
    return markup


def _pieces(book: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield the part in pieces that end between two cells or rows."""
    rest = b""
    with book.open(part) as stream:
        while block := stream.read(_PIECE):
            block = rest + block
            cut = max(block.rfind(b"<c "), block.rfind(b":c "), block.rfind(b"<row "))
            cut = block.rfind(b"<", 0, cut + 1) if cut > 0 else -1
            if cut <= 0:
                rest = block
                continue
            yield block[:cut]
            rest = block[cut:]
    yield rest


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return dict(_ATTRIBUTE.findall(tag))


def _hidden_rows(piece: bytes) -> list[int]:
    tags = map(_attributes, _ROW.findall(piece))
    return [int(tag[b"r"]) for tag in tags if tag.get(b"hidden") in (b"1", b"true") and b"r" in tag]


def _hidden_columns(piece: bytes) -> list[int]:
    hidden: list[int] = []
    for tag in map(_attributes, _COLUMN.findall(piece)):
        if tag.get(b"hidden") in (b"1", b"true"):
            hidden += range(int(tag[b"min"]) - 1, min(int(tag[b"max"]), 200))
    return hidden


def _unescaped(text: str) -> str:
    for name, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(name, letter)
    return text
