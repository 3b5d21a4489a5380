"""``make fuzz``: 10,000 damaged and strange files are read; none may crash, none may be accepted wrongly.

``COUNT`` sets how many, ``SEED`` which ones. Files are read at the reading layer (what ``reading.child`` and
``microdata.child`` call), some hundred in one process with the product's limit of memory. Every file follows from its
seed and number: ``python -m tests.contributions.submissions.fuzz SEED NUMBER`` reads one again.

A fault is: an exception that is no refusal, a process that dies or hangs, or a file without an error among its findings
of which a figure is not what stands in it. That is known of what was written on purpose (``TOKENS``); of workbooks
whose parts were damaged another library (openpyxl) is asked.
"""

import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.contributions.submissions.microdata import estimates, files
from dashboard.contributions.submissions.microdata.model import fields, is_column
from dashboard.contributions.submissions.model import Finding, UploadRefused
from dashboard.contributions.submissions.reading.child import HISTORY
from dashboard.contributions.submissions.reading.extract import ExtractedFile, extract
from dashboard.contributions.submissions.reading.process import MEMORY
from dashboard.contributions.submissions.rules import check, survey
from dashboard.contributions.submissions.rules.ground import Ground
from dashboard.evidence.codebook import load_codebook
from dashboard.runtime.sandbox.inside import limit
from tests.contributions.submissions.conftest import GOOD, HEADS, METHOD, YEAR, workbook
from tests.contributions.submissions.files import observation
from tests.data_sources import sdmx_shapes as sdmx

ROOT = Path(__file__).parents[3]
BATCH = 500
CPU = 60.0
"""Seconds of processor time one file may take."""

TOKENS: dict[str, tuple[float, ...]] = {
    "61.5": (61.5,), "61,5": (61.5,), " 61.5 ": (61.5,), "٦١٫٥": (61.5,), "۶۱٫۵": (61.5,), "61,5 %": (61.5,),
    "%61,5": (61.5,), "61.5%": (61.5,), "6.15e1": (61.5,), "+61.5": (61.5,), "\u200f61.5": (61.5,), "61.50": (61.5,),
    "0": (0.0,), "-0": (0.0,), "7": (7.0,), "1,234": (1.234, 1234.0), "1.234": (1.234, 1234.0),
    "1\u00a0234,5": (1234.5,), "1'234.5": (1234.5,), "1.234,5": (1234.5,), "1,234.5": (1234.5,), "−5": (-5.0,),
    "n/a": (), "…": (), "-": (), "–": (), "*": (), "": (), "=1+1": (), "=cmd|' /C calc'!A0": (), "@SUM(A1)": (),
    "#DIV/0!": (), "#REF!": (), "about 60": (), "60-70": (), "<5": (), ">95": (), "1,2,3": (), "12.5.7": (), "(5)": (),
    "5-": (), "--5": (), "1e999": (), "-1e999": (), "nan": (), "inf": (), "Infinity": (), "NaN": (), "0x10": (),
    "½": (), "²": (), "1_000": (), "TRUE": (), "12%%%5": (), "5 of 7": (), "🙂": (), "a" * 5_000: (), "\ufeff": (),
    "<script>alert(1)</script>": (), "61.5*": (61.5,), "61.5 a": (), "１２": (12.0,), "१२": (12.0,), "1e400": (),
}  # fmt: skip
"""What is written as a value → what it may be read as; nothing: never a figure without an error."""

JUNK = ("npz", "=1+1", "🙂", "?", "0", "a" * 3_000, "../../etc/passwd", "<b>", "NaN", "1e999", "null;drop")
"""What is never an indicator, a group or a year."""

STATED = {
    "method": "registers", "who": "State Agency", "population": "Applications", "period_of_work": "January to December",
    "question": "None", "scale": "Minutes", "mode": "Registers", "sample_size": "800",
}  # fmt: skip
"""What is said beside files that have no sheet *Method*: without it none would be accepted."""

Body = tuple[str, bytes]


@dataclass
class File:
    """A file that was made, and what is known of its rows by their notes: value as written, junk among its codes."""

    kind: str
    name: str
    body: bytes
    values: Mapping[str, str] = field(default_factory=dict)
    junk: frozenset[str] = frozenset()
    known: bool = False


def made(seed: int, number: int) -> File:
    """The file of this number."""
    chance = random.Random(f"{seed} {number}")
    kind = chance.choices(list(KINDS), [share for share, _ in KINDS.values()])[0]
    return KINDS[kind][1](kind, chance)


