"""JSON as sheets: rows of our own, the columns of an Open SDG platform, the cube of a PxWeb table.

``read_document(name, body)`` chooses by what stands in it. What names no indicator is about the one that the file is
called by: ``battery_1662_exit.json``.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from pathlib import PurePosixPath
from typing import Any

import polars as pl

from dashboard.contributions.submissions.model import MAX_ROWS, Finding, UploadRefused
from dashboard.contributions.submissions.reading.heads import labels
from dashboard.contributions.submissions.reading.sheet import UploadSheet
from data_sources.errors import SourceError
from data_sources.open_sdg.shapes import read_table

OPEN_SDG = ".open-sdg.csv"
"""How the name of an Open SDG table in CSV ends: its head names no indicator, as that of a ministry's file does."""

NAMELESS = ("rows", "pull")
"""What documents are called that came without a name."""

MOST_COLUMNS = 100
LONGEST_CELL = 4_000
MOST_CELLS = 500_000
"""Cells of a document: they are counted by the commas between them before anything is parsed."""

Row = Mapping[str, Any]
_MARK = b"\xef\xbb\xbf"
_CALLED = re.compile(r"[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*", re.ASCII)


class WrittenNumber(str):
    """A number as the document writes it; its point is a decimal point."""

    __slots__ = ()


def is_document(begins: bytes, name: str) -> bool:
    """Return True if a file that begins so is read here."""
    return begins.removeprefix(_MARK).lstrip()[:1] in (b"{", b"[") or name.lower().endswith(OPEN_SDG)


def read_document(name: str, body: bytes) -> tuple[UploadSheet, list[Finding]]:
    """Return the rows of a document under their heads, and how it was read.

    Raises:
        UploadRefused: it is no JSON, has no rows, or too many.
    """
    called = PurePosixPath(name).name.partition(".")[0]
    indicator = called if _CALLED.fullmatch(called) and called not in NAMELESS else ""
    if name.lower().endswith(OPEN_SDG):
        return _sheet(name, _of_open_sdg(name, body), indicator, "Open SDG")
    if body.count(b",") >= MOST_CELLS:
        raise UploadRefused("too_many_cells", f"There are more than {MOST_CELLS:,} cells. Send the table in parts.")
    try:
        said = json.loads(
            body.removeprefix(_MARK),
            parse_float=WrittenNumber,
            parse_int=WrittenNumber,
            parse_constant=_refuse_constant,
        )
    except (ValueError, RecursionError) as error:
        raise UploadRefused("not_json", "The file is no JSON that can be read: send it whole, in UTF-8.") from error
    if isinstance(said, dict) and said.get("class") == "dataset":
        return _sheet(name, _of_cube(said, indicator), indicator, "JSON-stat (PxWeb)")
    rows = said.get("rows") if isinstance(said, dict) else said
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return _sheet(name, rows, indicator, "JSON")
    if isinstance(said, dict) and "rows" in said:
        raise UploadRefused("not_rows", "“rows” is no list of objects.")
    return _sheet(name, _of_open_sdg("data.json", body), indicator, "Open SDG")


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _of_open_sdg(name: str, body: bytes) -> list[Row]:
    try:
        table = read_table(name, body, "")
    except SourceError as error:
        raise UploadRefused("not_rows", f"{error}.") from error
    numbers = {column: column == "Value" for column in table.header}
    return [
        {name: WrittenNumber(cell) if numbers.get(name) else cell for name, cell in row.items()}
        for _, row in table.rows
    ]


