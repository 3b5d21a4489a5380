"""Survey files as columns with their labels: SPSS (.sav, .zsav, .por), Stata, Parquet and CSV.

What SPSS declares as user-missing and Stata as missing is null afterwards; whatever else is no answer is said by its
label (``recode``). A file is read from memory: the readers of SPSS and Stata want a path, and get that of a file that
exists in memory only.
"""

import csv
import io
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any

import polars as pl

from dashboard.contributions.submissions.microdata.model import LONGEST, SurveyColumn, find_replicates, is_column
from dashboard.contributions.submissions.microdata.recode import code_of
from dashboard.contributions.submissions.model import UploadRefused

MOST_COLUMNS = 5_000
MOST_LABELS = 200

_ROWS = 50_000
"""Rows of a CSV file that are in memory as texts at a time."""
_LOOKED_AT = 100_000
_PART = "\x1f"
"""What parts cells that have been read: the unit separator, which no keyboard has."""
_NUMBERS = ("weight", "population", "group.age")
"""Fields of a mapping whose columns are numbers."""

_OLD_STATA = b"\x69\x6c\x6e\x6f\x71\x72\x73"  # first byte of formats 105 to 115


@dataclass(frozen=True)
class Survey:
    """A file as read: one row a respondent, and what its columns and codes are called."""

    rows: pl.DataFrame
    columns: dict[str, SurveyColumn]


def read(pieces: Iterable[bytes], name: str, mapping: Mapping[str, str] | None = None) -> Survey:
    """Read a file.

    Args:
        pieces: its bytes, in the clear.
        name: what its owner calls it.
        mapping: field (``model.fields``) → column; of files that can be read by column only these are read, and
            columns of replicate weights. All where not given.

    Raises:
        UploadRefused: it is none of the kinds that are read, or holds nothing.
    """
    body = b"".join(pieces)
    kind = _kind(body, name)
    labels: dict[str, SurveyColumn] = {}
    names: list[str] = []
    if kind == "parquet":
        scanned = pl.scan_parquet(io.BytesIO(body))
        names = scanned.collect_schema().names()
        rows = scanned.select(_needed(names, mapping)).collect()
    elif kind == "csv":
        rows, names = _csv(body, mapping)
    else:
        rows, labels = _labelled(body, kind)
    if not rows.height or not rows.width:
        raise UploadRefused("empty", "The file holds no answers. Choose the file with one row per respondent.")
    names = names or rows.columns
    if len(names) > MOST_COLUMNS:
        raise UploadRefused(
            "too_many_columns", f"The file has {len(names):,} columns. Keep only those that are mapped."
        )
    return Survey(rows, {one: labels.get(one, SurveyColumn(one)) for one in names})


def _needed(names: Sequence[str], mapping: Mapping[str, str] | None) -> list[str]:
    """The columns of a file whose answers a mapping needs; the first where it needs none, for its rows are counted."""
    if mapping is None:
        return list(names)
    needed = {*mapping.values(), *find_replicates(mapping.get("replicates", ""), names)}
    return [name for name in names if name in needed] or list(names[:1])


def _kind(body: bytes, name: str) -> str:
    if body.startswith((b"$FL2", b"$FL3")):
        return "sav"
    if body.startswith(b"PAR1"):
        return "parquet"
    if body.startswith(b"<stata_dta>") or (name.lower().endswith(".dta") and body[:1] in _OLD_STATA):
        return "dta"
    if name.lower().endswith(".por") and b"SPSS" in body[:600]:
        return "por"
    if name.lower().endswith((".csv", ".txt", ".tsv")) and b"\x00\x00" not in body[:4096]:
        return "csv"
    raise UploadRefused(
        "not_a_survey", "The file is no survey file. Send SPSS (.sav, .zsav, .por), Stata (.dta), Parquet or CSV."
    )


def _labelled(body: bytes, kind: str) -> tuple[pl.DataFrame, dict[str, SurveyColumn]]:
    import svy_io

    with os.fdopen(os.memfd_create("survey"), "wb") as memory:
        memory.write(body)
        memory.flush()
        path = f"/proc/self/fd/{memory.fileno()}"
        metadata: Any
        if kind == "dta":
            rows, metadata = svy_io.read_dta(path)
        elif kind == "por":
            rows, metadata = svy_io.read_por(path, normalize_names=False)
        else:
            rows, metadata = svy_io.read_sav(path, normalize_names=False)
    sets = {one["set_name"]: one["mapping"] for one in metadata["value_labels"]}
    columns = {}
    for one in metadata["vars"]:
        words = sets.get(one["label_set"] or "", {})
        labels = {_code(code): str(text)[:LONGEST] for code, text in list(words.items())[:MOST_LABELS]}
        columns[one["name"]] = SurveyColumn(one["name"], (one["label"] or "")[:LONGEST], labels)
    return rows, columns


