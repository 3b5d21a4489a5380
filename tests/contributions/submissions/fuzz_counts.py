"""``make fuzz`` of monthly counts: damaged and strange files are read; none may crash, none be accepted wrongly.

``COUNT`` sets how many, ``SEED`` which ones; ``python -m tests.contributions.submissions.fuzz_counts SEED NUMBER``
reads one again. A fault is an exception that is no refusal, a process that dies or hangs, or a file without an error
among its findings of which a count is not what stands in it, is dropped without a word, or belongs to no row that was
written.
"""

import io
import json
import os
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl

from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.submissions.counts.child import read
from dashboard.contributions.submissions.reading.cells import folded
from dashboard.contributions.submissions.reading.process import MEMORY
from dashboard.contributions.submissions.workbooks import counts
from dashboard.runtime.sandbox.inside import limit
from tests.contributions.submissions.fuzz import JUNK, TOKENS, damage, look_at_each, main, reword

MONTH = "2026-10"
CENTRES = tuple(Centre(f"baku-{at}", "AZE", f"Bakı {at}", date(2020, 1, 1)) for at in (1, 2))
PLACES = tuple((one.code, service, "counter") for one in CENTRES for service in ("id", "birth", "passport"))
COUNTED = ("complaints_received", "invited", "services", "agencies", "staff", "opening_hours", "tickets", "booked")
"""Columns that hold strange counts; what they must not be of each other leads to an error, which is no fault."""

WHOLE = {
    **TOKENS, "12": (12.0,), "12.0": (12.0,), "2.000": (), "2,000": (), "1e3": (), "999999999999": (999999999999.0,),
    "9999999999999": (), "0012": (12.0,), "4 000": (), "12 persons": (), "+7": (),
}  # fmt: skip
"""What is written as a count → what it may be read as; a part of one, or nothing, is never a count without an error."""

READABLE = [text for text, values in WHOLE.items() if any(one >= 0 and one == int(one) for one in values)]

Row = dict[str, str]


@dataclass
class CountsFile:
    """A file that was made; ``rows`` by place as they were written, None where only its bytes are known."""

    kind: str
    name: str
    body: bytes
    rows: Mapping[tuple[str, str, str], Row] | None = None
    junk: frozenset[tuple[str, str, str]] = field(default_factory=frozenset)


def make(seed: int, number: int) -> CountsFile:
    """The file of this number."""
    chance = random.Random(f"counts {seed} {number}")
    kind = chance.choices(list(KINDS), [share for share, _ in KINDS.values()])[0]
    return KINDS[kind][1](kind, chance)


def _write_rows(chance: random.Random) -> tuple[dict[tuple[str, str, str], Row], frozenset[tuple[str, str, str]]]:
    """Rows of places, of which some hold strange counts, and some a code or month that is none."""
    rows, junk = {}, set()
    for place in chance.sample(PLACES, chance.randrange(1, len(PLACES) + 1)):
        row = dict(zip(("centre", "service", "channel", "month"), (*place, MONTH), strict=True))
        row |= {"started": "90", "completed": "80"} | dict.fromkeys(("staff",), str(chance.randrange(0, 40)))
        for name in chance.sample(COUNTED, chance.randrange(0, 3)):
            row[name] = chance.choice(READABLE if chance.random() < 0.8 else list(WHOLE))
        if chance.random() < 0.1:
            row[chance.choice(("centre", "channel", "month"))] = chance.choice([one for one in JUNK if one])
            junk.add(place)
        rows[place] = row
    return rows, frozenset(junk)


def _columns(rows: Mapping[Any, Row]) -> list[str]:
    named = {name for row in rows.values() for name in row}
    return [name for name in counts.OF_SERVICES if name in named]


def _strange(kind: str, chance: random.Random) -> CountsFile:
    """A workbook with strange cells, numbers as numbers or as text."""
    rows, junk = _write_rows(chance)
    columns, book = _columns(rows), openpyxl.Workbook()
    sheet = book.active
    sheet.append(columns)
    for row in rows.values():
        sheet.append([_cell_of(row.get(name, ""), chance) for name in columns])
    held = io.BytesIO()
    book.save(held)
    return CountsFile(kind, "counts.xlsx", held.getvalue(), rows, junk)


def _cell_of(text: str, chance: random.Random) -> Any:
    plain = "".join(sign for sign in text if sign in "\t\n" or sign >= " ")
    if plain.startswith("="):
        return None if chance.random() < 0.5 else plain
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 16 and chance.random() < 0.5 else plain


