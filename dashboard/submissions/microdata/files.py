"""Survey files as columns with their labels: SPSS (.sav, .zsav, .por), Stata, Parquet and CSV.

What SPSS declares as user-missing and Stata as missing is null afterwards; whatever else is no answer is said by its
label (``recode``). A file is read from memory: the readers of SPSS and Stata want a path, and get that of a file that
exists in memory only.
"""

import io
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard.submissions.microdata.model import LONGEST, SurveyColumn, find_replicates
from dashboard.submissions.model import UploadRefused

MOST_COLUMNS = 5_000
MOST_LABELS = 200

_OLD_STATA = b"\x69\x6c\x6e\x6f\x71\x72\x73"  # first byte of formats 105 to 115


@dataclass(frozen=True)
class Survey:
    """A file as read: one row a respondent, and what its columns and codes are called."""

    rows: pl.DataFrame
    columns: dict[str, SurveyColumn]


def read(pieces: Iterable[bytes], name: str, wanted: Collection[str] | None = None, replicates: str = "") -> Survey:
    """Read a file.

    Args:
        pieces: its bytes, in the clear.
        name: what its owner calls it.
        wanted: the only columns whose answers are needed, for files that can be read by column; all where not given.
        replicates: those of replicate weights as a mapping states them, needed too.

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
        needed = None if wanted is None else {*wanted, *find_replicates(replicates, names)}
        rows = scanned.select([one for one in names if needed is None or one in needed] or names[:1]).collect()
    elif kind == "csv":
        rows = _csv(body, name)
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


def _csv(body: bytes, name: str) -> pl.DataFrame:
    from dashboard.submissions.reading.text import read_text

    sheet = read_text(name, body)[0]
    texts = sheet.texts
    heads = [str(head).strip() for head in texts.row(0)] if texts.height else []
    if moved := next(sheet.moved(1), None):
        row = f"Row {moved.row} has more cells than the head"
        raise UploadRefused(
            "cells_moved", f"{row}: a comma in it has moved them. Put quotation marks around what has commas."
        )
    if len(set(heads)) < len(heads) or not all(heads):
        raise UploadRefused("heads", "The first row has to name every column, each with another name.")
    named = texts.slice(1).rename(dict(zip(texts.columns, heads, strict=True)))
    return named.with_columns(pl.all().str.strip_chars().replace("", None))


def _code(code: object) -> str:
    text = str(code).strip()
    return text.removesuffix(".0")