def _csv(body: bytes, mapping: Mapping[str, str] | None) -> tuple[pl.DataFrame, list[str]]:
    """Return the columns of a CSV file that are needed, and the names of all; row by row, whatever its length.

    Weights and sizes become numbers, answers codes of categories: texts of ten million rows would fill the memory.

    Raises:
        UploadRefused: it is no text, its heads are no names, or a row has more cells than they are.
    """
    from dashboard.contributions.submissions.reading.text import find_encoding, find_separator

    encoding, _ = find_encoding(body)
    if b"\0" in body and not encoding.startswith("utf-16"):
        raise UploadRefused("not_text", "The file is no text (CSV): it has letters that no text has. Save it in UTF-8.")
    try:
        with io.TextIOWrapper(io.BytesIO(body), encoding, newline="") as text:
            skipped, separator = find_separator(text.read(_LOOKED_AT))
            text.seek(0)
            text.read(skipped)
            rows = csv.reader(text, delimiter=separator, strict=True)
            heads = [head.strip() for head in next(rows, [])]
            if len(set(heads)) < len(heads) or not all(heads):
                raise UploadRefused("heads", "The first row has to name every column, each with another name.")
            wanted = _needed(heads, mapping)
            numbers = _numbers(mapping or {}, heads)
            pieces = [_columns(piece, wanted, numbers) for piece in _pieces(rows, heads, wanted, separator)]
    except (UnicodeError, csv.Error) as error:
        reason = "a quotation mark may be open" if isinstance(error, csv.Error) else "its letters are of no encoding"
        raise UploadRefused("not_text", f"The file cannot be read as CSV: {reason}. Save it as CSV in UTF-8.") from None
    return _joined(pieces), heads


def _numbers(mapping: Mapping[str, str], heads: Sequence[str]) -> set[str]:
    """Return columns that a mapping needs as numbers alone."""
    numbers = {mapping.get(field, "") for field in _NUMBERS}
    codes = {name for field, name in mapping.items() if is_column(field) and field not in _NUMBERS}
    return (numbers | {*find_replicates(mapping.get("replicates", ""), heads)}) - codes


def _pieces(
    rows: Iterator[list[str]], heads: Sequence[str], wanted: Sequence[str], separator: str
) -> Iterator[list[str]]:
    """The wanted cells of some rows at a time, a text a row, parted by ``_PART``; a line without a cell is no row.

    Raises:
        UploadRefused: a row has more cells than there are heads, see ``UploadSheet.moved``.
    """
    places, width, first = [heads.index(name) for name in wanted], len(heads), 2
    pick = itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))
    while piece := list(islice(rows, _ROWS)):
        if max(map(len, piece)) > width:
            for at, row in enumerate(piece, start=first):
                if any(map(str.strip, row[width:])) or (separator == "," and len(row) > width and any(row)):
                    raise UploadRefused(
                        "cells_moved",
                        f"Row {at} has more cells than the head: a comma in it has moved them. Put quotation marks "
                        "around what has commas.",
                    )
        first += len(piece)
        if min(map(len, piece)) < width:
            piece = [row + [""] * (width - len(row)) for row in piece if row]
        texts = list(map(_PART.join, map(pick, piece)))
        if sum(text.count(_PART) for text in texts) != len(texts) * (len(places) - 1):  # somebody writes the sign
            texts = [_PART.join(cell.replace(_PART, " ") for cell in pick(row)) for row in piece]
        yield texts


def _columns(texts: Sequence[str], wanted: Sequence[str], numbers: Collection[str]) -> pl.DataFrame:
    """Return texts of cells parted by ``_PART`` as columns, null where empty: numbers, whole ones, and categories."""
    cells = pl.Series(texts, dtype=pl.String).str.split_exact(_PART, len(wanted) - 1).struct.unnest()
    plain = cells.select(pl.all().str.strip_chars().replace("", None)).rename(
        dict(zip(cells.columns, wanted, strict=True))
    )
    made = [code_of(name).cast(pl.Float64, strict=False) for name in wanted if name in numbers]
    whole = [name for name in wanted if name not in numbers and _are_whole(plain[name])]
    shrunk = [plain[name].cast(pl.Int32).shrink_dtype() for name in whole]
    return plain.with_columns(*made, *shrunk).with_columns(pl.selectors.string().cast(pl.Categorical))


def _are_whole(cells: pl.Series) -> bool:
    """Return True if texts are whole numbers as a computer writes them: what 01 or 1.0 means, only its text says."""
    return bool(cells.unique().drop_nulls().str.contains(r"^(0|-?[1-9][0-9]{0,8})$").all())


def _joined(pieces: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return pieces of a file as one: a column that is not whole numbers in each is categories in all."""
    texts = {name for piece in pieces for name, kind in piece.schema.items() if kind == pl.Categorical}
    alike = [
        piece.with_columns(
            pl.col(name).cast(pl.String).cast(pl.Categorical) for name in texts if piece[name].dtype.is_integer()
        )
        for piece in pieces
    ]
    return pl.concat(alike, how="vertical_relaxed") if alike else pl.DataFrame()


def _code(code: object) -> str:
    text = str(code).strip()
    return text.removesuffix(".0")