def _text(kind: str, chance: random.Random) -> CountsFile:
    """A text file with strange cells, in any encoding and with any separator."""
    rows, junk = _write_rows(chance)
    columns, separator = _columns(rows), chance.choice(";,\t|")
    lines = [columns, *([row.get(name, "") for name in columns] for row in rows.values())]
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in line] for line in lines]
    text = chance.choice(("\r\n", "\n")).join(separator.join(line) for line in quoted)
    encoding = chance.choice(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"))
    return CountsFile(kind, "counts.csv", text.encode(encoding), rows, junk)


@lru_cache
def _whole() -> tuple[tuple[str, bytes], ...]:
    """The template as it is fetched, filled in, as workbook and as text."""
    held = counts.CountsContext("AZE", CENTRES, PLACES)
    book = openpyxl.load_workbook(io.BytesIO(counts.workbook("Azerbaijan", MONTH, "en", held, "http://x")))
    sheet = next(one for one in book.worksheets if one.cell(1, 1).value == "centre")
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    for line in range(2, 2 + len(PLACES)):
        for name, count in (("started", 90), ("completed", 80), ("staff", 12)):
            sheet.cell(line, heads[name], count)
    body = io.BytesIO()
    book.save(body)
    rows = "".join(f"{','.join(place)},{MONTH},90,80\r\n" for place in PLACES)
    return ("counts.xlsx", body.getvalue()), (
        "counts.csv",
        f"centre,service,channel,month,started,completed\r\n{rows}".encode(),
    )


def _torn(kind: str, chance: random.Random) -> CountsFile:
    """A whole file of which bytes were changed, cut out, doubled or cut off."""
    name, body = chance.choice(_whole())
    return CountsFile(kind, name, damage(body, chance))


def _rewritten(kind: str, chance: random.Random) -> CountsFile:
    """The template whose parts were damaged before they were packed."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_whole()[0][1])) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = set(chance.sample(old.namelist(), k=chance.choice((1, 1, 2, 4)))) | {"xl/worksheets/sheet2.xml"}
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, reword(part, chance) if name in chosen else part)
    return CountsFile(kind, "counts.xlsx", held.getvalue())


KINDS: Mapping[str, tuple[int, Callable[[str, random.Random], CountsFile]]] = {
    "strange": (35, _strange), "text": (30, _text), "torn": (15, _torn), "rewritten": (20, _rewritten),
}  # fmt: skip


def judge(file: CountsFile, folder: Path) -> tuple[str, str]:
    """What came of a file: ``refused``, ``errors`` or ``accepted``, and the fault if there is one."""
    path, out = folder / "file", folder / "out.parquet"
    path.write_bytes(file.body)
    answer = read({
        "path": str(path), "name": file.name, "country": "AZE", "period": MONTH, "today": "2026-11-15",
        "centres": [one.as_json() for one in CENTRES], "others": {}, "earlier": [], "before": [], "history": [],
        "mergers": [], "out": str(out),
    })  # fmt: skip
    if "refused" in answer:
        return "refused", ""
    json.dumps(answer)
    if any(one["severity"] == "error" for one in answer["findings"]):
        return "errors", ""
    kept = [json.loads(text) for kind, text in pl.read_parquet(out).iter_rows() if kind == "report"]
    return "accepted", next(filter(None, (_fault_of(file, one) for one in [*kept])), "") or _lost(file, kept)


def _fault_of(file: CountsFile, report: Mapping[str, Any]) -> str:
    """Why an accepted report is not what stands in the file; "" when it is, or nothing else is known of the file."""
    place = report["centre"], report["service"], report["channel"]
    if str(report["month"])[:7] != MONTH:
        return f"counts of {report['month']} were accepted"
    if any(not isinstance(count, int) or count < 0 for count in report["counts"].values()):
        return f"no counts: {report['counts']}"
    rows = file.rows if file.rows is not None else _other_rows(file)
    if rows is None:
        return ""
    if place not in rows or place in file.junk:
        return f"a row that nobody wrote: {place}"
    for name, count in report["counts"].items():
        written = rows[place].get(name, "")
        if file.rows is None and name not in rows[place]:  # the other library has lost the head that ours still reads
            continue
        if count not in _meant(written):
            return f"{name} is {written[:40]!r} and was read as {count}"
    return ""


def _meant(written: str) -> tuple[float, ...]:
    if written in WHOLE:
        return tuple(one for one in WHOLE[written] if one >= 0 and one == int(one))
    plain = folded(written).strip().removesuffix(".0")
    return (float(plain),) if plain.isascii() and plain.isdigit() else ()


def _lost(file: CountsFile, kept: list[dict[str, Any]]) -> str:
    """A count that was written, and dropped without an error; "" for none."""
    held = {(one["centre"], one["service"], one["channel"]): one["counts"] for one in kept}
    for place, row in (file.rows or {}).items():
        for name in COUNTED:
            if folded(row.get(name, "")).strip() and name not in held.get(place, {}) and not row[name].startswith("="):
                return f"{name} of {place} is {row[name][:40]!r} and was dropped"
    return ""


def _other_rows(file: CountsFile) -> dict[tuple[str, str, str], Row] | None:
    """What another library reads of a workbook; None where it gives up, and of text."""
    if not file.name.endswith("xlsx"):
        return None
    rows: dict[tuple[str, str, str], Row] = {}
    try:
        for sheet in openpyxl.load_workbook(io.BytesIO(file.body), data_only=True).worksheets:
            lines = [["" if cell is None else str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
            for at, line in enumerate(lines[:20]):
                if {"centre", "service", "channel", "month"} <= set(line):
                    for cells in lines[at + 1 :]:
                        row = dict(zip(line, cells, strict=True))
                        rows.setdefault((row["centre"], row["service"], row["channel"]), row)
    except Exception:
        return None
    return rows


def batch(seed: int, first: int, count: int) -> None:
    """Read files of these numbers, and say what came of each on a line of its own."""
    limit(MEMORY, 3600)
    _whole()
    with tempfile.TemporaryDirectory() as folder:
        look_at_each(((number, make(seed, number)) for number in range(first, first + count)),
                     lambda file: judge(file, Path(folder)))  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) > 1:
        batch(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    else:
        sys.exit(main(int(os.environ.get("SEED", "37")), int(os.environ.get("COUNT", "2000")),
                      "tests.contributions.submissions.fuzz_counts", "files of counts"))  # fmt: skip
