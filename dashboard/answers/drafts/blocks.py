"""A text as paragraphs, headings and tables: what a reader sees as one thing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

MAX_CHARACTERS = 1_000_000
"""Characters of one draft that are read."""

MAX_COLUMNS = 60
"""Columns of a table that are read."""

_HEADING = re.compile(r"#{1,6}\s+|\d+(?:\.\d+)*\.?\s+(?=[^\W\d_]+(?:\s+\S+){0,9}$)")
_BULLET = re.compile(r"^\s*(?:[-*•–—▪◦‣]|\(?[0-9a-z]{1,2}[.)])\s+")
_RULE = re.compile(r"^\s*\|?[\s:|+-]*-{3,}[\s:|+-]*$")
_MARKS = re.compile(r"\*\*|__|`|\\(?=[%$&#_])")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\[\^[^\]]+\]:?")
_HYPHENATED = re.compile(r"(?<=[a-zà-ÿа-я])[-\u00ad]\n(?=[a-zà-ÿа-я])")

BlockKind = Literal["heading", "text", "item", "table"]


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """``rows`` are those of a table, cell by cell; ``text`` that of all others."""

    kind: BlockKind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def parse_text(text: str) -> list[DraftBlock]:
    """Split plain text or Markdown into paragraphs, items and tables."""
    lines = _HYPHENATED.sub("", text[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return list(_parse(lines))


def read_blocks(records: Sequence[dict[str, Any]]) -> list[DraftBlock]:
    """Return blocks from the records that the sandbox returns."""
    return [
        DraftBlock(record["kind"], record.get("text", ""), tuple(tuple(row) for row in record.get("rows", ())))
        for record in records
    ]


def clean_text(text: str) -> str:
    """Return a text without marks of Markdown, addresses of links and numbers of notes."""
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", _SUPERSCRIPT.sub("", text))).split())


def _parse(lines: Sequence[str]) -> Iterator[DraftBlock]:
    waiting: list[str] = []
    table: list[tuple[str, ...]] = []

    def flush() -> Iterator[DraftBlock]:
        if waiting:
            yield _make_paragraph(waiting)
            waiting.clear()
        if table:
            yield from (
                [DraftBlock("table", rows=tuple(table))]
                if len(table) > 1
                else [DraftBlock("text", " ; ".join(table[0]))]
            )
            table.clear()

    for line in [*lines, ""]:
        cells = _split_cells(line)
        if cells is not None:
            if waiting:
                yield from flush()
            if not _RULE.match(line):
                table.append(cells)
            continue
        if table:
            yield from flush()
        if not line.strip():
            yield from flush()
        elif line.lstrip().startswith("#") and _HEADING.match(line.lstrip()):
            yield from flush()
            yield DraftBlock("heading", clean_text(line.lstrip().lstrip("#")))
        elif _BULLET.match(line):
            yield from flush()
            waiting.append(line)
        else:
            waiting.append(line)


def _split_cells(line: str) -> tuple[str, ...] | None:
    """Return the cells of a table's line; None for any other line."""
    if line.count("|") >= 2 or (_RULE.match(line) and "|" in line):
        return tuple(clean_text(cell) for cell in line.strip().strip("|").split("|"))
    if line.count("\t") >= 1 and line.strip():
        return tuple(clean_text(cell) for cell in line.strip("\n").split("\t"))
    return None


def _make_paragraph(lines: Sequence[str]) -> DraftBlock:
    first = lines[0]
    if _BULLET.match(first):
        return DraftBlock("item", clean_text(_BULLET.sub("", " ".join(lines), count=1)))
    text = clean_text(" ".join(lines))
    short = len(lines) == 1 and len(text) < 120 and not text.endswith((".", "!", "?", ";", ":", ",", "…"))
    return DraftBlock(
        "heading" if short and not any(letter.isdigit() for letter in _drop_years(text)) else "text", text
    )


def _drop_years(text: str) -> str:
    return re.sub(r"\b(?:19|20)\d\d\b", "", text)