def _torn(kind: str, chance: random.Random) -> File:
    """A whole file of which bytes were changed, cut out, doubled or cut off."""
    name, body = chance.choice(_whole())
    if name.endswith("ods") and chance.random() < 0.7:  # what is packed again is let in further
        held = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.namelist():
                new.writestr(part, reword(old.read(part), chance) if part == "content.xml" else old.read(part))
        return File(kind, name, held.getvalue())
    return File(kind, name, damage(body, chance))


def _rewritten(kind: str, chance: random.Random) -> File:
    """A workbook whose parts were damaged before they were packed."""
    _, body = chance.choice([one for one in _whole() if one[0].endswith("xlsx")])
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = set(chance.sample(old.namelist(), k=min(len(old.namelist()), chance.choice((1, 1, 2, 4)))))
        chosen |= {"xl/worksheets/sheet1.xml"} if chance.random() < 0.7 else set()
        for name in old.namelist():
            part = old.read(name)
            if name in chosen:
                part = damage(part, chance) if chance.random() < 0.3 else reword(part, chance)
            if name not in chosen or chance.random() > 0.05:
                new.writestr(name, part)
    return File(kind, "figures.xlsx", held.getvalue())


def _strange(kind: str, chance: random.Random) -> File:
    """A workbook with strange cells."""
    rows, values, junk = _rows(chance)
    return File(kind, "figures.xlsx", workbook(rows, (*HEADS[:4], *HEADS[8:]), METHOD), values, junk, known=True)