def _of_cube(said: Mapping[str, Any], indicator: str) -> list[Row]:
    """The cells of a JSON-stat 2.0 dataset, a row each: a column for each dimension, its categories by their labels.

    What a table measures (role ``metric``) is the indicator where the file is not called by one; a dimension of one
    category that is no time says nothing.
    """
    try:
        ids, sizes, values = list(said["id"]), [int(size) for size in said["size"]], said["value"]
        if prod(sizes) > MAX_ROWS or len(ids) > MOST_COLUMNS or min(sizes, default=0) < 0:
            raise UploadRefused("too_many_rows", f"The table has more than {MAX_ROWS:,} cells. Send it in parts.")
        roles = {id_: role for role, named in (said.get("role") or {}).items() for id_ in named}
        columns: list[tuple[str, Sequence[str]]] = []
        for id_, size in zip(ids, sizes, strict=True):
            dimension = said["dimension"][id_]
            labelled = _categories(dimension["category"])
            if len(labelled) != size:
                raise ValueError(id_)
            role = roles.get(id_, "")
            measured = role == "metric" and not indicator
            head = "period" if role == "time" else "indicator" if measured else str(dimension.get("label") or id_)
            columns.append(("" if size == 1 and not measured and role != "time" else head, labelled))
        cells = values if isinstance(values, list) else [values.get(str(at)) for at in range(prod(sizes))]
        if len(cells) != prod(sizes):
            raise ValueError("value")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UploadRefused(
            "not_rows", "The file calls itself a JSON-stat dataset and is none of version 2.0."
        ) from error
    rows: list[Row] = []
    for at, cell in enumerate(cells):
        row: dict[str, Any] = {}
        left = at
        for (head, labelled), size in zip(reversed(columns), reversed(sizes), strict=True):
            left, place = divmod(left, size)
            if head:
                row[head] = labelled[place]
        rows.append(dict(reversed(row.items())) | {"value": cell})
    return rows


def _categories(category: Mapping[str, Any]) -> Sequence[str]:
    """Return the labels of a dimension's categories, in their order."""
    index, labelled = category.get("index"), category.get("label") or {}
    if isinstance(index, dict):
        order = sorted(index, key=lambda code: int(index[code]))
    else:
        order = list(index if index is not None else labelled)
    return [str(labelled.get(code, code)) for code in order]


def _sheet(name: str, rows: Iterable[Row], indicator: str, kind: str) -> tuple[UploadSheet, list[Finding]]:
    """Return rows as a sheet with a head.

    Raises:
        UploadRefused: there are none, too many, or a cell that is no text and no number.
    """
    rows = list(rows)
    if not rows:
        raise UploadRefused("empty", "There is no row in it. Send at least one figure.")
    if len(rows) > MAX_ROWS:
        raise UploadRefused("too_many_rows", f"There are more than {MAX_ROWS:,} rows. Send them in parts.")
    heads = list(dict.fromkeys(head for row in rows for head in row))
    if len(heads) > MOST_COLUMNS:
        raise UploadRefused("not_rows", f"The rows have more than {MOST_COLUMNS} columns.")
    texts = {head: [_text(head, row.get(head)) for row in rows] for head in heads}
    if indicator and not any(labels().get(head.casefold()) == "indicator" for head in heads):
        texts = {"indicator": [indicator] * len(rows)} | texts
    columns = {f"c{at}": [head, *cells] for at, (head, cells) in enumerate(texts.items())}
    numbers = {
        name: [float(cell) if isinstance(cell, WrittenNumber) else None for cell in cells]
        for name, cells in columns.items()
    }
    plain = {name: [str(cell) for cell in cells] for name, cells in columns.items()}
    notes = [Finding("document", "suggestion", read=kind, values={"count": f"{len(rows)}", "kind": kind})]
    return UploadSheet(
        name,
        pl.DataFrame(plain, schema=dict.fromkeys(plain, pl.String)),
        pl.DataFrame(numbers, schema=dict.fromkeys(numbers, pl.Float64)),
    ), notes


def _text(head: str, cell: object) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str) or len(cell) > LONGEST_CELL or len(head) > LONGEST_CELL:
        raise UploadRefused("not_rows", f"“{head[:60]}” of a row is no text and no number.")
    return cell