def _text(kind: str, chance: random.Random) -> File:
    """A text file with strange cells, in any encoding and with any separator."""
    rows, values, junk = _rows(chance)
    separator = chance.choice(";,\t|")
    lines = [(*HEADS[:4], *HEADS[8:]), *rows]
    quoted = [['"' + str("" if one is None else one).replace('"', '""') + '"' for one in line] for line in lines]
    text = chance.choice(("\r\n", "\n")).join(separator.join(line) for line in quoted)
    encoding = chance.choice(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"))
    return File(kind, "figures.csv", text.encode(encoding), values, junk, known=True)


def _years(kind: str, chance: random.Random) -> File:
    """A table with a column for each year, in Russian, with strange cells, as text in any encoding or as ODS."""
    from tests.contributions.submissions.test_books import ods

    tokens = list(TOKENS)
    groups = {"Всего": "{}", "женщины": "F", "мужчины": "M"}
    years = [str(int(YEAR) - back) for back in range(chance.randrange(1, 4))]
    rows, values = [], {}
    for group in chance.sample(list(groups), chance.randrange(1, 4)):
        row = [chance.choice(tokens) if chance.random() < 0.4 else str(chance.randrange(0, 100)) for _ in years]
        rows.append(["complaints_rate", group, *row, f"note {group}"])
        values |= {f"note {group} {year}": value for year, value in zip(years, row, strict=True)}
    lines = [["Показатель", "Группа", *(f"{year} г." for year in years), "Примечание"], *rows]
    if chance.random() < 0.3:
        return File(kind, "figures.ods", ods(*[[_plain(cell) for cell in line] for line in lines]), values, known=True)
    separator, quote = chance.choice(";,\t|"), chance.random() < 0.7
    text = "\n".join(
        separator.join('"' + cell.replace('"', '""') + '"' if quote else cell for cell in line) for line in lines
    )
    encoding = chance.choice(("utf-8", "utf-16", "utf-16-be", "cp1251", "koi8-r", "cp866", "iso8859-5"))
    return File(kind, "figures.csv", text.encode(encoding, "replace"), values, known=True)


def _plain(cell: str) -> str:
    """A cell without what XML does not have."""
    return re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", cell)


def _message(kind: str, chance: random.Random) -> File:
    """An SDMX-ML message with strange codes and values, whole or with its markup damaged."""
    rows, values, junk = _rows(chance)
    groups = {
        "Women": {"SEX": "F"},
        "Men": {"SEX": "M"},
        "Urban": {"URBANISATION": "U"},
        "Rural": {"URBANISATION": "R"},
    }
    observations = [
        {
            "SERIES": series, "REF_AREA": "AZ", "SEX": "_T", "URBANISATION": "_T",
            **({} if group == "Total" else groups.get(group, {"SEX": group})),
            "TIME_PERIOD": year, "OBS_VALUE": value, "COMMENT_OBS": note,
        }
        for series, group, year, value, _, note in rows
    ]  # fmt: skip
    body = chance.choice((sdmx.generic, sdmx.specific))(*observations)
    if chance.random() < 0.3:
        return File(kind, "figures.xml", reword(body, chance))
    return File(kind, "figures.xml", body, values, junk, known=True)


def _survey(kind: str, chance: random.Random) -> File:
    """A damaged file of answers."""
    name, body = chance.choice(_surveys())
    return File(kind, name, body if chance.random() < 0.05 else damage(body, chance))


KINDS: Mapping[str, tuple[int, Callable[[str, random.Random], File]]] = {
    "torn": (20, _torn), "rewritten": (30, _rewritten), "strange": (20, _strange), "text": (20, _text),
    "years": (20, _years), "message": (10, _message), "survey": (10, _survey),
}  # fmt: skip


def _rows(chance: random.Random) -> tuple[list[list[Any]], dict[str, str], frozenset[str]]:
    """Rows of which some hold strange cells, each with a note of its own."""
    rows, values, junk = [], {}, set()
    tokens = list(TOKENS)
    groups = ("Total", "Women", "Men", "Urban", "Rural")
    for at in range(chance.randrange(1, 6)):
        note = f"note {at}"
        value: Any = chance.choice(tokens) if chance.random() < 0.6 else str(chance.randrange(0, 100))
        row = ["complaints_rate", groups[at], YEAR, value]
        if chance.random() < 0.2:
            row[chance.randrange(3)] = chance.choice(JUNK)
            junk.add(note)
        rows.append([*row, "", note])
        values[note] = str(value)
    return rows, values, frozenset(junk)


def damage(body: bytes, chance: random.Random) -> bytes:
    """Bytes of which some were changed, cut out, doubled or cut off."""
    held = bytearray(body)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        at = chance.randrange(len(held) or 1)
        what, length = chance.randrange(6), chance.choice((1, 4, 64, 1024))
        if what == 0:
            held[at : at + 1] = bytes([chance.randrange(256)])
        elif what == 1:
            del held[at : at + length]
        elif what == 2:
            held[at:at] = held[at : at + length]
        elif what == 3:
            held[at : at + length] = chance.randbytes(length)
        elif what == 4:
            held[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\0\0\0\x80"))
        elif chance.random() < 0.3:
            del held[at:]
    return bytes(held)


_WORDS = (
    b"", b"0", b"-1", b"99999999999", b"1e308", b"NaN", b"A1", b"XFD1048576", b"A0", b"ZZZZ9", b"&lt;", b"&bogus;",
    b"s", b"inlineStr", b"str", b"b", b"e", b"n", b"d", b"<c/>", b"</row>", b"<row>", b"<v>5</v>", b"<f>1+1</f>",
    b"hidden", b'<!DOCTYPE a [<!ENTITY b "c">]>', b"\xff", b"]]>", b"<!--", b"A1:XFD1048576", "٥".encode(), b"12",
    b"true",
)  # fmt: skip


def reword(part: bytes, chance: random.Random) -> bytes:
    """Markup in which pieces (tags, values, attributes) were replaced, doubled, swapped or removed."""
    pieces = re.split(rb"(<[^>]*>|\"[^\"]*\")", part)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        what = chance.randrange(4)
        if what == 0:
            word = chance.choice(_WORDS)
            pieces[at] = b'"' + word + b'"' if pieces[at].startswith(b'"') else word
        elif what == 1:
            pieces[at], pieces[other] = pieces[other], pieces[at]
        elif what == 2:
            pieces[at] += pieces[at]
        else:
            pieces[at] = b""
    return b"".join(pieces)


@lru_cache
def _whole() -> list[Body]:
    from dashboard.contributions.submissions.workbooks import template
    from tests.contributions.submissions.test_books import HEAD, OLD, ods

    book, made_on = load_codebook(), date(int(YEAR) + 1, 1, 5)
    lines = template.lines(book, pl.DataFrame(schema=HISTORY))
    return [
        ("figures.xlsx", workbook()),
        ("figures.xlsx", workbook([*GOOD, ("nps", "Total", int(YEAR), "40,5"), ("complaints_rate", "Men", YEAR, 12)])),
        ("template.xlsx", template.workbook(book, "AZE", YEAR, "ar", lines, made_on, "")),
        ("template.csv", template.csv_text("AZE", YEAR, "fr", lines)),
        ("figures.csv", f"Indicator code;Group;Year;Value\nnps;Total;{YEAR};40,5\n".encode()),
        ("figures.xml", sdmx.generic(observation(SEX="F", OBS_VALUE="63"), observation())),
        ("figures.xls", OLD),
        (
            "figures.ods",
            ods(HEAD, ["nps", "Всего", int(YEAR), 40, "да"], ["complaints_in_time", None, int(YEAR), "75,5"]),
        ),
        ("years.csv", f"Показатель;{int(YEAR) - 1} год;{YEAR} год\nnps;40,5;41\n".encode("cp1251")),
    ]


@lru_cache
def _surveys() -> list[Body]:
    from tests.contributions.submissions.test_survey import AGREE, SATISFIED, answers, sav

    rows, found = answers(120), []
    with tempfile.TemporaryDirectory() as place:
        import svy_io

        folder = Path(place)
        found.append(("s.sav", sav(rows, folder)))
        labels = {f"q{at}": AGREE if at < 6 else SATISFIED for at in range(1, 7)}
        sets = [{"col": name, "labels": words} for name, words in labels.items()]
        svy_io.write_sav(rows, folder / "s.zsav", compress="zsav", value_labels=sets)
        svy_io.write_dta(rows.drop("words"), folder / "s.dta", value_labels=labels)
        rows.write_parquet(folder / "s.parquet")
        rows.write_csv(folder / "s.csv")
        found += [(path.name, path.read_bytes()) for path in sorted(folder.glob("s.*"))]
    return found


def judged(file: File, folder: Path) -> tuple[str, str]:
    """What came of a file: ``refused``, ``errors`` or ``accepted``, and the fault if there is one."""
    try:
        if file.kind == "survey":
            return _survey_judged(file)
        path = folder / "file"
        path.write_bytes(file.body)
        found = extract(path, file.name, {}, load_codebook())
        findings = check_extracted(found)
    except (UploadRefused, MemoryError):
        return "refused", ""
    if any(finding.severity == "error" for finding in findings):
        return "errors", ""
    for row in found.figures.iter_rows(named=True):
        said = _wrong(file, found, row)
        if said:
            return "accepted", said
    return "accepted", ""


def check_extracted(found: ExtractedFile, period: str = YEAR) -> list[Finding]:
    """Every finding of a file that was read for a year, as the product has them."""
    ground = Ground(
        figures=found.figures, columns=found.columns, book=load_codebook(), country="AZE", period=period,
        today=date(int(period) + 1, 6, 1), history=pl.DataFrame(schema=HISTORY), method=found.method or STATED,
        stamp=found.stamp, evidence=found.evidence, unread=found.unread,
    )  # fmt: skip
    findings = check(ground, found.findings)
    json.dumps([finding.as_json() for finding in findings])
    return findings


def _wrong(file: File, found: ExtractedFile, row: Mapping[str, Any]) -> str:
    """Why an accepted figure is not what stands in the file; "" when it is."""
    if file.known:
        note = f"{row['note']} {row['period']}" if file.kind == "years" else row["note"]
        if note not in file.values:
            return f"a row that nobody wrote: {row['note']!r}"
        if note in file.junk:
            return f"junk was accepted: {row['indicator_text']!r}, {row['breakdown_text']!r}, {row['period_text']!r}"
        written = file.values[note]
        allowed = TOKENS.get(written, (float(written),) if written.isdigit() else ())
        if row["value"] is not None and not any(abs(row["value"] - one) < 1e-9 for one in allowed):
            return f"{written[:40]!r} was read as {row['value']}"
        return ""
    if file.name.endswith("xlsx") and row["value"] is not None:
        return _otherwise(file.body, row["sheet"], f"{found.columns[row['sheet']]['value']}{row['row']}", row["value"])
    return ""


def _otherwise(body: bytes, sheet: str, cell: str, value: float) -> str:
    """What another library reads of a cell, where it reads another number."""
    import openpyxl

    try:
        read = openpyxl.load_workbook(io.BytesIO(body), data_only=True)[sheet][cell]
        other, percent = read.value, "%" in (read.number_format or "")
    except Exception:  # it gives up where ours does not: nothing is known
        return ""
    if isinstance(other, bool) or not isinstance(other, int | float):
        text = str(other).strip()
        if re.fullmatch(r"-?\d+([.,]\d+)?", text) is None:
            known = other is not None or _is_written(body, cell, value)
            return "" if known else f"{cell} is empty and was read as {value}"
        other = float(text.replace(",", "."))
    same = abs(other * (100 if percent else 1) - value) < 1e-9 * max(1, abs(value))
    return "" if same else f"{cell} is {other} and was read as {value}"


def _is_written(body: bytes, cell: str, value: float) -> bool:
    """Whether the number stands in a cell of that name: openpyxl sees no cell where the name space is misspelt."""
    written = re.compile(rf'<c r="{cell}"[^>]*><v>([^<]*)</v>')
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        sheets = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if "worksheets/" in name]
    return any(text == f"{value:g}" for sheet in sheets for text in written.findall(sheet))


def _survey_judged(file: File) -> tuple[str, str]:
    from tests.contributions.submissions.test_survey import MAPPING

    try:
        sent = files.read([file.body], file.name)
        mapping = {
            name: column for name, column in MAPPING.items()
            if name in fields() and not (is_column(name) and column not in sent.columns)
        }  # fmt: skip
        looked = survey.ground(sent, mapping)
        if any(finding.severity == "error" for finding in survey.check_survey(looked)):
            return "errors", ""
        figures = estimates.figures(estimates.estimate(looked), "AZE", YEAR)
    except Exception:  # as the product says it: microdata are never quoted
        return "refused", ""
    odd = figures.filter(
        ~(pl.col("value").is_between(0, 100) & pl.col("lower").le(pl.col("value") + 1e-9)
          & pl.col("upper").ge(pl.col("value") - 1e-9) & pl.col("sample").is_between(30, sent.rows.height))
    )  # fmt: skip
    return "accepted", f"not an estimate: {odd.row(0)}" if odd.height else ""


def batch(seed: int, first: int, count: int) -> None:
    """Read files of these numbers, and say what came of each on a line of its own."""
    limit(MEMORY, 3600)
    for one in (_whole, _surveys):
        one()
    with tempfile.TemporaryDirectory() as folder:
        look_at_each(((number, made(seed, number)) for number in range(first, first + count)),
                     lambda file: judged(file, Path(folder)))  # fmt: skip


def look_at_each(things: Iterable[tuple[int, Any]], judge: Callable[[Any], tuple[str, str]]) -> None:
    """Judge things with a ``kind``, each within its time, and say what came of each on a line of its own."""
    for number, thing in things:
        print(json.dumps({"number": number, "kind": thing.kind}), flush=True)  # noqa: T201
        signal.setitimer(signal.ITIMER_PROF, CPU)
        try:
            came, fault = judge(thing)
        except BaseException as error:
            came, fault = "crash", f"{type(error).__name__}: {str(error)[:300]}"
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(json.dumps({"came": came, "fault": fault}), flush=True)  # noqa: T201


def main(seed: int, count: int, module: str = "tests.contributions.submissions.fuzz", things: str = "files") -> int:
    """Have a module look at ``count`` things, some hundred a process; the exit code says whether all was well."""
    came: Counter[str] = Counter()
    faults: list[str] = []
    number = 0
    while number < count:
        command = [sys.executable, "-m", module, *map(str, (seed, number, min(BATCH, count - number)))]
        silent = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, cwd=ROOT, text=True, **silent) as process:  # type: ignore[call-overload]
            assert process.stdout is not None
            about: dict[str, Any] = {}
            for line in process.stdout:
                if not line.startswith("{"):  # a library prints what it makes of a file
                    continue
                told = json.loads(line)
                if "number" in told:
                    about = told
                    continue
                number = about["number"] + 1
                came[f"{about['kind']}: {told['came']}"] += 1
                if told["fault"]:
                    faults.append(f"file {about['number']} ({about['kind']}): {told['fault']}")
                    sys.stderr.write(f"{faults[-1]}\n")
        if process.returncode:  # it died of the file it was at
            faults.append(f"file {about.get('number', number)} ({about.get('kind')}): died, {process.returncode}")
            number = about.get("number", number) + 1
    sys.stdout.write(f"{number} {things} of seed {seed}; {len(faults)} faults (limit 0)\n")
    sys.stdout.writelines(f"  {what} {times}\n" for what, times in sorted(came.items()))
    sys.stdout.writelines(f"  FAULT {fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        batch(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    else:
        sys.exit(main(int(os.environ.get("SEED", "16")), int(os.environ.get("COUNT", "10000"))))
